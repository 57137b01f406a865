"""
A workspace's links in groups: which there are, and which of them a window shows.

All links are walked as slim rows; only those in the window are read whole, so that
ten thousand links cost a few milliseconds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple

from neetocal_emulator.store import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from neetocal_emulator.store import Workspace
    from neetocal_emulator.store.documents import Meeting

__all__ = ["Group", "Grouping", "Page", "page_of"]

Grouping = Literal["team", "host"]


class Row(NamedTuple):
    """
    What is needed of a link to put it into a group; `hosts` are pairs of e-mail and name.
    """

    position: int
    slug: str
    searchable: str
    hosts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """
    Links under one heading, sorted by slug. An empty title is the rest, which comes last.
    """

    title: str
    note: str
    rows: Sequence[Row]


@dataclass(frozen=True, kw_only=True)
class Page:
    """
    The first links, group by group.

    Attributes:
        total: the links of the workspace.

        matching: those that the filter leaves.

        listed: the lines that these make; by host, a link has one for each.
    """

    grouping: Grouping
    total: int
    matching: int
    listed: int
    groups: list[tuple[Group, list[Meeting]]]


def page_of(workspace: Workspace, *, grouping: Grouping | None, wanted: str, limit: int) -> Page:
    """
    Return the first *limit* links whose name, slug or hosts hold every word of *wanted*.

    Without a grouping it is by team when at least half of the links share a prefix with another.
    """
    rows = _rows(workspace)
    by_team = _by_team(rows)
    if grouping is None:
        grouping = "team" if _is_telling(by_team, len(rows)) else "host"
    if grouping == "host" or wanted:
        rows = _with_hosts(workspace, rows)
    matching = [row for row in rows if _holds(row, wanted.casefold().split())]
    groups = _by_host(matching) if grouping == "host" else _kept(by_team, matching)
    return Page(
        grouping=grouping,
        total=len(rows),
        matching=len(matching),
        listed=sum(len(group.rows) for group in groups),
        groups=_window(workspace, groups, limit),
    )


def _rows(workspace: Workspace) -> list[Row]:
    found = workspace.connection.execute(
        "SELECT position, slug, searchable FROM meetings "
        "WHERE workspace = ? AND is_template = 0 AND is_deleted = 0 ORDER BY slug",
        (workspace.name,),
    )
    return [Row(*row) for row in found]


def _with_hosts(workspace: Workspace, rows: Iterable[Row]) -> list[Row]:
    hosts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    found = workspace.connection.execute(
        "SELECT h.meeting, coalesce(p.email, h.email), trim(coalesce(p.first_name || ' ' || p.last_name, '')) "
        "FROM meetings m JOIN meeting_hosts h ON h.meeting = m.position "
        "LEFT JOIN members p ON p.workspace = m.workspace AND p.email = h.email "
        "WHERE m.workspace = ? AND m.is_template = 0 AND m.is_deleted = 0 ORDER BY h.meeting, h.position",
        (workspace.name,),
    )
    for meeting, email, name in found:
        hosts[meeting].append((email, name))
    return [Row(row.position, row.slug, row.searchable, tuple(hosts[row.position])) for row in rows]


def _holds(row: Row, words: list[str]) -> bool:
    if not words:
        return True
    text = "\n".join([row.searchable, *chain.from_iterable(row.hosts)]).casefold()
    return all(word in text for word in words)


def _by_team(rows: Iterable[Row]) -> list[Group]:
    """
    Group by the slug's first word, where at least two slugs begin with it.
    """
    prefixes: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        prefixes[row.slug.partition("-")[0] or row.slug].append(row)
    teams = [Group(title=prefix, note="", rows=found) for prefix, found in prefixes.items() if len(found) > 1]
    rest = [found[0] for found in prefixes.values() if len(found) == 1]
    return [*sorted(teams, key=lambda team: team.title), *_rest(rest, "slugs of their own")]


def _kept(groups: Iterable[Group], rows: Iterable[Row]) -> list[Group]:
    """
    Leave of the groups what is among the rows; a team stays a team though one link of it matches.
    """
    positions = {row.position for row in rows}
    kept = (
        Group(title=group.title, note=group.note, rows=[row for row in group.rows if row.position in positions])
        for group in groups
    )
    return [group for group in kept if group.rows]


def _by_host(rows: Iterable[Row]) -> list[Group]:
    """
    Group by host; a link with several is under each of them.
    """
    hosted: dict[tuple[str, str], list[Row]] = defaultdict(list)
    rest = []
    for row in rows:
        for host in dict.fromkeys(row.hosts):
            hosted[host].append(row)
        if not row.hosts:
            rest.append(row)
    groups = [
        Group(title=name or email, note=email if name else "", rows=found) for (email, name), found in hosted.items()
    ]
    return [*sorted(groups, key=lambda group: (group.title.casefold(), group.note)), *_rest(rest, "no host")]


def _rest(rows: list[Row], note: str) -> list[Group]:
    return [Group(title="", note=note, rows=rows)] if rows else []


def _is_telling(teams: Iterable[Group], total: int) -> bool:
    return sum(len(team.rows) for team in teams if team.title) * 2 >= total


def _window(workspace: Workspace, groups: Iterable[Group], limit: int) -> list[tuple[Group, list[Meeting]]]:
    """
    Read the first *limit* links; groups that begin beyond them are left out.
    """
    shown: list[tuple[Group, list[int]]] = []
    for group in groups:
        if limit <= 0:
            break
        shown.append((group, [row.position for row in group.rows[:limit]]))
        limit -= len(group.rows)
    positions = list(dict.fromkeys(chain.from_iterable(taken for _, taken in shown)))
    meetings = dict(zip(positions, records.at(workspace, positions), strict=True))
    return [(group, [meetings[position] for position in taken]) for group, taken in shown]
