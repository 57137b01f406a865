"""
The form in which texts of requests are stored.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["stored", "stored_text"]

Fields = dict[str, Any]

_NUMBERS = frozenset({"spot_phone_call_number", "phone_call_number"})
_RICH = frozenset({"description", "spot_custom_text", "custom_text"})
_ALL = _NUMBERS | _RICH | {"name", "spot_in_person_location", "in_person_location"}
_BYTE_ORDER_MARK = "\ufeff"


class _Form(NamedTuple):
    fields: Collection[str]
    write: Callable[[str, str], str]


def stored(workspace: Workspace, fields: Mapping[str, Any]) -> Fields:
    """
    Return fields of a link, template, spot or service as they are stored, nested spots included (TEXTS_AS_SENT).
    """
    form = workspace.switches.texts
    changed: Fields = {name: stored_text(form, name, text) for name, text in fields.items() if isinstance(text, str)}
    if "spots" in fields:
        changed["spots"] = [stored(workspace, spot) for spot in fields["spots"]]
    return {**fields, **changed}


def stored_text(form: str, name: str, text: str) -> str:
    """
    Return the text of a field in this form, a value of the switch; one that would be blank stays as it was sent.
    """
    found = _FORMS.get(form)
    changed = found.write(name, text) if found and name in found.fields else text
    return changed if changed.strip() else text


def _tidied(name: str, text: str) -> str:
    return re.sub(r"[\s().-]+", "", text) if name in _NUMBERS else " ".join(text.split())


def _in_html(_name: str, text: str) -> str:
    return text if text.startswith("<p>") else f"<p>{text}</p>"


def _escaped(_name: str, text: str) -> str:
    return html.escape(text, quote=False)


def _composed(_name: str, text: str) -> str:
    return unicodedata.normalize("NFC", text.replace(_BYTE_ORDER_MARK, ""))


_FORMS = {
    "tidied": _Form(_ALL, _tidied),
    "html": _Form(_RICH, _in_html),
    "escaped": _Form(_ALL, _escaped),
    "composed": _Form(_ALL, _composed),
}
