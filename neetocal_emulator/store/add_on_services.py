"""
Add-on services: what a visitor can book on top of a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, records, rules, texts

if TYPE_CHECKING:
    from neetocal_emulator.store.documents import Meeting
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["FIELDS", "change", "create", "find", "listing", "remove"]

_KIND = objects.Kind("Add-on service")
_amount = rules.number(Fact.ADD_ON_VALUES)


def _price(field: str, value: object) -> str:
    """
    Read a price and write it as the API does, for example 25.5 as a string.
    """
    price = Decimal(str(_amount(field, value)))
    return f"{price.normalize():f}" if price % 1 else f"{int(price)}.0"


_READERS: Mapping[str, rules.Reader] = {
    "name": rules.filled_text,
    "description": rules.nullable_text,
    "duration": rules.minutes(0, 1440, Fact.ADD_ON_VALUES),
    "price": _price,
    "position": rules.minutes(1, rules.LARGEST, Fact.ADD_ON_VALUES),
}

FIELDS = frozenset(_READERS)
"""
What a request can hold.
"""


def listing(workspace: Workspace, sid: str) -> list[objects.Object]:
    """
    Return a link's services by their position.
    """
    found = objects.listing(workspace, _KIND, records.find(workspace, sid).document["id"])
    return sorted(found, key=lambda each: int(each["position"]))


def find(workspace: Workspace, sid: str, service_id: str) -> objects.Object:
    """
    Return one service of a link.
    """
    return objects.find(workspace, _KIND, service_id, records.find(workspace, sid).document["id"])


def create(workspace: Workspace, sid: str, body: Mapping[str, object], *, new_id: str = "") -> objects.Object:
    """
    Add a service to a link, as the last one unless its position is told (ADD_ON_REQUIRED).
    """
    given = texts.stored(workspace, rules.clean(body, _READERS, required=("name",), why_required=Fact.ADD_ON_REQUIRED))
    meeting = records.find(workspace, sid)
    if meeting.document["kind"] == "grouped":
        raise rules.refuse(Fact.ADD_ON_KIND, "cannot have add-on services", "kind")
    now = workspace.clock.now()
    new = {
        "id": new_id or workspace.identifiers.new_id(),
        "description": None,
        "duration": 0,
        "position": len(listing(workspace, sid)) + 1,
        "price": "0.0",
        "currency": "usd",
        "payment_provider": None,
        "created_at": now,
        "updated_at": now,
        **given,
    }
    return _put(workspace, meeting, new)


def change(workspace: Workspace, sid: str, service_id: str, body: Mapping[str, object]) -> objects.Object:
    """
    Change some fields of a service.
    """
    before = find(workspace, sid, service_id)
    after = {**before, **texts.stored(workspace, rules.clean(body, _READERS)), "updated_at": workspace.clock.now()}
    return _put(workspace, records.find(workspace, sid), after)


def remove(workspace: Workspace, sid: str, service_id: str) -> None:
    """
    Take a service from a link.
    """
    objects.drop(workspace, _KIND, service_id, records.find(workspace, sid).document["id"])


def _put(workspace: Workspace, meeting: Meeting, service: objects.Object) -> objects.Object:
    """
    Store a service, if its price and name can be on this link (ADD_ON_PRICE, REPEATED_NAME).
    """
    has_price = Decimal(service["price"]) > 0
    if has_price and not meeting.document["fees"] and workspace.switches.prices_on_free_links == "refused":
        raise rules.refuse(Fact.ADD_ON_PRICE, "needs a link that takes payments", "price")
    objects.refuse_repeated_name(workspace, _KIND, service, meeting.document["id"])
    return objects.put(workspace, _KIND, service, meeting.document["id"])
