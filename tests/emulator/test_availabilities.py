"""
Availabilities: seen, made, changed, shared among links and given to one of them.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_emulator.errors import SetupError
from tests.emulator.api import Api

MONDAY_MORNING = [{"wday": "monday", "start_time": "08:00 AM", "end_time": "09:00 AM"}]
EVE = {"meeting_slug": "intro", "name": "Eve", "email": "eve@example.com", "time_zone": "UTC"}


@pytest.fixture(autouse=True)
def _monday_morning(emulator: Emulator) -> None:
    emulator.clock(at="2026-03-02T06:00:00Z", frozen=True)


def default_of(api: Api, email: str) -> dict[str, Any]:
    """
    Return a member's default availability.
    """
    (found,) = api.get("/availabilities", **{"emails[]": email}).json()["availabilities"]
    assert found["default"]
    return dict(found)


def slot_starts(api: Api, sid: str, day: int, **params: str) -> list[str]:
    """
    Return when the slots of a link begin on a day of March 2026, in London.
    """
    query = {"year": "2026", "month": "3", "day": str(day), "time_zone": "Europe/London", **params}
    days = api.get(f"/meetings/{sid}/slots", **query).json()["slots"]
    return [start for each in days for start in each["slots"]]


def test_every_member_has_a_default_availability(v2: Api) -> None:
    """
    The list of v2 holds all members' hours; one of them is shown under its id and its sid
    (AVAILABILITY_DEFAULT, AVAILABILITY_ENVELOPE, AVAILABILITY_ID).
    """
    body = v2.get("/availabilities", page_size=100).json()

    assert 13 == body["pagination"]["total_records"] == len(body["availabilities"])
    first = body["availabilities"][0]
    assert (first["name"], first["default"], first["overrides"]) == ("Default availability", True, [])
    assert (first["user"]["name"], first["user"]["email"]) == ("Ada Okafor", "ada@acme.example")
    assert [(each["wday"], each["start_time"], each["end_time"]) for each in first["periods"]] == [
        (day, "09:00 AM", "05:00 PM") for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
    ]
    assert len({period["id"] for each in body["availabilities"] for period in each["periods"]}) == 13 * 5
    for name in ("id", "sid"):
        assert {"availability": first} == v2.get(f"/availabilities/{first[name]}").json()


def test_v1_needs_the_emails(v1: Api) -> None:
    """
    Without emails[] v1 refuses; strangers are left out, letter case does not count.
    """
    refused = v1.get("/availabilities")
    emails = ["BEN@acme.example", "ada@acme.example", "stranger@acme.example"]
    found = v1.get("/availabilities", **{"emails[]": emails}).json()["availabilities"]

    assert (refused.status_code, refused.headers["x-emulator-facts"]) == (400, "AVAILABILITY_EMAILS")
    assert [each["user"]["email"] for each in found] == ["ada@acme.example", "ben@acme.example"]
    assert (found[0]["before_buffer_time"], found[0]["after_buffer_time"]) == (0, 0)


def test_v1_pages_by_page(v1: Api) -> None:
    """
    In v1 the page's number goes by the name of 'page'.
    """
    emails = ["ada@acme.example", "ben@acme.example"]

    body = v1.get("/availabilities", page=2, page_size=1, **{"emails[]": emails}).json()

    assert [each["user"]["email"] for each in body["availabilities"]] == ["ben@acme.example"]
    assert body["pagination"] == {"total_records": 2, "total_pages": 2, "current_page_number": 2, "page_size": 1}


def test_v1_lists_one_members_availabilities(v1: Api, v2: Api) -> None:
    """
    By the e-mail alone, letter case ignored, with the buffers of v1; a stranger has none.
    """
    found = v1.get("/availabilities/team_member", email="BEN@acme.example", page=1).json()
    stranger = v1.get("/availabilities/team_member", email="stranger@acme.example").json()

    assert found == v1.get("/availabilities", **{"emails[]": "ben@acme.example"}).json()
    assert found["pagination"]["total_records"] == 1
    assert (stranger["availabilities"], stranger["pagination"]["total_records"]) == ([], 0)
    assert v2.get("/availabilities/team_member", email="ben@acme.example").status_code == 404


@pytest.mark.parametrize("query", [{}, {"email": ""}, {"email": " "}, {"emails[]": "ben@acme.example"}])
def test_one_members_availabilities_need_the_email(v1: Api, query: dict[str, str]) -> None:
    """
    Nobody's name does not mean everybody.
    """
    response = v1.get("/availabilities/team_member", **query)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (400, "AVAILABILITY_MEMBER")


def test_a_missing_availability_is_404(v2: Api, globex: Api) -> None:
    """
    Nobody's id and another workspace's member's are not found.
    """
    ada = v2.get("/availabilities", **{"emails[]": "ada@acme.example"}).json()["availabilities"][0]

    assert v2.get("/availabilities/nothere").status_code == 404
    assert globex.get(f"/availabilities/{ada['id']}").status_code == 404


# Changes


@pytest.mark.parametrize("method", ["patch", "put"])
def test_a_changed_availability_changes_slots_and_first_free_bookings(v2: Api, method: str) -> None:
    """
    All links of the host follow; the answer shows the new periods under the same id.
    """
    sid = v2.create()["sid"]
    before = default_of(v2, "ada@acme.example")

    response = getattr(v2, method)(f"/availabilities/{before['sid']}", {"periods": MONDAY_MORNING})

    assert (response.status_code, response.json()["message"]) == (200, "Availability updated successfully")
    after = default_of(v2, "ada@acme.example")
    assert after == response.json()["availability"] == {**before, "periods": after["periods"]}
    assert [{name: period[name] for name in MONDAY_MORNING[0]} for period in after["periods"]] == MONDAY_MORNING
    assert (slot_starts(v2, sid, 9), slot_starts(v2, sid, 10)) == (["08:00 AM", "08:30 AM"], [])
    assert v2.post("/bookings", EVE).json()["starts_at"] == "2026-03-09T08:00:00.000Z"


def test_overrides_come_and_go_by_date(v2: Api) -> None:
    """
    Other hours on one day, none on another; without 'periods' an override is gone and the others stay.
    """
    sid = v2.create()["sid"]
    path = f"/availabilities/{default_of(v2, 'ada@acme.example')['id']}"
    noon = {"date": "2026-03-10", "periods": [{"start_time": "12:00 PM", "end_time": "01:00 PM"}]}

    v2.patch(path, {"overrides": [noon, {"date": "2026-03-11", "periods": []}]})
    overridden = [slot_starts(v2, sid, day) for day in (10, 11)]
    shown = v2.patch(path, {"overrides": [{"date": "2026-03-10"}]}).json()["availability"]["overrides"]

    assert overridden == [["12:00 PM", "12:30 PM"], []]
    assert shown == [{"date": "2026-03-11", "periods": []}]
    assert [len(slot_starts(v2, sid, day)) for day in (10, 11)] == [16, 0]


def test_a_link_gets_an_availability_of_its_own(v1: Api, v2: Api) -> None:
    """
    Only this link follows it, also when it is changed through the link; v1 and v2 answer alike (AVAILABILITY_OF_LINK).
    """
    own, other = v2.create(), v2.create(slug="other")
    new = {"email": "ADA@acme.example", "name": "Own", "periods": MONDAY_MORNING}

    second = v1.post(f"/meetings/{own['sid']}/availability/create", new)
    first = v2.post(f"/meetings/{own['sid']}/availabilities", new)
    changed = v1.post(
        f"/meetings/{own['sid']}/availability",
        {"periods": [{**MONDAY_MORNING[0], "end_time": "08:30 AM"}], "time_zone": "Europe/London"},
    )

    assert (first.status_code, second.status_code) == (201, 200)
    body = first.json()
    assert (body["meeting_id"], body["member_id"]) == (own["id"], body["availability"]["user"]["id"])
    assert (body["availability_id"], body["availability"]["default"]) == (body["availability"]["id"], False)
    assert second.json()["availability"]["before_buffer_time"] == 0
    assert (changed.json()["message"], changed.json()["meeting"]) == ("Meeting updated successfully", own)
    assert slot_starts(v2, own["sid"], 9) == ["08:00 AM"]
    assert len(slot_starts(v2, other["sid"], 9)) == 16


def test_a_shared_availability_changes_through_a_link(v2: Api) -> None:
    """
    A link without one of its own uses its host's default one, and so do the host's other links (AVAILABILITY_SHARED).
    """
    sids = [v2.create(slug=slug)["sid"] for slug in ("one", "two")]

    v2.patch(f"/meetings/{sids[0]}/availabilities", {"periods": MONDAY_MORNING})

    assert [slot_starts(v2, sid, 9) for sid in sids] == [["08:00 AM", "08:30 AM"]] * 2
    assert len(default_of(v2, "ada@acme.example")["periods"]) == 1


def test_a_new_availability_is_listed_with_its_owner_and_leaves_with_her(v1: Api, v2: Api) -> None:
    """
    Without periods it has the usual hours by the clock of its owner, whatever the zone of the request.
    """
    made = v2.post("/availabilities", {"email": "mei@acme.example", "name": "More", "time_zone": "Europe/Rome"})
    availability = made.json()["availability"]
    listed = v2.get("/availabilities", **{"emails[]": "mei@acme.example"}).json()["availabilities"]
    late = v1.post("/availabilities", {"email": "mei@acme.example", "name": "Late"})

    assert (made.status_code, late.status_code, availability) == (201, 200, listed[1])
    assert (len(availability["periods"]), "time_zone" in availability) == (5, False)
    assert {each["start_time"] for each in availability["periods"]} == {"09:00 AM"}
    assert availability["user"]["name"] == "Mei Tanaka"
    v2.delete(f"/team-members/{availability['user']['id']}")
    assert v2.get(f"/availabilities/{availability['id']}").status_code == 404


def hours(availability: dict[str, Any]) -> list[tuple[str, ...]]:
    """
    Return the weekly periods without their ids.
    """
    return [(each["wday"], each["start_time"], each["end_time"]) for each in availability["periods"]]


def test_times_are_converted_to_the_members_zone(v2: Api) -> None:
    """
    Nine in New York is two in the afternoon in London, before America's clocks change; a zone without times moves
    nothing (AVAILABILITY_ZONE).
    """
    sid = v2.create()["sid"]
    path = f"/availabilities/{default_of(v2, 'ada@acme.example')['id']}"

    v2.patch(f"/meetings/{sid}/availabilities", {"time_zone": "America/New_York"})
    unmoved = slot_starts(v2, sid, 10)[0]
    periods = [{"wday": "tuesday", "start_time": "09:00 AM", "end_time": "10:00 AM"}]
    moved = v2.patch(path, {"time_zone": "America/New_York", "periods": periods}).json()["availability"]

    assert unmoved == "09:00 AM"
    assert hours(moved) == [("tuesday", "02:00 PM", "03:00 PM")]
    assert slot_starts(v2, sid, 10) == ["02:00 PM", "02:30 PM"]


def test_times_that_are_converted_over_midnight_are_two_periods(v2: Api) -> None:
    """
    Sunday evening in Los Angeles is Monday morning in London, and so are the days of overrides.
    """
    path = f"/availabilities/{default_of(v2, 'ada@acme.example')['id']}"
    evening = {"start_time": "03:00 PM", "end_time": "06:00 PM"}
    late = {"start_time": "09:00 PM", "end_time": "10:00 PM"}
    body = {
        "time_zone": "America/Los_Angeles",
        "periods": [{"wday": "sunday", **evening}, {"wday": "sunday", **late}],
        "overrides": [{"date": "2026-07-04", "periods": [evening]}, {"date": "2026-12-24", "periods": []}],
    }

    moved = v2.patch(path, body).json()["availability"]

    assert hours(moved) == [
        ("sunday", "11:00 PM", "11:59 PM"),
        ("monday", "12:00 AM", "02:00 AM"),
        ("monday", "05:00 AM", "06:00 AM"),
    ]
    assert moved["overrides"] == [
        {"date": "2026-07-04", "periods": [{"start_time": "11:00 PM", "end_time": "11:59 PM"}]},
        {"date": "2026-07-05", "periods": [{"start_time": "12:00 AM", "end_time": "02:00 AM"}]},
        {"date": "2026-12-24", "periods": []},
    ]


def test_an_update_can_drop_the_name(emulator: Emulator, v2: Api) -> None:
    """
    The name changes by itself, unless the switch says that only the page's fields are taken (AVAILABILITY_NAME).
    """
    path = f"/availabilities/{default_of(v2, 'ada@acme.example')['id']}"

    renamed = v2.patch(path, {"name": "Office hours"}).json()["availability"]["name"]
    emulator.switch(availability_name_in_patch="dropped")
    kept = v2.patch(path, {"name": "Other hours"}).json()["availability"]["name"]

    assert (renamed, kept) == ("Office hours", "Office hours")


def test_names_can_be_unique(emulator: Emulator, v2: Api) -> None:
    """
    Two availabilities of a member can have one name, unless the switch says otherwise; another member's do not count.
    """
    new = {"email": "ada@acme.example", "name": "More"}
    first = v2.post("/availabilities", new).json()["availability"]
    twice = v2.post("/availabilities", {**new, "name": "Less"})
    again = v2.post("/availabilities", {**new, "name": "Less"})
    emulator.switch(repeated_names="refused")

    third = v2.post("/availabilities", new)
    others = v2.post("/availabilities", {**new, "email": "ben@acme.example"})

    assert (twice.status_code, again.status_code, others.status_code) == (201, 201, 201)
    assert (third.status_code, third.headers["x-emulator-facts"]) == (422, "REPEATED_NAME")
    assert v2.patch(f"/availabilities/{first['id']}", {"name": "Less"}).status_code == 422
    assert v2.patch(f"/availabilities/{first['id']}", {"name": "More"}).status_code == 200


def test_a_link_can_get_another_availability(v2: Api) -> None:
    """
    The second one that is made for a host of a link takes the place of the first, which stays (AVAILABILITY_OF_LINK).
    """
    sid = v2.create()["sid"]
    new = {"email": "ada@acme.example", "name": "Own", "periods": MONDAY_MORNING}
    later = [{**MONDAY_MORNING[0], "start_time": "08:30 AM"}]

    v2.post(f"/meetings/{sid}/availabilities", new)
    v2.post(f"/meetings/{sid}/availabilities", {**new, "periods": later})

    assert slot_starts(v2, sid, 9) == ["08:30 AM"]
    emails = {"emails[]": "ada@acme.example"}
    assert v2.get("/availabilities", **emails).json()["pagination"]["total_records"] == 3


def test_the_app_can_delete_what_a_link_uses(emulator: Emulator, v2: Api) -> None:
    """
    The link uses its host's default hours again; nobody can delete those.
    """
    sid = v2.create()["sid"]
    new = {"email": "ada@acme.example", "name": "Own", "periods": MONDAY_MORNING}
    own = v2.post(f"/meetings/{sid}/availabilities", new).json()["availability_id"]

    emulator.remove_object("availabilities", own)

    assert len(slot_starts(v2, sid, 9)) == 16
    with pytest.raises(SetupError, match="default"):
        emulator.remove_object("availabilities", default_of(v2, "ada@acme.example")["id"])


def test_overlapping_periods_add_up(v2: Api) -> None:
    """
    Two that overlap are one, in whatever spelling of the time.
    """
    sid = v2.create()["sid"]
    periods = [
        {"wday": "monday", "start_time": "09:00AM", "end_time": "10:00AM"},
        {"wday": "monday", "start_time": "09:30", "end_time": "10:30"},
    ]

    v2.patch(f"/meetings/{sid}/availabilities", {"periods": periods})

    assert slot_starts(v2, sid, 9) == ["09:00 AM", "09:30 AM", "10:00 AM"]


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        ({"periods": [{**MONDAY_MORNING[0], "wday": "Monday"}]}, "AVAILABILITY_PERIODS"),
        ({"periods": [{**MONDAY_MORNING[0], "end_time": "08:00 AM"}]}, "AVAILABILITY_PERIODS"),
        ({"periods": [{**MONDAY_MORNING[0], "start_time": "8 o'clock"}]}, "AVAILABILITY_PERIODS"),
        ({"periods": [{"wday": "monday"}]}, "BLANK"),
        ({"periods": "always"}, "VALUE_TYPE"),
        ({"overrides": [{"date": "10.3.2026", "periods": []}]}, "AVAILABILITY_OVERRIDES"),
        ({"overrides": [{"date": "2026-03-10", "periods": None}]}, "VALUE_TYPE"),
        ({"time_zone": "Mars/Olympus"}, "BOOKING_ZONE"),
        ({"name": ""}, "BLANK"),
    ],
)
def test_a_bad_availability_is_refused(v2: Api, body: dict[str, Any], fact: str) -> None:
    """
    A change with one bad value changes nothing.
    """
    before = default_of(v2, "ada@acme.example")

    response = v2.patch(f"/availabilities/{before['id']}", {"periods": [], **body})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, fact)
    assert default_of(v2, "ada@acme.example") == before


def test_an_availability_needs_an_owner_who_hosts(v2: Api) -> None:
    """
    Strangers have none, and on a link only its hosts have; nothing is left of what was refused.
    """
    sid = v2.create()["sid"]

    answers = [
        v2.post("/availabilities", {"email": "who@acme.example", "name": "New"}),
        v2.post(f"/meetings/{sid}/availabilities", {"email": "ben@acme.example", "name": "New"}),
    ]

    assert [(each.status_code, each.headers["x-emulator-facts"]) for each in answers] == [
        (422, "AVAILABILITY_OWNER")
    ] * 2
    assert v2.get("/availabilities", page_size=1).json()["pagination"]["total_records"] == 13


def test_v1_needs_the_periods(v1: Api) -> None:
    """
    An update of v1 without periods is refused, for a member and for a link.
    """
    sid = v1.create()["sid"]
    availability = v1.get("/availabilities", **{"emails[]": "ada@acme.example"}).json()["availabilities"][0]

    answers = [
        v1.patch(f"/availabilities/{availability['id']}", {"name": "New"}),
        v1.post(f"/meetings/{sid}/availability", {"time_zone": "UTC"}),
    ]

    assert [(each.status_code, each.headers["x-emulator-facts"]) for each in answers] == [
        (422, "AVAILABILITY_PERIODS")
    ] * 2
