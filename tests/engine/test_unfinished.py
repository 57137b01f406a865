"""
What happens to a link when the API fails between the request that makes it and those that finish it.
"""

from __future__ import annotations

from typing import Any

from neetocal_emulator import Emulator
from tests.engine.stack import Stack

INTRO: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
SPOTS = [{"spot": "zoom", "is_default": True}, {"spot": "jitsi", "is_default": False}]


def test_a_link_whose_options_failed_is_kept_and_finished_by_the_next_deployment(
    stack: Stack, emulator: Emulator
) -> None:
    """
    The user is warned, the state holds the sid, the preview shows what is left, and nothing is made twice.
    """
    emulator.switch(nested_options_on_create="ignored")
    emulator.fault("status", path="/meetings/*/spots", status=500, times=1)
    stack.declare(intro={**INTRO, "spots": SPOTS})

    assert stack.deploy() == {"create": 1}

    (meeting,) = emulator.meetings()
    assert "The link 'intro' was created, but not finished; run `pulumi up` again." in stack.said
    assert stack.resources()["intro"]["id"] == meeting["sid"]
    assert stack.preview() == {"update": 1}
    assert stack.up() == {"update": 1}
    (finished,) = emulator.meetings()
    assert sorted(row["spot"] for row in finished["spots"]) == ["jitsi", "zoom"]


def test_a_create_whose_answer_was_lost_makes_one_link_that_the_stack_knows(stack: Stack, emulator: Emulator) -> None:
    """
    The user sees an ordinary create.
    """
    emulator.fault("cut", method="POST", path="/meetings", moment="after", times=1)
    stack.declare(intro=INTRO)

    assert stack.up() == {"create": 1}

    (meeting,) = emulator.meetings()
    assert stack.resources()["intro"]["id"] == meeting["sid"]
    assert "warning" not in stack.said


def test_a_create_of_which_no_answer_tells_says_how_to_go_on(stack: Stack, emulator: Emulator) -> None:
    """
    The link may exist, so the sentence does not send the user into a taken slug; following it ends well.
    """
    stack.environment(NEETOCAL_MAX_ATTEMPTS="2")
    emulator.fault("cut", moment="after")
    stack.declare(intro=INTRO)

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "It may have been made all the same: run `pulumi up` again, with NEETOCAL_ADOPT=1" in said
    assert "Traceback" not in said
    emulator.clear_faults()
    (meeting,) = emulator.meetings()
    stack.environment(NEETOCAL_ADOPT="1")
    assert stack.up() == {"create": 1}
    assert stack.resources()["intro"]["id"] == meeting["sid"]
    assert [meeting["sid"]] == [each["sid"] for each in emulator.meetings()]
