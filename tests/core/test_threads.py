"""
The core in as many threads as the dynamic host has at most, with faults and a rate limit.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.dynamic.threads import THREADS
from tests.core.conftest import Connect
from tests.link import create, delete, read, update

LINKS = THREADS
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "cut", "moment": "after"},
    {"kind": "status", "status": 503},
    {"kind": "truncated_json"},
)
T = TypeVar("T")
R = TypeVar("R")


def in_threads(work: Callable[[T], R], items: list[T]) -> list[R]:
    """
    Do the work for all items in the threads of a host, and return what it returned, in their order.
    """
    with ThreadPoolExecutor(THREADS) as executor:
        return list(executor.map(work, items))


def declared(number: int) -> dict[str, Any]:
    """
    Return the arguments of a link.
    """
    return {"slug": f"link-{number}", "name": f"Link {number}", "hosts": ["ada@acme.example"], "duration": 30}


@pytest.mark.parametrize("api_version", ["v2", "v1"])
def test_32_threads_with_faults_and_a_rate_limit_lose_and_double_nothing(
    emulator: Emulator, core: Connect, api_version: str
) -> None:
    """
    Each link is created, updated, read and deleted once, also if answers are lost and requests fail or are throttled.
    """
    client = core(api_version)
    for number, method in enumerate(("POST", "GET", "PATCH", "DELETE")):
        for nth, fault in enumerate(FAULTS):
            emulator.fault(**fault, method=method, first=5 + number + 7 * nth, times=3)
    emulator.fault("rate_limit", per_second=200, burst=THREADS // 2)

    links = in_threads(lambda number: create(client, declared(number)), [*range(LINKS)])
    made = {each["sid"]: each["slug"] for each in emulator.meetings()}
    changed = in_threads(
        lambda link: update(client, link.id, link.outputs, {**link.outputs, "name": f"New {link.outputs['slug']}"}),
        links,
    )
    found = in_threads(lambda pair: read(client, pair[0].id, pair[1].outputs), [*zip(links, changed, strict=True)])
    renamed = {each["slug"]: each["name"] for each in emulator.meetings()}
    in_threads(lambda link: delete(client, link.id, link.outputs), links)

    assert made == {link.id: f"link-{number}" for number, link in enumerate(links)}
    assert renamed == {f"link-{number}": f"New link-{number}" for number in range(LINKS)}
    assert [live and live.outputs["name"] for live in found] == [f"New link-{number}" for number in range(LINKS)]
    assert emulator.meetings() == []
    # A slow machine stays below the rate limit.
    assert {fault["kind"] for fault in emulator.faults if not fault["struck"]} <= {"rate_limit"}
