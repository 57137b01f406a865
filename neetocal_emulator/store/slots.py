"""
Times that can be booked: weekly hours, exceptions from them, and slots within.

Nothing here knows a workspace; whose hours they are is said in `availabilities.py`,
what is taken already in `openings.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from neetocal_emulator.facts import Fact
from neetocal_emulator.store import rules

__all__ = [
    "UTC",
    "WEEKDAYS",
    "Hours",
    "Range",
    "calendar_day",
    "in_all",
    "merged",
    "midnight",
    "slot_date",
    "slot_start",
    "starts",
    "time_of_day",
    "without",
    "written_time",
    "zone",
    "zone_name",
]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

UTC = timezone.utc
Range = tuple[datetime, datetime]
Span = tuple[time, time]

_DAY = timedelta(days=1)
# As the reference, a help page and the official tool write them.
_TIME_FORMS = ("%I:%M %p", "%I:%M%p", "%H:%M")


@dataclass(frozen=True, kw_only=True)
class Hours:
    """
    When somebody can be booked: spans by weekday, and by date where a day is another.
    """

    zone: tzinfo
    weekly: Mapping[str, Sequence[Span]]
    exceptions: Mapping[str, Sequence[Span]]

    def on(self, day: date) -> list[Range]:
        """
        Return the hours of one day, in UTC and in order.
        """
        spans = self.exceptions.get(day.isoformat(), self.weekly.get(WEEKDAYS[day.weekday()], ()))
        return merged((self._at(day, opens), self._at(day, closes)) for opens, closes in spans)

    def between(self, first: date, last: date) -> list[Range]:
        """
        Return all hours that touch these days, wherever on Earth the days are counted.
        """
        days = (first - _DAY + number * _DAY for number in range((last - first).days + 3))
        return merged(each for day in days for each in self.on(day))

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, tzinfo=self.zone).astimezone(timezone.utc)


def calendar_day(fact: Fact) -> rules.Reader:
    """
    Make a reader of a day written like 2025-07-15.
    """

    def read(field: str, value: object) -> date:
        try:
            return datetime.strptime(rules.filled_text(field, value), "%Y-%m-%d").date()
        except ValueError:
            raise rules.refuse(fact, "must be a date like 2025-07-15", field) from None

    return read


def time_of_day(fact: Fact) -> rules.Reader:
    """
    Make a reader of a time of day written like 01:30 PM, 01:30PM or 13:30.
    """

    def read(field: str, value: object) -> time:
        text = rules.filled_text(field, value)
        for form in _TIME_FORMS:
            try:
                return datetime.strptime(text, form).time()
            except ValueError:
                continue
        raise rules.refuse(fact, "must be a time like 01:30 PM", field)

    return read


slot_date = calendar_day(Fact.BOOKING_SLOT)
slot_start = time_of_day(Fact.BOOKING_SLOT)


def written_time(moment: time | datetime) -> str:
    """
    Write a time of day as the API does, for example 01:30 PM.
    """
    return moment.strftime("%I:%M %p")


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


def midnight(day: date, day_zone: tzinfo) -> datetime:
    """
    Return when a day begins, in UTC.
    """
    return datetime.combine(day, time(), tzinfo=day_zone).astimezone(timezone.utc)


def merged(ranges: Iterable[Range]) -> list[Range]:
    """
    Return the ranges in order, those that touch or overlap as one.
    """
    found: list[Range] = []
    for opens, closes in sorted(ranges):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        elif opens < closes:
            found.append((opens, closes))
    return found


def in_all(several: Sequence[Sequence[Range]]) -> list[Range]:
    """
    Return what is in every one of several lists of ranges; without a list, nothing.
    """
    if not several:
        return []
    common = list(several[0])
    for other in several[1:]:
        common = [
            (max(opens, begins), min(closes, ends))
            for opens, closes in common
            for begins, ends in other
            if max(opens, begins) < min(closes, ends)
        ]
    return common


def without(ranges: Iterable[Range], taken: Iterable[Range]) -> list[Range]:
    """
    Return what is left of ranges after others are taken out.
    """
    left = list(ranges)
    for begins, ends in taken:
        cut = [((opens, min(closes, begins)), (max(opens, ends), closes)) for opens, closes in left]
        left = [part for parts in cut for part in parts if part[0] < part[1]]
    return merged(left)


def starts(ranges: Iterable[Range], length: timedelta, step: timedelta) -> Iterator[datetime]:
    """
    Yield when slots of this length can begin within the ranges.
    """
    for opens, closes in ranges:
        start = opens
        while start + length <= closes:
            yield start
            start += step
