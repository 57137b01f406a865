"""
The measured parts of docs/benchmarks.md and docs/performance.md.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import plots
from benchmarks.cells import (
    CONTENDERS,
    ENGINE_CONTENDERS,
    EXPORT_ALONE,
    LINKS,
    OPERATIONS,
    PROVIDERS,
    WIDE,
    Figures,
    Size,
)
from benchmarks.promises import Measured, Promise, asked, least, promises
from benchmarks.results import Results
from tests.chaos.report import machine, table, write

__all__ = ["render"]

DOCS = Path(__file__).parent.parent / "docs"
PAGE, USERS_PAGE = DOCS / "benchmarks.md", DOCS / "performance.md"

PLOTTED, PLOTTED_MS = ("create", "update", "refresh", "destroy"), 250
EXPECTED_MS, MANY = 100, 1000
"""What users see: times at this latency, and those of a stack that is larger than most, at any."""

SHOWN = Size(links=40, latency_ms=PLOTTED_MS, parallel=WIDE)
"""The size whose requests are listed."""


def render(figures: Sequence[Figures]) -> None:
    """
    Write tables and plots into both pages.
    """
    results = Results.of(figures)
    sizes = [size for size in results.sizes("dynamic") if size.links in LINKS]
    larger = [size for size in results.sizes("dynamic") if size.links not in LINKS]
    parts = {
        "team": [*_seconds(results, sizes), *_ratios(results, sizes, "plain", "dynamic")],
        "large": [*_seconds(results, larger), *_ratios(results, larger, "plain", "dynamic")],
        "promises": _promises(list(promises(results))),
        "machine": _machine(figures),
        "figures": [
            *_ratios(results, [*sizes, *larger], "native", "dynamic"),
            *(_times(results, operation) for operation in OPERATIONS),
            *_wire(results),
            _requests(results),
            _resources(results),
        ],
        "plots": _plots(results),
    }
    pages = {**dict.fromkeys(parts, PAGE), "expected": USERS_PAGE}
    for part, blocks in {**parts, "expected": [_expected(results)]}.items():
        write(part, "\n\n".join(blocks) if figures else "Not measured yet: run `make bench`.", pages[part])


def _machine(figures: Sequence[Figures]) -> Iterator[str]:
    loads = [each.load for each in figures]
    named = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    if loads:
        yield (
            f"{machine(sum(each.seconds for each in figures))}\n{named[1] if named else 'An unknown processor'}, "
            f"{int(memory[1]) / 2**20 if memory else 0:.0f} GiB of memory; load average {min(loads):.1f} to "
            f"{max(loads):.1f}, median {statistics.median(loads):.1f}."
        )


# What users wait for


def _expected(results: Results) -> str:
    """
    Return the median times of the dynamic provider with the engine's own `--parallel`.
    """
    sizes = [
        size
        for size in results.sizes("dynamic")
        if not size.parallel and (size.latency_ms == EXPECTED_MS or size.links >= MANY)
    ]
    return _by_size(sizes, lambda size, operation: _median(results, "dynamic", size, operation))


def _seconds(results: Results, sizes: Sequence[Size]) -> Iterator[str]:
    """
    Yield a table of the median times of all providers.
    """
    yield f"Seconds, {' / '.join(PROVIDERS)}:"
    yield _by_size(
        sizes, lambda size, operation: " / ".join(_median(results, name, size, operation) for name in PROVIDERS)
    )


def _median(results: Results, contender: str, size: Size, operation: str) -> str:
    seconds = results.seconds(contender, size, operation)
    return "" if seconds is None else f"{seconds:.1f}"


def _ratios(results: Results, sizes: Sequence[Size], slow: str, fast: str) -> Iterator[str]:
    """
    Yield a table of the ratios of two contenders; what falls short of a promise for all sizes is bold.
    """

    def ratio(size: Size, operation: str) -> str:
        found = results.ratio(slow, fast, size, operation)
        if found is None:
            return ""
        return f"**{found:.2f}**" if slow == "plain" and round(found, 2) < least(size) else f"{found:.2f}"

    yield f"Ratio {slow} / {fast}; above 1, {fast} is faster:"
    yield _by_size(sizes, ratio)


def _by_size(sizes: Sequence[Size], shown: Callable[[Size, str], str]) -> str:
    ordered = sorted(sizes, key=lambda size: (size.links, size.parallel, size.latency_ms))
    rows = [[*_named(size), *(shown(size, operation).strip(" /") for operation in OPERATIONS)] for size in ordered]
    return table(["Links", "Latency", "`--parallel`", *OPERATIONS], rows)


def _named(size: Size) -> list[str]:
    return [f"{size.links:,}", f"{size.latency_ms} ms", f"{size.parallel or 'default'}"]


# Promises


def _promises(found: Sequence[Promise]) -> Iterator[str]:
    yield table(["Promise", "Measured, worst cell", "Wanted", "Result"], [_promise(each) for each in found])
    missed = [
        [f"{promise.what}{_at(value)}", f"{value}", value.wanted, value.why]
        for promise in found
        for value in promise.missed
    ]
    yield "Each miss, with the median times and the requests of both sides:" if missed else "No cell misses a promise."
    if missed:
        yield table(["Missed", "Measured", "Wanted", "Figures"], missed)


def _promise(promise: Promise) -> list[str]:
    worst, missed, measured = promise.worst, len(promise.missed), len(promise.measured)
    if worst is None:
        return [promise.what, "", promise.wanted, "not measured"]
    result = f"MISSED in {missed} of {measured} cells" if measured > 1 else "MISSED"
    return [promise.what, f"{worst}{_at(worst)}", promise.wanted, result if missed else "met"]


def _at(value: Measured) -> str:
    return value.where and f", {value.where}"


# The record


def _times(results: Results, operation: str) -> str:
    sizes = sorted({size for name in ENGINE_CONTENDERS for size in results.sizes(name)})
    rows = [
        [*_named(size), *(_spread(results.of_cell(name, size, operation)) for name in ENGINE_CONTENDERS)]
        for size in sizes
        if any(results.of_cell(name, size, operation) for name in ENGINE_CONTENDERS)
    ]
    return f"### Seconds: {operation}\n\n{table(['Links', 'Latency', '`--parallel`', *ENGINE_CONTENDERS], rows)}"


def _spread(found: Sequence[Figures]) -> str:
    if not found:
        return ""
    seconds = [each.seconds for each in found]
    median = f"{statistics.median(seconds):.2f}"
    return median if len(seconds) == 1 else f"{median} ({min(seconds):.2f} to {max(seconds):.2f})"


def _wire(results: Results) -> Iterator[str]:
    rows = [
        [name, f"{size}", operation, _spread(found), asked(found)]
        for name in (*CONTENDERS, EXPORT_ALONE)
        if name not in ENGINE_CONTENDERS
        for size in results.sizes(name)
        for operation in (*OPERATIONS, "export")
        if (found := results.of_cell(name, size, operation))
    ]
    yield "### Seconds without the engine"
    yield table(["Contender", "Size", "Operation", "Seconds", "Requests"], rows)


def _requests(results: Results) -> str:
    rows = [
        [operation, name, asked(found), f"{max(each.peak for each in found)}"]
        for operation in OPERATIONS
        for name in PROVIDERS
        if (found := results.of_cell(name, SHOWN, operation))
    ]
    head = ["Operation", "Contender", "Requests", "Maximum at the same time"]
    return f"### Requests, {SHOWN}\n\n{table(head, rows)}"


def _resources(results: Results) -> str:
    links = sorted({size.links for name in ENGINE_CONTENDERS for size in results.sizes(name)})
    head = ["Links", *(f"state, {name}" for name in ENGINE_CONTENDERS), *(f"memory, {name}" for name in PROVIDERS)]
    rows = [
        [
            f"{count:,}",
            *(_state(_all(results, name, count, ["create"])) for name in ENGINE_CONTENDERS),
            *(_memory(_all(results, name, count, OPERATIONS)) for name in PROVIDERS),
        ]
        for count in links
    ]
    return f"### Size of the state, and peak memory of the plugin process\n\n{table(head, rows)}"


def _all(results: Results, contender: str, links: int, operations: Sequence[str]) -> list[Figures]:
    """
    Return the figures of a contender with so many links, at any latency.
    """
    sizes = [size for size in results.sizes(contender) if size.links == links]
    return [each for size in sizes for name in operations for each in results.of_cell(contender, size, name)]


def _state(found: Sequence[Figures]) -> str:
    return f"{max(each.state_bytes for each in found) / 1000:,.0f} kB" if found else ""


def _memory(found: Sequence[Figures]) -> str:
    return f"{max(each.memory_kb for each in found) / 1000:.0f} MB" if found else ""


def _plots(results: Results) -> Iterator[str]:
    for operation in PLOTTED:
        title = f"{operation}, {PLOTTED_MS} ms latency, --parallel {WIDE}"
        lines = {
            contender: [
                (size.links, seconds)
                for size in results.sizes(contender)
                if (size.latency_ms, size.parallel) == (PLOTTED_MS, WIDE)
                if (seconds := results.seconds(contender, size, operation)) is not None
            ]
            for contender in PROVIDERS
        }
        files = {theme: Path("benchmarks") / f"{operation}-{theme}.svg" for theme in plots.THEMES}
        if any(lines.values()):
            plots.draw(title, lines, {theme: PAGE.parent / file for theme, file in files.items()})
            yield (
                f'<picture><source media="(prefers-color-scheme: dark)" srcset="{files["dark"]}">'
                f'<img alt="Seconds against links: {title}" src="{files["light"]}"></picture>'
            )
