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
from neetocal_emulator.store.clock import written
from neetocal_emulator.store.documents import Document, Host, Meeting, stored

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from neetocal_emulator.store.workspace import Workspace

__all__ = [
    "Listing",
    "Selection",
    "SidsInUse",
    "at",
    "fill",
    "find",
    "find_by_slug",
    "find_template",
    "insert",
    "listing",
    "remove_host",
    "rename_host",
    "save",
    "sids",
]

_COLUMNS = "workspace, id, sid, slug, is_template, is_deleted, searchable, document"
_MARKS = "?, ?, ?, ?, ?, ?, ?, ?"
_OURS = "meeting IN (SELECT position FROM meetings WHERE workspace = :workspace)"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """
    Which links or templates a list shows; a limit of None means all.
    """

    templates: bool = False
    both: bool = False
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


def find_shown(workspace: Workspace, sid: str) -> Meeting:
    """
    Return what GET of one link shows: a live link, or a template if the switch says so (LIST_LIVE_ONLY).
    """
    if workspace.switches.templates_among_links == "shown":
        row = workspace.connection.execute(
            "SELECT position, document FROM meetings "
            "WHERE sid = ? AND workspace = ? AND is_template = 1 AND is_deleted = 0",
            (sid, workspace.name),
        ).fetchone()
        if row is not None:
            return _meetings(workspace, [row])[0]
    return find(workspace, sid)


def find_by_slug(workspace: Workspace, slug: str) -> Meeting:
    """
    Return a live link by its slug.
    """
    row = workspace.connection.execute(
        "SELECT position, document FROM meetings "
        "WHERE workspace = ? AND is_template = 0 AND slug = ? AND is_deleted = 0",
        (workspace.name, slug),
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


def insert(workspace: Workspace, document: Document, host_emails: Sequence[str]) -> None:
    """
    Store a new link or template.
    """
    _refuse_taken_slug(workspace, document)
    cursor = workspace.connection.execute(
        f"INSERT INTO meetings ({_COLUMNS}) VALUES ({_MARKS})",  # noqa: S608  # our own constants
        _row(workspace, document),
    )
    position = cursor.lastrowid or 0
    _list(workspace, document, position)
    _write_hosts(workspace, document, position, host_emails)


def fill(workspace: Workspace, meetings: Sequence[tuple[Document, Sequence[str]]]) -> None:
    """
    Store many new links, or many new templates, at once; the workspace has none before.
    """
    (last,) = workspace.connection.execute("SELECT coalesce(max(position), 0) FROM meetings").fetchone()
    slugs: set[str] = set()
    rows: list[tuple[object, ...]] = []
    hosts: list[tuple[object, ...]] = []
    for position, (document, addresses) in enumerate(meetings, last + 1):
        if document["deleted_at"] is None and document["slug"] in slugs:
            raise SlugTakenError(Problem(Fact.SLUG_UNIQUE, f"has already been taken: {document['slug']}", "slug"))
        slugs.add(document["slug"])
        rows.append((position, *_row(workspace, document)))
        hosts.extend((position, index, address) for index, address in enumerate(addresses))
    workspace.connection.executemany(
        f"INSERT INTO meetings (position, {_COLUMNS}) VALUES (?, {_MARKS})",  # noqa: S608  # our own constants
        rows,
    )
    workspace.connection.executemany("INSERT INTO meeting_hosts (meeting, position, email) VALUES (?, ?, ?)", hosts)
    workspace.lists.forget()


def sids(workspace: Workspace) -> set[str]:
    """
    Return all sids that are in use, in any workspace.
    """
    return {row["sid"] for row in workspace.connection.execute("SELECT sid FROM meetings")}


class SidsInUse:
    """
    All sids that are in use, to be asked for one or two.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._connection = workspace.connection

    def __contains__(self, sid: object) -> bool:
        return self._connection.execute("SELECT 1 FROM meetings WHERE sid = ?", (sid,)).fetchone() is not None


def save(workspace: Workspace, document: Document, host_emails: Sequence[str] | None = None) -> None:
    """
    Store a changed document, and its hosts unless None; its time of change moves on.
    """
    before = workspace.connection.execute(
        "SELECT position, slug, is_deleted FROM meetings WHERE id = ?", (document["id"],)
    ).fetchone()
    # Who holds a slug keeps it, even if the clock went back to when another needed it.
    if before["is_deleted"] or before["slug"] != document["slug"]:
        _refuse_taken_slug(workspace, document)
    document = {**document, "updated_at": workspace.clock.now()}
    workspace.connection.execute(
        "UPDATE meetings SET slug = ?, searchable = ?, is_deleted = ?, document = ? WHERE id = ?",
        (
            document["slug"],
            _searchable(document),
            document["deleted_at"] is not None,
            stored(document),
            document["id"],
        ),
    )
    _list(workspace, document, before["position"])
    if host_emails is not None:
        workspace.connection.execute("DELETE FROM meeting_hosts WHERE meeting = ?", (before["position"],))
        _write_hosts(workspace, document, before["position"], host_emails)


def rename_host(workspace: Workspace, before: str, after: str) -> None:
    """
    Give a host another address on every link and template.
    """
    values = {"before": before, "after": after, "workspace": workspace.name}
    # Who hosts a link under both addresses is one host from now on.
    workspace.connection.execute(
        f"DELETE FROM meeting_hosts WHERE email = :after AND {_OURS} "  # noqa: S608  # our own constant
        "AND meeting IN (SELECT meeting FROM meeting_hosts WHERE email = :before)",
        values,
    )
    workspace.connection.execute(
        f"UPDATE meeting_hosts SET email = :after WHERE email = :before AND {_OURS}",  # noqa: S608  # likewise
        values,
    )
    workspace.lists.forget()


def remove_host(workspace: Workspace, address: str) -> None:
    """
    Take a host off every link and template; a link without any other is disabled (MEMBER_REMOVED).
    """
    hosted = workspace.lists.matching(is_template=False, host_emails=[address], search="")
    values = {"hosted": json.dumps(hosted), "address": address, "workspace": workspace.name}
    workspace.connection.execute(
        f"DELETE FROM meeting_hosts WHERE email = :address AND {_OURS}",  # noqa: S608  # our own constant
        values,
    )
    # One time of change for all: at a millisecond for each, the clock would run ahead of the day.
    workspace.connection.execute(
        "UPDATE meetings SET document = json_set(document, '$.disabled', json('true'), '$.updated_at', :now) "
        "WHERE position IN (SELECT value FROM json_each(:hosted)) "
        "AND NOT EXISTS (SELECT 1 FROM meeting_hosts h WHERE h.meeting = meetings.position)",
        {**values, "now": workspace.clock.now()},
    )
    workspace.lists.drop_host(address)


def listing(workspace: Workspace, selection: Selection) -> Listing:
    """
    Return live links or templates, newest first (LIST_ORDER, LIST_LIVE_ONLY).
    """
    positions = _matching(workspace, selection, is_template=selection.templates)
    if selection.both:
        positions = sorted([*positions, *_matching(workspace, selection, is_template=True)])
    # Cut, then turned: turning 100,000 positions first would take longer than all the rest.
    end = max(0, len(positions) - selection.offset)
    start = 0 if selection.limit is None else max(0, end - selection.limit)
    return Listing(tuple(at(workspace, positions[start:end][::-1])), len(positions))


def _matching(workspace: Workspace, selection: Selection, *, is_template: bool) -> Sequence[int]:
    return workspace.lists.matching(
        is_template=is_template,
        host_emails=selection.host_emails,
        search=selection.search.casefold(),
    )


def at(workspace: Workspace, positions: Sequence[int]) -> list[Meeting]:
    """
    Return the links or templates at these positions, in this order.
    """
    rows = workspace.connection.execute(
        "SELECT position, document FROM meetings WHERE workspace = ? AND position IN (SELECT value FROM json_each(?))",
        (workspace.name, json.dumps(positions)),
    ).fetchall()
    found = {meeting.position: meeting for meeting in _meetings(workspace, rows)}
    return [found[position] for position in positions]


def _row(workspace: Workspace, document: Document) -> tuple[object, ...]:
    """
    Return a new row's values, in the order of `_COLUMNS`.
    """
    return (
        workspace.name,
        document["id"],
        document["sid"],
        document["slug"],
        document["is_template"],
        document["deleted_at"] is not None,
        _searchable(document),
        stored(document),
    )


def _searchable(document: Document) -> str:
    return f"{document['name']}\n{document['slug']}".casefold()


def _refuse_taken_slug(workspace: Workspace, document: Document) -> None:
    """
    Refuse a slug that a live link has (SLUG_UNIQUE), or a deleted one needs (SLUG_REUSE).
    """
    if document["deleted_at"] is not None:
        return
    key = (workspace.name, document["is_template"], document["slug"], document["id"])
    same_slug = "SELECT 1 FROM meetings m WHERE workspace = ? AND is_template = ? AND slug = ? AND id != ?"
    if workspace.connection.execute(f"{same_slug} AND is_deleted = 0", key).fetchone():
        raise SlugTakenError(Problem(Fact.SLUG_UNIQUE, "has already been taken", "slug"))
    booked = (
        f"{same_slug} AND is_deleted = 1 AND EXISTS (SELECT 1 FROM bookings b "  # noqa: S608  # fixed texts only
        "WHERE b.meeting = m.position AND b.is_cancelled = 0 AND b.ends_at > ?)"
    )
    if workspace.connection.execute(booked, (*key, written(workspace.clock.instant()))).fetchone():
        raise SlugTakenError(Problem(Fact.SLUG_REUSE, "has already been taken", "slug"))


def _list(workspace: Workspace, document: Document, position: int) -> None:
    is_template = document["is_template"]
    if document["deleted_at"] is None:
        workspace.lists.put(is_template=is_template, position=position, text=_searchable(document))
    else:
        workspace.lists.drop(is_template=is_template, position=position)


def _write_hosts(workspace: Workspace, document: Document, position: int, addresses: Sequence[str]) -> None:
    workspace.connection.executemany(
        "INSERT INTO meeting_hosts (meeting, position, email) VALUES (?, ?, ?)",
        [(position, index, address) for index, address in enumerate(addresses)],
    )
    workspace.lists.set_hosts(is_template=document["is_template"], position=position, addresses=addresses)


def _meetings(workspace: Workspace, rows: Sequence[sqlite3.Row]) -> list[Meeting]:
    hosts = _hosts(workspace, [row["position"] for row in rows])
    return [Meeting(row["position"], row["document"], tuple(hosts[row["position"]])) for row in rows]


def _hosts(workspace: Workspace, positions: list[int]) -> dict[int, list[Host]]:
    hosts: dict[int, list[Host]] = {position: [] for position in positions}
    rows = workspace.connection.execute(
        "SELECT h.meeting, coalesce(p.email, h.email), trim(coalesce(p.first_name || ' ' || p.last_name, '')) "
        "FROM json_each(?) AS wanted JOIN meeting_hosts h ON h.meeting = wanted.value "
        "LEFT JOIN members p ON p.workspace = ? AND p.email = h.email "
        "ORDER BY h.meeting, h.position",
        (json.dumps(positions), workspace.name),
    )
    for position, email, name in rows:
        # Somebody invited by e-mail alone has no name yet.
        hosts[position].append(Host(name or email, email))
    return hosts
