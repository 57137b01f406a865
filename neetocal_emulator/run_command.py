"""
Run a command beside the emulator and end as it ends.
"""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import FrameType

__all__ = ["CommandError", "run_command"]


# Windows has no SIGHUP.
_FORWARDED = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class CommandError(Exception):
    """
    Raised when the command cannot be started; `status` is what a shell would exit with.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def run_command(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """
    Run the command with these variables added, and return its exit status.

    SIGTERM and SIGHUP are handed on to it. So is SIGINT, unless a terminal sent it: that one
    reaches the command by itself, and many commands take a second one for "at once".
    A command that a signal ended counts as 128 plus the signal, as in a shell.

    Raises:
        CommandError: it was not found (127), or may not be run (126).

    """
    # Up to the start a signal ends us as usual; from then on it is for the command.
    with _started(command, environment) as process, _forwarding_to(process):
        status = process.wait()
    return status if status >= 0 else 128 - status


def _started(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, env={**os.environ, **environment})  # noqa: S603  # what the user asked for
    except FileNotFoundError:
        raise CommandError(f"{command[0]}: command not found", 127) from None
    except OSError as error:
        raise CommandError(f"{command[0]}: {error.strerror}", 126) from None


@contextmanager
def _forwarding_to(process: subprocess.Popen[bytes]) -> Iterator[None]:
    def forward(number: int, _: FrameType | None) -> None:
        if number != signal.SIGINT or not _is_terminals_foreground():
            process.send_signal(number)

    before = {number: signal.signal(number, forward) for number in _FORWARDED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_terminals_foreground() -> bool:
    """
    Tell whether a key press at a terminal signals our whole process group.
    """
    if os.name != "posix":
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)
