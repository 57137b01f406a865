"""
Availabilities over HTTP: members', and those of one link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.meetings import shown as shown_meeting
from neetocal_emulator.endpoints.paging import listed
from neetocal_emulator.errors import InvalidError, MalformedError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import availabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neetocal_emulator.store.availabilities import Availability

__all__ = [
    "create_availability",
    "create_meeting_availability",
    "get_availability",
    "list_availabilities",
    "list_member_availabilities",
    "update_availability",
    "update_meeting_availability",
]

_V1_BUFFERS = {"before_buffer_time": 0, "after_buffer_time": 0}


def list_availabilities(call: Call) -> Answer:
    """
    List members' availabilities, page by page (AVAILABILITY_EMAILS, PAGE_ALIAS).
    """
    emails = call.query.getlist("emails[]")
    if call.version == "v1" and not emails:
        raise MalformedError(Problem(Fact.AVAILABILITY_EMAILS, "can't be blank", "emails"))
    return _page(call, emails)


def list_member_availabilities(call: Call) -> Answer:
    """
    List one member's availabilities, as v1 does (AVAILABILITY_MEMBER).
    """
    email = call.query.get("email", "")
    if not email.strip():
        raise MalformedError(Problem(Fact.AVAILABILITY_MEMBER, "can't be blank", "email"))
    return _page(call, [email])


def get_availability(call: Call) -> Answer:
    """
    Show one availability (AVAILABILITY_ENVELOPE).
    """
    found = availabilities.find(call.workspace, call.path["id"])
    return Answer({"availability": _shown(call, found)})


def create_availability(call: Call) -> Answer:
    """
    Give a member one more availability (AVAILABILITY_ENVELOPE).
    """
    made = availabilities.create(call.workspace, call.body)
    return Answer({"availability": _shown(call, made)}, status=call.created_status)


def update_availability(call: Call) -> Answer:
    """
    Change an availability, by PATCH or PUT alike (AVAILABILITY_NAME, AVAILABILITY_ZONE).
    """
    _need_periods(call)
    changed = availabilities.change(call.workspace, call.path["id"], call.body)
    return Answer({"message": "Availability updated successfully", "availability": _shown(call, changed)})


def create_meeting_availability(call: Call) -> Answer:
    """
    Give a host of a link an availability for this link alone.
    """
    made = availabilities.create_for_link(call.workspace, call.path["sid"], call.body)
    body = {**made, "availability": _shown(call, made["availability"])}
    return Answer(body, status=call.created_status)


def update_meeting_availability(call: Call) -> Answer:
    """
    Change the availabilities that a link uses, and answer the link.
    """
    _need_periods(call)
    meeting = availabilities.change_of_link(call.workspace, call.path["sid"], call.body)
    return Answer({"message": "Meeting updated successfully", "meeting": shown_meeting(call, meeting)})


def _need_periods(call: Call) -> None:
    """
    Refuse an update of v1 that has no periods (AVAILABILITY_PERIODS).
    """
    if call.version == "v1" and "periods" not in call.body:
        raise InvalidError(Problem(Fact.AVAILABILITY_PERIODS, "can't be blank", "periods"))


def _page(call: Call, emails: Sequence[str]) -> Answer:
    """
    Answer one page of these members' availabilities, or of everybody's where none is named.
    """
    found = availabilities.listing(call.workspace, emails)
    return listed(call, "availabilities", [_shown(call, each) for each in found])


def _shown(call: Call, availability: Availability) -> Availability:
    """
    Add the buffers, which v1 keeps here and v2 on the link (BUFFERS_ARE_V2).
    """
    return {**availability, **_V1_BUFFERS} if call.version == "v1" else availability
