"""
Discount codes over HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import listed
from neetocal_emulator.store import discount_codes

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

__all__ = ["create_code", "delete_code", "list_codes", "update_code"]

_CONDITION = "filters[][conditions][][{}]"


def list_codes(call: Call) -> Answer:
    """
    List the codes, page by page (DISCOUNT_LIST, DISCOUNT_FILTERS).
    """
    found = discount_codes.listing(call.workspace, **_filters(call.query))
    rows = [discount_codes.shown(call.workspace, each, "listed") for each in found]
    only = "page" if call.workspace.switches.discount_code_pages == "page" else ""
    return listed(call, "discount_codes", rows, only=only)


def create_code(call: Call) -> Answer:
    """
    Make a code (DISCOUNT_ANSWERS).
    """
    code = discount_codes.shown(call.workspace, discount_codes.create(call.workspace, call.body), "created")
    return Answer({"message": "Discount code creation successful", "discount_code": code}, status=call.created_status)


def update_code(call: Call) -> Answer:
    """
    Change a code, by PATCH or PUT alike (DISCOUNT_UPDATE).
    """
    changed = discount_codes.change(call.workspace, call.path["id"], call.body)
    return Answer({"discount_code": discount_codes.shown(call.workspace, changed, "updated")})


def delete_code(call: Call) -> Answer:
    """
    Delete a code (DISCOUNT_DELETE).
    """
    discount_codes.remove(call.workspace, call.path["id"])
    return Answer(status=204)


def _filters(query: QueryParams) -> dict[str, str]:
    """
    Read which codes are asked for, each condition a node, a rule and a value (DISCOUNT_FILTERS).
    """
    nodes, rules, values = (query.getlist(_CONDITION.format(name)) for name in ("node", "rule", "value"))
    asked = {(node, rule): value for node, rule, value in zip(nodes, rules, values, strict=False)}
    return {"part": asked.get(("code", "contains"), ""), "kind": asked.get(("kind", "is"), "")}
