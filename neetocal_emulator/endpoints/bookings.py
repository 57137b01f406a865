"""
Bookings over HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import asked_page
from neetocal_emulator.errors import MalformedError, Problem, SetupError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import bookings
from neetocal_emulator.store.clock import parsed_time, written

if TYPE_CHECKING:
    from neetocal_emulator.endpoints.paging import Page

__all__ = [
    "cancel_booking",
    "create_booking",
    "get_booking",
    "list_associated_bookings",
    "list_bookings",
    "reschedule_booking",
    "update_booking",
]

_KINDS = ("upcoming", "past", "cancelled", "incomplete")
_ORDERS = ("desc", "asc")
_SORTING_KEYS = ("created_at", "starts_at")
_SHORTEST_SEARCH = 3
# Which comparisons a rule of v1 makes, each with a time of its own (BOOKING_TIMES).
_RULES: Mapping[str, tuple[bookings.Comparison, ...]] = {
    "at": ("=",),
    "after": (">",),
    "before": ("<",),
    "between": (">=", "<="),
}


def list_bookings(call: Call) -> Answer:
    """
    List the bookings, page by page (BOOKING_FILTERS).

    Each version has more filters of its own (BOOKING_TIMES, BOOKING_FILTERS_V2).
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
    booking = bookings.create(call.workspace, call.body, is_v2=call.version == "v2")
    return Answer(_shown(call, booking), status=call.created_status)


def cancel_booking(call: Call) -> Answer:
    """
    Cancel a booking, as v1 does (BOOKING_CANCEL).
    """
    bookings.cancel(call.workspace, call.path["sid"], call.query.get("cancel_reason"))
    return Answer({"message": "Booking cancelled successfully"})


def update_booking(call: Call) -> Answer:
    """
    Cancel or change a booking, as v2 does, by PATCH or PUT (BOOKING_CANCEL).
    """
    return Answer(_shown(call, bookings.update(call.workspace, call.path["sid"], call.body)))


def reschedule_booking(call: Call) -> Answer:
    """
    Move a booking, as v1 does (BOOKING_RESCHEDULE).
    """
    return Answer(_shown(call, bookings.reschedule(call.workspace, call.path["sid"], call.body)))


def list_associated_bookings(call: Call) -> Answer:
    """
    List what was booked along with a booking (BOOKING_ASSOCIATED).
    """
    found = bookings.associated(call.workspace, call.path["sid"])
    return Answer({"associated_bookings": [_shown(call, each) for each in found]})


def _selection(call: Call, page: Page) -> bookings.Selection:
    is_v2 = call.version == "v2"
    return bookings.Selection(
        kind=cast("Any", _word(call, "type", _KINDS)),
        host_email=call.query.get("host_email", ""),
        client_email=call.query.get("client_email", ""),
        meeting_sid=call.query.get("meeting_sid", "") if is_v2 else "",
        parent_booking_id=call.query.get("parent_booking_id", "") if is_v2 else "",
        bounds=_bounds_of_v2(call) if is_v2 else [*_bounds_of_v1(call, "starts_at"), *_bounds_of_v1(call, "ends_at")],
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


def _bounds_of_v1(call: Call, column: bookings.TimeColumn) -> list[bookings.Bound]:
    """
    Read filters[column][rule] and filters[column][value] (BOOKING_TIMES).
    """
    name = f"filters[{column}]"
    given = {key.removeprefix(name): text for key, text in call.query.items() if key.startswith(name)}
    if not given:
        return []
    if given.keys() != {"[rule]", "[value]"}:
        raise _invalid(column, "needs a rule and a value")
    operators = _RULES.get(given["[rule]"])
    if operators is None:
        raise _invalid(column, f"has one of the rules {', '.join(_RULES)}")
    texts = given["[value]"].split(",")
    if len(texts) != len(operators):
        raise _invalid(column, "needs one time, or two with a comma for between")
    return [
        bookings.Bound(column, operator, _time(column, text)) for operator, text in zip(operators, texts, strict=True)
    ]


def _bounds_of_v2(call: Call) -> list[bookings.Bound]:
    """
    Read starts_after and starts_before (BOOKING_FILTERS_V2).
    """
    operators: Mapping[str, bookings.Comparison] = {"starts_after": ">=", "starts_before": "<"}
    return [
        bookings.Bound("starts_at", operator, _time(name, call.query[name]))
        for name, operator in operators.items()
        if call.query.get(name)
    ]


def _time(name: str, text: str) -> str:
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
