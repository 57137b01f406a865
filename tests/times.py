"""
Where the time of a test run goes: by part, by file and by test.

`python -m tests.times [ARGUMENTS OF PYTEST]` runs pytest and prints three tables in Markdown. A part's figure is the
processor time of its processes, read from /proc ten times a second (so Linux alone); a test's is its time on the clock,
set-up and end included, while as many tests run side by side as there are workers.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

EVERY_S = 0.1
TICKS_PER_S = os.sysconf("SC_CLK_TCK")

PARTS = (
    ("pip list", "-m pip"),
    ("program's Python", "pulumi-language-python-exec"),
    ("provider's Python (dynamic)", "pulumi.dynamic"),
    ("provider's Python (native)", "pulumi-resource-neetocal"),
    ("language host", "pulumi-language-"),
    ("engine", "pulumi"),
    ("emulator, started on its own", "neetocal-emulator"),
    ("browser", "chrom"),
    ("tests and the emulator in their process", "sys.stdin.readline"),
)
"""The name of each part, and what is in the command lines of its processes; the first that fits counts."""

MOST_ROWS = 25
"""Of a table; the rest is one row."""

OTHERS = "all else (commands under test, Go, shells)"


def part_of(command: str) -> str:
    """
    Return the part to which a process with this command line belongs.
    """
    program = command.split(" ", 1)[0]
    if program.endswith("/pulumi"):
        return "engine"
    return next((name for name, mark in PARTS if mark in command), OTHERS)


@dataclass
class Processes:
    """
    The processor time of all processes that descend from this one, by part.
    """

    seconds: dict[tuple[int, str], tuple[str, float]] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """
        Look at them until `stop` is called.
        """
        while not self._over.wait(EVERY_S):
            self.look()

    def stop(self) -> None:
        """
        End `watch`.
        """
        self._over.set()

    def look(self) -> None:
        """
        Take the figures of the processes that are there now.
        """
        parents: dict[int, int] = {}
        found: dict[int, tuple[str, float]] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue  # it has ended
            pid = int(folder.name)
            parents[pid] = int(fields[1])
            found[pid] = (fields[19], (int(fields[11]) + int(fields[12])) / TICKS_PER_S)
        for pid, (started, seconds) in found.items():
            if pid != os.getpid() and self._is_ours(pid, parents, started):
                self._note(pid, started, seconds)

    def _is_ours(self, pid: int, parents: dict[int, int], started: str) -> bool:
        if (pid, started) in self.seconds:
            return True  # also when its parent has ended since
        while pid in parents and pid != os.getpid():
            pid = parents[pid]
        return pid == os.getpid()

    def _note(self, pid: int, started: str, seconds: float) -> None:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        except OSError:
            command = ""
        part, _before = self.seconds.get((pid, started), (OTHERS, 0.0))
        # A process is the one it becomes: a shell script ends in Python, a fork in the program it runs.
        self.seconds[pid, started] = (part_of(command) if command.strip() else part, seconds)

    def by_part(self) -> dict[str, float]:
        """
        Return the seconds of each part.
        """
        sums: defaultdict[str, float] = defaultdict(float)
        for part, seconds in self.seconds.values():
            sums[part] += seconds
        return dict(sums)


class Times:
    """
    A plugin of pytest that takes the time of each test, and of each process that the run starts.
    """

    def __init__(self) -> None:
        self.processes = Processes()
        self.tests: defaultdict[str, float] = defaultdict(float)
        self._watcher = threading.Thread(target=self.processes.watch, daemon=True)
        self._started = time.monotonic()

    def pytest_sessionstart(self) -> None:
        """
        Begin.
        """
        self._watcher.start()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """
        Add the time of a test's set-up, call or end.
        """
        self.tests[report.nodeid] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """
        Print the tables.
        """
        self.processes.stop()
        self._watcher.join()
        files: defaultdict[str, float] = defaultdict(float)
        for test, seconds in self.tests.items():
            files[test.partition("::")[0]] += seconds
        clock = time.monotonic() - self._started
        terminalreporter.write_line(f"\n{len(self.tests)} tests in {clock:.0f} s on {os.cpu_count()} processors\n")
        _print_table(terminalreporter, "part", "processor s", self.processes.by_part())
        _print_table(terminalreporter, "file", "s", dict(files))
        _print_table(terminalreporter, "test", "s", dict(self.tests))


def _print_table(reporter: pytest.TerminalReporter, what: str, unit: str, figures: dict[str, float]) -> None:
    rows = sorted(figures.items(), key=lambda row: -row[1])
    rest = sum(seconds for _name, seconds in rows[MOST_ROWS:])
    reporter.write_line(f"| {what} | {unit} |\n|---|--:|")
    for name, seconds in [*rows[:MOST_ROWS], *[("the rest", rest)] * bool(rest), ("sum", sum(figures.values()))]:
        reporter.write_line(f"| {name} | {seconds:.0f} |")
    reporter.write_line("")


if __name__ == "__main__":
    sys.exit(pytest.main(sys.argv[1:], plugins=[Times()]))
