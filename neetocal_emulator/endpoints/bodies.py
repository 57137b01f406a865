"""
Request bodies: JSON objects, or refused.
"""

from __future__ import annotations

import json
import math
from typing import Any

from neetocal_emulator.errors import MalformedError, Problem
from neetocal_emulator.facts import Fact

__all__ = ["read_object"]


def read_object(content_type: str | None, data: bytes) -> dict[str, Any]:
    """
    Read a body as a JSON object; no body at all is an empty object.
    """
    if not data:
        return {}
    if (content_type or "").partition(";")[0].strip().lower() != "application/json":
        raise _malformed(Fact.CONTENT_TYPE, "Content-Type must be application/json")
    try:
        text = data.decode()
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        # Only an escape can smuggle such text in: plain, neither UTF-8 nor JSON allows it.
        has_bad_text = "\\u" in text and any(_is_bad(each) for each in _texts(value))
    except (ValueError, RecursionError) as error:
        raise _malformed(Fact.MALFORMED_JSON, "Request body is not valid JSON") from error
    if has_bad_text:
        raise _malformed(Fact.CHARACTERS, "Request body holds text that cannot be stored")
    if not isinstance(value, dict):
        raise _malformed(Fact.BODY_IS_OBJECT, "Request body must be a JSON object")
    return value


def _malformed(fact: Fact, text: str) -> MalformedError:
    return MalformedError(Problem(fact, text))


def _no_constant(name: str) -> None:
    # Python reads NaN and Infinity, which are not JSON.
    raise ValueError(name)


def _finite(digits: str) -> float:
    # Python reads 1e400 as infinity, which nothing can write back.
    number = float(digits)
    if math.isinf(number):
        raise ValueError(digits)
    return number


def _texts(value: object) -> list[str]:
    """
    Collect every string in a JSON value, names included.
    """
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return []


def _is_bad(text: str) -> bool:
    return "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
