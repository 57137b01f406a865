"""
The plan of `make bench`, and what it concludes from figures.
"""

from __future__ import annotations

from benchmarks.cells import CONTENDERS, ONE_BY_ONE, PAGES, PLAN, Cell, Figures, Size, cells, estimate
from benchmarks.promises import Promise, promises
from benchmarks.results import Results

SECONDS = {"plain": 5.0, "dynamic": 1.0, "native": 1.0, "engine": 1.0, PAGES: 0.1, ONE_BY_ONE: 3.0}
"""Times with which every promise is met."""


def figures(cell: Cell, operation: str, seconds: float, memory_kb: int = 70_000) -> Figures:
    """
    Return figures of an operation that sent four requests.
    """
    return Figures(cell=cell, operation=operation, seconds=seconds, requests={"GET": 4}, memory_kb=memory_kb)


def found(slow: Size | None = None, memory_kb: int = 70_000) -> list[Promise]:
    """
    Return the promises after a whole run, in which dynamic was slow to update one size.
    """
    ran = [
        figures(cell, operation, 9.0 if is_slow else seconds, memory_kb)
        for cell, operations in cells(PLAN).items()
        if (seconds := SECONDS.get(cell.contender))
        for operation in operations
        for is_slow in [(cell.size, cell.contender, operation) == (slow, "dynamic", "update")]
    ]
    return list(promises(Results.of(ran)))


def test_a_run_of_the_plan_measures_every_promise() -> None:
    """
    Each promise has a cell, and is met if its figures are.
    """
    every = found()

    assert {*CONTENDERS} == {*SECONDS}
    assert [promise.what for promise in every if promise.worst is None] == []
    assert [promise.what for promise in every if promise.missed] == []


def test_a_slow_cell_is_reported_as_missed() -> None:
    """
    By its size, with the figures of both contenders; other sizes and operations are met.
    """
    every = found(slow=Size(links=10, latency_ms=100))

    missed = [(promise.what, value.where, str(value), value.why) for promise in every for value in promise.missed]
    why = "dynamic 9.00 s (4 GET)"
    assert missed == [
        ("update: plain / dynamic", "10 links, 100 ms", "0.56", f"plain 5.00 s (4 GET), {why}"),
        ("update, 10 links and more: native / dynamic", "10 links, 100 ms", "0.11", f"native 1.00 s (4 GET), {why}"),
    ]


def test_too_much_memory_is_reported_as_missed() -> None:
    """
    An upper limit is missed from above.
    """
    missed = [promise.what for promise in found(memory_kb=90_000) if promise.missed]

    assert missed == ["peak memory of the plugin process, dynamic and native"]


def test_one_link_may_be_a_little_slower() -> None:
    """
    What is missed with more links is met with one.
    """
    ran = [
        figures(Cell(size=Size(links=links, latency_ms=0), run=0, contender=contender), "create", seconds)
        for links in (1, 10)
        for contender, seconds in (("plain", 0.96), ("dynamic", 1.0))
    ]

    missed = [value.where for promise in promises(Results.of(ran)) for value in promise.missed]
    assert missed == ["10 links, 0 ms"]


def test_a_ratio_compares_the_same_run() -> None:
    """
    A run that one contender lacks is left out.
    """
    size = Size(links=10, latency_ms=0)
    ran = [
        figures(Cell(size=size, run=run, contender=contender), "create", seconds)
        for contender, run, seconds in (("plain", 1, 4.0), ("dynamic", 0, 1.0), ("dynamic", 1, 2.0))
    ]

    assert Results.of(ran).ratio("plain", "dynamic", size, "create") == 2.0


def test_the_plan_fits_into_fifty_minutes() -> None:
    """
    By the estimate that is printed before it starts.
    """
    assert sum(estimate(cell, operations) for cell, operations in cells(PLAN).items()) < 50 * 60
