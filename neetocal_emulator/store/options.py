"""
The durations and spots that a visitor can choose from on one link.

Both obey the same rules, so an `OptionKind` holds what differs: names, fields and
what belongs together. The link's own duration and spot are not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import ConflictError, InvalidError, NotFoundError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import records, rules, texts

if TYPE_CHECKING:
    from neetocal_emulator.store.documents import Document
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["DURATION", "SPOT", "OptionKind", "add", "change", "find", "listing", "nested", "remove"]

Option = dict[str, Any]

# A spot's texts by the name that the meeting object gives them, with the other spellings.
_SPOT_SPELLINGS = {
    "phone_call_number": ("spot_phone_call_number", "phone_number"),
    "custom_text": ("spot_custom_text",),
    "in_person_location": ("spot_in_person_location", "location"),
}
_SPOT_TEXTS = {
    "phone_call": "phone_call_number",
    "custom": "custom_text",
    "in_person": "in_person_location",
}


@dataclass(frozen=True, kw_only=True)
class OptionKind:
    """
    What tells durations from spots.
    """

    name: str
    plural: str
    readers: Mapping[str, rules.Reader]
    defaults: Option
    spelled: Callable[[Mapping[str, object]], Mapping[str, object]]
    finished: Callable[[Option], Option]


def _as_is(body: Mapping[str, object]) -> Mapping[str, object]:
    return body


def _spot_spelled(body: Mapping[str, object]) -> Mapping[str, object]:
    """
    Bring a spot's texts to one spelling (SPOT_SPELLINGS).
    """
    others = {other: name for name, spellings in _SPOT_SPELLINGS.items() for other in spellings}
    return {others.get(field, field): value for field, value in body.items()}


def _spot_finished(option: Option) -> Option:
    """
    Demand the text that a spot needs, and empty the texts that it does not show (SPOT_TEXT_OTHERS).
    """
    needed = _SPOT_TEXTS.get(option["spot"])
    if needed and not option[needed]:
        raise InvalidError(Problem(Fact.SPOT_TEXT, "can't be blank", needed))
    return {**option, **{text: None for text in _SPOT_TEXTS.values() if text != needed}}


DURATION = OptionKind(
    name="duration",
    plural="durations",
    readers={
        "duration": rules.minutes(1, 1440, Fact.DURATION_RANGE),
        "is_default": rules.flag,
    },
    defaults={"duration": None, "is_default": False},
    spelled=_as_is,
    finished=dict,
)
SPOT = OptionKind(
    name="spot",
    plural="spots",
    readers={
        "spot": rules.one_of(rules.SPOTS, Fact.SPOT_VALUES),
        "is_default": rules.flag,
        "phone_call_number": rules.nullable_text,
        "in_person_location": rules.nullable_text,
        "custom_text": rules.nullable_text,
    },
    defaults={
        "spot": None,
        "is_default": False,
        "phone_call_number": None,
        "in_person_location": None,
        "custom_text": None,
    },
    spelled=_spot_spelled,
    finished=_spot_finished,
)


def listing(workspace: Workspace, sid: str, kind: OptionKind) -> list[Option]:
    """
    Return all options of a link (OPTION_LIST).
    """
    options: list[Option] = records.find(workspace, sid).document[kind.plural]
    return options


def find(workspace: Workspace, sid: str, kind: OptionKind, option_id: str) -> Option:
    """
    Return one option of a link.
    """
    return _pick(listing(workspace, sid, kind), kind, option_id)


def add(workspace: Workspace, sid: str, kind: OptionKind, body: Mapping[str, object]) -> Option:
    """
    Give a link another option; its own duration and spot stay (OPTIONS_STAND_ALONE).
    """
    meeting = records.find(workspace, sid)
    option = texts.stored(workspace, _new(workspace, kind, body))
    others = _without_default(workspace, kind, meeting.document[kind.plural], option)
    _save(workspace, meeting.document, kind, [*others, option])
    return option


def change(workspace: Workspace, sid: str, kind: OptionKind, option_id: str, body: Mapping[str, object]) -> Option:
    """
    Change some fields of an option (OPTION_PARTIAL).
    """
    document = records.find(workspace, sid).document
    option = _pick(document[kind.plural], kind, option_id)
    given = texts.stored(workspace, rules.clean(kind.spelled(body), kind.readers))
    changed = {
        **kind.finished({**option, **given}),
        "updated_at": workspace.clock.now(),
    }
    _keep_a_default(workspace, kind, option, changed)
    others = _without_default(workspace, kind, document[kind.plural], changed)
    options = [changed if each["id"] == option_id else each for each in others]
    _save(workspace, document, kind, options)
    return changed


def remove(workspace: Workspace, sid: str, kind: OptionKind, option_id: str) -> None:
    """
    Take an option from a link, unless it is the last.
    """
    document = records.find(workspace, sid).document
    option = _pick(document[kind.plural], kind, option_id)
    if len(document[kind.plural]) == 1:
        text = f"Cannot delete the last remaining {kind.name}"
        raise ConflictError(Problem(Fact.OPTION_LAST, text))
    _save(workspace, document, kind, [each for each in document[kind.plural] if each != option])


def nested(workspace: Workspace, kind: OptionKind, *, keep_ids: bool = False) -> rules.Reader:
    """
    Make a reader of the options inside a link's own body; requests do not choose ids.
    """

    def read(field: str, value: object) -> list[Option]:
        told = rules.dicts(field, value)
        options = [_new(workspace, kind, item) for item in told]
        if keep_ids:
            options = [
                {**option, "id": rules.filled_text("id", item.get("id", option["id"]))}
                for option, item in zip(options, told, strict=True)
            ]
            if len({option["id"] for option in options}) < len(options):
                raise rules.refuse(Fact.VALUE_TYPE, "must have ids that differ", field)
        if sum(option["is_default"] for option in options) > 1:
            raise rules.refuse(Fact.OPTION_ONE_DEFAULT, "can have only one default", field)
        return options

    return read


def copied(workspace: Workspace, options: list[Option]) -> list[Option]:
    """
    Copy a template's options under new ids.
    """
    return [{**option, **_birth(workspace)} for option in options]


def _new(workspace: Workspace, kind: OptionKind, body: Mapping[str, object]) -> Option:
    given = kind.spelled(body)
    if given.get(kind.name) is None:
        raise InvalidError(Problem(Fact.OPTION_REQUIRED, "can't be blank", kind.name))
    fields = kind.finished({**kind.defaults, **rules.clean(given, kind.readers)})
    birth = _birth(workspace)
    return {"id": birth.pop("id"), **fields, **birth}


def _birth(workspace: Workspace) -> Option:
    now = workspace.clock.now()
    return {"id": workspace.identifiers.new_id(), "created_at": now, "updated_at": now}


def _pick(options: list[Option], kind: OptionKind, option_id: str) -> Option:
    for option in options:
        if option["id"] == option_id:
            return option
    raise NotFoundError(Problem(Fact.OPTION_NOT_FOUND, f"{kind.name.capitalize()} not found"))


def _without_default(workspace: Workspace, kind: OptionKind, options: list[Option], wanted: Option) -> list[Option]:
    """
    Make room for *wanted* to be the default, or refuse, as the switch says.
    """
    rivals = [each for each in options if each["is_default"] and each["id"] != wanted["id"]]
    if not wanted["is_default"] or not rivals:
        return options
    if workspace.switches.default_option == "conflict":
        text = f"Only one {kind.name} can be default"
        raise ConflictError(Problem(Fact.OPTION_ONE_DEFAULT, text))
    return [{**each, "is_default": False} if each in rivals else each for each in options]


def _keep_a_default(workspace: Workspace, kind: OptionKind, before: Option, after: Option) -> None:
    is_lost = before["is_default"] and not after["is_default"]
    if is_lost and workspace.switches.default_option == "locked":
        text = f"One {kind.name} must be default"
        raise ConflictError(Problem(Fact.OPTION_KEEPS_DEFAULT, text))


def _save(workspace: Workspace, document: Document, kind: OptionKind, options: list[Option]) -> None:
    records.save(workspace, {**document, kind.plural: options})
