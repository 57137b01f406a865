"""
Templates over HTTP.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.meetings import shown as shown_meeting
from neetocal_emulator.endpoints.paging import asked_page
from neetocal_emulator.store import records, templates
from neetocal_emulator.store.documents import TEMPLATE_DEFAULTS, Meeting, stored

if TYPE_CHECKING:
    import orjson

__all__ = [
    "create_template",
    "delete_template",
    "get_template",
    "list_templates",
    "update_template",
]

# The page's fields.
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
        *TEMPLATE_DEFAULTS,
    }
)
_CREATE_FIELDS = (_UPDATE_FIELDS - TEMPLATE_DEFAULTS.keys()) | {"kind", "spot"}


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
    rows = [_shown(call, each, in_list=True) for each in found.meetings]
    return Answer({"templates": rows, "pagination": page.pagination(found.total)})


def get_template(call: Call) -> Answer:
    """
    Show one template.
    """
    return Answer(_shown(call, templates.find(call.workspace, call.path["id"])))


def create_template(call: Call) -> Answer:
    """
    Create a template (TEMPLATE_ENVELOPE, TEMPLATE_ADD_ONS).
    """
    has_flag = call.workspace.switches.add_on_flag_on_create == "accepted"
    fields = _CREATE_FIELDS | (TEMPLATE_DEFAULTS.keys() if has_flag else set())
    template = templates.create(call.workspace, call.body, fields)
    body = {"message": "Template created successfully", "template": _shown(call, template)}
    return Answer(body, status=call.created_status)


def update_template(call: Call) -> Answer:
    """
    Change a template (TEMPLATE_FIELDS, SPOT_IN_REQUESTS).
    """
    has_spot = call.workspace.switches.spot_in_patch == "accepted"
    fields = _UPDATE_FIELDS | ({"spot"} if has_spot else set())
    template = templates.change(call.workspace, call.path["id"], call.body, fields)
    return Answer({"message": "Template updated successfully", "template": _shown(call, template)})


def delete_template(call: Call) -> Answer:
    """
    Delete a template.
    """
    templates.delete(call.workspace, call.path["id"])
    return Answer(status=204)


def _shown(call: Call, template: Meeting, *, in_list: bool = False) -> orjson.Fragment:
    """
    Return a template as a meeting object, with the field that links lack as the switch says (TEMPLATE_ADD_ONS).
    """
    if call.version == "v1" or call.workspace.switches.add_on_flag_in_answers == "hidden":
        document = {name: value for name, value in template.document.items() if name not in TEMPLATE_DEFAULTS}
        template = replace(template, text=stored(document))
    return shown_meeting(call, template, in_list=in_list)
