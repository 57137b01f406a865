"""
What can be looked up of a workspace: templates, team members, links, availabilities, slots, each requested once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from neetocal_provider.api.client import Client
from neetocal_provider.api.deadline import advisory
from neetocal_provider.api.objects import Page, RemoteObject, page_from_api
from neetocal_provider.errors import NeetoCalError, NotFoundError
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.results import (
    GetAvailabilityResult,
    GetMeetingTemplateResult,
    GetSchedulingLinkResult,
    GetTeamMemberResult,
    Slot,
    result_of,
)
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.types import (
    TimeZone,
    did_you_mean,
    is_identifier,
    read_flag,
    read_list,
    read_object,
    read_text,
    unreadable,
)

__all__ = [
    "AVAILABILITIES",
    "MEETING_TEMPLATES",
    "MEMBERS",
    "SCHEDULING_LINKS",
    "SLOTS",
    "LookupCache",
    "TeamMember",
    "list_team_members",
]

MEMBERS, SCHEDULING_LINKS, MEETING_TEMPLATES = "members", "links", "templates"
AVAILABILITIES, SLOTS = "availabilities", "slots"
"""The outputs of the functions that list something."""

Found = TypeVar("Found")


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
        self._found: dict[tuple[str | None, ...], Any] = {}

    def template(self, name: str | None, id_: str | None) -> GetMeetingTemplateResult:
        """
        Return the meeting template with this name or id.

        Raises:
            NeetoCalError: there is none, or several have the name.
        """
        with self._looking:
            _require_one(name=name, id=id_)
            known = self._known_templates(name, id_)
            matching = [each for each in known if each.id == id_ or each.name == name]
            if len(matching) > 1:
                ids = ", ".join(each.id for each in matching)
                raise NeetoCalError(
                    f"The name {name!r} is that of {len(matching)} meeting templates: give one id of {ids}."
                )
            if not matching:
                names = [each.id if id_ else each.name for each in known]
                raise _missing("meeting template", {"name": name, "id": id_}, names)
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
            return self._once(("link", slug, sid), lambda: self._find(slug, sid))

    def links(self, host: str | None) -> list[GetSchedulingLinkResult]:
        """
        Return the links of the workspace, or those of a host, by slug.
        """
        with self._looking:
            return self._once(("links", host), lambda: self._list(host))

    def templates(self) -> list[GetMeetingTemplateResult]:
        """
        Return all meeting templates of the workspace, by slug.
        """
        with self._looking:
            return self._once(("templates",), self._list_templates)

    def availability(self, id_: str) -> GetAvailabilityResult:
        """
        Return the availability with this id.

        Raises:
            NeetoCalError: there is none.

        API: GET /availabilities/{id}.
        """
        with self._looking:
            return self._once(("availability", id_), lambda: self._find_availability(id_))

    def availabilities(self, email: str) -> list[GetAvailabilityResult]:
        """
        Return the availabilities of the member with this address, by name; none if there is no such member.

        API: GET /availabilities.
        """
        with self._looking:
            wanted = email.strip().lower()
            return self._once(("availabilities", wanted), lambda: self._list_availabilities(wanted))

    def slots(self, link: str, month: str, time_zone: str, host: str | None) -> list[Slot]:
        """
        Return the free times of a link in a month, in the order of the API.

        Args:
            link: its sid.

            month: such as "2026-12".

            time_zone: that of the dates and times.

            host: the address of the only host whose times are wanted.

        Raises:
            NeetoCalError: an argument is invalid, or there is no such link.

        API: GET /meetings/{sid}/slots, in version 1 GET /slots/{slug}.
        """
        with self._looking:
            key = ("slots", link, month, time_zone, host)
            return self._once(key, lambda: self._list_slots(link, month, time_zone, host))

    def _once(self, key: tuple[str | None, ...], look: Callable[[], Found]) -> Found:
        """
        Return what was found under this key, and look it up if it wasn't yet.
        """
        if key not in self._found:
            self._found[key] = look()
        found: Found = self._found[key]
        return found

    def _list(self, host: str | None) -> list[GetSchedulingLinkResult]:
        # Only a list needs what this imports, such as threads.
        from neetocal_provider.core.search import Query, find_all

        found = find_all(self._client, SCHEDULING_LINK, Query(hosts=(host,) if host else ()), lambda *_: None)
        return sorted(map(self._link, found), key=lambda each: each.slug)

    def _find(self, slug: str | None, sid: str | None) -> GetSchedulingLinkResult:
        links = SCHEDULING_LINK.collection(self._client)
        try:
            if sid is not None and is_identifier(sid):
                return self._link(links.get(sid))
            found = links.find({"slug": slug}) if slug is not None else None
            if found:
                return self._link(links.get(found.id))
        except NotFoundError:
            self._client.require_workspace()
        known = _as_far_as_known(lambda: [each.id if sid else str(each.values.get("slug")) for each in links.objects()])
        raise _missing("scheduling link", {"slug": slug, "sid": sid}, known)

    def _link(self, meeting: RemoteObject) -> GetSchedulingLinkResult:
        slug = str(meeting.values.get("slug") or "")
        own = {**meeting.outputs, "url": self._client.settings.public_url(slug)}
        return result_of(GetSchedulingLinkResult, _held(meeting, **own))

    def _find_availability(self, id_: str) -> GetAvailabilityResult:
        hint = "list_availabilities(email=…) returns those of a member."
        if not is_identifier(id_):
            raise NeetoCalError(f"get_availability: id={id_!r} isn't the id of an availability. {hint}")
        try:
            return self._client.send("GET", f"availabilities/{id_}", _availability)
        except NotFoundError as error:
            self._client.require_workspace()
            sentence = f"get_availability: there is no availability with the id {id_!r}. {hint}"
            raise NeetoCalError(sentence) from error

    def _list_availabilities(self, email: str) -> list[GetAvailabilityResult]:
        if not email:
            raise NeetoCalError(
                "list_availabilities: email must not be blank. list_team_members() returns the members' addresses."
            )
        page = "page" if self._client.settings.api_version == "v1" else "page_number"
        pages = self._client.pages("availabilities", _availabilities, {"emails[]": email}, page_parameter=page)
        found = {each.id: each for each_page in pages for each in each_page.rows}
        theirs = [each for each in found.values() if each.user.email.lower() in ("", email)]
        return sorted(theirs, key=lambda each: each.name)

    def _list_slots(self, link: str, month: str, time_zone: str, host: str | None) -> list[Slot]:
        is_v1 = self._client.settings.api_version == "v1"
        wrong = [*_wrong_in_slots(link, month, time_zone)]
        if host and is_v1:
            wrong.append(f"host={host!r} needs version 2 of the API: leave it out, or set neetocal:apiVersion to v2")
        if wrong:
            raise NeetoCalError(f"list_slots: {'; '.join(wrong)}.")
        year, number = month.split("-")
        query = {"time_zone": time_zone, "year": year, "month": str(int(number))} | (
            {"host_email": host} if host else {}
        )
        try:
            path = f"slots/{quote(self._slug(link), safe='')}" if is_v1 else f"meetings/{link}/slots"
            return self._client.send("GET", f"{path}?{urlencode(query)}", _slots)
        except NotFoundError as error:
            self._client.require_workspace()
            raise NeetoCalError(f"list_slots: there is no link with the sid {link!r}. {_SID_HINT}.") from error

    def _slug(self, sid: str) -> str:
        links = SCHEDULING_LINK.collection(self._client)
        return self._once(("slug", sid), lambda: str(links.get(sid).values.get("slug") or ""))

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

    def _known_templates(self, name: str | None, id_: str | None) -> list[GetMeetingTemplateResult]:
        """
        Return the templates, listed once more if the one that is wanted may have been created since.
        """
        is_known = any(each.id == id_ or each.name == name for each in self._found.get(("templates",), ()))
        if not is_known:
            self._found.pop(("templates",), None)
        return self.templates()

    def _list_templates(self) -> list[GetMeetingTemplateResult]:
        templates = MEETING_TEMPLATE.collection(self._client).objects()
        found = [result_of(GetMeetingTemplateResult, _held(each)) for each in templates]
        return sorted(found, key=lambda each: each.slug)


def _held(remote: RemoteObject, **own: Any) -> dict[str, Any]:
    """
    Return what an answer holds of a link or template, under the names of a result.
    """
    hosts = remote.row.get("hosts")
    names = [each.get("name") or "" for each in hosts if isinstance(each, Mapping)] if isinstance(hosts, list) else []
    known = {"id": remote.id, "hosts": remote.values.get("hosts"), "host_names": names, "values": remote.values}
    return {**remote.row, **known, **own}


def _availability(body: Any) -> GetAvailabilityResult:
    """
    Read an availability, in its envelope or bare.
    """
    row = read_object(body, "the answer")
    found = result_of(GetAvailabilityResult, read_object(row.get("availability", row), "availability"))
    return found if found.id else unreadable("without an id of an availability")


def _availabilities(body: Any) -> Page[GetAvailabilityResult]:
    return page_from_api(body, ("availabilities",), _availability)


def _slots(body: Any) -> list[Slot]:
    """
    Read the slots of all days, each of which holds a map of them.
    """
    days = [read_object(each, "a day") for each in read_list(read_object(body, "the answer").get("slots"), "slots")]
    return [
        result_of(Slot, {**read_object(slot, "a slot"), "date": day.get("date")})
        for day in days
        for slot in read_object(day.get("slots") or {}, "the slots of a day").values()
    ]


_SID_HINT = "Give SchedulingLink.id, or the id that get_scheduling_link(slug=…) returns"


def _wrong_in_slots(link: str, month: str, time_zone: str) -> Iterator[str]:
    if not is_identifier(link):
        yield f"link={link!r} isn't the sid of a link ({_SID_HINT[0].lower()}{_SID_HINT[1:]})"
    if not re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])", month):
        yield f"month={month!r} must be a month such as '2026-12'"
    for reason in TimeZone().problems(time_zone):
        yield f"time_zone={time_zone!r} {reason}"


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
