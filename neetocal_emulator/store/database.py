"""
The SQLite file, or memory, behind the store.

One connection, one transaction per request. With a file the journal is a WAL, so
that a process killed in the middle leaves the last whole transaction behind, and
another process that writes stops nobody from reading. Nothing in here waits: who
finds the file locked is told at once.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from neetocal_emulator.errors import BusyError, StateError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import NoReturn

__all__ = ["TABLES", "Database"]

# "neet" in ASCII: tells our files from other SQLite files.
_APPLICATION_ID = 0x6E656574
_SCHEMA_VERSION = 4

# How long another program may hold the file at the start.
_LOCK_SECONDS = 5
_BUSY = 5

TABLES = ("objects", "bookings", "meeting_hosts", "meetings", "members", "api_keys", "workspaces", "lives")

_SCHEMA = """
CREATE TABLE workspaces (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL
);
CREATE TABLE api_keys (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    workspace TEXT NOT NULL
);
CREATE TABLE members (
    position INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL COLLATE NOCASE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    profile_image_url TEXT,
    active INTEGER NOT NULL,
    organization_role TEXT NOT NULL,
    UNIQUE (workspace, email)
);
CREATE TABLE meetings (
    position INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    sid TEXT NOT NULL UNIQUE,
    slug TEXT NOT NULL,
    is_template INTEGER NOT NULL,
    is_deleted INTEGER NOT NULL DEFAULT 0,
    team TEXT AS (substr(slug, 1, instr(slug || '-', '-') - 1)),
    searchable TEXT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX meetings_team ON meetings (workspace, is_template, team, slug) WHERE is_deleted = 0;
CREATE UNIQUE INDEX meetings_live_slug
    ON meetings (workspace, is_template, slug) WHERE is_deleted = 0;
CREATE INDEX meetings_deleted_slug
    ON meetings (workspace, is_template, slug) WHERE is_deleted = 1;
CREATE INDEX meetings_live ON meetings (workspace, is_template, position) WHERE is_deleted = 0;
CREATE TABLE meeting_hosts (
    meeting INTEGER NOT NULL,
    position INTEGER NOT NULL,
    email TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (meeting, position)
) WITHOUT ROWID;
CREATE INDEX meeting_hosts_email ON meeting_hosts (email, meeting);
CREATE TABLE bookings (
    position INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    sid TEXT NOT NULL UNIQUE,
    meeting INTEGER NOT NULL,
    host_email TEXT NOT NULL COLLATE NOCASE,
    client_email TEXT NOT NULL COLLATE NOCASE,
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    is_cancelled INTEGER NOT NULL DEFAULT 0,
    searchable TEXT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX bookings_meeting ON bookings (meeting, is_cancelled, ends_at);
CREATE INDEX bookings_workspace ON bookings (workspace, position);
CREATE TABLE objects (
    position INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (workspace, kind, parent, id)
);
CREATE INDEX objects_parent ON objects (workspace, parent);
CREATE TABLE lives (number INTEGER PRIMARY KEY);
"""


class Database:
    """
    One open SQLite database with our tables in it.
    """

    def __init__(self, path: Path | None) -> None:
        """
        Open *path*, or memory for None; raises StateError when the file is not ours.
        """
        try:
            self._connection = _connect(path)
            self._prepare(path)
            self._refuse_damage()
            self._connection.execute("PRAGMA busy_timeout = 0")
        except sqlite3.Error as error:
            raise StateError(f"The state file {path} cannot be used: {error}.") from error

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Iterator[sqlite3.Connection]:
        """
        Give the connection inside a transaction: all of what is done in it holds, or none.

        Raises BusyError, before anything is done, when another process holds the file.
        """
        with _busy_told():
            self._connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @property
    def changes(self) -> int:
        """
        How many rows were written since the database was opened; only ever grows.
        """
        return self._connection.total_changes

    def copied(self) -> sqlite3.Connection:
        """
        Return a copy in memory, to go back to with `replace()`.
        """
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.backup(copy)
        return copy

    def replace(self, copy: sqlite3.Connection) -> None:
        """
        Hold exactly what the copy holds.
        """
        copy.backup(self._connection, progress=_stop_if_busy)
        # A backup is not counted among the changes.
        with self.transaction() as connection:
            connection.execute("UPDATE workspaces SET name = name")

    def close(self) -> None:
        """
        Close the file; what was committed stays.
        """
        self._connection.close()

    def _prepare(self, path: Path | None) -> None:
        marks = self._pragma("application_id"), self._pragma("user_version")
        is_ours = marks == (_APPLICATION_ID, _SCHEMA_VERSION)
        if not is_ours and (any(marks) or self._pragma("schema_version")):
            raise StateError(
                f"The state file {path} was not written by this version of the emulator; move it away to start afresh."
            )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        if not is_ours:
            self._connection.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA application_id = {_APPLICATION_ID}; "
                f"PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT;"
            )

    def _refuse_damage(self) -> None:
        """
        Raise when the file is damaged, or locked by another program, before anybody relies on it.
        """
        self._connection.execute("BEGIN IMMEDIATE")
        (found,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        self._connection.execute("ROLLBACK")
        if found != "ok":
            raise sqlite3.DatabaseError(f"it is damaged: {' '.join(found.split())}")

    def _pragma(self, name: str) -> int:
        (value,) = self._connection.execute(f"PRAGMA {name}").fetchone()
        return int(value)


@contextmanager
def _busy_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if str(error) == "database is locked":
            _refuse_busy()
        raise


def _stop_if_busy(status: int, _: int, __: int) -> None:
    # Left to itself, a backup would wait for ever.
    if status == _BUSY:
        _refuse_busy()


def _refuse_busy() -> NoReturn:
    raise BusyError("The state file is locked by another process; try again when that is done.")


def _connect(path: Path | None) -> sqlite3.Connection:
    # The server's thread is another than the one that opens; they never use it at once.
    connection = sqlite3.connect(
        path or ":memory:", isolation_level=None, check_same_thread=False, timeout=_LOCK_SECONDS
    )
    connection.row_factory = sqlite3.Row
    return connection
