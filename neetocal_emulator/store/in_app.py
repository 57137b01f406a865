"""
What somebody in the web app can see and do of all that is not a link, whatever the API offers; seeds do it, too.

An object has the fields of the API's requests, and some that only the app can change; the API's rules hold.
An id is what the API's path has: of what belongs to a link, the link's sid before it, as in `8r3rs2k/outlook`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import NotFoundError, SetupError, UnknownTargetError
from neetocal_emulator.store import (
    add_on_services,
    availabilities,
    calendar_preferences,
    discount_codes,
    meetings,
    records,
    rules,
    team,
    templates,
)
from neetocal_emulator.store.documents import TEMPLATE_DEFAULTS
from neetocal_emulator.switches import Switches

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["COLLECTIONS", "delete", "edit", "listing", "load"]

Fields = Mapping[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class _Collection:
    """
    One kind of objects, and what can be done with them; None for what cannot.
    """

    fields: frozenset[str]
    listing: Callable[[Workspace], Rows]
    edit: Callable[[Workspace, str, Fields], dict[str, Any]] | None = None
    delete: Callable[[Workspace, str], None] | None = None
    load: Callable[[Workspace, str, Fields, str], object] | None = None
    """
    Make one of a seed's, with the sid of the link to which it belongs and its own id; "" if there is none.
    """


def listing(workspace: Workspace, collection: str) -> Rows:
    """
    Return everything of a collection, in the order of the API's lists.
    """
    return _known(collection).listing(_as_in_app(workspace))


def edit(workspace: Workspace, collection: str, object_id: str, fields: Fields) -> dict[str, Any]:
    """
    Change fields of one object.
    """
    known = _known(collection)
    if known.edit is None:
        raise SetupError(f"Nobody can change {_words(collection)}.")
    _check_names(collection, fields)
    try:
        return known.edit(_as_in_app(workspace), object_id, fields)
    except NotFoundError as error:
        raise _no_target(workspace, collection, object_id) from error


def delete(workspace: Workspace, collection: str, object_id: str) -> None:
    """
    Delete one object.
    """
    remove = _known(collection).delete
    if remove is None:
        raise SetupError(f"Nobody can delete {_words(collection)}.")
    try:
        remove(_as_in_app(workspace), object_id)
    except NotFoundError as error:
        raise _no_target(workspace, collection, object_id) from error


def load(workspace: Workspace, collection: str, documents: Iterable[Fields]) -> None:
    """
    Put a seed's objects of a collection into a workspace; links are named by slug, under `meeting` or `meetings`.
    """
    make = _known(collection).load
    for document in documents:
        fields = dict(document)
        new_id = rules.filled_text("id", fields.pop("id")) if "id" in fields else ""
        sid = _sid(workspace, "meeting", fields.pop("meeting")) if "meeting" in fields else ""
        if "meetings" in fields:
            slugs = rules.texts("meetings", fields.pop("meetings"))
            fields["meeting_ids"] = [_sid(workspace, "meetings", slug) for slug in slugs]
        _check_names(collection, fields)
        if make is not None:
            make(workspace, sid, fields, new_id)


def _as_in_app(workspace: Workspace) -> Workspace:
    """
    Return the workspace without what the API may not take or show; what is removed is as the switch says.
    """
    return replace(workspace, switches=Switches(removed_members=workspace.switches.removed_members))


def _no_target(workspace: Workspace, collection: str, object_id: str) -> UnknownTargetError:
    return UnknownTargetError(f"Workspace {workspace.name!r} has no {object_id!r} among its {_words(collection)}.")


def _known(collection: str) -> _Collection:
    if collection not in COLLECTIONS:
        raise UnknownTargetError(f"There is no collection {collection!r}; there are {', '.join(COLLECTIONS)}.")
    return COLLECTIONS[collection]


def _words(collection: str) -> str:
    return collection.replace("-", " ")


def _check_names(collection: str, fields: Fields) -> None:
    if unknown := sorted(str(name) for name in set(fields) - _known(collection).fields):
        raise SetupError(f"{_words(collection).capitalize()} have no {', '.join(unknown)}.")


def _sid(workspace: Workspace, field: str, slug: object) -> str:
    return str(records.find_by_slug(workspace, rules.filled_text(field, slug)).document["sid"])


def _parts(object_id: str) -> tuple[str, str]:
    """
    Split the id of what belongs to a link into the link's sid and the rest.
    """
    sid, _, rest = object_id.partition("/")
    return sid, rest


def _of_links(workspace: Workspace, rows: Callable[[Workspace, str], Rows]) -> Rows:
    """
    Return what belongs to any link, with the link's sid.
    """
    links = records.listing(workspace, records.Selection()).meetings
    sids = [str(link.document["sid"]) for link in links]
    return [{"meeting_sid": sid, **row} for sid in sids for row in rows(workspace, sid)]


def _edit_member(workspace: Workspace, object_id: str, fields: Fields) -> dict[str, Any]:
    calendar_preferences.connect(workspace, team.find(workspace, object_id)["id"], fields.get("calendars", {}))
    return team.change(workspace, object_id, fields, team.EDITABLE)


def _load_member(workspace: Workspace, _: str, fields: Fields, new_id: str) -> None:
    given = {**fields, **({"id": new_id} if new_id else {})}
    calendars = given.pop("calendars", None)
    team.insert(workspace, given)
    if calendars is not None:
        calendar_preferences.connect(workspace, team.find_by_email(workspace, given["email"])["id"], calendars)


def _load_availability(workspace: Workspace, sid: str, fields: Fields, new_id: str) -> None:
    if sid:
        availabilities.create_for_link(workspace, sid, fields, new_id=new_id)
    else:
        availabilities.create(workspace, fields, new_id=new_id)


def _load_service(workspace: Workspace, sid: str, fields: Fields, new_id: str) -> None:
    add_on_services.create(workspace, sid, fields, new_id=new_id)


def _load_code(workspace: Workspace, _: str, fields: Fields, new_id: str) -> None:
    discount_codes.create(workspace, fields, new_id=new_id)


def _load_preferences(workspace: Workspace, sid: str, fields: Fields, _: str) -> None:
    given = dict(fields)
    calendar_preferences.change(workspace, sid, str(given.pop("integration", "")), given)


def _whole_codes(workspace: Workspace) -> Rows:
    return [discount_codes.whole(workspace, each) for each in discount_codes.listing(workspace)]


def _edit_code(workspace: Workspace, object_id: str, fields: Fields) -> dict[str, Any]:
    return discount_codes.whole(workspace, discount_codes.change(workspace, object_id, fields))


def _edit_template(workspace: Workspace, object_id: str, fields: Fields) -> dict[str, Any]:
    return templates.change(workspace, object_id, fields, COLLECTIONS["templates"].fields).to_dict()


COLLECTIONS: Mapping[str, _Collection] = {
    "team-members": _Collection(
        fields=frozenset({"calendars", *team.EDITABLE}),
        listing=lambda workspace: team.listing(workspace, email=None, limit=None, offset=0)[0],
        edit=_edit_member,
        delete=team.remove,
        load=_load_member,
    ),
    "availabilities": _Collection(
        fields=availabilities.FIELDS,
        listing=lambda workspace: availabilities.listing(workspace, ()),
        edit=availabilities.change,
        delete=availabilities.remove,
        load=_load_availability,
    ),
    "add-on-services": _Collection(
        fields=add_on_services.FIELDS,
        listing=lambda workspace: _of_links(workspace, add_on_services.listing),
        edit=lambda workspace, object_id, fields: add_on_services.change(workspace, *_parts(object_id), fields),
        delete=lambda workspace, object_id: add_on_services.remove(workspace, *_parts(object_id)),
        load=_load_service,
    ),
    "calendar-preferences": _Collection(
        fields=calendar_preferences.FIELDS | {"integration"},
        listing=lambda workspace: _of_links(workspace, calendar_preferences.listing),
        edit=lambda workspace, object_id, fields: calendar_preferences.change(workspace, *_parts(object_id), fields),
        load=_load_preferences,
    ),
    "discount-codes": _Collection(
        fields=discount_codes.FIELDS,
        listing=_whole_codes,
        edit=_edit_code,
        delete=discount_codes.remove,
        load=_load_code,
    ),
    "templates": _Collection(
        fields=frozenset({*meetings.READERS, *TEMPLATE_DEFAULTS}),
        listing=lambda workspace: [
            each.to_dict() for each in records.listing(workspace, records.Selection(templates=True)).meetings
        ],
        edit=_edit_template,
        delete=templates.delete,
    ),
    "invitations": _Collection(fields=frozenset(), listing=team.invitations),
}
"""
Every collection by the name that the API's path has, and the e-mails that adding members has sent.
"""
