"""
What the engine tells beside its steps.
"""

from __future__ import annotations

import re

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api
from tests.engine.stack import Stack
from tests.engine.test_fields import CHANGES, declared, fields_of

PROXIES = ("grpc_proxy", "https_proxy", "http_proxy")
"""What gRPC reads; the program's own channel, which is Pulumi's, reads it too, so no program runs meanwhile."""


def test_an_argument_removed_from_a_templates_link_stays_with_a_warning(
    stack: Stack, api: Api, emulator: Emulator
) -> None:
    """
    The default would be the template's, which may be another by now.
    """
    (template, *_others) = api.get("/meeting-templates").json()["templates"]
    declared = {**LINK, "template_id": template["id"]}
    stack.declare(intro={**declared, "description": "Ours."})
    stack.deploy()
    stack.declare(intro=declared)

    assert stack.up() == {"update": 1}

    assert "The link 'intro' is no longer told its description, which stays as it is" in stack.said
    (meeting,) = emulator.meetings()
    assert meeting["description"] == "Ours."


def test_a_disabled_link_is_warned_of_until_it_is_enabled(stack: Stack, emulator: Emulator) -> None:
    """
    It shows as an output, each run says in one line what to do, and none pretends to mend it. A proxy of the
    environment keeps no warning away: the engine is on this machine.
    """
    stack.declare(intro=LINK)
    stack.deploy()
    sid = stack.resources()["intro"]["id"]
    emulator.edit_meeting(sid, disabled=True)

    assert "~ disabled  : false => true" in stack.shows("refresh", "--yes", "--skip-preview", "--diff")
    assert stack.outputs("intro")["disabled"] is True
    stack.environment(**dict.fromkeys(PROXIES, "http://127.0.0.1:9"))
    assert stack.refresh("--expect-no-changes") == {"refresh": 1}
    assert "warning: The link 'intro' is disabled" in stack.said
    stack.environment(**dict.fromkeys(PROXIES, None))
    assert stack.deploy() == {"same": 1}
    (line,) = filter(None, stack.said.splitlines())
    assert "warning: The link 'intro' is disabled and cannot be booked, most likely because its last host left" in line
    assert "its payment provider was disconnected, or somebody disabled it" in line
    assert "enable it in the web app, since the API documents no field for that." in line

    emulator.edit_meeting(sid, disabled=False)
    assert "1 updated" in stack.shows("refresh", "--yes", "--skip-preview")
    stack.up()
    assert "disabled" not in stack.said


def test_a_link_that_is_found_disabled_by_an_update_is_warned_of(stack: Stack, emulator: Emulator) -> None:
    """
    The answer to the change tells, before any refresh, and to a user in one line.
    """
    stack.declare(intro=LINK)
    stack.deploy()
    emulator.edit_meeting(stack.resources()["intro"]["id"], disabled=True)
    stack.declare(intro={**LINK, "name": "Introduction"})

    stack.deploy()

    assert "The link 'intro' is disabled" in stack.said


def test_drift_is_named_by_refresh_and_by_the_next_deployment(stack: Stack, emulator: Emulator) -> None:
    """
    Both say which field, to whoever reads the terminal.
    """
    stack.declare(intro=LINK)
    stack.deploy()
    emulator.edit_meeting(stack.resources()["intro"]["id"], duration=15)

    refreshed = stack.shows("refresh", "--yes", "--skip-preview")
    deployed = stack.shows("up", "--yes", "--skip-preview")

    assert "[diff: ~duration]" in refreshed
    assert "[diff: ~duration]" in deployed


def test_drift_of_every_field_is_named(stack: Stack, emulator: Emulator, api_version: str) -> None:
    """
    One link for each argument: a line of the refresh, and one of the deployment, names it and no other.
    """
    emulator.switch(create_only_fields_in_patch="accepted")
    fields = fields_of(api_version)
    stack.declare(**declared(fields, 0))
    stack.deploy()
    for field in fields:
        emulator.edit_meeting(stack.resources()[field]["id"], **{field: CHANGES[field][1]})

    refreshed = stack.shows("refresh", "--yes", "--skip-preview")
    deployed = stack.shows("up", "--yes", "--skip-preview")

    for said in (refreshed, deployed):
        named = set(re.findall(r"SchedulingLink (\w+) updated \([^)]*\) \[diff: [~+-](\S+)\]", said))
        assert named == {(field, field) for field in fields}
    stack.expect_quiet()


def test_two_resources_with_one_slug_are_an_error_in_the_preview(stack: Stack, emulator: Emulator) -> None:
    """
    It names both, before anything is made.
    """
    stack.declare(sales=LINK, support=LINK)

    said = stack.fails("preview")

    assert re.search(r"resource '(sales|support)'.* is the slug of the resource '(?!\1)(sales|support)', too", said)
    assert emulator.meetings() == []


def test_a_slug_may_move_from_one_resource_to_another(stack: Stack) -> None:
    """
    What counts is who declares it now.
    """
    stack.declare(sales=LINK, support={**LINK, "slug": "support"})
    stack.deploy()
    stack.declare(sales={**LINK, "slug": "sales"}, support={**LINK, "slug": "other"})

    assert stack.up() == {"update": 2}
