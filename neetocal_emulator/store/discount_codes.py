"""
Discount codes: made and kept; here nothing is paid with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, rules

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["create", "listing"]

_KIND = objects.Kind("Discount code")
_WHOLE_PERCENT = 100

_count = rules.nullable(rules.minutes(0, rules.LARGEST, Fact.DISCOUNT_VALUE))
_READERS: Mapping[str, rules.Reader] = {
    "code": rules.filled_text,
    "value": rules.minutes(1, rules.LARGEST, Fact.DISCOUNT_VALUE),
    "kind": rules.one_of(("fixed", "percentage"), Fact.DISCOUNT_VALUE),
    "redeems_limit": _count,
    "redeems_limit_by_email": _count,
    "expires_at": rules.nullable_text,
    "days_valid_after_first_use_per_client": _count,
    "allowed_emails": rules.texts,
    "meeting_ids": rules.texts,
}


def listing(workspace: Workspace) -> list[objects.Object]:
    """
    Return all codes, the newest first (LIST_ORDER).
    """
    return objects.listing(workspace, _KIND)[::-1]


def create(workspace: Workspace, body: Mapping[str, object]) -> objects.Object:
    """
    Make a code (DISCOUNT_REQUIRED, DISCOUNT_UNIQUE).
    """
    given = rules.clean(body, _READERS, ("code", "value", "kind"), why_required=Fact.DISCOUNT_REQUIRED)
    if given["kind"] == "percentage" and given["value"] > _WHOLE_PERCENT:
        raise rules.refuse(Fact.DISCOUNT_VALUE, "must be between 1 and 100", "value")
    if any(each["code"] == given["code"] for each in objects.listing(workspace, _KIND)):
        raise rules.refuse(Fact.DISCOUNT_UNIQUE, "has already been taken", "code")
    unlimited = dict.fromkeys(("redeems_limit", "redeems_limit_by_email", "expires_at"))
    new = {
        "id": workspace.identifiers.new_id(),
        **unlimited,
        "days_valid_after_first_use_per_client": None,
        "allowed_emails": [],
        "meeting_ids": [],
        **given,
    }
    return objects.put(workspace, _KIND, new)
