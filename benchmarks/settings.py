"""
Measure what the engine's own settings do to the time and the state of a large stack.

    python -m benchmarks.settings [--links 500] [--runs 1]

Creates links at no latency with a local backend, once for each setting, and prints a table. The settings are variables
of Pulumi's, see its page on environment variables, and options of the address of a backend in files; the other
providers stand beside them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.api import Api, serving
from benchmarks.stack import Ran, Stack
from tests.chaos.report import table

Setting = tuple[dict[str, str], str]
"""Variables, and options of the backend's address."""

ZSTD = {"PULUMI_DIY_BACKEND_ZSTD": "true"}
NO_SIDECARS = "?metadata=skip"

SETTINGS: Mapping[str, Setting] = {
    "as it comes": ({}, ""),
    "`PULUMI_DIY_BACKEND_GZIP=true`": ({"PULUMI_DIY_BACKEND_GZIP": "true"}, ""),
    "`PULUMI_DIY_BACKEND_ZSTD=true`": (ZSTD, ""),
    "`file://…?metadata=skip`": ({}, NO_SIDECARS),
    "ZSTD and `metadata=skip`": (ZSTD, NO_SIDECARS),
    "`PULUMI_SKIP_CHECKPOINTS=true`": ({"PULUMI_SKIP_CHECKPOINTS": "true"}, ""),
    "the plain provider, as it comes": ({"BENCH_CONTENDER": "plain"}, ""),
    "the engine alone, as it comes": ({"BENCH_CONTENDER": "engine"}, ""),
}


def main() -> None:
    """
    Measure each setting in turn, so many times, and print the medians.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.settings", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--links", type=int, default=500)
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    ran: dict[str, list[Ran]] = {name: [] for name in SETTINGS}
    with serving() as api:
        for _ in range(options.runs):
            for name, setting in SETTINGS.items():
                ran[name].append(_created(api, setting, options.links))
    head = [f"Creating {options.links} links at no latency", "seconds", "of a processor", "state in kB"]
    rows = [[name, *_cells(runs)] for name, runs in ran.items()]
    sys.stdout.write(f"{table(head, rows)}\n")


def _cells(runs: Sequence[Ran]) -> list[str]:
    seconds = statistics.median(run.seconds for run in runs)
    processor = statistics.median(run.processor_seconds for run in runs)
    return [f"{seconds:.1f}", f"{processor:.1f}", f"{runs[0].state_bytes / 1000:,.0f}"]


def _created(api: Api, setting: Setting, links: int) -> Ran:
    api.begin(0)
    variables, address = setting
    with tempfile.TemporaryDirectory(prefix="neetocal-bench-") as folder:
        declared = {"BENCH_CONTENDER": "dynamic", "BENCH_LINKS": f"{links}"}
        return Stack(Path(folder), {**api.environment(), **declared, **variables}, address).do("create")


if __name__ == "__main__":
    main()
