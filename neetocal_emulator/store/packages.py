"""
Packages of bookings and who bought them: told by the seed, seen through the API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import SetupError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, rules

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["find", "find_purchase", "listing", "load", "purchases"]

_KIND = objects.Kind("Package")
_PURCHASE = objects.Kind("Purchase")


def _fee(field: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise rules.refuse(Fact.VALUE_TYPE, "must be an object", field)
    return value


_READERS: Mapping[str, rules.Reader] = {
    "id": rules.filled_text,
    "name": rules.filled_text,
    "slug": rules.slug,
    "status": rules.filled_text,
    "duration": rules.minutes(1, rules.LARGEST, Fact.PACKAGE_FIELDS),
    "fee": _fee,
    "meetings": rules.dicts,
    "purchases": rules.dicts,
}
_PURCHASE_READERS: Mapping[str, rules.Reader] = {
    **dict.fromkeys(("id", "name", "email", "purchase_code", "status"), rules.filled_text),
    "duration_remaining": rules.minutes(0, rules.LARGEST, Fact.PACKAGE_FIELDS),
    "notes": rules.nullable_text,
}


def listing(workspace: Workspace) -> list[objects.Object]:
    """
    Return all packages, without who bought them (PACKAGE_SEEDED).
    """
    return [_shown(workspace, each) for each in objects.listing(workspace, _KIND)]


def find(workspace: Workspace, package_id: str) -> objects.Object:
    """
    Return one package.
    """
    return _shown(workspace, objects.find(workspace, _KIND, package_id))


def purchases(workspace: Workspace, package_id: str) -> list[objects.Object]:
    """
    Return who bought a package.
    """
    return objects.listing(workspace, _PURCHASE, objects.find(workspace, _KIND, package_id)["id"])


def find_purchase(workspace: Workspace, package_id: str, purchase_id: str) -> objects.Object:
    """
    Return one purchase of a package.
    """
    return objects.find(workspace, _PURCHASE, purchase_id, objects.find(workspace, _KIND, package_id)["id"])


def load(workspace: Workspace, documents: Iterable[Mapping[str, object]]) -> None:
    """
    Put the packages of a seed, with their purchases, into an empty workspace (PACKAGE_SEEDED).
    """
    for each in documents:
        _check_names(each, _READERS)
        given = rules.clean(each, _READERS, ("name", "slug", "duration"), why_required=Fact.PACKAGE_FIELDS)
        bought = given.pop("purchases", [])
        fresh = {"id": workspace.identifiers.new_id(), "status": "enabled", "fee": [], "meetings": []}
        package = objects.put(workspace, _KIND, {**fresh, **given})
        for purchase in bought:
            _load_purchase(workspace, package, purchase)


def _load_purchase(workspace: Workspace, package: objects.Object, document: Mapping[str, object]) -> None:
    _check_names(document, _PURCHASE_READERS)
    given = rules.clean(document, _PURCHASE_READERS, ("name", "email"), why_required=Fact.PACKAGE_FIELDS)
    now = workspace.clock.now()
    fresh = {
        "id": workspace.identifiers.new_id(),
        "purchase_code": "PUR-123456",
        "duration_remaining": package["duration"],
        "status": "confirmed",
        "notes": None,
        "package_id": package["id"],
        "duration": package["duration"],
        "created_at": now,
        "updated_at": now,
    }
    objects.put(workspace, _PURCHASE, {**fresh, **given}, package["id"])


def _check_names(document: Mapping[str, object], known: Mapping[str, rules.Reader]) -> None:
    unknown = sorted(str(name) for name in set(document) - set(known))
    if unknown:
        raise SetupError(f"A package or purchase has no {', '.join(unknown)}.")


def _shown(workspace: Workspace, package: objects.Object) -> objects.Object:
    bought = objects.listing(workspace, _PURCHASE, package["id"])
    return {**package, "purchases": bought, "total_purchases_count": len(bought)}
