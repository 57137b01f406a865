"""
Links that a program may declare, drawn field by field.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from neetocal_emulator import Switches
from neetocal_emulator.store.texts import stored_text
from neetocal_provider.resources.link_fields import BY_NAME, FIELDS, OPTION_FIELDS, SPOT_TEXTS, Kind, Spot

many = settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=int(os.environ.get("NEETOCAL_FUZZ_EXAMPLES", "75")),
)
"""For tests that reset the emulator themselves for each example."""

HOSTS = ("ada@acme.example", "ben@acme.example", "chiara@acme.example", "dmitri@acme.example")
TEMPLATES = ("5d2f6c1e-8a34-4b7e-9c05-1f2e3d4c5b6a", "7b9e0d3c-2f61-4c8a-b1d4-6a5f4e3d2c1b")
"""Members and templates of the emulator's default seed."""

_LETTERS = st.characters(codec="utf-8", exclude_characters="\0")
_TEXT = st.text(_LETTERS, min_size=1, max_size=30).filter(lambda text: text.strip())
_MINUTES = st.integers(1, 1440)
_SPOT_OF_OPTION = st.sampled_from(
    [
        {"spot": "zoom"},
        {"spot": "teams"},
        {"spot": "phone_call", "phone_call_number": "+1-555-0123"},
        {"spot": "phone_call", "phone_call_number": "+1-555-0199"},
        {"spot": "in_person", "in_person_location": "12 High Street"},
        {"spot": "custom", "custom_text": "We'll call."},
    ]
)


def _with_default(options: Sequence[Mapping[str, Any]], default: int) -> list[dict[str, Any]]:
    return [{**option, "is_default": number == default % len(options)} for number, option in enumerate(options)]


def _options(contents: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    lists = st.lists(contents, min_size=1, max_size=4, unique_by=lambda option: str(sorted(option.items())))
    return st.builds(_with_default, lists, st.integers(0, 3))


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "slug": st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9_]{1,8}){0,2}x", fullmatch=True),
    "name": _TEXT,
    "hosts": st.lists(st.sampled_from(HOSTS), min_size=1, max_size=4, unique=True),
    "duration": _MINUTES,
    "template_id": st.sampled_from(TEMPLATES),
    "description": _TEXT,
    "kind": st.sampled_from([kind.value for kind in Kind]),
    "start_time_increment": st.integers(3, 240),
    "before_buffer_time": st.integers(0, 1440),
    "after_buffer_time": st.integers(0, 1440),
    "is_multiple_durations_allowed": st.booleans(),
    "is_multiple_spots_allowed": st.booleans(),
    "spot": st.sampled_from([spot.value for spot in Spot]),
    "spot_phone_call_number": st.sampled_from(["+1-555-0123", "+1-555-0199"]),
    "spot_custom_text": _TEXT,
    "spot_in_person_location": _TEXT,
    "locked_time_zone": st.sampled_from(["Europe/Lisbon", "Europe/Sofia", "America/New_York", "Asia/Kolkata"]),
    "durations": _options(st.builds(lambda minutes: {"duration": minutes}, _MINUTES)),
    "spots": _options(_SPOT_OF_OPTION),
    "force_destroy": st.booleans(),
    "adopt": st.booleans(),
}
"""By field, values that every check passes."""


def fields_of(api_version: str) -> list[str]:
    """
    Return the names of the optional fields that a version of the API can take; the template is another matter.
    """
    return [
        field.name
        for field in FIELDS
        if not field.required and field.exists_in(api_version) and field.name != "template_id"
    ]


def links(api_version: str) -> st.SearchStrategy[dict[str, Any]]:
    """
    Draw a link: everything required, and some of the rest.
    """
    required = {field.name: VALUES[field.name] for field in FIELDS if field.required}
    optional = {name: VALUES[name] for name in fields_of(api_version)}
    return st.fixed_dictionaries(required, optional=optional).map(with_text_of_place)


def links_of_any_origin(api_version: str) -> st.SearchStrategy[dict[str, Any]]:
    """
    Draw a link, perhaps one that is made from a template.
    """
    origins = st.one_of(st.just({}), st.builds(lambda template: {"template_id": template}, VALUES["template_id"]))
    return st.builds(lambda link, origin: {**link, **origin}, links(api_version), origins)


def with_text_of_place(link: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the link with the text without which its place means nothing.
    """
    needed = SPOT_TEXTS.get(str(link.get("spot")))
    return {**({needed: "+1-555-0100"} if needed else {}), **link}


def readings(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    """
    Draw how the emulator reads what nobody knows, for these switches.
    """
    choices = Switches.choices()
    return st.fixed_dictionaries({name: st.sampled_from(choices[name]) for name in names})


READINGS = tuple(sorted(Switches.choices()))
"""All switches."""


def are_hosts_wanted_and_hidden(switches: Mapping[str, Any]) -> bool:
    """
    Whether an update must send hosts that no answer shows: then only one that changes them can be made.
    """
    return bool(switches["patch_without_hosts"] == "refused" and switches["hosts_in_answers"] == "nowhere")


def readings_that_update() -> st.SearchStrategy[dict[str, Any]]:
    """
    Draw all switches, so that any change of a link can be made.
    """
    return readings(*READINGS).filter(lambda switches: not are_hosts_wanted_and_hidden(switches))


def is_held(name: str, held: Any, declared: Any, texts: str) -> bool:
    """
    Whether what neetoCal holds of a field is what is declared, or the form in which the emulator stores its texts.
    """
    if name not in OPTION_FIELDS:
        return any(not BY_NAME[name].differs(held, each) for each in (declared, _formed(name, declared, texts)))
    left = list(held)
    for option in declared:
        formed = {key: _formed(key, value, texts) for key, value in option.items()}
        same = [row for row in left for each in (option, formed) if not BY_NAME[name].differs([row], [each])]
        if not same:
            return False
        left.remove(same[0])
    return not left


def _formed(name: str, value: Any, texts: str) -> Any:
    return stored_text(texts, name, value) if isinstance(value, str) else value
