"""
Whatever hides the answer to a request, there is one link afterwards, and it is what was declared.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider import errors
from tests.core.conftest import Connect
from tests.link import create, delete, update

INTRO: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
DURATIONS = [{"duration": 30, "is_default": True}, {"duration": 15, "is_default": False}]
SPOTS = [{"spot": "zoom", "is_default": True}, {"spot": "jitsi", "is_default": False}]

LOST: dict[str, dict[str, Any]] = {
    "cut before": {"kind": "cut", "moment": "before"},
    "cut after": {"kind": "cut", "moment": "after"},
    "500 before": {"kind": "status", "status": 500, "moment": "before"},
    "500 after": {"kind": "status", "status": 500, "moment": "after"},
    "502 after": {"kind": "html", "status": 502, "moment": "after"},
    "503 before": {"kind": "status", "status": 503, "moment": "before"},
    "truncated": {"kind": "truncated_json"},
}

versions = pytest.mark.parametrize("api_version", ["v2", "v1"])
losses = pytest.mark.parametrize("loss", LOST)


def posts(emulator: Emulator, path: str) -> int:
    """
    Return how many POSTs the API has seen on a path that ends so.
    """
    return sum(request.method == "POST" and request.path.endswith(path) for request in emulator.requests)


@versions
@losses
@pytest.mark.parametrize("times", [1, 3])
def test_a_create_whose_answer_was_lost_makes_one_link(
    emulator: Emulator, core: Connect, api_version: str, loss: str, times: int
) -> None:
    """
    It is looked for by its slug, found where the work was done, and asked for again where it was not.
    """
    emulator.fault(method="POST", path="/meetings", times=times, **LOST[loss])

    made = create(core(api_version), INTRO)

    (meeting,) = emulator.meetings()
    assert (made.id, made.warnings, made.is_adopted) == (meeting["sid"], (), False)
    assert posts(emulator, "/meetings") == (1 if LOST[loss].get("moment") != "before" else times + 1)


def test_a_refused_create_that_was_carried_out_all_the_same_is_ours(emulator: Emulator, core: Connect) -> None:
    """
    The POST is sent again, and that the slug is taken then says that the link may be the one of before.
    """
    emulator.fault("status", status=429, moment="after", retry_after_s=0, method="POST", path="/meetings", times=1)

    made = create(core("v2"), INTRO)

    (meeting,) = emulator.meetings()
    assert (made.id, made.warnings, made.is_adopted) == (meeting["sid"], (), False)
    assert posts(emulator, "/meetings") > 1


@versions
def test_what_the_server_drops_does_not_hide_that_the_link_is_ours(
    emulator: Emulator, core: Connect, api_version: str
) -> None:
    """
    A field that did not stick is told as after any create, and is no sign of another's link.
    """
    emulator.switch(nested_options_on_create="ignored")
    emulator.fault("cut", method="POST", path="/meetings", moment="after", times=1)

    made = create(core(api_version), {**INTRO, "spots": SPOTS})

    (meeting,) = emulator.meetings()
    assert made.id == meeting["sid"]
    assert sorted(row["spot"] for row in meeting["spots"]) == ["jitsi", "zoom"]


@versions
def test_another_link_with_the_slug_is_not_taken_for_ours(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    Nor is one that looks the same but is older than our asking: what hangs on it is not ours to delete.
    """
    client = core(api_version)
    old = create(client, INTRO)
    emulator.edit_meeting(old.id, created_at="2026-01-05T09:00:00.000Z")
    emulator.fault("cut", method="POST", path="/meetings", moment="after", times=1)

    with pytest.raises(errors.RefusedError, match=f"taken: the link {old.id} .* differs in nothing that is declared"):
        create(client, INTRO)

    assert [meeting["sid"] for meeting in emulator.meetings()] == [old.id]


@versions
@losses
@pytest.mark.parametrize("name", ["durations", "spots"])
@pytest.mark.parametrize("first", [1, 2])
def test_an_option_whose_answer_was_lost_is_made_once(
    emulator: Emulator, core: Connect, api_version: str, loss: str, name: str, first: int
) -> None:
    """
    The next list tells whether it is there.
    """
    emulator.switch(nested_options_on_create="ignored")
    emulator.fault(method="POST", path=f"/meetings/*/{name}", first=first, times=1, **LOST[loss])
    choices: dict[str, list[dict[str, Any]]] = {"durations": DURATIONS, "spots": SPOTS}
    declared = choices[name]

    made = create(core(api_version), {**INTRO, name: declared})

    (meeting,) = emulator.meetings()
    key = {"durations": "duration", "spots": "spot"}[name]
    shown = [{key: row[key], "is_default": row["is_default"]} for row in meeting[name]]
    assert sorted(shown, key=str) == sorted(declared, key=str)
    assert made.warnings == ()


@versions
@pytest.mark.parametrize("name", ["durations", "spots"])
def test_an_option_that_may_still_be_under_way_is_not_added_beside_it(
    emulator: Emulator, core: Connect, api_version: str, name: str
) -> None:
    """
    Who gave up waiting cannot know: the user is warned, and the next deployment finds what has become of it.
    """
    emulator.switch(nested_options_on_create="ignored")
    emulator.fault("status", status=504, moment="before", method="POST", path=f"/meetings/*/{name}", times=1)
    choices: dict[str, list[dict[str, Any]]] = {"durations": DURATIONS, "spots": SPOTS}
    declared = {**INTRO, name: choices[name]}

    made = create(core(api_version), declared)

    assert posts(emulator, f"/{name}") == 1
    (warning,) = made.warnings
    assert "was created, but not finished; run `pulumi up` again." in warning
    assert update(core(api_version), made.id, made.outputs, declared).problems == ()
    (meeting,) = emulator.meetings()
    assert len(meeting[name]) == len(declared[name])


@versions
@losses
@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE", "GET"])
@pytest.mark.parametrize("times", [1, 3])
def test_an_update_whose_answers_were_lost_ends_as_declared(
    emulator: Emulator, core: Connect, api_version: str, loss: str, method: str, times: int
) -> None:
    """
    In this run, or, where a server failed in a way that is told at once, in the next.
    """
    client = core(api_version)
    made = create(client, {**INTRO, "durations": DURATIONS})
    wanted = {**INTRO, "name": "Another", "durations": [{"duration": 45, "is_default": True}]}
    emulator.fault(method=method, times=times, **LOST[loss])

    outputs = made.outputs
    for _ in range(times + 1 if "500" in loss else 1):
        try:
            updated = update(client, made.id, outputs, wanted)
        except errors.ServerError:
            continue
        outputs = updated.outputs
    updated = update(client, made.id, outputs, wanted)

    (meeting,) = emulator.meetings()
    assert updated.problems == ()
    assert meeting["name"] == "Another"
    assert [(row["duration"], row["is_default"]) for row in meeting["durations"]] == [(45, True)]


@losses
@pytest.mark.parametrize("times", [1, 3])
def test_a_delete_whose_answer_was_lost_has_deleted(emulator: Emulator, core: Connect, loss: str, times: int) -> None:
    """
    The second request finds nothing, and that is as it should be.
    """
    client = core()
    made = create(client, INTRO)
    emulator.fault(method="DELETE", times=times, **LOST[loss])

    for _ in range(times + 1 if "500" in loss else 1):
        try:
            delete(client, made.id, made.outputs)
        except errors.ServerError:
            continue

    assert emulator.meetings() == []
