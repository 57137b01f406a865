"""
What figures say: medians, and ratios of runs that were made one after the other.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.cells import Figures, Size

__all__ = ["Results"]

Key = tuple[str, Size, str]
"""Contender, size, operation."""


@dataclass(frozen=True, kw_only=True)
class Results:
    """
    All figures of a comparison, by what was measured, one for each run.
    """

    runs: Mapping[Key, Sequence[Figures]]

    @classmethod
    def of(cls, figures: Iterable[Figures]) -> Results:
        """
        Sort figures; if a run was repeated, use its latest.
        """
        latest = {(each.cell, each.operation): each for each in figures}
        runs: dict[Key, list[Figures]] = {}
        for each in sorted(latest.values(), key=lambda each: each.cell):
            runs.setdefault((each.cell.contender, each.cell.size, each.operation), []).append(each)
        return cls(runs=runs)

    def sizes(self, contender: str) -> list[Size]:
        """
        Return the sizes on which a contender was measured, small ones first.
        """
        return sorted({size for name, size, _operation in self.runs if name == contender})

    def of_cell(self, contender: str, size: Size, operation: str) -> Sequence[Figures]:
        """
        Return the figures of each run.
        """
        return self.runs.get((contender, size, operation), ())

    def seconds(self, contender: str, size: Size, operation: str) -> float | None:
        """
        Return the median time; None if nothing was measured.
        """
        found = self.of_cell(contender, size, operation)
        return statistics.median(each.seconds for each in found) if found else None

    def ratio(self, slow: str, fast: str, size: Size, operation: str) -> float | None:
        """
        Return the ratio of two contenders' times, as the median of the ratios of the same run; None without any.
        """
        slow_runs, fast_runs = (
            {each.cell.run: each.seconds for each in self.of_cell(name, size, operation)} for name in (slow, fast)
        )
        ratios = [slow_runs[run] / fast_runs[run] for run in slow_runs.keys() & fast_runs.keys() if fast_runs[run]]
        return statistics.median(ratios) if ratios else None
