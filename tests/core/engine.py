"""
What the engine does with a program, as far as the core is concerned: the order of its calls, and the state between.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from neetocal_provider.api.client import Client
from neetocal_provider.errors import NeetoCalError
from tests.link import check, create, delete, diff, read, update

Program = Mapping[str, Mapping[str, Any]]
"""The declared links by resource name."""


@dataclass
class Screen:
    """
    What an operation shows, as its host.
    """

    urn: str = "urn:pulumi:test::links::neetocal:index:SchedulingLink::intro"
    warnings: list[str] = field(default_factory=list)

    def warn(self, *sentences: str) -> None:
        """
        Keep the sentences.
        """
        self.warnings += sentences

    def record_partial_state(self, *_: Any) -> bool:
        """
        Record nothing.
        """
        return False


class CoreStack:
    """
    A stack without the engine: for a test that makes thousands of steps.

    Attributes:
        client: of the workspace.

        warnings: what new links were made with, such as that the next deployment finishes them, and updates.

        state: sid and outputs by resource name, as the engine would record them.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.warnings: list[str] = []
        self.state: dict[str, tuple[str, dict[str, Any]]] = {}

    def up(self, program: Program) -> list[str]:
        """
        Deploy, and return what went wrong.
        """
        troubles: list[str] = []
        for name, declared in program.items():
            assert check(declared, self.client.settings.api_version) == []
            troubles += self._apply(name, declared)
        for name in self.state.keys() - program.keys():
            troubles += self._attempt(self._delete, name)
        return troubles

    def refresh(self) -> None:
        """
        Take over what has become of the links.
        """
        with closing(Client(self.client.settings)) as client:  # a run of the engine has a process of its own
            for name, (sid, outputs) in list(self.state.items()):
                live = read(client, sid, outputs)
                if live is None:
                    del self.state[name]
                else:
                    self.state[name] = (sid, live.outputs)

    def changes(self, program: Program) -> dict[str, tuple[str, ...]]:
        """
        Return what a preview would show, by resource name.
        """
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.state.keys() - program.keys(), ("gone",))
        for name, declared in program.items():
            is_known = name in self.state
            changed = diff(self.state[name][1], declared, self.client.settings).changed if is_known else ("new",)
            found |= {name: changed} if changed else {}
        return found

    def sids(self) -> dict[str, str]:
        """
        Return the sid of each recorded link.
        """
        return {name: sid for name, (sid, _outputs) in self.state.items()}

    def declared(self) -> dict[str, set[str]]:
        """
        Return the optional arguments that each recorded link was given.
        """
        return {name: set(outputs["declared"]) for name, (_sid, outputs) in self.state.items()}

    def _apply(self, name: str, declared: Mapping[str, Any]) -> list[str]:
        if name not in self.state:
            return self._attempt(self._create, name, declared)
        sid, outputs = self.state[name]
        found = diff(outputs, declared, self.client.settings)
        if found.replaces:
            steps = [(self._delete, name), (self._create, name, declared)]
            return [trouble for step, *rest in steps for trouble in self._attempt(step, *rest)]
        return self._attempt(self._update, name, sid, outputs, declared) if found.changed else []

    def _create(self, name: str, declared: Mapping[str, Any]) -> tuple[str, ...]:
        made = create(self.client, declared)
        self.state[name] = (made.id, made.outputs)
        self.warnings += made.warnings
        return made.problems

    def _update(self, name: str, sid: str, outputs: Any, declared: Any) -> tuple[str, ...]:
        updated = update(self.client, sid, outputs, declared)
        self.state[name] = (sid, updated.outputs)
        self.warnings += updated.warnings
        return updated.problems

    def _delete(self, name: str) -> tuple[str, ...]:
        sid, outputs = self.state[name]
        delete(self.client, sid, outputs)
        del self.state[name]
        return ()

    def _attempt(self, step: Any, *arguments: Any) -> list[str]:
        try:
            return list(step(*arguments))
        except NeetoCalError as error:
            return [str(error)]
