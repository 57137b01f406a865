"""
One life of a link under every combination of readings that its requests can meet, in both versions.

On the engine, `tests/engine/test_switches.py` lives it under combinations that hold every pair.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.core.conftest import Connect
from tests.core.engine import CoreStack
from tests.core.strategies import are_hosts_wanted_and_hidden
from tests.engine.test_switches import (
    CHOICES,
    FACTORS,
    FIRST,
    REFUSALS,
    SECOND,
    THIRD,
    meant,
    seen,
)

SWITCHES = (*FACTORS[1:], "create_only_fields_in_patch")
COMBINATIONS = [
    dict(zip(SWITCHES, values, strict=True)) for values in product(*(CHOICES[switch] for switch in SWITCHES))
]


NINETEENTH = 19
"""The first ring tries one combination in so many: few, among which is still every pair of values."""


def test_one_combination_in_nineteen_holds_every_pair() -> None:
    """
    Of the values of any two switches.
    """
    assert pairs(COMBINATIONS[::NINETEENTH]) == pairs(COMBINATIONS)


def pairs(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """
    Return all pairs of switches with their values that are in these combinations.
    """
    return {(one, row[one], other, row[other]) for row in rows for one, other in combinations(SWITCHES, 2)}


@pytest.mark.parametrize("every", [NINETEENTH, pytest.param(1, marks=pytest.mark.matrix)])
@pytest.mark.parametrize("api_version", ["v2", "v1"])
def test_a_link_lives_under_every_combination(emulator: Emulator, core: Connect, api_version: str, every: int) -> None:
    """
    Made, changed, relieved of arguments, refreshed, deleted: what is there is what is declared, and nothing is left.
    """
    for switches in COMBINATIONS[::every]:
        emulator.reset()
        emulator.switch(**switches)
        stack = CoreStack(core(api_version))

        assert stack.up({"intro": FIRST}) == []
        assert seen(emulator) == meant(FIRST), switches
        troubles = stack.up({"intro": SECOND})
        assert [trouble.split(" ")[0] for trouble in troubles] == lost(switches)
        emulator.edit_meeting(stack.sids()["intro"], spot=SECOND["spot"])
        stack.refresh()
        third = THIRD
        if are_hosts_wanted_and_hidden(switches):
            assert ["shows no hosts of the link" in trouble for trouble in stack.up({"intro": third})] == [True]
            third = {**THIRD, "hosts": FIRST["hosts"]}  # the way out that the sentence names
        assert stack.up({"intro": third}) == []
        stack.refresh()
        assert stack.changes({"intro": third}) == {}
        assert seen(emulator) == meant({**third, "description": None, "locked_time_zone": None}), switches
        assert stack.up({}) == []
        assert emulator.meetings() == []


def lost(switches: dict[str, Any]) -> list[str]:
    """
    Return the fields that an update names as not taken over.
    """
    return ["spot"] if switches["spot_in_patch"] == "dropped" else []


@pytest.mark.parametrize("api_version", ["v2", "v1"])
def test_a_taken_slug_is_told_under_every_combination(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    Whatever the body and the status, and whether hosts are shown or not: the link that has the slug is named.
    """
    shown = product(CHOICES["hosts_in_answers"], CHOICES["list_without_page_number"], REFUSALS)
    for hosts_in_answers, list_without_page_number, (error_body, slug_taken_status) in shown:
        emulator.reset()
        emulator.switch(
            hosts_in_answers=hosts_in_answers,
            list_without_page_number=list_without_page_number,
            error_body=error_body,
            slug_taken_status=slug_taken_status,
        )
        stack = CoreStack(core(api_version))
        assert stack.up({"intro": FIRST}) == []

        (trouble,) = stack.up({"intro": FIRST, "other": FIRST})

        assert f"The slug 'intro' is taken: the link {stack.sids()['intro']} " in trouble
