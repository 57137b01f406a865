"""
A 404 on a link that was created a moment ago: a replica that lags behind, until it is known better.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider import errors
from neetocal_provider.api.objects import instant
from tests.core.conftest import Connect
from tests.emulator.api import Api
from tests.link import create, delete, preview_refusal, read, update

INTRO: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
DURATIONS = [{"duration": 30, "is_default": True}, {"duration": 15, "is_default": False}]
HOUR = 3600

versions = pytest.mark.parametrize("api_version", ["v2", "v1"])


def lag(emulator: Emulator, path: str = "/meetings/*", **options: Any) -> None:
    """
    Let reads not find links, as a replica would that lags behind.
    """
    emulator.fault("status", status=404, method="GET", path=path, **options)


@versions
def test_a_new_link_that_is_not_found_is_asked_for_again(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    By a refresh, which reads it as soon as it is found.
    """
    made = create(core(api_version), INTRO)
    emulator.fault("status", status=500, method="GET", path="/meetings", times=1)  # no list tells of it
    lag(emulator, times=3)

    live = read(core(api_version), made.id, made.outputs)

    assert live is not None
    assert live.outputs == made.outputs


@versions
@pytest.mark.parametrize("offset_s", [-HOUR, 0, HOUR])
def test_only_a_new_link_that_is_not_found_stays_in_the_state(
    emulator: Emulator, core: Connect, api_version: str, offset_s: float
) -> None:
    """
    An error says why, and when to try again; an older link is gone, as is one whose age cannot be told.
    """
    client = core(api_version)
    emulator.clock(offset_s=offset_s)
    made = create(client, INTRO)
    emulator.remove_meeting(made.id)

    if offset_s:
        assert read(client, made.id, made.outputs) is None
    else:
        with pytest.raises(
            errors.NeetoCalError, match=r"with 404, although neetoCal created it \d+ seconds ago: .* Wait"
        ):
            read(client, made.id, made.outputs)
    assert read(client, made.id, {name: made.outputs[name] for name in made.outputs.keys() - {"created_at"}}) is None


def test_a_new_link_that_is_said_to_be_gone_is(emulator: Emulator, core: Connect) -> None:
    """
    By 410: who does not know of a link cannot say that it was there.
    """
    made = create(core(), INTRO)
    emulator.remove_meeting(made.id)
    emulator.fault("status", status=410, method="GET", path="/meetings/*")

    assert read(core(), made.id, made.outputs) is None


def test_when_a_link_was_created_is_recorded(emulator: Emulator, core: Connect) -> None:
    """
    By neetoCal's clock, and an update leaves it.
    """
    made = create(core(), INTRO)
    (meeting,) = emulator.meetings()

    updated = update(core(), made.id, made.outputs, {**INTRO, "name": "Introduction"})

    assert instant(made.outputs["created_at"]) == instant(meeting["created_at"])
    assert updated.outputs["created_at"] == made.outputs["created_at"]


@versions
def test_a_lost_link_that_only_the_list_shows_yet_is_ours(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    It is asked for by itself until it is found.
    """
    emulator.fault("cut", method="POST", path="/meetings", moment="after", times=1)
    lag(emulator, times=2)

    made = create(core(api_version), INTRO)

    assert [meeting["sid"] for meeting in emulator.meetings()] == [made.id]
    assert made.warnings == ()


@versions
@pytest.mark.parametrize("name", ["durations", "spots"])
def test_options_of_a_new_link_wait_for_it(emulator: Emulator, core: Connect, api_version: str, name: str) -> None:
    """
    The create finishes it, without a warning.
    """
    emulator.switch(nested_options_on_create="ignored")
    lag(emulator, f"/meetings/*/{name}", times=2)
    declared: dict[str, list[Any]] = {"durations": DURATIONS, "spots": [{"spot": "zoom", "is_default": True}]}

    made = create(core(api_version), {**INTRO, name: declared[name]})

    (meeting,) = emulator.meetings()
    assert made.warnings == ()
    assert len(meeting[name]) == len(declared[name])


@versions
def test_an_update_of_a_new_link_waits_for_it(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    Its present hosts are read first.
    """
    made = create(core(api_version), INTRO)
    lag(emulator, times=2)

    update(core(api_version), made.id, made.outputs, {**INTRO, "name": "Introduction"})

    assert emulator.meetings()[0]["name"] == "Introduction"


def test_bookings_of_a_new_link_protect_it(emulator: Emulator, core: Connect) -> None:
    """
    That it is not found does not mean that nothing is left to protect.
    """
    made = create(core(), INTRO)
    with closing(Api(emulator.url)) as api:
        api.book("intro")
    lag(emulator)

    with pytest.raises(errors.NeetoCalError, match="isn't treated as deleted"):
        delete(core(), made.id, made.outputs)

    assert "isn't treated as deleted" in preview_refusal(core(), made.id, made.outputs)
    assert [meeting["sid"] for meeting in emulator.meetings()] == [made.id]


def test_a_delete_that_finds_nothing_is_believed(emulator: Emulator, core: Connect) -> None:
    """
    Only reads come from replicas.
    """
    made = create(core(), INTRO)
    emulator.remove_meeting(made.id)

    delete(core(), made.id, made.outputs)

    assert emulator.meetings() == []
