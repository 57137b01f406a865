"""
Faults: what goes wrong on request, where and when.

    kind                what happens                                   its options
    status              an error status                                status, moment, retry_after_s, retry_after_form
    rate_limit          429 over so many requests a second, for        per_second, burst, retry_after_form
                        each workspace by itself (RATE_LIMIT)
    latency             a wait before the work; ends with the fault    seconds
    cut                 the connection ends without an answer          moment
    html                a proxy's error page                           status, moment
    truncated_json      half of the answer's body, properly framed     -
    slow_body           the answer's body in pieces                    seconds
    wrong_content_type  the right body under another type              content_type

Every fault takes `method`, `path` and `workspace` to say where, and `first`, `times`,
`probability` and `seed` to say when. Among several that strike the same request, the
one added first is the outermost: what it answers by itself, before the work, the others
neither see nor count.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Literal, get_args

from neetocal_emulator.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ActiveFault", "Bucket", "Fault", "Faults", "read_fault"]

Kind = Literal[
    "status",
    "rate_limit",
    "latency",
    "cut",
    "html",
    "truncated_json",
    "slow_body",
    "wrong_content_type",
]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """
    What goes wrong, where and when.
    """

    kind: Kind

    method: str | None = None
    """
    Only requests with this verb.
    """

    path: str = "**"
    """
    Only requests to this path below `/api/external/v…`; `*` is one part of it, `**` the rest.
    """

    workspace: str | None = None
    """
    Only requests with a key of this workspace.
    """

    first: int = 1
    """
    Begin with this one of the requests that match.
    """

    times: int | None = None
    """
    End after so many of them; None never ends.
    """

    probability: float = 1.0
    """
    Of these, strike only some; which ones is drawn.
    """

    seed: int = 0
    """
    What is drawn follows from this: the same seed, the same run.
    """

    status: int | None = None
    """
    400 to 599; 503 when it is not given, 502 for an HTML page.
    """

    moment: Literal["before", "after"] = "before"
    """
    Whether the work is left undone or done.
    """

    retry_after_s: float | None = None
    """
    What the header Retry-After says; None leaves it out.
    """

    retry_after_form: Literal["seconds", "date", "none"] = "seconds"
    """
    How Retry-After is written.
    """

    per_second: float | None = None
    """
    How many requests a second each workspace may make; required for a rate limit.
    """

    burst: int | None = None
    """
    How many at once after a pause; `per_second`, but at least 1, when it is not given.
    """

    seconds: float | tuple[float, float] | None = None
    """
    How long, or between which bounds it is drawn; required where it is an option.
    """

    content_type: str = "text/plain"
    """
    The type that is answered instead of application/json.
    """


_WHERE_AND_WHEN = ("kind", "method", "path", "workspace", "first", "times", "probability", "seed")
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "moment", "retry_after_s", "retry_after_form"),
    "rate_limit": ("per_second", "burst", "retry_after_form"),
    "latency": ("seconds",),
    "cut": ("moment",),
    "html": ("status", "moment"),
    "truncated_json": (),
    "slow_body": ("seconds",),
    "wrong_content_type": ("content_type",),
}
_REQUIRED = ("per_second", "seconds")
_ANSWERING = frozenset({"status", "rate_limit", "cut", "html"})


def read_fault(given: Mapping[str, object]) -> Fault:
    """
    Read a fault from names and values; raises SetupError for what makes no sense.
    """
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in _OPTIONS:
        raise SetupError(f"A fault's kind is one of {', '.join(_OPTIONS)}, not {kind!r}.")
    known = (*_WHERE_AND_WHEN, *_OPTIONS[kind])
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise SetupError(f"A fault {kind!r} has no {', '.join(unknown)}; it has {', '.join(known)}.")
    for name in (*given, *(name for name in _OPTIONS[kind] if name in _REQUIRED)):
        _check(name, given.get(name))
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Fault(**values)  # type: ignore[arg-type]  # checked just above


class ActiveFault:
    """
    A fault at work: it counts, draws and remembers.
    """

    def __init__(self, fault: Fault) -> None:
        """
        Put a fault to work.
        """
        self.fault = fault
        self.matched = 0
        self.struck = 0
        self._path = _pattern(fault.path)
        # Being able to repeat a run is the point.
        self._random = random.Random(fault.seed)  # noqa: S311
        self._buckets: dict[str | None, Bucket] = {}

    @property
    def is_last(self) -> bool:
        """
        Whether a request that it strikes comes no further.
        """
        return self.fault.kind in _ANSWERING and self.fault.moment == "before"

    def strikes(self, method: str, path: str, workspace: str | None) -> bool:
        """
        Tell whether this request is struck, and count it.
        """
        if not self._matches(method, path, workspace):
            return False
        self.matched += 1
        last = None if self.fault.times is None else self.fault.first + self.fault.times - 1
        if self.matched < self.fault.first or (last is not None and self.matched > last):
            return False
        is_struck = self._random.random() < self.fault.probability and self._is_over_limit(workspace)
        self.struck += is_struck
        return is_struck

    def drawn_seconds(self) -> float:
        """
        Return how long this time.
        """
        seconds = self.fault.seconds
        return self._random.uniform(*seconds) if isinstance(seconds, tuple) else seconds or 0.0

    def retry_after_s(self, workspace: str | None) -> float | None:
        """
        Return after how many seconds it is worth trying again, if that is to be told.
        """
        if self.fault.retry_after_form == "none":
            return None
        return self._buckets[workspace].wait_s if self.fault.kind == "rate_limit" else self.fault.retry_after_s

    def to_dict(self) -> dict[str, object]:
        """
        Return the fault's options and counts as JSON.
        """
        options = {name: asdict(self.fault)[name] for name in (*_WHERE_AND_WHEN, *_OPTIONS[self.fault.kind])}
        return {**options, "matched": self.matched, "struck": self.struck}

    def _matches(self, method: str, path: str, workspace: str | None) -> bool:
        fault = self.fault
        return (
            (fault.method is None or fault.method.upper() == method)
            and (fault.workspace is None or fault.workspace == workspace)
            and self._path.fullmatch(path) is not None
        )

    def _is_over_limit(self, workspace: str | None) -> bool:
        if self.fault.per_second is None:
            return True
        if workspace not in self._buckets:
            size = self.fault.burst or max(1, int(self.fault.per_second))
            self._buckets[workspace] = Bucket(self.fault.per_second, size)
        return not self._buckets[workspace].take()


class Bucket:
    """
    Tokens that flow in steadily up to a limit; each request takes one.
    """

    def __init__(self, per_second: float, size: int, now: Callable[[], float] = time.monotonic) -> None:
        """
        Begin full; *now* tells the seconds, real ones since a client waits in real time.
        """
        self._per_second = per_second
        self._size = size
        self._now = now
        self._tokens = float(size)
        self._at = now()

    @property
    def wait_s(self) -> float:
        """
        The seconds until there is a whole token.
        """
        return max(0.0, (1 - self._tokens) / self._per_second)

    def take(self) -> bool:
        """
        Take a token, if there is one.
        """
        now = self._now()
        self._tokens = min(float(self._size), self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Faults:
    """
    All faults at work, in the order they were added.
    """

    def __init__(self) -> None:
        """
        Begin without faults.
        """
        self._active: list[ActiveFault] = []

    def __len__(self) -> int:
        return len(self._active)

    def __contains__(self, active: ActiveFault) -> bool:
        return active in self._active

    def add(self, fault: Fault) -> None:
        """
        Put a fault to work.
        """
        self._active.append(ActiveFault(fault))

    def clear(self) -> None:
        """
        Let everything go right again.
        """
        self._active.clear()

    def striking(self, method: str, path: str, workspace: str | None) -> Sequence[ActiveFault]:
        """
        Return the faults that strike this request; each that it comes to counts it.
        """
        striking = []
        for active in self._active:
            if active.strikes(method, path, workspace):
                striking.append(active)
                if active.is_last:
                    break
        return striking

    def to_list(self) -> list[dict[str, object]]:
        """
        Return all faults with their counts as JSON.
        """
        return [active.to_dict() for active in self._active]


def _pattern(path: str) -> re.Pattern[str]:
    parts = {"**": ".*", "*": "[^/]*"}
    return re.compile("".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*|\*)", path)), re.DOTALL)


def _check(name: str, value: object) -> None:
    says, is_right = _CHECKS[name]
    optional = name in {field.name for field in fields(Fault) if field.default is None} - set(_REQUIRED)
    if not (is_right(value) or (optional and value is None)):
        raise SetupError(f"A fault's {name} is {says}, not {value!r}.")


def _is_number(value: object, lowest: float = 0, highest: float = 1e6) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and lowest <= value <= highest


def _is_count(value: object, lowest: int = 1, highest: int = 10**9) -> bool:
    return isinstance(value, int) and _is_number(value, lowest, highest)


def _is_seconds(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]  # low, high
    return _is_number(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


_CHECKS: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "kind": ("a word", _is_text),
    "method": ("a verb such as 'POST'", _is_text),
    "path": ("a path such as '/meetings/*'", _is_text),
    "workspace": ("a workspace's name", _is_text),
    "first": ("a whole number from 1", _is_count),
    "times": ("a whole number from 1", _is_count),
    "probability": ("a number from 0 to 1", lambda value: _is_number(value, 0, 1)),
    "seed": ("a whole number", lambda value: _is_count(value, -(10**18), 10**18)),
    "status": ("a whole number from 400 to 599", lambda value: _is_count(value, 400, 599)),
    "moment": ("'before' or 'after'", lambda value: value in get_args(Literal["before", "after"])),
    "retry_after_s": ("a number of seconds", _is_number),
    "retry_after_form": ("'seconds', 'date' or 'none'", lambda value: value in ("seconds", "date", "none")),
    "per_second": ("a number above 0", lambda value: _is_number(value, 1e-6)),
    "burst": ("a whole number from 1", _is_count),
    "seconds": ("a number of seconds, or two as bounds", _is_seconds),
    "content_type": ("a content type", _is_text),
}
