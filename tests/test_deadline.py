"""
How long one operation may take, and what a cancelled run still sends.
"""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event, Thread

import pytest

from neetocal_provider.api.deadline import current, operation_context
from neetocal_provider.api.rate_limiter import RateLimiter, wake_all
from neetocal_provider.api.retry import retry_context
from neetocal_provider.errors import TransportError
from neetocal_provider.settings import Settings

SOON = 60.0
"""Seconds that are more than enough."""


def tried(cancelled: Event, seconds: float = 0, after: int = 1) -> int:
    """
    Return how often something is tried that always fails, where the run is cancelled after so many attempts.
    """
    settings = Settings(workspace="acme", api_key="acme-0123456789", base_url="http://127.0.0.1:9", max_attempts=5)
    count = 0
    with suppress(TransportError), operation_context(seconds, cancelled):
        for attempt in retry_context(settings, lambda _error: True):
            with attempt:
                count += 1
                if count == after:
                    cancelled.set()
                raise TransportError("No answer.", may_have_arrived=False)
    return count


def test_without_a_budget_there_is_no_bound() -> None:
    """
    As under the dynamic host, which tells none; 0 seconds are no bound either.
    """
    with operation_context(0, Event()):
        assert current().left_s == float("inf")

    assert current().left_s == float("inf")
    assert not current().is_over


def test_a_budget_holds_for_what_is_within_it() -> None:
    """
    And ends with it.
    """
    with operation_context(SOON, Event()):
        assert 0 < current().left_s <= SOON
        with operation_context(1e-9, Event()):
            assert current().is_over
        assert not current().is_over


def test_nothing_is_tried_again_in_a_cancelled_run() -> None:
    """
    What is under way is not stopped.
    """
    assert tried(Event(), after=2) == 2


def test_nothing_is_tried_again_when_the_time_is_over() -> None:
    """
    The first attempt is made all the same; what sends it looks at the time itself.
    """
    assert tried(Event(), seconds=1e-9, after=99) == 1


def test_a_pause_ends_when_the_run_is_cancelled() -> None:
    """
    Whoever waits for a turn gives it up at once.
    """
    limiter, cancelled = RateLimiter(), Event()
    limiter.pause(SOON)
    begun = time.monotonic()
    gave_up: list[float] = []

    def wait() -> None:
        with pytest.raises(TimeoutError):
            limiter.acquire(begun + 2 * SOON, cancelled.is_set)
        gave_up.append(time.monotonic())

    waiting = Thread(target=wait)
    waiting.start()
    cancelled.set()
    limiter.wake()
    waiting.join(SOON)

    assert gave_up[0] - begun < SOON
    wake_all()  # paces of other tests are woken in vain
