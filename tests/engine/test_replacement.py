"""
What makes a link anew: another template or another workspace, shown by the preview, and nothing else.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.engine.conftest import Asked
from tests.engine.stack import Stack

INTRO: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
FIRST, SECOND = "5d2f6c1e-8a34-4b7e-9c05-1f2e3d4c5b6a", "7b9e0d3c-2f61-4c8a-b1d4-6a5f4e3d2c1b"
"""The ids of the two templates of the emulator's default seed."""


def methods(asked: list[tuple[str, str]]) -> list[str]:
    """
    Return the methods of what the API was asked.
    """
    return [method for method, _path in asked]


def test_a_template_is_copied_and_values_beside_it_win(stack: Stack, emulator: Emulator) -> None:
    """
    The template brings what the program leaves out, and that stays unmanaged.
    """
    stack.declare(intro={**INTRO, "template_id": FIRST})

    assert stack.up() == {"create": 1}

    (meeting,) = emulator.meetings()
    found = {name: meeting[name] for name in ("name", "spot", "after_buffer_time", "lead_time")}
    assert found == {"name": "Intro", "spot": "google_meet", "after_buffer_time": 10, "lead_time": 720}
    assert "spot" not in stack.outputs("intro")


def test_an_argument_removed_from_a_link_made_from_a_template_stays(stack: Stack, emulator: Emulator) -> None:
    """
    Its default is the template's, which may have changed or gone.
    """
    stack.declare(intro={**INTRO, "template_id": FIRST, "description": "Ours"})
    stack.deploy()
    stack.declare(intro={**INTRO, "template_id": FIRST})

    assert stack.up() == {"update": 1}

    assert [meeting["description"] for meeting in emulator.meetings()] == ["Ours"]


def test_another_template_replaces_the_link_and_frees_its_slug_first(
    stack: Stack, emulator: Emulator, asked: Asked
) -> None:
    """
    The slug is unique, so the old link goes before the new one takes it over.
    """
    stack.declare(intro={**INTRO, "template_id": FIRST})
    stack.deploy()
    asked()
    stack.declare(intro={**INTRO, "template_id": SECOND})

    assert stack.preview() == {"replace": 1}
    assert methods(asked()) == ["GET"]
    assert stack.up() == {"replace": 1}

    assert methods(asked()) == ["GET", "GET", "DELETE", "POST"]
    assert [meeting["before_buffer_time"] for meeting in emulator.meetings()] == [15]


def test_another_template_under_another_slug_is_created_first(stack: Stack, emulator: Emulator, asked: Asked) -> None:
    """
    Where both links can exist, visitors never meet a gap.
    """
    stack.declare(intro={**INTRO, "template_id": FIRST})
    stack.deploy()
    asked()
    stack.declare(intro={**INTRO, "slug": "welcome", "template_id": SECOND})

    assert stack.up() == {"replace": 1}

    assert methods(asked()) == ["GET", "POST", "GET", "DELETE"]
    assert [meeting["slug"] for meeting in emulator.meetings()] == ["welcome"]


def test_a_removed_template_replaces_the_link(stack: Stack, emulator: Emulator) -> None:
    """
    A link without a template is another link; the preview shows it.
    """
    stack.declare(intro={**INTRO, "template_id": FIRST})
    stack.deploy()
    stack.declare(intro=INTRO)

    assert stack.up() == {"replace": 1}

    assert [meeting["after_buffer_time"] for meeting in emulator.meetings()] == [0]


def test_another_workspace_replaces_the_link_and_is_created_first(stack: Stack, emulator: Emulator) -> None:
    """
    The new settings come from the stack, the old link is removed with those of the environment.
    """
    stack.declare(intro=INTRO)
    stack.deploy()
    stack.declare(intro={**INTRO, "hosts": ["nadia@globex.example"]})
    stack.config("neetocal:workspace", "globex")
    key = emulator.environment("globex")["NEETOCAL_API_KEY"]
    stack.config("neetocal:apiKey", key, "--secret")

    assert stack.preview() == {"replace": 1}
    assert stack.up() == {"replace": 1}

    assert emulator.meetings("acme") == []
    assert [meeting["slug"] for meeting in emulator.meetings("globex")] == ["intro"]
    assert stack.outputs("intro")["workspace"] == "globex"
    assert key not in json.dumps(stack.state())


def test_a_link_of_another_workspace_is_not_taken_for_gone(stack: Stack, emulator: Emulator) -> None:
    """
    Without the old key the old link is left alone, and the sentence says how to go on.
    """
    stack.declare(intro=INTRO)
    stack.deploy()
    stack.environment(**emulator.environment("globex"))

    said = stack.fails("destroy", "--yes", "--skip-preview")

    assert "This link lives in workspace 'acme', but neetocal:workspace" in said
    assert "run `pulumi state delete` on it" in said
    assert "Traceback" not in said
    assert len(emulator.meetings("acme")) == 1


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_changing_the_version_of_the_api_changes_no_link(stack: Stack, asked: Asked) -> None:
    """
    Both versions speak of the same links.
    """
    stack.declare(intro=INTRO)
    stack.deploy()
    asked()
    stack.environment(NEETOCAL_API_VERSION="v1")

    assert stack.deploy() == {"same": 1}

    assert asked() == []
