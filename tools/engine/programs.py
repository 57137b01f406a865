"""
Programs that run in this process's threads, and that can be stopped together.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from tools.engine.errors import StoppedError, WayFailedError

_GRACE_S = 5
_CLEANED_UP_WITHIN_S = 15

Task = Callable[["Programs"], object]


class Programs:
    """
    The programs of one task; `stop` ends all that are running and prevents new ones.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._running: set[subprocess.Popen[str]] = set()
        self._parts: list[Programs] = []

    def run(
        self,
        command: Sequence[str | Path],
        *,
        failure: str,
        limit_s: float,
        log: Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = lambda _: None,
    ) -> str:
        """
        Run a program to its end and return its stdout; stderr goes to the log.

        Args:
            failure: what it means for the user if the program fails, as part of a sentence.
            limit_s: the program is killed after this many seconds.
            on_line: called with each line of stdout and stderr, from another thread.

        Raises:
            WayFailedError: it could not be started, failed, or took too long.
            StoppedError: `stop` was called.
        """
        written: list[str] = []
        with log.open("a") as file:

            def to_log(line: str) -> None:
                file.write(line)
                file.flush()
                on_line(line)

            def to_caller(line: str) -> None:
                written.append(line)
                on_line(line)

            process = self._start(command, cwd, env, failure)
            readers = [_reader(process.stderr, to_log), _reader(process.stdout, to_caller)]
            try:
                status = process.wait(limit_s)
            except subprocess.TimeoutExpired as error:
                _kill(process)
                raise WayFailedError(f"{failure} (not done within {limit_s:g} s)") from error
            finally:
                self._end(process)
                for reader in readers:
                    reader.join()
        self._check_stopped()
        if status:
            raise WayFailedError(f"{failure} (exit status {status})")
        return "".join(written)

    def wait_for(self, event: threading.Event) -> None:
        """
        Wait until an event is set.

        Raises:
            StoppedError: `stop` was called first.
        """
        while not event.wait(0.1):
            self._check_stopped()

    def stop(self) -> None:
        """
        End all programs; those that ignore the interrupt are killed after 5 seconds.
        """
        with self._lock:
            self._stopped.set()
            running, parts = list(self._running), list(self._parts)
        for process in running:
            _interrupt(process)
        for part in parts:
            part.stop()
        for process in running:
            _wait_or_kill(process)

    def part(self) -> Programs:
        """
        Return programs that can be stopped alone, and are stopped with these.
        """
        part = Programs()
        with self._lock:
            self._parts.append(part)
            if self._stopped.is_set():
                part.stop()
        return part

    def _start(
        self, command: Sequence[str | Path], cwd: Path | None, env: Mapping[str, str] | None, failure: str
    ) -> subprocess.Popen[str]:
        with self._lock:
            self._check_stopped()
            try:
                process = subprocess.Popen(
                    command,
                    cwd=cwd,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    errors="replace",
                    # A process group of its own, so that what the program has started ends with it.
                    start_new_session=True,
                )
            except OSError as error:
                raise WayFailedError(f"{failure} ({error.strerror}: {command[0]})") from error
            self._running.add(process)
        return process

    def _end(self, process: subprocess.Popen[str]) -> None:
        # It is still running if something else has ended the wait for it.
        _interrupt(process)
        _wait_or_kill(process)
        with self._lock:
            self._running.discard(process)

    def _check_stopped(self) -> None:
        if self._stopped.is_set():
            raise StoppedError("stopped")


def side_by_side(
    programs: Programs, tasks: Sequence[Task], *, on_failure: Callable[[BaseException], None] = lambda _: None
) -> None:
    """
    Run tasks in threads; the first failure is raised, after the other tasks have been stopped.

    Args:
        tasks: each is given the programs to run its own with.
        on_failure: called with the first failure, before the others are stopped.
    """
    part = programs.part()
    outcomes: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
    threads = [threading.Thread(target=_attempt, args=(task, part, outcomes), daemon=True) for task in tasks]
    try:
        for thread in threads:
            thread.start()
        for _ in threads:
            _raise_failure(_next(outcomes), on_failure)
    except BaseException:
        part.stop()
        for thread in threads:
            thread.join(_CLEANED_UP_WITHIN_S)
        raise


def _attempt(task: Task, part: Programs, outcomes: queue.SimpleQueue[BaseException | None]) -> None:
    try:
        task(part)
    except BaseException as error:  # noqa: BLE001 - raised in the thread that waits
        outcomes.put(error)
    else:
        outcomes.put(None)


def _next(outcomes: queue.SimpleQueue[BaseException | None]) -> BaseException | None:
    # Python handles a signal that comes just before a wait only after it, so no wait is without an end.
    while True:
        with contextlib.suppress(queue.Empty):
            return outcomes.get(timeout=0.2)


def _raise_failure(failure: BaseException | None, on_failure: Callable[[BaseException], None]) -> None:
    if failure is not None:
        on_failure(failure)
        raise failure


def _reader(stream: IO[str] | None, on_line: Callable[[str], None]) -> threading.Thread:
    def read() -> None:
        with contextlib.closing(stream) if stream else contextlib.nullcontext():
            for line in stream or ():
                on_line(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    return reader


def _interrupt(process: subprocess.Popen[str]) -> None:
    # As Ctrl-C does: Go and pip remove their temporary folders then.
    _signal(process, signal.SIGINT)


def _kill(process: subprocess.Popen[str]) -> None:
    _signal(process, signal.SIGKILL)
    process.wait()


def _wait_or_kill(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        _kill(process)


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
