"""
Add-on services: what a visitor can book on top of a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, records, rules

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["change", "create", "find", "listing", "remove"]

_KIND = objects.Kind("Add-on service")
_amount = rules.number(Fact.ADD_ON_VALUES)


def _price(field: str, value: object) -> str:
    """
    Read a price and write it as the API does, for example 25.5 as a string.
    """
    return str(float(_amount(field, value)))


_READERS: Mapping[str, rules.Reader] = {
    "name": rules.filled_text,
    "description": rules.nullable_text,
    "duration": rules.minutes(0, 1440, Fact.ADD_ON_VALUES),
    "price": _price,
    "position": rules.minutes(1, rules.LARGEST, Fact.ADD_ON_VALUES),
}


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


def create(workspace: Workspace, sid: str, body: Mapping[str, object]) -> objects.Object:
    """
    Add a service to a link, as the last one unless its position is told (ADD_ON_REQUIRED).
    """
    given = rules.clean(body, _READERS, required=("name",), why_required=Fact.ADD_ON_REQUIRED)
    now = workspace.clock.now()
    new = {
        "id": workspace.identifiers.new_id(),
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
    return objects.put(workspace, _KIND, new, records.find(workspace, sid).document["id"])


def change(workspace: Workspace, sid: str, service_id: str, body: Mapping[str, object]) -> objects.Object:
    """
    Change some fields of a service.
    """
    before = find(workspace, sid, service_id)
    after = {**before, **rules.clean(body, _READERS), "updated_at": workspace.clock.now()}
    return objects.put(workspace, _KIND, after, records.find(workspace, sid).document["id"])


def remove(workspace: Workspace, sid: str, service_id: str) -> None:
    """
    Take a service from a link.
    """
    objects.drop(workspace, _KIND, service_id, records.find(workspace, sid).document["id"])
