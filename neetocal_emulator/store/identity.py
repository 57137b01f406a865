"""
Where ids and times come from.
"""

from __future__ import annotations

import random
import string
import uuid
from datetime import datetime, timedelta, timezone

__all__ = ["Clock", "Identifiers"]

_SID_ALPHABET = string.ascii_lowercase + string.digits
_SID_LENGTH = 7
_TICK = timedelta(milliseconds=1)


class Identifiers:
    """
    Makes ids; the same seed makes the same ids in the same order.
    """

    def __init__(self, random_seed: int | str | None) -> None:
        """
        Seed the ids; None makes them different on every run.
        """
        # Ids are no secrets here; being able to repeat them is what a test wants.
        self._random = random.SystemRandom() if random_seed is None else random.Random(random_seed)  # noqa: S311

    def new_id(self) -> str:
        """
        Make a version 4 uuid.
        """
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def new_sid(self) -> str:
        """
        Make a short id such as `8r3rs2k`.
        """
        return "".join(self._random.choices(_SID_ALPHABET, k=_SID_LENGTH))

    def new_one_off_slug(self) -> str:
        """
        Make a slug such as `one-off-c5530bc7c9ab`.
        """
        return f"one-off-{self._random.getrandbits(48):012x}"


class Clock:
    """
    Tells the time in milliseconds and never the same time twice.
    """

    def __init__(self) -> None:
        self._last = datetime.min.replace(tzinfo=timezone.utc)

    def now(self) -> str:
        """
        Return the time as the API writes it, for example 2025-08-14T07:26:14.909Z.
        """
        now = datetime.now(timezone.utc)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self._last = max(now, self._last + _TICK)
        return self._last.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self._last.microsecond // 1000:03}Z"
