"""
Deploy a version's program to an emulator, and keep the state and the workspace.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neetocal_emulator import Emulator
from tests.engine.stack import Stack

FOLDER = Path(__file__).parent
BASE_URL = "http://127.0.0.1:1"
"""Stands for the emulator's address in what is kept."""


def record(version: str) -> None:
    """
    Write `state.json` and `seed.json` of a version.
    """
    folder = FOLDER / version
    with Emulator() as emulator, tempfile.TemporaryDirectory() as temporary:
        stack = Stack(FOLDER.parent / "programs" / "links", Path(temporary), emulator.environment())
        stack.declare(**json.loads((folder / "links.json").read_text()))
        stack.up()
        state = stack.state()
        for resource in state["deployment"]["resources"]:
            # Where the program's lines were, on this machine.
            for name in ("sourcePosition", "stackTrace"):
                resource.pop(name, None)
        exported = json.dumps(state, indent=1).replace(emulator.url, BASE_URL)
        meetings = [_seeded(meeting) for meeting in emulator.meetings()]
    (folder / "state.json").write_text(exported + "\n")
    (folder / "seed.json").write_text(json.dumps(meetings, indent=1) + "\n")


def _seeded(meeting: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a link as a seed tells it.
    """
    own = {name: value for name, value in meeting.items() if name != "durations_possible"}
    return {**own, "hosts": [host["email"] for host in meeting["hosts"]]}


if __name__ == "__main__":
    record(sys.argv[1])
