"""
What is measured, how long that takes, and the file of the figures.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = [
    "CONTENDERS",
    "ENGINE_CONTENDERS",
    "EXPORT_ALONE",
    "LARGEST",
    "LATENCIES_MS",
    "LINKS",
    "ONE_BY_ONE",
    "OPERATIONS",
    "PAGES",
    "PARALLEL",
    "PLAN",
    "PROVIDERS",
    "REFRESHED",
    "RESULTS",
    "WIDE",
    "WIRE_CONTENDERS",
    "Cell",
    "Figures",
    "Part",
    "Size",
    "cells",
    "estimate",
    "grid",
    "read",
    "write",
]

RESULTS = Path(__file__).parent.parent / ".bench" / "provider.jsonl"

OPERATIONS = ("create", "no change", "update", "refresh", "destroy")
"""In the order in which each run of a cell does them."""

PROVIDERS = ("plain", "dynamic", "native")
ENGINE_CONTENDERS = (*PROVIDERS, "engine")

PAGES, ONE_BY_ONE = "pages alone", "ten GETs at a time"
WIRE_CONTENDERS = (PAGES, ONE_BY_ONE)
"""The requests of a refresh without the engine: pages of the list, or a GET for each link."""

CONTENDERS = (*ENGINE_CONTENDERS, *WIRE_CONTENDERS)

EXPORT_ALONE = "export alone"
"""`neetocal-provider export` of a workspace that no stack manages."""

LINKS, LATENCIES_MS = (1, 10, 40), (0, 100, 250)

WIDE = 32
PARALLEL = (0, WIDE)
"""Values of `--parallel`; 0 is the engine's default, four times the number of processors."""


@dataclass(frozen=True, kw_only=True, order=True)
class Size:
    """
    The size of a stack and the conditions under which all contenders deploy it.

    Attributes:
        parallel: the value of `--parallel`; 0 for the engine's default.
    """

    links: int
    latency_ms: int
    parallel: int = 0

    def __str__(self) -> str:
        links = f"{self.links:,} link{'s' if self.links > 1 else ''}, {self.latency_ms} ms"
        return f"{links}, `--parallel {self.parallel}`" if self.parallel else links


@dataclass(frozen=True, kw_only=True, order=True)
class Cell:
    """
    One run of one contender on a size.
    """

    size: Size
    run: int
    contender: str


@dataclass(frozen=True, kw_only=True)
class Figures:
    """
    What one operation of a cell cost.

    Attributes:
        requests: their number by HTTP method.

        peak: the maximum number of simultaneous requests.

        state_bytes: the size of the state file after the operation.

        memory_kb: the peak memory of the plugin process.

        load: the load average of the machine in the minute before the end.
    """

    cell: Cell
    operation: str
    seconds: float
    requests: Mapping[str, int] = field(default_factory=dict)
    peak: int = 0
    state_bytes: int = 0
    memory_kb: int = 0
    load: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Part:
    """
    Sizes that the same contenders are measured on.

    Attributes:
        runs: how often each cell is run.
    """

    sizes: Sequence[Size]
    contenders: Sequence[str] = PROVIDERS
    operations: Sequence[str] = OPERATIONS
    runs: int = 3


def grid(links: Sequence[int], latencies: Sequence[int], parallel: Sequence[int]) -> list[Size]:
    """
    Return all combinations, small ones first; a single link has nothing to run in parallel, so it has one value.
    """
    return [
        Size(links=count, latency_ms=latency, parallel=limit)
        for count in links
        for limit in parallel
        for latency in latencies
        if count > 1 or limit == parallel[0]
    ]


REFRESHED = Size(links=300, latency_ms=100)
"""Where a refresh is compared with one GET for each link."""

LARGEST = Size(links=1000, latency_ms=0)

PLAN = (
    Part(sizes=grid(LINKS, LATENCIES_MS, PARALLEL)),
    Part(sizes=grid(LINKS, [0], [0]), contenders=["engine"]),
    Part(sizes=[Size(links=120, latency_ms=250, parallel=WIDE)]),
    Part(sizes=[REFRESHED], contenders=CONTENDERS, operations=["create", "refresh"]),
    Part(sizes=[Size(links=10_000, latency_ms=0)], contenders=[EXPORT_ALONE], operations=["export"]),
    Part(sizes=[Size(links=300, latency_ms=250, parallel=WIDE)], contenders=ENGINE_CONTENDERS, runs=2),
    Part(sizes=[LARGEST], operations=["create", "no change", "refresh", "destroy"], runs=1),
)
"""
The default run: what a team's stack takes, and the cells of the promises. The largest ones come last and have fewer
runs and operations, because each takes minutes.
"""


def cells(parts: Iterable[Part]) -> dict[Cell, Sequence[str]]:
    """
    Return the operations of each cell, in the order in which the cells are run.

    The contenders of one size run one after the other, and each run begins with another one.
    """
    return {
        Cell(size=size, run=run, contender=contender): part.operations
        for part in parts
        for size in part.sizes
        for run in range(part.runs)
        for contender in _rotated(part.contenders, run)
    }


def _rotated(contenders: Sequence[str], run: int) -> list[str]:
    first = run % len(contenders)
    return [*contenders[first:], *contenders[:first]]


_COMMAND_S, _LINK_S, _SAVED_S = 1.4, 0.008, 5e-5
"""
Seconds that a command of the engine takes by itself, for each link, and for writing one link's state once; of a run on
two cores.
"""


def estimate(cell: Cell, operations: Iterable[str]) -> float:
    """
    Return the approximate duration of a cell in seconds.
    """
    links, in_engine = cell.size.links, cell.contender in ENGINE_CONTENDERS
    return sum(
        (_COMMAND_S + links * _LINK_S if in_engine else 0.0)
        + (links**2 * _SAVED_S if in_engine and operation not in ("no change", "refresh") else 0.0)
        + (0.0 if operation == "no change" else _waiting_s(cell, operation))
        for operation in operations
    )


def _waiting_s(cell: Cell, operation: str) -> float:
    at_once = {"plain": 4, ONE_BY_ONE: 10}.get(cell.contender, cell.size.parallel or 4 * (os.cpu_count() or 1))
    is_listed = operation in ("refresh", "export") and cell.contender not in ("plain", ONE_BY_ONE)
    rounds = cell.size.links / (100 if is_listed else at_once)
    return 0.0 if cell.contender == "engine" else rounds * cell.size.latency_ms / 1000


def write(figures: Iterable[Figures], path: Path = RESULTS) -> None:
    """
    Add figures to the file, a line for each.
    """
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.writelines(f"{json.dumps(asdict(each))}\n" for each in figures)


def read(path: Path = RESULTS) -> Iterator[Figures]:
    """
    Yield the figures of the file, oldest first; none if there is no file.
    """
    for line in path.read_text().splitlines() if path.exists() else ():
        row = json.loads(line)
        cell = {**row["cell"], "size": Size(**row["cell"]["size"])}
        yield Figures(**{**row, "cell": Cell(**cell)})
