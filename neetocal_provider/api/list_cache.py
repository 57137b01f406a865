"""
What the list of a resource type tells, for many reads at once.

A refresh reads each object of a stack by itself, and nobody says how many are to come. So each read that the pages seen
so far do not answer costs one page more and, if that does not tell either, one request for the object: never more
than twice what the cheaper of both ways would have cost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Lock

from neetocal_provider.api.objects import Page, RemoteObject
from neetocal_provider.errors import NeetoCalError

__all__ = ["ListCache"]

_FRESH = 60.0
"""Seconds for which a page is believed."""


class ListCache:
    """
    The pages of a list, asked for one after the other as reads need them. Safe to share between threads.

    Args:
        pages: begins the list.

        is_complete: whether an object in it tells all that one by itself would; if one does not, the list is given up.

        alone: how many objects are asked for by themselves before the list is begun.
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

    def pop(self, id_: str) -> RemoteObject | None:
        """
        Return an object as the list tells it, once; None where it must be asked for by itself.
        """
        with self._lock:
            if id_ in self._changed:
                return None
            if self._alone:
                self._alone -= 1
                return None
            if id_ not in self._rows and not self._is_over:
                self._read_page()
            read_at, remote = self._rows.pop(id_, (0.0, None))
            return remote if time.monotonic() - read_at < _FRESH else None

    def invalidate(self, id_: str) -> None:
        """
        Believe nothing of the list on this object any more: it is being changed.
        """
        with self._lock:
            self._changed.add(id_)

    def _read_page(self) -> None:
        try:
            page = next(self._pages, None)
        except NeetoCalError:  # who asks for the object by itself is told what is wrong
            page = None
        self._is_over = page is None or not all(map(self._is_complete, page.rows))
        if page is not None and not self._is_over:
            read_at = time.monotonic()
            readable = [row for row in page.rows if not row.unreadable]
            self._rows |= {row.id: (read_at, row) for row in readable}
