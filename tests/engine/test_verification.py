"""
What neetoCal accepts and does not do: told as errors, with the state as it really is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api
from tests.engine.conftest import PROGRAMS
from tests.engine.environments import SDKS, pythons, variables
from tests.engine.stack import Stack

PYTHONS = pythons()

FLAG = "is_multiple_durations_allowed"


def test_what_did_not_stick_is_an_error_and_the_state_is_true(stack: Stack) -> None:
    """
    One sentence for each field; what did stick is recorded, and the next preview shows what did not.
    """
    stack.declare(intro=LINK)
    stack.deploy()
    stack.declare(intro={**LINK, "name": "Introduction", FLAG: True, "is_multiple_spots_allowed": True})

    said = stack.fails("up", "--yes", "--skip-preview")

    link = f"The link 'intro' ({stack.resources()['intro']['id']})"
    assert f"{link} could not be updated: {FLAG} is False instead of True after neetoCal accepted it" in said
    assert "is_multiple_spots_allowed is False instead of True after neetoCal accepted it" in said
    assert [way for way in ("change it in the web app", "make the link anew") if way not in said] == []
    assert "Traceback" not in said
    outputs = stack.outputs("intro")
    assert (outputs["name"], outputs[FLAG]) == ("Introduction", False)
    assert stack.preview() == {"update": 1}


def test_a_field_changed_in_the_web_app_ends_the_error(stack: Stack, emulator: Emulator) -> None:
    """
    The first way out: after it, a refresh and a deployment have nothing to say.
    """
    stack.declare(intro=LINK)
    stack.deploy()
    stack.declare(intro={**LINK, FLAG: True})
    stack.fails("up", "--yes", "--skip-preview")
    emulator.edit_meeting(stack.resources()["intro"]["id"], is_multiple_durations_allowed=True)

    stack.refresh()
    stack.up()

    assert stack.outputs("intro")[FLAG] is True


def test_an_update_that_breaks_off_records_what_was_done(stack: Stack, emulator: Emulator) -> None:
    """
    The patch is in the state although the options failed; the next deployment does the rest alone.
    """
    emulator.switch(create_only_fields_in_patch="dropped")
    stack.declare(intro={**LINK, "durations": [{"duration": 30, "is_default": True}]})
    stack.deploy()
    emulator.fault("status", path="/meetings/*/durations", status=500, times=1)
    options = [{"duration": 45, "is_default": True}]
    stack.declare(intro={**LINK, "name": "Introduction", "durations": options})

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "was answered with 500" in said
    assert stack.outputs("intro")["name"] == "Introduction"
    assert stack.up() == {"update": 1}
    (meeting,) = emulator.meetings()
    assert [row["duration"] for row in meeting["durations"]] == [45]


def test_what_a_link_that_is_taken_over_does_not_hold_is_an_error(stack: Stack, emulator: Emulator, api: Api) -> None:
    """
    A create is verified like an update: a sentence for each field, the sid in the state, and the same ways out.
    """
    sid = api.create(name="Old")["sid"]
    flags: dict[str, Any] = {FLAG: True, "is_multiple_spots_allowed": True}
    stack.declare(intro={**LINK, **flags, "adopt": True})

    said = stack.fails("up", "--yes", "--skip-preview")

    assert [name for name in flags if f"{name} is False instead of True after neetoCal accepted it" not in said] == []
    assert "Traceback" not in said
    assert stack.resources()["intro"]["id"] == sid
    outputs = stack.outputs("intro")
    assert (outputs["name"], outputs[FLAG]) == ("Intro", False)
    assert stack.preview() == {"update": 1}
    emulator.edit_meeting(sid, **flags)
    stack.refresh()
    assert stack.deploy() == {"same": 1}


# On the worker that has these environments.
@pytest.mark.matrix
@pytest.mark.xdist_group("environments")
@pytest.mark.parametrize("sdk", SDKS)
@pytest.mark.parametrize("python", PYTHONS)
def test_a_failure_reaches_the_state_on_every_python_and_sdk(
    tmp_path: Path, emulator: Emulator, api: Api, python: str, sdk: str
) -> None:
    """
    The way around the dynamic host, by which a failed create keeps its sid, stands on names inside Pulumi's SDK.

    So does the mark of a secret on a text that neetoCal normalized.
    """
    emulator.switch(texts="escaped")
    sid = api.create(name="Old")["sid"]
    stack = Stack(PROGRAMS / "links", tmp_path, {**emulator.environment(), **variables(PYTHONS[python], sdk)})
    stack.declare(intro={**LINK, "description": "Q & A", FLAG: True, "adopt": True})

    created = stack.fails("up", "--yes", "--skip-preview")
    updated = stack.fails("up", "--yes", "--skip-preview")

    sentence = f"{FLAG} is False instead of True after neetoCal accepted it"
    assert [said for said in (created, updated) if sentence not in said or "Traceback" in said] == []
    assert stack.resources()["intro"]["id"] == sid
    assert stack.outputs("intro")[FLAG] is False
    assert stack.outputs("intro")["description"] == "Q & A"
    assert "ciphertext" in stack.outputs("intro")["normalized"]
