"""
What figures say: medians with their spread, ratios of runs that were made back to back, and how fast they grow.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.cells import Figures

__all__ = ["Results"]

SMALLEST_FITTED = 40
"""Links: with fewer, starting the engine is all that there is to see."""

Key = tuple[str, int, int, str]
"""Contender, links, latency in milliseconds, operation."""


@dataclass(frozen=True, kw_only=True)
class Results:
    """
    All figures of a comparison, by what was measured, one for each run.
    """

    runs: Mapping[Key, Sequence[Figures]]

    @classmethod
    def of(cls, figures: Iterable[Figures]) -> Results:
        """
        Sort figures; where a run was repeated, its latest counts.
        """
        latest = {(each.cell, each.operation): each for each in figures}
        runs: dict[Key, list[Figures]] = {}
        for each in sorted(latest.values(), key=lambda each: each.cell):
            cell = each.cell
            runs.setdefault((cell.contender, cell.links, cell.latency_ms, each.operation), []).append(each)
        return cls(runs=runs)

    def of_cell(self, contender: str, links: int, latency_ms: int, operation: str) -> Sequence[Figures]:
        """
        Return the figures of each run; the engine alone knows no latency.
        """
        return self.runs.get((contender, links, 0 if contender == "engine" else latency_ms, operation), ())

    def seconds(self, contender: str, links: int, latency_ms: int, operation: str) -> float | None:
        """
        Return the median time; None where nothing was measured.
        """
        found = self.of_cell(contender, links, latency_ms, operation)
        return statistics.median(each.seconds for each in found) if found else None

    def ratio(self, slow: str, fast: str, links: int, latency_ms: int, operation: str) -> float | None:
        """
        Return how many times as long one contender takes as another, as the median of the runs made back to back.
        """
        pairs = zip(
            self.of_cell(slow, links, latency_ms, operation),
            self.of_cell(fast, links, latency_ms, operation),
            strict=False,
        )
        ratios = [one.seconds / other.seconds for one, other in pairs if other.seconds]
        return statistics.median(ratios) if ratios else None

    def exponent(
        self, contender: str, latency_ms: int, operation: str, measure: Callable[[Figures], float]
    ) -> float | None:
        """
        Return by which power of the links a measure grows, fitted to the logarithms by least squares.
        """
        points = [
            (math.log(links), math.log(statistics.median(map(measure, found))))
            for (name, links, latency, done), found in self.runs.items()
            if (name, latency, done) == (contender, latency_ms, operation)
            and links >= SMALLEST_FITTED
            and statistics.median(map(measure, found)) > 0
        ]
        return statistics.linear_regression(*zip(*points, strict=True)).slope if len(points) > 1 else None
