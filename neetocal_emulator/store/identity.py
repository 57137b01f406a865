"""
Where ids come from.
"""

from __future__ import annotations

import random
import string
import uuid
from typing import Any

__all__ = ["Identifiers"]

_SID_ALPHABET = string.ascii_lowercase + string.digits
_SID_LENGTH = 7


class Identifiers:
    """
    Makes ids; the same seed makes the same ids in the same order.
    """

    def __init__(self, random_seed: int | str | None) -> None:
        """
        Seed the ids; None makes them different on every run.
        """
        # Ids are no secrets here; being able to repeat them is what a test wants.
        self._random = random.Random(random_seed)  # noqa: S311

    def state(self) -> tuple[Any, ...]:
        """
        Return where the sequence stands.
        """
        return self._random.getstate()

    def resume(self, state: tuple[Any, ...]) -> None:
        """
        Go on where a sequence stood.
        """
        self._random.setstate(state)

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
