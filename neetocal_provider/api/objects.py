"""
The API's shapes and ours: the only place where the two meet.

neetoCal says "meeting" for a scheduling link; beyond this module there are only the property names of `fields`.
Nothing here makes a request. An answer is untrusted: every value has the type that its schema gives it, or it is told
in `RemoteObject.unreadable` and counts as not mentioned. An answer without a link's sid is an
`UnexpectedResponseError`; what else cannot be read is one only to those who ask for a link that they know
(`RemoteObject.require_readable`), because an error would lose a link that was just made, and what somebody else's link
holds is not our concern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any, Generic, TypeVar

from neetocal_provider.errors import UnexpectedResponseError
from neetocal_provider.schema.fields import MEETING_TEMPLATE, OPTION_FIELDS, SCHEDULING_LINK, Output, Schema
from neetocal_provider.schema.types import (
    read_flag,
    read_list,
    read_object,
    read_text,
    read_whole_number,
    unreadable,
)

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
        content = OPTION_FIELDS[name].option_from_api(body, name)
        return cls(id=_option_id(body, name), content=content)


@dataclass(frozen=True, kw_only=True)
class RemoteObject:
    """
    A scheduling link as the API answered it.

    Attributes:
        created_at: when it was made, by neetoCal's clock; None where the answer does not tell.

        is_template: whether it is a template; None where the answer does not tell.

        values: what the answer says of the arguments, under their names. A field that the answer does not mention is
            missing (version 1 did not always answer the hosts; `template_id` is never answered), and so is one that
            cannot be null and is.

        outputs: by name, the outputs that only an answer tells; the default of each that it does not tell.

        forms: the stored forms of what `values` holds in the program's words; none in an answer.

        unreadable: a reason for each thing in the answer that is not what it should be.
    """

    sid: str
    created_at: datetime | None = None
    is_deleted: bool
    is_template: bool | None = None
    values: Mapping[str, Any]
    outputs: Mapping[str, Any]
    forms: Forms = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()

    @classmethod
    def template_from_api(cls, body: Any, schema: Schema = MEETING_TEMPLATE) -> RemoteObject:
        """
        Read a template, which is a link but for its id in paths: that is the uuid, and kept as `sid` here.
        """
        outer = read_object(body, "the answer")
        wrappers = [key for key in ("meeting_template", "template", "meeting") if isinstance(outer.get(key), dict)]
        template = read_object(outer[wrappers[0]] if wrappers else outer, "template")
        return cls.from_api({**template, "sid": template.get("id")}, schema)

    @classmethod
    def from_api(cls, body: Any, schema: Schema = SCHEDULING_LINK) -> RemoteObject:
        """
        Read a link from an answer that holds it bare or under the key `meeting`.

        Source: create and update wrap it; the vendor's pages disagree on GET, see docs/api-notes.md, "GET one link".
        """
        outer = read_object(body, "the answer")
        row = _Row(read_object(outer.get("meeting", outer), "meeting"))
        return cls(
            sid=_identifier(read_text(row.values.get("sid"), "sid"), "sid"),
            created_at=instant(row.read("created_at", read_text) or ""),
            is_deleted=row.read("deleted_at", _date) is not None,
            is_template=row.read("is_template", read_flag),
            values=row.fields(schema),
            outputs=row.outputs(schema),
            unreadable=tuple(row.unreadable),
        )

    def require_readable(self, sid: str, *, is_template: bool = False) -> RemoteObject:
        """
        Return this link, or template, which was asked for by its sid.

        Raises:
            UnexpectedResponseError: it is another, it is a template where a link was asked for or a link where a
                template was, or something in the answer is not what it should be.
        """
        if self.sid != sid:
            unreadable("with another one than was asked for")
        if self.is_template not in (None, is_template):
            unreadable("with a link, not a meeting template" if is_template else "with a meeting template, not a link")
        if self.unreadable:
            unreadable("; ".join(self.unreadable))
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
        row = read_object(body, "an item of team_members")
        texts = ("id", "first_name", "last_name", "time_zone", "organization_role")
        return cls(
            email=read_text(row.get("email"), "email"),
            active=row.get("active") is None or read_flag(row["active"], "active"),
            **{name: "" if row.get(name) is None else read_text(row[name], name) for name in texts},
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
        row = read_object(body, "an item of bookings")
        ids = (row.get(name) for name in ("sid", "id"))
        return cls(
            id=next((each for each in ids if isinstance(each, str)), ""),
            meeting_id=read_text(row["meeting_id"], "meeting_id") if row.get("meeting_id") is not None else "",
        )


def options_from_api(name: str, body: Any) -> tuple[Option, ...]:
    """
    Read all `durations` or `spots` from their own endpoint's answer.
    """
    return tuple(Option.from_api(name, row) for row in read_list(read_object(body, "the answer").get(name), name))


Row = TypeVar("Row")
Found = TypeVar("Found")


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
    name = "templates" if "templates" in read_object(body, "the answer") else "meeting_templates"
    return _page(body, name, lambda row: RemoteObject.template_from_api(row, _LISTED_TEMPLATE))


_LISTED_TEMPLATE = replace(MEETING_TEMPLATE, fields=SCHEDULING_LINK.fields)
"""What is read of a template in a list, for who looks one up: the arguments of the links that are made from it."""


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
    answer = read_object(body, "the answer")
    rows = tuple(read(row) for row in read_list(answer.get(name), name))
    counts = answer.get("pagination")
    return Page(
        rows=rows,
        total_records=_count(counts, "total_records", len(rows)) or 0,
        total_pages=_count(counts, "total_pages", None),
    )


def _count(counts: Any, name: str, otherwise: int | None) -> int | None:
    found = read_object(counts, "pagination").get(name) if counts is not None else None
    return otherwise if found is None else max(1 if otherwise is None else otherwise, read_whole_number(found, name))


def to_payload(values: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the body that creates or updates a link with these arguments.
    """
    return {
        name: OPTION_FIELDS[name].to_api(value) if name in OPTION_FIELDS else value for name, value in values.items()
    }


def to_option_payload(name: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the body that creates or updates one duration or spot through its own endpoint.
    """
    return OPTION_FIELDS[name].option_to_api(content)


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


# Readers of one value


def is_complete(remote: RemoteObject, schema: Schema, api_version: str) -> bool:
    """
    Whether an answer tells all that this version of the API can tell of an object; a list need not.
    """
    return {field.name for field in schema.answered if field.exists_in(api_version)} <= remote.values.keys()


class _Row:
    """
    One object of an answer, read value by value: one that isn't what it should be counts as not mentioned.

    Attributes:
        unreadable: a reason for each of those.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.unreadable: list[str] = []

    def read(self, name: str, read: Callable[[Any, str], Found]) -> Found | None:
        """
        Return the value under this name; None if there is none, or not one that can be read.
        """
        try:
            return None if self.values.get(name) is None else read(self.values[name], name)
        except UnexpectedResponseError as error:
            self.unreadable.append(str(error))
            return None

    def fields(self, schema: Schema) -> dict[str, Any]:
        """
        Return what is told of the arguments.
        """
        found = {each.name: self.read(each.name, each.type.from_api) for each in schema.answered}
        null = {each.name for each in schema.answered if each.may_be_null and self.values.get(each.name, "") is None}
        return {name: value for name, value in found.items() if value is not None or name in null}

    def outputs(self, schema: Schema) -> dict[str, Any]:
        """
        Return the outputs that are not derived from anything.
        """
        return {each.name: self._output(each) for each in schema.outputs if each.derive is None}

    def _output(self, output: Output) -> Any:
        found = self.read(output.answered_as or output.name, output.type.from_api)
        return output.default if found is None else found


def _date(value: Any, what: str) -> str:
    found = read_text(value, what)
    if not re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}", found):
        unreadable(f"{what} is no time")
    return found


def _identifier(value: str, name: str) -> str:
    """
    Return an id, which is used as a segment of a path and so must not be able to lead elsewhere.
    """
    if not is_identifier(value):
        unreadable(f"{name} is no id of neetoCal's")
    return value


def is_identifier(value: str) -> bool:
    """
    Whether a text can be a sid or the id of an option.
    """
    return re.fullmatch(r"[A-Za-z0-9_-]{1,255}", value) is not None


def _option_id(row: Mapping[str, Any], name: str) -> str:
    found = row.get("id")
    if found is None:
        return ""
    number = isinstance(found, int) and not isinstance(found, bool)
    return _identifier(str(read_whole_number(found, "id")) if number else read_text(row["id"], "id"), f"id in {name}")


def instant(moment: str) -> datetime | None:
    """
    Return the time that an answer, or a state, tells in ISO 8601; UTC if it names no zone, None if it is unreadable.
    """
    try:
        found = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
