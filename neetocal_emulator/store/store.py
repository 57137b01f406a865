"""
The store as a whole: its workspaces and their keys.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from neetocal_emulator.errors import AuthenticationError, Problem, UnknownTargetError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store.database import TABLES, Database
from neetocal_emulator.store.identity import Clock, Identifiers
from neetocal_emulator.store.workspace import Workspace

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from neetocal_emulator.switches import Switches

__all__ = ["Store"]


class Store:
    """
    All workspaces, in memory or in a file.
    """

    def __init__(self, path: Path | None = None) -> None:
        """
        Open the file, or memory for None.
        """
        self._database = Database(path)
        self._clock = Clock()
        self._identifiers = Identifiers(None)

    def close(self) -> None:
        """
        Close the file; what was committed stays.
        """
        self._database.close()

    def resume_ids(self, random_seed: int | None) -> None:
        """
        Make ids repeatable in a store that holds data already, without repeating its own.
        """
        with self._database.transaction() as connection:
            self.seed_ids(connection, random_seed)

    def seed_ids(self, connection: sqlite3.Connection, random_seed: int | None) -> None:
        """
        Make ids repeatable from here on, or not for None.

        A store that already holds links starts another sequence, so that ids
        made before it was closed do not come again.
        """
        (last,) = connection.execute("SELECT max(position) FROM meetings").fetchone()
        is_fresh = random_seed is None or last is None
        self._identifiers = Identifiers(random_seed if is_fresh else f"{random_seed}-{last}")

    def names(self) -> list[str]:
        """
        Return the workspaces' names, in the order they were made.
        """
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT name FROM workspaces ORDER BY position")
            return [row["name"] for row in rows]

    def keys(self, name: str) -> list[str]:
        """
        Return a workspace's keys.
        """
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT key FROM api_keys WHERE workspace = ? ORDER BY position", (name,))
            return [row["key"] for row in rows]

    @contextmanager
    def emptied(self) -> Iterator[sqlite3.Connection]:
        """
        Drop everything and give the connection to fill it anew; all of it or nothing.
        """
        with self._database.transaction() as connection:
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
    def unlocked(self, key: str | None, switches: Switches) -> Iterator[Workspace]:
        """
        Open the workspace that this key belongs to (KEY_NAMES_WORKSPACE).
        """
        with self._database.transaction() as connection:
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
    def named(self, name: str, switches: Switches) -> Iterator[Workspace]:
        """
        Open a workspace by its name, as its owner at the web app would.
        """
        with self._database.transaction() as connection:
            row = connection.execute("SELECT organization_id FROM workspaces WHERE name = ?", (name,)).fetchone()
            if row is None:
                raise UnknownTargetError(f"There is no workspace {name!r}.")
            yield self._workspace(connection, name, row["organization_id"], switches)

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
            clock=self._clock,
            identifiers=self._identifiers,
        )
