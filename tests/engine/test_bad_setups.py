"""
Bad settings and bad arguments: one sentence each, in the preview where it can be known there, never a traceback.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.engine.stack import Stack

INTRO: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
UNUSED_PORT = "http://127.0.0.1:9"
"""The discard port: nothing listens there."""

pytestmark = pytest.mark.parametrize("api_version", ["v2"], indirect=True)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param(
            {"NEETOCAL_WORKSPACE": None},
            ["neetocal:workspace is not set: run `pulumi config set neetocal:workspace …` or set NEETOCAL_WORKSPACE"],
            marks=pytest.mark.matrix,
        ),
        pytest.param(
            {"NEETOCAL_API_KEY": None},
            ["neetocal:apiKey is not set: run `pulumi config set --secret neetocal:apiKey …` or set NEETOCAL_API_KEY"],
            marks=pytest.mark.matrix,
        ),
        (
            {"NEETOCAL_WORKSPACE": None, "NEETOCAL_API_KEY": None},
            ["neetocal:workspace is not set", "neetocal:apiKey is not set"],
        ),
        (
            {"NEETOCAL_BASE_URL": "http://acme.neetocal.com", "NEETOCAL_API_KEY": "not-the-emulators-key"},
            ["neetocal:baseUrl (environment: NEETOCAL_BASE_URL)", "unencrypted", "use https://"],
        ),
        (
            {"NEETOCAL_WORKSPACE": "acme.evil.com/x"},
            ["neetocal:workspace (environment: NEETOCAL_WORKSPACE) is 'acme.evil.com/x'", "give the subdomain alone"],
        ),
        pytest.param({"NEETOCAL_WORKSPACE": "Acme"}, ["is 'Acme', which is not a workspace"], marks=pytest.mark.matrix),
        (
            {"NEETOCAL_API_VERSION": "v3"},
            ["neetocal:apiVersion (environment: NEETOCAL_API_VERSION) is 'v3'", "use v2, or v1"],
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_a_bad_setting_is_told_in_the_preview(
    stack: Stack, environment: dict[str, str | None], expected: list[str]
) -> None:
    """
    The sentence names the setting by both its names, what is wrong with it, and what to do.
    """
    stack.declare(intro=INTRO)
    stack.environment(**environment)

    said = stack.fails("preview")

    assert [part for part in expected if part not in said] == []
    assert "Traceback" not in said


def test_an_empty_workspace_in_the_stack_config_is_told_in_the_preview(stack: Stack) -> None:
    """
    Set and empty is not the same as not set.
    """
    stack.declare(intro=INTRO)
    stack.config("neetocal:workspace", "")

    said = stack.fails("preview")

    assert "neetocal:workspace (environment: NEETOCAL_WORKSPACE) is '', which is not a workspace" in said
    assert "Traceback" not in said


def test_a_wrong_key_is_one_sentence(stack: Stack, emulator: Emulator) -> None:
    """
    It says which settings hold the key, and does not show it.
    """
    stack.declare(intro=INTRO)
    stack.environment(NEETOCAL_API_KEY="marker-of-a-wrong-key")

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "neetoCal: The link 'intro' could not be created: POST meetings was answered with 401: Could not" in said
    assert "`pulumi config set --secret neetocal:apiKey` or NEETOCAL_API_KEY" in said
    assert "Traceback" not in said
    assert "marker-of-a-wrong-key" not in said
    assert emulator.meetings() == []


def test_an_emulator_that_does_not_run_is_one_sentence(stack: Stack) -> None:
    """
    It says where nobody answered, which settings lead there, and how to start the emulator.
    """
    stack.declare(intro=INTRO)
    stack.environment(NEETOCAL_BASE_URL=UNUSED_PORT)

    said = stack.fails("up", "--yes", "--skip-preview")

    assert f"No answer from {UNUSED_PORT} to POST meetings" in said
    assert "neetocal:baseUrl (environment: NEETOCAL_BASE_URL)" in said
    assert "start the emulator (`neetocal-emulator serve`)" in said
    assert "Traceback" not in said


def test_bad_settings_stop_refresh_and_destroy_in_one_sentence(stack: Stack, emulator: Emulator) -> None:
    """
    These operations run without a check, and still print no traceback; nothing is lost.
    """
    stack.declare(intro=INTRO)
    stack.deploy()
    stack.environment(NEETOCAL_API_KEY=None)

    for operation in ("refresh", "destroy"):
        said = stack.fails(operation, "--yes", "--skip-preview")
        assert "neetocal:apiKey is not set" in said
        assert "Traceback" not in said

    assert len(emulator.meetings()) == len(stack.resources()) == 1


def test_all_bad_arguments_are_told_at_once_in_the_preview(stack: Stack) -> None:
    """
    Each line names the resource, the property, its value and what would be right.
    """
    stack.declare(
        intro={
            "slug": "Intro Call",
            "name": " ",
            "hosts": ["ada"],
            "duration": 0,
            "kind": "solo",
            "start_time_increment": 1,
            "before_buffer_time": 1441,
            "spot": "phone_call",
            "locked_time_zone": "Lisbon",
            "durations": [{"duration": 30}],
        }
    )

    said = stack.fails("preview")

    for name in ("slug", "name", "hosts", "duration", "kind", "start_time_increment", "before_buffer_time", "spot"):
        assert f"property {name} value" in said
    assert "must be from 1 to 1440 minutes" in said
    assert "property locked_time_zone value {Lisbon}" in said
    assert "did you mean Europe/Lisbon?" in said
    assert "as in 'intro-call'" in said
    assert "needs spot_phone_call_number beside it" in said
    assert "must have is_default set on exactly one option, not on 0" in said
    assert "Traceback" not in said


def test_what_the_api_refuses_is_told_in_its_own_words(stack: Stack, emulator: Emulator) -> None:
    """
    A host who is no member, for one, shows only when the link is made.
    """
    stack.declare(intro={**INTRO, "hosts": ["nobody@acme.example"]})

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "neetoCal: The link 'intro' could not be created: POST meetings was answered with 422: Hosts nob" in said
    assert "Traceback" not in said
    assert emulator.meetings() == []


def test_values_known_only_at_deployment_are_checked_then(stack: Stack, emulator: Emulator) -> None:
    """
    A preview passes over what it does not know; the deployment sends the real value.
    """
    stack.declare(intro=INTRO, after={**INTRO, "slug": "after", "description": {"url_of": "intro"}})

    assert stack.preview() == {"create": 2}
    assert stack.up() == {"create": 2}

    (after,) = [meeting for meeting in emulator.meetings() if meeting["slug"] == "after"]
    assert after["description"] == f"{emulator.url}/intro"
