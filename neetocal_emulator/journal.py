"""
The request journal: what was asked and answered, so that a test can look.

Bodies are kept as bytes and read as JSON only when somebody looks, and the oldest
entries go when there are too many.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Entry", "Journal", "Request"]

_MAX_ENTRIES = 20_000
_MAX_BYTES = 64 * 1024 * 1024
_MAX_DEPTH = 100


@dataclass(frozen=True, kw_only=True)
class Request:
    """
    One request of the API and its answer.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    body: object
    """
    The JSON that was sent, or its text when it is nested too deeply to be shown as JSON;
    None when there was none, or when it was not JSON.
    """
    status: int | None
    """
    None when the connection ended without an answer.
    """
    answer: object
    """
    The JSON that was answered, or the text when it was no such JSON; None when there was none.
    """
    workspace: str | None
    """
    Whose key it was; None when the key was refused.
    """
    api_key: str | None
    """
    The key, all but its last four characters masked.
    """
    facts: tuple[str, ...]
    """
    For a refusal, the facts that it rests on.
    """
    faults: tuple[str, ...]
    """
    The kinds of fault that struck it, the outermost first.
    """
    at: str
    duration_ms: float

    def to_dict(self) -> dict[str, object]:
        """
        Return the entry as JSON.
        """
        return dict(vars(self))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """
    A request as it went over the wire.
    """

    method: str
    path: str
    query_string: str
    body: bytes
    status: int | None
    answer: bytes
    workspace: str | None
    api_key: str | None
    facts: tuple[str, ...]
    faults: tuple[str, ...] = ()
    at: str
    duration_ms: float

    @property
    def size(self) -> int:
        """
        Roughly the memory that the entry keeps.
        """
        return len(self.body) + len(self.answer) + 500

    def read(self) -> Request:
        """
        Return the entry with its bodies as JSON.
        """
        return Request(
            method=self.method,
            path=self.path,
            query=parse_qs(self.query_string, keep_blank_values=True),
            body=_json_or_none(self.body),
            status=self.status,
            answer=_json_or_text(self.answer),
            workspace=self.workspace,
            api_key=_masked(self.api_key),
            facts=self.facts,
            faults=self.faults,
            at=self.at,
            duration_ms=self.duration_ms,
        )


class Journal:
    """
    The latest requests, oldest first.
    """

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._added = 0
        self._counts: Counter[str | None] = Counter()

    @property
    def numbers(self) -> range:
        """
        The numbers of the requests that are remembered; each has its own, the first ever is 1.
        """
        return range(self._added - len(self._entries) + 1, self._added + 1)

    def count(self, workspace: str | None) -> int:
        """
        Return how many remembered requests had a key of this workspace, or for None of nobody.
        """
        return self._counts[workspace]

    def add(self, entry: Entry) -> None:
        """
        Remember a request and forget the oldest beyond the limits.
        """
        self._entries.append(entry)
        self._added += 1
        self._counts[entry.workspace] += 1
        self._bytes += entry.size
        while len(self._entries) > _MAX_ENTRIES or self._bytes > _MAX_BYTES:
            forgotten = self._entries.popleft()
            self._bytes -= forgotten.size
            self._counts[forgotten.workspace] -= 1

    def clear(self) -> None:
        """
        Forget everything.
        """
        self._entries.clear()
        self._counts.clear()
        self._bytes = 0

    def read(self) -> list[Request]:
        """
        Return the requests, oldest first.
        """
        return [entry.read() for entry in self._entries]

    def find(self, number: int) -> Entry | None:
        """
        Return the request with this number, or None when it is forgotten.
        """
        numbers = self.numbers
        return self._entries[number - numbers.start] if number in numbers else None

    def newest_first(self, *, after: int = 0) -> Iterator[tuple[int, Entry]]:
        """
        Walk the requests with their numbers, down to the one after number *after*.
        """
        numbered = zip(reversed(self.numbers), reversed(self._entries), strict=True)
        return takewhile(lambda pair: pair[0] > after, numbered)


def _masked(key: str | None) -> str | None:
    if key is None:
        return None
    shown = key[-4:] if len(key) > 8 else ""
    return "****" + shown


def _json_or_none(data: bytes) -> object:
    try:
        return _shallow_json(data)
    except RecursionError:
        return _text(data)
    except ValueError:
        return None


def _json_or_text(data: bytes) -> object:
    try:
        return _shallow_json(data) if data else None
    except (ValueError, RecursionError):
        return _text(data)


def _shallow_json(data: bytes) -> object:
    """
    Return the JSON; raises RecursionError also where only writing it again might.
    """
    value = json.loads(data)
    level = [value]
    for _ in range(_MAX_DEPTH + 1):
        level = [each for each in level if isinstance(each, (dict, list))]
        if not level:
            return value
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    raise RecursionError


def _text(data: bytes) -> str:
    return data.decode(errors="replace")
