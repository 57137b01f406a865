"""
Everything the emulator raises, and what a refusal looks like on the wire.

    EmulatorError
    ├── RemoteError             another process's emulator does not answer, or says no
    ├── BusyError               another process holds the state file
    ├── SetupError              the emulator itself was given something impossible
    │   ├── SeedError           a seed that cannot be read or applied
    │   ├── StateError          a state file that is not ours
    │   ├── SwitchError         a behaviour switch that does not exist
    │   └── UnknownTargetError  a workspace or link named by a test that does not exist
    └── RefusedError            the API says no; each problem names its fact
        ├── AuthenticationError 401
        ├── MalformedError      400
        ├── NotFoundError       404
        ├── UnknownVerbError    405
        ├── ConflictError       409
        ├── TooLargeError       413
        └── InvalidError        422
            └── SlugTakenError  422, or what the switch says
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from neetocal_emulator.facts import Fact
    from neetocal_emulator.switches import Switches

__all__ = [
    "AuthenticationError",
    "BusyError",
    "ConflictError",
    "EmulatorError",
    "InvalidError",
    "MalformedError",
    "NotFoundError",
    "Problem",
    "RefusedError",
    "RemoteError",
    "SeedError",
    "SetupError",
    "SlugTakenError",
    "StateError",
    "SwitchError",
    "TooLargeError",
    "UnknownTargetError",
    "UnknownVerbError",
    "error_body",
    "shaped_body",
    "status_of",
]


class EmulatorError(Exception):
    """
    Root of everything the emulator raises on purpose.
    """


class RemoteError(EmulatorError):
    """
    Raised when a running emulator does not answer, or refuses what it was told.
    """


class BusyError(EmulatorError):
    """
    Raised when another process holds the state file; nothing was done, and it can be tried again.
    """


class SetupError(EmulatorError):
    """
    Raised when the emulator itself was told something impossible.
    """


class SeedError(SetupError):
    """
    Raised when a seed cannot be read, or says something that no workspace can hold.
    """


class StateError(SetupError):
    """
    Raised when a state file cannot be used.
    """


class SwitchError(SetupError):
    """
    Raised when a behaviour switch, or its value, does not exist.
    """


class UnknownTargetError(SetupError):
    """
    Raised when a test names a workspace or link that does not exist.
    """


@dataclass(frozen=True)
class Problem:
    """
    One thing wrong with a request; `field` is None when it is the request as a whole.
    """

    fact: Fact
    text: str
    field: str | None = None

    @property
    def sentence(self) -> str:
        """
        The problem as Rails words it: the field's name, then what is wrong with it.
        """
        if self.field is None:
            return self.text
        return f"{self.field.replace('_', ' ').capitalize()} {self.text}"


class RefusedError(EmulatorError):
    """
    Raised when the API refuses a request; carries every problem found.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = problems


class AuthenticationError(RefusedError):
    """
    Raised when the key is missing or unknown.
    """


class MalformedError(RefusedError):
    """
    Raised when a request cannot be read.
    """


class NotFoundError(RefusedError):
    """
    Raised when what the path names does not exist.
    """


class UnknownVerbError(RefusedError):
    """
    Raised when the path exists, but not with this verb.
    """


class ConflictError(RefusedError):
    """
    Raised when a change contradicts what stands.
    """


class TooLargeError(RefusedError):
    """
    Raised when a body is over the limit.
    """


class InvalidError(RefusedError):
    """
    Raised when a value breaks a rule.
    """


class SlugTakenError(InvalidError):
    """
    Raised when another link holds the slug.
    """


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
