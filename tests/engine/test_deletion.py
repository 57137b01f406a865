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
    stack.up()
    bookings = [api.book("intro"), api.book("intro")]

    said = stack.fails("destroy", "--yes", "--skip-preview")

    assert "has 2 upcoming bookings and was not deleted" in said
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
    stack.up()
    api.book("intro")
    stack.declare(intro={**LINK, "template_id": other["id"]})

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "has 1 upcoming booking and was not deleted" in said
    (meeting,) = emulator.meetings()
    assert stack.resources()["intro"]["id"] == meeting["sid"]


def test_force_destroy_deletes_with_one_request(stack: Stack, api: Api, asked: Asked) -> None:
    """
    Declaring it is recorded without a request; then nobody asks for bookings.
    """
    stack.declare(intro=LINK)
    stack.up()
    api.book("intro")
    asked()
    stack.declare(intro={**LINK, "force_destroy": True})

    assert stack.up() == {"update": 1}
    assert asked() == []
    assert stack.destroy() == {"delete": 1}

    assert [method for method, _path in asked()] == ["DELETE"]


def test_a_link_without_bookings_takes_two_requests(stack: Stack, asked: Asked) -> None:
    """
    One counts the bookings, one deletes.
    """
    stack.declare(intro=LINK)
    stack.up()
    asked()

    stack.destroy()

    assert [(method, path.split("/")[1]) for method, path in asked()] == [("GET", "bookings"), ("DELETE", "meetings")]


def test_bookings_of_other_links_do_not_count(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    Nor do those that are over.
    """
    api.create(slug="other")
    api.book("other")
    stack.declare(intro=LINK)
    stack.up()
    api.book("intro")
    emulator.clock(offset_s=60 * 24 * 3600)
    api.book("other")

    assert stack.destroy() == {"delete": 1}


def test_a_link_that_is_gone_has_nothing_left_to_protect(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    Its bookings may be ahead all the same.
    """
    stack.declare(intro=LINK)
    stack.up()
    api.book("intro")
    emulator.remove_meeting(stack.resources()["intro"]["id"])

    assert stack.destroy() == {"delete": 1}


@pytest.mark.parametrize("status", [404, 500])
def test_bookings_that_cannot_be_counted_protect_the_link(stack: Stack, emulator: Emulator, status: int) -> None:
    """
    When in doubt, the link stays.
    """
    stack.declare(intro=LINK)
    stack.up()
    emulator.fault("status", path="/bookings", status=status)

    said = stack.fails("destroy", "--yes", "--skip-preview")

    assert ("has bookings that cannot be counted" if status == 404 else "was answered with 500") in said
    assert [meeting["slug"] for meeting in emulator.meetings()] == ["intro"]


def test_retain_on_delete_keeps_the_link(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    The way out that the refusal names.
    """
    stack.declare(intro={**LINK, "opts": {"retain_on_delete": True}})
    stack.up()
    api.book("intro")

    assert stack.destroy() == {"delete": 1}

    assert [meeting["slug"] for meeting in emulator.meetings()] == ["intro"]
