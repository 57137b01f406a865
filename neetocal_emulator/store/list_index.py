"""
What the lists of links and templates hold, kept in memory beside the tables.

SQLite would walk 100,000 rows for a count or a search; this finds a page in a few
milliseconds. Everything here can be read anew from the tables at any time, and is,
after a rolled back transaction or another process's write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neetocal_emulator.store.rules import folded

if TYPE_CHECKING:
    import sqlite3

__all__ = ["ListIndex", "WorkspaceLists"]

_REMEMBERED = 32


class _Table:
    """
    One list: texts to search by position in ascending order, and positions by host.
    """

    def __init__(self, connection: sqlite3.Connection, workspace: str, *, is_template: bool) -> None:
        live = "FROM meetings m WHERE m.workspace = ? AND m.is_template = ? AND m.is_deleted = 0"
        rows = connection.execute(
            f"SELECT m.position, m.searchable {live} ORDER BY m.position",
            (workspace, is_template),
        )
        self._texts: dict[int, str] = {row["position"]: row["searchable"] for row in rows}
        # Tuples of strings, unlike lists, cost the garbage collector nothing.
        self._hosts: dict[int, tuple[str, ...]] = {}
        self.hosted: dict[str, set[int]] = {}
        # What was asked lately; pages of one list ask the same again and again.
        self._found: dict[tuple[str, ...], list[int]] = {}
        hosts = connection.execute(
            f"SELECT h.meeting, h.email FROM meeting_hosts h WHERE h.meeting IN (SELECT m.position {live})",  # noqa: S608
            (workspace, is_template),
        )
        for position, address in hosts:
            self._host(position, address)

    def put(self, position: int, text: str) -> None:
        self._found.clear()
        self._texts[position] = text

    def drop(self, position: int) -> None:
        self._found.clear()
        self._texts.pop(position, None)
        self.set_hosts(position, ())

    def set_hosts(self, position: int, addresses: Iterable[str]) -> None:
        self._found.clear()
        for address in self._hosts.pop(position, ()):
            self.hosted[address].discard(position)
        for address in addresses:
            self._host(position, address)

    def drop_host(self, address: str) -> None:
        self._found.clear()
        for position in self.hosted.pop(address, ()):
            self._hosts[position] = tuple([each for each in self._hosts[position] if each != address])

    def matching(self, host_emails: Sequence[str], search: str) -> list[int]:
        """
        Return the positions of what a list holds, in ascending order.
        """
        asked = (*host_emails, search)
        if asked not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[asked] = self._find(host_emails, search)
        return self._found[asked]

    def _find(self, host_emails: Sequence[str], search: str) -> list[int]:
        texts = self._texts
        if host_emails:
            hosted = [self.hosted.get(folded(address), set()) for address in host_emails]
            positions = sorted(hosted[0].union(*hosted[1:]))
            return [position for position in positions if search in texts[position]] if search else positions
        return [position for position, text in texts.items() if search in text] if search else list(texts)

    def _host(self, position: int, address: str) -> None:
        address = folded(address)
        self._hosts[position] = (*self._hosts.get(position, ()), address)
        self.hosted.setdefault(address, set()).add(position)


class ListIndex:
    """
    The lists of all workspaces, each read from the tables when it is first needed.
    """

    def __init__(self) -> None:
        self._tables: dict[tuple[str, bool], _Table] = {}
        self._is_touched = False
        self._data_version: int | None = None

    def forget(self) -> None:
        """
        Read everything anew when it is next needed.
        """
        self._tables.clear()

    def begin(self, connection: sqlite3.Connection) -> None:
        """
        Begin with a transaction.
        """
        self._is_touched = False
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version != self._data_version:
            # Another process wrote into the file.
            self.forget()
            self._data_version = version

    def touch(self) -> None:
        """
        Note that the transaction changes a list.
        """
        self._is_touched = True

    def roll_back(self) -> None:
        """
        Undo what the transaction did.
        """
        if self._is_touched:
            self.forget()

    def table(self, connection: sqlite3.Connection, workspace: str, *, is_template: bool) -> _Table:
        """
        Return one list of a workspace.
        """
        key = (workspace, is_template)
        if key not in self._tables:
            self.touch()
            self._tables[key] = _Table(connection, workspace, is_template=is_template)
        return self._tables[key]


@dataclass(frozen=True)
class WorkspaceLists:
    """
    The lists of one workspace, until the transaction ends.
    """

    index: ListIndex
    connection: sqlite3.Connection
    workspace: str

    def forget(self) -> None:
        """
        Read everything anew when it is next needed.
        """
        self.index.forget()

    def matching(self, *, is_template: bool, host_emails: Sequence[str], search: str) -> list[int]:
        """
        Return the positions of what a list holds, in ascending order.
        """
        return self._table(is_template=is_template).matching(host_emails, search)

    def hosted(self, *, is_template: bool) -> Mapping[str, set[int]]:
        """
        Return the positions by host, an e-mail in `folded()` form; some may host nothing any longer.
        """
        return self._table(is_template=is_template).hosted

    def put(self, *, is_template: bool, position: int, text: str) -> None:
        """
        Have a link or template on its list, to be found by this text.
        """
        self._changed_table(is_template=is_template).put(position, text)

    def drop(self, *, is_template: bool, position: int) -> None:
        """
        Take a link or template off its list.
        """
        self._changed_table(is_template=is_template).drop(position)

    def set_hosts(self, *, is_template: bool, position: int, addresses: Iterable[str]) -> None:
        """
        Have a link or template found by these hosts.
        """
        self._changed_table(is_template=is_template).set_hosts(position, addresses)

    def drop_host(self, address: str) -> None:
        """
        Have nothing found by this host any longer.
        """
        for is_template in (False, True):
            self._changed_table(is_template=is_template).drop_host(folded(address))

    def _changed_table(self, *, is_template: bool) -> _Table:
        self.index.touch()
        return self._table(is_template=is_template)

    def _table(self, *, is_template: bool) -> _Table:
        return self.index.table(self.connection, self.workspace, is_template=is_template)
