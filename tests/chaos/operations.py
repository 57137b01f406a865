"""
What a stack does with the API: how it begins, what is done, and which requests belong to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from neetocal_provider.cli.export import export, find
from neetocal_provider.core.search import Query
from neetocal_provider.errors import NeetoCalError
from tests.core.engine import CoreStack, Program

__all__ = ["OPERATIONS", "Operation"]

Work = Callable[[CoreStack, Program], list[str]]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """
    One thing that is done with links, under faults.

    Attributes:
        method: verb of the requests that a fault strikes; None for any.

        path: where those requests go, in the emulator's own words.

        before: the program that is deployed beforehand, without faults.

        program: the program that is deployed, and that must hold in the end.

        work: what is done under faults; returns what went wrong, in the provider's own sentences.

        is_adopting: whether the links of `before` are unknown to the stack, and to be taken over.
    """

    method: str | None
    path: str
    before: Program
    program: Program
    work: Work
    is_adopting: bool = False

    def where(self) -> dict[str, Any]:
        """
        Return which requests a fault strikes, as the emulator takes it.
        """
        return {"path": self.path, **({"method": self.method} if self.method else {})}


def _up(stack: CoreStack, program: Program) -> list[str]:
    return stack.up(program)


def _refresh(stack: CoreStack, _program: Program) -> list[str]:
    """
    Refresh twice: a page tells all links, and a k-th request is wanted.
    """
    return [*_refreshed(stack), *_refreshed(stack)]


def _refreshed(stack: CoreStack) -> list[str]:
    try:
        stack.refresh()
    except NeetoCalError as error:
        return [str(error)]
    return []


def _export(stack: CoreStack, _program: Program) -> list[str]:
    """
    Export twice: a small workspace is told in one request, and a k-th one is wanted.
    """
    return [*_exported(stack), *_exported(stack)]


def _exported(stack: CoreStack) -> list[str]:
    client = stack.client
    try:
        found = export(find(client, ["SchedulingLink"], Query(), lambda *_told: None), client.settings)
    except NeetoCalError as error:
        return [str(error)]
    missing = {*stack.sids().values()} - {link.remote.id for link in found.resources}
    return [f"An export without an error leaves out {sid}\n" for sid in missing]


def _link(slug: str, **arguments: Any) -> dict[str, Any]:
    return {"slug": slug, "name": f"The {slug}", "hosts": ["ada@acme.example"], "duration": 30, **arguments}


def _with(**arguments: Any) -> Program:
    return {slug: _link(slug, **arguments) for slug in ("intro", "demo", "review")}


_SHORT = [{"duration": 30, "is_default": True}, {"duration": 15, "is_default": False}]
_LONG = [{"duration": 30, "is_default": False}, {"duration": 60, "is_default": True}]
_ONLINE = [{"spot": "zoom", "is_default": True}, {"spot": "jitsi", "is_default": False}]
_ELSEWHERE = [
    {"spot": "zoom", "is_default": False},
    {"spot": "phone_call", "phone_call_number": "+1-555-0123", "is_default": True},
]
_PLAIN = _with()
_RICH = _with(description="Bring questions", start_time_increment=15)
_CHANGED = {slug: {**link, "name": f"Another {slug}"} for slug, link in _RICH.items()}

OPERATIONS: Mapping[str, Operation] = {
    "create": Operation(method="POST", path="/meetings", before={}, program=_RICH, work=_up),
    "read": Operation(method="GET", path="/meetings**", before=_RICH, program=_RICH, work=_refresh),
    "update": Operation(method="PATCH", path="/meetings/*", before=_RICH, program=_CHANGED, work=_up),
    "delete": Operation(method="DELETE", path="/meetings/*", before=_RICH, program={}, work=_up),
    "count bookings": Operation(method="GET", path="/bookings", before=_RICH, program={}, work=_up),
    "durations, new link": Operation(
        method=None, path="/meetings/*/durations**", before={}, program=_with(durations=_SHORT), work=_up
    ),
    "durations": Operation(
        method=None,
        path="/meetings/*/durations**",
        before=_with(durations=_SHORT),
        program=_with(durations=_LONG),
        work=_up,
    ),
    "spots, new link": Operation(
        method=None, path="/meetings/*/spots**", before={}, program=_with(spots=_ONLINE), work=_up
    ),
    "spots": Operation(
        method=None,
        path="/meetings/*/spots**",
        before=_with(spots=_ONLINE),
        program=_with(spots=_ELSEWHERE),
        work=_up,
    ),
    "lookup": Operation(method="GET", path="/meetings", before=_PLAIN, program=_CHANGED, work=_up, is_adopting=True),
    "lookup, whole link": Operation(
        method="GET", path="/meetings/*", before=_PLAIN, program=_CHANGED, work=_up, is_adopting=True
    ),
    "export": Operation(method="GET", path="/meetings**", before=_RICH, program=_RICH, work=_export),
}
