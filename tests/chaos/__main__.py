"""
Run the parts, print their tables, and with --write put them into docs/fault-tests.md.

The exit status is not zero where anything was lost, doubled, left behind or unclear.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import stamina

from neetocal_provider import log
from tests.chaos import report
from tests.chaos.cells import Outcome, all_cells, run_all
from tests.chaos.engine_cells import lived
from tests.chaos.faults import FAULTS
from tests.chaos.kills import Kill, Killed, live, lives
from tests.chaos.load import Load, loaded

Options = argparse.Namespace


def kills(options: Options) -> tuple[str, bool]:
    """
    Kill `--count` runs.
    """
    drawn = lives(options.seed, options.count or 100, options.links)

    def lived_through(life: list[Kill]) -> list[Killed]:
        with _folder() as folder:
            return [_shown(killed) for killed in live(Path(folder), life, options.links)]

    with ThreadPoolExecutor(options.at_once) as pool:
        killed = [each for life in pool.map(lived_through, drawn) for each in life]
    return report.kills_table(killed, options.links, options.seed), any(each.is_failure for each in killed)


def _shown(killed: Killed) -> Killed:
    late = "" if killed.was_running else ", too late"
    _tell(f"{killed.kill}{late}: {'; '.join(killed.recovery)}: {killed.verdict} {killed.trouble}".rstrip())
    return killed


def faults(options: Options) -> tuple[str, bool]:
    """
    Run every cell by the core, those with a k-th request `--count` times.
    """
    # As in the tests: attempts follow each other at once, and are counted as ever.
    stamina.set_testing(True, attempts=1000, cap=True)
    log.start(None)
    ended = []
    for cell, outcome in run_all(all_cells(options.seed, options.count or 1)):
        ended.append((cell, outcome))
        if outcome.is_failure:
            _tell(f"{outcome.word}: {cell}\n{outcome.detail}")
    stamina.set_testing(False)
    return report.cells_table(ended, options.seed), any(outcome.is_failure for _cell, outcome in ended)


def engine(options: Options) -> tuple[str, bool]:
    """
    Run the engine under the first `--count` faults, by default under all.
    """

    def lived_through(fault: str) -> list[tuple[str, str, Outcome]]:
        with _folder() as folder:
            ended = [(fault, operation, outcome) for operation, outcome in lived(Path(folder), fault)]
        for _fault, operation, outcome in ended:
            _tell(f"{fault}, {operation}: {outcome.word} {outcome.detail if outcome.is_failure else ''}".rstrip())
        return ended

    with ThreadPoolExecutor(options.at_once) as pool:
        ended = [each for lived in pool.map(lived_through, list(FAULTS)[: options.count]) for each in lived]
    return report.engine_table(ended), any(outcome.is_failure for _fault, _operation, outcome in ended)


def load(options: Options) -> tuple[str, bool]:
    """
    Deploy `--count` stacks of 50 links, eight at a time.
    """
    wanted = Load(seed=options.seed, stacks=options.count or 40)
    with _folder() as folder:
        found = loaded(Path(folder), wanted)
    for trouble in found.troubles:
        _tell(trouble)
    return report.load_table(wanted, found), found.is_failure


PARTS: dict[str, Callable[[Options], tuple[str, bool]]] = {
    "kills": kills,
    "faults": faults,
    "engine": engine,
    "load": load,
}


def main() -> int:
    """
    Run the parts that are asked for, by default all, and return the exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("part", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; by default all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, help="kills, turns of a k-th request, faults or stacks; by default all")
    parser.add_argument("--links", type=int, default=30, help="of a stack whose runs are killed; 30")
    parser.add_argument("--at-once", type=int, default=2, help="stacks at a time, but for the load; 2")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/fault-tests.md")
    options = parser.parse_args()
    unknown = sorted({*options.part} - PARTS.keys())
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}")
    return max([_run(part, options) for part in options.part or PARTS])


def _run(part: str, options: Options) -> int:
    began = time.monotonic()
    table, has_failed = PARTS[part](options)
    text = f"{report.machine(time.monotonic() - began)}\n{table}"
    _tell(f"\n{part}: {'FAILED' if has_failed else 'as promised'}. {text}\n")
    if options.write:
        report.write(part, text)
    return int(has_failed)


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="neetocal-chaos-", ignore_cleanup_errors=True)


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
