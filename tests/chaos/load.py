"""
Many stacks of one workspace at once, while requests fail at random.

Each stack is deployed, changed and deployed again, and where a run fails its sentences are followed, until nothing is
left to do. In the end the workspace is compared with all programs and all states.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neetocal_emulator import Emulator
from tests.chaos.faults import MIXED
from tests.chaos.verdict import Verdict, judged
from tests.engine.stack import Stack

__all__ = ["Load", "Loaded", "loaded"]

PROGRAM = Path(__file__).parent.parent / "engine" / "programs" / "links"
RUNS = 8
"""After so many failed runs in a row a stack counts as stuck."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """
    How much at once: stacks, links in each, stacks at a time, and the share of requests that fail.
    """

    stacks: int = 40
    links: int = 50
    at_once: int = 8
    share: float = 0.05
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """
    What became of it.

    Attributes:
        requests: how many the API has seen, and how many of them a fault struck.

        runs: of the engine that deployed, and how many of them failed and were repeated.

        troubles: what no repetition mended, and every traceback; empty where all is well.
    """

    verdict: Verdict
    links: int
    requests: int
    struck: int
    runs: int
    failed: int
    troubles: tuple[str, ...]

    @property
    def is_failure(self) -> bool:
        """
        Whether anything is not as promised.
        """
        return bool(self.troubles) or not self.verdict.is_exact


@dataclass(frozen=True, kw_only=True)
class _Deployed:
    sids: dict[str, str]
    runs: int
    failed: int
    troubles: tuple[str, ...]


def loaded(folder: Path, load: Load) -> Loaded:
    """
    Deploy and change all stacks, and judge.
    """
    with Emulator() as emulator:
        for number, fault in enumerate(MIXED):
            emulator.fault(**fault, probability=load.share / len(MIXED), seed=load.seed + number)
        with ThreadPoolExecutor(load.at_once) as pool:
            deployed = list(pool.map(lambda number: _lived(folder, emulator, load, number), range(load.stacks)))
        slugs = [link["slug"] for number in range(load.stacks) for link in _program(load, number, 1).values()]
        sids = {slug: sid for each in deployed for slug, sid in each.sids.items()}
        return Loaded(
            verdict=judged(emulator.meetings(), sids, slugs),
            links=len(slugs),
            requests=emulator.faults[0]["matched"],  # all of them: nothing is before the first fault
            struck=sum(fault["struck"] for fault in emulator.faults),
            runs=sum(each.runs for each in deployed),
            failed=sum(each.failed for each in deployed),
            troubles=tuple(trouble for each in deployed for trouble in each.troubles),
        )


def _lived(folder: Path, emulator: Emulator, load: Load, number: int) -> _Deployed:
    (folder / f"{number}").mkdir()
    stack = Stack(PROGRAM, folder / f"{number}", emulator.environment())
    failures: list[str] = []
    lasting: list[str] = []
    runs = 0
    for turn in (0, 1):
        stack.declare(**_program(load, number, turn))
        said = list(_said(stack))
        runs += len(said) + 1
        failures += said
        lasting += said[-1:] if len(said) == RUNS else []
    return _Deployed(
        sids={link["outputs"]["slug"]: link["id"] for link in stack.resources().values()},
        runs=runs,
        failed=len(failures),
        troubles=(*lasting, *(said for said in failures if "Traceback" in said)),
    )


def _said(stack: Stack) -> Iterator[str]:
    """
    Deploy until that works, and yield what each failure said.
    """
    for _ in range(RUNS):
        said = stack.attempt()
        if not said:
            return
        yield said
        stack.environment(NEETOCAL_ADOPT="1" if "NEETOCAL_ADOPT=1" in said else None)


def _program(load: Load, number: int, turn: int) -> dict[str, dict[str, Any]]:
    return {
        f"link-{each}": {
            "slug": f"team-{number}-{each}",
            "name": f"{('Call', 'Talk')[turn]} {each} of team {number}",
            "hosts": ["ada@acme.example"],
            "duration": (30, 45)[turn],
        }
        for each in range(load.links)
    }
