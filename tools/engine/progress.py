"""
What a run tells the person who waits for it.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_BAR = 16
_TITLE = 38
_AMOUNT = 26


class Step:
    """
    Something that is under way, for as long as `Progress.step` is entered.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._started = time.monotonic()
        self._done = 0
        self._total = 0
        self._unit = ""

    def expect(self, total: int, unit: str) -> None:
        """
        Say how much there is to do, for example 44 and "packages"; a total of 0 is unknown.
        """
        self._total, self._unit = total, unit

    def advance(self) -> None:
        """
        Say that one more is done.
        """
        self._done += 1

    @property
    def elapsed(self) -> str:
        """
        How long it has been under way, for example "1 min 5 s".
        """
        return _in_words(time.monotonic() - self._started)

    @property
    def amount(self) -> str:
        """
        How much of how much is done, for example "12 of 44 packages"; empty if that is not known.
        """
        if not self._unit:
            return ""
        return f"{self._done} of {self._total} {self._unit}" if self._total else f"{self._done} {self._unit}"

    @property
    def bar(self) -> str:
        """
        The same as a bar; spaces if that is not known.
        """
        if not self._total:
            return " " * _BAR
        full = min(_BAR, _BAR * self._done // self._total)
        return "█" * full + "░" * (_BAR - full)


class Progress:
    """
    Sentences on a stream, and how far the steps are that are under way.

    On a terminal each step has a line that is redrawn; elsewhere one line a minute lists the steps.
    """

    def __init__(self, stream: TextIO, *, every_s: float | None = None) -> None:
        """
        Write to `stream`, every so many seconds during steps: 0.2 on a terminal, 60 elsewhere.
        """
        self._stream = stream
        self._is_live = stream.isatty() and os.environ.get("TERM") != "dumb"
        self.every_s = every_s or (0.2 if self._is_live else 60)
        self._lock = threading.RLock()
        self._steps: list[Step] = []
        self._idle = threading.Event()
        self._drawn = 0

    def say(self, sentence: str) -> None:
        """
        Write one line.
        """
        with self._lock:
            self._write(f"{self._erased()}{sentence}\n{self._live_lines()}")

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """
        Show a step while it is under way, and how long it took at the end.
        """
        step = Step(title)
        self._begin(step)
        outcome = "stopped"
        try:
            yield step
            outcome = "done"
        finally:
            with self._lock:
                self._steps.remove(step)
                if not self._steps:
                    self._idle.set()
                self.say(f"{title}: {outcome} after {step.elapsed}")

    def _begin(self, step: Step) -> None:
        with self._lock:
            self._steps.append(step)
            if self._is_live:
                self._redraw()
            else:
                self.say(f"{step.title} ...")
            if len(self._steps) == 1:
                self._idle = threading.Event()
                threading.Thread(target=self._show, args=(self._idle,), daemon=True).start()

    def _show(self, idle: threading.Event) -> None:
        while not idle.wait(self.every_s):
            with self._lock:
                if idle.is_set():
                    return
                if self._is_live:
                    self._redraw()
                else:
                    self._write("; ".join(_sentence(step) for step in self._steps) + "\n")

    def _redraw(self) -> None:
        self._write(f"{self._erased()}{self._live_lines()}")

    def _erased(self) -> str:
        # Cursor up to the first of the live lines, and everything below it away.
        drawn, self._drawn = self._drawn, 0
        return f"\x1b[{drawn}A\r\x1b[J" if drawn else ""

    def _live_lines(self) -> str:
        if not self._is_live:
            return ""
        width = shutil.get_terminal_size().columns - 1
        self._drawn = len(self._steps)
        lines = (
            f"{step.title:<{_TITLE}} {step.elapsed:>11}  {step.amount:<{_AMOUNT}} {step.bar}" for step in self._steps
        )
        return "".join(f"{line[:width].rstrip()}\n" for line in lines)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _sentence(step: Step) -> str:
    return f"{step.title}: {', '.join(filter(None, (step.elapsed, step.amount)))}"


def _in_words(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
