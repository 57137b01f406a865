"""
Discount codes: made, changed, listed and deleted; here nothing is paid with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import NotFoundError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, records, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neetocal_emulator.store.workspace import Workspace

__all__ = ["FIELDS", "change", "create", "listing", "remove", "shown", "whole"]

_KIND = objects.Kind("Discount code")
_WHOLE_PERCENT = 100
# As the reference and the official tool write them.
_DATE_FORMS = ("%d-%m-%Y", "%Y-%m-%d")
_TIMES = {"start_of_day": "00:00:00", "end_of_day": "23:59:59"}


def _last_day(field: str, value: object) -> str | None:
    """
    Read the last day of a code; null and an empty text are no end (DISCOUNT_EXPIRY).
    """
    text = rules.nullable_text(field, value)
    if not text:
        return None
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    raise rules.refuse(Fact.DISCOUNT_EXPIRY, "must be a date like 31-12-2027 or 2027-12-31", field)


_count = rules.nullable(rules.minutes(0, rules.LARGEST, Fact.DISCOUNT_VALUE))
_READERS: Mapping[str, rules.Reader] = {
    "code": rules.filled_text,
    "value": rules.minutes(1, rules.LARGEST, Fact.DISCOUNT_VALUE),
    "kind": rules.one_of(("fixed", "percentage"), Fact.DISCOUNT_VALUE),
    "redeems_limit": _count,
    "redeems_limit_by_email": _count,
    "expires_at": _last_day,
    "days_valid_after_first_use_per_client": _count,
    "allowed_emails": rules.texts,
    "meeting_ids": rules.texts,
}
FIELDS = frozenset(_READERS)
"""
What a request can hold.
"""

_REQUIRED = ("code", "value", "kind")
_DEFAULTS: Mapping[str, Any] = {
    "redeems_limit": None,
    "redeems_limit_by_email": None,
    "expires_at": None,
    "days_valid_after_first_use_per_client": None,
    "allowed_emails": [],
    "meeting_ids": [],
}
# What the samples of the pages lack (DISCOUNT_ANSWERS).
_HIDDEN = {
    "created": ("allowed_emails", "redeems_count"),
    "updated": ("kind", "allowed_emails", "redeems_count"),
    "listed": ("kind", "allowed_emails"),
}


def listing(workspace: Workspace, *, part: str = "", kind: str = "") -> list[objects.Object]:
    """
    Return the codes with this part and of this kind, the newest first (LIST_ORDER, DISCOUNT_FILTERS).
    """
    found = objects.listing(workspace, _KIND)[::-1]
    return [each for each in found if part.lower() in each["code"].lower() and kind in ("", each["kind"])]


def create(workspace: Workspace, body: Mapping[str, object], *, new_id: str = "") -> objects.Object:
    """
    Make a code (DISCOUNT_REQUIRED, DISCOUNT_UNIQUE).
    """
    given = rules.clean(body, _READERS, _REQUIRED, why_required=Fact.DISCOUNT_REQUIRED)
    return _put(workspace, {"id": new_id or workspace.identifiers.new_id(), **_DEFAULTS, "redeems_count": 0}, given)


def change(workspace: Workspace, code_id: str, body: Mapping[str, object]) -> objects.Object:
    """
    Change some fields of a code (DISCOUNT_UPDATE).
    """
    return _put(workspace, objects.find(workspace, _KIND, code_id), rules.clean(body, _READERS))


def remove(workspace: Workspace, code_id: str) -> None:
    """
    Delete a code (DISCOUNT_DELETE).
    """
    objects.drop(workspace, _KIND, code_id)


def shown(workspace: Workspace, code: objects.Object, answer: str) -> objects.Object:
    """
    Return a code as the answer to a create, an update or a list has it: `created`, `updated`, `listed`.
    """
    found = whole(workspace, code)
    pairs = [(each["id"], each["name"]) for each in found["meetings"]]
    links = [{"id": id_, "name": name} for id_, name in pairs] if answer == "listed" else [list(each) for each in pairs]
    hidden = _HIDDEN[answer] if workspace.switches.discount_code_answers == "documented" else ()
    return {name: value for name, value in {**found, "meetings": links}.items() if name not in hidden}


def whole(workspace: Workspace, code: objects.Object) -> objects.Object:
    """
    Return a code with all that is kept of it, its links by sid, id and name (DISCOUNT_LINKS).
    """
    time = _TIMES[workspace.switches.discount_code_expiry]
    last_day = code["expires_at"] and f"{code['expires_at']}T{time}.000Z"
    kept = {name: value for name, value in code.items() if name != "meeting_ids"}
    return {**kept, "expires_at": last_day, "meetings": _meetings(workspace, code["meeting_ids"])}


def _put(workspace: Workspace, before: objects.Object, given: Mapping[str, Any]) -> objects.Object:
    after = {**before, **given}
    if after["kind"] == "percentage" and after["value"] > _WHOLE_PERCENT:
        raise rules.refuse(Fact.DISCOUNT_VALUE, "must be between 1 and 100", "value")
    others = [each for each in objects.listing(workspace, _KIND) if each["id"] != after["id"]]
    if any(each["code"] == after["code"] for each in others):
        raise rules.refuse(Fact.DISCOUNT_UNIQUE, "has already been taken", "code")
    if "meeting_ids" in given:
        known = {each["sid"] for each in _meetings(workspace, given["meeting_ids"])}
        if workspace.switches.unknown_meeting_ids == "refused" and set(given["meeting_ids"]) - known:
            raise rules.refuse(Fact.DISCOUNT_LINKS, "holds a link that does not exist", "meeting_ids")
        after["meeting_ids"] = [sid for sid in dict.fromkeys(given["meeting_ids"]) if sid in known]
    return objects.put(workspace, _KIND, after)


def _meetings(workspace: Workspace, sids: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for sid in sids:
        try:
            document = records.find(workspace, sid).document
        except NotFoundError:
            continue  # deleted since, or never there
        found.append({name: document[name] for name in ("sid", "id", "name")})
    return found
