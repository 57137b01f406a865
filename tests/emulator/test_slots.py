"""
Slots: what can be booked, why the rest cannot, and when several people are free.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api

EVE = {"meeting_slug": "intro", "name": "Eve", "email": "eve@example.com", "time_zone": "Europe/London"}
TUESDAY = {"year": "2026", "month": "3", "day": "10", "time_zone": "Europe/London"}
TOGETHER: dict[str, Any] = {
    "emails[]": ["ada@acme.example", "ben@acme.example"],
    "duration": 60,
    "start_date": "2026-03-10",
    "end_date": "2026-03-10",
    "time_zone": "Europe/London",
}


@pytest.fixture(autouse=True)
def _monday_morning(emulator: Emulator) -> None:
    emulator.clock(at="2026-03-02T06:00:00Z", frozen=True)


def starts(api: Api, sid: str, **query: str) -> list[str]:
    """
    Return when the slots of a link begin.
    """
    days = api.get(f"/meetings/{sid}/slots", **{**TUESDAY, **query}).json()["slots"]
    return [start for each in days for start in each["slots"]]


def test_slots_of_a_day_follow_length_step_and_zone(v1: Api, v2: Api) -> None:
    """
    Three hours every two hours between nine and five in London are three slots; in Kolkata they are later that day
    (SLOT_SHAPE).
    """
    sid = v2.create(duration=180, start_time_increment=120)["sid"]

    found = v2.get(f"/meetings/{sid}/slots", **TUESDAY)

    assert found.status_code == 200
    assert found.json() == v1.get("/slots/intro", **TUESDAY).json()
    (day,) = found.json()["slots"]
    assert (day["date"], day["day"], list(day["slots"])) == ("2026-03-10", 10, ["09:00 AM", "11:00 AM", "01:00 PM"])
    assert day["slots"]["11:00 AM"] == {"start_time": "11:00 AM", "end_time": "02:00 PM", "count": 1}
    assert starts(v2, sid, time_zone="Asia/Kolkata") == ["02:30 PM", "04:30 PM", "06:30 PM"]


def test_a_month_has_its_working_days(v2: Api) -> None:
    """
    From the lead time on, each weekday of March is there, and no other day.
    """
    sid = v2.create()["sid"]
    month = {name: value for name, value in TUESDAY.items() if name != "day"}

    days = v2.get(f"/meetings/{sid}/slots", **month).json()["slots"]

    assert [each["day"] for each in days][:6] == [2, 3, 4, 5, 6, 9]
    assert len(days) == 22
    assert next(iter(days[0]["slots"])) == "10:00 AM"


def test_every_slot_can_be_booked_and_is_gone_then(v1: Api, v2: Api) -> None:
    """
    A slot is spelled as a booking wants it; a cancelled booking gives it back, a group keeps all.
    """
    sid, group = v2.create()["sid"], v2.create(slug="group", kind="grouped")["sid"]
    before = starts(v2, sid)

    for slug in ("intro", "group"):
        slot = {"slot_date": "2026-03-10", "slot_start_time": before[2]}
        booking = v2.post("/bookings", {**EVE, "meeting_slug": slug, **slot}).json()
        v2.post("/bookings", {**EVE, "meeting_slug": slug, **slot})

    assert starts(v2, sid) == [start for start in before if start != before[2]]
    assert starts(v2, group) == before
    first = v2.get("/bookings", meeting_sid=sid).json()["bookings"][0]
    assert booking["sid"] != first["sid"]
    v1.post(f"/bookings/{first['sid']}/cancel")
    assert starts(v2, sid) == before


def test_whose_hours_count_follows_the_kind(v2: Api) -> None:
    """
    London's and Stockholm's days share seven hours and span nine; one-on-one has the first host's eight (SLOT_HOSTS).
    """
    hosts = ["ada@acme.example", "ben@acme.example"]
    kinds = ("multihost", "round_robin", "one_on_one")
    sids = [v2.create(slug=kind, kind=kind, hosts=hosts)["sid"] for kind in kinds]

    assert [len(starts(v2, sid)) for sid in sids] == [14, 18, 16]
    assert starts(v2, sids[1])[0] == "08:00 AM"
    assert [len(starts(v2, sids[1], host_email=email)) for email in ("BEN@acme.example", "who@acme.example")] == [16, 0]


def test_a_round_robin_booking_is_with_who_has_the_hours(v2: Api) -> None:
    """
    At eight in London only Ben is at work; at night nobody is, and the first host has it (BOOKING_HOST).
    """
    v2.create(kind="round_robin", hosts=["ada@acme.example", "ben@acme.example"])

    hosts = [
        v2.post("/bookings", {**EVE, "slot_date": "2026-03-10", "slot_start_time": time}).json()["host_email"]
        for time in ("08:00 AM", "09:00 AM", "11:00 PM")
    ]

    assert hosts == ["ben@acme.example", "ada@acme.example", "ada@acme.example"]


def test_slots_end_with_the_schedulable_range(emulator: Emulator, v2: Api) -> None:
    """
    As many days as the link says, by default 60; what is no number of days counts as 60, too (SLOT_RANGE, SLOT_NONE).
    """
    sid = v2.create()["sid"]
    reached = [bool(starts(v2, sid, month=month, day=day)) for month, day in (("4", "30"), ("5", "4"))]
    emulator.edit_meeting(sid, schedulable_range_value="7")
    week = [bool(starts(v2, sid, day=day)) for day in ("6", "10")]
    emulator.edit_meeting(sid, schedulable_range_type="date_range")

    assert (reached, week) == ([True, False], [True, False])
    assert starts(v2, sid)
    emulator.edit_meeting(sid, disabled=True)
    assert starts(v2, sid) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": ""},
        {"year": ""},
        {"year": "999"},
        {"year": "x"},
        {"month": "0"},
        {"month": "13"},
        {"day": "0"},
        {"day": ""},
        {"month": "2", "day": "29"},
    ],
)
def test_an_impossible_day_is_400(v1: Api, v2: Api, changes: dict[str, str]) -> None:
    """
    Slots are asked for by days that exist, in a zone that exists.
    """
    path = f"/meetings/{v2.create()['sid']}"

    answers = [
        v2.get(f"{path}/slots", **{**TUESDAY, **changes}),
        v2.get(f"{path}/unavailable-slots", **{**TUESDAY, **changes}),
        v1.get("/slots/intro", **{**TUESDAY, **changes}),
    ]

    assert [(each.status_code, each.headers["x-emulator-facts"]) for each in answers] == [(400, "SLOT_QUERY")] * 3


def test_a_missing_link_has_no_slots(v1: Api, v2: Api) -> None:
    """
    Neither by its sid nor by its slug.
    """
    assert v2.get("/meetings/nothere/slots", **TUESDAY).status_code == 404
    assert v2.get("/meetings/nothere/unavailable-slots", **TUESDAY).status_code == 404
    assert v1.get("/slots/nothere", **TUESDAY).status_code == 404


def test_reasons_name_the_booking_and_the_day_off(v2: Api) -> None:
    """
    A booking closes its time, an override without periods the day; the rest is open (SLOT_REASONS).
    """
    sid = v2.create()["sid"]
    slot = {"slot_date": "2026-03-10", "slot_start_time": "10:00 AM"}
    booking = v2.post("/bookings", {**EVE, **slot}).json()
    availability = v2.get("/availabilities", **{"emails[]": "ada@acme.example"}).json()["availabilities"][0]
    v2.patch(f"/availabilities/{availability['id']}", {"overrides": [{"date": "2026-03-11", "periods": []}]})

    month = {name: value for name, value in TUESDAY.items() if name != "day"}
    dates = v2.get(f"/meetings/{sid}/unavailable-slots", **month).json()["dates"]

    assert [each["date"] for each in (dates[0], dates[-1])] == ["2026-03-01", "2026-03-31"]
    booked, off = dates[9], dates[10]
    assert (booked["available_time_ranges"], booked["day_reasons"]) == ("09:00-10:00, 10:30-17:00", [])
    (blocked,) = booked["blocked"]
    assert (blocked["from"], blocked["to"], blocked["reason"]) == ("10:00", "10:30", "booking")
    assert (blocked["booking_sid"], blocked["client_name"], blocked["meeting_name"]) == (booking["sid"], "Eve", "Intro")
    assert (off["available_time_ranges"], off["day_reasons"][0]["reason"]) == ("", "date_override")
    assert dates[0] == {"date": "2026-03-01", "available_time_ranges": "", "day_reasons": [], "blocked": []}


def test_common_slots_are_free_for_all(v2: Api) -> None:
    """
    From nine in London to five in Stockholm, without what one of them has booked on any link (COMMON_SLOTS).
    """
    v2.create(hosts=["ben@acme.example"])
    v2.post("/bookings", {**EVE, "slot_date": "2026-03-10", "slot_start_time": "10:00 AM"})

    body = v2.get("/common-slots", **TOGETHER).json()

    assert list(body) == ["slots"]
    assert body["slots"][0] == {"starts_at": "2026-03-10T09:00:00.000Z", "ends_at": "2026-03-10T10:00:00.000Z"}
    assert [each["starts_at"][11:16] for each in body["slots"]][1:3] == ["10:30", "11:00"]
    assert body["slots"][-1]["ends_at"] == "2026-03-10T16:00:00.000Z"


@pytest.mark.parametrize(
    "changes",
    [
        {"emails[]": []},
        {"emails[]": ["who@acme.example"]},
        {"duration": 0},
        {"duration": ""},
        {"start_date": "soon"},
        {"start_date": "0001-01-01", "end_date": "0001-01-02"},
        {"end_date": "2026-03-09"},
        {"end_date": "2026-04-11"},
        {"time_zone": "Mars/Olympus"},
    ],
)
def test_impossible_common_slots_are_400(v2: Api, changes: dict[str, Any]) -> None:
    """
    They need members, a length, a zone, and days at most 31 apart.
    """
    response = v2.get("/common-slots", **{**TOGETHER, **changes})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (400, "COMMON_QUERY")


def test_common_slots_reach_31_days(v2: Api) -> None:
    """
    The last day that may be asked for is 31 days later, doubles in the e-mails count once.
    """
    emails = ["ada@acme.example", "ADA@acme.example"]

    slots = v2.get("/common-slots", **{**TOGETHER, "emails[]": emails, "end_date": "2026-04-10"}).json()["slots"]

    assert slots[-1]["ends_at"] == "2026-04-10T16:00:00.000Z"
