"""
How fast a workspace is asked, by all threads of a process together.

The vendor limits requests without saying to how many, so a rate limiter begins without a limit. A refusal (429) stops
everybody until the time that it names; then requests keep a distance, at first for nine tenths of the rate that had
been accepted. The rate rises with each accepted request: briskly while it is below the one that was refused, hardly
around it, and briskly again once that has proved too careful.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Condition

__all__ = ["RateLimiter", "shared_rate_limiter", "wake_all"]

FIRST_PAUSE, MAX_PAUSE = 2.0, 60.0
"""Seconds for which a refusal that names no time stops everybody; each one that follows doubles the pause."""

_CUT = 0.9
_BRISK, _HARDLY = 1.05, 1.0005
_AROUND = (0.95, 1.1)
_SLOWEST = 0.5
"""Requests a second at least: a server that refuses everything for a while says nothing of the rate it takes later."""

_UNLIMITED = 1000.0
"""Requests a second beyond which no distance is kept."""


class RateLimiter:
    """
    Says when the next request may leave. Safe to share between threads; who waits keeps nobody else from sending.

    Args:
        ceiling: requests a second that are never exceeded; None for none.
    """

    def __init__(self, ceiling: float | None = None) -> None:
        self._ceiling = ceiling
        self._rate = ceiling
        self._refused_rate = 0.0
        self._refused_at = 0.0
        self._pause = FIRST_PAUSE
        self._next = 0.0
        self._resume = 0.0
        self._accepted: deque[float] = deque()
        self._changed = Condition()

    def __str__(self) -> str:
        rate, pause = self._rate, self._resume - time.monotonic()
        rate_text = f"{rate:.1f} requests a second" if rate else "as fast as may be"
        return f"{rate_text}, paused for {pause:.1f} s" if pause > 0 else rate_text

    def acquire(self, deadline: float, is_over: Callable[[], bool] = lambda: False) -> float:
        """
        Wait for a turn and return when it came, in seconds of `time.monotonic`, as `deadline` is.

        Args:
            is_over: whether nobody wants the turn any more; asked again after `wake_all`.

        Raises:
            TimeoutError: the turn will not come in time; its argument is how many seconds it takes.
        """
        with self._changed:
            while True:
                now = time.monotonic()
                turn = max(self._next, self._resume)
                if turn <= now:
                    self._next = now + (1 / self._rate if self._rate else 0)
                    return now
                if turn > deadline or is_over():
                    raise TimeoutError(turn - now)
                self._changed.wait(turn - now)

    def wake(self) -> None:
        """
        Let those who wait look whether they still want their turn.
        """
        with self._changed:
            self._changed.notify_all()

    def on_success(self) -> None:
        """
        Take note that a request was not refused.
        """
        with self._changed:
            self._pause = FIRST_PAUSE
            self._remember(time.monotonic())
            if self._rate and self._refused_rate:
                low, high = (share * self._refused_rate for share in _AROUND)
                self._rate *= _HARDLY if low <= self._rate <= high else _BRISK
                if self._ceiling is not None:
                    self._rate = min(self._rate, self._ceiling)
                elif self._rate > _UNLIMITED:
                    self._rate = None

    def on_throttled(self, sent: float, retry_after: float | None) -> None:
        """
        Stop everybody for a while, and go on more slowly.

        Args:
            sent: what `acquire` returned for the refused request; those that left before an earlier refusal say
                nothing new of the rate.

            retry_after: seconds, where the refusal names a time.
        """
        with self._changed:
            now = time.monotonic()
            if sent > self._refused_at:
                self._slow_down(now)
                self._refused_at = now
            if retry_after is None:
                retry_after, self._pause = self._pause, min(2 * self._pause, MAX_PAUSE)
        self.pause(retry_after)

    def pause(self, seconds: float) -> None:
        """
        Stop everybody for some seconds, at the rate that held before.
        """
        with self._changed:
            self._resume = max(self._resume, time.monotonic() + seconds)

    def _slow_down(self, now: float) -> None:
        self._remember(now)
        # The one that is remembered here was refused.
        seen = len(self._accepted) - 1
        self._refused_rate = float(seen) if seen else (self._rate or 2.0) / 2
        self._rate = max(_CUT * self._refused_rate, _SLOWEST)
        if self._ceiling is not None:
            self._rate = min(self._rate, self._ceiling)
        self._accepted.clear()

    def _remember(self, now: float) -> None:
        self._accepted.append(now)
        while self._accepted[0] <= now - 1:
            self._accepted.popleft()


_RATE_LIMITERS: dict[tuple[str, float | None], RateLimiter] = {}


def shared_rate_limiter(base_url: str, ceiling: float | None) -> RateLimiter:
    """
    Return the rate limiter of the workspace at this address, the same one for all threads of the process.
    """
    return _RATE_LIMITERS.setdefault((base_url, ceiling), RateLimiter(ceiling))


def wake_all() -> None:
    """
    Let everybody who waits for a turn look whether they still want it.
    """
    for limiter in list(_RATE_LIMITERS.values()):
        limiter.wake()
