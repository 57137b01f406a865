"""
More than four calls at a time under Pulumi's dynamic host, as the server sees them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest

from neetocal_emulator import Emulator
from neetocal_emulator.journal import Request
from tests.engine.conftest import PROGRAMS
from tests.engine.environments import SDKS, pythons, variables
from tests.engine.stack import Stack

PYTHONS = pythons()
COUNT = 12
FOUR = 4


def peak(requests: Iterable[Request]) -> int:
    """
    Return how many of these requests were under way at a time at most.
    """
    moments = []
    for each in requests:
        begin = 1000 * datetime.fromisoformat(each.at.removesuffix("Z")).timestamp()
        moments += [(begin, 1), (begin + each.duration_ms, -1)]
    under_way = 0
    return max(under_way := under_way + step for _moment, step in sorted(moments))


def created(tmp_path: Path, emulator: Emulator, environment: dict[str, str]) -> tuple[int, int, str]:
    """
    Create links and resources of another provider; return the peaks of the requests of either, and the log.
    """
    emulator.fault("latency", seconds=2.0, method="POST", path="/meetings")
    emulator.fault("latency", seconds=1.0, path="/team-members")
    sizes = {"COUNT": str(COUNT), "NEETOCAL_LOG": "debug", "PULUMI_PARALLEL": "32"}
    stack = Stack(PROGRAMS / "threads", tmp_path, {**emulator.environment(), **sizes, **environment})

    assert stack.deploy() == {"create": COUNT}

    links = [each for each in emulator.requests if each.method == "POST"]
    others = [each for each in emulator.requests if "other" in each.query]
    assert len(links) == len(others) == COUNT
    return peak(links), peak(others), stack.said


@pytest.mark.one_host("dynamic", "the native provider isn't run by Pulumi's dynamic host")
def test_links_are_created_more_than_four_at_a_time_and_resources_of_other_providers_four(
    tmp_path: Path, emulator: Emulator
) -> None:
    """
    The server sees more than four requests of this package at a time, and at most four of another provider's.
    """
    links, others, _said = created(tmp_path, emulator, {})

    assert links > FOUR
    assert 1 < others <= FOUR


@pytest.mark.matrix
@pytest.mark.one_host("dynamic", "the native provider isn't run by Pulumi's dynamic host")
def test_an_unknown_executor_keeps_its_four_threads_and_the_log_says_so(tmp_path: Path, emulator: Emulator) -> None:
    """
    Only the standard library's executor is changed; with another one, links are created as Pulumi made it.
    """
    links, others, said = created(tmp_path, emulator, {"PYTHONPATH": str(PROGRAMS / "threads" / "other_pool")})

    assert max(links, others) <= FOUR
    assert "Pulumi's thread pool isn't as expected" in said


# On the worker that has these environments.
@pytest.mark.xdist_group("environments")
@pytest.mark.matrix
@pytest.mark.one_host("dynamic", "the native provider isn't run by Pulumi's dynamic host")
@pytest.mark.parametrize("sdk", SDKS)
@pytest.mark.parametrize("python", PYTHONS)
def test_links_are_created_more_than_four_at_a_time_on_every_python_and_sdk(
    tmp_path: Path, emulator: Emulator, python: str, sdk: str
) -> None:
    """
    The threads are added through names inside the standard library and Pulumi's SDK.
    """
    links, others, _said = created(tmp_path, emulator, variables(PYTHONS[python], sdk))

    assert links > FOUR
    assert 1 < others <= FOUR
