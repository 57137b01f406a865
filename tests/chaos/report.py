"""
The tables, and their place in docs/fault-tests.md.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from tests.chaos.cells import ADOPTED, ERROR, MOMENTS, SUCCESS, Cell, Outcome
from tests.chaos.kills import ADOPTING, CANCEL, EMPTY_FILES, FORGETTING, OPERATIONS, Killed
from tests.chaos.load import Load, Loaded

__all__ = ["cells_table", "engine_table", "kills_table", "load_table", "machine", "table", "write"]

PAGE = Path(__file__).parent.parent.parent / "docs" / "fault-tests.md"

LETTERS = {SUCCESS: "ok", ERROR: "error", ADOPTED: "error, then adopted"}


def machine(seconds: float) -> str:
    """
    Return when, on what and with what a part was run.
    """
    engine = subprocess.run(["pulumi", "version"], capture_output=True, text=True, check=True).stdout.strip()
    return (
        f"{datetime.now(timezone.utc):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"Pulumi engine {engine.removeprefix('v')}, SDK {version('pulumi')}; {seconds / 60:.0f} minutes."
    )


def kills_table(killed: Sequence[Killed], links: int, seed: int) -> str:
    """
    Return a row for each operation and target.
    """
    rows = []
    for operation in OPERATIONS:
        for target in dict.fromkeys(each.kill.target for each in killed):
            those = [each for each in killed if (each.kill.operation, each.kill.target) == (operation, target)]
            if those:
                rows.append([operation, target, *_counts(those)])
    rows.append(["all", "", *_counts(killed)])
    head = ["Run", "Killed", "Kills", "too late", "`cancel`", "`NEETOCAL_ADOPT=1`", "pending", "EOF", "exact"]
    return f"Seed {seed}, {links} links.\n\n" + table([*head, "lost", "orphaned", "doubled", "other"], rows)


def _counts(those: Sequence[Killed]) -> list[str]:
    verdicts = [each.verdict for each in those]
    counts = [
        len(those),
        sum(not each.was_running for each in those),
        sum(CANCEL in each.recovery for each in those),
        sum(ADOPTING in each.recovery for each in those),
        sum(FORGETTING in each.recovery for each in those),
        sum(EMPTY_FILES in each.recovery for each in those),
        sum(not each.is_failure for each in those),
        *(sum(bool(getattr(verdict, what)) for verdict in verdicts) for what in ("lost", "orphaned", "doubled")),
        sum(bool(each.trouble) for each in those),
    ]
    return [f"{count}" for count in counts]


def cells_table(outcomes: Iterable[tuple[Cell, Outcome]], seed: int) -> str:
    """
    Return a row for each fault: by operation, how the three moments ended in either version.
    """
    ended: dict[tuple[str, str, str], set[str]] = {}
    total: Counter[str] = Counter()
    for cell, outcome in outcomes:
        ended.setdefault((cell.fault, cell.operation, cell.moment), set()).add(outcome.word)
        total[outcome.word] += 1
    operations = list(dict.fromkeys(operation for _fault, operation, _moment in ended))
    rows = [
        [fault, *(_moments(ended, fault, operation) for operation in operations)]
        for fault in dict.fromkeys(fault for fault, _operation, _moment in ended)
    ]
    counted = ", ".join(f"{count} {word}" for word, count in total.most_common())
    return f"Seed {seed}; {sum(total.values())} runs: {counted}.\n\n" + table(["Fault", *operations], rows)


def _moments(ended: Mapping[tuple[str, str, str], set[str]], fault: str, operation: str) -> str:
    words = ["/".join(sorted(_short(word) for word in ended.get((fault, operation, moment), ()))) for moment in MOMENTS]
    return words[0] if len(set(words)) == 1 else " · ".join(words)


def _short(word: str) -> str:
    return LETTERS.get(word, word.upper())


def engine_table(outcomes: Iterable[tuple[str, str, Outcome]]) -> str:
    """
    Return a row for each fault: how creating, changing and deleting ended.
    """
    rows: dict[str, list[str]] = {}
    total: Counter[str] = Counter()
    for fault, _operation, outcome in outcomes:
        rows.setdefault(fault, [fault]).append(_short(outcome.word))
        total[outcome.word] += 1
    counted = ", ".join(f"{count} {word}" for word, count in total.most_common())
    head = ["Fault, from the first request on", "create", "update", "delete"]
    return f"{sum(total.values())} runs: {counted}.\n\n" + table(head, list(rows.values()))


def load_table(load: Load, loaded: Loaded) -> str:
    """
    Return what was deployed, and what came of it.
    """
    rows = [
        ["links in stacks", f"{loaded.links:,} in {load.stacks} of {load.links}, {load.at_once} at a time"],
        ["requests, and how many a fault struck", f"{loaded.requests:,}, {loaded.struck:,}"],
        ["runs of the engine, and how many failed and were repeated", f"{loaded.runs}, {loaded.failed}"],
        ["lost, orphaned, doubled", ", ".join(_lengths(loaded))],
        ["other troubles", f"{len(loaded.troubles)}"],
    ]
    return f"Seed {load.seed}, {load.share:.0%} of the requests.\n\n" + table(["What", "Measured"], rows)


def _lengths(loaded: Loaded) -> list[str]:
    verdict = loaded.verdict
    return [f"{len(those)}" for those in (verdict.lost, verdict.orphaned, verdict.doubled)]


def table(head: list[str], rows: list[list[str]]) -> str:
    """
    Return a table in Markdown.
    """
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def write(part: str, text: str, path: Path = PAGE) -> None:
    """
    Put a text where a page has the markers of a part.
    """
    begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
    page = path.read_text()
    before, rest = page.split(begin)
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{rest.split(end)[1]}")
