"""
More than four calls at a time under Pulumi's dynamic host, as the server sees them.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from neetocal_emulator import Emulator
from tests.chaos.processes import wait_until
from tests.engine.conftest import PROGRAMS
from tests.engine.environments import SDKS, pythons, variables
from tests.engine.stack import Stack

PYTHONS = pythons()
COUNT = 12
FOUR = 4
LONGEST_S = 120.0
"""How long requests wait if there never are enough of them; the test fails then."""


def created(tmp_path: Path, emulator: Emulator, environment: dict[str, str], links_at_a_time: int) -> tuple[int, str]:
    """
    Create links, and then resources of another provider; the requests wait until enough of them are under way.

    Returns:
        how many calls of the other provider ran at a time at most, and the log.
    """
    sizes = {"COUNT": str(COUNT), "NEETOCAL_LOG": "debug", "PULUMI_PARALLEL": "32"}
    stack = Stack(PROGRAMS / "threads", tmp_path, {**emulator.environment(), **sizes, **environment})
    emulator.fault("latency", seconds=LONGEST_S, method="POST")

    with stack.started("up", "--yes", "--skip-preview") as run:
        wait_for_requests(emulator, links_at_a_time, run)
        emulator.clear_faults()
        # Before the links are created, which takes the engine's answer.
        emulator.fault("latency", seconds=LONGEST_S, path="/team-members")
        wait_for_requests(emulator, FOUR, run)
        emulator.clear_faults()

    assert run.returncode == 0, stack.told()
    calls = [each.query["calls"] for each in emulator.requests if "calls" in each.query]
    assert len(calls) == len(emulator.meetings()) == COUNT
    return max(int(each) for (each,) in calls), stack.told()


def wait_for_requests(emulator: Emulator, count: int, run: subprocess.Popen[str]) -> None:
    """
    Wait until so many requests are held by the one fault there is.
    """
    assert wait_until(lambda: emulator.faults[0]["struck"] >= count, run), "the run ended before so many requests came"


@pytest.mark.one_host("dynamic", "the native provider isn't run by Pulumi's dynamic host")
def test_links_are_created_more_than_four_at_a_time_and_resources_of_other_providers_four(
    tmp_path: Path, emulator: Emulator
) -> None:
    """
    The server sees more than four requests of this package at a time, and at most four of another provider's.
    """
    others, _log = created(tmp_path, emulator, {}, COUNT)

    assert others == FOUR


@pytest.mark.matrix
@pytest.mark.one_host("dynamic", "the native provider isn't run by Pulumi's dynamic host")
def test_an_unknown_executor_keeps_its_four_threads_and_the_log_says_so(tmp_path: Path, emulator: Emulator) -> None:
    """
    Only the standard library's executor is changed; with another one, links are created as Pulumi made it.
    """
    others, log = created(tmp_path, emulator, {"PYTHONPATH": str(PROGRAMS / "threads" / "other_pool")}, FOUR)

    assert others == FOUR
    assert "Pulumi's thread pool isn't as expected" in log


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
    others, _log = created(tmp_path, emulator, variables(PYTHONS[python], sdk), COUNT)

    assert others == FOUR
