"""
Bookings over HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import asked_page
from neetocal_emulator.errors import MalformedError, Problem, SetupError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import bookings
from neetocal_emulator.store.clock import parsed_time, written

if TYPE_CHECKING:
    from neetocal_emulator.endpoints.paging import Page

__all__ = ["cancel_booking", "create_booking", "get_booking", "list_bookings", "update_booking"]

_KINDS = ("upcoming", "past", "cancelled", "incomplete")
_ORDERS = ("desc", "asc")
_SORTING_KEYS = ("created_at", "starts_at")
_SHORTEST_SEARCH = 3


def list_bookings(call: Call) -> Answer:
    """
    List the bookings, page by page (BOOKING_FILTERS); v2 has more filters (BOOKING_FILTERS_V2).
    """
    page = asked_page(call.query, call.workspace.switches)
    found, total = bookings.listing(call.workspace, _selection(call, page))
    rows = [_shown(call, each) for each in found]
    return Answer({"bookings": rows, "pagination": page.pagination(total)})


def get_booking(call: Call) -> Answer:
    """
    Show one booking (BOOKING_IS_BARE).
    """
    return Answer(_shown(call, bookings.find(call.workspace, call.path["sid"])))


def create_booking(call: Call) -> Answer:
    """
    Make a booking (BOOKING_IS_BARE).
    """
    booking = bookings.create(call.workspace, call.body)
    return Answer(_shown(call, booking), status=call.created_status)


def cancel_booking(call: Call) -> Answer:
    """
    Cancel a booking, as v1 does (BOOKING_CANCEL).
    """
    bookings.cancel(call.workspace, call.path["sid"], call.query.get("cancel_reason"))
    return Answer({"message": "Booking cancelled successfully"})


def update_booking(call: Call) -> Answer:
    """
    Change a booking's status, as v2 does, by PATCH or PUT (BOOKING_CANCEL).
    """
    return Answer(_shown(call, bookings.update(call.workspace, call.path["sid"], call.body)))


def _selection(call: Call, page: Page) -> bookings.Selection:
    is_v2 = call.version == "v2"
    return bookings.Selection(
        kind=cast("Any", _word(call, "type", _KINDS)),
        host_email=call.query.get("host_email", ""),
        client_email=call.query.get("client_email", ""),
        meeting_sid=call.query.get("meeting_sid", "") if is_v2 else "",
        starts_after=_time(call, "starts_after") if is_v2 else "",
        starts_before=_time(call, "starts_before") if is_v2 else "",
        search=_search(call) if is_v2 else "",
        sort_by=cast("Any", _word(call, "sorting_key", _SORTING_KEYS) if is_v2 else None) or "created_at",
        is_ascending=_word(call, "sorting_order", _ORDERS) == "asc",
        limit=page.size,
        offset=page.offset,
    )


def _word(call: Call, name: str, words: tuple[str, ...]) -> str | None:
    word = call.query.get(name)
    if not word:
        return None
    if word not in words:
        raise _invalid(name, f"is one of {', '.join(words)}")
    return word


def _time(call: Call, name: str) -> str:
    text = call.query.get(name)
    if not text:
        return ""
    try:
        return written(parsed_time(text))
    except SetupError:
        raise _invalid(name, "is not a time like 2026-03-02T09:00:00Z") from None


def _search(call: Call) -> str:
    text = call.query.get("search", "")
    if text and len(text) < _SHORTEST_SEARCH:
        raise _invalid("search", f"has at least {_SHORTEST_SEARCH} characters")
    return text


def _invalid(name: str, text: str) -> MalformedError:
    return MalformedError(Problem(Fact.BOOKING_FILTER_INVALID, text, name))


def _shown(call: Call, booking: dict[str, Any]) -> dict[str, Any]:
    """
    Add the addresses of the booking's pages (BOOKING_ADDRESSES).
    """
    return {
        **booking,
        "admin_booking_url": f"{call.base_url}/admin/bookings/{booking['sid']}",
        "client_booking_url": f"{call.base_url}/bookings/{booking['sid']}",
    }
