"""
The measured part of docs/performance.md: ratios first, then everything.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import plots
from benchmarks.cells import (
    CONTENDERS,
    EXPORT_ALONE,
    EXPORTED_LINKS,
    LATENCIES_MS,
    LINKS,
    NATIVE_MS,
    ONE_BY_ONE,
    OPERATIONS,
    PROMISED_LINKS,
    PROMISED_MS,
    WAITING,
    Figures,
)
from benchmarks.growth import SMALLEST_FITTED, Results
from tests.chaos.report import machine, table, write

__all__ = ["render"]

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
PLOTTED, PLOTTED_MS = ("create", "update", "refresh", "destroy"), 100

LARGEST_KB = 80_000
_NEAR = 1.15
_AS_QUICK = 0.95
"""No slower, but for what two runs of the same differ by."""

ON_ENGINE = tuple(operation for operation in OPERATIONS if operation != "export")


def render(figures: Sequence[Figures]) -> None:
    """
    Write tables and plots into the page.
    """
    results = Results.of(figures)
    parts = {
        "ratios": "\n\n".join([_machine(figures), _promises(results), *_ratios(results)]),
        "growth": _growth(results),
        "plots": "\n\n".join(_plots(results)),
        "figures": "\n\n".join([*(_times(results, name) for name in OPERATIONS), _requests(results), _sizes(results)]),
    }
    for part, text in parts.items():
        write(part, text, PAGE)


def _machine(figures: Sequence[Figures]) -> str:
    loads = [each.load for each in figures]
    named = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return (
        f"{machine(sum(each.seconds for each in figures))}\n{named[1] if named else 'An unknown processor'}, "
        f"{int(memory[1]) / 2**20 if memory else 0:.0f} GiB of memory; "
        f"the load average was {min(loads):.1f} to {max(loads):.1f}, {statistics.median(loads):.1f} in the median."
    )


# Ratios


def _promises(results: Results) -> str:
    largest = max(LINKS)
    refresh = (PROMISED_LINKS, PROMISED_MS, "refresh")
    memory = [each.memory_kb for name in ON_ENGINE for each in results.of_cell("ours", largest, 0, name)]
    rows = [
        _promise(
            f"refresh of {PROMISED_LINKS} links at {PROMISED_MS} ms: plain / ours",
            results.ratio("plain", "ours", *refresh),
            4,
        ),
        _promise("the same: the engine alone and ten GETs at a time / ours", _one_by_one(results, *refresh), 2),
        _promise("the requests of it alone: ten GETs at a time / ours", results.ratio(ONE_BY_ONE, "wire", *refresh), 2),
        _promise(
            f"create of {largest:,} links at 0 ms: plain / ours",
            results.ratio("plain", "ours", largest, 0, "create"),
            1,
        ),
    ]
    rows += _native_promises(results)
    if memory:
        verdict = _verdict(is_met=max(memory) < LARGEST_KB)
        rows.append(
            [f"memory of the plugin process, {largest:,} links", f"{max(memory) / 1000:.0f} MB", f"< 80 MB: {verdict}"]
        )
    return table(["Promise", "Measured", "Wanted"], rows)


def _native_promises(results: Results) -> Iterator[list[str]]:
    """
    Yield what the native provider promises, with as many links at once as `AT_ONCE` says.
    """
    at = f"of {PROMISED_LINKS} links at {NATIVE_MS} ms"
    for operation, least in (("create", 2), ("update", 2), ("refresh", _AS_QUICK)):
        ratio = results.ratio("ours", "native", PROMISED_LINKS, NATIVE_MS, operation)
        yield _promise(f"{operation} {at}: ours / native", ratio, least)
    for operation in ("create", "update"):
        ratio = results.ratio("native", "engine", PROMISED_LINKS, NATIVE_MS, operation)
        yield _promise(f"{operation} {at}: native / the engine alone", ratio, most=_NEAR)
        ratio = results.ratio("native", WAITING, PROMISED_LINKS, NATIVE_MS, operation)
        yield [f"the same: native / {WAITING}", _times_as_long(ratio), "told, not promised"]
    asked = [results.of_cell(name, PROMISED_LINKS, NATIVE_MS, "refresh") for name in ("ours", "native")]
    if all(asked):
        ours, native = (max(map(_sum, found)) for found in asked)
        verdict = _verdict(is_met=native <= ours)
        yield [f"refresh {at}: requests of native", f"{native}", f"≤ {ours}, those of ours: {verdict}"]


def _one_by_one(results: Results, *cell: Any) -> float | None:
    """
    Return how many times as long as ours a refresh takes that asks for each link by itself, if an engine could do that.
    """
    parts = [results.seconds(name, *cell) for name in ("engine", ONE_BY_ONE, "ours")]
    if None in parts:
        return None
    engine, requests, ours = (part or 0.0 for part in parts)
    return (engine + requests) / ours


def _promise(what: str, ratio: float | None, least: float = 0, *, most: float = math.inf) -> list[str]:
    verdict = "not measured" if ratio is None else _verdict(is_met=least <= ratio <= most)
    return [what, _times_as_long(ratio), f"{f'≥ {least:g}' if least else f'≤ {most:g}'}: {verdict}"]


def _verdict(*, is_met: bool) -> str:
    return "met" if is_met else "MISSED"


def _ratios(results: Results) -> Iterator[str]:
    yield "How many times as long as ours the plain provider takes:"
    yield _by_links(lambda *cell: results.ratio("plain", "ours", *cell))
    yield "How many times as long as the native provider, which has 32 links at once, ours takes:"
    yield _by_links(lambda *cell: results.ratio("ours", "native", *cell))
    yield "How many times as long as the engine alone ours takes; the engine alone asks nothing, so at 0 ms:"
    yield _by_links(lambda *cell: results.ratio("ours", "engine", *cell), [0])
    yield "How many times as long as the wire alone, four requests at a time, ours takes:"
    yield _by_links(lambda *cell: results.ratio("ours", "wire", *cell), LATENCIES_MS[1:], OPERATIONS)


def _by_links(
    measure: Callable[[int, int, str], float | None],
    latencies: Sequence[int] = LATENCIES_MS,
    operations: Sequence[str] = ON_ENGINE,
) -> str:
    rows = [
        [operation, f"{latency} ms", *(_times_as_long(measure(links, latency, operation)) for links in LINKS)]
        for operation in operations
        for latency in latencies
        if any(measure(links, latency, operation) for links in LINKS)
    ]
    return table(["Operation", "Latency", *_links_head()], rows)


def _times_as_long(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}"


def _links_head() -> list[str]:
    return [f"{links:,} link{'s' if links > 1 else ''}" for links in LINKS]


# Growth


def _growth(results: Results) -> str:
    names = ("ours", "native", "plain")
    head = ["Operation", *(f"time, {name}, {latency} ms" for name in names for latency in LATENCIES_MS)]
    head += [f"requests, {name}" for name in names]
    rows = [
        [
            operation,
            *(
                _power(results.exponent(name, latency, operation, lambda each: each.seconds))
                for name in names
                for latency in LATENCIES_MS
            ),
            *(_power(results.exponent(name, 0, operation, _sum)) for name in names),
        ]
        for operation in OPERATIONS
    ]
    return f"Fitted to {SMALLEST_FITTED} links and more.\n\n{table(head, rows)}"


def _power(exponent: float | None) -> str:
    return "" if exponent is None else f"{exponent:.2f}"


def _sum(figures: Figures) -> int:
    return sum(figures.requests.values())


# Plots


def _plots(results: Results) -> Iterator[str]:
    for operation in PLOTTED:
        title = f"{operation}, {PLOTTED_MS} ms latency"
        lines = {
            contender: [
                (links, seconds)
                for links in LINKS
                if (seconds := results.seconds(contender, links, PLOTTED_MS, operation)) is not None
            ]
            for contender in CONTENDERS
        }
        files = {theme: Path("performance") / f"{operation}-{theme}.svg" for theme in plots.THEMES}
        plots.draw(title, lines, {theme: PAGE.parent / file for theme, file in files.items()})
        yield (
            f'<picture><source media="(prefers-color-scheme: dark)" srcset="{files["dark"]}">'
            f'<img alt="Seconds against links: {title}" src="{files["light"]}"></picture>'
        )


# Everything


def _times(results: Results, operation: str) -> str:
    names = [
        name
        for name in CONTENDERS
        if any(results.of_cell(name, n, ms, operation) for n in LINKS for ms in LATENCIES_MS)
    ]
    rows = [
        [f"{links:,}", f"{latency} ms", *(_spread(results.of_cell(name, links, latency, operation)) for name in names)]
        for links in LINKS
        for latency in LATENCIES_MS
    ]
    return f"### Seconds to {_infinitive(operation)}\n\n{table(['Links', 'Latency', *names], rows)}"


def _infinitive(operation: str) -> str:
    return {"no change": "find nothing to do"}.get(operation, operation)


def _spread(found: Sequence[Figures]) -> str:
    if not found:
        return ""
    seconds = [each.seconds for each in found]
    median = f"{statistics.median(seconds):.2f}"
    return median if len(seconds) == 1 else f"{median} ({min(seconds):.2f} to {max(seconds):.2f})"


def _requests(results: Results) -> str:
    largest = max(
        (links for links in LINKS if results.of_cell("ours", links, PLOTTED_MS, "create")), default=max(LINKS)
    )
    rows = []
    for operation in OPERATIONS:
        for name in CONTENDERS:
            found = results.of_cell(name, largest, PLOTTED_MS, operation)
            if found and name != "engine":
                asked = (
                    ", ".join(f"{count:,} {method}" for method, count in sorted(found[0].requests.items())) or "none"
                )
                rows.append([operation, name, asked, f"{max(each.peak for each in found)}"])
    head = ["Operation", "Contender", "Requests", "under way at once, at most"]
    return f"### Requests for {largest:,} links at {PLOTTED_MS} ms\n\n{table(head, rows)}"


def _sizes(results: Results) -> str:
    names = ("ours", "native", "plain", "engine")
    rows = [[f"{links:,}", *_state(results, names, links), *_memory(results, names, links)] for links in LINKS]
    exported = results.of_cell(EXPORT_ALONE, EXPORTED_LINKS, 0, "export")
    head = ["Links", *(f"state, {name}" for name in names), *(f"memory of the plugin, {name}" for name in names)]
    text = f"### State and memory\n\n{table(head, rows)}"
    if not exported:
        return text
    return (
        f"{text}\n\n`neetocal-provider export` of {EXPORTED_LINKS:,} links at 0 ms: {_spread(exported)} seconds, "
        f"{_sum(exported[0])} requests, {max(each.memory_kb for each in exported) / 1000:.0f} MB."
    )


def _state(results: Results, names: Iterable[str], links: int) -> Iterator[str]:
    for name in names:
        found = results.of_cell(name, links, 0, "create")
        yield f"{found[0].state_bytes / 1000:,.0f} kB" if found else ""


def _memory(results: Results, names: Iterable[str], links: int) -> Iterator[str]:
    for name in names:
        peaks = [
            each.memory_kb
            for operation in ON_ENGINE
            for latency in LATENCIES_MS
            for each in results.of_cell(name, links, latency, operation)
        ]
        yield f"{max(peaks) / 1000:.0f} MB" if peaks else ""
