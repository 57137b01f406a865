"""
What a program can look up of a workspace: templates, team members, links, availabilities, slots.

Nothing here is managed or changed.

Lookups ask neetoCal when the program runs, in previews too, and remember the answers as long as the program runs. Each
has a twin for Pulumi's `Output`s, named with `_output` at the end. The settings are the stack's own, or those of the
`Provider` in `opts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeVar

import pulumi

from neetocal_provider.api.client import connect
from neetocal_provider.errors import MAX_LENGTH, NeetoCalError, excerpt
from neetocal_provider.resources.lookups import LookupCache
from neetocal_provider.resources.mocked_lookups import MockedLookupCache
from neetocal_provider.resources.results import (
    GetAvailabilityResult,
    GetMeetingTemplateResult,
    GetSchedulingLinkResult,
    GetTeamMemberResult,
    Slot,
)
from neetocal_provider.schema.resource import DYNAMIC_TYPE
from neetocal_provider.sdk.program_run import PerRun, mocked_call, mocks_in_use
from neetocal_provider.sdk.provider import Config, config_of
from neetocal_provider.sdk.provider_mismatch import refuse_foreign
from neetocal_provider.settings import Settings, load_settings

__all__ = [
    "GetMeetingTemplateResult",
    "GetSchedulingLinkResult",
    "GetTeamMemberResult",
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
    return _invoke(_config(opts), lambda cache: cache.template(name, id))


def get_meeting_template_output(
    *,
    name: pulumi.Input[str] | None = None,
    id: pulumi.Input[str] | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetMeetingTemplateResult]:
    """
    Return the meeting template with this name or id, known later.
    """
    return _later(opts, lambda cache, given: cache.template(given["name"], given["id"]), name=name, id=id)


def list_meeting_templates(*, opts: pulumi.InvokeOptions | None = None) -> list[GetMeetingTemplateResult]:
    """
    Return all meeting templates of the workspace, by slug.
    """
    return _invoke(_config(opts), lambda cache: cache.templates())


def list_meeting_templates_output(
    *, opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetMeetingTemplateResult]]:
    """
    Return all meeting templates of the workspace, known later.
    """
    return _later(opts, lambda cache, _given: cache.templates())


# Team members


def get_team_member(*, email: str, opts: pulumi.InvokeOptions | None = None) -> GetTeamMemberResult:
    """
    Return the member of the workspace with this address, and warn where they are inactive.

    Raises:
        pulumi.RunError: there is none.
    """
    return _invoke(_config(opts), lambda cache: cache.member(email))


def get_team_member_output(
    *, email: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[GetTeamMemberResult]:
    """
    Return the member of the workspace with this address, known later.
    """
    return _later(opts, lambda cache, given: cache.member(given["email"]), email=email)


def list_team_members(*, opts: pulumi.InvokeOptions | None = None) -> list[GetTeamMemberResult]:
    """
    Return all members of the workspace by address, inactive ones included; they are warned of.
    """
    return _invoke(_config(opts), lambda cache: cache.all_members())


def list_team_members_output(*, opts: pulumi.InvokeOptions | None = None) -> pulumi.Output[list[GetTeamMemberResult]]:
    """
    Return all members of the workspace, known later.
    """
    return _later(opts, lambda cache, _given: cache.all_members())


def members_or_reason(opts: pulumi.InvokeOptions) -> pulumi.Output[list[GetTeamMemberResult] | str]:
    """
    Return all members of the workspace, known later, or a sentence on why they aren't known: a failed output would
    fail the program.
    """

    def found(known: Mapping[str, Any]) -> list[GetTeamMemberResult] | str:
        try:
            return _invoke(known["config"], lambda cache: cache.members_to_check())
        except pulumi.RunError as error:
            return str(error)

    return pulumi.Output.unsecret(pulumi.Output.all(config=_config(opts)).apply(found))


# Links


def get_scheduling_link(
    *, slug: str | None = None, sid: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> GetSchedulingLinkResult:
    """
    Return the link with this slug or sid.

    Raises:
        pulumi.RunError: there is none.
    """
    return _invoke(_config(opts), lambda cache: cache.link(slug, sid))


def get_scheduling_link_output(
    *,
    slug: pulumi.Input[str] | None = None,
    sid: pulumi.Input[str] | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetSchedulingLinkResult]:
    """
    Return the link with this slug or sid, known later.
    """
    return _later(opts, lambda cache, given: cache.link(given["slug"], given["sid"]), slug=slug, sid=sid)


def list_scheduling_links(
    *, host: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> list[GetSchedulingLinkResult]:
    """
    Return the links of the workspace, or those of a host, by slug.
    """
    return _invoke(_config(opts), lambda cache: cache.links(host))


def list_scheduling_links_output(
    *, host: pulumi.Input[str] | None = None, opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetSchedulingLinkResult]]:
    """
    Return the links of the workspace, or those of a host, known later.
    """
    return _later(opts, lambda cache, given: cache.links(given["host"]), host=host)


# Availabilities and slots


def get_availability(*, id: str, opts: pulumi.InvokeOptions | None = None) -> GetAvailabilityResult:
    """
    Return the availability with this id.

    Raises:
        pulumi.RunError: there is none.
    """
    return _invoke(_config(opts), lambda cache: cache.availability(id))


def get_availability_output(
    *, id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[GetAvailabilityResult]:
    """
    Return the availability with this id, known later.
    """
    return _later(opts, lambda cache, given: cache.availability(given["id"]), id=id)


def list_availabilities(*, email: str, opts: pulumi.InvokeOptions | None = None) -> list[GetAvailabilityResult]:
    """
    Return the availabilities of the member with this address, by name; none if there is no such member.

    Raises:
        pulumi.RunError: the address is blank.
    """
    return _invoke(_config(opts), lambda cache: cache.availabilities(email))


def list_availabilities_output(
    *, email: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetAvailabilityResult]]:
    """
    Return the availabilities of the member with this address, known later.
    """
    return _later(opts, lambda cache, given: cache.availabilities(given["email"]), email=email)


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
    return _invoke(_config(opts), lambda cache: cache.slots(link, month, time_zone, host))


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
    return _later(
        opts,
        lambda cache, given: cache.slots(given["link"], given["month"], given["time_zone"], given["host"]),
        link=link,
        month=month,
        time_zone=time_zone,
        host=host,
    )


# What is remembered


_BEGINNING = Lock()
_CACHES: PerRun[dict[Settings, LookupCache]] = PerRun(dict)


def _invoke(config: Config | pulumi.Output[Config], look: Callable[[LookupCache], Found]) -> Found:
    if isinstance(config, pulumi.Output):
        raise pulumi.RunError(
            "The settings of this lookup's provider are known only later: use the lookup whose name ends in _output, "
            "or give the provider plain values."
        )
    try:
        return look(_cache(config))
    except NeetoCalError as error:
        raise pulumi.RunError(str(error)) from None


def _cache(config: Config) -> LookupCache:
    mocks = mocks_in_use()
    if mocks:
        return MockedLookupCache(mocked_call(mocks))
    settings = load_settings(config.get)
    with _BEGINNING:
        caches = _CACHES.get()
        if settings not in caches:
            caches[settings] = LookupCache(
                connect(settings), lambda sentence: pulumi.log.warn(excerpt(sentence, MAX_LENGTH))
            )
        return caches[settings]


def _later(
    opts: pulumi.InvokeOptions | None, look: Callable[[LookupCache, Mapping[str, Any]], Found], **given: Any
) -> pulumi.Output[Found]:
    def found(known: Mapping[str, Any]) -> Found:
        return _invoke(known["config"], lambda cache: look(cache, known["given"]))

    # What was looked up holds no key, although a key was needed for it.
    return pulumi.Output.unsecret(pulumi.Output.all(config=_config(opts), given=given).apply(found))


def _config(opts: pulumi.InvokeOptions | None) -> Config | pulumi.Output[Config]:
    refuse_foreign("A lookup", DYNAMIC_TYPE, opts)
    parent = opts.parent if opts else None
    provider = (opts.provider if opts else None) or (parent.get_provider(DYNAMIC_TYPE) if parent else None)
    config = config_of(provider)
    if config is None:
        raise pulumi.RunError(
            f"The provider of a lookup is a neetocal_provider.Provider, not {type(provider).__name__}."
        )
    return config
