"""
A workspace's links in groups: which there are, and which of them a window shows.

Links are counted by SQLite and by the lists in memory, and only those in the window
are read, so that looking at a hundred thousand links holds up nobody.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Literal

from neetocal_emulator.store import records, team
from neetocal_emulator.store.rules import folded

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from neetocal_emulator.store import Workspace
    from neetocal_emulator.store.documents import Meeting

__all__ = ["Group", "Grouping", "Page", "page_of"]

Grouping = Literal["team", "host"]


@dataclass(frozen=True, kw_only=True)
class _Links:
    """
    Some links of a workspace: those that a condition in SQL holds for, among these positions.
    """

    condition: str = "1"
    values: Mapping[str, object] = field(default_factory=dict)
    positions: set[int] | None = None
    """
    None is all.
    """


@dataclass(frozen=True, kw_only=True)
class Group:
    """
    Links under one heading, sorted by slug. An empty title is the rest, which comes last.
    """

    title: str
    note: str
    total: int
    links: _Links


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

    Without a grouping it is by team when at least half of the links share a prefix with another;
    a team stays a team though one link of it matches.
    """
    everything = _found(workspace)
    sizes = _sizes(workspace, _Links())
    teams = {name: size for name, size in sizes.items() if size > 1}
    if grouping is None:
        grouping = "team" if sum(teams.values()) * 2 >= len(everything) else "host"
    words = wanted.casefold().split()
    matching = _matching(workspace, words) if words else everything
    if grouping == "host":
        groups = _by_host(workspace, matching)
    elif words:
        groups = _by_team(_sizes(workspace, _Links(positions=matching)), teams, matching)
    else:
        groups = _by_team(sizes, teams, None)
    return Page(
        grouping=grouping,
        total=len(everything),
        matching=len(matching),
        listed=sum(group.total for group in groups),
        groups=_window(workspace, groups, limit),
    )


def _by_team(sizes: Mapping[str, int], teams: Collection[str], matching: set[int] | None) -> list[Group]:
    """
    Group by the slug's first word, where it is a team's; None matches all.
    """
    groups = [
        Group(
            title=name,
            note="",
            total=sizes[name],
            links=_Links(condition="team = :name", values={"name": name}, positions=matching),
        )
        for name in sorted(teams)
        if name in sizes
    ]
    others = _Links(
        condition="team NOT IN (SELECT value FROM json_each(:names))",
        values={"names": json.dumps(list(teams))},
        positions=matching,
    )
    total = sum(sizes.values()) - sum(group.total for group in groups)
    return [*groups, *_rest("slugs of their own", total, others)]


def _by_host(workspace: Workspace, matching: set[int]) -> list[Group]:
    """
    Group by host; a link with several is under each of them.
    """
    hosted = workspace.lists.hosted(is_template=False)
    groups = [
        Group(title=name or email, note=email if name else "", total=len(found), links=_Links(positions=found))
        for address, (name, email) in _people(workspace, hosted).items()
        if (found := hosted[address] & matching)
    ]
    others = matching.difference(*hosted.values())
    return [
        *sorted(groups, key=lambda group: (group.title.casefold(), group.note)),
        *_rest("no host", len(others), _Links(positions=others)),
    ]


def _rest(note: str, total: int, links: _Links) -> list[Group]:
    return [Group(title="", note=note, total=total, links=links)] if total else []


def _window(workspace: Workspace, groups: Iterable[Group], limit: int) -> list[tuple[Group, list[Meeting]]]:
    """
    Read the first *limit* links; groups that begin beyond them are left out.
    """
    shown: list[tuple[Group, list[int]]] = []
    for group in groups:
        if limit <= 0:
            break
        rows = _select(workspace, "position", group.links, f"ORDER BY slug LIMIT {limit:d}")
        shown.append((group, [row["position"] for row in rows]))
        limit -= group.total
    positions = list(dict.fromkeys(chain.from_iterable(taken for _, taken in shown)))
    meetings = dict(zip(positions, records.at(workspace, positions), strict=True))
    return [(group, [meetings[position] for position in taken]) for group, taken in shown]


def _matching(workspace: Workspace, words: Iterable[str]) -> set[int]:
    """
    Find the links that hold every word.
    """
    people = _people(workspace, workspace.lists.hosted(is_template=False))
    texts = {address: "\n".join(texts).casefold() for address, texts in people.items()}
    found = []
    for word in words:
        hosts = [address for address, text in texts.items() if word in text]
        found.append(_found(workspace, word) | (_found(workspace, hosts=hosts) if hosts else set()))
    return set.intersection(*found)


def _people(workspace: Workspace, addresses: Iterable[str]) -> dict[str, tuple[str, str]]:
    """
    Return name and e-mail by `folded()` address; a stranger has no name.
    """
    members, _ = team.listing(workspace, email=None, limit=None, offset=0)
    known = {folded(member["email"]): (team.own_name(member), member["email"]) for member in members}
    return {address: known.get(address, ("", address)) for address in addresses}


def _found(workspace: Workspace, search: str = "", hosts: Sequence[str] = ()) -> set[int]:
    return set(workspace.lists.matching(is_template=False, host_emails=hosts, search=search))


def _sizes(workspace: Workspace, links: _Links) -> dict[str, int]:
    """
    Count links by the first word of their slugs.
    """
    return {row["team"]: row["size"] for row in _select(workspace, "team, count(*) AS size", links, "GROUP BY team")}


def _select(workspace: Workspace, what: str, links: _Links, order: str = "") -> sqlite3.Cursor:
    condition, values = links.condition, {**links.values, "workspace": workspace.name}
    if links.positions is not None:
        condition += " AND position IN (SELECT value FROM json_each(:positions))"
        values["positions"] = json.dumps(list(links.positions))
    return workspace.connection.execute(
        f"SELECT {what} FROM meetings "  # noqa: S608  # fixed texts only
        f"WHERE workspace = :workspace AND is_template = 0 AND is_deleted = 0 AND {condition} {order}",
        values,
    )
