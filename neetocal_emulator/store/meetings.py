"""
Scheduling links: what may be done with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import InvalidError, NotFoundError, Problem, SetupError, UnknownTargetError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import options, records, rules, team, texts
from neetocal_emulator.store.documents import (
    DEFAULTS,
    FIELDS,
    TEMPLATE_DEFAULTS,
    Document,
    Meeting,
    new_document,
)

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["READERS", "change", "create", "delete", "delete_in_app", "edit_in_app", "load"]

_REQUIRED = ("slug", "name", "hosts", "duration")

READERS: Mapping[str, rules.Reader] = {
    "slug": rules.slug,
    "name": rules.filled_text,
    "hosts": rules.host_emails,
    "duration": rules.minutes(1, 1440, Fact.DURATION_RANGE),
    "description": rules.nullable_text,
    "kind": rules.one_of(rules.KINDS, Fact.KIND_VALUES),
    "start_time_increment": rules.minutes(3, rules.LARGEST, Fact.INCREMENT_MINIMUM),
    "before_buffer_time": rules.minutes(0, 1440, Fact.BUFFER_RANGE),
    "after_buffer_time": rules.minutes(0, 1440, Fact.BUFFER_RANGE),
    "is_multiple_durations_allowed": rules.flag,
    "is_multiple_spots_allowed": rules.flag,
    "spot": rules.one_of(rules.SPOTS, Fact.SPOT_VALUES),
    "spot_phone_call_number": rules.nullable_text,
    "spot_custom_text": rules.nullable_text,
    "spot_in_person_location": rules.nullable_text,
    "locked_time_zone": rules.nullable_text,
}

# What a copy does not take over from its template.
_OWN_FIELDS = frozenset({"id", "sid", "created_at", "updated_at", "is_template", "disabled", *TEMPLATE_DEFAULTS})

# What the fields without a default, or with none that tells the type, can hold.
_TEXTS = frozenset({"id", "sid", "created_at", "updated_at", "organization_id"})
_TYPES: Mapping[str, tuple[type, ...]] = {
    **{name: (str, type(None)) for name, default in DEFAULTS.items() if default is None},
    **dict.fromkeys(_TEXTS, (str,)),
    "original_price": (str, int, float, type(None)),
}

# What nobody can edit; a link is deleted by `delete()`.
_IDENTITY = frozenset({"id", "sid", "is_template", "organization_id", "deleted_at"})


def create(workspace: Workspace, body: Mapping[str, object], fields: Collection[str]) -> Meeting:
    """
    Make a link from a request in which only *fields* are documented.
    """
    given = texts.stored(workspace, _cleaned(workspace, _only(body, fields), required=_REQUIRED))
    hosts = team.resolved_hosts(workspace, given.pop("hosts"))
    inherited = _inherited(workspace, body.get("template_id"))
    document = new_document(workspace, {**inherited, **given}, records.SidsInUse(workspace))
    records.insert(workspace, document, hosts)
    return records.find(workspace, document["sid"])


def change(workspace: Workspace, sid: str, body: Mapping[str, object], fields: Collection[str]) -> Meeting:
    """
    Change some fields of a link; of the body only *fields* are looked at (PATCH_FIELDS, PATCH_KIND).
    """
    meeting = records.find(workspace, sid)
    if "hosts" not in body and workspace.switches.patch_without_hosts == "refused":
        raise InvalidError(Problem(Fact.PATCH_HOSTS, "can't be blank", "hosts"))
    if "kind" not in body and workspace.switches.patch_without_kind == "reset":
        body = {**body, "kind": "one_on_one"}
    _store(workspace, meeting, texts.stored(workspace, rules.clean(_only(body, fields), READERS)))
    return records.find(workspace, sid)


def delete(workspace: Workspace, sid: str) -> None:
    """
    Delete a link, keeping its row (DELETE_IS_SOFT).
    """
    meeting = records.find(workspace, sid)
    records.save(workspace, {**meeting.document, "deleted_at": workspace.clock.now()})


def load(workspace: Workspace, documents: Iterable[Document], *, is_template: bool = False) -> None:
    """
    Put all links, or all templates, of a seed into an empty workspace; any field may be given.
    """
    known = team.addresses(workspace)
    required = ("slug", "name", "duration") if is_template else _REQUIRED
    readers = _readers(workspace, keep_ids=True)
    known_fields = FIELDS | (TEMPLATE_DEFAULTS.keys() if is_template else set())
    taken_sids = records.sids(workspace)
    loaded = []
    for fields in documents:
        _check_plain(fields, known_fields | {"hosts"})
        given = rules.clean(fields, readers, required, why_required=Fact.REQUIRED_ON_CREATE)
        hosts = team.resolved_hosts(workspace, given.pop("hosts", []), known)
        whole = {**_only(fields, known_fields), **given, "is_template": is_template}
        document = new_document(workspace, whole, taken_sids)
        taken_sids.add(document["sid"])
        loaded.append((document, hosts))
    records.fill(workspace, loaded)


def edit_in_app(workspace: Workspace, sid: str, fields: Document) -> Meeting:
    """
    Change any field of a link, as somebody in the web app can.
    """
    editable = FIELDS - _IDENTITY
    _check_plain(fields, editable | {"hosts"})
    meeting = _find_for_edit(workspace, sid)
    given = _cleaned(workspace, fields, keep_ids=True)
    _store(workspace, meeting, {**_only(fields, editable), **given})
    return records.find(workspace, sid)


def delete_in_app(workspace: Workspace, sid: str) -> None:
    """
    Delete a link, as somebody in the web app can.
    """
    _find_for_edit(workspace, sid)
    delete(workspace, sid)


def _cleaned(
    workspace: Workspace,
    body: Mapping[str, object],
    required: Collection[str] = (),
    *,
    keep_ids: bool = False,
) -> dict[str, Any]:
    return rules.clean(body, _readers(workspace, keep_ids=keep_ids), required, why_required=Fact.REQUIRED_ON_CREATE)


def _readers(workspace: Workspace, *, keep_ids: bool) -> Mapping[str, rules.Reader]:
    kinds = (options.DURATION, options.SPOT)
    return {**READERS, **{kind.plural: options.nested(workspace, kind, keep_ids=keep_ids) for kind in kinds}}


def _inherited(workspace: Workspace, template_id: object) -> Document:
    """
    Copy what a template gives (TEMPLATE_COPY).
    """
    if template_id is None:
        return {}
    template = records.find_template(workspace, template_id)
    if template is None:
        raise NotFoundError(Problem(Fact.TEMPLATE_ID, "Meeting does not exist"))
    copied = {name: value for name, value in template.document.items() if name not in _OWN_FIELDS}
    for plural in ("durations", "spots"):
        copied[plural] = options.copied(workspace, copied[plural])
    return copied


def _store(workspace: Workspace, meeting: Meeting, changes: Document) -> None:
    hosts = team.resolved_hosts(workspace, changes.pop("hosts")) if "hosts" in changes else None
    records.save(workspace, {**meeting.document, **changes}, hosts)


def _only(body: Mapping[str, object], fields: Collection[str]) -> dict[str, object]:
    return {name: value for name, value in body.items() if name in fields}


def _find_for_edit(workspace: Workspace, sid: str) -> Meeting:
    try:
        return records.find(workspace, sid)
    except NotFoundError as error:
        raise UnknownTargetError(f"Workspace {workspace.name!r} has no link {sid!r}.") from error


def _check_plain(fields: Mapping[str, object], known: Collection[str]) -> None:
    """
    Catch a tester's slip: a field that does not exist, or a value of another type.
    """
    for name, value in fields.items():
        if name not in known:
            raise SetupError(f"A link has no field {name!r} that can be set.")
        if name in READERS:
            continue
        default = {**DEFAULTS, **TEMPLATE_DEFAULTS}[name]
        if type(value) not in _TYPES.get(name, (type(default),)) or (name in _TEXTS and not value):
            likeness = f"like {default!r}" if name not in _TYPES else "a string"
            raise SetupError(f"A link's {name} is {likeness}, not {value!r}.")
        if isinstance(value, (int, float)) and not 0 <= value <= rules.LARGEST:
            raise SetupError(f"A link's {name} is between 0 and {rules.LARGEST}.")
