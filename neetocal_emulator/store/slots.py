"""
Times that can be booked: the weekly hours of every member, and slots within them.

Every member has one availability, the default one: Monday to Friday, nine to five in
the member's own zone (AVAILABILITY_DEFAULT). Nothing is stored; it follows from the
member.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from neetocal_emulator.facts import Fact
from neetocal_emulator.store import rules

__all__ = ["CLOSES", "OPENS", "WORKDAYS", "first_free", "slot_date", "slot_start", "zone", "zone_name"]

WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
OPENS, CLOSES = time(9), time(17)

_SEARCHED_DAYS = 60


def slot_date(field: str, value: object) -> date:
    """
    Read a day written like 2025-07-15 (BOOKING_SLOT).
    """
    try:
        return datetime.strptime(rules.filled_text(field, value), "%Y-%m-%d").date()
    except ValueError:
        raise rules.refuse(Fact.BOOKING_SLOT, "must be a date like 2025-07-15", field) from None


def slot_start(field: str, value: object) -> time:
    """
    Read a time of day written like 01:30 PM (BOOKING_SLOT).
    """
    try:
        return datetime.strptime(rules.filled_text(field, value), "%I:%M %p").time()
    except ValueError:
        raise rules.refuse(Fact.BOOKING_SLOT, "must be a time like 01:30 PM", field) from None


def zone_name(field: str, value: object) -> str:
    """
    Read the name of a time zone (BOOKING_ZONE).
    """
    name = rules.filled_text(field, value)
    if zone(name) is None:
        raise rules.refuse(Fact.BOOKING_ZONE, "is not a known time zone", field)
    return name


def zone(name: str) -> tzinfo | None:
    """
    Return the zone of this name, or None.
    """
    if name == "UTC":
        # Known even where the system has no table of zones.
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None


def first_free(
    host_zone: tzinfo,
    *,
    earliest: datetime,
    length: timedelta,
    step: timedelta,
    is_taken: Callable[[datetime], bool],
) -> datetime | None:
    """
    Return the first free slot within the hours of a zone, or None when there is none for weeks.
    """
    today = earliest.astimezone(host_zone).date()
    for number in range(_SEARCHED_DAYS):
        for start in _starts(today + timedelta(days=number), host_zone, length, step):
            if start >= earliest and not is_taken(start):
                return start
    return None


def _starts(day: date, host_zone: tzinfo, length: timedelta, step: timedelta) -> Iterator[datetime]:
    if day.weekday() >= len(WORKDAYS):
        return
    start = datetime.combine(day, OPENS)
    while start + length <= datetime.combine(day, CLOSES):
        yield start.replace(tzinfo=host_zone).astimezone(timezone.utc)
        start += step
