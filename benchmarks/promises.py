"""
What is promised of the provider's speed, and whether the figures keep it.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.cells import LARGEST, ONE_BY_ONE, OPERATIONS, PAGES, REFRESHED, WIDE, Figures, Size
from benchmarks.results import Results

__all__ = ["Measured", "Promise", "asked", "least", "promises"]

TEAM, MANY = Size(links=40, latency_ms=250, parallel=WIDE), Size(links=120, latency_ms=250, parallel=WIDE)
LARGE = Size(links=300, latency_ms=250, parallel=WIDE)
WRITES = ("create", "update", "destroy")

LEAST_ALONE, LEAST = 0.95, 1.0
"""The least ratio plain/dynamic with 1 link, and from 2 links on."""

NATIVE_LEAST, NATIVE_MOST, NATIVE_LINKS = 0.9, 1.15, 10
MEMORY_MB, REQUESTS = 80, 5


@dataclass(frozen=True, kw_only=True)
class Measured:
    """
    A value that a promise limits, as the page shows it.

    Attributes:
        where: the cell; empty if the promise names it.

        why: the figures behind the value.
    """

    value: float
    where: str = ""
    least: float = 0.0
    most: float = math.inf
    digits: int = 2
    unit: str = ""
    why: str = ""

    def __str__(self) -> str:
        return f"{self.value:,.{self.digits}f}{self.unit}"

    @property
    def wanted(self) -> str:
        """
        Return the limits in words.
        """
        if self.least and self.most < math.inf:
            return f"{self.least:g} to {self.most:g}"
        return f"≥ {self.least:g}" if self.least else f"≤ {self.most:g}{self.unit}"

    @property
    def slack(self) -> float:
        """
        Return how far the value is from its nearest limit: 1 at the limit, less beyond it.
        """
        return min(self.value / self.least if self.least else math.inf, self.most / self.value if self.value else 1.0)

    @property
    def is_met(self) -> bool:
        """
        Return whether the value is within its limits, rounded as it is shown.
        """
        return self.least <= round(self.value, self.digits) <= self.most


@dataclass(frozen=True, kw_only=True)
class Promise:
    """
    A sentence, its limits in words, and what was measured of it.
    """

    what: str
    wanted: str
    measured: Sequence[Measured]

    @property
    def worst(self) -> Measured | None:
        """
        Return the value that is nearest to its limit, or farthest beyond it; None if nothing was measured.
        """
        return min(self.measured, key=lambda each: each.slack, default=None)

    @property
    def missed(self) -> list[Measured]:
        """
        Return the values beyond their limits.
        """
        return [each for each in self.measured if not each.is_met]


def least(size: Size) -> float:
    """
    Return the least ratio plain/dynamic that is promised for every operation on a size.
    """
    return LEAST_ALONE if size.links == 1 else LEAST


def promises(results: Results) -> Iterator[Promise]:
    """
    Yield all promises.
    """
    sizes = results.sizes("dynamic")
    for operation in OPERATIONS:
        yield Promise(
            what=f"{operation}: plain / dynamic",
            wanted=f"≥ {LEAST_ALONE} with 1 link, ≥ {LEAST:g} with more",
            measured=[
                found for size in sizes for found in _ratio(results, "plain", "dynamic", size, operation, least(size))
            ],
        )
    for size, wanted in ((TEAM, 1.8), (MANY, 2.2)):
        for operation in WRITES:
            yield _single(results, "plain", "dynamic", size, operation, wanted)
    for operation in OPERATIONS:
        yield Promise(
            what=f"{operation}, {NATIVE_LINKS} links and more: native / dynamic",
            wanted=f"{NATIVE_LEAST} to {NATIVE_MOST}",
            measured=[
                found
                for size in sizes
                if size.links >= NATIVE_LINKS
                for found in _ratio(results, "native", "dynamic", size, operation, NATIVE_LEAST, NATIVE_MOST)
            ],
        )
    yield from _of_refresh(results)
    yield _single(results, "plain", "dynamic", LARGEST, "create", LEAST)
    for operation in ("create", "update"):
        yield _single(results, "native", "engine", LARGE, operation, 0.0, NATIVE_MOST)
    yield from _of_resources(results)


def _of_refresh(results: Results) -> Iterator[Promise]:
    yield _single(results, "plain", "dynamic", REFRESHED, "refresh", 4)
    parts = [results.seconds(name, REFRESHED, "refresh") for name in ("engine", ONE_BY_ONE, "dynamic")]
    engine, gets, dynamic = (part or 0.0 for part in parts)
    found = [] if None in parts else [Measured(value=(engine + gets) / dynamic, least=2)]
    what = f"refresh of {REFRESHED}: (engine + {ONE_BY_ONE}) / dynamic"
    yield Promise(what=what, wanted="≥ 2", measured=found)
    yield _single(results, ONE_BY_ONE, PAGES, REFRESHED, "refresh", 2)


def _of_resources(results: Results) -> Iterator[Promise]:
    asked = [sum(each.requests.values()) for each in results.of_cell("native", LARGE, "refresh")]
    yield Promise(
        what=f"refresh of {LARGE}: requests of native",
        wanted=f"≤ {REQUESTS}",
        measured=[Measured(value=count, most=REQUESTS, digits=0) for count in asked],
    )
    yield Promise(
        what="peak memory of the plugin process, dynamic and native",
        wanted=f"≤ {MEMORY_MB} MB",
        measured=[
            Measured(value=peak_kb / 1000, where=f"{name}, {size}", most=MEMORY_MB, digits=0, unit=" MB")
            for name in ("dynamic", "native")
            for size in results.sizes(name)
            if (peak_kb := max(each.memory_kb for do in OPERATIONS for each in results.of_cell(name, size, do)))
        ],
    )


def _single(
    results: Results, slow: str, fast: str, size: Size, operation: str, low: float, high: float = math.inf
) -> Promise:
    return Promise(
        what=f"{operation} of {size}: {slow} / {fast}",
        wanted=f"≥ {low:g}" if low else f"≤ {high:g}",
        measured=[replace(each, where="") for each in _ratio(results, slow, fast, size, operation, low, high)],
    )


def _ratio(
    results: Results, slow: str, fast: str, size: Size, operation: str, low: float, high: float = math.inf
) -> Iterator[Measured]:
    """
    Yield the ratio of two contenders, if both were measured.
    """
    ratio = results.ratio(slow, fast, size, operation)
    if ratio is not None:
        why = ", ".join(_figures(name, results.of_cell(name, size, operation)) for name in (slow, fast))
        yield Measured(value=ratio, where=f"{size}", least=low, most=high, why=why)


def _figures(name: str, runs: Sequence[Figures]) -> str:
    return f"{name} {statistics.median(each.seconds for each in runs):.2f} s ({asked(runs)})"


def asked(runs: Iterable[Figures]) -> str:
    """
    Return the requests of the last run in words.
    """
    *_, last = runs
    return ", ".join(f"{count:,} {method}" for method, count in sorted(last.requests.items())) or "no request"
