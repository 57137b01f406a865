"""
Links and templates as rows: find, insert, save, list.

No rules here but one: a slug has one holder. The rules about values stand in
`rules.py`, those about what may be done in `meetings.py` and `templates.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neetocal_emulator.errors import NotFoundError, Problem, SlugTakenError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store.documents import Document, Host, Meeting

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from neetocal_emulator.store.workspace import Workspace

__all__ = ["Listing", "Selection", "find", "find_template", "insert", "listing", "save", "set_hosts"]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """
    Which links or templates a list shows; a limit of None means all.
    """

    templates: bool = False
    host_emails: tuple[str, ...] = ()
    search: str = ""
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True)
class Listing:
    """
    One page, and how many there are on all pages.
    """

    meetings: tuple[Meeting, ...]
    total: int


def find(workspace: Workspace, sid: str) -> Meeting:
    """
    Return a live link by its sid (SID_IN_PATH).
    """
    row = workspace.connection.execute(
        "SELECT position, document FROM meetings "
        "WHERE sid = ? AND workspace = ? AND is_template = 0 AND is_deleted = 0",
        (sid, workspace.name),
    ).fetchone()
    if row is None:
        raise NotFoundError(Problem(Fact.MEETING_NOT_FOUND, "Meeting not found"))
    return _meetings(workspace, [row])[0]


def find_template(workspace: Workspace, template_id: object) -> Meeting | None:
    """
    Return a live template by its id, or None.
    """
    if not isinstance(template_id, str):
        return None
    row = workspace.connection.execute(
        "SELECT position, document FROM meetings WHERE id = ? AND workspace = ? AND is_template = 1 AND is_deleted = 0",
        (template_id, workspace.name),
    ).fetchone()
    return _meetings(workspace, [row])[0] if row else None


def insert(workspace: Workspace, document: Document, host_emails: Iterable[str]) -> None:
    """
    Store a new link or template.
    """
    _refuse_taken_slug(workspace, document)
    cursor = workspace.connection.execute(
        "INSERT INTO meetings (workspace, id, sid, slug, is_template, searchable, document) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            workspace.name,
            document["id"],
            document["sid"],
            document["slug"],
            document["is_template"],
            _searchable(document),
            json.dumps(document),
        ),
    )
    _write_hosts(workspace, cursor.lastrowid, host_emails)


def save(workspace: Workspace, document: Document) -> None:
    """
    Store a changed document; its time of change moves on.
    """
    _refuse_taken_slug(workspace, document)
    document = {**document, "updated_at": workspace.clock.now()}
    workspace.connection.execute(
        "UPDATE meetings SET slug = ?, searchable = ?, is_deleted = ?, document = ? WHERE id = ?",
        (
            document["slug"],
            _searchable(document),
            document["deleted_at"] is not None,
            json.dumps(document),
            document["id"],
        ),
    )


def set_hosts(workspace: Workspace, meeting: Meeting, host_emails: Iterable[str]) -> None:
    """
    Replace the hosts of a link or template.
    """
    workspace.connection.execute("DELETE FROM meeting_hosts WHERE meeting = ?", (meeting.position,))
    _write_hosts(workspace, meeting.position, host_emails)


def listing(workspace: Workspace, selection: Selection) -> Listing:
    """
    Return live links or templates, newest first (LIST_ORDER, LIST_LIVE_ONLY).
    """
    where, values = _conditions(workspace, selection)
    (total,) = workspace.connection.execute(
        f"SELECT count(*) FROM meetings m WHERE {where}",  # noqa: S608  # fixed texts only
        values,
    ).fetchone()
    # The inner query walks the index alone, so that far pages cost little more than near ones.
    rows = workspace.connection.execute(
        "SELECT position, document FROM meetings WHERE position IN "  # noqa: S608  # likewise
        f"(SELECT position FROM meetings m WHERE {where} "
        "ORDER BY position DESC LIMIT ? OFFSET ?) ORDER BY position DESC",
        [*values, -1 if selection.limit is None else selection.limit, selection.offset],
    ).fetchall()
    return Listing(tuple(_meetings(workspace, rows)), total)


def _conditions(workspace: Workspace, selection: Selection) -> tuple[str, list[object]]:
    where = "m.workspace = ? AND m.is_template = ? AND m.is_deleted = 0"
    values: list[object] = [workspace.name, selection.templates]
    if selection.host_emails:
        where += (
            " AND m.position IN (SELECT h.meeting FROM json_each(?) AS wanted"
            " JOIN meeting_hosts h ON h.email = wanted.value COLLATE NOCASE)"
        )
        values.append(json.dumps(selection.host_emails))
    if selection.search:
        where += " AND instr(m.searchable, ?)"
        values.append(selection.search.casefold())
    return where, values


def _searchable(document: Document) -> str:
    return f"{document['name']}\n{document['slug']}".casefold()


def _refuse_taken_slug(workspace: Workspace, document: Document) -> None:
    """
    Refuse a slug that a live link has (SLUG_UNIQUE), or a deleted one needs (SLUG_REUSE).
    """
    if document["deleted_at"] is not None:
        return
    row = workspace.connection.execute(
        "SELECT is_deleted FROM meetings WHERE workspace = ? AND is_template = ? AND slug = ? "
        "AND id != ? AND (is_deleted = 0 OR has_upcoming_bookings = 1) ORDER BY is_deleted",
        (workspace.name, document["is_template"], document["slug"], document["id"]),
    ).fetchone()
    if row is not None:
        fact = Fact.SLUG_REUSE if row["is_deleted"] else Fact.SLUG_UNIQUE
        raise SlugTakenError(Problem(fact, "has already been taken", "slug"))


def _write_hosts(workspace: Workspace, position: int | None, host_emails: Iterable[str]) -> None:
    workspace.connection.executemany(
        "INSERT INTO meeting_hosts (meeting, position, email) VALUES (?, ?, ?)",
        [(position, index, address) for index, address in enumerate(host_emails)],
    )


def _meetings(workspace: Workspace, rows: Sequence[sqlite3.Row]) -> list[Meeting]:
    hosts = _hosts(workspace, [row["position"] for row in rows])
    return [Meeting(row["position"], json.loads(row["document"]), tuple(hosts[row["position"]])) for row in rows]


def _hosts(workspace: Workspace, positions: list[int]) -> dict[int, list[Host]]:
    hosts: dict[int, list[Host]] = {position: [] for position in positions}
    rows = workspace.connection.execute(
        "SELECT h.meeting, coalesce(p.email, h.email) AS email, "
        "trim(coalesce(p.first_name || ' ' || p.last_name, '')) AS name "
        "FROM json_each(?) AS wanted JOIN meeting_hosts h ON h.meeting = wanted.value "
        "LEFT JOIN members p ON p.workspace = ? AND p.email = h.email "
        "ORDER BY h.meeting, h.position",
        (json.dumps(positions), workspace.name),
    )
    for row in rows:
        # Somebody invited by e-mail alone has no name yet.
        hosts[row["meeting"]].append(Host(row["name"] or row["email"], row["email"]))
    return hosts
