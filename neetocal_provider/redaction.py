"""
Texts without the API key in them, whoever wrote it there and in whichever spelling.

Servers and proxies quote what they refuse: as it was sent, escaped for an address, a page or a program, or encoded.
"""

from __future__ import annotations

import base64
import html
import json
import re
from functools import lru_cache
from urllib.parse import quote

__all__ = ["quotes", "redacted"]

_SHORTEST = 8
"""Characters: a shorter key, as an emulator may have, is part of too many words to be looked for in its spellings."""

_UNMISTAKABLE = 16
"""Characters: a longer key is in no text by accident."""


def redacted(text: str, *keys: str) -> str:
    """
    Return the text with `…` in place of each key.
    """
    pattern = _pattern(keys)
    return pattern.sub("…", text) if pattern else text


def quotes(text: str, *keys: str) -> bool:
    """
    Whether one of the keys is in the text; those that may be there by accident do not count.
    """
    pattern = _pattern(tuple(key for key in keys if len(key) >= _UNMISTAKABLE))
    return pattern is not None and pattern.search(text) is not None


@lru_cache(maxsize=64)
def _pattern(keys: tuple[str, ...]) -> re.Pattern[str] | None:
    spellings = {spelling for key in keys if key for spelling in _spellings(key)}
    longest_first = sorted(spellings, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if spellings else None


def _spellings(key: str) -> set[str]:
    if len(key) < _SHORTEST:
        return {key}
    return {
        key,
        quote(key, safe=""),
        "".join(f"%{byte:02x}" for byte in key.encode()),
        html.escape(key),
        repr(key)[1:-1],
        json.dumps(key)[1:-1],
        key.encode().hex(),
        *_in_base64(key.encode()),
    }


def _in_base64(key: bytes) -> set[str]:
    """
    Return how a key shows in encoded text, which depends on how many bytes stand before it.

    The characters at both ends, which hold bits of its neighbours too, are left out.
    """
    found = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + key).decode().rstrip("=")
        first = (before * 8 + 5) // 6
        last = (before + len(key)) * 8 // 6
        found |= {encoded[first:last], encoded[first:last].replace("+", "-").replace("/", "_")}
    return found
