"""
Where a link differs from its program.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_provider.core.detailed_diff import Change, detailed_diff
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.resource import DECLARED
from neetocal_provider.schema.types import UNKNOWN
from neetocal_provider.settings import Settings
from tests.link import diff

SETTINGS = Settings(workspace="acme", api_key="acme-0123456789", base_url="https://acme.neetocal.com")
PLAIN: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
DURATIONS = [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}]


def paths(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Change]:
    """
    Return what changes from one program to another.
    """
    olds = {**PLAIN, **before, "workspace": "acme", "url": "https://acme.neetocal.com/intro", DECLARED: [*before]}
    news = {**PLAIN, **after}
    return detailed_diff(diff(olds, news, SETTINGS), olds, news, SCHEDULING_LINK.schema)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"name": "Other"}, {"name": Change.UPDATE}),
        ({}, {"description": "Hello"}, {"description": Change.ADD}),
        ({"description": "Hello"}, {}, {"description": Change.DELETE}),
        ({"description": "Hello"}, {"description": UNKNOWN}, {"description": Change.UPDATE}),
        ({"template_id": "one"}, {"template_id": "two"}, {"template_id": Change.UPDATE}),
        ({}, {"hosts": ["ben@acme.example"]}, {"hosts[0]": Change.UPDATE}),
        ({}, {"hosts": ["ben@acme.example", "ada@acme.example"]}, {"hosts[0]": Change.ADD}),
        ({"hosts": ["ada@acme.example", "ben@acme.example"]}, {}, {"hosts[1]": Change.DELETE}),
        (
            {"durations": DURATIONS},
            {"durations": [DURATIONS[0], {"duration": 45}]},
            {"durations[1].duration": Change.UPDATE},
        ),
        (
            {"durations": DURATIONS},
            {"durations": [{"duration": 30}, {"duration": 60, "is_default": True}]},
            {"durations[0].is_default": Change.DELETE, "durations[1].is_default": Change.UPDATE},
        ),
        (
            {"durations": DURATIONS},
            {"durations": [*DURATIONS, {"duration": 90}]},
            {"durations[2]": Change.ADD},
        ),
        ({"durations": DURATIONS}, {"durations": [DURATIONS[0]]}, {"durations[1]": Change.DELETE}),
        (
            {"spots": [{"spot": "custom", "is_default": True, "custom_text": "A"}]},
            {"spots": [{"spot": "custom", "is_default": True, "custom_text": "B"}]},
            {"spots[0].custom_text": Change.UPDATE},
        ),
    ],
    ids=str,
)
def test_a_change_is_named_where_it_is(
    before: dict[str, Any], after: dict[str, Any], expected: dict[str, Change]
) -> None:
    """
    Down to the key of an option; an item that moved is none.
    """
    assert paths(before, after) == expected


@pytest.mark.parametrize(
    "after",
    [
        {"hosts": ["Ada@acme.example "]},
        {"durations": DURATIONS[::-1]},
        {"durations": [{"duration": 30, "is_default": True}, {"duration": 60}]},
    ],
    ids=str,
)
def test_another_spelling_or_order_has_no_path(after: dict[str, Any]) -> None:
    """
    As it is no change.
    """
    before = {name: {"durations": DURATIONS}.get(name, PLAIN.get(name)) for name in after}

    assert paths(before, after) == {}
