"""
What can still be booked: the slots of a link, and the times that several people share.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import InvalidError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import availabilities, slots
from neetocal_emulator.store.clock import parsed_time, written
from neetocal_emulator.store.rules import folded

if TYPE_CHECKING:
    from datetime import date

    from neetocal_emulator.store.documents import Host, Meeting
    from neetocal_emulator.store.team import Member
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["Days", "common", "first", "host_at", "is_taken", "of_link", "reasons"]

# In minutes; a link may hold any number.
_DAY = 24 * 60
_LONGEST_LEAD = 366 * _DAY
# In days.
_USUAL_RANGE, _LONGEST_RANGE = 60, 366
_ONE_DAY = timedelta(days=1)
_STEP_IN_COMMON = timedelta(minutes=30)


@dataclass(frozen=True)
class Days:
    """
    Some days in a row, as they are counted in a zone.
    """

    first: date
    last: date
    zone: tzinfo

    def __iter__(self) -> Iterator[date]:
        """
        Yield each day.
        """
        return (self.first + number * _ONE_DAY for number in range((self.last - self.first).days + 1))

    @property
    def range(self) -> slots.Range:
        """
        When they begin and when they are over, in UTC.
        """
        return slots.midnight(self.first, self.zone), slots.midnight(self.last + _ONE_DAY, self.zone)


def of_link(workspace: Workspace, meeting: Meeting, days: Days, host_email: str = "") -> list[slots.Range]:
    """
    Return the free slots of a link on these days, of one host or of those it takes (SLOT_HOSTS, SLOT_RANGE).

    A disabled link has none (SLOT_NONE).
    """
    if meeting.document["disabled"]:
        return []
    hosts = [host for host in meeting.hosts if not host_email or folded(host.email) == folded(host_email)]
    length, (earliest, latest) = _length(meeting), _bookable(workspace, meeting)
    return [
        (start, start + length)
        for start in _starts(workspace, meeting, hosts, days)
        if earliest <= start < latest and not is_taken(workspace, meeting, start)
    ]


def first(workspace: Workspace, meeting: Meeting) -> datetime:
    """
    Return the first free slot of a link (BOOKING_FIRST_FREE).
    """
    earliest, latest = _bookable(workspace, meeting)
    for day in Days(earliest.date(), latest.date(), timezone.utc):
        found = of_link(workspace, meeting, Days(day, day, timezone.utc))
        if found:
            return found[0][0]
    raise InvalidError(Problem(Fact.BOOKING_FIRST_FREE, "No slot is available"))


def host_at(workspace: Workspace, meeting: Meeting, starts_at: datetime) -> Host | None:
    """
    Return whom a booking is with: the first host, or the first one of several in turn who has the hours (BOOKING_HOST).
    """
    if meeting.document["kind"] == "round_robin":
        slot = (starts_at, starts_at + _length(meeting))
        for host in meeting.hosts:
            ranges = availabilities.hours(workspace, meeting, host).between(starts_at.date(), starts_at.date())
            if any(opens <= slot[0] and slot[1] <= closes for opens, closes in ranges):
                return host
    return meeting.hosts[0] if meeting.hosts else None


def is_taken(workspace: Workspace, meeting: Meeting, starts_at: datetime, *, but: str = "") -> bool:
    """
    Tell whether a slot overlaps a booking of the link, other than one (BOOKING_SLOT_FREE).
    """
    if meeting.document["kind"] == "grouped":
        return False
    row = workspace.connection.execute(
        "SELECT 1 FROM bookings WHERE meeting = ? AND is_cancelled = 0 AND ends_at > ? AND starts_at < ? AND sid != ?",
        (meeting.position, written(starts_at), written(starts_at + _length(meeting)), but),
    ).fetchone()
    return row is not None


def common(workspace: Workspace, members: Sequence[Member], days: Days, length: timedelta) -> list[slots.Range]:
    """
    Return when all these members are free for so long: within hours, without bookings (COMMON_SLOTS).
    """
    shared = slots.in_all(
        [availabilities.member_hours(workspace, member).between(days.first, days.last) for member in members]
    )
    begins, ends = days.range
    begins = max(begins, workspace.clock.instant())
    free = slots.without(shared, _busy(workspace, [member["email"] for member in members], ends))
    return [(start, start + length) for start in slots.starts(free, length, _STEP_IN_COMMON) if begins <= start < ends]


def reasons(
    workspace: Workspace, meeting: Meeting, bookings: Sequence[dict[str, Any]], days: Days
) -> list[dict[str, Any]]:
    """
    Tell for each day what is open, and what a booking or an override closes (SLOT_REASONS).
    """
    hosts = [availabilities.hours(workspace, meeting, host) for host in meeting.hosts]
    return [_day_reasons(meeting, bookings, hosts, Days(day, day, days.zone)) for day in days]


def _day_reasons(
    meeting: Meeting, bookings: Sequence[dict[str, Any]], hosts: Sequence[slots.Hours], day: Days
) -> dict[str, Any]:
    begins, ends = day.range
    today = [(each, *_times(each)) for each in bookings]
    blocking = [(each, start, end) for each, start, end in today if begins < end and start < ends]
    groups = _groups(meeting, [hours.between(day.first, day.last) for hours in hosts])
    open_ranges = slots.in_all([slots.merged(each for group in groups for each in group), [(begins, ends)]])
    taken = [] if meeting.document["kind"] == "grouped" else [(start, end) for _, start, end in blocking]
    is_off = bool(hosts) and hosts[0].exceptions.get(day.first.isoformat()) == []
    return {
        "date": day.first.isoformat(),
        "available_time_ranges": ", ".join(
            f"{_clock(start, day.zone)}-{_clock(end, day.zone)}" for start, end in slots.without(open_ranges, taken)
        ),
        "day_reasons": [_reason("date_override")] if is_off else [],
        "blocked": [
            {
                "from": _clock(start, day.zone),
                "to": _clock(end, day.zone),
                "host_email": booking["host_email"],
                **_reason("booking"),
                "booking_sid": booking["sid"],
                "client_name": booking["name"],
                "meeting_name": booking["meeting"]["name"],
            }
            for booking, start, end in blocking
        ],
    }


def _reason(word: str) -> dict[str, Any]:
    names = ("holiday_name", "booking_sid", "client_name", "meeting_name", "calendar_event_title", "calendar_name")
    return {"reason": word, **dict.fromkeys((*names, "booking_limit_level"))}


def _clock(instant: datetime, day_zone: tzinfo) -> str:
    return instant.astimezone(day_zone).strftime("%H:%M")


def _times(booking: dict[str, Any]) -> slots.Range:
    return parsed_time(booking["starts_at"]), parsed_time(booking["ends_at"])


def _starts(workspace: Workspace, meeting: Meeting, hosts: Sequence[Host], days: Days) -> list[datetime]:
    begins, ends = days.range
    step = timedelta(minutes=min(meeting.document["start_time_increment"], _DAY))
    hours = [availabilities.hours(workspace, meeting, host).between(days.first, days.last) for host in hosts]
    found = {start for ranges in _groups(meeting, hours) for start in slots.starts(ranges, _length(meeting), step)}
    return sorted(start for start in found if begins <= start < ends)


def _groups(meeting: Meeting, hours: Sequence[Sequence[slots.Range]]) -> Sequence[Sequence[slots.Range]]:
    """
    Choose whose hours count: everybody's at once, any one's, or the first host's (SLOT_HOSTS).
    """
    kind = meeting.document["kind"]
    if kind == "multihost":
        return [slots.in_all(hours)]
    return hours if kind == "round_robin" else hours[:1]


def _length(meeting: Meeting) -> timedelta:
    return timedelta(minutes=meeting.document["duration"])


def _bookable(workspace: Workspace, meeting: Meeting) -> slots.Range:
    """
    Return from when to when a link can be booked: after the lead time, as far as its range reaches (SLOT_RANGE).
    """
    document = meeting.document
    earliest = workspace.clock.instant() + timedelta(minutes=min(document["lead_time"], _LONGEST_LEAD))
    value = document["schedulable_range_value"]
    is_days = document["schedulable_range_type"] == "number_of_days_into_the_future"
    is_number = is_days and value.isascii() and value.isdigit() and len(value) < len(str(_LONGEST_RANGE)) + 1
    number = min(int(value), _LONGEST_RANGE) if is_number else _USUAL_RANGE
    return earliest, earliest + number * _ONE_DAY


def _busy(workspace: Workspace, emails: Sequence[str], until: datetime) -> list[slots.Range]:
    """
    Return the bookings ahead of these hosts, on whatever link.
    """
    rows = workspace.connection.execute(
        "SELECT starts_at, ends_at FROM bookings WHERE workspace = ? AND is_cancelled = 0 "
        "AND ends_at > ? AND starts_at < ? AND host_email IN (SELECT value FROM json_each(?))",
        (workspace.name, written(workspace.clock.instant()), written(until), json.dumps(emails)),
    )
    return [(parsed_time(row["starts_at"]), parsed_time(row["ends_at"])) for row in rows]
