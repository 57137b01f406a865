"""
The API's shapes and ours: the only place where the two meet.

neetoCal says "meeting" for a scheduling link and spells the texts of a spot in three ways; beyond this module there
are only the property names of `fields`.
Nothing here makes a request. An answer is untrusted: every value has the type that `fields` gives it, or it is told
in `RemoteObject.unreadable` and counts as not mentioned. An answer without a link's sid is an
`UnexpectedResponseError`; what else cannot be read is one only to those who ask for a link that they know
(`RemoteObject.require_readable`), because an error would lose a link that was just made, and what somebody else's link
holds is not our concern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Generic, NoReturn, TypeVar

from neetocal_provider.errors import UnexpectedResponseError
from neetocal_provider.schema.fields import BY_NAME, FIELDS, OPTION_FIELDS
from neetocal_provider.schema.types import Emails, Flag, PropertyType, WholeNumber

__all__ = [
    "Booking",
    "Forms",
    "Option",
    "Page",
    "Pairs",
    "RemoteObject",
    "TeamMember",
    "bookings_from_api",
    "error_messages",
    "instant",
    "is_complete",
    "is_identifier",
    "meetings_from_api",
    "options_from_api",
    "team_members_from_api",
    "templates_from_api",
    "to_option_payload",
    "to_payload",
]

_SPOT_TEXTS = {
    "phone_call_number": ("phone_call_number", "spot_phone_call_number", "phone_number"),
    "in_person_location": ("in_person_location", "spot_in_person_location", "location"),
    "custom_text": ("custom_text", "spot_custom_text"),
}
"""Our name of a spot's text, and the spellings of it in answers. The second is the one to send to /spots."""


Pairs = Sequence[tuple[Any, Any]]
"""Texts, or options, each as the program declares it and as neetoCal stores it."""

Forms = Mapping[str, Pairs]
"""By argument, what neetoCal stores in another form than declared."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """
    One of a link's durations or spots as the API holds it.

    `content` has our keys, as in a program: minutes or place, `is_default`, and the texts that are set.
    """

    id: str
    content: Mapping[str, Any]

    @classmethod
    def from_api(cls, name: str, body: Any) -> Option:
        """
        Read one row of `durations` or `spots`, nested or from its own endpoint.
        """
        row = _mapping(body, f"an item of {name}")
        content = {}
        for key, kind in OPTION_FIELDS[name].fields.items():
            spelling = next((each for each in _SPOT_TEXTS.get(key, (key,)) if row.get(each) is not None), None)
            if spelling:
                content[key] = _read(kind, f"{spelling} in {name}", row[spelling])
        first = next(iter(OPTION_FIELDS[name].fields))
        if first not in content:
            _unreadable(f"an item of {name} has no {first}")
        return cls(id=_option_id(row, name), content=content)


@dataclass(frozen=True, kw_only=True)
class RemoteObject:
    """
    A scheduling link as the API answered it.

    Attributes:
        meeting_id: the uuid; empty where the answer does not tell.

        created_at: when it was made, by neetoCal's clock; None where the answer does not tell.

        is_template: whether it is a template; None where the answer does not tell.

        values: what the answer says of the arguments in `fields`, under their names. A field that the answer does not
            mention is missing (version 1 did not always answer the hosts; `template_id` is never answered), and so is
            one that cannot be null and is.

        forms: the stored forms of what `values` holds in the program's words; none in an answer.

        unreadable: a reason for each thing in the answer that is not what it should be.
    """

    sid: str
    meeting_id: str
    created_at: datetime | None = None
    disabled: bool
    is_deleted: bool
    is_template: bool | None = None
    values: Mapping[str, Any]
    forms: Forms = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()

    @classmethod
    def template_from_api(cls, body: Any) -> RemoteObject:
        """
        Read a template, which is a link but for its id in paths: that is the uuid, and kept as `sid` here.
        """
        outer = _mapping(body, "the answer")
        wrappers = [key for key in ("meeting_template", "template", "meeting") if isinstance(outer.get(key), dict)]
        template = _mapping(outer[wrappers[0]] if wrappers else outer, "template")
        return cls.from_api({**template, "sid": template.get("id")})

    @classmethod
    def from_api(cls, body: Any) -> RemoteObject:
        """
        Read a link from an answer that holds it bare or under the key `meeting`.

        Source: create and update wrap it; the vendor's pages disagree on GET, see docs/api-notes.md, "GET one link".
        """
        outer = _mapping(body, "the answer")
        meeting = _mapping(outer.get("meeting", outer), "meeting")
        sid = _identifier(_text(meeting, "sid"), "sid")
        found: dict[str, Any] = {}
        unreadable = []
        for name in (*_BESIDE, *ANSWERED):
            try:
                value = _answered(name, meeting.get(name))
            except UnexpectedResponseError as error:
                unreadable.append(str(error))
            else:
                found |= {name: value} if _is_told(name, value, meeting) else {}
        return cls(
            sid=sid,
            meeting_id=found.get("id", ""),
            created_at=instant(found.get("created_at", "")),
            disabled=found.get("disabled", False),
            is_deleted="deleted_at" in found,
            is_template=found.get("is_template"),
            values={name: value for name, value in found.items() if name in ANSWERED},
            unreadable=tuple(unreadable),
        )

    def require_readable(self, sid: str, *, is_template: bool = False) -> RemoteObject:
        """
        Return this link, or template, which was asked for by its sid.

        Raises:
            UnexpectedResponseError: it is another, it is a template where a link was asked for or a link where a
                template was, or something in the answer is not what it should be.
        """
        if self.sid != sid:
            _unreadable("with another one than was asked for")
        if self.is_template not in (None, is_template):
            _unreadable("with a link, not a meeting template" if is_template else "with a meeting template, not a link")
        if self.unreadable:
            _unreadable("; ".join(self.unreadable))
        return self


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    """
    A member of the workspace as the API answered it; texts are empty where it does not tell.
    """

    id: str
    email: str
    first_name: str
    last_name: str
    time_zone: str
    active: bool
    organization_role: str

    @classmethod
    def from_api(cls, body: Any) -> TeamMember:
        """
        Read one member.
        """
        row = _mapping(body, "an item of team_members")
        texts = ("id", "first_name", "last_name", "time_zone", "organization_role")
        return cls(
            email=_text(row, "email"),
            active=row.get("active") is None or _flag("active", row["active"]),
            **{name: "" if row.get(name) is None else _text(row, name) for name in texts},
        )


@dataclass(frozen=True, kw_only=True)
class Booking:
    """
    What an answer says of a booking.

    Attributes:
        id: its sid or uuid; empty if the answer has neither.

        meeting_id: the uuid of its link; empty if the answer does not have it.
    """

    id: str
    meeting_id: str

    @classmethod
    def from_api(cls, body: Any) -> Booking:
        """
        Read one row of a list of bookings.
        """
        row = _mapping(body, "an item of bookings")
        ids = (row.get(name) for name in ("sid", "id"))
        return cls(
            id=next((each for each in ids if isinstance(each, str)), ""),
            meeting_id=_text(row, "meeting_id") if row.get("meeting_id") is not None else "",
        )


def options_from_api(name: str, body: Any) -> tuple[Option, ...]:
    """
    Read all `durations` or `spots` from their own endpoint's answer.
    """
    return tuple(Option.from_api(name, row) for row in _sequence(_mapping(body, "the answer").get(name), name))


Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """
    One page of a list.

    Attributes:
        total_records: how many there are on all pages; what this page holds, where the answer does not tell.

        total_pages: at least 1; None if the answer does not tell.
    """

    rows: tuple[Row, ...]
    total_records: int
    total_pages: int | None


def meetings_from_api(body: Any) -> Page[RemoteObject]:
    """
    Read one page of links, as they stand in the answer.
    """
    return _page(body, "meetings", RemoteObject.from_api)


def templates_from_api(body: Any) -> Page[RemoteObject]:
    """
    Read one page of templates, under either of the keys that the vendor's pages and its own tool know.
    """
    name = "templates" if "templates" in _mapping(body, "the answer") else "meeting_templates"
    return _page(body, name, RemoteObject.template_from_api)


def team_members_from_api(body: Any) -> Page[TeamMember]:
    """
    Read one page of team members.
    """
    return _page(body, "team_members", TeamMember.from_api)


def bookings_from_api(body: Any) -> Page[Booking]:
    """
    Read one page of bookings.
    """
    return _page(body, "bookings", Booking.from_api)


def _page(body: Any, name: str, read: Callable[[Any], Row]) -> Page[Row]:
    answer = _mapping(body, "the answer")
    rows = tuple(read(row) for row in _sequence(answer.get(name), name))
    counts = answer.get("pagination")
    return Page(
        rows=rows,
        total_records=_count(counts, "total_records", len(rows)) or 0,
        total_pages=_count(counts, "total_pages", None),
    )


def _count(counts: Any, name: str, otherwise: int | None) -> int | None:
    found = _mapping(counts, "pagination").get(name) if counts is not None else None
    return otherwise if found is None else max(1 if otherwise is None else otherwise, _whole(name, found))


def to_payload(values: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the body that creates or updates a link with these arguments.

    Options carry every documented key that a program can set, `null` where it is not set, as in the vendor's sample.
    """
    return {name: _nested(name, value) if name in OPTION_FIELDS else value for name, value in values.items()}


def to_option_payload(name: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the body that creates or updates one duration or spot through its own endpoint.
    """
    return {_spelling(key): _item(content, key) for key in OPTION_FIELDS[name].fields}


def error_messages(body: Any) -> tuple[str, ...]:
    """
    Return what an error body says, in any of the five shapes that the vendor's pages and tools know.

    The result is empty for every other body.
    """
    if not isinstance(body, Mapping):
        return ()
    found: list[Any] = []
    for key in ("error", "errors", "notice", "field_errors", "message"):
        value = body.get(key)
        found += value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(message for item in found if (message := _message(item))))


def _message(item: Any) -> str:
    if isinstance(item, Mapping):
        return f"{item.get('field', '')} {item.get('message', '')}".strip()
    return item if isinstance(item, str) else ""


def _nested(name: str, options: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{key: _item(option, key) for key in OPTION_FIELDS[name].fields} for option in options]


def _item(option: Mapping[str, Any], key: str) -> Any:
    return option.get(key, False if key == "is_default" else None)


def _spelling(key: str) -> str:
    return _SPOT_TEXTS[key][1] if key in _SPOT_TEXTS else key


# Readers of one value


ANSWERED = tuple(field.name for field in FIELDS if not field.is_local and field.name != "template_id")
"""The fields that answers hold."""

_BESIDE = ("id", "created_at", "deleted_at", "disabled", "is_template")
"""What else of a link is read."""

_NEVER_NULL = {field.name for field in FIELDS if field.required} | {*OPTION_FIELDS, "kind"}
"""The fields that a link always has, so that `null` tells nothing of them."""

_MAX_NUMBER = 2**53 - 1
"""Beyond it Pulumi, whose numbers are floats, would record another one."""


def is_complete(meeting: RemoteObject, api_version: str) -> bool:
    """
    Whether an answer tells all that this version of the API can tell of a link; a list need not.
    """
    return {field.name for field in FIELDS if field.exists_in(api_version)} & {*ANSWERED} <= meeting.values.keys()


def _is_told(name: str, value: Any, meeting: Mapping[str, Any]) -> bool:
    return value is not None or (name in meeting.keys() & ANSWERED and name not in _NEVER_NULL)


def _answered(name: str, value: Any) -> Any:
    """
    Return the value of a field as our kinds of value know it.
    """
    if value is None:
        return None
    if name in OPTION_FIELDS:
        return [Option.from_api(name, row).content for row in _sequence(value, name)]
    return _read(BY_NAME[name].type, name, value) if name in BY_NAME else _READERS[name](name, value)


def _read(kind: PropertyType, name: str, value: Any) -> Any:
    reader = next((reader for kinds, reader in _KINDS.items() if isinstance(kind, kinds)), _unicode)
    return reader(name, value)


def _whole(name: str, value: Any) -> int:
    """
    Return a whole number, which an API may answer with decimals or as text.
    """
    if isinstance(value, str) and re.fullmatch("[0-9]{1,16}", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        _unreadable(f"{name} is no whole number but {type(value).__name__}")
    if not 0 <= value <= _MAX_NUMBER:
        _unreadable(f"{name} is a number out of bounds")
    return value


def _flag(name: str, value: Any) -> bool:
    result: bool = _expect(value, bool, name)
    return result


def _unicode(name: str, value: Any) -> str:
    text: str = _expect(value, str, name)
    if re.search("[\ud800-\udfff]", text):
        _unreadable(f"{name} holds what is no Unicode")
    return text


def _date(name: str, value: Any) -> str:
    text = _unicode(name, value)
    if not re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        _unreadable(f"{name} is no time")
    return text


def _identifier(value: str, name: str) -> str:
    """
    Return an id, which is used as a segment of a path and so must not be able to lead elsewhere.
    """
    if not is_identifier(value):
        _unreadable(f"{name} is no id of neetoCal's")
    return value


def is_identifier(text: str) -> bool:
    """
    Whether a text can be a sid or the id of an option.
    """
    return re.fullmatch(r"[A-Za-z0-9_-]{1,255}", text) is not None


def _option_id(row: Mapping[str, Any], name: str) -> str:
    found = row.get("id")
    if found is None:
        return ""
    number = isinstance(found, int) and not isinstance(found, bool)
    return _identifier(str(_whole("id", found)) if number else _text(row, "id"), f"id in {name}")


def _emails(name: str, value: Any) -> list[str]:
    return [
        _unicode(
            f"an item of {name}", host if isinstance(host, str) else _mapping(host, f"an item of {name}").get("email")
        )
        for host in _sequence(value, name)
    ]


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "id": _unicode,
    "created_at": _unicode,
    "deleted_at": _date,
    "disabled": _flag,
    "is_template": _flag,
}
_KINDS: Mapping[type[Any], Callable[[str, Any], Any]] = {WholeNumber: _whole, Flag: _flag, Emails: _emails}


def instant(text: str) -> datetime | None:
    """
    Return the time that an answer, or a state, tells in ISO 8601; UTC if it names no zone, None if it is unreadable.
    """
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _text(body: Mapping[str, Any], key: str) -> str:
    return _unicode(key, body.get(key))


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    result: Mapping[str, Any] = _expect(value, dict, what)
    return result


def _sequence(value: Any, what: str) -> Sequence[Any]:
    result: Sequence[Any] = _expect(value, list, what)
    return result


def _unreadable(reason: str) -> NoReturn:
    raise UnexpectedResponseError(reason)


def _expect(value: Any, kind: type, what: str) -> Any:
    if not isinstance(value, kind):
        _unreadable(f"{what} is no {_JSON_NAMES[kind]} but {type(value).__name__}")
    return value


_JSON_NAMES: dict[type, str] = {str: "text", dict: "object", list: "list", bool: "flag"}
