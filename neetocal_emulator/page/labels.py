"""
A link in words, for the list and for its public page alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from neetocal_emulator.store.documents import Meeting

__all__ = ["described"]

_KINDS = {
    "one_on_one": "One-on-one",
    "round_robin": "Round robin",
    "multihost": "Multi-host",
    "grouped": "Group",
}
_SPOTS = {
    "daily": "Daily",
    "zoom": "Zoom",
    "jitsi": "Jitsi",
    "google_meet": "Google Meet",
    "teams": "Microsoft Teams",
    "whereby": "Whereby",
    "in_person": "In person",
    "custom": "Custom",
    "phone_call": "Phone call",
}
_SPOT_TEXTS = {"in_person": "in_person_location", "custom": "custom_text", "phone_call": "phone_call_number"}


def described(meeting: Meeting) -> dict[str, Any]:
    """
    Tell a link or template in words: its kind, lengths, places and hosts, ready to be shown.
    """
    document = meeting.document
    return {
        "sid": document["sid"],
        "slug": document["slug"],
        "name": document["name"],
        "description": document["description"] or "",
        "is_disabled": bool(document["disabled"]),
        "kind": _KINDS.get(document["kind"], str(document["kind"])),
        "lengths": [_length(minutes) for minutes in _minutes(document)],
        "places": _places(document),
        "hosts": [host.to_dict() for host in meeting.hosts],
    }


def _minutes(document: Mapping[str, Any]) -> list[int]:
    """
    The lengths a visitor can choose from, the default first.
    """
    choices = document["durations"] if document["is_multiple_durations_allowed"] else []
    return [choice["duration"] for choice in _default_first(choices)] or [document["duration"]]


def _places(document: Mapping[str, Any]) -> list[str]:
    """
    The places a visitor can choose from, the default first.
    """
    choices = document["spots"] if document["is_multiple_spots_allowed"] else []
    if not choices:
        return [_place(document, "spot_")]
    return [_place(choice) for choice in _default_first(choices)]


def _default_first(choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(choices, key=lambda choice: not choice.get("is_default"))


def _place(fields: Mapping[str, Any], prefix: str = "") -> str:
    spot = fields["spot"]
    name = _SPOTS.get(spot, str(spot))
    text = fields.get(prefix + _SPOT_TEXTS[spot]) if spot in _SPOT_TEXTS else None
    if not text:
        return name
    return str(text) if spot == "custom" else f"{name}: {text}"


def _length(minutes: object) -> str:
    """
    Say 45 as `45 min`, 60 as `1 h` and 90 as `1 h 30 min`.
    """
    if not isinstance(minutes, int):
        return str(minutes)
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
