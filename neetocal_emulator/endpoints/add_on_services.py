"""
Add-on services of a link over HTTP (ADD_ON_ENVELOPE).
"""

from __future__ import annotations

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import listed
from neetocal_emulator.errors import Problem, UnknownVerbError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import add_on_services

__all__ = ["create_service", "delete_service", "get_service", "list_services", "patch_service", "update_service"]


def list_services(call: Call) -> Answer:
    """
    List a link's services (ADD_ON_ENVELOPE, ADD_ON_LIST).
    """
    rows = add_on_services.listing(call.workspace, call.path["sid"])
    if call.workspace.switches.service_list == "paged":
        return listed(call, "add_on_services", rows)
    return Answer({"add_on_services": rows})


def create_service(call: Call) -> Answer:
    """
    Add a service to a link.
    """
    service = add_on_services.create(call.workspace, call.path["sid"], call.body)
    return Answer({"add_on_service": service}, status=call.created_status)


def get_service(call: Call) -> Answer:
    """
    Show one service of a link.
    """
    return Answer({"add_on_service": add_on_services.find(call.workspace, call.path["sid"], call.path["id"])})


def update_service(call: Call) -> Answer:
    """
    Change some fields of a service, by PUT as the page says (ADD_ON_UPDATE).
    """
    changed = add_on_services.change(call.workspace, call.path["sid"], call.path["id"], call.body)
    return Answer({"add_on_service": changed})


def patch_service(call: Call) -> Answer:
    """
    Change some fields of a service, by PATCH as the framework would have it (ADD_ON_UPDATE).
    """
    if call.workspace.switches.service_patch == "refused":
        raise UnknownVerbError(Problem(Fact.ADD_ON_UPDATE, "Method not allowed"))
    return update_service(call)


def delete_service(call: Call) -> Answer:
    """
    Take a service from a link.
    """
    add_on_services.remove(call.workspace, call.path["sid"], call.path["id"])
    return Answer(status=204)
