"""
A key that was replaced: every operation goes on with the new one, or says where to put it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack

OLD, NEW, WRONG = "old-key-of-acme-0123456789", "new-key-of-acme-0123456789", "wrong-key-of-acme-0123456789"
INTRO: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
SEED = {
    "workspaces": {
        "acme": {
            "api_keys": [OLD],
            "team_members": [{"first_name": "Ada", "last_name": "Okafor", "email": "ada@acme.example"}],
        },
        "globex": {"api_keys": ["key-of-globex-0123456789"]},
    }
}


@pytest.fixture
def rotating(tmp_path: Path) -> Iterator[tuple[Emulator, Callable[[], None]]]:
    """
    Give an emulator that takes the old key, and a function after which it takes the new one alone.
    """
    file = tmp_path / "emulator.sqlite"
    emulator = Emulator(seed=SEED, state=file)
    emulator.start()
    port = emulator.port
    running = [emulator]

    def rotate() -> None:
        running.pop().stop()
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("UPDATE api_keys SET key = ? WHERE key = ?", (NEW, OLD))
        again = Emulator(state=file, port=port)
        again.start()
        running.append(again)

    yield emulator, rotate
    running.pop().stop()


@pytest.fixture
def rotate(rotating: tuple[Emulator, Callable[[], None]]) -> Callable[[], None]:
    """
    Give the function that replaces the key.
    """
    return rotating[1]


@pytest.fixture
def stack(tmp_path: Path, rotating: tuple[Emulator, Callable[[], None]]) -> Stack:
    """
    Give a stack with one link, whose key is not set yet.
    """
    folder = tmp_path / "stack"
    folder.mkdir()
    environment = {"NEETOCAL_BASE_URL": rotating[0].url, "NEETOCAL_WORKSPACE": "acme"}
    stack = Stack(PROGRAMS / "links", folder, environment)
    stack.environment(NEETOCAL_API_KEY=None)
    stack.declare(intro=INTRO)
    return stack


def test_a_key_of_the_environment_is_always_the_present_one(stack: Stack, rotate: Callable[[], None]) -> None:
    """
    Nothing of it is recorded, so nothing of it can be old.
    """
    stack.environment(NEETOCAL_API_KEY=OLD)
    stack.deploy()
    rotate()
    stack.environment(NEETOCAL_API_KEY=NEW)

    assert stack.deploy() == {"same": 1}
    assert stack.refresh() == {"refresh": 1}
    stack.declare(intro={**INTRO, "name": "Another"})
    assert stack.up() == {"update": 1}
    assert stack.destroy() == {"delete": 1}


def test_a_key_of_the_config_is_present_where_the_program_runs(stack: Stack, rotate: Callable[[], None]) -> None:
    """
    That is always so under `pulumi up` and preview, and under refresh and destroy with --run-program.
    """
    stack.config("neetocal:apiKey", OLD, "--secret")
    stack.deploy()
    rotate()
    stack.config("neetocal:apiKey", NEW, "--secret")

    assert stack.preview() == {"same": 1}
    assert stack.refresh("--run-program") == {"refresh": 1}
    stack.declare(intro={**INTRO, "name": "Another"})
    assert stack.up() == {"update": 1}
    assert stack.destroy("--run-program") == {"same": 1, "delete": 1}


def test_a_recorded_key_that_is_refused_says_so(stack: Stack, rotate: Callable[[], None]) -> None:
    """
    The new key in the stack config is not seen without the program: the sentence names both ways out.
    """
    stack.config("neetocal:apiKey", OLD, "--secret")
    stack.deploy()
    rotate()
    stack.config("neetocal:apiKey", NEW, "--secret")

    for operation in ("refresh", "destroy"):
        said = stack.fails(operation, "--yes", "--skip-preview")
        assert "was answered with 401: Could not authenticate, invalid API Key. The refused key is the stack" in said
        assert "take as the last `pulumi up` recorded it: after a change add --run-program, or set NEETOCAL_API" in said
        assert "Traceback" not in said
    assert stack.resources().keys() == {"intro"}


def test_a_refused_recorded_key_gives_way_to_the_environments(stack: Stack, rotate: Callable[[], None]) -> None:
    """
    Refresh and destroy work as they are, with the same workspace and address named in the environment or none.
    """
    stack.config("neetocal:apiKey", OLD, "--secret")
    stack.config("neetocal:workspace", "acme")
    stack.deploy()
    rotate()
    stack.environment(NEETOCAL_API_KEY=NEW)

    assert stack.refresh() == {"refresh": 1}
    stack.environment(NEETOCAL_WORKSPACE=None)
    assert stack.destroy() == {"delete": 1}


def test_an_up_does_not_try_another_key_than_the_stacks(stack: Stack, rotate: Callable[[], None]) -> None:
    """
    A stack that says which key it uses is not overruled by a shell.
    """
    stack.config("neetocal:apiKey", OLD, "--secret")
    rotate()
    stack.environment(NEETOCAL_API_KEY=NEW)

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "POST meetings was answered with 401" in said
    assert "Give a valid key of this workspace: `pulumi config set --secret neetocal:apiKey`" in said


@pytest.mark.parametrize(
    "meant_for",
    [
        {"NEETOCAL_WORKSPACE": "globex"},
        {"NEETOCAL_BASE_URL": "http://127.0.0.1:9"},
        pytest.param({"NEETOCAL_BASE_URL": "nowhere"}, marks=pytest.mark.matrix),
    ],
    ids=str,
)
def test_a_key_that_is_meant_for_another_place_is_not_sent(
    stack: Stack, rotating: tuple[Emulator, Callable[[], None]], meant_for: dict[str, str]
) -> None:
    """
    Workspace and address of the environment must be those of the stack.
    """
    emulator, rotate = rotating
    stack.config("neetocal:apiKey", OLD, "--secret")
    stack.config("neetocal:workspace", "acme")
    stack.config("neetocal:baseUrl", emulator.url)
    stack.deploy()
    rotate()
    stack.environment(NEETOCAL_API_KEY=NEW, **meant_for)

    said = stack.fails("destroy", "--yes", "--skip-preview")

    assert "was answered with 401" in said
    assert "add --run-program" in said


def test_both_keys_may_be_refused(stack: Stack, rotate: Callable[[], None]) -> None:
    """
    The sentence names both.
    """
    stack.config("neetocal:apiKey", OLD, "--secret")
    stack.deploy()
    rotate()
    stack.environment(NEETOCAL_API_KEY=WRONG)

    said = stack.fails("refresh", "--yes", "--skip-preview")

    assert "The key that the last `pulumi up` recorded was refused, and so was NEETOCAL_API_KEY" in said
    assert not any(key in said for key in (OLD, NEW, WRONG))


def test_a_key_that_moved_into_the_config_needs_the_program(stack: Stack) -> None:
    """
    What was not in the config at the last `pulumi up` is missing; the sentence says how to let it be read.
    """
    stack.environment(NEETOCAL_API_KEY=OLD)
    stack.deploy()
    stack.environment(NEETOCAL_API_KEY=None)
    stack.config("neetocal:apiKey", OLD, "--secret")

    said = stack.fails("destroy", "--yes", "--skip-preview")

    assert "neetocal:apiKey is not set" in said
    assert "take the stack config as the last `pulumi up` recorded it: after a change add --run-program." in said
    assert stack.destroy("--run-program") == {"same": 1, "delete": 1}
