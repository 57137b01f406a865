"""
The kinds of value that an argument may have: which are valid, when two of them mean the same, how answers hold them.

A kind knows three things of a value. `problems` yields one reason for each documented rule that it breaks, worded
to follow "has a problem:". `canonical` returns what two equal values have in common, for comparison alone: what is
sent and stored stays as the program declared it. Where the API's documentation is silent, a value is valid.
`from_api` reads it from an answer, which is untrusted: another type is an `UnexpectedResponseError`.

`None`, an absent value and an empty text are the same to `canonical`. Values that a preview does not know yet
are `UNKNOWN`; they are valid, and equal to nothing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from importlib import resources
from typing import Any, ClassVar, Final, NoReturn, Protocol

from neetocal_provider.errors import UnexpectedResponseError

__all__ = [
    "UNKNOWN",
    "Choice",
    "Date",
    "Emails",
    "Flag",
    "Identifier",
    "Identifiers",
    "Options",
    "Price",
    "PropertyType",
    "Slug",
    "Text",
    "TimeZone",
    "WholeNumber",
    "did_you_mean",
    "has_same_letters",
    "has_unknown",
    "is_identifier",
    "read_flag",
    "read_list",
    "read_object",
    "read_text",
    "read_whole_number",
    "unreadable",
]


class _Unknown(Enum):
    """
    The type of `UNKNOWN`; an enum, so that type checkers can tell it apart and it stays one object.
    """

    UNKNOWN = "unknown until the deployment"


UNKNOWN: Final = _Unknown.UNKNOWN


def has_unknown(value: Any) -> bool:
    """
    Whether the value, or anything inside it, is not known yet.
    """
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


class PropertyType(Protocol):
    """
    A kind of value.

    `sameness` says in words what `canonical` does, for the reference.
    """

    sameness: ClassVar[str]

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason for each documented rule that the value breaks; `value` is neither None nor UNKNOWN.
        """
        ...

    def canonical(self, value: Any) -> Hashable:
        """
        Return something equal for all valid values that mean the same.
        """
        ...

    def schema(self) -> dict[str, Any]:
        """
        Return the JSON schema of valid values, as far as JSON schema can tell.
        """
        ...

    def from_api(self, value: Any, what: str) -> Any:
        """
        Return the value as answers hold it, in our terms; `value` is not None, and `what` names it in an error.

        Raises:
            UnexpectedResponseError: it is of another type.
        """
        ...


@dataclass(frozen=True)
class Text:
    """
    Text, compared without surrounding white space and whatever its line ends.
    """

    sameness: ClassVar[str] = "surrounding white space and line ends do not count; empty is null"

    may_be_blank: bool = True

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason where the value is no text, or is blank and must not be.
        """
        if not isinstance(value, str):
            yield "must be text"
        elif not self.may_be_blank and not value.strip():
            yield "must not be blank"

    def canonical(self, value: Any) -> Hashable:
        """
        Return the trimmed text with unix line ends, None where nothing is left.
        """
        return str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip() or None

    def may_become(self, sent: str, stored: str) -> bool:
        """
        Whether a server that was sent one text and stores another may have normalized it.
        """
        return bool(sent.strip() and stored.strip())

    def schema(self) -> dict[str, Any]:
        """
        Return any text.
        """
        return {"type": "string"}

    def from_api(self, value: Any, what: str) -> str:
        """
        Return the text.
        """
        return read_text(value, what)


@dataclass(frozen=True)
class Slug(Text):
    """
    The last part of a link's public address.

    Source: the vendor's help page on scheduling links, "slug rules"; see docs/api-notes.md, "Slugs".
    """

    may_be_blank: bool = False

    # The page writes "scheduled meetings"; a slug cannot hold the blank, so both joined forms count as well.
    RESERVED = frozenset(
        {
            "admin",
            "availabilities",
            "calendar",
            "login",
            "logout",
            "meetings",
            "payment",
            "scheduled meetings",
            "scheduled-meetings",
            "scheduled_meetings",
            "settings",
        }
    )

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason for each slug rule that the value breaks.
        """
        wrong = list(super().problems(value))
        yield from wrong
        if wrong:
            return
        if value in self.RESERVED:
            yield "is reserved by neetoCal; choose another slug"
        elif not re.fullmatch(r"[a-z0-9_-]+", value):
            yield f"may hold only lower-case letters, digits, hyphens and underscores, as in {_slugified(value)!r}"
        if value.startswith("-") or value.endswith("-"):
            yield "must not begin or end with a hyphen"
        if "--" in value:
            yield "must not hold two hyphens in a row"

    def may_become(self, sent: str, stored: str) -> bool:  # noqa: ARG002
        """
        Return False: a slug is the link's address, and another one is another address.
        """
        return False


def _slugified(value: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", value.lower()).strip("-") or "intro-call"


@dataclass(frozen=True)
class Identifier(Text):
    """
    An id that neetoCal gave, such as a sid or an uuid: a part of paths, so that it must not be able to lead elsewhere.
    """

    sameness: ClassVar[str] = "the id"

    may_be_blank: bool = False

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason if the value is no id.
        """
        wrong = list(super().problems(value))
        yield from wrong
        if not wrong and not is_identifier(value):
            yield "must be an id as neetoCal gives them, of letters, digits, hyphens and underscores"


def is_identifier(value: str) -> bool:
    """
    Whether a text can be a sid, an uuid or the id of an option.
    """
    return re.fullmatch(r"[A-Za-z0-9_-]{1,255}", value) is not None


@dataclass(frozen=True)
class Date(Text):
    """
    A day, such as 2027-12-31; answers hold a time of it.
    """

    sameness: ClassVar[str] = "the day; empty is null"

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason if the value is no day of the calendar.
        """
        if not isinstance(value, str) or not (value == "" or _is_day(value)):
            yield 'must be a day such as "2027-12-31"'

    def from_api(self, value: Any, what: str) -> str:
        """
        Return the day of a time.
        """
        found = read_text(value, what)[:10]
        return found if _is_day(found) else unreadable(f"{what} is no time")


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


@dataclass(frozen=True)
class Price(Text):
    """
    An amount of money as text, such as "25.50": no cent is lost as it could be in a binary fraction.
    """

    sameness: ClassVar[str] = "the amount: 25.5 is 25.50"

    may_be_blank: bool = False

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason if the value is no amount.
        """
        if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
            yield 'must be an amount of 0 or more as text, such as "25.50"'

    def canonical(self, value: Any) -> Hashable:
        """
        Return the whole part and the digits after it without zeros at the end.
        """
        if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
            return super().canonical(value)
        whole, _, fraction = value.partition(".")
        return int(whole), fraction.rstrip("0")

    def may_become(self, sent: str, stored: str) -> bool:  # noqa: ARG002
        """
        Return False: another amount is another price.
        """
        return False

    def to_api(self, value: str | None) -> float | None:
        """
        Return the number that requests hold; up to 15 digits, it is the amount to the cent.
        """
        return None if value is None else float(value)

    def from_api(self, value: Any, what: str) -> str:
        """
        Return the amount, which answers hold as text, or may hold as a number.
        """
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        found = repr(value) if is_number else read_text(value, what)
        return found if _AMOUNT.fullmatch(found) else unreadable(f"{what} is no amount")


_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")


@dataclass(frozen=True)
class WholeNumber:
    """
    A whole number, mostly of minutes; both bounds are inclusive.

    Attributes:
        unit: of what, for sentences; empty for a number alone.
    """

    sameness: ClassVar[str] = "the number, in digits or as text"

    at_least: int
    at_most: int | None = None
    unit: str = "minutes"

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason where the value is no whole number or out of bounds.
        """
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"must be a whole number{self.unit and f' of {self.unit}'}"
        elif value < self.at_least or (self.at_most is not None and value > self.at_most):
            upper = f"at least {self.at_least}" if self.at_most is None else f"from {self.at_least} to {self.at_most}"
            yield f"must be {upper} {self.unit}".rstrip()

    def canonical(self, value: Any) -> Hashable:
        """
        Return the number; numeric text, as an API may answer, counts as its number.
        """
        return int(value) if isinstance(value, str) and value.isdecimal() else value

    def schema(self) -> dict[str, Any]:
        """
        Return a whole number within the bounds.
        """
        upper = {} if self.at_most is None else {"maximum": self.at_most}
        return {"type": "integer", "minimum": self.at_least, **upper}

    def from_api(self, value: Any, what: str) -> int:
        """
        Return the number; its bounds are neetoCal's affair.
        """
        return read_whole_number(value, what)


@dataclass(frozen=True)
class Flag:
    """
    True or false.
    """

    sameness: ClassVar[str] = "null is false"

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason where the value is neither true nor false.
        """
        if not isinstance(value, bool):
            yield "must be true or false"

    def canonical(self, value: Any) -> Hashable:
        """
        Return the flag; an absent one is false.
        """
        return bool(value)

    def schema(self) -> dict[str, Any]:
        """
        Return true or false.
        """
        return {"type": "boolean"}

    def from_api(self, value: Any, what: str) -> bool:
        """
        Return the flag.
        """
        return read_flag(value, what)


@dataclass(frozen=True)
class Choice:
    """
    One of a documented list of words.
    """

    sameness: ClassVar[str] = "the enum and its word"

    members: type[Enum]

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason, with the nearest word, where the value is not on the list.
        """
        words = [str(member.value) for member in self.members]
        if value not in words:
            yield f"must be one of {', '.join(words)}{did_you_mean(value, words)}"

    def canonical(self, value: Any) -> Hashable:
        """
        Return the word.
        """
        word: Hashable = value.value if isinstance(value, Enum) else value
        return word

    def schema(self) -> dict[str, Any]:
        """
        Return one of the words.
        """
        return {"enum": [member.value for member in self.members]}

    def from_api(self, value: Any, what: str) -> str:
        """
        Return the word, which may be one that is not on the list.
        """
        return read_text(value, what)


@dataclass(frozen=True)
class TimeZone(Text):
    """
    A time zone of the IANA database, such as Europe/Lisbon, compared by what its name is linked to.
    """

    sameness: ClassVar[str] = "names that the IANA database links to each other are one; empty is null"

    may_be_blank: bool = False

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason where the zone does not exist; the database is the machine's and that of the package `tzdata`.
        """
        wrong = list(super().problems(value))
        yield from wrong
        if not wrong and value not in _time_zones():
            yield f"must be an IANA time zone such as Europe/Lisbon{did_you_mean(value, _time_zones())}"

    def canonical(self, value: Any) -> Hashable:
        """
        Return the name that this one is linked to in the package `tzdata`, or the name itself.
        """
        name = super().canonical(value)
        return _links().get(name, name)

    def may_become(self, sent: str, stored: str) -> bool:
        """
        Whether the stored name is none of the IANA database, such as "Chennai": one that is there is another zone.
        """
        return super().may_become(sent, stored) and stored not in _time_zones()


@lru_cache(maxsize=1)
def _time_zones() -> tuple[str, ...]:
    import zoneinfo

    return tuple(sorted(zoneinfo.available_timezones()))


@lru_cache(maxsize=1)
def _links() -> Mapping[Hashable, str]:
    """
    Return what each linked name stands for in the end; a name may be linked to one that is linked itself.
    """
    text = (resources.files("tzdata.zoneinfo") / "tzdata.zi").read_text(encoding="utf-8")
    targets = {link: target for _, target, link in (row.split()[:3] for row in text.splitlines() if row[:2] == "L ")}
    return {link: _target(link, targets) for link in targets}


def _target(name: str, targets: Mapping[str, str]) -> str:
    while name in targets:
        name = targets[name]
    return name


@dataclass(frozen=True)
class Emails:
    """
    E-mail addresses, compared as a set whatever their case.

    Attributes:
        may_be_empty: whether there may be none; hosts are at least one.
    """

    sameness: ClassVar[str] = "a set of addresses in lower case, whatever the order"

    may_be_empty: bool = False

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason where the value is no list, and one for each item that is no e-mail address.
        """
        if not isinstance(value, list | tuple):
            yield "must be a list of e-mail addresses"
            return
        if not value and not self.may_be_empty:
            yield "must name at least one host"
        for index, item in enumerate(value):
            if item is not UNKNOWN and not (isinstance(item, str) and re.fullmatch(r"[^\s@]+@[^\s@]+", item.strip())):
                yield f"holds {item!r} at [{index}], which is not an e-mail address"

    def canonical(self, value: Any) -> Hashable:
        """
        Return the set of addresses in lower case.
        """
        return frozenset(str(item).strip().lower() for item in value or ())

    def schema(self) -> dict[str, Any]:
        """
        Return a list of texts.
        """
        least = {} if self.may_be_empty else {"minItems": 1}
        return {"type": "array", "items": {"type": "string"}, **least}

    def from_api(self, value: Any, what: str) -> list[str]:
        """
        Return the addresses.
        """
        return _emails(value, what)


@dataclass(frozen=True)
class Identifiers:
    """
    Ids that neetoCal gave, such as sids of links, compared as a set.
    """

    sameness: ClassVar[str] = "a set of ids, whatever the order"

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason if the value is no list, and one for each item that is no id.
        """
        if not isinstance(value, list | tuple):
            yield "must be a list of ids"
            return
        for index, item in enumerate(value):
            if item is not UNKNOWN and not (isinstance(item, str) and is_identifier(item)):
                yield f"holds {item!r} at [{index}], which is not an id as neetoCal gives them"

    def canonical(self, value: Any) -> Hashable:
        """
        Return the set of ids.
        """
        return frozenset(value or ())

    def schema(self) -> dict[str, Any]:
        """
        Return a list of texts.
        """
        return {"type": "array", "items": {"type": "string"}}

    def from_api(self, value: Any, what: str) -> list[str]:
        """
        Return the ids.
        """
        return [read_text(item, what) for item in read_list(value, what)]


@dataclass(frozen=True)
class Options:
    """
    The options a visitor chooses from, exactly one of them the default, compared by content and not by order.

    Attributes:
        fields: the kinds of value by key, `is_default` among them; the first key must be given.

        texts: by the option's first value, the key of the text without which it means nothing.

        spellings: by key, its other names in answers; the first is the name under which an option's own endpoint takes
            it.
    """

    sameness: ClassVar[str] = "a set of contents, whatever their order and ids"

    fields: Mapping[str, PropertyType]
    texts: Mapping[str, str]
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """
        Return the key that must be given.
        """
        return next(iter(self.fields))

    def problems(self, value: Any) -> Iterator[str]:
        """
        Yield a reason for each rule that the list or one of its options breaks, with the path inside the list.
        """
        if not isinstance(value, list | tuple) or not all(
            isinstance(item, Mapping) or item is UNKNOWN for item in value
        ):
            yield f"must be a list of options with the keys {', '.join(self.fields)}"
            return
        for index, option in enumerate(value):
            if option is not UNKNOWN:
                yield from (f"[{index}]{problem}" for problem in self._option_problems(option))
        yield from self._default_problems(value)

    def _option_problems(self, option: Mapping[str, Any]) -> Iterator[str]:
        for key in option.keys() - self.fields.keys():
            yield f".{key} is not a key of this option{did_you_mean(key, list(self.fields))}"
        for key, kind in self.fields.items():
            item = option.get(key)
            if item is not None and not has_unknown(item):
                yield from (f".{key} is {item!r} and {problem}" for problem in kind.problems(item))
        if option.get(self.first) is None:
            yield f".{self.first} is missing"
        needed = self.texts.get(str(option.get(self.first)))
        if needed and not option.get(needed):
            yield f".{needed} is missing: {option[self.first]} needs it"

    def _default_problems(self, options: Sequence[Any]) -> Iterator[str]:
        if not options:
            yield "must hold at least one option (neetoCal keeps the last one); leave the argument out instead"
        elif not has_unknown(options):
            defaults = sum(option.get("is_default") is True for option in options)
            if defaults != 1:
                yield f"must have is_default set on exactly one option, not on {defaults}"

    def canonical(self, value: Any) -> Hashable:
        """
        Return the options by content, in an order of their own.
        """
        return tuple(sorted((self.canonical_option(option) for option in value or ()), key=repr))

    def schema(self) -> dict[str, Any]:
        """
        Return a list of objects with these keys.
        """
        option = {
            "type": "object",
            "properties": {key: kind.schema() for key, kind in self.fields.items()},
            "required": [self.first],
            "additionalProperties": False,
        }
        return {"type": "array", "items": option, "minItems": 1}

    def from_api(self, value: Any, what: str) -> list[dict[str, Any]]:
        """
        Return the contents of the options, without their ids.
        """
        return [self.option_from_api(row, what) for row in read_list(value, what)]

    def option_from_api(self, value: Any, what: str) -> dict[str, Any]:
        """
        Return one option's content, nested in an answer or from its own endpoint, with the keys that are set.
        """
        row = read_object(value, f"an item of {what}")
        content = {}
        for key, kind in self.fields.items():
            names = (key, *self.spellings.get(key, ()))
            name = next((each for each in names if row.get(each) is not None), None)
            if name:
                content[key] = kind.from_api(row[name], f"{name} in {what}")
        if self.first not in content:
            unreadable(f"an item of {what} has no {self.first}")
        return content

    def to_api(self, value: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """
        Return the options for the body that creates a link.

        They carry every documented key that a program can set, `null` where it is not set, as in the vendor's sample.
        """
        return [{key: _sent(option, key) for key in self.fields} for option in value]

    def option_to_api(self, option: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return the body that creates or updates one option through its own endpoint.
        """
        return {next(iter(self.spellings.get(key, ())), key): _sent(option, key) for key in self.fields}

    def canonical_option(self, option: Mapping[str, Any]) -> tuple[Hashable, ...]:
        """
        Return one option's content, in the order of `fields`.
        """
        return tuple(kind.canonical(option.get(key)) for key, kind in self.fields.items())


def _sent(option: Mapping[str, Any], key: str) -> Any:
    return option.get(key, False if key == "is_default" else None)


def has_same_letters(one: str, other: str) -> bool:
    """
    Whether two texts differ at most in white space, punctuation, markup, escaping and composition.
    """
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    found = unicodedata.normalize("NFKC", _without(text, "ZC"))
    for _ in range(_ESCAPED_AT_MOST):
        found = html.unescape(found)
    return _without(re.sub("<[^<>]*>", "", found), "ZCP")


_ESCAPED_AT_MOST = 8
"""Times that a text is unescaped; without a limit, a text of a hostile server could take hours."""


def _without(text: str, categories: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter)[0] not in categories)


def did_you_mean(value: Any, words: Iterable[str]) -> str:
    """
    Return a question that names the nearest of some words, to follow a reason; empty where none is near.
    """
    import difflib

    near = difflib.get_close_matches(str(value), list(words), n=1)
    return f"; did you mean {near[0]}?" if near else ""


# Values of an answer's JSON


_MAX_NUMBER = 2**53 - 1
"""Beyond it Pulumi, whose numbers are floats, would record another one."""

_JSON_NAMES: dict[type, str] = {str: "text", dict: "object", list: "list", bool: "flag"}


def unreadable(reason: str) -> NoReturn:
    """
    Raise an `UnexpectedResponseError` for this reason.
    """
    raise UnexpectedResponseError(reason)


def read_object(value: Any, what: str) -> Mapping[str, Any]:
    """
    Return a JSON object; `what` names it in the error.
    """
    result: Mapping[str, Any] = _expect(value, dict, what)
    return result


def read_list(value: Any, what: str) -> Sequence[Any]:
    """
    Return a list.
    """
    result: Sequence[Any] = _expect(value, list, what)
    return result


def read_flag(value: Any, what: str) -> bool:
    """
    Return true or false.
    """
    result: bool = _expect(value, bool, what)
    return result


def read_text(value: Any, what: str) -> str:
    """
    Return text that is Unicode.
    """
    result: str = _expect(value, str, what)
    if re.search("[\ud800-\udfff]", result):
        unreadable(f"{what} holds what is no Unicode")
    return result


def read_whole_number(value: Any, what: str) -> int:
    """
    Return a whole number, which an API may answer with decimals or as text.
    """
    if isinstance(value, str) and re.fullmatch("[0-9]{1,16}", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        unreadable(f"{what} is no whole number but {type(value).__name__}")
    if not 0 <= value <= _MAX_NUMBER:
        unreadable(f"{what} is a number out of bounds")
    return value


def _emails(value: Any, what: str) -> list[str]:
    """
    Return the addresses of a list of texts, or of objects with the key `email`.
    """
    item = f"an item of {what}"
    return [
        read_text(each if isinstance(each, str) else read_object(each, item).get("email"), item)
        for each in read_list(value, what)
    ]


def _expect(value: Any, kind: type, what: str) -> Any:
    if not isinstance(value, kind):
        unreadable(f"{what} is no {_JSON_NAMES[kind]} but {type(value).__name__}")
    return value
