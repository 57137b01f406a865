"""
What is remembered from one call of the engine to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from neetocal_provider.api.deadline import advisory
from neetocal_provider.errors import NeetoCalError
from neetocal_provider.schema.resource import Properties
from neetocal_provider.schema.types import has_unknown
from neetocal_provider.settings import Settings

__all__ = ["Run"]


@dataclass
class Run:
    """
    What is remembered from one call to the next in a run of the engine. Safe to share between threads.
    """

    _lock: Lock = field(default_factory=Lock)
    _checked: dict[tuple[str, str, tuple[Any, ...]], str] = field(default_factory=dict)
    _existing: dict[str, tuple[str, Properties]] = field(default_factory=dict)
    _replaced: set[str] = field(default_factory=set)
    _kept: set[str] = field(default_factory=set)
    _reported: set[str] = field(default_factory=set)
    _silent: dict[Settings, str] = field(default_factory=dict)

    def duplicate(self, urn: str, noun: str, workspace: str, identity: tuple[Any, ...]) -> str:
        """
        Return the name of another resource of this kind that was checked with the same identity; empty for none.
        """
        if not urn or has_unknown(identity):
            return ""
        with self._lock:
            first = self._checked.setdefault((noun, workspace, identity), urn)
        return "" if first == urn else first.split("::")[-1]

    def remember(self, urn: str, id_: str, olds: Properties) -> None:
        """
        Keep what the engine says of a resource that exists: its id and outputs, or its inputs if that is all.
        """
        if urn and (id_ or urn not in self._existing):
            self._existing[urn] = (id_, olds)

    def existing(self, urn: str) -> tuple[str, Properties] | None:
        """
        Return what is remembered of a resource; None if nothing is.
        """
        return self._existing.get(urn)

    def replace(self, urn: str) -> bool:
        """
        Note that a resource is replaced; return whether that is new.
        """
        is_new = urn not in self._replaced
        self._replaced.add(urn)
        return is_new

    def replaces(self) -> bool:
        """
        Whether `replace` was called for any resource.
        """
        return bool(self._replaced)

    def advised(self, settings: Settings, question: Callable[[], str], otherwise: str) -> str:
        """
        Return the answer to a question that only informs; if none comes soon, `otherwise` and the reason.

        After one that took all its time, no further one is asked: a hundred resources would wait a hundred times.
        """
        reason = self._silent.get(settings, "")
        if not reason:
            with advisory() as context:
                try:
                    return question()
                except NeetoCalError as error:
                    reason = str(error)
                    if context.is_over:
                        self._silent[settings] = reason
        return f"{otherwise} {reason}"

    def keep(self, id_: str) -> None:
        """
        Let this run delete nothing of this id.
        """
        self._kept.add(id_)

    def is_kept(self, id_: str) -> bool:
        """
        Whether `keep` was called for this id.
        """
        return id_ in self._kept

    def report(self, id_: str) -> None:
        """
        Let the refresh that is reading this resource show it as changed, though only an output is.

        The engine asks `diff` what a refresh has found, with the state as it is now, and shows nothing where that has
        nothing to do.
        """
        self._reported.add(id_)

    def is_reported(self, id_: str) -> bool:
        """
        Whether `report` was called for this id, and nobody has asked since.
        """
        is_asked_first = id_ in self._reported
        self._reported.discard(id_)
        return is_asked_first
