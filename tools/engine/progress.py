"""
What a run tells the person who waits for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """
    Sentences on a stream, and a sign of life while a step takes its time.
    """

    def __init__(self, stream: TextIO, *, every_s: float | None = None) -> None:
        """
        Write to `stream`, with a sign of life every so many seconds during a step.

        Left alone, that is every second on a terminal, where one line is rewritten, and every ten
        seconds in a log.
        """
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._every_s = every_s or (1 if self._is_terminal else 10)

    def say(self, sentence: str) -> None:
        """
        Write one line.
        """
        self._write(f"{sentence}\n")

    @contextmanager
    def step(self, title: str, usual: str) -> Iterator[None]:
        """
        Announce a step and how long it usually takes; show the time while it runs, and at the end.
        """
        self.say(f"{title}; {usual}.")
        started = time.monotonic()
        over = threading.Event()
        signs = threading.Thread(target=self._show_signs_of_life, args=(started, over), daemon=True)
        signs.start()
        outcome = "stopped"
        try:
            yield
            outcome = "done"
        finally:
            over.set()
            signs.join()
            self._rewrite(f"  {outcome} after {_in_words(time.monotonic() - started)}", end="\n")

    def _show_signs_of_life(self, started: float, over: threading.Event) -> None:
        while not over.wait(self._every_s):
            elapsed = _in_words(time.monotonic() - started)
            self._rewrite(f"  still at it after {elapsed}", end="" if self._is_terminal else "\n")

    def _rewrite(self, line: str, *, end: str) -> None:
        # Padded, so that a shorter line covers the longer one before it.
        self._write(f"\r{line:<40}{end}" if self._is_terminal else f"{line}{end}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _in_words(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
