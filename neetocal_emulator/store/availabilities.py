"""
Availabilities: when a member can be booked, on all links or on one.

Every member has a default one, which follows from the member until somebody changes it;
only then is it stored. Others are made through the API. A link uses its hosts'
default ones, or those that were made for it (AVAILABILITY_OF_LINK).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import NotFoundError, Problem, SetupError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, records, rules, slots, team

if TYPE_CHECKING:
    from datetime import tzinfo

    from neetocal_emulator.store.documents import Host, Meeting
    from neetocal_emulator.store.workspace import Workspace

__all__ = [
    "FIELDS",
    "Availability",
    "change",
    "change_of_link",
    "create",
    "create_for_link",
    "find",
    "hours",
    "listing",
    "member_hours",
    "remove",
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


def create(workspace: Workspace, body: Mapping[str, object], *, new_id: str = "") -> Availability:
    """
    Give a member one more availability (AVAILABILITY_OWNER).
    """
    given = rules.clean(body, {**_READERS, "email": rules.email}, required=("email", "name"))
    member = team.by_email(workspace, given.pop("email"))
    if member is None:
        raise rules.refuse(Fact.AVAILABILITY_OWNER, "is not a member of this workspace", "email")
    objects.refuse_repeated_name(workspace, _KIND, {"id": None, **given}, member["id"])
    given = _at_home(workspace, member, given)
    new = {
        "id": new_id or workspace.identifiers.new_id(),
        "sid": workspace.identifiers.new_sid(),
        "default": False,
        "member_id": member["id"],
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
    given = _at_home(workspace, member, rules.clean(body, _READERS))
    if workspace.switches.availability_name_in_patch == "dropped":
        given.pop("name", None)
    after = {**before, **given, "overrides": _overridden(before["overrides"], given.get("overrides", []))}
    objects.refuse_repeated_name(workspace, _KIND, after, member["id"])
    return _shown(member, objects.put(workspace, _KIND, after, member["id"]))


def remove(workspace: Workspace, availability_id: str) -> None:
    """
    Take away an availability that is no default one, as the web app can; links use the default one again.
    """
    member, found = _found(workspace, availability_id)
    if found["default"]:
        raise SetupError("A default availability cannot be deleted.")
    objects.drop(workspace, _KIND, found["id"], member["id"])


def create_for_link(workspace: Workspace, sid: str, body: Mapping[str, object], *, new_id: str = "") -> dict[str, Any]:
    """
    Give one host of a link an availability for this link alone (AVAILABILITY_OF_LINK).
    """
    meeting = records.find(workspace, sid)
    made = create(workspace, body, new_id=new_id)
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
    rules.clean(changes, _READERS)
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
        return _hours({"periods": _DEFAULT_PERIODS, "overrides": []}, "UTC")
    return _hours(_used(workspace, meeting, member), member["time_zone"])


def member_hours(workspace: Workspace, member: team.Member) -> slots.Hours:
    """
    Return when a member can be booked, whatever the link: the hours of the default availability.
    """
    return _hours(_default(workspace, member), member["time_zone"])


def _read_periods(field: str, value: object) -> list[Availability]:
    return [{"wday": _weekday(field, each), **_span(field, each)} for each in rules.dicts(field, value)]


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


_READERS: Mapping[str, rules.Reader] = {
    "name": rules.filled_text,
    "time_zone": slots.zone_name,
    "periods": _read_periods,
    "overrides": _read_overrides,
}

FIELDS = frozenset({*_READERS, "email"})
"""
What a request can hold.
"""


def _at_home(workspace: Workspace, member: team.Member, given: dict[str, Any]) -> dict[str, Any]:
    """
    Bring periods and overrides from the zone of a request into the member's, and drop the zone (AVAILABILITY_ZONE).
    """
    home = slots.zone(member["time_zone"]) or timezone.utc
    zone = slots.zone(given.pop("time_zone", "")) or home
    if zone != home and "periods" in given:
        given["periods"] = [
            moved for each in given["periods"] for moved in _moved_period(each, zone, home, workspace.clock.instant())
        ]
    if zone != home and "overrides" in given:
        given["overrides"] = [moved for each in given["overrides"] for moved in _moved_override(each, zone, home)]
    if "periods" in given:
        given["periods"] = _with_ids(workspace, given["periods"])
    return given


def _moved_period(period: Availability, zone: tzinfo, home: tzinfo, now: datetime) -> Iterator[Availability]:
    """
    Yield a weekly period by the clock of another zone, as it is this week.
    """
    monday = now.astimezone(zone).date() - timedelta(days=now.astimezone(zone).weekday())
    day = monday + timedelta(days=slots.WEEKDAYS.index(period["wday"]))
    for moved, span in _moved(day, period, zone, home):
        yield {"wday": slots.WEEKDAYS[moved.weekday()], **span}


def _moved_override(override: Availability, zone: tzinfo, home: tzinfo) -> list[Availability]:
    """
    Return an override by the clock of another zone; one without hours keeps its date.
    """
    if not override["periods"]:
        return [override]
    days: dict[str, list[Availability]] = {}
    for period in override["periods"]:
        for moved, span in _moved(date.fromisoformat(override["date"]), period, zone, home):
            days.setdefault(moved.isoformat(), []).append(span)
    return [{"date": day, "periods": spans} for day, spans in days.items()]


def _moved(day: date, period: Availability, zone: tzinfo, home: tzinfo) -> Iterator[tuple[date, Availability]]:
    """
    Yield the parts of a period that lie on one day of another zone; a part before midnight ends at 11:59 PM.
    """
    opens, closes = (datetime.combine(day, each, tzinfo=zone).astimezone(home) for each in _times(period))
    if opens.date() != closes.date():
        yield opens.date(), {"start_time": slots.written_time(opens), "end_time": slots.written_time(time(23, 59))}
        opens = datetime.combine(closes.date(), time(), tzinfo=home)
    if opens < closes:
        yield closes.date(), {"start_time": slots.written_time(opens), "end_time": slots.written_time(closes)}


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
    own = used and objects.get(workspace, _KIND, used["availability_id"], member["id"])
    return own or _default(workspace, member)


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
        "periods": [{"id": _id(member, period["wday"]), **period} for period in _DEFAULT_PERIODS],
        "overrides": [],
    }


def _id(member: team.Member, name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{member['id']} {name}"))


def _shown(member: team.Member, availability: Availability) -> Availability:
    """
    Return what the API shows; times are in the member's zone, which is not among it (AVAILABILITY_ZONE).
    """
    shown = {name: value for name, value in availability.items() if name != "member_id"}
    return {**shown, "user": {"id": member["id"], "name": team.full_name(member), "email": member["email"]}}


def _hours(availability: Availability, home: str) -> slots.Hours:
    """
    Return the hours of an availability, in the member's zone (AVAILABILITY_ZONE).
    """
    weekly: dict[str, list[tuple[time, time]]] = {}
    for period in availability["periods"]:
        weekly.setdefault(period["wday"], []).append(_times(period))
    return slots.Hours(
        zone=slots.zone(home) or timezone.utc,
        weekly=weekly,
        exceptions={each["date"]: [_times(span) for span in each["periods"]] for each in availability["overrides"]},
    )


def _times(period: Availability) -> tuple[time, time]:
    return _time_of_day("start_time", period["start_time"]), _time_of_day("end_time", period["end_time"])
