"""
The processes of a run: which there are, when they have ended, and how to end them.

Needs Linux, for its /proc. Only what is in a session that a process of ours began is ever touched, by its id.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

__all__ = ["COMMANDS", "end", "has_ended", "is_member", "members", "pids", "wait_until"]

COMMANDS: Mapping[str, str] = {
    "engine": r"^\S*pulumi (up|destroy) ",
    "plugin": r" -m pulumi\.dynamic |/pulumi-resource-neetocal ",
    "language host": r"^\S*pulumi-language-python ",
}
"""What the command lines look like of the processes that a run of the engine consists of."""

_GLANCE = 0.01
"""Seconds between two looks at something that tells nobody when it changes."""


def wait_until(condition: Callable[[], bool], run: subprocess.Popen[Any]) -> bool:
    """
    Wait until a condition holds; False where the run has ended before.
    """
    while not condition():
        with suppress(subprocess.TimeoutExpired):
            run.wait(_GLANCE)
            return False
    return True


def is_member(pid: int, session: int) -> bool:
    """
    Whether a process is part of a run.
    """
    with suppress(ProcessLookupError):
        return os.getsid(pid) == session
    return False


def members(session: int) -> dict[int, str]:
    """
    Return the processes that a run consists of, with their command lines; those that outlive it, too.

    Args:
        session: the process that leads the session, and that started all others in it.
    """
    # `ps` would take too long to start on a busy machine. What has ended has no command line.
    found = {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    commands = {pid: _command(pid) for pid in found if is_member(pid, session)}
    return {pid: command for pid, command in commands.items() if command}


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def pids(target: str, session: int) -> list[int]:
    """
    Return the processes of a run that are meant by a name of `COMMANDS`.
    """
    return [pid for pid, command in members(session).items() if re.search(COMMANDS[target], command)]


def end(pid: int) -> None:
    """
    `kill -9`, unless it has ended already.
    """
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def has_ended(target: str, session: int, seconds: float) -> bool:
    """
    Whether what is meant by a name of `COMMANDS` ends within so many seconds.
    """
    until, waiting = time.monotonic() + seconds, Event()
    while pids(target, session):
        if time.monotonic() > until:
            return False
        waiting.wait(_GLANCE)
    return True
