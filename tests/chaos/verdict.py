"""
What is in the workspace, against what is declared and what the states know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Verdict", "judged"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """
    What is wrong with the links of a workspace; nothing, where every tuple is empty.

    Attributes:
        lost: slugs that are declared, and either have no link or one that no state knows under its id.

        orphaned: slugs of links that no state knows.

        doubled: names that several links have; the declared ones are all different.
    """

    lost: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """
        Whether there are the declared links and nothing else.
        """
        return not (self.lost or self.orphaned or self.doubled)

    def __str__(self) -> str:
        found = {"lost": self.lost, "orphaned": self.orphaned, "doubled": self.doubled}
        return "; ".join(f"{what}: {', '.join(slugs)}" for what, slugs in found.items() if slugs) or "exact"


def judged(meetings: Sequence[Mapping[str, Any]], sids: Mapping[str, str], slugs: Sequence[str]) -> Verdict:
    """
    Compare three views of the same links.

    Args:
        meetings: the links of the workspace, as the API shows them.

        sids: the id that the states know for each slug.

        slugs: those that the programs declare.
    """
    there = {meeting["slug"]: meeting["sid"] for meeting in meetings}
    names = Counter(meeting["name"] for meeting in meetings)
    known = set(sids.values())
    return Verdict(
        lost=tuple(slug for slug in slugs if slug not in there or sids.get(slug) != there[slug]),
        orphaned=tuple(slug for slug, sid in there.items() if sid not in known or slug not in slugs),
        doubled=tuple(name for name, count in names.items() if count > 1),
    )
