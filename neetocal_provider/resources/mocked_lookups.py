"""
Lookups in unit tests: answered by Pulumi's mocks, whatever those return.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from neetocal_provider.errors import NeetoCalError
from neetocal_provider.resources.lookups import (
    AVAILABILITIES,
    MEETING_TEMPLATES,
    MEMBERS,
    SCHEDULING_LINKS,
    SLOTS,
    LookupCache,
)
from neetocal_provider.resources.results import (
    GetAvailabilityResult,
    GetMeetingTemplateResult,
    GetSchedulingLinkResult,
    GetTeamMemberResult,
    Slot,
    result_of,
)
from neetocal_provider.schema.resource import TYPE

__all__ = ["MockedLookupCache"]

Result = TypeVar("Result")


class MockedLookupCache(LookupCache):
    """
    Finds what `Mocks.call` returns for the functions of the native provider, such as `neetocal:index:getTeamMember`.

    What the mocks leave out is what was asked for, else empty. Needs no settings, sends nothing, remembers nothing.

    Args:
        call: asks the mocks for a function by its token and arguments.
    """

    def __init__(self, call: Callable[[str, Mapping[str, Any]], Any]) -> None:
        self._mocks_call = call

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

    def templates(self) -> list[GetMeetingTemplateResult]:
        """
        Return the templates that the mocks return; none where those return no list.
        """
        return _results(GetMeetingTemplateResult, self._call("listMeetingTemplates", {}).get(MEETING_TEMPLATES))

    def availability(self, id_: str) -> GetAvailabilityResult:
        """
        Return the availability that the mocks return.
        """
        given = {"id": id_}
        return _result(GetAvailabilityResult, given, self._call("getAvailability", given))

    def availabilities(self, email: str) -> list[GetAvailabilityResult]:
        """
        Return the availabilities that the mocks return; none where those return no list.
        """
        answer = self._call("listAvailabilities", {"email": email})
        return _results(GetAvailabilityResult, answer.get(AVAILABILITIES))

    def slots(self, link: str, month: str, time_zone: str, host: str | None) -> list[Slot]:
        """
        Return the slots that the mocks return; none where those return no list.
        """
        given = {"link": link, "month": month, "time_zone": time_zone, "host": host}
        return _results(Slot, self._call("listSlots", given).get(SLOTS))

    def _call(self, function: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """
        Return what the mocks return; without Pulumi's monitor, which takes neither `None` nor `({}, None)`.
        """
        known = {name: value for name, value in given.items() if value is not None}
        answer: Any = self._mocks_call(f"{TYPE}{function}", known)
        outputs, failures = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, None)
        if failures:
            raise NeetoCalError("; ".join(str(reason) for _property, reason in failures))
        return outputs if isinstance(outputs, Mapping) else {}


def _result(kind: type[Result], *answers: Mapping[str, Any]) -> Result:
    """
    Return a result with the values of these answers, the last one first.
    """
    found = [{name: value for name, value in answer.items() if value is not None} for answer in answers]
    return result_of(kind, dict(ChainMap(*reversed(found))))


def _results(kind: type[Result], answers: Any) -> list[Result]:
    rows = answers if isinstance(answers, list | tuple) else ()
    return [_result(kind, row) for row in rows if isinstance(row, Mapping)]
