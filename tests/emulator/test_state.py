"""
State files: what outlives the emulator.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from neetocal_emulator import Emulator, StateError
from neetocal_emulator.errors import BusyError
from neetocal_emulator.store import database
from tests.emulator.api import LINK, Api

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


def test_a_kill_in_the_middle_of_writing_keeps_what_was_answered(tmp_path: Path) -> None:
    """
    Four clients write until the process is killed: what they were told is in the file, which opens again.
    """
    path = tmp_path / "state.db"
    command = [sys.executable, "-c", SERVER, str(path)]
    answered: list[str] = []
    enough = threading.Event()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # ours
        assert process.stdout is not None
        url = process.stdout.readline().strip()

        def write(client: int) -> None:
            api = Api(url)
            with contextlib.suppress(httpx.TransportError):
                for number in itertools.count():
                    answered.append(api.create(slug=f"link-{client}-{number}")["slug"])
                    if len(answered) >= 60:
                        enough.set()
            api.close()

        writers = [threading.Thread(target=write, args=(client,)) for client in range(4)]
        for writer in writers:
            writer.start()
        assert enough.wait(60)
        os.kill(process.pid, signal.SIGKILL)
        for writer in writers:
            writer.join()

    with Emulator(state=path) as emulator:
        kept = {each["slug"] for each in emulator.meetings()}
        api = Api(emulator.url)
        api.create(slug="afterwards")
        api.close()
    assert set(answered) <= kept
    assert len(kept - set(answered)) <= 4  # done, but killed before the answer
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


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


def test_a_life_without_links_repeats_no_ids(tmp_path: Path) -> None:
    """
    Runs that add members only, or bookings only, begin another sequence of ids each time.
    """
    seed = {
        "random_seed": 7,
        "workspaces": {"x": {"api_keys": ["k"], "team_members": [{"email": "a@x.example"}]}},
    }
    booking = {"meeting_slug": "intro", "name": "Eve", "email": "eve@example.com", "time_zone": "UTC"}
    for number in range(4):
        with Emulator(state=tmp_path / "state.db", seed=seed) as emulator:
            api = Api(emulator.url, key="k")
            if number == 0:
                api.create(hosts=["a@x.example"])
            assert api.post("/team-members", {"emails": [f"b{number}@x.example"]}).is_success
            assert api.post("/bookings", booking).is_success
            found = api.get("/bookings").json()["bookings"]
            api.close()

    assert len({each["id"] for each in found}) == 4


def test_a_damaged_file_is_told_at_the_start(tmp_path: Path) -> None:
    """
    A file that is ours and lost its pages is refused with a sentence.
    """
    path = tmp_path / "state.db"
    with Emulator(state=path):
        pass
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))

    with pytest.raises(StateError, match=r"state\.db cannot be used"):
        Emulator(state=path).start()


def test_a_locked_file_is_told_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A file that another program keeps for itself is refused with a sentence.
    """
    monkeypatch.setattr(database, "_LOCK_SECONDS", 0)
    path = tmp_path / "state.db"
    with Emulator(state=path):
        pass

    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError, match="locked"):
            Emulator(state=path).start()


def test_a_file_locked_meanwhile_is_read_and_told(tmp_path: Path) -> None:
    """
    While another program writes, reads are answered, writes are 503 after a while, and nothing of them is done.
    """
    path = tmp_path / "state.db"
    with Emulator(state=path) as emulator, contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        api = Api(emulator.url)
        meeting = api.create()
        snapshot = emulator.snapshot()
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor() as pool:
            waiting = [
                pool.submit(api.post, "/meetings", {**LINK, "slug": "other"}),
                pool.submit(httpx.post, f"{emulator.url}/_emulator/reset"),
                pool.submit(httpx.post, f"{emulator.url}/_emulator/snapshots/{snapshot}/restore"),
            ]
            read = api.get("/meetings").json()["meetings"]
        with pytest.raises(BusyError, match="locked by another process"):
            emulator.reset()
        other.execute("ROLLBACK")

        assert [meeting] == read == emulator.meetings()
        for response in (each.result() for each in waiting):
            assert (response.status_code, response.headers["retry-after"]) == (503, "1")
            assert "locked by another process" in response.json()["error"]
        assert api.create(slug="other")["slug"] == "other"
        api.close()


def test_a_write_waits_for_a_lock_that_goes(tmp_path: Path) -> None:
    """
    A change that finds the file locked is made once the other program is done.
    """
    path = tmp_path / "state.db"
    with Emulator(state=path) as emulator, contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        api = Api(emulator.url)
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(api.create)
            api.get("/meetings")
            other.execute("ROLLBACK")

        assert [waiting.result()] == emulator.meetings()
        api.close()


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
