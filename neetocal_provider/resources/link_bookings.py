"""
The upcoming bookings of links: for one asked for by itself, or from the list of the workspace for many deletes at once.

Always in version 2 of the API, as the deletion of a link: version 1 cannot ask for one link's bookings.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from neetocal_provider.api.client import PAGE_SIZE, Client
from neetocal_provider.api.collection import Collection as RemoteCollection
from neetocal_provider.api.deadline import advisory, current
from neetocal_provider.api.objects import Page, page_from_api
from neetocal_provider.core.lag import despite_lag
from neetocal_provider.core.state import created_at
from neetocal_provider.errors import NeetoCalError, NotFoundError
from neetocal_provider.schema.resource import Properties
from neetocal_provider.schema.types import read_object, read_text

__all__ = ["BookedLinks", "Booking", "bookings_from_api", "count_upcoming", "is_unbooked", "upcoming"]

_FRESH_BOOKINGS = 5.0
"""Seconds for which the list of bookings is believed, from when its first page was asked for."""

_MAX_PAGES = 5
"""Pages of the list of bookings that are worth it: they are read one after the other, while deletes wait."""


def upcoming(client: Client, links: RemoteCollection, sid: str, props: Properties) -> str:
    """
    Return in words how many upcoming bookings a link has; empty if it has none.
    """
    if is_unbooked(client, props["meeting_id"]):
        return ""
    try:
        bookings = count_upcoming(client, sid, props["meeting_id"])
    except NotFoundError:
        counted = "bookings that cannot be counted"
    else:
        counted = f"{bookings} upcoming booking{'s' if bookings > 1 else ''}" if bookings else ""
    if counted:
        # A link that is gone has nothing left to protect.
        despite_lag(client, created_at(props), lambda: links.get(sid, version="v2"))
    return counted


@dataclass(frozen=True, kw_only=True)
class Booking:
    """
    What an answer says of a booking.

    Attributes:
        id: its sid or uuid; empty if the answer has neither.

        meeting_id: the uuid of its link; empty if the answer does not have it.
    """

    id: str
    meeting_id: str

    @classmethod
    def from_api(cls, body: Any) -> Booking:
        """
        Read one row of a list of bookings.
        """
        row = read_object(body, "an item of bookings")
        ids = (row.get(name) for name in ("sid", "id"))
        return cls(
            id=next((each for each in ids if isinstance(each, str)), ""),
            meeting_id=read_text(row["meeting_id"], "meeting_id") if row.get("meeting_id") is not None else "",
        )


def bookings_from_api(body: Any) -> Page[Booking]:
    """
    Read one page of bookings.
    """
    return page_from_api(body, ("bookings",), Booking.from_api)


def count_upcoming(client: Client, sid: str, meeting_id: str) -> int:
    """
    Return how many bookings of a link are not over yet.

    Where the server ignores the filter by link, the bookings of the workspace are counted one by one.

    Args:
        sid: the link's.

        meeting_id: its uuid, under which bookings know it; empty where it is not known.

    API: GET /bookings.
    """
    pages = client.pages("bookings", bookings_from_api, {"type": "upcoming", "meeting_sid": sid}, version="v2")
    first = next(pages)
    if all(_may_be_of(meeting_id, row) for row in first.rows):
        return first.total_records
    return sum(_may_be_of(meeting_id, row) for page in itertools.chain([first], pages) for row in page.rows)


def _may_be_of(meeting_id: str, booking: Booking) -> bool:
    return not booking.meeting_id or not meeting_id or booking.meeting_id == meeting_id


def is_unbooked(client: Client, meeting_id: str) -> bool:
    """
    Return whether the list of the workspace's bookings shows that a link has no upcoming ones; see `BookedLinks`.

    If False, nothing is known, and `count_upcoming` asks for the link's bookings. No error is raised.

    Args:
        meeting_id: the link's uuid, under which bookings know it; empty if it is not known.

    API: GET /bookings.
    """

    def read_page(page_number: int, page_size: int) -> Page[Booking]:
        query = {"type": "upcoming", "page_number": page_number, "page_size": page_size}
        return client.send("GET", f"bookings?{urlencode(query)}", bookings_from_api, version="v2")

    return client.shared("bookings", lambda: BookedLinks(read_page, PAGE_SIZE)).has_none(meeting_id)


class BookedLinks:
    """
    Which links have upcoming bookings, by the list of the workspace's bookings, for many deletes at once.

    A delete reads the list if at least as many links were asked for since it was last read as it has pages, or two for
    the first time. The list is used only to find that a link has no bookings, and only if no booking can be missing
    from it: after an error, or an answer that leaves a doubt, each link is asked for by itself, and so are those that
    the list shows as booked. Safe to share between threads.

    Args:
        read_page: returns a page of the list by its number and size.

        page_size: the size of the first page.

        clock: returns the time in seconds.
    """

    def __init__(
        self,
        read_page: Callable[[int, int], Page[Booking]],
        page_size: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read_page = read_page
        self._page_size = page_size
        self._clock = clock
        self._asked = 0
        self._pages: float = 2  # infinite once the list is not to be read any more
        self._booked: AbstractSet[str] = frozenset()
        self._fresh_until = -math.inf
        self._lock = Lock()

    def has_none(self, meeting_id: str) -> bool:
        """
        Return whether the list shows that a link has no upcoming bookings; if False, it must be asked for by itself.

        Args:
            meeting_id: the link's uuid; empty if it is not known.
        """
        if not meeting_id or not self._lock.acquire(timeout=_patience()):
            return False
        try:
            self._asked += 1
            if not self._is_fresh and self._pages <= min(self._asked, _MAX_PAGES):
                self._read()
            return self._is_fresh and meeting_id not in self._booked
        finally:
            self._lock.release()

    @property
    def _is_fresh(self) -> bool:
        return self._clock() < self._fresh_until

    def _read(self) -> None:
        asked_at = self._clock()
        most, self._pages = min(self._asked, _MAX_PAGES), math.inf
        with suppress(NeetoCalError), advisory(_patience()):  # who asks for the link by itself is told what is wrong
            first = self._read_page(1, self._page_size)
            if first.total_pages is None:
                return
            if first.total_pages > most:
                self._pages = first.total_pages
                return
            bookings = self._whole(first)
            if bookings is not None:
                self._pages, self._asked = first.total_pages, 0
                self._booked = {booking.meeting_id for booking in bookings}
                self._fresh_until = asked_at + _FRESH_BOOKINGS

    def _whole(self, first: Page[Booking]) -> Collection[Booking] | None:
        """
        Return all bookings of the list; None if one may be missing, or its link isn't known.

        Each page is smaller than the one before, so it begins with the bookings that the one before ends with; if it
        doesn't, bookings moved between pages while they were read.
        """
        found, page, number = dict(enumerate(first.rows)), first, 1
        while page.total_pages is not None and number < page.total_pages <= _MAX_PAGES + 1:
            number += 1
            size = self._page_size + 1 - number
            page = self._read_page(number, size)
            rows = dict(enumerate(page.rows, (number - 1) * size))
            if any(found.get(position, row) != row for position, row in rows.items()):
                return None
            found |= rows
        bookings = {booking.id: booking for booking in found.values() if booking.id and booking.meeting_id}
        is_complete = len(bookings) == len(found) == first.total_records and [*found] == [*range(len(found))]
        return bookings.values() if is_complete else None


def _patience() -> float:
    """
    Return for how many seconds the list of bookings is waited for: a part of what is left to the operation.
    """
    return min(_FRESH_BOOKINGS, current().left_s) / 2
