"""
Measure the provider beside what a user would use instead, the engine alone and the wire alone.

    python -m benchmarks.provider [--links 1 40] [--latencies 0 100] [--contenders ours plain] [--operations refresh]

Figures are added to `.bench/provider.jsonl` after each cell, where the latest of a cell count; --resume leaves out the
cells that are there, and --render writes docs/performance.md from them. Needs Linux, and the virtual environment and
the engine on PATH, as `make env` prints them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks import page
from benchmarks.api import Api, serving
from benchmarks.cells import (
    AT_ONCE,
    CONTENDERS,
    ENGINE_CONTENDERS,
    EXPORT_ALONE,
    LATENCIES_MS,
    LINKS,
    ONE_BY_ONE,
    OPERATIONS,
    PROMISED_LINKS,
    PROMISED_MS,
    RESULTS,
    WIRE_CONTENDERS,
    Cell,
    Figures,
    cells,
    promised,
    read,
    write,
)
from benchmarks.stack import Ran, Stack
from benchmarks.wire import Wire, meetings

EXPORT = ["export", "--out", "exported.py", "--force", "--quiet"]


def main() -> None:
    """
    Measure what is asked for, by default everything, or render what was measured.
    """
    options = _options()
    if options.render:
        page.render(list(read(options.results)))
        return
    known = {figures.cell for figures in read(options.results)} if options.resume else set()
    began = time.monotonic()
    with serving() as api:
        for cell in (each for each in _wanted(options) if each not in known):
            figures = list(measured(api, cell, options.operations))
            write(figures, options.results)
            for each in figures:
                _tell(each, time.monotonic() - began)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.provider", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--links", type=int, nargs="+", default=LINKS)
    parser.add_argument("--latencies", type=int, nargs="+", default=LATENCIES_MS, metavar="MS")
    parser.add_argument(
        "--contenders", nargs="+", default=list(CONTENDERS), choices=[*ENGINE_CONTENDERS, *WIRE_CONTENDERS]
    )
    parser.add_argument("--operations", nargs="*", default=OPERATIONS, choices=OPERATIONS, metavar="OPERATION")
    parser.add_argument("--runs", type=int, help="of each cell; by default fewer of larger ones")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FILE")
    parser.add_argument("--resume", action="store_true", help="leave out what is in the file already")
    parser.add_argument("--without-promises", action="store_true", help="only the cells of --links and --latencies")
    parser.add_argument("--render", action="store_true", help="write docs/performance.md and its plots from the file")
    return parser.parse_args()


def _wanted(options: argparse.Namespace) -> list[Cell]:
    wanted = cells(options.contenders, options.links, options.latencies, options.runs)
    return wanted if options.without_promises else [*promised(options.runs), *wanted]


def measured(api: Api, cell: Cell, operations: Sequence[str]) -> Iterator[Figures]:
    """
    Run a cell and yield the figures of the operations that are wanted; a create is always run.
    """
    if cell.contender == EXPORT_ALONE:
        yield from _exported(api, cell)
    elif cell.contender in ENGINE_CONTENDERS:
        yield from _on_engine(api, cell, operations)
    else:
        yield from _on_wire(api, cell, operations)


def _on_engine(api: Api, cell: Cell, operations: Sequence[str]) -> Iterator[Figures]:
    api.begin(cell.latency_ms)
    with _folder() as folder:
        stack = _stack(api, cell, folder)
        for operation in _those(cell, operations):
            if operation == "export" and cell.contender != "ours":
                continue
            since = api.count()
            is_export = operation == "export"
            ran = stack.run(*EXPORT, program="neetocal-provider") if is_export else stack.do(operation)
            yield _figures(api, cell, operation, since, ran)


def _stack(api: Api, cell: Cell, folder: str) -> Stack:
    declared = {"BENCH_CONTENDER": cell.contender, "BENCH_LINKS": f"{cell.links}", "BENCH_MS": f"{cell.latency_ms}"}
    if cell.contender in AT_ONCE:
        declared["PULUMI_PARALLEL"] = f"{AT_ONCE[cell.contender]}"
    return Stack(Path(folder), {**api.environment(), **declared})


def _on_wire(api: Api, cell: Cell, operations: Sequence[str]) -> Iterator[Figures]:
    api.begin(cell.latency_ms)
    wire = Wire(api.url, WIRE_CONTENDERS[cell.contender])
    for operation in _those(cell, operations):
        if operation != "no change":
            since = api.count()
            work = "one GET for each" if cell.contender == ONE_BY_ONE and operation == "refresh" else operation
            yield _figures(api, cell, operation, since, Ran(seconds=wire.do(work, cell.links)))


def _exported(api: Api, cell: Cell) -> Iterator[Figures]:
    """
    Export a workspace that no stack knows.
    """
    api.begin(cell.latency_ms, meetings(cell.links))
    with _folder() as folder:
        stack = _stack(api, cell, folder)
        yield _figures(api, cell, "export", 0, stack.run(*EXPORT, program="neetocal-provider"))


def _those(cell: Cell, operations: Sequence[str]) -> list[str]:
    if cell.links == PROMISED_LINKS:
        return ["create", "refresh"] if cell.latency_ms == PROMISED_MS else ["create", "update", "refresh", "destroy"]
    return [operation for operation in OPERATIONS if operation in ("create", *operations)]


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


def _tell(figures: Figures, passed: float) -> None:
    cell = figures.cell
    sys.stdout.write(
        f"{passed:6.0f} s  {cell.links:5} links  {cell.latency_ms:3} ms  {cell.contender:20} {figures.operation:10} "
        f"{figures.seconds:8.2f} s  {sum(figures.requests.values()):5} requests  load {figures.load}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
