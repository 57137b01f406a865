"""
Several workspaces in one program, each with a `Provider` of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack

SEED = {
    "workspaces": {
        "acme": {"api_keys": ["acme-key"], "team_members": [{"email": "ada@acme.example"}]},
        "globex": {
            "api_keys": ["globex-old-key", "globex-new-key"],
            "team_members": [{"email": "ada@acme.example"}, {"email": "omar@globex.example"}],
        },
    }
}
INTRO = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
GLOBEX = {"workspace": "globex", "api_key": "globex-old-key"}


@pytest.fixture
def two() -> Iterator[Emulator]:
    """
    Give an emulator of two workspaces.
    """
    with Emulator(seed=SEED) as emulator:
        yield emulator


@pytest.fixture
def stack(tmp_path: Path, two: Emulator, api_version: str) -> Stack:
    """
    Give a stack of `acme` whose program has other providers, too.
    """
    environment = {**two.environment("acme"), "NEETOCAL_API_VERSION": api_version}
    return Stack(PROGRAMS / "providers", tmp_path, environment)


def declare(stack: Stack, providers: dict[str, Any], **links: Any) -> None:
    """
    Make these the providers and links of the program; a link is a provider's name, or None, and its arguments.
    """
    (stack.folder / "providers.json").write_text(json.dumps({"providers": providers, "links": links}))


def slugs(emulator: Emulator, workspace: str) -> list[str]:
    """
    Return the slugs of a workspace's links.
    """
    return [meeting["slug"] for meeting in emulator.meetings(workspace)]


def test_an_exported_provider_gives_no_key_away(stack: Stack) -> None:
    """
    Pulumi exports every public attribute of a resource; the key is a secret among them.
    """
    given = {"providers": {"globex": GLOBEX}, "links": {}, "is_exported": True}
    (stack.folder / "providers.json").write_text(json.dumps(given))

    stack.deploy()

    assert "globex itself" in stack.stack_outputs()
    assert GLOBEX["api_key"] not in json.dumps(stack.state())


def test_links_live_in_the_workspace_of_their_provider(stack: Stack, two: Emulator) -> None:
    """
    Links, teams with all they hold, and lookups; and they leave it again with `destroy`.
    """
    teams = {
        "sales": [
            "globex",
            {"members": ["omar@globex.example"], "member_links": {"chat": {"name": "C", "duration": 9}}},
        ]
    }
    given = {
        "providers": {"globex": GLOBEX},
        "links": {"here": [None, INTRO], "there": ["globex", INTRO]},
        "teams": teams,
    }
    (stack.folder / "providers.json").write_text(json.dumps(given))

    assert stack.up() == {"create": 3}

    assert slugs(two, "acme") == ["intro"]
    assert slugs(two, "globex") == ["intro", "omar-chat"]
    assert stack.outputs("there")["workspace"] == "globex"
    assert stack.stack_outputs() == {"globex": ["ada@acme.example", "omar@globex.example"], "globex later": 2}
    assert "warning" not in stack.said
    assert stack.refresh() == {"refresh": 3}
    assert stack.destroy() == {"delete": 3}
    assert slugs(two, "acme") == slugs(two, "globex") == []


def test_a_providers_key_is_a_secret_and_a_new_one_touches_no_link(stack: Stack) -> None:
    """
    It is encrypted in the state of the provider and nowhere else.
    """
    declare(stack, {"globex": GLOBEX}, there=["globex", INTRO])
    stack.deploy()

    state = json.dumps(stack.state())
    assert "globex-old-key" not in state
    shown = stack.state("--show-secrets")["deployment"]["resources"]
    assert [item["urn"].split("::")[-1] for item in shown if "globex-old-key" in json.dumps(item)] == ["globex"]

    declare(stack, {"globex": {**GLOBEX, "api_key": "globex-new-key"}}, there=["globex", INTRO])
    assert stack.deploy() == {"same": 1}
    assert stack.refresh() == {"refresh": 1}
    assert stack.destroy() == {"delete": 1}


def test_a_link_that_moves_to_another_workspace_is_made_there_first(stack: Stack, two: Emulator) -> None:
    """
    The preview shows the replacement; the old link goes when the new one is there.
    """
    declare(stack, {"globex": GLOBEX}, intro=[None, INTRO])
    stack.deploy()

    declare(stack, {"globex": GLOBEX}, intro=["globex", INTRO])
    assert stack.preview() == {"replace": 1}
    assert stack.up() == {"replace": 1}
    assert [operation for operation, _ in stack.steps] == ["create-replacement", "replace", "delete-replaced"]
    assert slugs(two, "acme") == []
    assert slugs(two, "globex") == ["intro"]


@pytest.mark.one_host("native", "the dynamic host is not told the former settings")
@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_a_provider_that_turns_to_another_workspace_takes_its_links_along(stack: Stack, two: Emulator) -> None:
    """
    The old links go with the former key, which is nowhere else any more.
    """
    stack.environment(NEETOCAL_WORKSPACE=None, NEETOCAL_API_KEY=None)
    declare(stack, {"mine": GLOBEX}, intro=["mine", INTRO])
    stack.deploy()

    declare(stack, {"mine": {"workspace": "acme", "api_key": "acme-key"}}, intro=["mine", INTRO])
    assert stack.up() == {"replace": 1}
    assert slugs(two, "acme") == ["intro"]
    assert slugs(two, "globex") == []


@pytest.mark.one_host("native", "a stack moves there")
@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_links_move_with_their_provider_to_the_plugin_and_back(stack: Stack, two: Emulator) -> None:
    """
    By the import line: the engine makes the other provider, and no link changes.
    """
    declare(stack, {"globex": GLOBEX}, there=["globex", INTRO])
    stack.move_program("dynamic")
    stack.deploy()

    stack.move_program("native")
    assert stack.deploy() == {"same": 1}
    stack.move_program("dynamic")
    assert stack.up() == {"same": 1}
    assert stack.destroy() == {"delete": 1}
    assert slugs(two, "globex") == []


def test_a_provider_of_the_same_workspace_changes_nothing(stack: Stack) -> None:
    """
    To name the workspace that was meant all along is no change, back and forth.
    """
    acme = {"workspace": "acme", "api_key": "acme-key"}
    declare(stack, {"acme": acme}, intro=[None, INTRO])
    stack.deploy()

    declare(stack, {"acme": acme}, intro=["acme", INTRO])
    assert stack.deploy() == {"same": 1}
    declare(stack, {"acme": acme}, intro=[None, INTRO])
    assert stack.up() == {"same": 1}


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
@pytest.mark.parametrize("is_known_later", [False, True])
def test_two_providers_of_a_workspace_cannot_have_one_slug(stack: Stack, two: Emulator, is_known_later: bool) -> None:
    """
    The preview names both links, although each provider is a process that sees its own alone.
    """
    other = {**GLOBEX, "is_known_later": is_known_later}
    declare(stack, {"one": GLOBEX, "other": other}, here=[None, INTRO], there=["one", INTRO], again=["other", INTRO])

    said = stack.fails("preview")

    assert "The links 'again' and 'there' both have the slug 'intro' in the workspace 'globex'" in said
    assert "Traceback" not in said
    stack.fails("up", "--skip-preview")
    assert slugs(two, "globex").count("intro") <= 1


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_bad_settings_of_a_provider_are_told_in_the_preview(stack: Stack) -> None:
    """
    As those of the stack are.
    """
    declare(stack, {"globex": {"workspace": "Globex!", "api_key": "globex-old-key"}}, there=["globex", INTRO])

    said = stack.fails("preview")

    assert "is 'Globex!', which is not a workspace" in said
    assert "Traceback" not in said
