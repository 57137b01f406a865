"""
Payments of a booking over HTTP.
"""

from __future__ import annotations

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.store import payments

__all__ = ["confirm_payment", "create_payment"]


def create_payment(call: Call) -> Answer:
    """
    Record a payment.
    """
    payment = payments.create(call.workspace, call.path["sid"], call.body)
    return Answer(payment, status=call.created_status)


def confirm_payment(call: Call) -> Answer:
    """
    Mark a payment as successful or rejected.
    """
    return Answer(payments.confirm(call.workspace, call.path["sid"], call.path["id"], call.body))
