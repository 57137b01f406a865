"""
What people do in the web app: seen by a refresh, put back by the next deployment.
"""

from __future__ import annotations

import json
from typing import Any

from neetocal_emulator import Emulator
from tests.engine.stack import Stack

INTRO: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}


def test_a_declared_field_that_someone_changed_is_put_back(stack: Stack, emulator: Emulator) -> None:
    """
    The refresh reports it, the deployment repairs exactly that link.
    """
    stack.declare(intro=INTRO, other={**INTRO, "slug": "other"})
    stack.deploy()
    emulator.edit_meeting(stack.resources()["intro"]["id"], duration=15, hosts=["ben@acme.example"])

    stack.refresh()
    outputs = stack.outputs("intro")
    assert (outputs["duration"], outputs["hosts"]) == (15, ["ben@acme.example"])

    assert stack.up() == {"update": 1, "same": 1}
    found = {meeting["slug"]: (meeting["duration"], meeting["hosts"][0]["email"]) for meeting in emulator.meetings()}
    assert found == {"intro": (30, "ada@acme.example"), "other": (30, "ada@acme.example")}


def test_options_that_someone_changed_are_put_back(stack: Stack, emulator: Emulator) -> None:
    """
    Durations and spots are managed like any other declared field.
    """
    durations = [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}]
    stack.declare(intro={**INTRO, "durations": durations})
    stack.deploy()
    emulator.edit_meeting(stack.resources()["intro"]["id"], durations=[{"duration": 20, "is_default": True}])

    stack.refresh()
    assert stack.up() == {"update": 1}

    (meeting,) = emulator.meetings()
    found = sorted((row["duration"], row["is_default"]) for row in meeting["durations"])
    assert found == [(30, True), (60, False)]


def test_the_same_value_in_other_words_is_no_drift(stack: Stack, emulator: Emulator) -> None:
    """
    A server may trim, reorder, lower-case and name the time zone anew; what the program wrote stays in the state.

    A text in a form of neetoCal's own is warned of once, and recorded as a secret, since it may be one.
    """
    words = {
        "hosts": ["Ben@Acme.example", "ada@acme.example"],
        "description": "One\r\nTwo ",
        "locked_time_zone": "Asia/Calcutta",
    }
    escaped = {"description": "Q & A", "spots": [{"spot": "custom", "custom_text": "Here & now", "is_default": True}]}
    emulator.switch(texts="escaped")
    stack.declare(intro={**INTRO, **words}, other={**INTRO, "slug": "other", **escaped})
    stack.deploy()
    assert stack.said.count("neetoCal normalized description, spots of the link 'other'") == 1
    changed: dict[str, Any] = {
        "hosts": ["ada@acme.example", "ben@acme.example"],
        "description": "One\nTwo",
        "locked_time_zone": "Asia/Kolkata",
    }
    emulator.edit_meeting(stack.resources()["intro"]["id"], **changed)

    stack.refresh("--expect-no-changes")
    stack.expect_quiet()

    assert "normalized" not in stack.said
    for link, declared in (("intro", words), ("other", escaped)):
        assert {name: stack.outputs(link)[name] for name in declared} == declared
    assert "Q &amp; A" not in json.dumps(stack.state())
    told = stack.state("--show-secrets")["deployment"]["resources"]
    (secret,) = [each["outputs"]["normalized"]["plaintext"] for each in told if "normalized" in each.get("outputs", {})]
    assert json.loads(secret)["description"] == "Q &amp; A"


def test_a_link_deleted_in_the_web_app_is_created_again(stack: Stack, emulator: Emulator) -> None:
    """
    The refresh drops it from the state, the deployment makes a new one.
    """
    emulator.clock(offset_s=-3600)  # a new link that is not found is not called gone
    stack.declare(intro=INTRO)
    stack.deploy()
    emulator.remove_meeting(stack.resources()["intro"]["id"])

    assert stack.up("--refresh")["create"] == 1

    assert [meeting["slug"] for meeting in emulator.meetings()] == ["intro"]


def test_a_link_that_is_gone_already_counts_as_deleted(stack: Stack, emulator: Emulator) -> None:
    """
    `destroy` ends well whoever was faster.
    """
    stack.declare(intro=INTRO)
    stack.deploy()
    emulator.remove_meeting(stack.resources()["intro"]["id"])

    assert stack.destroy() == {"delete": 1}

    assert stack.resources() == {}


def test_a_disabled_link_shows_in_the_outputs_and_is_left_alone(stack: Stack, emulator: Emulator) -> None:
    """
    The API documents no field that enables a link, so no deployment pretends to.
    """
    stack.declare(intro=INTRO)
    stack.deploy()
    emulator.edit_meeting(stack.resources()["intro"]["id"], disabled=True)

    stack.refresh()
    stack.expect_quiet()

    assert stack.outputs("intro")["disabled"] is True
