"""
Everything that one running emulator holds, and what can be done to it from outside.

The HTTP control routes and the `Emulator` object of Python tests both come here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import SetupError, UnknownTargetError
from neetocal_emulator.faults import Faults
from neetocal_emulator.journal import Journal
from neetocal_emulator.logins import Logins
from neetocal_emulator.seed import Seed, apply_seed, read_seed
from neetocal_emulator.store import Store, in_app, meetings, records, team
from neetocal_emulator.store.clock import REAL_TIME
from neetocal_emulator.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from neetocal_emulator.store.store import StoreSnapshot

__all__ = ["Backend"]

_MOST_SNAPSHOTS = 100


@dataclass(frozen=True, kw_only=True)
class _Snapshot:
    store: StoreSnapshot
    seed: Seed
    switches: Switches


class Backend:
    """
    Store, journal, switches and faults, with the seed to go back to.
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
        self._first_seed = self._seed = read_seed(seed)
        self.switches = self._first_switches
        self.journal = Journal()
        self.resets = 0
        self.logins = Logins()
        self.is_closing = False
        self._snapshots: dict[str, _Snapshot] = {}
        self._snapshots_taken = 0
        self.store = Store(Path(state) if state else None)
        self.faults = Faults()
        try:
            self._begin()
        except BaseException:
            self.store.close()
            raise

    @property
    def mark(self) -> tuple[object, ...]:
        """
        What differs whenever something that can be seen has changed; cheap to ask.
        """
        return self.store.changes, self.journal.numbers, self.switches, self.faults.to_list()

    def close(self) -> None:
        """
        Close the state.
        """
        for name in list(self._snapshots):
            self.release(name)
        self.store.close()

    def reset(self, seed: Mapping[str, Any] | None = None) -> None:
        """
        Go back to the seed, or to a new one from now on.

        Journal and faults are emptied, switches are as at the start, the clock shows real time.
        """
        next_seed = self._seed if seed is None else read_seed(seed)
        clock = self.store.clock.setting
        self.store.clock.set(REAL_TIME)
        try:
            self._plant(next_seed)
        except BaseException:
            self.store.clock.set(clock)
            raise
        self._seed = next_seed
        self.switches = self._first_switches
        self.journal.clear()
        self.resets += 1
        self.faults.clear()
        self.logins.clear()

    def renew(self) -> None:
        """
        Be as at the start: `reset()` to the first seed, and no snapshots.
        """
        self._seed = self._first_seed
        self.reset()
        for name in list(self._snapshots):
            self.release(name)

    def switch(self, changes: Mapping[str, object]) -> None:
        """
        Change behaviour switches.
        """
        self.switches = self.switches.changed(changes)

    def snapshot(self) -> str:
        """
        Remember everything that requests can see or change, and return the snapshot's name.

        The journal and the faults are the test's own, no part of it.
        """
        if len(self._snapshots) >= _MOST_SNAPSHOTS:
            raise SetupError(f"There are {_MOST_SNAPSHOTS} snapshots, and each is a whole copy: release one first.")
        self._snapshots_taken += 1
        name = f"snapshot-{self._snapshots_taken}"
        self._snapshots[name] = _Snapshot(store=self.store.snapshot(), seed=self._seed, switches=self.switches)
        return name

    def restore(self, name: str) -> None:
        """
        Go back to a snapshot, as often as wanted.
        """
        snapshot = self._snapshot(name)
        self.store.restore(snapshot.store)
        self._seed = snapshot.seed
        self.switches = snapshot.switches

    def release(self, name: str) -> None:
        """
        Forget a snapshot; its name does not come again.
        """
        self._snapshot(name).store.copy.close()
        del self._snapshots[name]

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

    def admin(self, workspace: str) -> str:
        """
        Return the e-mail of a workspace's first admin, or of its first member; "" when there is nobody.
        """
        with self.store.named(workspace, self.switches, writes=False) as opened:
            members, _ = team.listing(opened, email=None, limit=None, offset=0)
        admins = [member for member in members if member["organization_role"] == "Admin"]
        return next((str(member["email"]) for member in (*admins, *members)), "")

    def meetings(self, workspace: str | None = None) -> list[dict[str, Any]]:
        """
        Return the live links as the API shows them, hosts included, sorted by slug.
        """
        with self.store.named(self.workspace_name(workspace), self.switches, writes=False) as opened:
            found = records.listing(opened, records.Selection()).meetings
        return sorted((each.to_dict() for each in found), key=lambda each: str(each["slug"]))

    def edit_meeting(self, sid: str, fields: Mapping[str, Any], workspace: str | None = None) -> dict[str, Any]:
        """
        Change any field of a link, as somebody in the web app can.
        """
        with self.store.named(self.workspace_name(workspace), self.switches) as opened:
            return meetings.edit_in_app(opened, sid, dict(fields)).to_dict()

    def remove_meeting(self, sid: str, workspace: str | None = None) -> None:
        """
        Delete a link, as somebody in the web app can.
        """
        with self.store.named(self.workspace_name(workspace), self.switches) as opened:
            meetings.delete_in_app(opened, sid)

    def objects(self, collection: str, workspace: str | None = None) -> list[dict[str, Any]]:
        """
        Return all members, availabilities, add-on services, calendar preferences, discount codes or templates.
        """
        with self.store.named(self.workspace_name(workspace), self.switches, writes=False) as opened:
            return in_app.listing(opened, collection)

    def edit_object(
        self, collection: str, object_id: str, fields: Mapping[str, Any], workspace: str | None = None
    ) -> dict[str, Any]:
        """
        Change one of them, as somebody in the web app can.
        """
        with self.store.named(self.workspace_name(workspace), self.switches) as opened:
            return in_app.edit(opened, collection, object_id, fields)

    def remove_object(self, collection: str, object_id: str, workspace: str | None = None) -> None:
        """
        Delete one of them, as somebody in the web app can.
        """
        with self.store.named(self.workspace_name(workspace), self.switches) as opened:
            in_app.delete(opened, collection, object_id)

    def _snapshot(self, name: str) -> _Snapshot:
        if name not in self._snapshots:
            raise UnknownTargetError(f"There is no snapshot {name!r}.")
        return self._snapshots[name]

    def _begin(self) -> None:
        if self.store.names():
            self.store.resume_ids(self._seed.random_seed)
            self._warm()
        else:
            self._plant(self._seed)

    def _plant(self, seed: Seed) -> None:
        # A seed is judged by the default rules, whatever the switches of the moment.
        apply_seed(self.store, seed, Switches())
        self._warm()

    def _warm(self) -> None:
        """
        Read the lists into memory, so that the first request need not wait for it.
        """
        for name in self.store.names():
            with self.store.named(name, self.switches, writes=False) as workspace:
                records.listing(workspace, records.Selection(limit=0))
