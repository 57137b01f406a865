"""
Bookings: made, seen, filtered and cancelled, and what they do to a deleted link's slug.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api

EVE: dict[str, Any] = {
    "meeting_slug": "intro",
    "name": "Eve Smith",
    "email": "eve@example.com",
    "time_zone": "Asia/Kolkata",
}


@pytest.fixture(autouse=True)
def _monday_morning(emulator: Emulator) -> None:
    emulator.clock(at="2026-03-02T06:00:00Z", frozen=True)


def booked(api: Api, **fields: Any) -> dict[str, Any]:
    """
    Book a slot for somebody who differs from EVE by these fields.
    """
    response = api.post("/bookings", {**EVE, **fields})
    assert response.is_success, response.text
    booking: dict[str, Any] = response.json()
    return booking


def on(day: str, time: str) -> dict[str, str]:
    """
    Name a slot of London's.
    """
    return {"slot_date": day, "slot_start_time": time, "time_zone": "Europe/London"}


# Create


def test_the_asked_slot_is_booked_in_its_zone(emulator: Emulator, v1: Api, v2: Api) -> None:
    """
    Half past one in Kolkata is eight in UTC; the versions differ in the status alone
    (BOOKING_IS_BARE, BOOKING_OBJECT, BOOKING_ADDRESSES).
    """
    link = v2.create()
    slot = {"slot_date": "2026-03-10", "slot_start_time": "01:30 PM"}

    first = v1.post("/bookings", {**EVE, **slot})
    second = v2.post("/bookings", {**EVE, **slot, "slot_start_time": "02:00 PM"})

    assert (first.status_code, second.status_code) == (200, 201)
    booking = first.json()
    assert (booking["starts_at"], booking["ends_at"]) == ("2026-03-10T08:00:00.000Z", "2026-03-10T08:30:00.000Z")
    assert second.json()["starts_at"] == "2026-03-10T08:30:00.000Z"
    assert re.fullmatch(r"[a-z0-9]{7}", booking["sid"])
    assert (booking["meeting_id"], booking["meeting"]) == (link["id"], {"name": "Intro"})
    assert (booking["host_name"], booking["host_email"]) == ("Ada Okafor", "ada@acme.example")
    assert (booking["status"], booking["created_at"]) == ("confirmed", "2026-03-02T06:00:00.000Z")
    assert booking["admin_booking_url"] == f"{emulator.url}/admin/bookings/{booking['sid']}"
    assert booking["client_booking_url"] == f"{emulator.url}/bookings/{booking['sid']}"
    assert booking == v1.get(f"/bookings/{booking['sid']}").json() == v2.get(f"/bookings/{booking['sid']}").json()


def test_the_first_free_slot_is_booked_when_none_is_asked(v2: Api) -> None:
    """
    Four hours of lead time after six, and within the host's hours: ten, then half past.
    """
    v2.create()

    starts = [booked(v2)["starts_at"] for _ in range(2)]

    assert starts == ["2026-03-02T10:00:00.000Z", "2026-03-02T10:30:00.000Z"]


def test_the_first_free_slot_is_in_the_hosts_week(emulator: Emulator, v2: Api) -> None:
    """
    On Friday night the next slot is on Monday at nine, where the host is.
    """
    v2.create(hosts=["mei@acme.example"])
    emulator.clock(at="2026-03-06T20:00:00Z")

    assert booked(v2)["starts_at"] == "2026-03-09T00:00:00.000Z"


def test_a_link_longer_than_the_day_has_no_free_slot(v2: Api) -> None:
    """
    Nine hours do not fit between nine and five.
    """
    v2.create(duration=540)

    response = v2.post("/bookings", EVE)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, "BOOKING_FIRST_FREE")


def test_a_slot_is_booked_once_but_by_groups(v2: Api) -> None:
    """
    An overlapping slot is taken, the next is free; a group link takes everybody.
    """
    v2.create()
    v2.create(slug="group", kind="grouped")
    slot = on("2026-03-10", "10:00 AM")
    booked(v2, **slot)

    overlapping = v2.post("/bookings", {**EVE, **slot, "slot_start_time": "10:15 AM"})

    assert (overlapping.status_code, overlapping.headers["x-emulator-facts"]) == (422, "BOOKING_SLOT_FREE")
    booked(v2, **{**slot, "slot_start_time": "10:30 AM"})
    assert len({booked(v2, meeting_slug="group", **slot)["sid"] for _ in range(2)}) == 2


@pytest.mark.parametrize(
    ("fields", "fact"),
    [
        ({"name": None}, "BLANK"),
        ({"email": "eve"}, "MEMBER_EMAIL_FORM"),
        ({"time_zone": "Mars/Olympus"}, "BOOKING_ZONE"),
        ({"slot_date": "10.3.2026"}, "BOOKING_SLOT"),
        ({"slot_start_time": "13:30"}, "BOOKING_SLOT"),
        ({"slot_date": "2026-03-10"}, "BOOKING_SLOT"),
        (on("2026-03-02", "05:59 AM"), "BOOKING_SLOT_FREE"),
        (on("9999-12-31", "11:59 PM"), "BOOKING_SLOT_FREE"),
        ({"preferred_meeting_spot": "moon"}, "SPOT_VALUES"),
    ],
)
def test_a_bad_booking_is_refused(v2: Api, fields: dict[str, Any], fact: str) -> None:
    """
    Each value has its rule, and a slot must be ahead.
    """
    v2.create()

    response = v2.post("/bookings", {**EVE, **fields})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, fact)


def test_what_is_required_is_named(v1: Api) -> None:
    """
    An empty request is told all four fields.
    """
    response = v1.post("/bookings", {})

    assert response.status_code == 422
    assert response.json()["error"].count("can't be blank") == 4


def test_only_a_live_link_can_be_booked(emulator: Emulator, v2: Api) -> None:
    """
    No link, no booking; a disabled one takes none either.
    """
    missing = v2.post("/bookings", EVE)
    emulator.edit_meeting(v2.create()["sid"], disabled=True)
    disabled = v2.post("/bookings", EVE)

    assert (missing.status_code, disabled.status_code) == (404, 422)


@pytest.mark.parametrize("fields", [{"lead_time": 2**31 - 1}, {"start_time_increment": 2**31 - 1}])
def test_odd_links_can_be_booked(emulator: Emulator, v2: Api, fields: dict[str, Any]) -> None:
    """
    Numbers that no calendar can hold count as the largest that one can.
    """
    emulator.edit_meeting(v2.create()["sid"], **fields)

    assert booked(v2)["status"] == "confirmed"


# Cancel


def test_v1_cancels_by_a_path(v1: Api) -> None:
    """
    The reason is kept; once is enough, and the slot is free again (BOOKING_CANCEL).
    """
    v1.create()
    slot = on("2026-03-10", "10:00 AM")
    path = f"/bookings/{booked(v1, **slot)['sid']}"

    answers = [v1.post(f"{path}/cancel?cancel_reason=Rain"), v1.post(f"{path}/cancel")]

    assert [each.status_code for each in answers] == [200, 422]
    assert answers[0].json() == {"message": "Booking cancelled successfully"}
    booking = v1.get(path).json()
    assert (booking["status"], booking["cancel_reason"]) == ("cancelled", "Rain")
    booked(v1, **slot)


def test_v2_cancels_by_a_status(v2: Api) -> None:
    """
    PATCH and PUT both do; nothing waits for approval (BOOKING_CANCEL).
    """
    v2.create()
    first, second = booked(v2), booked(v2)

    answers = [
        v2.patch(f"/bookings/{first['sid']}", {"status": "cancelled", "cancel_reason": "Rain"}),
        v2.put(f"/bookings/{second['sid']}", {"status": "cancelled"}),
    ]

    assert [(each.status_code, each.json()["status"]) for each in answers] == [(200, "cancelled")] * 2
    assert answers[0].json()["cancel_reason"] == "Rain"
    for body in ({}, {"status": "approved"}, {"status": "lost"}):
        assert v2.patch(f"/bookings/{first['sid']}", body).status_code == 422


def test_a_missing_booking_is_404(v1: Api, v2: Api, globex: Api) -> None:
    """
    Nobody's sid and another workspace's booking are not found.
    """
    v2.create()
    path = f"/bookings/{booked(v2)['sid']}"

    answers = [
        globex.get(path),
        v1.post("/bookings/nothere/cancel"),
        v2.patch("/bookings/nothere", {"status": "cancelled"}),
        v2.get("/bookings/nothere"),
    ]

    assert [each.status_code for each in answers] == [404] * 4


# Move


MOVE = {
    "name": "Eve S.",
    "email": "eve.s@example.com",
    "time_zone": "Europe/London",
    "slot_date": "2026-03-11",
    "slot_start_time": "11:00 AM",
    "reschedule_reason": "Rain",
}


def test_v1_moves_a_booking_by_patch(v1: Api, v2: Api) -> None:
    """
    The booking keeps its sid, frees its slot, and is found by its new name; v2 does the same with what changes.
    """
    v1.create()
    before = booked(v1, **on("2026-03-10", "10:00 AM"))
    path = f"/bookings/{before['sid']}"

    moved = v1.patch(path, MOVE)
    again = v2.put(path, {"slot_date": "2026-03-12", "slot_start_time": "15:00"})

    assert (moved.status_code, again.status_code) == (200, 200)
    shown = moved.json()
    assert (shown["starts_at"], shown["ends_at"]) == ("2026-03-11T11:00:00.000Z", "2026-03-11T11:30:00.000Z")
    assert (shown["sid"], shown["name"], shown["email"]) == (before["sid"], "Eve S.", "eve.s@example.com")
    assert again.json()["starts_at"] == "2026-03-12T15:00:00.000Z"
    assert again.json() == v1.get(path).json()
    assert sids(v2, search="eve s.") == sids(v2, client_email="eve.s@example.com") == [before["sid"]]
    booked(v1, **on("2026-03-10", "10:00 AM"))


def test_a_booking_can_be_moved_by_less_than_its_length(v2: Api) -> None:
    """
    It is not in its own way; another's slot is refused.
    """
    v2.create()
    first = booked(v2, **on("2026-03-10", "10:00 AM"))
    booked(v2, **on("2026-03-10", "11:00 AM"))
    path = f"/bookings/{first['sid']}"

    near = v2.patch(path, on("2026-03-10", "10:15 AM"))
    taken = v2.patch(path, on("2026-03-10", "10:45 AM"))

    assert (near.status_code, near.json()["starts_at"]) == (200, "2026-03-10T10:15:00.000Z")
    assert (taken.status_code, taken.headers["x-emulator-facts"]) == (422, "BOOKING_SLOT_FREE")


def test_v1_wants_everything_told_again(v1: Api) -> None:
    """
    What is missing is named; a booking of a deleted link can be moved, a cancelled one cannot.
    """
    v1.create()
    path = f"/bookings/{booked(v1)['sid']}"

    missing = v1.patch(path, {"reschedule_reason": "Rain"})
    v1.post(f"{path}/cancel")
    cancelled = v1.patch(path, MOVE)

    assert (missing.status_code, missing.headers["x-emulator-facts"]) == (422, "BOOKING_RESCHEDULE")
    assert missing.json()["error"].count("can't be blank") == 5
    assert (cancelled.status_code, cancelled.headers["x-emulator-facts"]) == (422, "BOOKING_CANCELLED_ONCE")


def test_a_booking_outlives_its_link(v2: Api) -> None:
    """
    Also a deleted link's booking can be moved and paid.
    """
    meeting = v2.create()
    path = f"/bookings/{booked(v2)['sid']}"
    v2.delete(f"/meetings/{meeting['sid']}")

    answers = [v2.patch(path, on("2026-03-10", "10:00 AM")), v2.post(f"{path}/payments", {"payment_provider": "cash"})]

    assert [each.status_code for each in answers] == [200, 201]


def test_v2_corrects_who_is_coming_and_where(v2: Api) -> None:
    """
    Without a slot the time stays; outcomes do not exist, and half a slot is none.
    """
    v2.create()
    before = booked(v2)
    path = f"/bookings/{before['sid']}"

    body = {"name": "Max", "preferred_meeting_spot": "zoom", "meeting_outcome_id": "", "reschedule_reason": None}
    after = v2.put(path, body).json()
    refused = [
        v2.put(path, {"meeting_outcome_id": "good"}),
        v2.put(path, {"slot_date": "2026-03-10"}),
        v2.put(path, {"status": "cancelled", "slot_date": "2026-03-10"}),
        v2.put(path, {"status": "rejected", "rejection_reason": "No"}),
    ]

    assert (after["name"], after["room_type"], after["starts_at"]) == ("Max", "zoom", before["starts_at"])
    assert v2.put(path, {}).json() == {**after, "updated_at": v2.get(path).json()["updated_at"]}
    facts = ["BOOKING_OUTCOME", "BOOKING_SLOT", "BOOKING_SLOT", "BOOKING_STATUS"]
    assert [(each.status_code, each.headers["x-emulator-facts"]) for each in refused] == [(422, fact) for fact in facts]


def test_nothing_is_booked_along(v1: Api, v2: Api) -> None:
    """
    A booking has no associated ones, and none has a parent (BOOKING_ASSOCIATED).
    """
    v1.create()
    booking = booked(v1)

    assert v1.get(f"/bookings/{booking['sid']}/associated_bookings").json() == {"associated_bookings": []}
    assert v1.get("/bookings/nothere/associated_bookings").status_code == 404
    assert sids(v2, parent_booking_id=booking["id"]) == []


# List


def sids(api: Api, **params: str | int | list[str]) -> list[str]:
    """
    List bookings and return their sids.
    """
    return [each["sid"] for each in api.get("/bookings", **params).json()["bookings"]]


def test_the_type_follows_the_clock(emulator: Emulator, v1: Api, v2: Api) -> None:
    """
    A booking is upcoming until it is over, then past; a cancelled one is neither (BOOKING_UPCOMING).
    """
    v2.create()
    near, far, off = (booked(v2, **on(f"2026-03-1{day}", "10:00 AM"))["sid"] for day in range(3))
    v1.post(f"/bookings/{off}/cancel")
    emulator.clock(at="2026-03-10T10:29:00Z")
    before = {kind: sids(v1, type=kind) for kind in ("upcoming", "past", "cancelled", "incomplete")}
    emulator.clock(at="2026-03-10T10:30:00Z")
    after = {kind: sids(v2, type=kind) for kind in ("upcoming", "past", "cancelled")}

    assert before == {"upcoming": [far, near], "past": [], "cancelled": [off], "incomplete": []}
    assert after == {"upcoming": [far], "past": [near], "cancelled": [off]}
    assert v1.get("/bookings").json()["pagination"]["total_records"] == 3


def test_filters_and_order(v1: Api, v2: Api) -> None:
    """
    Host, client, link, time and words choose; both keys sort both ways
    (BOOKING_FILTERS, BOOKING_FILTERS_V2, BOOKING_ORDER).
    """
    v2.create()
    other = v2.create(slug="other", hosts=["ben@acme.example"])
    late = booked(v2, **on("2026-03-12", "10:00 AM"))["sid"]
    early = booked(v2, **on("2026-03-11", "10:00 AM"), meeting_slug="other", name="Max", email="max@example.com")["sid"]

    assert sids(v1) == [early, late] == sids(v2, sorting_key="created_at")
    assert sids(v1, sorting_order="asc") == [late, early] == sids(v2, sorting_key="starts_at", sorting_order="desc")
    assert sids(v1, host_email="BEN@acme.example") == [early] == sids(v2, client_email="max@Example.com")
    assert sids(v2, meeting_sid=other["sid"]) == [early] == sids(v2, search="MAX")
    assert sids(v2, starts_after="2026-03-11T10:00:00Z") == [early, late]
    assert sids(v2, starts_after="2026-03-11T10:00:01Z") == [late] == sids(v2, starts_after="2026-03-12")
    assert sids(v2, starts_before="2026-03-12") == [early]
    assert sids(v2, starts_before="2026-03-12T11:00:00+01:00") == [early]
    assert sids(v2, page_size=1, page_number=2) == [late]
    assert sids(v1, search="max", meeting_sid="nothere") == [early, late]


@pytest.mark.parametrize("text", ["GRÜN", "eve s", "eve@exa", "BEN@acme"])
def test_a_search_finds_the_client_the_link_and_the_host(emulator: Emulator, v2: Api, text: str) -> None:
    """
    It looks at the link's name as it is now, and not at its slug (BOOKING_FILTERS_V2).
    """
    link = v2.create(slug="hidden-word", name="Old", hosts=["ben@acme.example"])
    booking = booked(v2, meeting_slug="hidden-word", **on("2026-03-11", "10:00 AM"))
    emulator.edit_meeting(link["sid"], name="Grün")

    assert sids(v2, search=text) == [booking["sid"]] == sids(v2, search=booking["sid"])
    assert sids(v2, search=booking["host_name"].upper()) == [booking["sid"]]
    assert sids(v2, search="hidden-word") == [] == sids(v2, search="Old")


def test_a_booking_of_version_2_can_name_its_host(v1: Api, v2: Api) -> None:
    """
    One of several needs override_availability, and a stranger is refused; v1 drops both fields
    (BOOKING_HOST_ASKED, BOOKING_OVERRIDE).
    """
    v2.create(hosts=["ada@acme.example", "ben@acme.example"], kind="round_robin")
    asked = {**EVE, **on("2026-03-11", "10:00 AM"), "host_email": "BEN@acme.example"}

    refused = v2.post("/bookings", asked)
    stranger = v2.post("/bookings", {**asked, "host_email": "eve@example.com", "override_availability": True})
    made = v2.post("/bookings", {**asked, "override_availability": True})
    moved = v2.patch(f"/bookings/{made.json()['sid']}", {"name": "Eva", "override_availability": True})
    dropped = v1.post("/bookings", {**asked, **on("2026-03-12", "10:00 AM")})

    assert [refused.status_code, stranger.status_code] == [422, 422]
    assert refused.headers["x-emulator-facts"] == stranger.headers["x-emulator-facts"] == "BOOKING_HOST_ASKED"
    assert (made.json()["host_email"], moved.json()["name"]) == ("ben@acme.example", "Eva")
    assert dropped.json()["host_email"] == "ada@acme.example"


def by_time(api: Api, column: str, rule: str, value: str) -> list[str]:
    """
    List the bookings whose start or end obeys a rule of v1, oldest first.
    """
    query = {f"filters[{column}][rule]": rule, f"filters[{column}][value]": value}
    return sids(api, sorting_order="asc", **query)


def test_v1_filters_by_rules(v1: Api) -> None:
    """
    At a time, strictly after or before it, or between two with both counted in; in any zone (BOOKING_TIMES).
    """
    v1.create()
    nine, ten, two = (booked(v1, **on("2026-03-10", time))["sid"] for time in ("09:00 AM", "10:00 AM", "02:00 PM"))

    assert by_time(v1, "starts_at", "at", "2026-03-10T10:00:00.000Z") == [ten]
    assert by_time(v1, "starts_at", "at", "2026-03-10T11:00:00+01:00") == [ten]
    assert by_time(v1, "starts_at", "after", "2026-03-10T10:00:00Z") == [two]
    assert by_time(v1, "starts_at", "before", "2026-03-10T10:00:00Z") == [nine]
    assert by_time(v1, "starts_at", "between", "2026-03-10T09:00:00Z,2026-03-10T10:00:00Z") == [nine, ten]
    assert by_time(v1, "starts_at", "between", "2026-03-10T10:00:00Z,2026-03-10T09:00:00Z") == []
    assert by_time(v1, "ends_at", "at", "2026-03-10T09:30:00Z") == [nine]
    assert by_time(v1, "ends_at", "after", "2026-03-10T09:30:00Z") == [ten, two]
    assert by_time(v1, "ends_at", "between", "2026-03-10T10:30:00Z, 2026-03-10T14:30:00Z") == [ten, two]


def test_rules_add_up(v1: Api, v2: Api) -> None:
    """
    Both ends, the page and the other filters hold at once; v2 does not know the rules.
    """
    v1.create()
    nine, ten, two = (booked(v1, **on("2026-03-10", time))["sid"] for time in ("09:00 AM", "10:00 AM", "02:00 PM"))
    v1.post(f"/bookings/{ten}/cancel")
    query = {
        "filters[starts_at][rule]": "after",
        "filters[starts_at][value]": "2026-03-10T09:00:00Z",
        "filters[ends_at][rule]": "before",
        "filters[ends_at][value]": "2026-03-10T14:30:00Z",
    }

    assert sids(v1, **query) == [ten] == sids(v1, type="cancelled", **query)
    assert sids(v1, type="upcoming", **query) == []
    assert v1.get("/bookings", page_size=1, **query).json()["pagination"]["total_records"] == 1
    assert sids(v2, **query) == [two, ten, nine]


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"[rule]": "at"}, "Starts at needs a rule and a value"),
        ({"[value]": "2026-03-10"}, "Starts at needs a rule and a value"),
        ({"": "2026-03-10"}, "Starts at needs a rule and a value"),
        ({"[rule]": "near", "[value]": "2026-03-10"}, "Starts at has one of the rules at, after"),
        ({"[rule]": "at", "[value]": "soon"}, "Starts at is not a time"),
        ({"[rule]": "after", "[value]": "2026-03-10,2026-03-11"}, "Starts at needs one time, or two"),
        ({"[rule]": "between", "[value]": "2026-03-10"}, "Starts at needs one time, or two"),
        ({"[rule]": "between", "[value]": "2026-03-10,"}, "Starts at is not a time"),
    ],
)
def test_a_bad_rule_is_refused(v1: Api, filters: dict[str, str], told: str) -> None:
    """
    A rule needs its name and as many times as it compares with.
    """
    response = v1.get("/bookings", **{f"filters[starts_at]{name}": text for name, text in filters.items()})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (400, "BOOKING_FILTER_INVALID")
    assert response.json()["error"].startswith(told)


@pytest.mark.parametrize(
    "query",
    [{"type": "lost"}, {"search": "ab"}, {"starts_after": "soon"}, {"sorting_key": "name"}, {"sorting_order": "up"}],
)
def test_a_bad_filter_is_refused(v2: Api, query: dict[str, str]) -> None:
    """
    A filter that says nothing is told with 400.
    """
    response = v2.get("/bookings", **query)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (400, "BOOKING_FILTER_INVALID")


# Slugs


def test_a_slug_stays_taken_while_bookings_are_ahead(emulator: Emulator, v2: Api) -> None:
    """
    A deleted link keeps its slug until its last booking is over; the bookings stay (DELETE_IS_SOFT).
    """
    meeting = v2.create()
    sid = booked(v2, **on("2026-03-10", "10:00 AM"))["sid"]
    v2.delete(f"/meetings/{meeting['sid']}")

    before = v2.post("/meetings", LINK)
    emulator.clock(at="2026-03-10T10:30:00Z")
    after = v2.post("/meetings", LINK)

    assert (before.status_code, before.headers["x-emulator-facts"]) == (422, "SLUG_REUSE")
    assert after.status_code == 201
    assert v2.get(f"/bookings/{sid}").json()["meeting"] == {"name": "Intro"}


def test_a_held_slug_is_kept_when_the_clock_goes_back(emulator: Emulator, v2: Api) -> None:
    """
    A link that took the slug of a deleted one can be changed at a time when the other's booking is ahead again.
    """
    old = v2.create()
    booked(v2, **on("2026-03-10", "10:00 AM"))
    v2.delete(f"/meetings/{old['sid']}")
    emulator.clock(at="2026-03-10T10:30:00Z")
    path = f"/meetings/{v2.create()['sid']}"
    emulator.clock(at="2026-03-02T06:00:00Z")

    assert v2.patch(path, {"name": "New"}).status_code == 200
    assert v2.patch(path, {"slug": "intro"}).status_code == 200
    assert v2.patch(path, {"slug": "other"}).status_code == 200
    assert v2.patch(path, {"slug": "intro"}).headers["x-emulator-facts"] == "SLUG_REUSE"


def test_a_cancelled_booking_holds_no_slug(v1: Api, v2: Api) -> None:
    """
    Cancelling the last booking ahead frees the slug at once.
    """
    meeting = v2.create()
    sid = booked(v2)["sid"]
    v2.delete(f"/meetings/{meeting['sid']}")
    v1.post(f"/bookings/{sid}/cancel")

    assert v2.create()["slug"] == "intro"
