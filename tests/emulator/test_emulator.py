"""
The emulator as a Python test holds it.
"""

from __future__ import annotations

import pytest

from neetocal_emulator import Emulator, EmulatorError, SetupError
from neetocal_emulator.errors import InvalidError, UnknownTargetError
from tests.emulator.api import Api


def test_meetings_are_sorted_by_slug(emulator: Emulator, v2: Api) -> None:
    """
    The store is seen as the API shows it, without paging.
    """
    created = [v2.create(slug=f"link-{number:03}") for number in range(120)]

    assert created == emulator.meetings()


def test_an_edit_changes_any_field(emulator: Emulator, v2: Api) -> None:
    """
    Somebody in the web app can change what the API cannot.
    """
    before = v2.create()

    edited = emulator.edit_meeting(
        before["sid"],
        disabled=True,
        lead_time=5,
        hosts=["ben@acme.example"],
        durations=[{"duration": 15, "is_default": True}],
        spots=[{"spot": "zoom"}],
        is_multiple_durations_allowed=True,
    )

    assert edited == v2.get(f"/meetings/{before['sid']}").json()
    assert (edited["disabled"], edited["lead_time"], edited["durations_possible"]) == (True, 5, [15])
    assert [host["email"] for host in edited["hosts"]] == ["ben@acme.example"]
    assert before["updated_at"] < edited["updated_at"]


def test_an_edit_cannot_break_the_rules(emulator: Emulator, v2: Api) -> None:
    """
    The web app obeys the same rules, and a slip of the test is told.
    """
    sid = v2.create()["sid"]

    with pytest.raises(InvalidError):
        emulator.edit_meeting(sid, slug="Not A Slug")
    with pytest.raises(SetupError):
        emulator.edit_meeting(sid, colour="red")
    with pytest.raises(UnknownTargetError):
        emulator.edit_meeting("nothere", name="x")
    with pytest.raises(UnknownTargetError):
        emulator.edit_meeting(sid, workspace="nowhere", name="x")


def test_a_removed_link_is_gone(emulator: Emulator, v2: Api) -> None:
    """
    Somebody in the web app can delete a link behind the client's back.
    """
    sid = v2.create()["sid"]

    emulator.remove_meeting(sid)

    assert (emulator.meetings(), v2.get(f"/meetings/{sid}").status_code) == ([], 404)
    with pytest.raises(UnknownTargetError):
        emulator.remove_meeting(sid)


def test_a_reset_goes_back_to_the_seed(emulator: Emulator, v2: Api) -> None:
    """
    A reset drops links, people and the journal.
    """
    v2.create()
    v2.post("/team-members", {"emails": ["new@acme.example"]})

    emulator.reset()

    assert (emulator.meetings(), emulator.requests) == ([], [])
    assert v2.get("/team-members").json()["pagination"]["total_records"] == 13


def test_a_stopped_emulator_says_so() -> None:
    """
    Before the start and after the stop there is nothing to ask; stopping twice is fine.
    """
    emulator = Emulator()
    with pytest.raises(EmulatorError, match="not running"):
        emulator.meetings()
    emulator.start()
    with pytest.raises(EmulatorError, match="running already"):
        emulator.start()
    emulator.stop()
    emulator.stop()
    with pytest.raises(EmulatorError, match="not running"):
        _ = emulator.url


def test_a_taken_port_is_told(emulator: Emulator) -> None:
    """
    Two emulators cannot have the same port.
    """
    with pytest.raises(SetupError, match=f"port {emulator.port}"):
        Emulator(port=emulator.port).start()


def test_emulators_can_live_side_by_side(v2: Api) -> None:
    """
    Each has its own port and its own links.
    """
    v2.create()

    with Emulator() as other:
        assert other.meetings() == []
