"""
Availabilities over HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import asked_page
from neetocal_emulator.errors import MalformedError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import availabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["get_availability", "list_availabilities", "list_member_availabilities"]

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


def _page(call: Call, emails: Sequence[str]) -> Answer:
    """
    Answer one page of these members' availabilities, or of everybody's where none is named.
    """
    page = asked_page(call.query, call.workspace.switches)
    found = availabilities.listing(call.workspace, emails)
    end = len(found) if page.size is None else page.offset + page.size
    rows = [_shown(call, each) for each in found[page.offset : end]]
    return Answer({"availabilities": rows, "pagination": page.pagination(len(found))})


def _shown(call: Call, availability: availabilities.Availability) -> availabilities.Availability:
    """
    Add the buffers, which v1 keeps here and v2 on the link (BUFFERS_ARE_V2).
    """
    return {**availability, **_V1_BUFFERS} if call.version == "v1" else availability
