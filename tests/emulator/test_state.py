"""
State files: what outlives the emulator.
"""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from neetocal_emulator import Emulator, StateError
from tests.emulator.api import Api

SERVER = """
import sys, threading
from neetocal_emulator import Emulator
emulator = Emulator(state=sys.argv[1])
emulator.start()
print(emulator.url, flush=True)
threading.Event().wait()
"""


def test_a_state_file_outlives_the_emulator(tmp_path: Path) -> None:
    """
    Links are there again, and the seed is not applied a second time.
    """
    path = tmp_path / "state.db"
    with Emulator(state=path) as emulator:
        api = Api(emulator.url)
        meeting = api.create()
        api.post("/team-members", {"emails": ["new@acme.example"]})
        api.close()

    with Emulator(state=path, seed={"workspaces": {"other": {"api_keys": ["k"]}}}) as emulator:
        assert [meeting] == emulator.meetings()
        assert emulator.workspaces == ["acme", "globex"]


def test_a_killed_emulator_loses_nothing(tmp_path: Path) -> None:
    """
    What was answered is in the file, though the process had no time to close it.
    """
    path = tmp_path / "state.db"
    command = [sys.executable, "-c", SERVER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # ours
        assert process.stdout is not None
        api = Api(process.stdout.readline().strip())
        created = [api.create(slug=f"link-{number}") for number in range(20)]
        process.send_signal(signal.SIGKILL)
        api.close()

    with Emulator(state=path) as emulator:
        assert sorted(each["slug"] for each in created) == [each["slug"] for each in emulator.meetings()]


def test_repeatable_ids_do_not_repeat_over_a_restart(tmp_path: Path) -> None:
    """
    A second run with the same random_seed makes other ids than the first.
    """
    seed = {
        "random_seed": 7,
        "workspaces": {"x": {"api_keys": ["k"], "team_members": [{"email": "a@x.example"}]}},
    }
    for number in range(2):
        with Emulator(state=tmp_path / "state.db", seed=seed) as emulator:
            api = Api(emulator.url, key="k")
            api.create(slug=f"link-{number}", hosts=["a@x.example"], durations=[{"duration": 5}])
            api.close()
            meetings = emulator.meetings()

    assert len({each["sid"] for each in meetings}) == 2
    assert len({each["durations"][0]["id"] for each in meetings}) == 2


@pytest.mark.parametrize("content", [b"not a database at all, surely, but long enough to look at", None])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, content: bytes | None) -> None:
    """
    Neither a text nor another program's database is taken for ours.
    """
    path = tmp_path / "state.db"
    if content is None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE theirs (x)")
        connection.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()

    with pytest.raises(StateError, match=r"state\.db"):
        Emulator(state=path).start()
    assert before == path.read_bytes()
