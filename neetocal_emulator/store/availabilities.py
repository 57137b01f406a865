"""
Availabilities: when a member can be booked, on all links or on one.

Every member has a default one, which follows from the member until somebody changes it;
only then is it stored. Others are made through the API. A link uses its hosts'
default ones, or those that were made for it (AVAILABILITY_OF_LINK).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timezone
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import NotFoundError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, records, rules, slots, team

if TYPE_CHECKING:
    from datetime import date, time

    from neetocal_emulator.store.documents import Host, Meeting
    from neetocal_emulator.store.workspace import Workspace

__all__ = [
    "Availability",
    "change",
    "change_of_link",
    "create",
    "create_for_link",
    "find",
    "hours",
    "listing",
    "member_hours",
]

Availability = dict[str, Any]

_KIND = objects.Kind("Availability", Fact.AVAILABILITY_NOT_FOUND)
# By the link's id as the parent and the member's as the id: which availability the link uses.
_USED = objects.Kind("Link's availability")

# Ids of default ones follow from the member's id and last as long as the member.
_NAMESPACE = uuid.UUID("6f1c2f0e-3f0b-4a53-9d57-0f4f5a3f7f10")
_DEFAULT_PERIODS = [
    {"wday": weekday, "start_time": "09:00 AM", "end_time": "05:00 PM"} for weekday in slots.WEEKDAYS[:5]
]
_time_of_day = slots.time_of_day(Fact.AVAILABILITY_PERIODS)
_override_date = slots.calendar_day(Fact.AVAILABILITY_OVERRIDES)


def listing(workspace: Workspace, emails: Sequence[str]) -> list[Availability]:
    """
    Return the availabilities of these members, or of all; strangers have none.
    """
    wanted = {rules.folded(address) for address in emails}
    members, _ = team.listing(workspace, email=None, limit=None, offset=0)
    kept: dict[str, list[Availability]] = {}
    for each in objects.listing(workspace, _KIND):
        kept.setdefault(each["member_id"], []).append(each)
    return [
        _shown(member, availability)
        for member in members
        if not wanted or rules.folded(member["email"]) in wanted
        for availability in _of(member, kept.get(member["id"], []))
    ]


def find(workspace: Workspace, availability_id: str) -> Availability:
    """
    Return an availability by its id or sid (AVAILABILITY_ID).
    """
    return _shown(*_found(workspace, availability_id))


def create(workspace: Workspace, body: Mapping[str, object]) -> Availability:
    """
    Give a member one more availability (AVAILABILITY_OWNER).
    """
    given = rules.clean(body, {**_readers(workspace), "email": rules.email}, required=("email", "name"))
    member = team.by_email(workspace, given.pop("email"))
    if member is None:
        raise rules.refuse(Fact.AVAILABILITY_OWNER, "is not a member of this workspace", "email")
    new = {
        "id": workspace.identifiers.new_id(),
        "sid": workspace.identifiers.new_sid(),
        "default": False,
        "member_id": member["id"],
        "time_zone": None,
        "periods": _with_ids(workspace, _DEFAULT_PERIODS),
        **given,
        "overrides": _overridden([], given.get("overrides", [])),
    }
    return _shown(member, objects.put(workspace, _KIND, new, member["id"]))


def change(workspace: Workspace, availability_id: str, body: Mapping[str, object]) -> Availability:
    """
    Change some fields of an availability, for every link that uses it (AVAILABILITY_SHARED).
    """
    member, before = _found(workspace, availability_id)
    given = rules.clean(body, _readers(workspace))
    after = {**before, **given, "overrides": _overridden(before["overrides"], given.get("overrides", []))}
    return _shown(member, objects.put(workspace, _KIND, after, member["id"]))


def create_for_link(workspace: Workspace, sid: str, body: Mapping[str, object]) -> dict[str, Any]:
    """
    Give one host of a link an availability for this link alone (AVAILABILITY_OF_LINK).
    """
    meeting = records.find(workspace, sid)
    made = create(workspace, body)
    member_id = made["user"]["id"]
    if rules.folded(made["user"]["email"]) not in {rules.folded(host.email) for host in meeting.hosts}:
        raise rules.refuse(Fact.AVAILABILITY_OWNER, "is not a host of this link", "email")
    used = {"id": member_id, "availability_id": made["id"]}
    objects.put(workspace, _USED, used, meeting.document["id"])
    return {
        "availability_id": made["id"],
        "member_id": member_id,
        "meeting_id": meeting.document["id"],
        "availability": made,
    }


def change_of_link(workspace: Workspace, sid: str, body: Mapping[str, object]) -> Meeting:
    """
    Change the availabilities that a link uses, those of all its hosts (AVAILABILITY_SHARED).
    """
    meeting = records.find(workspace, sid)
    changes = {name: value for name, value in body.items() if name in {"periods", "time_zone"}}
    rules.clean(changes, _readers(workspace))
    for host in meeting.hosts:
        member = team.by_email(workspace, host.email)
        if member is not None:
            change(workspace, _used(workspace, meeting, member)["id"], changes)
    return meeting


def hours(workspace: Workspace, meeting: Meeting, host: Host) -> slots.Hours:
    """
    Return when a host can be booked on a link; a stranger has the default hours, in UTC.
    """
    member = team.by_email(workspace, host.email)
    if member is None:
        return _hours({"time_zone": None, "periods": _DEFAULT_PERIODS, "overrides": []}, "UTC")
    return _hours(_used(workspace, meeting, member), member["time_zone"])


def member_hours(workspace: Workspace, member: team.Member) -> slots.Hours:
    """
    Return when a member can be booked, whatever the link: the hours of the default availability.
    """
    return _hours(_default(workspace, member), member["time_zone"])


def _readers(workspace: Workspace) -> Mapping[str, rules.Reader]:
    def periods(field: str, value: object) -> list[Availability]:
        return _with_ids(
            workspace, [{"wday": _weekday(field, each), **_span(field, each)} for each in rules.dicts(field, value)]
        )

    return {
        "name": rules.filled_text,
        "time_zone": slots.zone_name,
        "periods": periods,
        "overrides": _read_overrides,
    }


def _read_overrides(field: str, value: object) -> list[Availability]:
    """
    Read days with other hours; None instead of periods takes an override away (AVAILABILITY_OVERRIDES).
    """
    overrides = []
    for each in rules.dicts(field, value):
        day: date = _override_date(field, each.get("date"))
        spans = None if "periods" not in each else [_span(field, span) for span in rules.dicts(field, each["periods"])]
        overrides.append({"date": day.isoformat(), "periods": spans})
    return overrides


def _weekday(field: str, period: Mapping[str, Any]) -> str:
    return str(rules.one_of(slots.WEEKDAYS, Fact.AVAILABILITY_PERIODS)(field, period.get("wday")))


def _span(field: str, period: Mapping[str, Any]) -> Availability:
    """
    Read when a period begins and ends, later on the same day (AVAILABILITY_PERIODS).
    """
    opens: time = _time_of_day(field, period.get("start_time"))
    closes: time = _time_of_day(field, period.get("end_time"))
    if opens >= closes:
        raise rules.refuse(Fact.AVAILABILITY_PERIODS, "must end after they start", field)
    return {"start_time": slots.written_time(opens), "end_time": slots.written_time(closes)}


def _with_ids(workspace: Workspace, periods: Sequence[Availability]) -> list[Availability]:
    return [{"id": workspace.identifiers.new_id(), **period} for period in periods]


def _overridden(before: Sequence[Availability], changes: Sequence[Availability]) -> list[Availability]:
    """
    Bring changes to the overrides that stand; other days stay (AVAILABILITY_OVERRIDES).
    """
    days = {each["date"]: each["periods"] for each in (*before, *changes)}
    return [{"date": day, "periods": days[day]} for day in sorted(days) if days[day] is not None]


def _found(workspace: Workspace, availability_id: str) -> tuple[team.Member, Availability]:
    for each in objects.listing(workspace, _KIND):
        if availability_id in (each["id"], each["sid"]):
            return team.find(workspace, each["member_id"]), each
    members, _ = team.listing(workspace, email=None, limit=None, offset=0)
    for member in members:
        default = _new_default(member)
        if availability_id in (default["id"], default["sid"]):
            return member, default
    raise NotFoundError(Problem(_KIND.not_found, "Availability not found"))


def _of(member: team.Member, kept: Sequence[Availability]) -> list[Availability]:
    """
    Return a member's availabilities, the default one first, of which *kept* are stored.
    """
    default = next((each for each in kept if each["default"]), None) or _new_default(member)
    return [default, *(each for each in kept if not each["default"])]


def _used(workspace: Workspace, meeting: Meeting, member: team.Member) -> Availability:
    used = objects.get(workspace, _USED, member["id"], meeting.document["id"])
    if used is None:
        return _default(workspace, member)
    return objects.find(workspace, _KIND, used["availability_id"], member["id"])


def _default(workspace: Workspace, member: team.Member) -> Availability:
    default = _new_default(member)
    return objects.get(workspace, _KIND, default["id"], member["id"]) or default


def _new_default(member: team.Member) -> Availability:
    """
    Make a member's default availability as it is before anybody changes it (AVAILABILITY_DEFAULT).
    """
    return {
        "id": _id(member, "availability"),
        "sid": _id(member, "sid").replace("-", "")[:7],
        "name": "Default availability",
        "default": True,
        "member_id": member["id"],
        "time_zone": None,
        "periods": [{"id": _id(member, period["wday"]), **period} for period in _DEFAULT_PERIODS],
        "overrides": [],
    }


def _id(member: team.Member, name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{member['id']} {name}"))


def _shown(member: team.Member, availability: Availability) -> Availability:
    """
    Return what the API shows, which is not the zone (AVAILABILITY_ZONE).
    """
    shown = {name: value for name, value in availability.items() if name not in {"member_id", "time_zone"}}
    return {**shown, "user": {"id": member["id"], "name": team.full_name(member), "email": member["email"]}}


def _hours(availability: Availability, home: str) -> slots.Hours:
    """
    Return the hours of an availability, in its own zone or else in the member's (AVAILABILITY_ZONE).
    """
    weekly: dict[str, list[tuple[time, time]]] = {}
    for period in availability["periods"]:
        weekly.setdefault(period["wday"], []).append(_times(period))
    return slots.Hours(
        zone=slots.zone(availability["time_zone"] or home) or timezone.utc,
        weekly=weekly,
        exceptions={each["date"]: [_times(span) for span in each["periods"]] for each in availability["overrides"]},
    )


def _times(period: Availability) -> tuple[time, time]:
    return _time_of_day("start_time", period["start_time"]), _time_of_day("end_time", period["end_time"])
