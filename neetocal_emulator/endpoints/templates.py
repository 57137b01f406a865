"""
Templates over HTTP.
"""

from __future__ import annotations

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.meetings import shown
from neetocal_emulator.endpoints.paging import asked_page
from neetocal_emulator.store import records, templates

__all__ = [
    "create_template",
    "delete_template",
    "get_template",
    "list_templates",
    "update_template",
]

# The page's fields, but for allow_multiple_add_on_services, which is only read (TEMPLATE_ADD_ONS).
_UPDATE_FIELDS = frozenset(
    {
        "slug",
        "name",
        "description",
        "hosts",
        "duration",
        "start_time_increment",
        "before_buffer_time",
        "after_buffer_time",
        "spot_phone_call_number",
        "spot_custom_text",
        "spot_in_person_location",
        "locked_time_zone",
    }
)
_CREATE_FIELDS = _UPDATE_FIELDS | {"kind", "spot"}


def list_templates(call: Call) -> Answer:
    """
    List the templates, page by page (TEMPLATE_LIST_KEY).
    """
    page = asked_page(call.query, call.workspace.switches)
    is_v2 = call.version == "v2"
    found = records.listing(
        call.workspace,
        records.Selection(
            templates=True,
            host_emails=tuple(call.query.getlist("host_email")) if is_v2 else (),
            search=call.query.get("search", "") if is_v2 else "",
            limit=page.size,
            offset=page.offset,
        ),
    )
    rows = [shown(call, each, in_list=True) for each in found.meetings]
    return Answer({"templates": rows, "pagination": page.pagination(found.total)})


def get_template(call: Call) -> Answer:
    """
    Show one template.
    """
    return Answer(shown(call, templates.find(call.workspace, call.path["id"])))


def create_template(call: Call) -> Answer:
    """
    Create a template (TEMPLATE_ENVELOPE).
    """
    template = templates.create(call.workspace, call.body, _CREATE_FIELDS)
    body = {"message": "Template created successfully", "template": shown(call, template)}
    return Answer(body, status=call.created_status)


def update_template(call: Call) -> Answer:
    """
    Change a template (TEMPLATE_FIELDS, SPOT_IN_REQUESTS).
    """
    has_spot = call.workspace.switches.spot_in_patch == "accepted"
    fields = _UPDATE_FIELDS | ({"spot"} if has_spot else set())
    template = templates.change(call.workspace, call.path["id"], call.body, fields)
    return Answer({"message": "Template updated successfully", "template": shown(call, template)})


def delete_template(call: Call) -> Answer:
    """
    Delete a template.
    """
    templates.delete(call.workspace, call.path["id"])
    return Answer(status=204)
