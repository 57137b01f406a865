"""
What is measured, and where it is written down.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = [
    "AT_ONCE",
    "CONTENDERS",
    "ENGINE_CONTENDERS",
    "EXPORTED_LINKS",
    "EXPORT_ALONE",
    "LATENCIES_MS",
    "LINKS",
    "NATIVE_MS",
    "ONE_BY_ONE",
    "OPERATIONS",
    "PROMISED_LINKS",
    "PROMISED_MS",
    "RESULTS",
    "WAITING",
    "WIRE_CONTENDERS",
    "Cell",
    "Figures",
    "cells",
    "promised",
    "read",
    "write",
]

RESULTS = Path(__file__).parent.parent / ".bench" / "provider.jsonl"

OPERATIONS = ("create", "no change", "update", "refresh", "export", "destroy")
"""In the order in which each run of a cell does them."""

LINKS, LATENCIES_MS = (1, 40, 200, 500, 1000), (0, 100, 250)

WAITING = "waiting plugin"
"""The native provider's floor: a plugin that waits as long as the API takes, and returns as much."""

ENGINE_CONTENDERS = ("ours", "native", "plain", "engine", WAITING)

AT_ONCE = {"native": 32, WAITING: 32}
"""How many things the engine does at once, where that is not as it comes."""

ONE_BY_ONE = "ten GETs at a time"
WIRE_CONTENDERS = {"wire": 4, "wire, unlimited": None, ONE_BY_ONE: 10}
"""With how many requests are under way at once."""

CONTENDERS = tuple(name for name in (*ENGINE_CONTENDERS, *WIRE_CONTENDERS) if name not in (WAITING, ONE_BY_ONE))
"""Those that are run on every size; the others are there for what is promised."""

PROMISED_LINKS, PROMISED_MS = 300, 100
"""Where a refresh is promised to be faster than one GET for each link, by the plain provider or ten at a time."""

NATIVE_MS = 250
"""Where the native provider, with as many links at once as `AT_ONCE` says, is promised to be faster than ours."""

EXPORT_ALONE, EXPORTED_LINKS = "export alone", 10_000

PROMISED_RUNS = 3

RUNS = {1: 3, 40: 3}
"""How often a cell of so many links is run by default; larger ones take minutes, and are run once."""


@dataclass(frozen=True, kw_only=True, order=True)
class Cell:
    """
    One run of one contender, on so many links, at such a latency.
    """

    links: int
    latency_ms: int
    run: int
    contender: str


@dataclass(frozen=True, kw_only=True)
class Figures:
    """
    What one operation of a cell cost.

    Attributes:
        peak: requests under way at once, at most.

        state_bytes: of the file that the engine writes, after the operation.

        memory_kb: of the plugin process, at its highest.

        load: of the machine, averaged over the minute before the end.
    """

    cell: Cell
    operation: str
    seconds: float
    requests: Mapping[str, int] = field(default_factory=dict)
    peak: int = 0
    state_bytes: int = 0
    memory_kb: int = 0
    load: float = 0.0


def cells(contenders: Sequence[str], links: Sequence[int], latencies: Sequence[int], runs: int | None) -> list[Cell]:
    """
    Return the cells in the order in which they are run: contenders back to back, small ones first.

    A provider that does nothing asks nothing, so the latency of the API is nothing to it, and it is run at none.
    """
    return [
        Cell(links=count, latency_ms=latency, run=run, contender=contender)
        for count in links
        for latency in latencies
        for run in range(runs or RUNS.get(count, 1))
        for contender in contenders
        if contender != "engine" or latency == 0
    ]


def promised(runs: int | None) -> list[Cell]:
    """
    Return the cells of what is promised on a size of its own: refreshing, the native provider, a large export.
    """
    return [
        Cell(links=links, latency_ms=latency, run=run, contender=contender)
        for run in range(runs or PROMISED_RUNS)
        for contender, links, latency in (
            *((name, PROMISED_LINKS, PROMISED_MS) for name in ("ours", "plain", ONE_BY_ONE, "wire")),
            *((name, PROMISED_LINKS, NATIVE_MS) for name in ("ours", "native", WAITING)),
            ("engine", PROMISED_LINKS, 0),
            (EXPORT_ALONE, EXPORTED_LINKS, 0),
        )
    ]


def write(figures: Iterable[Figures], path: Path = RESULTS) -> None:
    """
    Add figures to the file, a line for each.
    """
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.writelines(f"{json.dumps(asdict(each))}\n" for each in figures)


def read(path: Path = RESULTS) -> Iterator[Figures]:
    """
    Yield the figures that were written down, oldest first; none where nothing was.
    """
    for line in path.read_text().splitlines() if path.exists() else ():
        row = json.loads(line)
        yield Figures(**{**row, "cell": Cell(**row["cell"])})
