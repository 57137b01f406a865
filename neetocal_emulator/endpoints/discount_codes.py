"""
Discount codes over HTTP.
"""

from __future__ import annotations

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import listed
from neetocal_emulator.store import discount_codes

__all__ = ["create_code", "list_codes"]


def list_codes(call: Call) -> Answer:
    """
    List the codes, page by page (DISCOUNT_LIST).
    """
    return listed(call, "discount_codes", discount_codes.listing(call.workspace))


def create_code(call: Call) -> Answer:
    """
    Make a code.
    """
    code = discount_codes.create(call.workspace, call.body)
    return Answer({"message": "Discount code creation successful", "discount_code": code}, status=call.created_status)
