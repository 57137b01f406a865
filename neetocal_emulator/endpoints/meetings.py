"""
Scheduling links over HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import asked_page
from neetocal_emulator.store import meetings, records

if TYPE_CHECKING:
    from neetocal_emulator.store.documents import Meeting

__all__ = [
    "create_meeting",
    "create_one_off_link",
    "delete_meeting",
    "get_meeting",
    "list_meetings",
    "shown",
    "update_meeting",
]

_PATCH_FIELDS = (
    "slug",
    "name",
    "description",
    "hosts",
    "kind",
    "duration",
    "start_time_increment",
    "spot_phone_call_number",
    "spot_custom_text",
    "spot_in_person_location",
    "locked_time_zone",
)
_MULTIPLE_FIELDS = ("is_multiple_durations_allowed", "is_multiple_spots_allowed")
_NESTED_FIELDS = ("durations", "spots")
# Dropped from requests of v1 (BUFFERS_ARE_V2).
_BUFFER_FIELDS = ("before_buffer_time", "after_buffer_time")


def list_meetings(call: Call) -> Answer:
    """
    List the links, page by page; v2 can filter (LIST_FILTERS, LIST_SEARCH).
    """
    page = asked_page(call.query, call.workspace.switches)
    found = records.listing(
        call.workspace,
        records.Selection(
            both=call.workspace.switches.templates_among_links == "shown",
            host_emails=_asked_hosts(call),
            search=call.query.get("search", "") if call.version == "v2" else "",
            limit=page.size,
            offset=page.offset,
        ),
    )
    rows = [shown(call, each, in_list=True) for each in found.meetings]
    return Answer({"meetings": rows, "pagination": page.pagination(found.total)})


def create_meeting(call: Call) -> Answer:
    """
    Create a link, from a template or not, with options of its own or without (NESTED_OPTIONS).
    """
    names: list[str] = [*_PATCH_FIELDS, *_MULTIPLE_FIELDS, "spot"]
    if call.workspace.switches.nested_options_on_create == "honoured":
        names.extend(_NESTED_FIELDS)
    fields = call.fields(names, v2_only=_BUFFER_FIELDS)
    meeting = meetings.create(call.workspace, call.body, fields)
    body = {"message": "Meeting created successfully", "meeting": shown(call, meeting)}
    return Answer(body, status=call.created_status)


def get_meeting(call: Call) -> Answer:
    """
    Show one link (GET_IS_BARE).
    """
    meeting = shown(call, records.find_shown(call.workspace, call.path["sid"]))
    is_wrapped = call.workspace.switches.get_meeting == "wrapped"
    return Answer({"meeting": meeting} if is_wrapped else meeting)


def update_meeting(call: Call) -> Answer:
    """
    Change a link, by PATCH or PUT alike (PUT_IS_PATCH, SPOT_IN_REQUESTS).
    """
    switches = call.workspace.switches
    names: list[str] = list(_PATCH_FIELDS)
    if switches.create_only_fields_in_patch == "accepted":
        names.extend(_MULTIPLE_FIELDS)
    if switches.spot_in_patch == "accepted":
        names.append("spot")
    fields = call.fields(names, v2_only=_BUFFER_FIELDS)
    meeting = meetings.change(call.workspace, call.path["sid"], call.body, fields)
    return Answer({"message": "Meeting updated successfully", "meeting": shown(call, meeting)})


def delete_meeting(call: Call) -> Answer:
    """
    Delete a link (DELETE_IS_V2).
    """
    meetings.delete(call.workspace, call.path["sid"])
    return Answer(status=204)


def create_one_off_link(call: Call) -> Answer:
    """
    Make an address that can be booked once (ONE_OFF, ONE_OFF_ADDRESS).
    """
    records.find(call.workspace, call.path["sid"])
    slug = call.workspace.identifiers.new_one_off_slug()
    return Answer({"slug": slug, "url": f"{call.base_url}/{slug}"})


def shown(call: Call, meeting: Meeting, *, in_list: bool = False) -> orjson.Fragment:
    """
    Return the meeting object, with or without hosts as the switch says (HOSTS_SHOWN).
    """
    mode = call.workspace.switches.hosts_in_answers
    is_bare = mode == "nowhere" or (mode == "not_in_lists" and in_list)
    return orjson.Fragment(meeting.text if is_bare else meeting.to_json())


def _asked_hosts(call: Call) -> tuple[str, ...]:
    if call.version == "v1":
        return ()
    return (*call.query.getlist("host_email"), *call.query.getlist("host_email[]"))
