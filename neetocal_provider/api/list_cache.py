"""
What the lists of a workspace's links and bookings tell, for many reads or deletes at once.

A refresh reads each link of a stack by itself, and nobody says how many are to come. So each read that the pages seen
so far do not answer costs one page more and, where that does not tell either, one request for the link: never more than
twice what the cheaper of both ways would have cost.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from threading import Lock

from neetocal_provider.api.deadline import advisory, current
from neetocal_provider.api.objects import Booking, Page, RemoteObject
from neetocal_provider.errors import NeetoCalError

__all__ = ["BookedLinks", "ListCache"]

_FRESH = 60.0
"""Seconds for which a page is believed."""

_FRESH_BOOKINGS = 5.0
"""Seconds for which the list of bookings is believed, from when its first page was asked for."""

_MAX_PAGES = 5
"""Pages of the list of bookings that are worth it: they are read one after the other, while deletes wait."""


class ListCache:
    """
    The pages of a list, asked for one after the other as reads need them. Safe to share between threads.

    Args:
        pages: begins the list.

        is_complete: whether a link in it tells all that one by itself would; the list is given up where one does not.

        alone: how many links are asked for by themselves before the list is begun.
    """

    def __init__(
        self,
        pages: Callable[[], Iterator[Page[RemoteObject]]],
        is_complete: Callable[[RemoteObject], bool],
        *,
        alone: int = 0,
    ) -> None:
        self._pages = pages()
        self._is_complete = is_complete
        self._alone = alone
        self._rows: dict[str, tuple[float, RemoteObject]] = {}
        self._changed: set[str] = set()
        self._is_over = False
        self._lock = Lock()

    def pop(self, sid: str) -> RemoteObject | None:
        """
        Return a link as the list tells it, once; None where it must be asked for by itself.
        """
        with self._lock:
            if sid in self._changed:
                return None
            if self._alone:
                self._alone -= 1
                return None
            if sid not in self._rows and not self._is_over:
                self._read_page()
            read_at, meeting = self._rows.pop(sid, (0.0, None))
            return meeting if time.monotonic() - read_at < _FRESH else None

    def invalidate(self, sid: str) -> None:
        """
        Believe nothing of the list on this link any more: it is being changed.
        """
        with self._lock:
            self._changed.add(sid)

    def _read_page(self) -> None:
        try:
            page = next(self._pages, None)
        except NeetoCalError:  # who asks for the link by itself is told what is wrong
            page = None
        self._is_over = page is None or not all(map(self._is_complete, page.rows))
        if page is not None and not self._is_over:
            read_at = time.monotonic()
            readable = [row for row in page.rows if not row.unreadable]
            self._rows |= {row.sid: (read_at, row) for row in readable}


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
