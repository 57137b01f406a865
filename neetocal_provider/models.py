"""
The API's shapes and ours: the only place where the two meet.

neetoCal says "meeting" for a scheduling link and spells the texts of a spot in three ways; beyond this module there
are only the property names of `fields`.
Nothing here makes a request. An answer without a link's sid is an `UnexpectedResponseError`; anything else in it that
cannot be read counts as not mentioned, because an error at that point would lose a link that exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Generic, TypeVar

from neetocal_provider.errors import UnexpectedResponseError
from neetocal_provider.fields import FIELDS, OPTION_FIELDS

__all__ = [
    "Meeting",
    "Option",
    "Page",
    "TeamMember",
    "bookings_from_api",
    "error_messages",
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
        found = {
            key: next(
                (row[spelling] for spelling in _SPOT_TEXTS.get(key, (key,)) if row.get(spelling) is not None), None
            )
            for key in OPTION_FIELDS[name].fields
        }
        return cls(id=str(row.get("id", "")), content={key: item for key, item in found.items() if item is not None})


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """
    A scheduling link as the API answered it.

    Attributes:
        meeting_id: the uuid; empty where the answer does not tell.

        created_at: when it was made, by neetoCal's clock; None where the answer does not tell.

        values: what the answer says of the arguments in `fields`, under their names. A field that the answer does not
            mention is missing (version 1 did not always answer the hosts; `template_id` is never answered).
    """

    sid: str
    meeting_id: str
    created_at: datetime | None = None
    disabled: bool
    is_deleted: bool
    values: Mapping[str, Any]

    @classmethod
    def template_from_api(cls, body: Any) -> Meeting:
        """
        Read a template, which is a link but for its id in paths: that is the uuid, and kept as `sid` here.
        """
        outer = _mapping(body, "the answer")
        wrappers = [key for key in ("meeting_template", "template", "meeting") if isinstance(outer.get(key), dict)]
        template = _mapping(outer[wrappers[0]] if wrappers else outer, "template")
        return cls.from_api({**template, "sid": template.get("id")})

    @classmethod
    def from_api(cls, body: Any) -> Meeting:
        """
        Read a link from an answer that holds it bare or under the key `meeting`.

        Source: create and update wrap it; the vendor's pages disagree on GET, see docs/api-notes.md, "GET one link".
        """
        outer = _mapping(body, "the answer")
        meeting = _mapping(outer.get("meeting", outer), "meeting")
        return cls(
            sid=_text(meeting, "sid"),
            meeting_id=str(meeting.get("id") or ""),
            created_at=_time(meeting.get("created_at")),
            disabled=meeting.get("disabled") is True,
            is_deleted=meeting.get("deleted_at") is not None,
            values=dict(_values(meeting)),
        )


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
            active=row.get("active") is not False,
            **{name: str(row.get(name) or "") for name in texts},
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

        total_pages: at least 1; 1 where the answer does not tell.
    """

    rows: tuple[Row, ...]
    total_records: int
    total_pages: int


def meetings_from_api(body: Any) -> Page[Meeting]:
    """
    Read one page of links.
    """
    return _page(body, "meetings", Meeting.from_api)


def templates_from_api(body: Any) -> Page[Meeting]:
    """
    Read one page of templates, under either of the keys that the vendor's pages and its own tool know.
    """
    name = "templates" if "templates" in _mapping(body, "the answer") else "meeting_templates"
    return _page(body, name, Meeting.template_from_api)


def team_members_from_api(body: Any) -> Page[TeamMember]:
    """
    Read one page of team members.
    """
    return _page(body, "team_members", TeamMember.from_api)


def bookings_from_api(body: Any) -> Page[str]:
    """
    Read one page of bookings: for each the uuid of its link, empty where the answer does not tell.
    """
    return _page(body, "bookings", lambda row: str(_mapping(row, "an item of bookings").get("meeting_id") or ""))


def _page(body: Any, name: str, read: Callable[[Any], Row]) -> Page[Row]:
    answer = _mapping(body, "the answer")
    rows = tuple(read(row) for row in _sequence(answer.get(name), name))
    counts = answer.get("pagination")
    return Page(
        rows=rows,
        total_records=_count(counts, "total_records", len(rows)),
        total_pages=_count(counts, "total_pages", 1),
    )


def _count(counts: Any, name: str, otherwise: int) -> int:
    found = counts.get(name) if isinstance(counts, Mapping) else None
    return found if isinstance(found, int) and found >= otherwise else otherwise


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
    return item.strip() if isinstance(item, str) else ""


def _nested(name: str, options: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{key: _item(option, key) for key in OPTION_FIELDS[name].fields} for option in options]


def _item(option: Mapping[str, Any], key: str) -> Any:
    return option.get(key, False if key == "is_default" else None)


def _spelling(key: str) -> str:
    return _SPOT_TEXTS[key][1] if key in _SPOT_TEXTS else key


# Readers of one value


ANSWERED = {field.name for field in FIELDS if not field.is_ours} - {"template_id"}
"""The fields that answers hold."""


def _values(meeting: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    readers = {"hosts": _emails, **dict.fromkeys(OPTION_FIELDS, _contents)}
    for name in ANSWERED & meeting.keys():
        with suppress(UnexpectedResponseError):
            yield name, readers.get(name, _as_is)(name, meeting[name])


def _as_is(_name: str, value: Any) -> Any:
    return value


def _emails(name: str, value: Any) -> list[str]:
    return [host if isinstance(host, str) else _text(_mapping(host, name), "email") for host in _sequence(value, name)]


def _contents(name: str, value: Any) -> list[Mapping[str, Any]]:
    return [Option.from_api(name, row).content for row in _sequence(value, name)]


def _time(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _text(body: Mapping[str, Any], key: str) -> str:
    result: str = _expect(body.get(key), str, key)
    return result


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    result: Mapping[str, Any] = _expect(value, dict, what)
    return result


def _sequence(value: Any, what: str) -> Sequence[Any]:
    result: Sequence[Any] = _expect(value, list, what)
    return result


def _expect(value: Any, kind: type, what: str) -> Any:
    if not isinstance(value, kind):
        raise UnexpectedResponseError(f"{what} is no {_JSON_NAMES[kind]} but {type(value).__name__}")
    return value


_JSON_NAMES: dict[type, str] = {str: "text", dict: "object", list: "list"}
