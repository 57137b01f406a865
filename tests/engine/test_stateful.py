"""
The lives of tests/core/test_stateful.py on the real engine: fewer, because each step takes seconds.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from neetocal_emulator import Emulator
from tests.core.engine import Program
from tests.core.test_stateful import live
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack


class EngineStack:
    """
    A stack of the real engine as those lives see it.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def up(self, program: Program) -> list[str]:
        """
        Deploy, and return what went wrong.
        """
        self._stack.declare(**program)
        said = self._stack.attempt()
        assert "Traceback" not in said
        return [said] if said else []

    def refresh(self) -> None:
        """
        Take over what has become of the links.
        """
        self._stack.refresh()

    def changes(self, program: Program) -> dict[str, Any]:
        """
        Return what a preview would show.
        """
        self._stack.declare(**program)
        return {step: count for step, count in self._stack.preview().items() if step != "same"}

    def sids(self) -> dict[str, str]:
        """
        Return the sid of each recorded link.
        """
        return {name: resource["id"] for name, resource in self._stack.resources().items()}

    def declared(self) -> dict[str, set[str]]:
        """
        Return the optional arguments that each recorded link was given.
        """
        return {name: set(each["outputs"]["declared"]) for name, each in self._stack.resources().items()}


@pytest.mark.matrix
def test_program_and_store_end_equal_on_the_engine(tmp_path: Path, emulator: Emulator) -> None:
    """
    Whatever happened, the last deployment brings what is declared, and the preview after it is quiet.
    """
    numbers = itertools.count()

    def deployed(api_version: str) -> EngineStack:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        environment = {**emulator.environment(), "NEETOCAL_API_VERSION": api_version}
        return EngineStack(Stack(PROGRAMS / "links", folder, environment))

    live(
        emulator,
        deployed,
        settings(
            max_examples=4,
            stateful_step_count=10,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
