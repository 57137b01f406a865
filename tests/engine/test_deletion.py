"""
What protects the bookings of people when a link is to go.
"""

from __future__ import annotations

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api
from tests.engine.conftest import Asked
from tests.engine.stack import Stack


def test_a_link_with_upcoming_bookings_is_not_deleted(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    The refusal says how many and names the ways out; once they are cancelled, the link goes.
    """
    stack.declare(intro=LINK)
    stack.deploy()
    bookings = [api.book("intro"), api.book("intro")]

    said = stack.fails("destroy", "--yes", "--skip-preview")

    assert "could not be deleted: It has 2 upcoming bookings: cancel them" in said
    assert [way for way in ("cancel them", "force_destroy=True", "retain_on_delete=True") if way not in said] == []
    assert [meeting["slug"] for meeting in emulator.meetings()] == ["intro"]
    for booking in bookings:
        api.patch(f"/bookings/{booking['sid']}", {"status": "cancelled"})
    assert stack.destroy() == {"delete": 1}
    assert emulator.meetings() == []


def test_a_link_with_upcoming_bookings_is_not_replaced(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    The old link stays with its bookings, and the state still knows it.
    """
    one, other = api.get("/meeting-templates").json()["templates"]
    stack.declare(intro={**LINK, "template_id": one["id"]})
    stack.deploy()
    api.book("intro")
    stack.declare(intro={**LINK, "template_id": other["id"]})

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "could not be deleted: It has 1 upcoming booking: cancel them" in said
    (meeting,) = emulator.meetings()
    assert stack.resources()["intro"]["id"] == meeting["sid"]


@pytest.mark.parametrize("slug", ["intro", "welcome"])
def test_a_refused_replacement_is_foreseen_and_makes_nothing(
    stack: Stack, api: Api, emulator: Emulator, slug: str
) -> None:
    """
    The preview tells the number and the ways out; also under another slug the new link does not come first.
    """
    one, other = api.get("/meeting-templates").json()["templates"]
    stack.declare(intro={**LINK, "template_id": one["id"]})
    stack.deploy()
    api.book("intro")
    before = emulator.meetings()
    stack.declare(intro={**LINK, "slug": slug, "template_id": other["id"]})

    stack.preview()
    assert "has 1 upcoming booking and will not be replaced: cancel them in the web app; or declare" in stack.said
    said = stack.fails("up", "--yes", "--skip-preview")

    assert "could not be deleted: It has 1 upcoming booking: cancel them" in said
    assert emulator.meetings() == before
    stack.declare(intro={**LINK, "template_id": one["id"], "force_destroy": True})
    assert stack.up() == {"update": 1}
    stack.declare(intro={**LINK, "slug": "other", "template_id": other["id"], "force_destroy": True})
    assert stack.up() == {"replace": 1}
    assert [meeting["slug"] for meeting in emulator.meetings()] == ["other"]


def test_a_link_that_is_retained_is_replaced_by_another(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    The third way out: neetoCal keeps the old link, and the bookings with it.
    """
    one, other = api.get("/meeting-templates").json()["templates"]
    opts = {"retain_on_delete": True}
    stack.declare(intro={**LINK, "template_id": one["id"], "opts": opts})
    stack.deploy()
    api.book("intro")
    stack.declare(intro={**LINK, "slug": "welcome", "template_id": other["id"], "opts": opts})

    assert stack.up() == {"replace": 1}

    assert [meeting["slug"] for meeting in emulator.meetings()] == ["intro", "welcome"]


def test_a_move_to_another_workspace_begins_with_what_may_be_refused(
    stack: Stack, api: Api, emulator: Emulator
) -> None:
    """
    Bookings, or a key that is missing, keep the old link; no second one is made in the new workspace.
    """
    stack.declare(intro=LINK)
    stack.deploy()
    api.book("intro")
    stack.declare(intro={**LINK, "hosts": ["nadia@globex.example"]})
    stack.config("neetocal:workspace", "globex")
    stack.config("neetocal:apiKey", emulator.environment("globex")["NEETOCAL_API_KEY"], "--secret")

    with_key = stack.fails("up", "--yes", "--skip-preview")
    stack.environment(NEETOCAL_API_KEY=None)
    without_key = stack.fails("up", "--yes", "--skip-preview")

    assert "could not be deleted: It has 1 upcoming booking: cancel them" in with_key
    assert "This link lives in workspace 'acme', but neetocal:workspace" in without_key
    assert ([len(emulator.meetings(name)) for name in ("acme", "globex")]) == [1, 0]


def test_the_ways_out_that_the_refusal_names(stack: Stack, api: Api, emulator: Emulator, asked: Asked) -> None:
    """
    Declaring `force_destroy` is recorded without a request; then nobody asks for bookings. A retained link stays.
    """
    kept = {**LINK, "slug": "kept", "opts": {"retain_on_delete": True}}
    stack.declare(intro=LINK, kept=kept)
    stack.deploy()
    api.book("intro")
    api.book("kept")
    asked()
    stack.declare(intro={**LINK, "force_destroy": True}, kept=kept)

    assert stack.up() == {"update": 1, "same": 1}
    assert asked() == []
    assert stack.destroy() == {"delete": 2}

    assert [method for method, _path in asked()] == ["DELETE"]
    assert [meeting["slug"] for meeting in emulator.meetings()] == ["kept"]


def test_bookings_of_other_links_do_not_count(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    Nor do those that are over.
    """
    api.create(slug="other")
    api.book("other")
    stack.declare(intro=LINK)
    stack.deploy()
    api.book("intro")
    emulator.clock(offset_s=60 * 24 * 3600)
    api.book("other")

    assert stack.destroy() == {"delete": 1}


def test_a_link_that_is_gone_has_nothing_left_to_protect(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    Its bookings may be ahead all the same.
    """
    emulator.clock(offset_s=-3600)  # a new link that is not found is not called gone
    stack.declare(intro=LINK)
    stack.deploy()
    api.book("intro")
    emulator.remove_meeting(stack.resources()["intro"]["id"])

    assert stack.destroy() == {"delete": 1}


@pytest.mark.parametrize("status", [500, pytest.param(404, marks=pytest.mark.matrix)])
def test_bookings_that_cannot_be_counted_protect_the_link(stack: Stack, emulator: Emulator, status: int) -> None:
    """
    When in doubt, the link stays.
    """
    stack.declare(intro=LINK)
    stack.deploy()
    emulator.fault("status", path="/bookings", status=status)

    said = stack.fails("destroy", "--yes", "--skip-preview")

    assert ("has bookings that cannot be counted" if status == 404 else "was answered with 500") in said
    assert [meeting["slug"] for meeting in emulator.meetings()] == ["intro"]
