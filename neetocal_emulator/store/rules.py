"""
What a single value must be: readers that return the value, or refuse it.

A reader takes the field's name and the value from the request. `clean()` applies
many of them and refuses with all problems at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from neetocal_emulator.errors import InvalidError, Problem
from neetocal_emulator.facts import Fact

__all__ = [
    "KINDS",
    "LARGEST",
    "SPOTS",
    "Reader",
    "clean",
    "dicts",
    "email",
    "emails",
    "filled_text",
    "flag",
    "folded",
    "host_emails",
    "minutes",
    "nullable",
    "nullable_text",
    "number",
    "one_of",
    "slug",
    "texts",
    "without_doubles",
]

Reader = Callable[[str, object], Any]

KINDS = ("one_on_one", "round_robin", "multihost", "grouped")
SPOTS = (
    "daily",
    "zoom",
    "jitsi",
    "google_meet",
    "teams",
    "whereby",
    "in_person",
    "custom",
    "phone_call",
)

# A database's integer holds no more; beyond lies what no calendar can add up.
LARGEST = 2**31 - 1

# The page writes "scheduled meetings"; a slug cannot hold the space, so both joined forms count.
_RESERVED_SLUGS = frozenset(
    {
        "admin",
        "availabilities",
        "calendar",
        "login",
        "logout",
        "meetings",
        "payment",
        "scheduled-meetings",
        "scheduled_meetings",
        "settings",
    }
)
_SLUG = re.compile(r"[a-z0-9_-]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_DIGITS = re.compile(r"[0-9]{1,9}")


def clean(
    body: Mapping[str, object],
    readers: Mapping[str, Reader],
    required: Collection[str] = (),
    *,
    why_required: Fact = Fact.BLANK,
) -> dict[str, Any]:
    """
    Read the known fields of a body and leave the others out (UNDOCUMENTED_FIELDS).
    """
    cleaned: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, reader in readers.items():
        if field in body:
            try:
                cleaned[field] = reader(field, body[field])
            except InvalidError as error:
                problems.extend(error.problems)
        elif field in required:
            problems.append(Problem(why_required, "can't be blank", field))
    if problems:
        raise InvalidError(*problems)
    return cleaned


def refuse(fact: Fact, text: str, field: str) -> InvalidError:
    """
    Make the error for one bad value.
    """
    return InvalidError(Problem(fact, text, field))


def filled_text(field: str, value: object) -> str:
    """
    Read a string with something in it.
    """
    if value is None:
        raise refuse(Fact.BLANK, "can't be blank", field)
    if not isinstance(value, str):
        raise refuse(Fact.VALUE_TYPE, "must be a string", field)
    if not value.strip():
        raise refuse(Fact.BLANK, "can't be blank", field)
    return value


def nullable_text(field: str, value: object) -> str | None:
    """
    Read a string or null, which clears the field (NULL_CLEARS).
    """
    if value is not None and not isinstance(value, str):
        raise refuse(Fact.VALUE_TYPE, "must be a string", field)
    return value


def flag(field: str, value: object) -> bool:
    """
    Read a boolean.
    """
    if not isinstance(value, bool):
        raise refuse(Fact.VALUE_TYPE, "must be true or false", field)
    return value


def minutes(lowest: int, highest: int, fact: Fact) -> Reader:
    """
    Make a reader of whole minutes within a range; takes digits too (NUMERIC_STRING).
    """

    def read(field: str, value: object) -> int:
        number = _whole_number(field, value)
        if not lowest <= number <= highest:
            raise refuse(fact, f"must be between {lowest} and {highest}", field)
        return number

    return read


def _whole_number(field: str, value: object) -> int:
    if value is None:
        raise refuse(Fact.BLANK, "can't be blank", field)
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse(Fact.VALUE_TYPE, "must be an integer", field)
    return value


def number(fact: Fact) -> Reader:
    """
    Make a reader of a number from 0 on, with a fraction or without.
    """

    def read(field: str, value: object) -> int | float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise refuse(Fact.VALUE_TYPE, "must be a number", field)
        if not 0 <= value <= LARGEST:
            raise refuse(fact, f"must be between 0 and {LARGEST}", field)
        return value

    return read


def nullable(reader: Reader) -> Reader:
    """
    Make a reader that takes null, too.
    """
    return lambda field, value: None if value is None else reader(field, value)


def dicts(field: str, value: object) -> list[dict[str, Any]]:
    """
    Read a list of objects, which may be empty.
    """
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise refuse(Fact.VALUE_TYPE, "must be a list of objects", field)
    return value


def one_of(values: tuple[str, ...], fact: Fact) -> Reader:
    """
    Make a reader of one word out of a list.
    """

    def read(field: str, value: object) -> str:
        if not isinstance(value, str) or value not in values:
            raise refuse(fact, "is not included in the list", field)
        return value

    return read


def slug(field: str, value: object) -> str:
    """
    Read a slug; see the four SLUG_ facts.
    """
    text = filled_text(field, value)
    if not _SLUG.fullmatch(text):
        wanted = "may hold lower-case letters, digits, hyphens and underscores only"
        raise refuse(Fact.SLUG_CHARACTERS, wanted, field)
    if text.startswith("-") or text.endswith("-") or "--" in text:
        wanted = "must not start or end with a hyphen or have two in a row"
        raise refuse(Fact.SLUG_HYPHENS, wanted, field)
    if text in _RESERVED_SLUGS:
        raise refuse(Fact.SLUG_RESERVED, "is reserved", field)
    return text


def email(field: str, value: object) -> str:
    """
    Read one e-mail address.
    """
    text = filled_text(field, value)
    if not _EMAIL.fullmatch(text):
        raise refuse(Fact.MEMBER_EMAIL_FORM, f"{text!r} is not an e-mail address", field)
    return text


def emails(field: str, value: object) -> list[str]:
    """
    Read a list of e-mail addresses with at least one in it.
    """
    addresses = texts(field, value)
    if not addresses:
        raise refuse(Fact.MEMBER_EMAILS, "can't be blank", field)
    return [email(field, address) for address in addresses]


def host_emails(field: str, value: object) -> list[str]:
    """
    Read the hosts' e-mails: at least one, doubles once (HOSTS_IGNORE_CASE).
    """
    addresses = texts(field, value)
    if not addresses:
        raise refuse(Fact.HOSTS_REQUIRED, "can't be blank", field)
    return without_doubles(addresses)


def folded(address: str) -> str:
    """
    Return an e-mail as the tables compare it: letter case counts outside of ASCII only (HOSTS_IGNORE_CASE).
    """
    if address.isascii():
        return address.lower()
    return "".join(letter.lower() if letter.isascii() else letter for letter in address)


def without_doubles(addresses: Iterable[str]) -> list[str]:
    """
    Return the e-mails without those that differ from an earlier one in letter case alone.
    """
    first: dict[str, str] = {}
    for address in addresses:
        first.setdefault(folded(address), address)
    return list(first.values())


def texts(field: str, value: object) -> list[str]:
    """
    Read a list of strings, which may be empty.
    """
    if value is None:
        raise refuse(Fact.BLANK, "can't be blank", field)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise refuse(Fact.VALUE_TYPE, "must be a list of strings", field)
    return value
