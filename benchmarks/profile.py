"""
Profile our calls in the plugin process, while the engine creates and refreshes links.

    python -m benchmarks.profile [--links 500] [--latency 0]

Each call is sampled in its own thread, by pyinstrument, and those of one kind are put together. What the dynamic host
does around them is not seen.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from functools import reduce
from pathlib import Path

from pyinstrument.renderers import ConsoleRenderer
from pyinstrument.session import Session

from benchmarks.api import serving
from benchmarks.stack import Stack

CALLS = {"create": ("check", "create"), "refresh": ("read", "diff")}
"""The calls of each operation that tell something."""


def main() -> None:
    """
    Run both operations and print a tree for each call.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--links", type=int, default=500)
    parser.add_argument("--latency", type=int, default=0, metavar="MS")
    options = parser.parse_args()
    with serving() as api, tempfile.TemporaryDirectory(prefix="neetocal-bench-") as name:
        api.begin(options.latency)
        folder, profiles = Path(name), Path(name) / "profiles"
        profiles.mkdir()
        declared = {"BENCH_CONTENDER": "sampled", "BENCH_LINKS": f"{options.links}", "BENCH_PROFILES": str(profiles)}
        stack = Stack(folder, {**api.environment(), **declared})
        for operation, calls in CALLS.items():
            stack.do(operation)
            for call in calls:
                _show(f"{operation}: {call}", sorted(profiles.glob(f"{call}-*")))


def _show(title: str, files: list[Path]) -> None:
    if not files:
        return
    together = reduce(Session.combine, map(Session.load, files))
    tree = ConsoleRenderer(show_all=False, timeline=False).render(together)
    sys.stdout.write(f"{title}, {len(files)} calls, {1000 * together.duration / len(files):.2f} ms each\n{tree}\n")
    for file in files:
        file.unlink()


if __name__ == "__main__":
    main()
