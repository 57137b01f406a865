"""
One request of the journal with its answer, laid out to be read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from neetocal_emulator.journal import Entry

__all__ = ["exchange"]

_MAX_LETTERS = 100_000


def exchange(entry: Entry) -> dict[str, Any]:
    """
    Tell a request as texts; the key is masked.
    """
    request = entry.read()
    return {
        "key": request.api_key,
        "workspace": request.workspace,
        "query": unquote_plus(entry.query_string),
        "facts": request.facts,
        "faults": request.faults,
        "sent": _text(request.body, entry.body),
        "answered": _text(request.answer, entry.answer),
    }


def _text(value: object, data: bytes) -> str:
    """
    Lay out JSON; anything else is shown as it came.
    """
    is_json = value is not None or data.strip() == b"null"
    text = json.dumps(value, indent=2, ensure_ascii=False) if is_json else data.decode(errors="replace")
    return text if len(text) <= _MAX_LETTERS else f"{text[:_MAX_LETTERS]}\n… ({len(text):,} letters in all)"
