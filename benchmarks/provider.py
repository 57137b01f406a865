"""
Measure the provider beside a plain dynamic provider, the engine alone and the requests alone.

    python -m benchmarks.provider [--links 40 500] [--latencies 0 100] [--parallel 32] [--contenders plain dynamic]

Without such options, measures the tables and promises of docs/benchmarks.md. Figures are added to
`.bench/provider.jsonl` after each cell; if a cell was measured twice, the latest figures are used. --resume leaves out
the cells that are there, and --render writes the page from them. Needs Linux, and the virtual environment and the
engine on PATH, as `make env` prints them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from benchmarks import page
from benchmarks.api import Api, serving
from benchmarks.cells import (
    ENGINE_CONTENDERS,
    EXPORT_ALONE,
    LATENCIES_MS,
    LINKS,
    OPERATIONS,
    PARALLEL,
    PLAN,
    PROVIDERS,
    RESULTS,
    Cell,
    Figures,
    Part,
    cells,
    estimate,
    grid,
    read,
    write,
)
from benchmarks.stack import Ran, Stack
from benchmarks.wire import Wire, meetings

EXPORT = ["export", "--out", "exported.py", "--force", "--quiet"]


def main() -> None:
    """
    Measure what is asked for, by default the whole plan, or render what was measured.
    """
    options = _options()
    if options.render:
        page.render(list(read(options.results)))
        return
    wanted = _wanted(options)
    minutes = sum(estimate(cell, operations) for cell, operations in wanted.items()) / 60
    _say(f"{len(wanted)} cells; on two quiet cores they take about {minutes:.0f} minutes.")
    began = time.monotonic()
    with serving() as api:
        for cell, operations in wanted.items():
            figures = list(measured(api, cell, operations))
            write(figures, options.results)
            for each in figures:
                _say(_line(each, time.monotonic() - began))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.provider", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--links", type=int, nargs="+")
    parser.add_argument("--latencies", type=int, nargs="+", metavar="MS")
    parser.add_argument("--parallel", type=int, nargs="+", metavar="N", help="0 is the engine's default")
    parser.add_argument("--contenders", nargs="+", choices=ENGINE_CONTENDERS)
    parser.add_argument("--operations", nargs="+", default=OPERATIONS, choices=OPERATIONS, metavar="OPERATION")
    parser.add_argument("--runs", type=int, help="runs of each cell [default: 3, fewer for the largest of the plan]")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FILE")
    parser.add_argument("--resume", action="store_true", help="leave out the cells that the file has")
    parser.add_argument("--render", action="store_true", help="write the pages and plots from the file")
    return parser.parse_args()


def _wanted(options: argparse.Namespace) -> Mapping[Cell, Sequence[str]]:
    """
    Return the operations of each cell that is to be run.
    """
    parts = list(PLAN)
    if options.links or options.latencies or options.parallel or options.contenders:
        sizes = grid(options.links or LINKS, options.latencies or LATENCIES_MS, options.parallel or PARALLEL)
        operations = [each for each in OPERATIONS if each in ("create", *options.operations)]
        parts = [Part(sizes=sizes, contenders=options.contenders or PROVIDERS, operations=operations)]
    if options.runs:
        parts = [replace(part, runs=options.runs) for part in parts]
    measured_already = {(each.cell, each.operation) for each in read(options.results)} if options.resume else set()
    return {
        cell: operations
        for cell, operations in cells(parts).items()
        if any((cell, operation) not in measured_already for operation in operations)
    }


def measured(api: Api, cell: Cell, operations: Sequence[str]) -> Iterator[Figures]:
    """
    Run a cell and yield the figures of its operations.
    """
    if cell.contender == EXPORT_ALONE:
        yield from _exported(api, cell)
    elif cell.contender in ENGINE_CONTENDERS:
        yield from _on_engine(api, cell, operations)
    else:
        yield from _on_wire(api, cell, operations)


def _on_engine(api: Api, cell: Cell, operations: Sequence[str]) -> Iterator[Figures]:
    api.begin(cell.size.latency_ms)
    with _folder() as folder:
        stack = _stack(api, cell, folder)
        for operation in operations:
            since = api.count()
            yield _figures(api, cell, operation, since, stack.do(operation))


def _stack(api: Api, cell: Cell, folder: str) -> Stack:
    declared = {"BENCH_CONTENDER": cell.contender, "BENCH_LINKS": f"{cell.size.links}"}
    if cell.size.parallel:
        declared["PULUMI_PARALLEL"] = f"{cell.size.parallel}"
    return Stack(Path(folder), {**api.environment(), **declared})


def _on_wire(api: Api, cell: Cell, operations: Sequence[str]) -> Iterator[Figures]:
    api.begin(cell.size.latency_ms)
    wire = Wire(api.url, cell.contender)
    for operation in operations:
        since = api.count()
        yield _figures(api, cell, operation, since, Ran(seconds=wire.do(operation, cell.size.links)))


def _exported(api: Api, cell: Cell) -> Iterator[Figures]:
    """
    Export a workspace that no stack manages.
    """
    api.begin(cell.size.latency_ms, meetings(cell.size.links))
    with _folder() as folder:
        stack = _stack(api, cell, folder)
        yield _figures(api, cell, "export", 0, stack.run(*EXPORT, program="neetocal-provider"))


def _figures(api: Api, cell: Cell, operation: str, since: int, ran: Ran) -> Figures:
    asked = api.asked(since)
    return Figures(
        cell=cell,
        operation=operation,
        seconds=round(ran.seconds, 3),
        requests=asked.requests,
        peak=asked.peak,
        state_bytes=ran.state_bytes,
        memory_kb=ran.memory_kb,
        load=round(os.getloadavg()[0], 2),
    )


def _folder() -> AbstractContextManager[str]:
    return tempfile.TemporaryDirectory(prefix="neetocal-bench-", ignore_cleanup_errors=True)


def _line(figures: Figures, passed: float) -> str:
    return (
        f"{passed:6.0f} s  {figures.cell.size!s:36} {figures.cell.contender:18} {figures.operation:10} "
        f"{figures.seconds:8.2f} s  {sum(figures.requests.values()):5} requests  load {figures.load}"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
