"""
Lookups in unit tests: answered by Pulumi's mocks, whatever those return.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import pulumi
from pulumi.runtime import MockCallArgs

from neetocal_provider.errors import NeetoCalError
from neetocal_provider.resources.lookups import (
    MEMBERS,
    SCHEDULING_LINKS,
    GetMeetingTemplateResult,
    GetSchedulingLinkResult,
    GetTeamMemberResult,
    LookupCache,
)
from neetocal_provider.schema.resource import TYPE

__all__ = ["MockedLookupCache"]

Result = TypeVar("Result")

_EMPTY = {"str": "", "bool": False, "Sequence[str]": (), "Mapping[str, Any]": {}}


class MockedLookupCache(LookupCache):
    """
    Finds what `Mocks.call` returns for the functions of the native provider, such as `neetocal:index:getTeamMember`.

    What the mocks leave out is what was asked for, else empty. Needs no settings, sends nothing, remembers nothing.
    """

    def __init__(self, mocks: pulumi.runtime.Mocks) -> None:
        self._mocks = mocks

    def template(self, name: str | None, id_: str | None) -> GetMeetingTemplateResult:
        """
        Return the template that the mocks return.
        """
        given = {"name": name, "id": id_}
        return _result(GetMeetingTemplateResult, given, self._call("getMeetingTemplate", given))

    def member(self, email: str) -> GetTeamMemberResult:
        """
        Return the member that the mocks return.
        """
        given = {"email": email}
        return _result(GetTeamMemberResult, given, self._call("getTeamMember", given))

    def all_members(self) -> list[GetTeamMemberResult]:
        """
        Return the members that the mocks return; none where those return no list.
        """
        return _results(GetTeamMemberResult, self._call("listTeamMembers", {}).get(MEMBERS))

    def members_to_check(self) -> list[GetTeamMemberResult]:
        """
        Return the same members.
        """
        return self.all_members()

    def link(self, slug: str | None, sid: str | None) -> GetSchedulingLinkResult:
        """
        Return the link that the mocks return.
        """
        answer = self._call("getSchedulingLink", {"slug": slug, "sid": sid})
        return _result(GetSchedulingLinkResult, {"slug": slug, "id": sid}, answer)

    def links(self, host: str | None) -> list[GetSchedulingLinkResult]:
        """
        Return the links that the mocks return; none where those return no list.
        """
        return _results(
            GetSchedulingLinkResult, self._call("listSchedulingLinks", {"host": host}).get(SCHEDULING_LINKS)
        )

    def _call(self, function: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """
        Return what the mocks return; without Pulumi's monitor, which takes neither `None` nor `({}, None)`.
        """
        known = {name: value for name, value in given.items() if value is not None}
        answer: Any = self._mocks.call(MockCallArgs(token=f"{TYPE}{function}", args=known, provider=""))
        outputs, failures = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, None)
        if failures:
            raise NeetoCalError("; ".join(str(reason) for _property, reason in failures))
        return outputs if isinstance(outputs, Mapping) else {}


def _result(kind: type[Result], *answers: Mapping[str, Any]) -> Result:
    """
    Return a result with the values of these answers, the last one first.
    """
    found: dict[str, Any] = {field.name: _EMPTY[str(field.type)] for field in fields(kind)}  # type: ignore[arg-type]
    if "active" in found:
        found["active"] = True
    for answer in answers:
        found |= {name: value for name, value in answer.items() if name in found and value is not None}
    return kind(**found)


def _results(kind: type[Result], answers: Any) -> list[Result]:
    rows = answers if isinstance(answers, list | tuple) else ()
    return [_result(kind, row) for row in rows if isinstance(row, Mapping)]
