"""
Lookups in a program on the engine, in both versions of the API.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api
from tests.engine.conftest import PROGRAMS, Asked
from tests.engine.stack import Stack

THEIRS = {"slug": "theirs", "name": "Theirs", "hosts": ["mei@acme.example"], "duration": 25, "description": "By hand"}


@pytest.fixture
def lookups(tmp_path: Path, emulator: Emulator, api_version: str) -> Stack:
    """
    Give a stack that looks up everything there is to look up.
    """
    return Stack(PROGRAMS / "lookups", tmp_path, {**emulator.environment(), "NEETOCAL_API_VERSION": api_version})


def test_a_program_looks_things_up_in_previews_and_deployments(
    lookups: Stack, emulator: Emulator, api: Api, asked: Asked
) -> None:
    """
    Few requests, remembered for the run; what is read with `get` is not managed.
    """
    emulator.clock(at="2026-11-30T08:00:00Z", frozen=True)
    sid = api.create(**THEIRS)["sid"]
    born = emulator.edit_meeting(sid, lead_time=90, fees=[{"id": "f1", "amount": "120.0"}])["created_at"]
    asked()

    assert lookups.preview() == {"create": 1, "read": 2}
    preview = asked()
    assert len(preview) <= 13
    assert lookups.up() == {"create": 1, "read": 2}

    outputs = lookups.stack_outputs()
    assert outputs["again"] == "Intro call"
    assert outputs["later"] == "template-deep-dive"
    assert outputs["members"][:2] == ["ada@acme.example", "ben@acme.example"]
    assert outputs["everybody"] == len(outputs["members"]) == 13
    assert outputs["theirs"] == ["theirs"]
    assert outputs["mine"] == "intro"
    assert outputs["templates"] == [["template-deep-dive", 240], ["template-intro-call", 720]]
    assert outputs["details"] == [90, ["120.0"], born]
    assert outputs["hours"] == [["monday", "09:00 AM"], ["tuesday", "09:00 AM"]]
    assert outputs["free"] == ["2026-12-01", "09:00 AM", 1]
    assert outputs["later hours"] is True
    assert outputs["listed"] == [1, 2]
    assert outputs["read"] == ["Theirs", f"{emulator.url}/theirs", ["mei@acme.example"], 25, "By hand"]
    assert outputs["read template"] == ["template-intro-call", "one_on_one", "acme"]
    assert {meeting["slug"] for meeting in emulator.meetings()} == {"intro", "theirs"}
    assert lookups.destroy() == {"delete": 1, "discard": 2}
    assert [meeting["slug"] for meeting in emulator.meetings()] == ["theirs"]


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        (
            "get_meeting_template(name='Intro cal')",
            "no meeting template with the name 'Intro cal'; did you mean Intro c",
        ),
        pytest.param(
            "get_meeting_template(id='5d2f')", "no meeting template with the id '5d2f'", marks=pytest.mark.matrix
        ),
        ("get_meeting_template()", "Give either name or id to look it up by."),
        pytest.param(
            "get_team_member(email='adda@acme.example')",
            "no team member with the email 'adda@acme.example'; did you mean",
            marks=pytest.mark.matrix,
        ),
        pytest.param(
            "get_scheduling_link(slug='their')",
            "no scheduling link with the slug 'their'; did you mean theirs?",
            marks=pytest.mark.matrix,
        ),
        ("get_scheduling_link(sid='nope123')", "no scheduling link with the sid 'nope123'"),
        ("get_team_member_output(email='zzz')", "no team member with the email 'zzz'; there are 13 of them."),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(lookups: Stack, api: Api, expression: str, sentence: str) -> None:
    """
    One sentence and no traceback.
    """
    assert api.post("/meetings", THEIRS).is_success
    (lookups.folder / "lookups.py").write_text(f"from neetocal_provider import *\n{expression}\n")

    said = lookups.fails("preview")

    assert sentence in said
    assert "Traceback" not in said


def test_a_link_that_is_not_there_cannot_be_got(lookups: Stack) -> None:
    """
    `SchedulingLink.get` of an unknown sid fails clearly.
    """
    (lookups.folder / "lookups.py").write_text(
        "from neetocal_provider import SchedulingLink\nSchedulingLink.get('theirs', 'nope123')\n"
    )

    said = lookups.fails("up", "--yes", "--skip-preview")

    assert "There is no link with this id in the workspace 'acme'" in said
    assert "Traceback" not in said
