"""
Status and body of a refusal, as the switches say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neetocal_emulator.errors import (
    AuthenticationError,
    ConflictError,
    InvalidError,
    MalformedError,
    NotFoundError,
    SlugTakenError,
    TooLargeError,
    UnknownVerbError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from neetocal_emulator.errors import Problem, RefusedError
    from neetocal_emulator.switches import Switches

__all__ = ["error_body", "shaped_body", "status_of"]

_STATUSES: dict[type[RefusedError], int] = {
    AuthenticationError: 401,
    MalformedError: 400,
    NotFoundError: 404,
    UnknownVerbError: 405,
    ConflictError: 409,
    TooLargeError: 413,
    InvalidError: 422,
}


def status_of(error: RefusedError, switches: Switches) -> int:
    """
    Choose the HTTP status for a refusal.
    """
    if isinstance(error, SlugTakenError):
        return switches.slug_taken_status
    return _STATUSES[type(error)]


def error_body(error: RefusedError, switches: Switches) -> dict[str, object]:
    """
    Shape a refusal's body as the switch `error_body` says.

    The 401 is documented to the letter and never changes shape.
    """
    if isinstance(error, AuthenticationError):
        return _SHAPES["error"](error.problems)
    return shaped_body(error.problems, switches)


def shaped_body(problems: Sequence[Problem], switches: Switches) -> dict[str, object]:
    """
    Shape an error's body as the switch `error_body` says (ERROR_BODY).
    """
    return _SHAPES[switches.error_body](problems)


def _joined(problems: Sequence[Problem]) -> str:
    *others, last = (problem.sentence for problem in problems)
    return f"{', '.join(others)} and {last}" if others else last


def _field_errors(problems: Sequence[Problem]) -> dict[str, object]:
    return {"field_errors": [{"field": problem.field or "base", "message": problem.text} for problem in problems]}


_SHAPES: dict[str, Callable[[Sequence[Problem]], dict[str, object]]] = {
    "error": lambda problems: {"error": _joined(problems)},
    "errors": lambda problems: {"errors": [problem.sentence for problem in problems]},
    "notice": lambda problems: {"notice": _joined(problems)},
    "field_errors": _field_errors,
    "message": lambda problems: {"message": _joined(problems)},
}
