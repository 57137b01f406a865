"""
The emulator's clock: real time, or the time that a test wants it to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from neetocal_emulator.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["REAL_TIME", "Clock", "ClockSetting", "Turn", "is_possible_year", "parsed_time", "read_turn", "written"]

_TICK = timedelta(milliseconds=1)
# Outside of these years, adding a booking's length or a zone's offset could leave the calendar.
_FIRST_YEAR, _LAST_YEAR = 1000, 9000


@dataclass(frozen=True, kw_only=True)
class ClockSetting:
    """
    How the clock differs from real time; at most one of the two says anything.
    """

    offset: timedelta = timedelta(0)
    """
    What a running clock adds to real time.
    """

    frozen_at: datetime | None = None
    """
    Where the clock stands still; None when it runs.
    """


REAL_TIME = ClockSetting()


@dataclass(frozen=True, kw_only=True)
class Turn:
    """
    What is to be done with the clock; what is None stays as it is.
    """

    at: datetime | None = None
    offset: timedelta | None = None
    frozen: bool | None = None


class Clock:
    """
    Tells the time in milliseconds; while it runs, never the same time twice.
    """

    def __init__(self) -> None:
        self._setting = REAL_TIME
        self._last = datetime.min.replace(tzinfo=timezone.utc)

    @property
    def setting(self) -> ClockSetting:
        """
        How the clock differs from real time.
        """
        return self._setting

    def set(self, setting: ClockSetting) -> None:
        """
        Differ from real time in this way from now on, backwards too.
        """
        self._setting = setting
        self._last = datetime.min.replace(tzinfo=timezone.utc)

    def turn(self, turn: Turn) -> None:
        """
        Put the clock to another time, stop it or let it run on.
        """
        is_frozen = self._setting.frozen_at is not None if turn.frozen is None else turn.frozen
        real = _real_now()
        instant = self._wanted(turn, real)
        if is_frozen:
            self.set(ClockSetting(frozen_at=_whole_ms(instant)))
        else:
            self.set(ClockSetting(offset=instant - real))

    def instant(self) -> datetime:
        """
        Return the time.
        """
        return self._at(_real_now())

    def now(self) -> str:
        """
        Return the time of an event as the API writes it, for example 2025-08-14T07:26:14.909Z.
        """
        if self._setting.frozen_at is not None:
            return written(self._setting.frozen_at)
        self._last = max(_whole_ms(self.instant()), self._last + _TICK)
        return written(self._last)

    def to_dict(self) -> dict[str, object]:
        """
        Return the time and how it differs from real time as JSON.
        """
        real = _real_now()
        instant = self._at(real)
        return {
            "now": written(instant),
            "frozen": self._setting.frozen_at is not None,
            # A hair behind real time would be written as -0.0.
            "offset_s": round((instant - real).total_seconds(), 3) or 0.0,
        }

    def _at(self, real: datetime) -> datetime:
        return self._setting.frozen_at or real + self._setting.offset

    def _wanted(self, turn: Turn, real: datetime) -> datetime:
        if turn.at is not None:
            return turn.at
        if turn.offset is None:
            return self._at(real)
        return real + turn.offset


def read_turn(given: Mapping[str, object]) -> Turn:
    """
    Read a turn from `at`, `offset_s` and `frozen`; raises SetupError for what makes no sense.
    """
    unknown = sorted(set(given) - {"at", "offset_s", "frozen"})
    if unknown:
        raise SetupError(f"The clock has no {', '.join(unknown)}; it has at, offset_s, frozen.")
    at, offset_s, frozen = (given.get(name) for name in ("at", "offset_s", "frozen"))
    if at is not None and offset_s is not None:
        raise SetupError("The clock takes a time or an offset, not both.")
    if frozen is not None and not isinstance(frozen, bool):
        raise SetupError(f"frozen is true or false, not {frozen!r}.")
    return Turn(
        at=None if at is None else parsed_time(at),
        offset=None if offset_s is None else _read_offset(offset_s),
        frozen=frozen,
    )


def _read_offset(offset_s: object) -> timedelta:
    if isinstance(offset_s, bool) or not isinstance(offset_s, (int, float)):
        raise SetupError(f"offset_s is a number of seconds, not {offset_s!r}.")
    try:
        offset = timedelta(seconds=offset_s)
        _checked_year(_real_now() + offset)
    except (OverflowError, ValueError) as error:
        raise SetupError(f"The clock cannot be {offset_s} seconds ahead.") from error
    return offset


def written(instant: datetime) -> str:
    """
    Write a time as the API does.
    """
    return instant.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parsed_time(text: object) -> datetime:
    """
    Read an ISO 8601 time or date, or take a datetime; without a zone it is UTC.
    """
    try:
        instant = datetime.fromisoformat(str(text).strip().replace("Z", "+00:00"))
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=timezone.utc)
        return _checked_year(instant.astimezone(timezone.utc))
    except (OverflowError, ValueError) as error:
        raise SetupError(f"A time is written like 2026-03-02T09:00:00Z, not {text!r}.") from error


def is_possible_year(instant: datetime) -> bool:
    """
    Tell whether a time is far enough from the calendar's ends to be reckoned with.
    """
    return _FIRST_YEAR <= instant.year <= _LAST_YEAR


def _checked_year(instant: datetime) -> datetime:
    if not is_possible_year(instant):
        raise ValueError(instant.year)
    return instant


def _whole_ms(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def _real_now() -> datetime:
    return datetime.now(timezone.utc)
