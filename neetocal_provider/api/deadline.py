"""
How long one operation may take altogether, and whether the run that it is part of goes on.

`neetocal:timeout` bounds a request; a host that was told a time for the whole operation (Pulumi's `customTimeouts`), or
that the run is being cancelled, says so here, and every request below it obeys. Each thread has a context of its own;
outside of `operation_context` there is no bound.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from threading import Event

__all__ = ["ADVISORY_ATTEMPTS", "ADVISORY_SECONDS", "OperationContext", "advisory", "current", "operation_context"]

ADVISORY_SECONDS, ADVISORY_ATTEMPTS = 10.0, 3
"""The maximum for a question that only informs: seconds for all its requests together, and attempts for each."""


@dataclass(frozen=True, kw_only=True)
class OperationContext:
    """
    What is left to an operation.

    Attributes:
        deadline: in seconds of `time.monotonic`; infinite where there is none.

        cancelled: is set once the run is being cancelled.

        is_advisory: whether the answer only informs, so that it isn't worth a long wait.
    """

    deadline: float = math.inf
    cancelled: Event = field(default_factory=Event)
    is_advisory: bool = False

    @property
    def left_s(self) -> float:
        """
        The seconds that are left; 0 where the time is over.
        """
        return max(0.0, self.deadline - time.monotonic())

    @property
    def is_over(self) -> bool:
        """
        Whether nothing may be tried once more, or waited for.
        """
        return self.left_s == 0 or self.cancelled.is_set()


_CURRENT: ContextVar[OperationContext | None] = ContextVar("operation_context", default=None)


def current() -> OperationContext:
    """
    Return the context of the operation that this thread is at.
    """
    return _CURRENT.get() or OperationContext()


@contextmanager
def operation_context(seconds: float, cancelled: Event) -> Iterator[None]:
    """
    Let what happens within take so many seconds altogether, 0 for any number, and end early once it is cancelled.
    """
    deadline = time.monotonic() + seconds if seconds > 0 else math.inf
    with _within(OperationContext(deadline=deadline, cancelled=cancelled)):
        yield


@contextmanager
def advisory(seconds: float = ADVISORY_SECONDS) -> Iterator[OperationContext]:
    """
    Limit a question that only informs to a short part of the time that is left; see `ADVISORY_SECONDS`.

    Returns:
        The context of the question.
    """
    deadline = min(current().deadline, time.monotonic() + seconds)
    context = replace(current(), deadline=deadline, is_advisory=True)
    with _within(context):
        yield context


@contextmanager
def _within(context: OperationContext) -> Iterator[None]:
    token = _CURRENT.set(context)
    try:
        yield
    finally:
        _CURRENT.reset(token)
