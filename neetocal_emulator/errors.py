"""
Everything the emulator raises.

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
    from neetocal_emulator.facts import Fact

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
