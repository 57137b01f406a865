"""
A stack of links that the engine deploys, with the time and the memory that it takes.

Needs Linux, for its /proc, and the virtual environment and the engine on PATH, as `make env` prints them.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import IO

from typing_extensions import Self

from tests.chaos.processes import pids

__all__ = ["Ran", "Stack"]

PROGRAMS = Path(__file__).parent / "programs"

COMMANDS: Mapping[str, list[str]] = {
    "create": ["up", "--skip-preview"],
    "no change": ["up", "--skip-preview", "--expect-no-changes"],
    "update": ["up", "--skip-preview"],
    "refresh": ["refresh", "--skip-preview"],
    "destroy": ["destroy", "--skip-preview"],
}
"""What each operation is to the engine."""

_GLANCE_S = 0.2


@dataclass(frozen=True, kw_only=True)
class Ran:
    """
    What a command took, from its start to its end, and left behind.

    Attributes:
        processor_seconds: of the command and of the processes that it has waited for.

        plugin_seconds: of the provider's processes, up to a glance before their end.
    """

    seconds: float
    processor_seconds: float = 0.0
    plugin_seconds: float = 0.0
    memory_kb: int = 0
    state_bytes: int = 0


class Stack:
    """
    A copy of the benchmark's program with a backend of its own.

    Args:
        options: of the backend's address, from the question mark on.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], options: str = "") -> None:
        # The engine ends its plugins with this signal, and waits five seconds for each that was started ignoring it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.folder, self._backend = folder / "program", folder / "state"
        shutil.copytree(PROGRAMS, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        self._backend.mkdir()
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder),  # for the plugin, too
            "PULUMI_BACKEND_URL": f"{self._backend.as_uri()}{options}",
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **environment,
        }
        self.run("stack", "init", "bench")

    def do(self, operation: str) -> Ran:
        """
        Run an operation by its name.
        """
        self._environment["BENCH_DURATION"] = "45" if operation == "update" else "30"
        return self.run(*COMMANDS[operation], "--yes")

    def run(self, *command: str, program: str = "pulumi") -> Ran:
        """
        Run a command that must succeed.
        """
        said = self.folder.parent / "said.txt"
        flags = ["--non-interactive"] if program == "pulumi" else []
        started, used = time.perf_counter(), _used()
        with (
            said.open("w") as file,
            self._started([program, *command, *flags], file) as process,
            _Watch(process.pid, program) as watch,
        ):
            process.wait()
        seconds = time.perf_counter() - started
        if process.returncode:
            sys.exit(f"{program} {' '.join(command)} failed:\n{said.read_text()[-4000:]}")
        return Ran(
            seconds=seconds,
            processor_seconds=_used() - used,
            plugin_seconds=sum(watch.seconds.values()),
            memory_kb=watch.memory_kb,
            state_bytes=self._state_bytes(),
        )

    def _started(self, command: list[str], said: IO[str]) -> subprocess.Popen[bytes]:
        environment = self._environment
        return subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=self.folder, env=environment, stdout=said, stderr=said, start_new_session=True
        )

    def _state_bytes(self) -> int:
        """
        Return the size of the file that holds the state, compressed or not.
        """
        files = self._backend.glob(".pulumi/stacks/bench/bench.json*")
        return sum(file.stat().st_size for file in files if file.suffix not in {".bak", ".attrs"})


def _used() -> float:
    """
    Return the processor time of all processes that have ended.
    """
    times = os.times()
    return times.children_user + times.children_system


class _Watch:
    """
    Looks now and then how much memory and processor time a command has needed; for the engine's, its plugin process.
    """

    def __init__(self, pid: int, program: str) -> None:
        self.memory_kb = 0
        self.seconds: dict[int, float] = {}
        self._pid, self._program = pid, program
        self._is_over = Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(_GLANCE_S):
            watched = pids("plugin", self._pid) if self._program == "pulumi" else [self._pid]
            self.memory_kb = max([self.memory_kb, *map(_peak_kb, watched)])
            self.seconds |= {pid: seconds for pid in watched if (seconds := _processor_seconds(pid))}


def _peak_kb(pid: int) -> int:
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) if found else 0
    return 0


def _processor_seconds(pid: int) -> float:
    with suppress(OSError):
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0
