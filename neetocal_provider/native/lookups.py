"""
The lookups of a program under the native provider, by which the engine asks the plugin; the names are `lookups`' own.

The plugin remembers the answers as long as the run lasts. Each has a twin for Pulumi's `Output`s, named with `_output`
at the end. The settings are the stack's own, or those of the `Provider` in `opts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import pulumi
from pulumi.output import UNKNOWN
from pulumi.runtime import invoke, invoke_async

from neetocal_provider.errors import NeetoCalError
from neetocal_provider.resources.functions import found_by, is_complete
from neetocal_provider.resources.lookups import AVAILABILITIES, MEETING_TEMPLATES, MEMBERS, SCHEDULING_LINKS, SLOTS
from neetocal_provider.resources.mocked_lookups import MockedLookupCache
from neetocal_provider.resources.results import (
    GetAvailabilityResult,
    GetMeetingTemplateResult,
    GetSchedulingLinkResult,
    GetTeamMemberResult,
    Slot,
    result_of,
)
from neetocal_provider.schema.resource import TYPE
from neetocal_provider.sdk.program_run import mocked_call, mocks_in_use
from neetocal_provider.sdk.provider_mismatch import refuse_foreign

__all__ = [
    "get_availability",
    "get_availability_output",
    "get_meeting_template",
    "get_meeting_template_output",
    "get_scheduling_link",
    "get_scheduling_link_output",
    "get_team_member",
    "get_team_member_output",
    "list_availabilities",
    "list_availabilities_output",
    "list_meeting_templates",
    "list_meeting_templates_output",
    "list_scheduling_links",
    "list_scheduling_links_output",
    "list_slots",
    "list_slots_output",
    "list_team_members",
    "list_team_members_output",
    "members_or_reason",
]

Found = TypeVar("Found")


# Templates


def get_meeting_template(
    *, name: str | None = None, id: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> GetMeetingTemplateResult:
    """
    Return the meeting template with this name or id.

    Raises:
        pulumi.RunError: there is none, or several have the name.
    """
    return result_of(GetMeetingTemplateResult, _invoked("getMeetingTemplate", opts, name=name, id=id))


def get_meeting_template_output(
    *,
    name: pulumi.Input[str] | None = None,
    id: pulumi.Input[str] | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetMeetingTemplateResult]:
    """
    Return the meeting template with this name or id, known later.
    """
    return _later("getMeetingTemplate", opts, name=name, id=id).apply(
        lambda found: result_of(GetMeetingTemplateResult, found)
    )


def list_meeting_templates(*, opts: pulumi.InvokeOptions | None = None) -> list[GetMeetingTemplateResult]:
    """
    Return all meeting templates of the workspace, by slug.
    """
    return _results(GetMeetingTemplateResult, MEETING_TEMPLATES, _invoked("listMeetingTemplates", opts))


def list_meeting_templates_output(
    *, opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetMeetingTemplateResult]]:
    """
    Return all meeting templates of the workspace, known later.
    """
    return _later("listMeetingTemplates", opts).apply(
        lambda found: _results(GetMeetingTemplateResult, MEETING_TEMPLATES, found)
    )


# Team members


def get_team_member(*, email: str, opts: pulumi.InvokeOptions | None = None) -> GetTeamMemberResult:
    """
    Return the member of the workspace with this address, and warn where they are inactive.

    Raises:
        pulumi.RunError: there is none.
    """
    return result_of(GetTeamMemberResult, _invoked("getTeamMember", opts, email=email))


def get_team_member_output(
    *, email: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[GetTeamMemberResult]:
    """
    Return the member of the workspace with this address, known later.
    """
    return _later("getTeamMember", opts, email=email).apply(lambda found: result_of(GetTeamMemberResult, found))


def list_team_members(*, opts: pulumi.InvokeOptions | None = None) -> list[GetTeamMemberResult]:
    """
    Return all members of the workspace by address, inactive ones included; they are warned of.
    """
    return _members(_invoked("listTeamMembers", opts))


def list_team_members_output(*, opts: pulumi.InvokeOptions | None = None) -> pulumi.Output[list[GetTeamMemberResult]]:
    """
    Return all members of the workspace, known later.
    """
    return _later("listTeamMembers", opts).apply(_members)


def members_or_reason(opts: pulumi.InvokeOptions) -> pulumi.Output[list[GetTeamMemberResult] | str]:
    """
    Return all members of the workspace, known later, or a sentence on why they aren't known: a failed output would
    fail the program.
    """

    async def found(_: None) -> Any:
        try:
            answer = await _answer("checkTeamMembers", opts, {})
        except pulumi.RunError as error:
            return str(error)
        return answer if answer is UNKNOWN else _members(answer)

    members: pulumi.Output[list[GetTeamMemberResult] | str] = pulumi.Output.from_input(None).apply(found)
    return members


def _members(found: Mapping[str, Any]) -> list[GetTeamMemberResult]:
    return _results(GetTeamMemberResult, MEMBERS, found)


# Links


def get_scheduling_link(
    *, slug: str | None = None, sid: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> GetSchedulingLinkResult:
    """
    Return the link with this slug or sid.

    Raises:
        pulumi.RunError: there is none.
    """
    return result_of(GetSchedulingLinkResult, _invoked("getSchedulingLink", opts, slug=slug, sid=sid))


def get_scheduling_link_output(
    *,
    slug: pulumi.Input[str] | None = None,
    sid: pulumi.Input[str] | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetSchedulingLinkResult]:
    """
    Return the link with this slug or sid, known later.
    """
    return _later("getSchedulingLink", opts, slug=slug, sid=sid).apply(
        lambda found: result_of(GetSchedulingLinkResult, found)
    )


def list_scheduling_links(
    *, host: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> list[GetSchedulingLinkResult]:
    """
    Return the links of the workspace, or those of a host, by slug.
    """
    return _links(_invoked("listSchedulingLinks", opts, host=host))


def list_scheduling_links_output(
    *, host: pulumi.Input[str] | None = None, opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetSchedulingLinkResult]]:
    """
    Return the links of the workspace, or those of a host, known later.
    """
    return _later("listSchedulingLinks", opts, host=host).apply(_links)


def _links(found: Mapping[str, Any]) -> list[GetSchedulingLinkResult]:
    return _results(GetSchedulingLinkResult, SCHEDULING_LINKS, found)


# Availabilities and slots


def get_availability(*, id: str, opts: pulumi.InvokeOptions | None = None) -> GetAvailabilityResult:
    """
    Return the availability with this id.

    Raises:
        pulumi.RunError: there is none.
    """
    return result_of(GetAvailabilityResult, _invoked("getAvailability", opts, id=id))


def get_availability_output(
    *, id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[GetAvailabilityResult]:
    """
    Return the availability with this id, known later.
    """
    return _later("getAvailability", opts, id=id).apply(lambda found: result_of(GetAvailabilityResult, found))


def list_availabilities(*, email: str, opts: pulumi.InvokeOptions | None = None) -> list[GetAvailabilityResult]:
    """
    Return the availabilities of the member with this address, by name; none if there is no such member.

    Raises:
        pulumi.RunError: the address is blank.
    """
    return _results(GetAvailabilityResult, AVAILABILITIES, _invoked("listAvailabilities", opts, email=email))


def list_availabilities_output(
    *, email: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetAvailabilityResult]]:
    """
    Return the availabilities of the member with this address, known later.
    """
    return _later("listAvailabilities", opts, email=email).apply(
        lambda found: _results(GetAvailabilityResult, AVAILABILITIES, found)
    )


def list_slots(
    *, link: str, month: str, time_zone: str, host: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> list[Slot]:
    """
    Return the free times of a link in a month.

    Args:
        link: The link's sid, such as `SchedulingLink.id`.

        month: The month, such as "2026-12".

        time_zone: The IANA time zone of the dates and times.

        host: The e-mail address of a host, to return that host's times only; version 2 of the API only.

        opts: Options of the lookup.

    Raises:
        pulumi.RunError: an argument is invalid, or there is no such link.
    """
    given = {"link": link, "month": month, "time_zone": time_zone, "host": host}
    return _results(Slot, SLOTS, _invoked("listSlots", opts, **given))


def list_slots_output(
    *,
    link: pulumi.Input[str],
    month: pulumi.Input[str],
    time_zone: pulumi.Input[str],
    host: pulumi.Input[str] | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[Slot]]:
    """
    Return the free times of a link in a month, known later.
    """
    given = {"link": link, "month": month, "time_zone": time_zone, "host": host}
    return _later("listSlots", opts, **given).apply(lambda found: _results(Slot, SLOTS, found))


# Asking


def _invoked(function: str, opts: pulumi.InvokeOptions | None, **given: Any) -> dict[str, Any]:
    refuse_foreign(f"The lookup {function}", TYPE, opts)
    mocks = mocks_in_use()
    if mocks:
        return _mocked(mocks, function, given)
    with _sentences(function):
        found: dict[str, Any] = invoke(f"{TYPE}{function}", given, opts).value or {}
    if not is_complete(function, found):
        raise pulumi.RunError(
            "The settings of this lookup's provider are known only later: use the lookup whose name ends in _output, "
            "or give the provider plain values."
        )
    return found


def _later(function: str, opts: pulumi.InvokeOptions | None, **given: Any) -> pulumi.Output[dict[str, Any]]:
    refuse_foreign(f"The lookup {function}", TYPE, opts)
    later: pulumi.Output[dict[str, Any]] = pulumi.Output.from_input(given).apply(
        lambda known: _answer(function, opts, known)
    )
    return later


def _results(kind: type[Found], key: str, found: Mapping[str, Any]) -> list[Found]:
    return [result_of(kind, each) for each in found[key]]


async def _answer(function: str, opts: pulumi.InvokeOptions | None, given: Mapping[str, Any]) -> Any:
    """
    Return what the plugin or the mocks of a unit test answer; unknown if the provider's settings are.
    """
    mocks = mocks_in_use()
    if mocks:
        return _mocked(mocks, function, given)
    with _sentences(function):
        answer: dict[str, Any] = await invoke_async(f"{TYPE}{function}", {**given}, opts) or {}
    return answer if is_complete(function, answer) else UNKNOWN


def _mocked(mocks: pulumi.runtime.Mocks, function: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what the mocks of a unit test answer.
    """
    try:
        return found_by(MockedLookupCache(mocked_call(mocks)), function, given)
    except NeetoCalError as error:
        raise pulumi.RunError(str(error)) from None


@contextmanager
def _sentences(function: str) -> Iterator[None]:
    """
    Let a failure reach the user as what the plugin says of it, without what the SDK puts around that.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the SDK has no class of its own for it
        said = str(error).removeprefix(f"invoke of {TYPE}{function} failed: ").removesuffix(" ()")
        raise pulumi.RunError(said) from None
