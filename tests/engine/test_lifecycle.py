"""
The life of links under `pulumi up`, in both versions of the API.
"""

from __future__ import annotations

import json
from typing import Any

from neetocal_emulator import Emulator
from neetocal_provider.api.objects import instant
from tests.engine.conftest import Asked
from tests.engine.stack import Stack

PLAIN: dict[str, Any] = {"name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
INTRO = {"slug": "intro", **PLAIN}


def link(emulator: Emulator, slug: str = "intro") -> dict[str, Any]:
    """
    Return one link as neetoCal holds it.
    """
    (found,) = [meeting for meeting in emulator.meetings() if meeting["slug"] == slug]
    return found


def test_a_link_is_created_left_alone_and_destroyed(
    stack: Stack, emulator: Emulator, asked: Asked, api_version: str
) -> None:
    """
    Create takes one request, no change takes none, destroy takes two, and destroying again is fine.
    """
    stack.declare(intro=INTRO)

    assert stack.up() == {"create": 1}
    assert asked() == [("POST", f"{api_version}/meetings")]
    assert stack.deploy() == {"same": 1}
    assert asked() == []

    sid = link(emulator)["sid"]
    assert stack.resources()["intro"]["id"] == sid
    assert stack.refresh() == {"refresh": 1}
    stack.expect_quiet()
    assert asked() == [("GET", f"{api_version}/meetings")]  # a page tells all links

    assert stack.destroy() == {"delete": 1}
    assert asked() == [("GET", "v2/bookings"), ("DELETE", f"v2/meetings/{sid}")]
    assert emulator.meetings() == []
    assert stack.destroy() == {}


def test_the_outputs_tell_what_a_program_needs(stack: Stack, emulator: Emulator) -> None:
    """
    Beside the arguments there are address, uuid, state, kind, workspace and when it was created; not the key.
    """
    stack.declare(intro=INTRO)

    stack.up()

    outputs = stack.outputs("intro")
    provider = outputs.pop("__provider", "")  # of the dynamic host
    assert instant(outputs.pop("created_at")) == instant(link(emulator)["created_at"])
    assert outputs == {
        **INTRO,
        "url": f"{emulator.url}/intro",
        "meeting_id": link(emulator)["id"],
        "disabled": False,
        "kind": "one_on_one",
        "workspace": "acme",
        "declared": [],
    }
    recorded = stack.resources()["intro"]
    assert len(json.dumps([recorded["inputs"], recorded["outputs"]])) <= 900
    assert emulator.environment()["NEETOCAL_API_KEY"] not in json.dumps(stack.state()) + provider
