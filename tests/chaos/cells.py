"""
Every fault at every operation: the core, over real HTTP, without the engine.

A cell is a run of its own, against an emulator of its own: the operation under the fault, then one clean deployment,
as the sentence says, then the comparison of workspace, state and program.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client
from neetocal_provider.settings import Settings
from tests.chaos.faults import BEYOND_PATIENCE, FAULTS, LATE, PATIENCE
from tests.chaos.operations import OPERATIONS, Operation
from tests.chaos.verdict import judged
from tests.core.engine import CoreStack

__all__ = ["MOMENTS", "Cell", "Outcome", "all_cells", "is_sentence", "run", "run_all"]

MOMENTS = ("first", "k-th", "from the k-th on")
State = dict[str, tuple[str, dict[str, Any]]]
"""Sid and outputs by resource name."""

ATTEMPTS = 3
LONG_PATIENCE = 3.0
"""Seconds, with which a few refusals are waited out and a lasting one is not."""

AT_ONCE = 12
SUCCESS, ERROR, ADOPTED = "success", "error", "error, then adopted"
FAILURES = ("lost", "doubled", "unclear", "broken")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """
    A fault, at some of the requests of an operation, in one version of the API.
    """

    operation: str
    fault: str
    moment: str
    api_version: str
    seed: int = 0

    def __str__(self) -> str:
        return f"{self.operation} · {self.fault} · {self.moment} · {self.api_version} · seed {self.seed}"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """
    How a cell ended: `success`; `error`, which is a clear message, and exact after the deployment that it asks for;
    `error, then adopted` if that deployment first reported what to do; or what went wrong.
    """

    word: str
    detail: str = ""

    @property
    def is_failure(self) -> bool:
        """
        Whether no run may end so.
        """
        return self.word in FAILURES


def all_cells(seed: int, count: int) -> list[Cell]:
    """
    Return every cell; those with a k-th request so many times, each with a k of its own.
    """
    return [
        Cell(operation=operation, fault=fault, moment=moment, api_version=api_version, seed=seed + turn)
        for operation in OPERATIONS
        for fault in FAULTS
        for moment in MOMENTS
        for api_version in ("v2", "v1")
        for turn in range(1 if moment == "first" else count)
    ]


def run_all(cells: list[Cell]) -> Iterator[tuple[Cell, Outcome]]:
    """
    Run cells, several at once, and yield how they ended, in order.
    """
    lengths = {
        (operation, version): _length(OPERATIONS[operation], version)
        for operation, version in dict.fromkeys((cell.operation, cell.api_version) for cell in cells)
    }
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip(
            cells, pool.map(lambda cell: run(cell, lengths[cell.operation, cell.api_version]), cells), strict=True
        )


def run(cell: Cell, length: int | None = None) -> Outcome:
    """
    Run one cell.

    Args:
        cell: what to run.

        length: how many requests the operation makes where nothing goes wrong; by default it is found out.
    """
    operation = OPERATIONS[cell.operation]
    try:
        length = length or _length(operation, cell.api_version)
        with _begun(operation, cell.api_version) as (emulator, settings, state):
            emulator.fault(**FAULTS[cell.fault], **operation.where(), **_strikes(cell, length))
            patient = PATIENCE if cell.fault in BEYOND_PATIENCE else LONG_PATIENCE
            with _stack(replace(settings, max_attempts=ATTEMPTS, timeout=patient), state) as stack:
                troubles = without_notes([*operation.work(stack, operation.program), *stack.warnings])
            emulator.clear_faults()
            if cell.fault in BEYOND_PATIENCE:
                Event().wait(LATE)  # until the work is done for whose answer nobody has waited
            return _settled(emulator, settings, state, operation, troubles)
    except Exception:  # noqa: BLE001 - whatever escapes is what the cell is about
        return Outcome(word="broken", detail=traceback.format_exc())


def is_sentence(text: str) -> bool:
    """
    Whether a text is what a user should read of a failure: a line of prose, and not an endless one.
    """
    return 20 < len(text) < 900 and text.endswith(".") and "\n" not in text and "Traceback" not in text


def without_notes(said: list[str]) -> list[str]:
    """
    Return what went wrong, without what only tells of a link that was taken over.
    """
    return [sentence for sentence in said if " was taken over and changed in " not in sentence]


@contextmanager
def _begun(operation: Operation, api_version: str) -> Iterator[tuple[Emulator, Settings, State]]:
    """
    Give an emulator, its settings, and the state of a stack that has deployed what comes before the operation.
    """
    with Emulator(switches={"nested_options_on_create": "ignored"}) as emulator:
        environment = emulator.environment()
        settings = Settings(
            workspace="acme",
            api_key=environment["NEETOCAL_API_KEY"],
            base_url=environment["NEETOCAL_BASE_URL"],
            api_version=api_version,
        )
        with _stack(settings, {}) as stack:
            troubles = stack.up(operation.before)
            if troubles:
                raise AssertionError(troubles)
        if operation.is_adopting:
            yield emulator, replace(settings, adopt=True), {}
        else:
            yield emulator, settings, stack.state


@contextmanager
def _stack(settings: Settings, state: State) -> Iterator[CoreStack]:
    """
    Give a stack that goes on from a state, and writes to it, as a process of its own would.
    """
    with closing(Client(settings)) as client:
        stack = CoreStack(client)
        stack.state = state
        yield stack


def _length(operation: Operation, api_version: str) -> int:
    """
    Return how many requests an operation makes that a fault may strike.
    """
    with _begun(operation, api_version) as (emulator, settings, state):
        emulator.fault("latency", seconds=0, **operation.where())
        with _stack(settings, state) as stack:
            troubles = operation.work(stack, operation.program)
        matched: int = emulator.faults[0]["matched"]
    if without_notes(troubles) or matched < 2:
        raise AssertionError(f"{matched} requests, {troubles}")
    return matched


def _strikes(cell: Cell, length: int) -> Mapping[str, Any]:
    if cell.moment == "first":
        return {"first": 1, "times": 1}
    draw = random.Random(f"{cell}")  # noqa: S311 - so that a run repeats
    if cell.moment == "k-th":
        return {"first": draw.randint(2, length), "times": 1}
    return {"first": draw.randint(1, length)}


def _settled(
    emulator: Emulator, settings: Settings, state: State, operation: Operation, troubles: list[str]
) -> Outcome:
    """
    Deploy once more without faults, as the sentences say, and judge what is there then.
    """
    unclear = [trouble for trouble in troubles if not is_sentence(trouble)]
    if unclear:
        return Outcome(word="unclear", detail="\n".join(unclear))
    left, runs = _deployed(settings, state, operation, troubles)
    with _stack(settings, state) as stack:
        sids = {operation.program[name]["slug"]: sid for name, sid in stack.sids().items() if name in operation.program}
        unknown = stack.sids().keys() - operation.program.keys()
        stack.refresh()
        differing = stack.changes(operation.program)
    verdict = judged(emulator.meetings(), sids, [link["slug"] for link in operation.program.values()])
    if verdict.doubled:
        return Outcome(word="doubled", detail=f"{verdict}")
    if left or unknown or differing or not verdict.is_exact:
        return Outcome(word="lost", detail=f"{verdict}; {left}; {unknown or ''}; {differing}; told: {troubles}")
    word = SUCCESS if not troubles else ERROR if runs == 1 else ADOPTED
    return Outcome(word=word, detail="\n".join(troubles))


def _deployed(settings: Settings, state: State, operation: Operation, troubles: list[str]) -> tuple[list[str], int]:
    """
    Deploy as the sentences say, and return what is still wrong, and after how many runs.

    A second run is made where only the first one says that a link may be taken over.
    """
    said, runs = troubles, 0
    while runs == 0 or (runs == 1 and _asks_for_adoption(said) and not _asks_for_adoption(troubles)):
        adopt = settings.adopt or _asks_for_adoption(said)
        with _stack(replace(settings, adopt=adopt), state) as stack:
            said = without_notes([*stack.up(operation.program), *stack.warnings])
        runs += 1
    return said, runs


def _asks_for_adoption(said: list[str]) -> bool:
    return any("NEETOCAL_ADOPT" in sentence for sentence in said)
