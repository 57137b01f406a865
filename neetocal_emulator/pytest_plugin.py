"""
A plugin for pytest: `neetocal_emulator` is a running emulator, back at its seed for each test.

    def test_my_program(neetocal_environment, neetocal_emulator):
        run_my_program()        # finds the emulator by its environment variables

        assert [link["slug"] for link in neetocal_emulator.meetings()] == ["sales-demo"]

One emulator serves all tests of a session, or of a worker of pytest-xdist; a seed or
switches of their own, given by overriding their fixtures in a conftest, a module or a
class, have one of their own. Nothing of the server is imported before the first use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from neetocal_emulator.emulator import Emulator

__all__ = [
    "neetocal_emulator",
    "neetocal_emulator_seed",
    "neetocal_emulator_switches",
    "neetocal_environment",
]

_Seed = Mapping[str, Any] | Path | str | None
_Fresh = Callable[[_Seed, Mapping[str, object]], "Emulator"]


@pytest.fixture(scope="session")
def neetocal_emulator_seed() -> _Seed:
    """
    What the emulator holds at the start of each test: a dict or a YAML file's path; override it.
    """
    return None


@pytest.fixture(scope="session")
def neetocal_emulator_switches() -> Mapping[str, object]:
    """
    How the emulator behaves where neetoCal's documentation is silent; override it.
    """
    return {}


@pytest.fixture(scope="session")
def _neetocal_emulators() -> Iterator[_Fresh]:
    from neetocal_emulator.emulator import Emulator

    running: dict[str, Emulator] = {}

    def fresh(seed: _Seed, switches: Mapping[str, object]) -> Emulator:
        key = json.dumps([seed, switches], sort_keys=True, default=repr)
        if key not in running:
            running[key] = servers.enter_context(Emulator(seed=seed, switches=switches))
        # A test may have given it another seed, to which a reset would go back.
        running[key].renew()
        return running[key]

    with ExitStack() as servers:
        yield fresh


@pytest.fixture
def neetocal_emulator(
    _neetocal_emulators: _Fresh,
    neetocal_emulator_seed: _Seed,
    neetocal_emulator_switches: Mapping[str, object],
) -> Emulator:
    """
    A running neetoCal emulator at its seed, with an empty journal and its first switches.
    """
    return _neetocal_emulators(neetocal_emulator_seed, neetocal_emulator_switches)


@pytest.fixture
def neetocal_environment(neetocal_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """
    The environment variables that point a client to the emulator's first workspace, set for this test.
    """
    variables = neetocal_emulator.environment()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables
