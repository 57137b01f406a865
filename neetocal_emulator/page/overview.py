"""
Everything that the page shows of one workspace, as JSON.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from neetocal_emulator.page.catalog import page_of
from neetocal_emulator.page.labels import described
from neetocal_emulator.store import records, team
from neetocal_emulator.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from neetocal_emulator.backend import Backend
    from neetocal_emulator.journal import Entry
    from neetocal_emulator.page.catalog import Grouping, Page
    from neetocal_emulator.store import Workspace

__all__ = ["Question", "overview"]

_FEW = 100
_MOST = 20_000


@dataclass(frozen=True, kw_only=True)
class Question:
    """
    What the page wants to see, and what it has seen.
    """

    workspace: str | None
    grouping: Grouping | None
    wanted: str
    links: int
    templates: int
    people: int
    requests: int
    revision: str
    """
    The revision that the page shows; the catalog is left out while it is the same.
    """
    after: int
    """
    The number of the newest request that the page has.
    """

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Question:
        """
        Read the question from a query; what makes no sense counts as not given.
        """
        group = query.get("group")
        return cls(
            workspace=query.get("workspace") or None,
            grouping=cast("Grouping", group) if group in {"team", "host"} else None,
            wanted=query.get("filter", ""),
            links=_count(query.get("links")),
            templates=_count(query.get("templates")),
            people=_count(query.get("people")),
            requests=_count(query.get("requests")),
            revision=query.get("revision", ""),
            after=_count(query.get("after"), default=0),
        )


def overview(backend: Backend, question: Question, run: str) -> dict[str, Any]:
    """
    Answer the page's question; *run* tells one life of the emulator from the next.
    """
    begun = time.perf_counter()
    name = backend.workspace_name(question.workspace)
    revision = f"{run}-{backend.store.changes}"
    answer: dict[str, Any] = {
        "run": run,
        "revision": revision,
        "workspace": name,
        "workspaces": backend.store.names(),
        "altered": [*_changed_switches(backend.switches), *map(_fault, backend.faults.to_list())],
        "journal": _journal(backend, name, question),
    }
    if question.revision != revision:
        answer["key"] = backend.key(name)
        with backend.store.named(name, backend.switches, writes=False) as workspace:
            answer["catalog"] = _catalog(workspace, question)
    # The page rests a multiple of this before it asks again.
    answer["took_ms"] = round((time.perf_counter() - begun) * 1000, 3)
    return answer


def _catalog(workspace: Workspace, question: Question) -> dict[str, Any]:
    page = page_of(workspace, grouping=question.grouping, wanted=question.wanted, limit=question.links)
    templates = records.listing(workspace, records.Selection(templates=True, limit=question.templates))
    people, total = team.listing(workspace, email=None, limit=question.people, offset=0)
    return {
        "links": _links(page),
        "templates": {"total": templates.total, "rows": [described(each) for each in templates.meetings]},
        "people": {"total": total, "rows": [_person(each) for each in people]},
    }


def _links(page: Page) -> dict[str, Any]:
    return {
        "grouping": page.grouping,
        "total": page.total,
        "matching": page.matching,
        "listed": page.listed,
        "groups": [
            {
                "title": group.title,
                "note": group.note,
                "total": group.total,
                "rows": [described(meeting) for meeting in meetings],
            }
            for group, meetings in page.groups
        ],
    }


def _person(member: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": member["id"],
        "name": team.own_name(member),
        "email": member["email"],
        "time_zone": member["time_zone"],
        "role": member["organization_role"],
        "is_active": member["active"],
    }


def _journal(backend: Backend, workspace: str, question: Question) -> dict[str, Any]:
    """
    The newest requests of the workspace, and those whose key opened none.
    """
    journal = backend.journal
    new = (
        _line(number, entry)
        for number, entry in journal.newest_first(after=question.after)
        if entry.workspace in {workspace, None}
    )
    numbers = journal.numbers
    return {
        "first": numbers.start,
        "last": numbers.stop - 1,
        "total": journal.count(workspace) + journal.count(None),
        "rows": list(islice(new, question.requests)),
    }


def _line(number: int, entry: Entry) -> dict[str, Any]:
    return {
        "number": number,
        "at": entry.at,
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
        "duration_ms": entry.duration_ms,
        "faults": entry.faults,
    }


def _changed_switches(switches: Switches) -> list[str]:
    usual = Switches().to_dict()
    return [f"{name} = {value}" for name, value in switches.to_dict().items() if value != usual[name]]


def _fault(fault: Mapping[str, object]) -> str:
    """
    Say a fault in short, for example `fault status 503 on POST /meetings, struck 2 of 3`.
    """
    what = " ".join(str(fault[name]) for name in ("kind", "status") if fault.get(name) is not None)
    where = " ".join(str(fault[name]) for name in ("method", "path", "workspace") if fault[name] not in {None, "**"})
    struck = f"struck {fault['struck']}" + ("" if fault["times"] is None else f" of {fault['times']}")
    return f"fault {what}{f' on {where}' if where else ''}, {struck}"


def _count(text: str | None, default: int = _FEW) -> int:
    try:
        return max(0, min(int(text or default), _MOST))
    except ValueError:
        return default
