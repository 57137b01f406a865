"""
Durations and spots of a link.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api

KINDS = [("durations", "duration", 30, 60), ("spots", "spot", "zoom", "teams")]

each_kind = pytest.mark.parametrize(("plural", "field", "value", "other"), KINDS)


@each_kind
def test_an_option_lives_its_life_in_v2(v2: Api, plural: str, field: str, value: object, other: object) -> None:
    """
    Create 201, show bare, list whole, change 200, delete 204 (OPTION_LIST, OPTION_PARTIAL, OPTION_DELETED_STATUS).
    """
    path = f"/meetings/{v2.create()['sid']}/{plural}"

    created = v2.post(path, {field: value, "is_default": True})
    second = v2.post(path, {field: other})
    option = created.json()[field]
    one = f"{path}/{option['id']}"

    assert (201, f"{field.capitalize()} created successfully") == (created.status_code, created.json()["message"])
    assert option == v2.get(one).json()
    assert {plural: [option, second.json()[field]]} == v2.get(path).json()
    changed = v2.put(one, {field: other})
    assert (200, f"{field.capitalize()} updated successfully") == (changed.status_code, changed.json()["message"])
    assert (other, True) == (changed.json()[field][field], changed.json()[field]["is_default"])
    deleted = v2.delete(one)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert v2.get(one).status_code == 404


@each_kind
def test_v1_answers_200_and_messages(v1: Api, plural: str, field: str, value: object, other: object) -> None:
    """
    In v1 creates answer 200, and a delete tells that it is done (OPTION_DELETED_STATUS).
    """
    path = f"/meetings/{v1.create()['sid']}/{plural}"

    first = v1.post(path, {field: value})
    v1.post(path, {field: other})
    deleted = v1.delete(f"{path}/{first.json()[field]['id']}")

    assert (first.status_code, deleted.status_code) == (200, 200)
    assert {"message": f"{field.capitalize()} destroyed successfully"} == deleted.json()


@pytest.mark.parametrize(("plural", "field", "value"), [case[:3] for case in KINDS])
def test_the_last_option_cannot_be_deleted(v2: Api, plural: str, field: str, value: object) -> None:
    """
    Deleting the only option is a conflict with the documented text.
    """
    path = f"/meetings/{v2.create()['sid']}/{plural}"
    option = v2.post(path, {field: value}).json()[field]

    response = v2.delete(f"{path}/{option['id']}")

    assert (409, {"error": f"Cannot delete the last remaining {field}"}) == (response.status_code, response.json())


@each_kind
def test_a_second_default_is_a_conflict(v2: Api, plural: str, field: str, value: object, other: object) -> None:
    """
    Only one option can be default, by create and by update.
    """
    path = f"/meetings/{v2.create()['sid']}/{plural}"
    v2.post(path, {field: value, "is_default": True})
    second = v2.post(path, {field: other}).json()[field]

    answers = [
        v2.post(path, {field: other, "is_default": True}),
        v2.put(f"{path}/{second['id']}", {"is_default": True}),
    ]

    expected = (409, {"error": f"Only one {field} can be default"})
    assert [expected, expected] == [(each.status_code, each.json()) for each in answers]


@pytest.mark.parametrize("mode", ["swap", "locked"])
def test_the_default_moves_when_the_switch_says_so(emulator: Emulator, v2: Api, mode: str) -> None:
    """
    With swap or locked a new default takes the flag from the old one.
    """
    emulator.switch(default_option=mode)
    path = f"/meetings/{v2.create()['sid']}/durations"
    v2.post(path, {"duration": 30, "is_default": True})

    assert v2.post(path, {"duration": 60, "is_default": True}).status_code == 201
    assert _defaults(v2, path) == [(30, False), (60, True)]


@pytest.mark.parametrize(("mode", "status"), [("conflict", 200), ("swap", 200), ("locked", 409)])
def test_a_lone_default_can_be_unset_unless_locked(emulator: Emulator, v2: Api, mode: str, status: int) -> None:
    """
    Only `locked` refuses to leave a link without a default.
    """
    emulator.switch(default_option=mode)
    path = f"/meetings/{v2.create()['sid']}/durations"
    option = v2.post(path, {"duration": 30, "is_default": True}).json()["duration"]

    assert status == v2.put(f"{path}/{option['id']}", {"is_default": False}).status_code


def test_options_show_in_the_link(v2: Api) -> None:
    """
    The link nests its options, spots in another spelling, and counts as changed (OPTIONS_STAND_ALONE).
    """
    before = v2.create(is_multiple_durations_allowed=True)
    path = f"/meetings/{before['sid']}"

    duration = v2.post(f"{path}/durations", {"duration": 45}).json()["duration"]
    v2.post(f"{path}/spots", {"spot": "phone_call", "spot_phone_call_number": "+1"})

    after = v2.get(path).json()
    assert [duration] == after["durations"]
    assert after["durations_possible"] == [45]
    assert (after["spots"][0]["spot"], after["spots"][0]["phone_call_number"]) == ("phone_call", "+1")
    assert before["updated_at"] < after["updated_at"]
    assert (after["duration"], after["spot"]) == (30, "jitsi")


@pytest.mark.parametrize("name", ["phone_call_number", "spot_phone_call_number", "phone_number"])
def test_a_spots_texts_have_three_spellings(v2: Api, name: str) -> None:
    """
    A number is understood in each spelling and answered in that of the endpoint (SPOT_SPELLINGS).
    """
    path = f"/meetings/{v2.create()['sid']}/spots"

    spot = v2.post(path, {"spot": "phone_call", name: "+1"}).json()["spot"]

    assert spot["spot_phone_call_number"] == "+1"


@pytest.mark.parametrize(
    ("spot", "texts"),
    [
        ("phone_call", {"spot_custom_text": "x"}),
        ("custom", {"spot_custom_text": ""}),
        ("in_person", {"location": None}),
    ],
)
def test_a_spot_needs_its_text(v2: Api, spot: str, texts: dict[str, Any]) -> None:
    """
    A phone call needs a number, a custom spot its text, a meeting in person its place.
    """
    response = v2.post(f"/meetings/{v2.create()['sid']}/spots", {"spot": spot, **texts})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, "SPOT_TEXT")


def test_another_place_empties_the_old_text(v2: Api) -> None:
    """
    A spot that becomes a video call no longer shows the phone number (SPOT_TEXT_OTHERS).
    """
    path = f"/meetings/{v2.create()['sid']}/spots"
    spot = v2.post(path, {"spot": "phone_call", "phone_number": "+1"}).json()["spot"]

    changed = v2.put(f"{path}/{spot['id']}", {"spot": "zoom"}).json()["spot"]

    assert (changed["spot"], changed["spot_phone_call_number"]) == ("zoom", None)


@pytest.mark.parametrize("body", [{}, {"duration": None}, {"duration": 1441}, {"duration": 5, "is_default": "yes"}])
def test_a_bad_option_is_refused(v2: Api, body: dict[str, Any]) -> None:
    """
    Minutes are required, in range, and the flag is a boolean.
    """
    assert v2.post(f"/meetings/{v2.create()['sid']}/durations", body).status_code == 422


def test_an_unknown_option_is_404(v2: Api) -> None:
    """
    Another link's duration is not found on this link.
    """
    owner = v2.create()["sid"]
    option = v2.post(f"/meetings/{owner}/durations", {"duration": 5}).json()["duration"]
    other = v2.create(slug="other")["sid"]

    response = v2.get(f"/meetings/{other}/durations/{option['id']}")

    assert (response.status_code, response.json()) == (404, {"error": "Duration not found"})


def _defaults(api: Api, path: str) -> list[tuple[int, bool]]:
    return [(each["duration"], each["is_default"]) for each in api.get(path).json()["durations"]]
