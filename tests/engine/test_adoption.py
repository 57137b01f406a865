"""
Links that exist before the program knows them: refused with the ways on, or taken over where that is wanted.
"""

from __future__ import annotations

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api
from tests.engine.conftest import Asked
from tests.engine.stack import Stack

DURATIONS = [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}]


@pytest.fixture
def sid(api: Api) -> str:
    """
    Give the sid of a link that somebody made in the web app.
    """
    made = api.create(name="Old intro", hosts=["ben@acme.example"], description="Made by hand.")
    return str(made["sid"])


def test_a_taken_slug_is_refused_with_its_holder_and_the_ways_on(stack: Stack, emulator: Emulator, sid: str) -> None:
    """
    The sentence names who has it and what differs; nothing is changed.
    """
    before = emulator.meetings()
    stack.declare(intro=LINK)

    said = stack.fails("up", "--yes", "--skip-preview")

    assert f"the link {sid} ('Old intro', 'intro') has it and differs in name, hosts;" in said
    assert "declare adopt=True or set NEETOCAL_ADOPT=1 for one run" in said
    assert "Traceback" not in said
    assert emulator.meetings() == before


def test_a_slug_that_no_listed_link_has_is_told_apart(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    A deleted link keeps its slug while bookings are ahead, and no list shows it.
    """
    sid = api.create()["sid"]
    api.book("intro")
    emulator.remove_meeting(sid)
    stack.declare(intro=LINK)

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "No link in the list has the slug 'intro'" in said
    assert "upcoming bookings" in said


@pytest.mark.parametrize("way", ["argument", "environment", pytest.param("config", marks=pytest.mark.matrix)])
def test_a_link_is_taken_over_where_that_is_wanted(stack: Stack, emulator: Emulator, sid: str, way: str) -> None:
    """
    Preview and deployment say so, the link is what is declared, and what is not declared is left alone.
    """
    stack.declare(intro={**LINK, "durations": DURATIONS, **({"adopt": True} if way == "argument" else {})})
    if way == "environment":
        stack.environment(NEETOCAL_ADOPT="1")
    if way == "config":
        stack.config("neetocal:adopt", "true")

    stack.preview()
    assert (
        f"the link {sid} ('Old intro', 'intro') will be taken over and changed in name, hosts, durations" in stack.said
    )
    assert stack.up() == {"create": 1}

    assert f"the link {sid} ('Old intro', 'intro') was taken over and changed in name, hosts, durations" in stack.said
    (meeting,) = emulator.meetings()
    assert (meeting["sid"], meeting["name"], meeting["description"]) == (sid, "Intro", "Made by hand.")
    assert sorted(row["duration"] for row in meeting["durations"]) == [30, 60]
    assert stack.resources()["intro"]["id"] == sid


def test_adopt_has_no_say_once_the_link_is_there(stack: Stack, asked: Asked) -> None:
    """
    Declaring it, or no longer declaring it, is no change, and nothing is asked for it.
    """
    stack.declare(intro={**LINK, "adopt": True})
    stack.deploy()
    assert "adopt" not in stack.shows("up", "--refresh", "--yes", "--skip-preview")
    asked()

    assert stack.deploy() == {"same": 1}
    stack.declare(intro=LINK)
    assert stack.deploy() == {"same": 1}
    assert asked() == []


def test_an_adopted_link_that_matches_is_not_written(stack: Stack, asked: Asked, api: Api) -> None:
    """
    What is there already needs no change.
    """
    api.create()
    stack.declare(intro={**LINK, "adopt": True})

    assert stack.up() == {"create": 1}

    assert "changed in nothing that is declared" in stack.said
    assert [method for method, _path in asked() if method in ("PATCH", "PUT", "DELETE")] == []


def test_a_replacement_in_place_of_its_own_link_foresees_no_adoption(stack: Stack, api: Api) -> None:
    """
    The link that holds the slug is the one that goes first.
    """
    one, other = api.get("/meeting-templates").json()["templates"]
    stack.declare(intro={**LINK, "adopt": True, "template_id": one["id"]})
    stack.deploy()
    stack.declare(intro={**LINK, "adopt": True, "template_id": other["id"]})

    assert stack.preview() == {"replace": 1}

    assert "taken over" not in stack.said


def test_a_forced_replacement_does_not_delete_the_link_that_it_adopts(stack: Stack, emulator: Emulator) -> None:
    """
    The old link and the new one are the same; where another is wanted, the old one must go first.
    """
    stack.declare(intro={**LINK, "opts": {"replacement_trigger": 1}})
    stack.deploy()
    sid, urn = stack.resources()["intro"]["id"], stack.resources()["intro"]["urn"]

    stack.declare(intro={**LINK, "opts": {"replacement_trigger": 2}})
    said = stack.fails("up", "--yes", "--skip-preview")
    assert f"the link {sid} ('{LINK['name']}', 'intro'), which this resource replaces, still has it." in said
    assert "Declare ResourceOptions(delete_before_replace=True)" in said

    stack.declare(intro={**LINK, "adopt": True, "opts": {"replacement_trigger": 1}})
    stack.deploy("--replace", urn)
    assert f"The link {sid} stays: it was taken over in this run." in stack.said
    assert [meeting["sid"] for meeting in emulator.meetings()] == [sid]

    stack.declare(intro={**LINK, "adopt": True, "opts": {"delete_before_replace": True}})
    stack.deploy("--replace", urn)
    assert [meeting["sid"] for meeting in emulator.meetings()] == [stack.resources()["intro"]["id"]] != [sid]


def test_a_renamed_resource_that_adopts_its_link_does_not_delete_it(stack: Stack, emulator: Emulator) -> None:
    """
    The engine makes the new resource before it deletes the old one, and both are the same link.
    """
    stack.declare(before=LINK)
    stack.deploy()
    sid = stack.resources()["before"]["id"]
    stack.declare(after={**LINK, "adopt": True})

    assert stack.up() == {"create": 1, "delete": 1}

    assert f"The link {sid} stays: it was taken over in this run." in stack.said
    assert [meeting["sid"] for meeting in emulator.meetings()] == [sid]
    assert stack.resources()["after"]["id"] == sid
