"""
Slots over HTTP: what can be booked, why the rest cannot, and when several people are free.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.errors import InvalidError, MalformedError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import bookings, openings, records, rules, slots, team
from neetocal_emulator.store.clock import is_possible_year, written
from neetocal_emulator.store.openings import Days

if TYPE_CHECKING:
    from datetime import tzinfo

    from neetocal_emulator.store.documents import Meeting

__all__ = ["list_common_slots", "list_slots", "list_unavailable_slots"]

_LONGEST_SEARCH = timedelta(days=31)


def list_slots(call: Call) -> Answer:
    """
    List the free slots of a link in a month, or on one day of it (SLOT_SHAPE).
    """
    meeting, days = _meeting(call), _days(call)
    host_email = call.query.get("host_email", "") if call.version == "v2" else ""
    found = openings.of_link(call.workspace, meeting, days, host_email)
    by_day: dict[date, dict[str, Any]] = {}
    for start, end in found:
        opens, closes = start.astimezone(days.zone), end.astimezone(days.zone)
        slot = {"start_time": slots.written_time(opens), "end_time": slots.written_time(closes), "count": 1}
        by_day.setdefault(opens.date(), {})[slots.written_time(opens)] = slot
    return Answer(
        {"slots": [{"date": day.isoformat(), "day": day.day, "slots": by_day[day]} for day in sorted(by_day)]}
    )


def list_unavailable_slots(call: Call) -> Answer:
    """
    Tell why a link has no more slots than it has (SLOT_REASONS).
    """
    meeting, days = _meeting(call), _days(call)
    booked = bookings.of_link(call.workspace, meeting)
    return Answer({"dates": openings.reasons(call.workspace, meeting, booked, days)})


def list_common_slots(call: Call) -> Answer:
    """
    List when all members that are named are free (COMMON_SLOTS).
    """
    members = [_member(call, address) for address in rules.without_doubles(call.query.getlist("emails[]"))]
    if not members:
        raise _refused(Fact.COMMON_QUERY, "emails", "can't be blank")
    length = timedelta(minutes=_number(call, "duration", 1, 1440, Fact.COMMON_QUERY))
    found = openings.common(call.workspace, members, _asked_days(call), length)
    return Answer({"slots": [{"starts_at": written(start), "ends_at": written(end)} for start, end in found]})


def _meeting(call: Call) -> Meeting:
    if call.version == "v1":
        return records.find_by_slug(call.workspace, call.path["slug"])
    return records.find(call.workspace, call.path["sid"])


def _days(call: Call) -> Days:
    """
    Read which days are asked for: a month, or a day of it (SLOT_QUERY).
    """
    zone = _zone(call, Fact.SLOT_QUERY)
    year, month = _number(call, "year", 1000, 9000, Fact.SLOT_QUERY), _number(call, "month", 1, 12, Fact.SLOT_QUERY)
    last = monthrange(year, month)[1]
    if "day" not in call.query:
        return Days(date(year, month, 1), date(year, month, last), zone)
    day = date(year, month, _number(call, "day", 1, last, Fact.SLOT_QUERY))
    return Days(day, day, zone)


def _asked_days(call: Call) -> Days:
    """
    Read which days are asked for, by the first and the last (COMMON_QUERY).
    """
    zone = _zone(call, Fact.COMMON_QUERY)
    days = Days(_date(call, "start_date"), _date(call, "end_date"), zone)
    if not timedelta(0) <= days.last - days.first <= _LONGEST_SEARCH:
        raise _refused(Fact.COMMON_QUERY, "end_date", "must be 0 to 31 days after start_date")
    return days


def _date(call: Call, name: str) -> date:
    try:
        day: date = slots.calendar_day(Fact.COMMON_QUERY)(name, call.query.get(name))
    except InvalidError as error:
        raise _refused(Fact.COMMON_QUERY, name, error.problems[0].text) from error
    if not is_possible_year(slots.midnight(day, slots.UTC)):
        raise _refused(Fact.COMMON_QUERY, name, "is too far away")
    return day


def _number(call: Call, name: str, lowest: int, highest: int, fact: Fact) -> int:
    try:
        number: int = rules.minutes(lowest, highest, fact)(name, call.query.get(name))
    except InvalidError as error:
        raise _refused(fact, name, error.problems[0].text) from error
    return number


def _zone(call: Call, fact: Fact) -> tzinfo:
    zone = slots.zone(call.query.get("time_zone", ""))
    if zone is None:
        raise _refused(fact, "time_zone", "is not a known time zone")
    return zone


def _member(call: Call, address: str) -> team.Member:
    member = team.by_email(call.workspace, address)
    if member is None:
        raise _refused(Fact.COMMON_QUERY, "emails", f"holds {address}, who is not a member of this workspace")
    return member


def _refused(fact: Fact, name: str, text: str) -> MalformedError:
    return MalformedError(Problem(fact, text, name))
