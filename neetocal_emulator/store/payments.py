"""
Payments of a booking, in cash or by UPI: recorded, then confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from neetocal_emulator.errors import InvalidError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import bookings, objects, rules

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["confirm", "create"]

_KIND = objects.Kind("Payment")
_OPEN = "confirmation_pending"

_provider = rules.one_of(("cash", "upi"), Fact.PAYMENT_PROVIDER)
_READERS: Mapping[str, rules.Reader] = {
    "payment_provider": _provider,
    "identifier": rules.nullable_text,
    "idempotency_key": rules.nullable_text,
    "amount": rules.number(Fact.PAYMENT_AMOUNT),
    "currency": rules.filled_text,
}
_CONFIRM_READERS: Mapping[str, rules.Reader] = {
    "payment_provider": _provider,
    "status": rules.one_of(("successful", "rejected"), Fact.PAYMENT_STATUS),
    "vpa_address": rules.nullable_text,
    "notes": rules.nullable_text,
}


def create(workspace: Workspace, sid: str, body: Mapping[str, object]) -> objects.Object:
    """
    Record a payment; the same idempotency_key answers the payment that is there (PAYMENT_AGAIN).
    """
    booking = bookings.find(workspace, sid)
    given = rules.clean(_unwrapped(body), _READERS, required=("payment_provider",))
    known = objects.listing(workspace, _KIND, booking["id"])
    key = given.get("idempotency_key")
    for each in known:
        if key and each["idempotency_key"] == key:
            return _shown(each)
    if any(each["status"] == _OPEN and each["payment_provider"] != given["payment_provider"] for each in known):
        raise InvalidError(Problem(Fact.PAYMENT_OPEN, "Booking has an open payment through another provider"))
    new = {
        "id": workspace.identifiers.new_id(),
        "identifier": None,
        "idempotency_key": None,
        "status": _OPEN,
        **_price(workspace, sid),
        **given,
    }
    return _shown(objects.put(workspace, _KIND, new, booking["id"]))


def confirm(workspace: Workspace, sid: str, payment_id: str, body: Mapping[str, object]) -> objects.Object:
    """
    Mark a payment as successful or rejected (PAYMENT_STATUS).
    """
    booking = bookings.find(workspace, sid)
    payment = objects.find(workspace, _KIND, payment_id, booking["id"])
    given = rules.clean(_unwrapped(body), _CONFIRM_READERS, required=("payment_provider", "status"))
    return _shown(objects.put(workspace, _KIND, {**payment, "status": given["status"]}, booking["id"]))


def _unwrapped(body: Mapping[str, object]) -> Mapping[str, object]:
    """
    Return the fields, which the reference wraps into `payment` and the official tool does not (PAYMENT_BODY).
    """
    wrapped = body.get("payment")
    return wrapped if isinstance(wrapped, dict) else body


def _price(workspace: Workspace, sid: str) -> objects.Object:
    """
    Return what the link costs, where the request does not tell it (PAYMENT_AMOUNT).
    """
    for fee in bookings.meeting_of(workspace, sid).document["fees"]:
        if isinstance(fee, dict):
            return {"amount": fee.get("amount", 0), "currency": fee.get("currency", "usd")}
    return {"amount": 0, "currency": "usd"}


def _shown(payment: objects.Object) -> objects.Object:
    return {name: payment[name] for name in ("id", "identifier", "status", "amount", "currency")}
