"""
What a program can look up of a workspace: templates, team members, links. Nothing here is managed or changed.

Lookups ask neetoCal when the program runs, in previews too, and remember the answers as long as the program runs. Each
has a twin for Pulumi's `Output`s, named with `_output` at the end. The settings are the stack's own, or those of the
`Provider` in `opts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.settings import get_monitor

from neetocal_provider.client import Client, connect
from neetocal_provider.errors import NeetoCalError, NotFoundError
from neetocal_provider.export import Query, find_meetings
from neetocal_provider.models import Meeting, TeamMember
from neetocal_provider.provider import Config, config_of
from neetocal_provider.settings import Settings, load_settings
from neetocal_provider.values import did_you_mean

__all__ = [
    "GetMeetingTemplateResult",
    "GetSchedulingLinkResult",
    "GetTeamMemberResult",
    "get_meeting_template",
    "get_meeting_template_output",
    "get_scheduling_link",
    "get_scheduling_link_output",
    "get_team_member",
    "get_team_member_output",
    "list_scheduling_links",
    "list_scheduling_links_output",
    "list_team_members",
    "list_team_members_output",
]

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class GetMeetingTemplateResult:
    """
    A template as it stands.

    Attributes:
        id: its uuid, for `SchedulingLink(template_id=…)`.

        values: what it holds, under the names of `SchedulingLink`'s arguments.
    """

    id: str
    name: str
    slug: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class GetTeamMemberResult:
    """
    A member of the workspace.

    Attributes:
        active: False for who was deactivated; such a member cannot host.

        organization_role: such as Admin or Standard.
    """

    id: str
    email: str
    first_name: str
    last_name: str
    time_zone: str
    active: bool
    organization_role: str

    @property
    def name(self) -> str:
        """
        Return first and last name.
        """
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, kw_only=True)
class GetSchedulingLinkResult:
    """
    A link as it stands, managed by anyone.

    Attributes:
        id: its sid.

        meeting_id: its uuid.

        values: what it holds, under the names of `SchedulingLink`'s arguments.
    """

    id: str
    meeting_id: str
    name: str
    slug: str
    url: str
    disabled: bool
    hosts: Sequence[str]
    values: Mapping[str, Any]


# Templates


def get_meeting_template(
    *, name: str | None = None, id: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> GetMeetingTemplateResult:
    """
    Return the meeting template with this name or id.

    Raises:
        pulumi.RunError: there is none, or several have the name.
    """
    return _looked_up(_settings(opts), lambda run: run.template(name, id))


def get_meeting_template_output(
    *,
    name: pulumi.Input[str] | None = None,
    id: pulumi.Input[str] | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetMeetingTemplateResult]:
    """
    Return the meeting template with this name or id, known later.
    """
    return _later(opts, lambda run, given: run.template(given["name"], given["id"]), name=name, id=id)


# Team members


def get_team_member(*, email: str, opts: pulumi.InvokeOptions | None = None) -> GetTeamMemberResult:
    """
    Return the member of the workspace with this address, and warn where they are inactive.

    Raises:
        pulumi.RunError: there is none.
    """
    return _looked_up(_settings(opts), lambda run: run.member(email))


def get_team_member_output(
    *, email: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[GetTeamMemberResult]:
    """
    Return the member of the workspace with this address, known later.
    """
    return _later(opts, lambda run, given: run.member(given["email"]), email=email)


def list_team_members(*, opts: pulumi.InvokeOptions | None = None) -> list[GetTeamMemberResult]:
    """
    Return all members of the workspace by address, inactive ones included; they are warned of.
    """
    return _looked_up(_settings(opts), lambda run: run.all_members())


def list_team_members_output(*, opts: pulumi.InvokeOptions | None = None) -> pulumi.Output[list[GetTeamMemberResult]]:
    """
    Return all members of the workspace, known later.
    """
    return _later(opts, lambda run, _given: run.all_members())


# Links


def get_scheduling_link(
    *, slug: str | None = None, sid: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> GetSchedulingLinkResult:
    """
    Return the link with this slug or sid.

    Raises:
        pulumi.RunError: there is none.
    """
    return _looked_up(_settings(opts), lambda run: run.link(slug, sid))


def get_scheduling_link_output(
    *,
    slug: pulumi.Input[str] | None = None,
    sid: pulumi.Input[str] | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetSchedulingLinkResult]:
    """
    Return the link with this slug or sid, known later.
    """
    return _later(opts, lambda run, given: run.link(given["slug"], given["sid"]), slug=slug, sid=sid)


def list_scheduling_links(
    *, host: str | None = None, opts: pulumi.InvokeOptions | None = None
) -> list[GetSchedulingLinkResult]:
    """
    Return the links of the workspace, or those of a host, by slug.
    """
    return _looked_up(_settings(opts), lambda run: run.links(host))


def list_scheduling_links_output(
    *, host: pulumi.Input[str] | None = None, opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetSchedulingLinkResult]]:
    """
    Return the links of the workspace, or those of a host, known later.
    """
    return _later(opts, lambda run, given: run.links(given["host"]), host=host)


# What is remembered


class _Run:
    """
    What a program has learnt of one workspace so far.
    """

    def __init__(self, settings: Settings) -> None:
        self._client: Client = connect(settings)
        self._members: dict[str, TeamMember | None] = {}
        self._warned: set[str] = set()

    def template(self, name: str | None, id_: str | None) -> GetMeetingTemplateResult:
        _require_one(name=name, id=id_)
        matching = [each for each in self._templates if each.id == id_ or each.name == name]
        if len(matching) > 1:
            ids = ", ".join(each.id for each in matching)
            raise NeetoCalError(
                f"The name {name!r} is that of {len(matching)} meeting templates: give one id of {ids}."
            )
        if not matching:
            known = [each.id if id_ else each.name for each in self._templates]
            raise _missing("meeting template", {"name": name, "id": id_}, known)
        return matching[0]

    def member(self, email: str) -> GetTeamMemberResult:
        wanted = email.strip().lower()
        if wanted not in self._members:
            self._learn(self._client.list_team_members(email=wanted))
        found = self._members.setdefault(wanted, None)
        if found is None:
            raise _missing("team member", {"email": email}, [each.email for each in self._everybody])
        return self._shown(found)

    def all_members(self) -> list[GetTeamMemberResult]:
        return [self._shown(member) for member in self._everybody]

    def link(self, slug: str | None, sid: str | None) -> GetSchedulingLinkResult:
        _require_one(slug=slug, sid=sid)
        key = (slug, sid)
        if key not in self._links:
            self._links[key] = self._find(slug, sid)
        return self._links[key]

    def links(self, host: str | None) -> list[GetSchedulingLinkResult]:
        if host not in self._lists:
            query = Query(hosts=(host,) if host else ())
            found = [self._link(meeting) for meeting in find_meetings(self._client, query, lambda *_: None)]
            self._lists[host] = sorted(found, key=lambda each: each.slug)
        return self._lists[host]

    def _find(self, slug: str | None, sid: str | None) -> GetSchedulingLinkResult:
        try:
            if sid:
                return self._link(self._client.get_meeting(sid))
            found = self._client.find_meeting(slug or "")
            if found:
                return self._link(self._client.get_meeting(found.sid))
        except NotFoundError:
            self._client.require_workspace()
        known = [meeting.sid if sid else str(meeting.values.get("slug")) for meeting in self._client.list_meetings()]
        raise _missing("scheduling link", {"slug": slug, "sid": sid}, known)

    def _link(self, meeting: Meeting) -> GetSchedulingLinkResult:
        values = meeting.values
        slug = str(values.get("slug") or "")
        return GetSchedulingLinkResult(
            id=meeting.sid,
            meeting_id=meeting.meeting_id,
            name=str(values.get("name") or ""),
            slug=slug,
            url=self._client.settings.public_url(slug),
            disabled=meeting.disabled,
            hosts=tuple(values.get("hosts") or ()),
            values=values,
        )

    def _shown(self, member: TeamMember) -> GetTeamMemberResult:
        if not member.active and member.email not in self._warned:
            self._warned.add(member.email)
            pulumi.log.warn(f"{member.email} is inactive in neetoCal and cannot host a link.")
        return GetTeamMemberResult(**vars(member))

    def _learn(self, members: Iterable[TeamMember]) -> None:
        self._members |= {member.email.lower(): member for member in members}

    @cached_property
    def _everybody(self) -> list[TeamMember]:
        self._learn(self._client.list_team_members())
        return [member for _email, member in sorted(self._members.items()) if member]

    @cached_property
    def _templates(self) -> list[GetMeetingTemplateResult]:
        return [
            GetMeetingTemplateResult(
                id=each.meeting_id,
                name=str(each.values.get("name") or ""),
                slug=str(each.values.get("slug") or ""),
                values=each.values,
            )
            for each in self._client.list_templates()
        ]

    @cached_property
    def _links(self) -> dict[tuple[str | None, str | None], GetSchedulingLinkResult]:
        return {}

    @cached_property
    def _lists(self) -> dict[str | None, list[GetSchedulingLinkResult]]:
        return {}


def _require_one(**given: str | None) -> None:
    if sum(value is not None for value in given.values()) != 1:
        raise NeetoCalError(f"Give either {' or '.join(given)} to look it up by.")


def _missing(what: str, given: Mapping[str, str | None], known: Sequence[str]) -> NeetoCalError:
    (name, value), *_ = [(name, value) for name, value in given.items() if value is not None]
    near = did_you_mean(value, known) or f"; there are {len(known)} of them."
    return NeetoCalError(f"There is no {what} with the {name} {value!r}{near}")


_LOOKING = Lock()
_RUNS: WeakKeyDictionary[Any, dict[Settings, _Run]] = WeakKeyDictionary()
"""By the engine's monitor, of which each run of a program has its own."""


def _looked_up(settings: Settings, look: Callable[[_Run], Found]) -> Found:
    with _LOOKING:
        run = _RUNS.setdefault(get_monitor(), {}).setdefault(settings, _Run(settings))
        try:
            return look(run)
        except NeetoCalError as error:
            raise pulumi.RunError(str(error)) from None


def _later(
    opts: pulumi.InvokeOptions | None, look: Callable[[_Run, Mapping[str, Any]], Found], **given: Any
) -> pulumi.Output[Found]:
    def found(known: Mapping[str, Any]) -> Found:
        return _looked_up(_loaded(known["config"]), lambda run: look(run, known["given"]))

    # What was looked up holds no key, although a key was needed for it.
    return pulumi.Output.unsecret(pulumi.Output.all(config=_config(opts), given=given).apply(found))


def _settings(opts: pulumi.InvokeOptions | None) -> Settings:
    config = _config(opts)
    if isinstance(config, pulumi.Output):
        raise pulumi.RunError(
            "The settings of this lookup's provider are known only later: use the lookup whose name ends in _output, "
            "or give the provider plain values."
        )
    return _loaded(config)


def _config(opts: pulumi.InvokeOptions | None) -> Config | pulumi.Output[Config]:
    provider = opts.provider if opts else None
    config = config_of(provider)
    if config is None:
        raise pulumi.RunError(
            f"The provider of a lookup is a neetocal_provider.Provider, not {type(provider).__name__}."
        )
    return config


def _loaded(config: Config) -> Settings:
    try:
        return load_settings(config.get)
    except NeetoCalError as error:
        raise pulumi.RunError(str(error)) from None
