"""
How many requests each operation costs, counted on the engine.
"""

from __future__ import annotations

import json
from typing import Any

from neetocal_emulator import Emulator
from tests.engine.conftest import Asked
from tests.engine.stack import Stack

COUNT = 12

LARGEST = 900
"""Bytes of inputs and outputs that the state may hold of a plain link."""


def links(**changes: Any) -> dict[str, dict[str, Any]]:
    """
    Return plain links by resource name, all with the same changes.
    """
    plain = {"name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
    return {f"intro-{number}": {**plain, "slug": f"intro-{number}", **changes} for number in range(COUNT)}


def test_requests_are_within_their_budget(stack: Stack, emulator: Emulator, asked: Asked) -> None:
    """
    One to create, none for no change, one to update and two for all, a page to refresh, one to destroy and two for all
    (and one more every five seconds), or none for all with `force_destroy`.

    What the state holds of a link is small, and plain: nothing in it is so secret that the engine should encrypt it,
    and no stack trace says that our own line has declared it.
    """
    stack.declare(**links())
    stack.deploy()
    assert [method for method, _path in asked()] == ["POST"] * COUNT
    if stack.host == "dynamic":
        assert [*filter({"stackTrace", "sourcePosition"}.intersection, stack.resources().values())] == []
    recorded = [json.dumps([link["inputs"], link["outputs"]]) for link in stack.resources().values()]
    assert max(map(len, recorded)) <= LARGEST
    assert [
        text for text in recorded if "ciphertext" in text or emulator.environment()["NEETOCAL_API_KEY"] in text
    ] == []

    stack.up()
    assert asked() == []

    stack.declare(**links(duration=45))
    stack.up()
    methods = [method for method, _path in asked()]
    assert methods.count("PATCH") == COUNT
    assert len(methods) <= COUNT + 2

    stack.refresh()
    assert len(asked()) <= 4

    stack.destroy()
    methods = [method for method, _path in asked()]
    assert methods.count("DELETE") == COUNT
    assert 2 <= methods.count("GET") <= 4

    stack.declare(**links(force_destroy=True))
    stack.up()
    asked()
    stack.destroy()
    assert [method for method, _path in asked()] == ["DELETE"] * COUNT
    assert emulator.meetings() == []
