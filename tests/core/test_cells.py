"""
Faults at operations: a drawn part of `make chaos`.
"""

from __future__ import annotations

import random

from tests.chaos.cells import all_cells, run_all

CELLS = 12


def test_drawn_faults_lose_nothing_double_nothing_and_are_told_in_a_sentence() -> None:
    """
    Whatever fails, the next deployment ends with the declared links; an error says so where there is one.
    """
    cells = random.Random(6).sample(all_cells(seed=6, count=1), CELLS)  # noqa: S311 - so that a run repeats

    ended = list(run_all(cells))

    assert [(f"{cell}", outcome) for cell, outcome in ended if outcome.is_failure] == []
