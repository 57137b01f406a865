"""
Everything that one running emulator holds, and what can be done to it from outside.

The HTTP control routes and the `Emulator` object of Python tests both come here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import UnknownTargetError
from neetocal_emulator.journal import Journal
from neetocal_emulator.seed import Seed, apply_seed, read_seed
from neetocal_emulator.store import Store, meetings, records
from neetocal_emulator.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["World"]


class World:
    """
    Store, journal and switches, with the seed to go back to.
    """

    def __init__(
        self,
        *,
        seed: Mapping[str, Any] | Path | str | None = None,
        state: Path | str | None = None,
        switches: Mapping[str, object] | None = None,
    ) -> None:
        """
        Open the state and apply the seed, unless the state holds data already.
        """
        self._first_switches = Switches().changed(switches or {})
        self._seed = read_seed(seed)
        self.switches = self._first_switches
        self.journal = Journal()
        self.store = Store(Path(state) if state else None)
        try:
            self._begin()
        except BaseException:
            self.store.close()
            raise

    def close(self) -> None:
        """
        Close the state.
        """
        self.store.close()

    def reset(self, seed: Mapping[str, Any] | None = None) -> None:
        """
        Go back to the seed, or to a new one from now on; empty the journal, reset switches.
        """
        next_seed = self._seed if seed is None else read_seed(seed)
        self._plant(next_seed)
        self._seed = next_seed
        self.switches = self._first_switches
        self.journal.clear()

    def switch(self, changes: Mapping[str, object]) -> None:
        """
        Change behaviour switches.
        """
        self.switches = self.switches.changed(changes)

    def workspace_name(self, name: str | None) -> str:
        """
        Return the name, or the first workspace's for None; raises when there is none such.
        """
        names = self.store.names()
        if name is None:
            return names[0]
        if name not in names:
            raise UnknownTargetError(f"There is no workspace {name!r}; there are {', '.join(names)}.")
        return name

    def key(self, workspace: str) -> str:
        """
        Return the first key of a workspace.
        """
        return self.store.keys(workspace)[0]

    def meetings(self, workspace: str | None = None) -> list[dict[str, Any]]:
        """
        Return the live links as the API shows them, hosts included, sorted by slug.
        """
        with self.store.named(self.workspace_name(workspace), self.switches) as opened:
            found = records.listing(opened, records.Selection()).meetings
        return sorted((each.to_dict() for each in found), key=lambda each: str(each["slug"]))

    def edit_meeting(self, sid: str, fields: Mapping[str, Any], workspace: str | None = None) -> dict[str, Any]:
        """
        Change any field of a link, as somebody in the web app can.
        """
        with self.store.named(self.workspace_name(workspace), self.switches) as opened:
            return meetings.edit(opened, sid, dict(fields)).to_dict()

    def remove_meeting(self, sid: str, workspace: str | None = None) -> None:
        """
        Delete a link, as somebody in the web app can.
        """
        with self.store.named(self.workspace_name(workspace), self.switches) as opened:
            meetings.withdraw(opened, sid)

    def _begin(self) -> None:
        if self.store.names():
            self.store.resume_ids(self._seed.random_seed)
        else:
            self._plant(self._seed)

    def _plant(self, seed: Seed) -> None:
        # A seed is judged by the default rules, whatever the switches of the moment.
        apply_seed(self.store, seed, Switches())
