"""
Texts without the API key, or people's addresses, in them, whoever wrote it there and in whichever spelling.

Servers and proxies quote what they refuse: as it was sent, escaped for an address, a page or a program, or encoded.
"""

from __future__ import annotations

import base64
import html
import html.entities
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

__all__ = ["quotes", "redacted", "without_addresses"]

_SHORTEST = 8
"""Characters: a shorter key, as an emulator may have, is part of too many words to be looked for in its spellings."""

_UNMISTAKABLE = 16
"""Characters: a longer key is in no text by accident."""

_LONGEST = 10_000
"""Characters: what is longer is no message."""


def redacted(text: str, *keys: str) -> str:
    """
    Return the text with `…` in place of each key; nothing of a text that is too long to be looked through.
    """
    pattern = _pattern(keys)
    if pattern is None:
        return text
    return pattern.sub("…", text) if len(text) <= _LONGEST else ""


def without_addresses(text: str) -> str:
    """
    Return the text with `…@…` in place of each e-mail address.
    """
    return _ADDRESS.sub("…@…", text)


_ADDRESS = re.compile(r"[\w.+-]+(?:(?:'|%[0-9A-Fa-f]{2})[\w.+-]+)*(@|%40)[\w.-]+")


def quotes(text: str, *keys: str) -> bool:
    """
    Whether one of the keys is in the text; those that may be there by accident do not count.

    Quick enough for every answer, of any length.
    """
    sought = [key for key in keys if len(key) >= _UNMISTAKABLE]
    wholes = {whole.casefold() for key in sought for whole in (key, key.replace("\\", ""), *_encoded(key))}
    if not wholes:
        return False
    return any(whole in each.casefold() for each in _readings(text) for whole in wholes)


def _readings(text: str) -> Iterator[str]:
    """
    Yield the text as it is and without each kind of escape in it.
    """
    yield text
    for sign, plain in (("%", unquote), ("&", html.unescape), ("\\", _without_backslashes)):
        if sign in text:
            yield plain(text)


def _without_backslashes(text: str) -> str:
    return re.sub(_ESCAPE, lambda found: chr(int(found[1], 16)) if found[1] else "", text)


_ESCAPE = r"\\+(?:(?:x|u00)([0-9a-fA-F]{2}))?"


@lru_cache(maxsize=64)
def _pattern(keys: tuple[str, ...]) -> re.Pattern[str] | None:
    spellings = [spelling for key in keys if key for spelling in _spellings(key)]
    return re.compile("|".join(spellings), re.IGNORECASE) if spellings else None


def _spellings(key: str) -> list[str]:
    """
    Return patterns of a key: letter by letter in any escape, and as a whole in encodings.
    """
    if len(key) < _SHORTEST:
        return [re.escape(key)]
    return ["".join(map(_letter, key)), *map(re.escape, _encoded(key))]


def _letter(letter: str) -> str:
    """
    Return the pattern of one letter of a key, as addresses, pages, programs and mails may spell it.
    """
    code = ord(letter)
    named = [f"&{name}" for name, meaning in html.entities.html5.items() if meaning == letter and name.endswith(";")]
    plain = [re.escape(each) for each in (letter, *named)]
    numbered = [f"[%=]{code:02x}", f"&#x0{{0,4}}{code:x};", f"&#0{{0,4}}{code};", f"x{code:02x}", f"u00{code:02x}"]
    return rf"(?:\\{{0,4}}(?:{'|'.join(plain + numbered)}))"


@lru_cache(maxsize=64)
def _encoded(key: str) -> tuple[str, ...]:
    return tuple(sorted({key.encode().hex(), *_in_base64(key.encode())}))


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
