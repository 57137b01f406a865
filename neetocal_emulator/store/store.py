"""
The store as a whole: its workspaces and their keys.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import AuthenticationError, Problem, UnknownTargetError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store.clock import Clock
from neetocal_emulator.store.database import TABLES, Database
from neetocal_emulator.store.identity import Identifiers
from neetocal_emulator.store.list_index import ListIndex, WorkspaceLists
from neetocal_emulator.store.workspace import Workspace

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from neetocal_emulator.store.clock import ClockSetting
    from neetocal_emulator.switches import Switches

__all__ = ["Store", "StoreSnapshot"]


@dataclass(frozen=True, kw_only=True)
class StoreSnapshot:
    """
    All workspaces as they were at one moment.
    """

    copy: sqlite3.Connection
    clock: ClockSetting
    identifiers: tuple[Any, ...]


class Store:
    """
    All workspaces, in memory or in a file.
    """

    def __init__(self, path: Path | None = None) -> None:
        """
        Open the file, or memory for None.
        """
        self._database = Database(path)
        self.clock = Clock()
        self._identifiers = Identifiers(None)
        self._lists = ListIndex()

    @property
    def changes(self) -> int:
        """
        How many rows were written since the store was opened; only ever grows.
        """
        return self._database.changes

    def close(self) -> None:
        """
        Close the file; what was committed stays.
        """
        self._database.close()

    def resume_ids(self, random_seed: int | None) -> None:
        """
        Make ids repeatable in a store that holds data already, without repeating its own.
        """
        with self._transaction(writes=True) as connection:
            self.seed_ids(connection, random_seed)

    def seed_ids(self, connection: sqlite3.Connection, random_seed: int | None) -> None:
        """
        Make ids repeatable from here on, or not for None.

        Each time that a store is opened again it starts another sequence, so
        that ids made before it was closed do not come again.
        """
        life = connection.execute("INSERT INTO lives DEFAULT VALUES").lastrowid
        is_fresh = random_seed is None or life == 1
        self._identifiers = Identifiers(random_seed if is_fresh else f"{random_seed}-{life}")

    def snapshot(self) -> StoreSnapshot:
        """
        Remember everything, the clock's setting and the ids' sequence included.
        """
        return StoreSnapshot(
            copy=self._database.copied(),
            clock=self.clock.setting,
            identifiers=self._identifiers.state(),
        )

    def restore(self, snapshot: StoreSnapshot) -> None:
        """
        Go back to a snapshot, to which one can go back again.
        """
        self._database.replace(snapshot.copy)
        self._lists.forget()
        self.clock.set(snapshot.clock)
        self._identifiers.resume(snapshot.identifiers)

    def names(self) -> list[str]:
        """
        Return the workspaces' names, in the order they were made.
        """
        with self._transaction(writes=False) as connection:
            rows = connection.execute("SELECT name FROM workspaces ORDER BY position")
            return [row["name"] for row in rows]

    def keys(self, name: str) -> list[str]:
        """
        Return a workspace's keys.
        """
        with self._transaction(writes=False) as connection:
            rows = connection.execute("SELECT key FROM api_keys WHERE workspace = ? ORDER BY position", (name,))
            return [row["key"] for row in rows]

    def owner(self, key: str | None) -> str | None:
        """
        Return the name of the workspace that a key belongs to, or None.
        """
        with self._transaction(writes=False) as connection:
            row = connection.execute("SELECT workspace FROM api_keys WHERE key = ?", (key,)).fetchone()
            return row["workspace"] if row else None

    @contextmanager
    def emptied(self) -> Iterator[sqlite3.Connection]:
        """
        Drop everything and give the connection to fill it anew; all of it or nothing.
        """
        with self._transaction(writes=True) as connection:
            self._lists.forget()
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  # our own constant
            yield connection

    def add_workspace(
        self,
        connection: sqlite3.Connection,
        *,
        name: str,
        organization_id: str | None,
        keys: tuple[str, ...],
        switches: Switches,
    ) -> Workspace:
        """
        Make a workspace with its keys, inside a transaction that is already open.
        """
        organization_id = organization_id or self._identifiers.new_id()
        connection.execute("INSERT INTO workspaces (name, organization_id) VALUES (?, ?)", (name, organization_id))
        connection.executemany("INSERT INTO api_keys (key, workspace) VALUES (?, ?)", [(key, name) for key in keys])
        return self._workspace(connection, name, organization_id, switches)

    @contextmanager
    def unlocked(self, key: str | None, switches: Switches, *, writes: bool = True) -> Iterator[Workspace]:
        """
        Open the workspace that this key belongs to (KEY_NAMES_WORKSPACE).
        """
        with self._transaction(writes=writes) as connection:
            row = connection.execute(
                "SELECT w.name, w.organization_id FROM api_keys k "
                "JOIN workspaces w ON w.name = k.workspace WHERE k.key = ?",
                (key,),
            ).fetchone()
            if row is None:
                problem = Problem(Fact.KEY_REQUIRED, "Could not authenticate, invalid API Key")
                raise AuthenticationError(problem)
            yield self._workspace(connection, row["name"], row["organization_id"], switches)

    @contextmanager
    def named(self, name: str, switches: Switches, *, writes: bool = True) -> Iterator[Workspace]:
        """
        Open a workspace by its name, as its owner at the web app would.
        """
        with self._transaction(writes=writes) as connection:
            row = connection.execute("SELECT organization_id FROM workspaces WHERE name = ?", (name,)).fetchone()
            if row is None:
                raise UnknownTargetError(f"There is no workspace {name!r}.")
            yield self._workspace(connection, name, row["organization_id"], switches)

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[sqlite3.Connection]:
        try:
            with self._database.transaction(writes=writes) as connection:
                self._lists.begin(connection)
                yield connection
        except BaseException:
            self._lists.roll_back()
            raise

    def _workspace(
        self,
        connection: sqlite3.Connection,
        name: str,
        organization_id: str,
        switches: Switches,
    ) -> Workspace:
        return Workspace(
            name=name,
            organization_id=organization_id,
            connection=connection,
            switches=switches,
            clock=self.clock,
            identifiers=self._identifiers,
            lists=WorkspaceLists(self._lists, connection, name),
        )
