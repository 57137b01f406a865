"""
Deletes of many links cost few requests for bookings, and none of them passes over a booking.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client
from neetocal_provider.api.deadline import operation_context
from neetocal_provider.api.objects import Page
from neetocal_provider.core.create import CreateResult
from neetocal_provider.dynamic.threads import THREADS
from neetocal_provider.errors import NeetoCalError, RefusedError, ServerError, UnexpectedResponseError
from neetocal_provider.resources.link_bookings import BookedLinks, Booking
from tests.core.conftest import Fresh
from tests.emulator.api import LINK, Api
from tests.link import create, delete, preview_refusal

FRESH_S, MOST_PAGES = 5, 5
"""What docs/scheduling-link.md promises."""


def made(client: Client, count: int) -> list[CreateResult]:
    """
    Create so many links.
    """
    return [create(client, {**LINK, "slug": f"intro-{number}"}) for number in range(count)]


def deleted(client: Client, links: Sequence[CreateResult], threads: int = 1) -> list[str]:
    """
    Delete the links as a host does, some at a time, and return what became of each: an error, or nothing.
    """

    def outcome(link: CreateResult) -> str:
        try:
            delete(client, link.id, link.outputs)
        except NeetoCalError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(outcome, links))


def methods(emulator: Emulator, seen: int) -> dict[str, int]:
    """
    Return how many requests of each method there were since so many.
    """
    found = [request.method for request in emulator.requests[seen:]]
    return {method: found.count(method) for method in dict.fromkeys(found)}


@pytest.mark.parametrize(
    ("links", "threads", "gets"), [(1, 1, 1), (2, 1, 2), (40, 1, 2), (40, 8, 2), (3 * THREADS, THREADS, 2)]
)
def test_deletes_ask_for_bookings_once_or_twice(
    emulator: Emulator, api: Api, fresh: Fresh, links: int, threads: int, gets: int
) -> None:
    """
    One link asks for its own bookings; of many, one does, and the list tells of the others while it is new.
    """
    api.create(slug="other")
    api.book("other")
    stack = made(fresh(), links)
    seen = len(emulator.requests)
    begun = time.monotonic()

    outcomes = deleted(fresh(), stack, threads)

    is_slow = time.monotonic() - begun > FRESH_S / 2  # so the machine may have taken longer than the list is believed
    assert outcomes == [""] * links
    assert methods(emulator, seen) == {"GET": gets, "DELETE": links} or is_slow
    assert [meeting["slug"] for meeting in emulator.meetings()] == ["other"]


@pytest.mark.parametrize("threads", [1, THREADS])
def test_a_booking_made_before_the_run_protects(emulator: Emulator, api: Api, fresh: Fresh, threads: int) -> None:
    """
    Whichever link it is of, with the same error as if the link were deleted alone; a cancelled one protects nothing.
    """
    stack = made(fresh(), 9)
    api.patch(f"/bookings/{api.book('intro-1')['sid']}", {"status": "cancelled"})
    for number in (0, 4, 4, 8):
        api.book(f"intro-{number}")

    outcomes = deleted(fresh(), stack, threads)

    found = {number: outcome.partition(":")[0] for number, outcome in enumerate(outcomes) if outcome}
    one, two = "It has 1 upcoming booking", "It has 2 upcoming bookings"
    assert found == {0: one, 4: two, 8: one}
    assert {meeting["slug"] for meeting in emulator.meetings()} == {"intro-0", "intro-4", "intro-8"}


def test_a_list_that_was_read_in_another_run_is_not_used(api: Api, fresh: Fresh) -> None:
    """
    A booking that is made between two runs, however close to each other, protects in the second one.
    """
    stack = made(fresh(), 5)
    deleted(fresh(), stack[:2])
    api.book("intro-3")

    outcomes = deleted(fresh(), stack[2:])

    assert [bool(outcome) for outcome in outcomes] == [False, True, False]


def test_replacements_of_many_links_are_foreseen_with_few_requests(emulator: Emulator, api: Api, fresh: Fresh) -> None:
    """
    A preview of them looks for bookings as deletes do, and warns of those that there are.
    """
    stack = made(fresh(), 12)
    api.book("intro-5")
    client = fresh()
    seen = len(emulator.requests)

    warnings = [preview_refusal(client, link.id, link.outputs) for link in stack]

    assert [number for number, warning in enumerate(warnings) if warning] == [5]
    assert f"({stack[5].id}) has 1 upcoming booking and will not be replaced" in warnings[5]
    assert len(emulator.requests) - seen <= 2 + 2  # of the link with a booking: its bookings, and that it exists


@pytest.mark.parametrize("force_destroy", [True, False])
def test_what_asks_for_no_bookings_does_not_ask_for_the_list(
    emulator: Emulator, api: Api, fresh: Fresh, *, force_destroy: bool
) -> None:
    """
    Links with `force_destroy` are deleted with one request each; only the others are held to their bookings.
    """
    stack = made(fresh(), 4)
    api.book("intro-2")
    forced = [replace(link, outputs={**link.outputs, "force_destroy": force_destroy}) for link in stack]
    seen = len(emulator.requests)

    outcomes = deleted(fresh(), forced)

    assert [bool(outcome) for outcome in outcomes] == [False, False, not force_destroy, False]
    assert ("GET" in methods(emulator, seen)) is not force_destroy


FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 403, "times": 1},
    {"kind": "status", "status": 404, "times": 1},
    {"kind": "status", "status": 503, "times": 3},
    {"kind": "cut", "times": 3},
    {"kind": "truncated_json", "times": 3},
)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_list_that_fails_is_no_failure(emulator: Emulator, api: Api, fresh: Fresh, fault: dict[str, Any]) -> None:
    """
    Each link is asked for by itself then, and the list is not asked for again.
    """
    stack = made(fresh(), 6)
    api.book("intro-3")
    seen = len(emulator.requests)
    emulator.fault(**fault, path="/bookings", method="GET", first=2)

    outcomes = deleted(fresh(), stack)

    assert [number for number, outcome in enumerate(outcomes) if outcome] == [3]
    assert outcomes[3].startswith("It has 1 upcoming booking: ")
    asked = [each for each in emulator.requests[seen:] if each.path.endswith("/bookings")]
    assert len([each for each in asked if "meeting_sid" not in each.query]) == fault["times"]


def test_a_list_that_is_silent_leaves_time_to_ask(emulator: Emulator, api: Api, fresh: Fresh) -> None:
    """
    The list is given a part of the time that an operation has, and so are those who wait for it.
    """
    stack = made(fresh(), 4)
    api.book("intro-3")
    emulator.fault("latency", seconds=600, path="/bookings", method="GET", first=2, times=1)
    client = fresh()

    def outcome(link: CreateResult) -> bool:
        with operation_context(_SOON, Event()):
            return deleted_alone(client, link)

    first = outcome(stack[0])
    with ThreadPoolExecutor(3) as pool:
        others = list(pool.map(outcome, stack[1:]))

    assert [first, *others] == [True, True, True, False]


_SOON = 3
"""Seconds of an operation."""


def deleted_alone(client: Client, link: CreateResult) -> bool:
    """
    Delete a link and return whether it was deleted; if not, because it is booked.
    """
    try:
        delete(client, link.id, link.outputs)
    except RefusedError:
        return False
    return True


# The list, page by page


class Bookings:
    """
    A workspace's list of bookings, as a server answers it, with a clock.

    Args:
        links: the meeting_id of each booking, in the order of the list.
    """

    def __init__(self, *links: str) -> None:
        self.rows = [Booking(id=f"b{number}", meeting_id=link) for number, link in enumerate(links)]
        self.now = 1000.0
        self.asked: list[tuple[int, int]] = []
        self.after_page: Callable[[int], object] = lambda _number: None

    def page(self, number: int, size: int) -> Page[Booking]:
        """
        Answer a page, then let something happen.
        """
        self.asked.append((number, size))
        rows = self.rows[(number - 1) * size : number * size]
        total = len(self.rows)
        page = Page(rows=tuple(rows), total_records=total, total_pages=max(1, -(-total // size)))
        self.after_page(number)
        return page


SIZE = 100


def listed(bookings: Bookings) -> BookedLinks:
    """
    Return what reads this list, after one link that was asked for by itself.
    """
    links = BookedLinks(bookings.page, SIZE, clock=lambda: bookings.now)
    assert not links.has_none("first")
    return links


@pytest.mark.parametrize("total", [0, 1, 99, 100, 101, 198, 199, 200, 201, 294, 295, 388, 480, 481, 500])
def test_every_booking_of_a_long_list_is_seen(total: int) -> None:
    """
    Wherever the borders of pages are.
    """
    bookings = Bookings(*(f"link-{number}" for number in range(total)))
    links = listed(bookings)
    for _ in range(MOST_PAGES):
        links.has_none("another")

    assert links.has_none("another")
    assert [number for number in range(total) if links.has_none(f"link-{number}")] == []
    assert len(bookings.asked) <= MOST_PAGES + 2


@pytest.mark.parametrize("pages", [2, 3, 5, 6, 100])
def test_a_list_is_read_if_it_has_no_more_pages_than_links_were_deleted(pages: int) -> None:
    """
    And at most five; one page tells how many there are.
    """
    bookings = Bookings(*["booked"] * SIZE * pages)
    links = listed(bookings)

    found = [links.has_none("another") for _ in range(100)]

    if pages > MOST_PAGES:
        assert found == [False] * 100
        assert len(bookings.asked) == 1
    else:
        assert found == [number + 2 >= pages for number in range(100)]
        assert len(bookings.asked) <= pages + 2


def test_a_list_is_believed_for_five_seconds() -> None:
    """
    From when it was asked for, not from when it was answered; then it is read again.
    """
    bookings = Bookings("booked")
    links = listed(bookings)
    bookings.after_page = lambda _number: setattr(bookings, "now", bookings.now + 2)
    assert links.has_none("another")
    bookings.rows.append(Booking(id="new", meeting_id="another"))

    bookings.now += FRESH_S - 2.1
    assert links.has_none("another")
    assert len(bookings.asked) == 1
    bookings.now += 0.1
    assert not links.has_none("another")
    assert links.has_none("a third")
    assert len(bookings.asked) == 2


def new() -> Booking:
    """
    Return a booking of another link, made just now.
    """
    return Booking(id=f"new-{next(_NUMBERS)}", meeting_id="new")


_NUMBERS = itertools.count()

Rows = list[Booking]

MOVES: dict[str, Callable[[Rows], Rows]] = {
    "one is cancelled": lambda rows: [*rows[:4], *rows[5:]],
    "one is cancelled, one is made": lambda rows: [*rows[:4], *rows[5:], new()],
    "one is made": lambda rows: [new(), *rows],
    "two are made, one is cancelled": lambda rows: [new(), new(), *rows[:150], *rows[151:]],
    "one moves to the front": lambda rows: [rows[120], *rows[:120], *rows[121:]],
    "one moves to the end": lambda rows: [*rows[:4], *rows[5:], rows[4]],
    "two change places": lambda rows: [*rows[:99], rows[100], rows[99], *rows[101:]],
}


@pytest.mark.parametrize("page", [1, 2])
@pytest.mark.parametrize("move", MOVES)
def test_a_booking_that_moves_between_pages_is_not_missed(move: str, page: int) -> None:
    """
    A list that is not the same from its first page to its last tells nothing, and is not read again.
    """
    bookings = Bookings(*(f"link-{number}" for number in range(250)))

    def happen(number: int) -> None:
        if number == page:
            bookings.rows = MOVES[move](bookings.rows)

    bookings.after_page = happen
    links = listed(bookings)
    before = [row.meeting_id for row in bookings.rows]

    passed = [link for _ in range(3) for link in before if links.has_none(link)]

    assert {link for link in passed if link in {row.meeting_id for row in bookings.rows}} == set()


def test_a_server_with_smaller_pages_tells_nothing() -> None:
    """
    Its pages do not overlap, so a booking that moves between them could be missed.
    """
    bookings = Bookings(*["booked"] * 70)
    page = bookings.page
    links = BookedLinks(lambda number, _size: page(number, 50), SIZE)

    assert not any(links.has_none("another") for _ in range(20))


@pytest.mark.parametrize(
    "odd",
    [
        {"rows": (Booking(id="b0", meeting_id=""),)},
        {"rows": (Booking(id="", meeting_id="booked"),)},
        {"rows": (Booking(id="b0", meeting_id="booked"), Booking(id="b0", meeting_id="booked"))},
        {"rows": ()},
        {"total_records": 2},
        {"total_records": 10**18},
        {"total_pages": None},
        {"total_pages": 2},
        {"total_pages": 10**9},
    ],
    ids=str,
)
def test_a_list_that_leaves_a_doubt_tells_nothing(odd: dict[str, Any]) -> None:
    """
    Each link is asked for by itself if a booking has no id or link, or if the numbers do not agree.
    """
    asked = []

    def page(number: int, _size: int) -> Page[Booking]:
        asked.append(number)
        rows = (Booking(id="b0", meeting_id="booked"),)
        return replace(Page(rows=rows, total_records=1, total_pages=1), **odd)

    links = BookedLinks(page, SIZE)

    assert not any(links.has_none("another") for _ in range(20))
    assert len(asked) <= 4


@pytest.mark.parametrize("error", [ServerError, UnexpectedResponseError])
def test_a_page_that_fails_tells_nothing(error: type[NeetoCalError]) -> None:
    """
    Also if earlier pages were answered.
    """
    bookings = Bookings(*["booked"] * 150)

    def fail(number: int) -> None:
        if number == 2:
            raise error_of(error)

    bookings.after_page = fail
    links = listed(bookings)

    assert not any(links.has_none("another") for _ in range(20))
    assert [number for number, _size in bookings.asked] == [1, 2]


def error_of(kind: type[NeetoCalError]) -> NeetoCalError:
    """
    Return an error of this kind.
    """
    return kind(method="GET", path="bookings", status=500) if kind is ServerError else kind("?")


def test_a_link_whose_uuid_is_not_known_is_asked_for_by_itself() -> None:
    """
    No booking could be told to be its own.
    """
    links = listed(Bookings())

    assert links.has_none("another")
    assert not links.has_none("")
