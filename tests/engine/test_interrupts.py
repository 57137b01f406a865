"""
Ctrl-C, as a terminal sends it.
"""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.chaos.processes import wait_until
from tests.engine.stack import Stack

LINKS: dict[str, dict[str, Any]] = {
    f"link-{number}": {"slug": f"link-{number}", "name": f"{number}", "hosts": ["ada@acme.example"], "duration": 30}
    for number in range(12)
}
HELD_S = 60.0
"""Seconds for which the emulator holds a request unless the test ends that."""

IN_TIME = 60.0
"""Seconds for what takes two, on a busy machine."""


@pytest.mark.parametrize("api_version", ["v2"])
def test_ctrl_c_lets_what_is_under_way_finish(stack: Stack, emulator: Emulator) -> None:
    """
    The signal goes to all processes of the terminal; the run ends by itself, and the next one makes what is missing.
    """
    emulator.fault("latency", method="POST", path="/meetings", seconds=HELD_S)
    stack.declare(**LINKS)

    # Two at a time, so that most are still to begin when the signal comes, however slow or large the machine is.
    with stack.started("up", "--yes", "--skip-preview", "--parallel", "2") as run:
        assert wait_until(lambda: emulator.faults[0]["struck"] == 2, run)
        os.killpg(run.pid, signal.SIGINT)
        assert wait_until(lambda: "^C received; cancelling" in stack.told(), run)
        emulator.clear_faults()
        assert run.wait(IN_TIME) != 0

    made = {meeting["sid"] for meeting in emulator.meetings()}
    assert 0 < len(made) < len(LINKS)
    assert {link["id"] for link in stack.resources().values()} == made
    # The plugin refuses a call that comes after the signal, and the run has failed then.
    assert ("update canceled" if stack.host == "dynamic" else "cancel") in stack.told()
    assert "Traceback" not in stack.told()
    assert stack.up() == {"same": len(made), "create": len(LINKS) - len(made)}
    assert {link["id"] for link in stack.resources().values()} == {each["sid"] for each in emulator.meetings()}
