"""
What the engine tells beside its steps.
"""

from __future__ import annotations

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api
from tests.engine.stack import Stack


def test_an_argument_removed_from_a_templates_link_stays_with_a_warning(
    stack: Stack, api: Api, emulator: Emulator
) -> None:
    """
    The default would be the template's, which may be another by now.
    """
    (template, *_others) = api.get("/meeting-templates").json()["templates"]
    declared = {**LINK, "template_id": template["id"]}
    stack.declare(intro={**declared, "description": "Ours."})
    stack.up()
    stack.declare(intro=declared)

    assert stack.up() == {"update": 1}

    assert "The link 'intro' is no longer told its description, which stays as it is" in stack.said
    (meeting,) = emulator.meetings()
    assert meeting["description"] == "Ours."


def test_a_disabled_link_is_warned_of_until_it_is_enabled(stack: Stack, emulator: Emulator) -> None:
    """
    It shows as an output, each run says in one line what to do, and none pretends to mend it.
    """
    stack.declare(intro=LINK)
    stack.up()
    sid = stack.resources()["intro"]["id"]
    emulator.edit_meeting(sid, disabled=True)

    stack.refresh()
    assert stack.steps == [("refresh", "intro")]
    assert stack.outputs("intro")["disabled"] is True
    assert stack.up() == {"same": 1}
    assert "The link 'intro' is disabled and cannot be booked, most likely because its last host left" in stack.said

    emulator.edit_meeting(sid, disabled=False)
    stack.refresh()
    stack.up()
    assert "disabled" not in stack.said


def test_a_link_that_is_found_disabled_by_an_update_is_warned_of(stack: Stack, emulator: Emulator) -> None:
    """
    The answer to the change tells, before any refresh.
    """
    stack.declare(intro=LINK)
    stack.up()
    emulator.edit_meeting(stack.resources()["intro"]["id"], disabled=True)
    stack.declare(intro={**LINK, "name": "Introduction"})

    stack.deploy()

    assert "The link 'intro' is disabled" in stack.said


def test_drift_is_named_by_refresh_and_by_the_next_deployment(stack: Stack, emulator: Emulator) -> None:
    """
    Both say which field, to whoever reads the terminal.
    """
    stack.declare(intro=LINK)
    stack.up()
    emulator.edit_meeting(stack.resources()["intro"]["id"], duration=15)

    refreshed = stack.shows("refresh", "--yes", "--skip-preview")
    deployed = stack.shows("up", "--yes", "--skip-preview")

    assert "[diff: ~duration]" in refreshed
    assert "[diff: ~duration]" in deployed


def test_two_resources_with_one_slug_are_an_error_in_the_preview(stack: Stack, emulator: Emulator) -> None:
    """
    It names both, before anything is made.
    """
    stack.declare(sales=LINK, support=LINK)

    said = stack.fails("preview")

    assert "is the slug of the resource" in said
    assert [name for name in ("sales", "support") if name not in said] == []
    assert emulator.meetings() == []


def test_a_slug_may_move_from_one_resource_to_another(stack: Stack) -> None:
    """
    What counts is who declares it now.
    """
    stack.declare(sales=LINK, support={**LINK, "slug": "support"})
    stack.up()
    stack.declare(sales={**LINK, "slug": "sales"}, support={**LINK, "slug": "other"})

    assert stack.up() == {"update": 2}
