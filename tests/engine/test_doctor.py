"""
`neetocal-provider doctor`: where each setting comes from, and whether all is in place.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.settings import SETTINGS
from tests.engine.stack import Stack


@pytest.fixture
def api_version() -> str:
    """
    Run under version 2; what differs is told from the settings.
    """
    return "v2"


def examined(stack: Stack, *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """
    Return the exit status and the findings by name.
    """
    done = stack.beside("neetocal-provider", "doctor", "--json", *options)
    return done.returncode, {finding["name"]: finding for finding in json.loads(done.stdout)}


def test_all_is_well(stack: Stack, emulator: Emulator) -> None:
    """
    Every setting is there with its source, then versions, API, key and clock; the key itself is not.
    """
    stack.config("neetocal:timeout", "60")

    status, found = examined(stack)

    assert status == 0
    assert [name for name in found if name.startswith("neetocal:")] == [each.config_key for each in SETTINGS.values()]
    sources = {name: (finding["value"], finding["source"]) for name, finding in found.items()}
    assert sources["neetocal:timeout"] == ("60", "stack config")
    assert sources["neetocal:workspace"] == ("acme", "environment (NEETOCAL_WORKSPACE)")
    assert sources["neetocal:apiKey"] == ("set", "environment (NEETOCAL_API_KEY)")
    assert sources["neetocal:maxAttempts"] == ("6", "default")
    assert found["Key"]["value"] == "accepted by workspace acme"
    assert found["Clock"]["value"] == "as neetoCal's"
    assert f"{emulator.url} (v2) answered after" in found["API"]["value"]
    assert {"Pulumi CLI", "Pulumi SDK", "Python", "neetocal-provider"} <= found.keys()
    assert emulator.environment()["NEETOCAL_API_KEY"] not in json.dumps(found)


def test_a_secret_key_of_the_stack_is_tried_and_not_shown(stack: Stack) -> None:
    """
    The stack config comes first, as in a deployment.
    """
    stack.config("neetocal:apiKey", "wrong-marker-key", "--secret")

    status, found = examined(stack)

    assert status == 1
    assert (found["neetocal:apiKey"]["value"], found["neetocal:apiKey"]["source"]) == ("set", "stack config")
    assert "401" in found["API"]["problem"]
    assert "wrong-marker-key" not in json.dumps(found)


def test_nothing_secret_is_shown_of_another_setting(stack: Stack) -> None:
    """
    Neither a password in an address, nor the key in the wrong place, nor what a terminal would obey.
    """
    key = "marker-key-0123456789"
    stack.environment(NEETOCAL_API_KEY=key, NEETOCAL_BASE_URL="https://me:pass-word@host", NEETOCAL_LOG=f"{key}\x1b[2J")

    status, found = examined(stack)

    assert status == 1
    assert found["neetocal:baseUrl"]["value"] == "https://…@host"
    assert found["neetocal:log"]["value"] == "… [2J"
    assert key not in json.dumps(found)
    assert "pass-word" not in json.dumps(found)


def test_a_stack_config_that_cannot_be_read_is_told(stack: Stack) -> None:
    """
    Otherwise its settings would seem not to be set.
    """
    status, found = examined(stack, "--stack", "another")

    assert status == 1
    assert "no stack named 'another' found" in found["Stack config"]["problem"]
    assert found["Key"]["value"] == "accepted by workspace acme"


def test_what_is_wrong_is_told_beside_it_and_in_words(stack: Stack) -> None:
    """
    A table for people, a sentence for each problem, and an exit status for scripts.
    """
    stack.environment(NEETOCAL_API_KEY=None, NEETOCAL_TIMEOUT="long")

    done = stack.beside("neetocal-provider", "doctor")

    assert done.returncode == 1
    assert "x neetocal:timeout " in done.stdout
    assert "+ neetocal:workspace " in done.stdout
    assert "neetocal:apiKey is not set: run `pulumi config set --secret neetocal:apiKey" in done.stderr
    assert "is 'long', which is no time" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_an_engine_or_a_stack_the_environment_counts(stack: Stack) -> None:
    """
    And the engine is told as missing, with the way to it.
    """
    program = stack.beside("sh", "-c", "dirname $(command -v neetocal-provider)").stdout.strip()
    stack.environment(PATH=f"{program}:/usr/bin:/bin")

    status, found = examined(stack)

    assert status == 1
    assert "There is no `pulumi` on PATH" in found["Pulumi CLI"]["problem"]
    assert found["Key"]["value"] == "accepted by workspace acme"
