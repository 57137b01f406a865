"""
Answers, read by a resource type's schema and endpoints, and the bodies of requests.

Nothing here makes a request. An answer is untrusted: every value has the type that its schema gives it, or it is told
in `RemoteObject.unreadable` and counts as not mentioned. An answer without an object's id is an
`UnexpectedResponseError`; what else cannot be read is one only to those who ask for an object that they know
(`RemoteObject.require_readable`), because an error would lose one that was just made, and what somebody else's holds is
not our concern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Generic, TypeVar

from neetocal_provider.api.endpoints import Endpoints
from neetocal_provider.errors import UnexpectedResponseError
from neetocal_provider.schema.resource import Output, Schema
from neetocal_provider.schema.types import (
    Options,
    Price,
    PropertyType,
    is_identifier,
    read_flag,
    read_list,
    read_object,
    read_text,
    read_whole_number,
    unreadable,
)

__all__ = [
    "Forms",
    "Page",
    "Pairs",
    "RemoteObject",
    "error_messages",
    "instant",
    "is_complete",
    "nothing_from_api",
    "page_from_api",
    "to_payload",
]

Pairs = Sequence[tuple[Any, Any]]
"""Texts, or options, each as the program declares it and as neetoCal stores it."""

Forms = Mapping[str, Pairs]
"""By argument, what neetoCal stores in another form than declared."""


@dataclass(frozen=True, kw_only=True)
class RemoteObject:
    """
    An object of a resource type as the API answered it.

    Attributes:
        id: by which paths know it, after those of its parents and with slashes between.

        created_at: when it was made, by neetoCal's clock; None where the answer does not tell.

        is_other: whether the answer says that it is something else, such as a template among links.

        values: what the answer says of the arguments, under their names. A field that the answer does not mention is
            missing (version 1 did not always answer the hosts; `template_id` is never answered), and so is one that
            cannot be null and is.

        outputs: by name, the outputs that only an answer tells; the default of each that it does not tell.

        forms: the stored forms of what `values` holds in the program's words; none in an answer.

        unreadable: a reason for each thing in the answer that is not what it should be.

        row: the object as the answer holds it, unread; for lookups.
    """

    id: str
    created_at: datetime | None = None
    is_deleted: bool
    is_other: bool = False
    values: Mapping[str, Any]
    outputs: Mapping[str, Any]
    forms: Forms = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def from_api(
        cls, body: Any, schema: Schema, endpoints: Endpoints, parents: Mapping[str, str] | None = None
    ) -> RemoteObject:
        """
        Read an object from an answer that holds it bare or in its envelope.

        Args:
            parents: those under which it was asked for, by name; answers need not have them.
        """
        above = parents or {}
        outer = read_object(body, "the answer")
        key = next((key for key in endpoints.envelope if key in outer), None)
        row = _Row(read_object(outer[key], key) if key else outer)
        return cls(
            id="/".join([*above.values(), _identifier(row.values.get(endpoints.id_key), endpoints.id_key)]),
            created_at=instant(row.read("created_at", read_text) or ""),
            is_deleted=row.read("deleted_at", _date) is not None,
            is_other=any(row.read(name, read_flag) is (not flag) for name, flag in endpoints.flags.items()),
            values={**above, **row.fields(schema)},
            outputs=row.outputs(schema),
            unreadable=tuple(row.unreadable),
            row=row.values,
        )

    def require_readable(self, id_: str, schema: Schema) -> RemoteObject:
        """
        Return this object, which was asked for by its id.

        Raises:
            UnexpectedResponseError: it is another, or something else, or something in the answer is not what it should
                be.
        """
        if self.id != id_:
            unreadable("with another one than was asked for")
        if self.is_other:
            unreadable(f"with {schema.rival}, not a {schema.noun}")
        if self.unreadable:
            unreadable("; ".join(self.unreadable))
        return self


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


def page_from_api(body: Any, keys: Sequence[str], read: Callable[[Any], Row]) -> Page[Row]:
    """
    Read one page of a list, whose rows are under one of these keys, as they stand in the answer.
    """
    answer = read_object(body, "the answer")
    name = next((key for key in keys if key in answer), keys[-1])
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


def to_payload(values: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """
    Return the body that creates or updates an object with these arguments.
    """
    fields = {name: schema.by_name[name] for name in values}
    return {name: _sent(fields[name].type, value) for name, value in values.items() if not fields[name].is_parent}


def _sent(kind: PropertyType, value: Any) -> Any:
    return kind.to_api(value) if isinstance(kind, Options | Price) else value


def nothing_from_api(_body: Any) -> None:
    """
    Leave an answer unread: the vendor documents an empty one or a message here.
    """


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


def _identifier(value: Any, what: str) -> str:
    """
    Return an id, which is used as a segment of a path and so must not be able to lead elsewhere.
    """
    found = read_text(value, what)
    if not is_identifier(found):
        unreadable(f"{what} is no id of neetoCal's")
    return found


def instant(moment: str) -> datetime | None:
    """
    Return the time that an answer, or a state, tells in ISO 8601; UTC if it names no zone, None if it is unreadable.
    """
    try:
        found = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
