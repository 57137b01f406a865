"""
Payments: recorded, recorded again, and confirmed.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api


@pytest.fixture
def booking(v2: Api) -> str:
    """
    The path of a booking.
    """
    v2.create()
    body = {"meeting_slug": "intro", "name": "Eve", "email": "eve@example.com", "time_zone": "UTC"}
    return f"/bookings/{v2.post('/bookings', body).json()['sid']}"


def test_a_payment_is_recorded_and_confirmed(v1: Api, v2: Api, booking: str) -> None:
    """
    In v1 the fields are wrapped and confirmed on a path of their own, in v2 neither (PAYMENT_BODY).
    """
    first = v1.post(f"{booking}/payments", {"payment": {"payment_provider": "upi", "identifier": "ext-1"}})
    second = v2.post(f"{booking}/payments", {"payment_provider": "upi", "amount": 12.5, "currency": "inr"})

    assert (first.status_code, second.status_code) == (200, 201)
    payment = first.json()
    assert payment == {
        "id": payment["id"],
        "identifier": "ext-1",
        "status": "confirmation_pending",
        "amount": 0,
        "currency": "usd",
    }
    assert (second.json()["amount"], second.json()["currency"]) == (12.5, "inr")
    mark = {"payment_provider": "upi", "status": "successful"}
    confirmed = v1.put(f"{booking}/payments/{payment['id']}/confirm", {"payment": {**mark, "vpa_address": "e@upi"}})
    rejected = v2.put(f"{booking}/payments/{second.json()['id']}", {**mark, "status": "rejected", "notes": "No"})
    assert (confirmed.status_code, confirmed.json()) == (200, {**payment, "status": "successful"})
    assert rejected.json()["status"] == "rejected"


def test_the_price_is_the_links(emulator: Emulator, v2: Api, booking: str) -> None:
    """
    Without an amount the first fee counts.
    """
    sid = v2.get("/meetings").json()["meetings"][0]["sid"]
    emulator.edit_meeting(sid, fees=[{"amount": "120.0", "currency": "inr"}])

    payment = v2.post(f"{booking}/payments", {"payment_provider": "cash"}).json()

    assert (payment["amount"], payment["currency"]) == ("120.0", "inr")


def test_a_payment_sent_twice_is_one(v2: Api, booking: str) -> None:
    """
    The same key is the same payment; another provider has to wait until the open one is settled (PAYMENT_AGAIN).
    """
    body = {"payment_provider": "cash", "idempotency_key": "order-1"}

    first, again = (v2.post(f"{booking}/payments", body).json() for _ in range(2))
    other = v2.post(f"{booking}/payments", {"payment_provider": "upi"})

    assert first == again
    assert (other.status_code, other.headers["x-emulator-facts"]) == (422, "PAYMENT_OPEN")
    v2.put(f"{booking}/payments/{first['id']}", {"payment_provider": "cash", "status": "rejected"})
    assert v2.post(f"{booking}/payments", {"payment_provider": "upi"}).status_code == 201


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        ({}, "BLANK"),
        ({"payment": {}}, "BLANK"),
        ({"payment_provider": "stripe"}, "PAYMENT_PROVIDER"),
        ({"payment_provider": "cash", "amount": -1}, "PAYMENT_AMOUNT"),
        ({"payment_provider": "cash", "amount": "1"}, "VALUE_TYPE"),
    ],
)
def test_a_bad_payment_is_refused(v2: Api, booking: str, body: dict[str, Any], fact: str) -> None:
    """
    It needs a provider that the page names, and no less than nothing.
    """
    response = v2.post(f"{booking}/payments", body)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, fact)


def test_only_a_payment_of_the_booking_can_be_marked(v2: Api, booking: str) -> None:
    """
    Nobody's payment is 404, and a mark is one of two.
    """
    payment = v2.post(f"{booking}/payments", {"payment_provider": "cash"}).json()
    mark = {"payment_provider": "cash", "status": "successful"}

    missing = v2.put(f"{booking}/payments/nothere", mark)
    lost = v2.put(f"{booking}/payments/{payment['id']}", {**mark, "status": "lost"})

    assert (missing.status_code, missing.headers["x-emulator-facts"]) == (404, "OBJECT_NOT_FOUND")
    assert missing.json() == {"error": "Payment not found"}
    assert (lost.status_code, lost.headers["x-emulator-facts"]) == (422, "PAYMENT_STATUS")
    assert v2.post("/bookings/nothere/payments", {"payment_provider": "cash"}).status_code == 404
