"""
What can be looked up of a workspace, whoever asks: templates, team members, links, each asked for once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import Any

from neetocal_provider.api.client import Client
from neetocal_provider.api.deadline import advisory
from neetocal_provider.api.objects import Page, RemoteObject, page_from_api
from neetocal_provider.core.search import Query, find_all
from neetocal_provider.errors import NeetoCalError, NotFoundError
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.types import did_you_mean, read_flag, read_object, read_text

__all__ = [
    "MEMBERS",
    "SCHEDULING_LINKS",
    "GetMeetingTemplateResult",
    "GetSchedulingLinkResult",
    "GetTeamMemberResult",
    "LookupCache",
    "TeamMember",
    "list_team_members",
]

MEMBERS, SCHEDULING_LINKS = "members", "links"
"""The outputs of the functions that list something."""


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


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    """
    A member of the workspace as the API answered it; texts are empty where it does not tell.
    """

    id: str
    email: str
    first_name: str
    last_name: str
    time_zone: str
    active: bool
    organization_role: str

    @classmethod
    def from_api(cls, body: Any) -> TeamMember:
        """
        Read one member.
        """
        row = read_object(body, "an item of team_members")
        texts = ("id", "first_name", "last_name", "time_zone", "organization_role")
        return cls(
            email=read_text(row.get("email"), "email"),
            active=row.get("active") is None or read_flag(row["active"], "active"),
            **{name: "" if row.get(name) is None else read_text(row[name], name) for name in texts},
        )


def _team_members(body: Any) -> Page[TeamMember]:
    """
    Read one page of team members.
    """
    return page_from_api(body, ("team_members",), TeamMember.from_api)


def list_team_members(client: Client, *, email: str = "") -> Iterator[TeamMember]:
    """
    Yield the members of the workspace, inactive ones included.

    Args:
        email: only the member with this address; version 1 knows no such filter and yields all.

    API: GET /team-members, in version 1 GET /team_members.
    """
    is_v2 = client.settings.api_version == "v2"
    path, filters = ("team-members", {"email": email}) if is_v2 else ("team_members", {})
    for page in client.pages(path, _team_members, filters):
        yield from page.rows


class LookupCache:
    """
    What a run has learnt of one workspace so far. Safe to share between threads: one looks while the others wait.

    Args:
        client: of the workspace.

        warn: shows a sentence to the user.
    """

    def __init__(self, client: Client, warn: Callable[[str], None]) -> None:
        self._client = client
        self._warn = warn
        self._looking = RLock()
        self._members: dict[str, TeamMember | None] = {}
        self._unanswered: NeetoCalError | None = None
        self._warned: set[str] = set()
        self._links: dict[tuple[str | None, str | None], GetSchedulingLinkResult] = {}
        self._lists: dict[str | None, list[GetSchedulingLinkResult]] = {}

    def template(self, name: str | None, id_: str | None) -> GetMeetingTemplateResult:
        """
        Return the meeting template with this name or id.

        Raises:
            NeetoCalError: there is none, or several have the name.
        """
        with self._looking:
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
        """
        Return the member with this address, and warn where they are inactive.

        Raises:
            NeetoCalError: there is none.
        """
        with self._looking:
            wanted = email.strip().lower()
            if wanted not in self._members:
                self._learn(list_team_members(self._client, email=wanted))
            found = self._members.setdefault(wanted, None)
            if found is None:
                known = _as_far_as_known(lambda: [each.email for each in self._everybody])
                raise _missing("team member", {"email": email}, known)
            return self._shown(found)

    def all_members(self) -> list[GetTeamMemberResult]:
        """
        Return all members by address, inactive ones included; they are warned of.
        """
        with self._looking:
            return [self._shown(member) for member in self._everybody]

    def members_to_check(self) -> list[GetTeamMemberResult]:
        """
        Return all members for a check that only informs: asked for once, and not for long.

        Raises:
            NeetoCalError: they aren't known; the same each time.
        """
        with self._looking:
            if self._unanswered:
                raise self._unanswered
            try:
                with advisory():
                    return [GetTeamMemberResult(**vars(member)) for member in self._everybody]
            except NeetoCalError as error:
                self._unanswered = error
                raise

    def link(self, slug: str | None, sid: str | None) -> GetSchedulingLinkResult:
        """
        Return the link with this slug or sid.

        Raises:
            NeetoCalError: there is none.
        """
        with self._looking:
            _require_one(slug=slug, sid=sid)
            key = (slug, sid)
            if key not in self._links:
                self._links[key] = self._find(slug, sid)
            return self._links[key]

    def links(self, host: str | None) -> list[GetSchedulingLinkResult]:
        """
        Return the links of the workspace, or those of a host, by slug.
        """
        with self._looking:
            if host not in self._lists:
                query = Query(hosts=(host,) if host else ())
                found = find_all(self._client, SCHEDULING_LINK, query, lambda *_: None)
                self._lists[host] = sorted(map(self._link, found), key=lambda each: each.slug)
            return self._lists[host]

    def _find(self, slug: str | None, sid: str | None) -> GetSchedulingLinkResult:
        links = SCHEDULING_LINK.collection(self._client)
        try:
            if sid:
                return self._link(links.get(sid))
            found = links.find({"slug": slug})
            if found:
                return self._link(links.get(found.id))
        except NotFoundError:
            self._client.require_workspace()
        known = _as_far_as_known(lambda: [each.id if sid else str(each.values.get("slug")) for each in links.objects()])
        raise _missing("scheduling link", {"slug": slug, "sid": sid}, known)

    def _link(self, meeting: RemoteObject) -> GetSchedulingLinkResult:
        values = meeting.values
        slug = str(values.get("slug") or "")
        return GetSchedulingLinkResult(
            id=meeting.id,
            meeting_id=meeting.outputs["meeting_id"],
            name=str(values.get("name") or ""),
            slug=slug,
            url=self._client.settings.public_url(slug),
            disabled=meeting.outputs["disabled"],
            hosts=tuple(values.get("hosts") or ()),
            values=values,
        )

    def _shown(self, member: TeamMember) -> GetTeamMemberResult:
        if not member.active and member.email not in self._warned:
            self._warned.add(member.email)
            self._warn(f"{member.email} is inactive in neetoCal and cannot host a link.")
        return GetTeamMemberResult(**vars(member))

    def _learn(self, members: Iterable[TeamMember]) -> None:
        self._members |= {member.email.lower(): member for member in members}

    @cached_property
    def _everybody(self) -> list[TeamMember]:
        self._learn(list_team_members(self._client))
        return [member for _email, member in sorted(self._members.items()) if member]

    @cached_property
    def _templates(self) -> list[GetMeetingTemplateResult]:
        return [
            GetMeetingTemplateResult(
                id=each.id,
                name=str(each.values.get("name") or ""),
                slug=str(each.values.get("slug") or ""),
                values=each.values,
            )
            for each in MEETING_TEMPLATE.collection(self._client).objects()
        ]


def _require_one(**given: str | None) -> None:
    if sum(value is not None for value in given.values()) != 1:
        raise NeetoCalError(f"Give either {' or '.join(given)} to look it up by.")


def _as_far_as_known(names: Callable[[], list[str]]) -> list[str]:
    """
    Return the names that something misspelt may resemble; none if they can't be asked for.
    """
    with suppress(NeetoCalError), advisory():
        return names()
    return []


def _missing(what: str, given: Mapping[str, str | None], known: Sequence[str]) -> NeetoCalError:
    (name, value), *_ = [(name, value) for name, value in given.items() if value is not None]
    near = did_you_mean(value, known) or (f"; there are {len(known)} of them." if known else ".")
    return NeetoCalError(f"There is no {what} with the {name} {value!r}{near}")
