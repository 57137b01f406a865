"""
One life of a link under the readings of the API that nobody outside the vendor can choose between.

The rows of `READINGS` hold every pair of values at least once; the bodies and statuses of a taken slug, which
nothing else depends on, are spread over them so that each combination comes once.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest

from neetocal_emulator import Emulator, Switches
from tests.core.strategies import are_hosts_wanted_and_hidden
from tests.emulator.api import Api
from tests.engine.stack import Stack

FACTORS = (
    "api_version",
    "get_meeting",
    "hosts_in_answers",
    "default_option",
    "patch_without_hosts",
    "patch_without_kind",
    "nested_options_on_create",
    "spot_in_patch",
)
READINGS = [
    ("v1", "wrapped", "everywhere", "conflict", "refused", "reset", "ignored", "dropped"),
    ("v2", "bare", "everywhere", "swap", "accepted", "kept", "honoured", "accepted"),
    ("v2", "bare", "everywhere", "locked", "refused", "kept", "ignored", "dropped"),
    ("v1", "wrapped", "not_in_lists", "conflict", "accepted", "kept", "ignored", "accepted"),
    ("v2", "wrapped", "not_in_lists", "swap", "refused", "reset", "honoured", "dropped"),
    ("v1", "bare", "not_in_lists", "locked", "accepted", "reset", "honoured", "accepted"),
    ("v2", "bare", "nowhere", "conflict", "accepted", "kept", "honoured", "dropped"),
    ("v1", "wrapped", "nowhere", "swap", "refused", "reset", "ignored", "accepted"),
    ("v1", "wrapped", "nowhere", "locked", "accepted", "reset", "ignored", "dropped"),
]
STRICTEST = READINGS[2]
"""The first ring tries this row alone: tests/core/test_switches.py tries every combination."""

CHOICES = Switches.choices()
REFUSALS = list(product(CHOICES["error_body"], CHOICES["slug_taken_status"]))

CALL: dict[str, Any] = {"spot": "phone_call", "phone_call_number": "+1-555-0123"}
FIRST: dict[str, Any] = {
    "slug": "intro",
    "name": "Intro",
    "hosts": ["ada@acme.example", "ben@acme.example"],
    "duration": 30,
    "kind": "round_robin",
    "description": "Who we are.",
    "locked_time_zone": "Europe/Lisbon",
    "spot": "zoom",
    "is_multiple_durations_allowed": True,
    "is_multiple_spots_allowed": True,
    "durations": [{"duration": 30, "is_default": True}, {"duration": 60}],
    "spots": [{"spot": "zoom", "is_default": True}, CALL],
}
SECOND: dict[str, Any] = {
    **FIRST,
    "name": "Introduction",
    "hosts": ["chiara@acme.example", "ada@acme.example"],
    "spot": "google_meet",
    "durations": [{"duration": 30}, {"duration": 45, "is_default": True}],
    "spots": [{"spot": "zoom"}, {**CALL, "phone_call_number": "+1-555-0199", "is_default": True}],
}
THIRD = {name: value for name, value in SECOND.items() if name not in ("description", "locked_time_zone")}


def seen(emulator: Emulator) -> dict[str, Any]:
    """
    Return what the only link holds, in the words of a program.
    """
    (meeting,) = emulator.meetings()
    return {
        **{name: meeting[name] for name in FIRST},
        "hosts": {host["email"] for host in meeting["hosts"]},
        "durations": {(row["duration"], row["is_default"]) for row in meeting["durations"]},
        "spots": {(row["spot"], row["phone_call_number"], row["is_default"]) for row in meeting["spots"]},
    }


def meant(declared: dict[str, Any]) -> dict[str, Any]:
    """
    Return what a link should hold that is declared so.
    """
    return {
        **declared,
        "hosts": set(declared["hosts"]),
        "durations": {(row["duration"], row.get("is_default", False)) for row in declared["durations"]},
        "spots": {
            (row["spot"], row.get("phone_call_number"), row.get("is_default", False)) for row in declared["spots"]
        },
    }


def after_a_refusal(stack: Stack, declared: dict[str, Any]) -> dict[str, Any]:
    """
    Return what can be deployed after an update that would have to send hosts was refused, as its sentence says.
    """
    stack.declare(intro=declared)
    assert "shows no hosts of the link" in stack.fails("up", "--yes", "--skip-preview")
    return {**declared, "hosts": FIRST["hosts"]}


@pytest.mark.parametrize(
    ("api_version", "switches", "refusals"),
    [
        pytest.param(
            row[0],
            dict(zip(FACTORS[1:], row[1:], strict=True)),
            REFUSALS[number :: len(READINGS)],
            marks=[] if row is STRICTEST else pytest.mark.matrix,
            id="-".join(row),
        )
        for number, row in enumerate(READINGS)
    ],
    indirect=["api_version"],
)
def test_a_link_lives_under_every_reading(
    stack: Stack, emulator: Emulator, api: Api, switches: dict[str, Any], refusals: list[tuple[str, int]]
) -> None:
    """
    Made with options and texts, changed, relieved of arguments, refreshed, refused a slug, destroyed: always the same.
    """
    emulator.switch(**switches)

    stack.declare(intro=FIRST)
    assert stack.up() == {"create": 1}
    assert seen(emulator) == meant(FIRST)

    stack.declare(intro=SECOND)
    if switches["spot_in_patch"] == "dropped":
        said = stack.fails("up", "--yes", "--skip-preview")
        assert "spot is not what was declared after neetoCal accepted it" in said
        assert "Traceback" not in said
        emulator.edit_meeting(stack.resources()["intro"]["id"], spot="google_meet")
    assert stack.deploy() == {"update": 1}
    assert seen(emulator) == meant(SECOND)

    third = after_a_refusal(stack, THIRD) if are_hosts_wanted_and_hidden(switches) else THIRD
    stack.declare(intro=third)
    assert stack.deploy() == {"update": 1}
    assert seen(emulator) == meant({**third, "description": None, "locked_time_zone": None})
    assert stack.refresh() == {"refresh": 1}
    stack.expect_quiet()

    held = api.create(slug="held")["sid"]
    for error_body, slug_taken_status in refusals:
        emulator.switch(error_body=error_body, slug_taken_status=slug_taken_status)
        stack.declare(intro=third, other={**third, "slug": "held"})
        said = stack.fails("up", "--yes", "--skip-preview")
        assert f"The slug 'held' is taken: the link {held} " in said
        assert "Traceback" not in said

    assert stack.destroy() == {"delete": 1}
    assert [meeting["sid"] for meeting in emulator.meetings()] == [held]


def test_the_readings_hold_every_pair() -> None:
    """
    For any two switches, or a switch and a version, all combinations of their values are tried.
    """
    values = [("v2", "v1"), *(CHOICES[name] for name in FACTORS[1:])]
    wanted = {
        (one, other, pair)
        for one, other in combinations(range(len(FACTORS)), 2)
        for pair in product(values[one], values[other])
    }
    tried = {
        (one, other, (row[one], row[other])) for row in READINGS for one, other in combinations(range(len(FACTORS)), 2)
    }

    assert wanted == tried
