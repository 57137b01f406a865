"""
How fast a workspace is asked, by all threads together.
"""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx
import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client
from neetocal_provider.api.rate_limiter import RateLimiter, shared_rate_limiter
from neetocal_provider.settings import Settings
from tests.remote import links_of

SOON = 60.0
"""Seconds that are more than enough."""


THREADS = 4


def turns(limiter: RateLimiter, count: int, threads: int = THREADS) -> list[float]:
    """
    Return when so many requests left, asked for by some threads at once.
    """
    with ThreadPoolExecutor(threads) as pool:
        return sorted(pool.map(lambda _: limiter.acquire(time.monotonic() + SOON), range(count)))


def test_without_a_refusal_nobody_waits() -> None:
    """
    The vendor publishes no limit, so none is assumed.
    """
    left = turns(RateLimiter(), 1000)

    assert len(left) == 1000
    assert left[-1] - left[0] < SOON


def test_a_ceiling_is_never_exceeded() -> None:
    """
    Requests keep their distance from the first one on, whichever thread sends them.
    """
    left = turns(RateLimiter(ceiling=100), 40)

    assert min(later - earlier for earlier, later in itertools.pairwise(left)) >= 0.01


def test_a_refusal_stops_everybody_until_the_time_it_names() -> None:
    """
    No request leaves before that, and all leave after it.
    """
    limiter = RateLimiter()
    sent = limiter.acquire(time.monotonic())
    refused_at = time.monotonic()
    limiter.on_throttled(sent, 0.3)

    left = turns(limiter, 2, threads=2)

    assert min(left) - refused_at >= 0.3


def test_who_waits_keeps_nobody_else() -> None:
    """
    While some wait for their turn, others are told at once that theirs is too far off, and tell what was answered.
    """
    limiter, cancelled = RateLimiter(), Event()
    limiter.on_throttled(limiter.acquire(time.monotonic()), SOON)

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(limiter.acquire, time.monotonic() + 2 * SOON, cancelled.is_set) for _ in range(4)]
        with pytest.raises(TimeoutError):
            limiter.acquire(time.monotonic())
        limiter.on_success()
        is_over = [each.done() for each in waiting]
        cancelled.set()
        limiter.wake()

    assert is_over == [False] * 4


def test_a_turn_beyond_the_deadline_is_refused_at_once() -> None:
    """
    Who cannot wait so long is told how long it takes.
    """
    limiter = RateLimiter()
    limiter.on_throttled(limiter.acquire(time.monotonic()), 900)

    with pytest.raises(TimeoutError) as caught:
        limiter.acquire(time.monotonic() + 1)

    (seconds,) = caught.value.args
    assert 899 < seconds <= 900


def test_the_ceiling_holds_after_a_refusal_as_well() -> None:
    """
    However many requests are accepted, the limiter rises to the ceiling and no further.
    """
    limiter = RateLimiter(ceiling=200)
    limiter.on_throttled(limiter.acquire(time.monotonic()), 0.0)
    for _ in range(2000):
        limiter.on_success()

    left = turns(limiter, 20)

    assert min(later - earlier for earlier, later in itertools.pairwise(left)) >= 0.005


def test_refusals_in_a_row_do_not_slow_the_rate_down_for_good() -> None:
    """
    A server that refuses everything for a while says nothing of what it takes afterwards.
    """
    limiter = RateLimiter()
    for _ in range(20):
        limiter.on_throttled(time.monotonic(), 0.0)
    slowest = str(limiter)
    for _ in range(200):
        limiter.on_success()

    assert slowest == "0.5 requests a second"
    assert str(limiter) == "as fast as may be"


def test_a_workspace_has_one_rate_limiter() -> None:
    """
    All connections to an address share it; another address, or another ceiling, has its own.
    """
    one = shared_rate_limiter("https://one.example", None)

    assert shared_rate_limiter("https://one.example", None) is one
    assert shared_rate_limiter("https://two.example", None) is not one
    assert shared_rate_limiter("https://one.example", 5.0) is not one


@pytest.mark.parametrize(("retry_after_form", "ceiling"), [("seconds", 1001.0), ("none", 1002.0)])
def test_the_rate_settles_below_a_limit_that_nobody_told(
    emulator: Emulator, retry_after_form: str, ceiling: float
) -> None:
    """
    After the first refusals, those of the requests under way, fewer than one in twenty is refused; all work is done.

    The ceiling, which no request comes near, is for a rate limiter of its own.
    """
    emulator.fault("rate_limit", per_second=20, retry_after_form=retry_after_form)
    environment = emulator.environment()
    settings = Settings(
        workspace="acme",
        api_key=environment["NEETOCAL_API_KEY"],
        base_url=environment["NEETOCAL_BASE_URL"].replace("127.0.0.1", "localhost"),
        max_attempts=20,
        max_requests_per_second=ceiling,
    )
    client = Client(settings)

    with ThreadPoolExecutor(THREADS) as threads:
        pages = list(threads.map(lambda _: list(links_of(client).objects()), range(200)))

    client.close()
    statuses = [request.status for request in emulator.requests]
    later = statuses[statuses.index(httpx.codes.TOO_MANY_REQUESTS) + THREADS :]
    assert pages == [[]] * 200
    assert later.count(httpx.codes.TOO_MANY_REQUESTS) < 0.05 * len(later)
