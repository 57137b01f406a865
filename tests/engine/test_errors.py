"""
What a user sees of a failure, with the oldest and the newest SDK: which link, what was tried, why, and what to do.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api
from tests.engine.conftest import PROGRAMS
from tests.engine.environments import SDKS, pythons, variables
from tests.engine.stack import Stack

# All on one worker, so that each environment is installed once; see test_upgrades.py.
pytestmark = pytest.mark.xdist_group("environments")

STRUCTLOG = """
def get_logger(*_names):
    return None  # which logs nothing
"""


@pytest.fixture(params=[pytest.param(sdk, marks=[] if sdk == "newest" else pytest.mark.matrix) for sdk in SDKS])
def stack(request: pytest.FixtureRequest, tmp_path: Path, emulator: Emulator) -> Stack:
    """
    Give a stack that runs on the oldest or the newest SDK, in an environment that has structlog.
    """
    python = next(iter(pythons().values()))
    environment = {**emulator.environment(), **variables(python, request.param)}
    (tmp_path / "structlog.py").write_text(STRUCTLOG)
    environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
    return Stack(PROGRAMS / "links", tmp_path, environment)


def told(said: str) -> list[str]:
    """
    Return what the engine printed as errors of links, each once.
    """
    lines = [line.partition("error: ")[2] for line in said.splitlines() if "error: " in line]
    own = [line for line in lines if line.rstrip() not in ("update failed", "preview failed", "destroy failed")]
    return list(dict.fromkeys(line.removeprefix("Exception calling application: ") for line in own))


def without_name(line: str) -> str:
    """
    Return an error as every SDK shows it: the newer ones name us.
    """
    return line.removeprefix("neetoCal: ")


def test_every_operation_fails_in_one_sentence(stack: Stack, emulator: Emulator, api: Api) -> None:
    """
    It names the link, what was tried, what the API said and the way out; there is no traceback.
    """
    stack.declare(intro={**LINK, "hosts": ["nobody@acme.example"]})
    created = stack.fails("up", "--yes", "--skip-preview")
    stack.declare(intro=LINK)
    stack.deploy()
    sid = stack.resources()["intro"]["id"]
    emulator.fault("status", status=422, method="PATCH", times=1)
    stack.declare(intro={**LINK, "name": "Introduction"})
    updated = stack.fails("up", "--yes", "--skip-preview")
    emulator.fault("status", status=500, method="GET", times=2)  # the list, and the link by itself
    read = stack.fails("refresh", "--yes", "--skip-preview")
    api.book("intro")
    deleted = stack.fails("destroy", "--yes", "--skip-preview")

    expected = {
        created: "The link 'intro' could not be created: POST meetings was answered with 422: Hosts nobody@acme.",
        updated: f"The link 'intro' ({sid}) could not be updated: PATCH meetings/{sid} was answered with 422",
        read: f"The link 'intro' ({sid}) could not be read: GET meetings/{sid} was answered with 500",
        deleted: f"The link 'intro' ({sid}) could not be deleted: It has 1 upcoming booking: cancel them in the web",
    }
    for said, beginning in expected.items():
        assert [without_name(line)[: len(beginning)] for line in told(said)] == [beginning]
        assert "Traceback" not in said


def test_the_debug_log_shows_requests_and_the_traceback(stack: Stack, emulator: Emulator) -> None:
    """
    On standard error, which the engine shows with its line ends; not the key, and nothing of stamina's or structlog's.
    """
    emulator.fault("status", status=429, times=1, retry_after_s=0)
    stack.declare(intro={**LINK, "hosts": ["nobody@acme.example"]})
    stack.environment(NEETOCAL_LOG="debug")

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "The link 'intro' is to be created" in said
    assert "POST v2/meetings: 429 with" in said
    assert "attempt 1 of 6, waited 0.0 s, rate: " in said
    assert "because of RateLimitedError" in said
    assert "POST v2/meetings: 422 with" in said
    assert "could not be created:\n    Traceback (most recent call last):\n      File " in said
    assert "InvalidRequestError: POST meetings was answered with 422: Hosts …@… is not a member" in said
    assert "structlog" not in said
    assert emulator.environment()["NEETOCAL_API_KEY"] not in said


def test_a_log_that_does_not_exist_is_told_in_the_preview(stack: Stack) -> None:
    """
    As any other setting that is wrong.
    """
    stack.declare(intro=LINK)
    stack.environment(NEETOCAL_LOG="verbose")

    said = stack.fails("preview")

    assert "neetocal:log (environment: NEETOCAL_LOG) is 'verbose', which is no log: use debug, or off." in said
    assert "Traceback" not in said
