"""
Team members over HTTP.
"""

from __future__ import annotations

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import asked_page
from neetocal_emulator.store import rules, team

__all__ = [
    "add_members",
    "get_member",
    "list_members",
    "remove_member",
    "remove_members_by_email",
    "update_member",
]


_UPDATE_FIELDS = ("email", "first_name", "last_name", "time_zone", "organization_role")


def list_members(call: Call) -> Answer:
    """
    List the members, page by page; v2 can ask for one e-mail.
    """
    page = asked_page(call.query, call.workspace.switches)
    rows, total = team.listing(
        call.workspace,
        email=call.query.get("email") if call.version == "v2" else None,
        limit=page.size,
        offset=page.offset,
    )
    return Answer({"team_members": rows, "pagination": page.pagination(total)})


def get_member(call: Call) -> Answer:
    """
    Show one member (MEMBER_ENVELOPE).
    """
    return Answer({"team_member": team.find(call.workspace, call.path["id"])})


def add_members(call: Call) -> Answer:
    """
    Add people by their e-mails (MEMBER_EMAILS).
    """
    team.add(call.workspace, call.body)
    return Answer({"message": "Users added successfully"}, status=call.created_status)


def update_member(call: Call) -> Answer:
    """
    Change a member (MEMBER_ENVELOPE, MEMBER_ACTIVE).
    """
    takes_active = call.version == "v1" or call.workspace.switches.active_in_patch == "accepted"
    fields = (*_UPDATE_FIELDS, "active") if takes_active else _UPDATE_FIELDS
    member = team.change(call.workspace, call.path["id"], call.body, fields)
    return Answer({"team_member": member})


def remove_member(call: Call) -> Answer:
    """
    Remove a member (MEMBER_REMOVED).
    """
    team.remove(call.workspace, call.path["id"])
    return _removed(call)


def remove_members_by_email(call: Call) -> Answer:
    """
    Remove members by their e-mails, as v1 does.
    """
    given = rules.clean(call.body, {"emails": rules.emails}, required=("emails",))
    for address in rules.without_doubles(given["emails"]):
        team.remove(call.workspace, team.find_by_email(call.workspace, address)["id"])
    return _removed(call)


def _removed(call: Call) -> Answer:
    if call.version == "v2":
        return Answer(status=204)
    return Answer({"message": "Team member has been removed"})
