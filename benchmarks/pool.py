"""
Measure how much faster a `ProviderPool` is than one process.

    python -m benchmarks.pool [--links 200] [--latency 250] [--processes 0 2 4] [--runs 1]

Each provider of a pool is a process of its own that runs four calls at once; 0 is the default provider, as in a program
that declares no pool. The engine may do 32 things at once.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.api import Api, serving
from benchmarks.stack import Stack

OPERATIONS = ("create", "refresh", "destroy")
AT_ONCE = 32

Measured = list[tuple[float, int]]
"""For each operation its seconds, and the most requests under way at once."""


def main() -> None:
    """
    Measure the sizes in turn and print a line for each.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pool", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--links", type=int, default=200)
    parser.add_argument("--latency", type=int, default=250, metavar="MS")
    parser.add_argument("--processes", type=int, nargs="+", default=[0, 2, 4])
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    lived: dict[int, list[Measured]] = {count: [] for count in options.processes}
    with serving() as api:
        for _ in range(options.runs):
            for count, runs in lived.items():
                runs.append(_life(api, options, count))
    _tell(f"| processes | {' | '.join(OPERATIONS)} | together |", f"|{' --- |' * (len(OPERATIONS) + 2)}")
    for count, runs in lived.items():
        _tell(f"| {count or 'default'} | {_cells(runs)} |")
    _tell(f"load {os.getloadavg()[0]:.1f}")


def _life(api: Api, options: argparse.Namespace, processes: int) -> Measured:
    api.begin(options.latency)
    variables = {
        **api.environment(),
        "BENCH_CONTENDER": "ours",
        "BENCH_LINKS": f"{options.links}",
        "BENCH_PROCESSES": f"{processes}",
        "PULUMI_PARALLEL": f"{AT_ONCE}",
    }
    measured = []
    with tempfile.TemporaryDirectory(prefix="neetocal-bench-") as folder:
        stack = Stack(Path(folder), variables)
        for operation in OPERATIONS:
            since = api.count()
            ran = stack.do(operation)
            measured.append((ran.seconds, api.asked(since).peak))
    return measured


def _cells(runs: list[Measured]) -> str:
    shown = []
    for column in zip(*runs, strict=True):
        seconds, peaks = zip(*column, strict=True)
        shown.append(f"{statistics.median(seconds):.1f} s, {max(peaks)} at once")
    together = statistics.median(sum(seconds for seconds, _peak in run) for run in runs)
    return " | ".join([*shown, f"{together:.1f} s"])


def _tell(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main()
