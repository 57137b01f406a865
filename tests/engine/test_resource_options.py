"""
Options of Pulumi that meet those of this package.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from neetocal_emulator import Emulator
from neetocal_provider.dynamic import provider
from neetocal_provider.sdk.resource import with_alias
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack

INTRO = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
SEED = {
    "workspaces": {
        name: {"api_keys": [f"{name}-key"], "team_members": [{"email": "ada@acme.example"}]}
        for name in ("acme", "globex")
    }
}


@pytest.mark.one_host("dynamic")  # the program itself imports both
def test_a_provider_of_the_other_import_is_refused_by_each_route(tmp_path: Path, emulator: Emulator) -> None:
    """
    Nothing reaches the engine, although the program goes on, and the sentence names both imports.
    """
    stack = Stack(PROGRAMS / "foreign", tmp_path, emulator.environment())

    stack.deploy()

    outputs = stack.stack_outputs()
    assert outputs["not refused"] == []
    assert outputs["said"] == (
        "'intro' comes from neetocal_provider.native and cannot use 'dynamic-eu', a neetocal_provider.Provider: "
        "give it a neetocal_provider.native.Provider."
    )
    assert stack.resources().keys() == {"own-neetocal", "own-pulumi-python"}
    assert {meeting["slug"] for meeting in emulator.meetings()} == {"own-neetocal", "own-pulumi-python"}


THEIRS = """

from pulumi.dynamic import Resource, ResourceProvider


class Theirs(ResourceProvider):
    def create(self, props):
        raise ValueError("theirs")


class Their(Resource):
    def __init__(self, name):
        super().__init__(Theirs(), name, {})


Their("theirs")
"""


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
@pytest.mark.one_host("dynamic")  # only there do providers share a process
def test_another_dynamic_provider_shows_its_whole_traceback(stack: Stack) -> None:
    """
    A link that fails before it, in the same process, is shown in one sentence and changes nothing for it.
    """
    stack.declare(intro={**INTRO, "hosts": ["nobody@acme.example"]})
    with (stack.folder / "links.py").open("a") as program:
        program.write(THEIRS)

    said = stack.fails("up", "--yes", "--skip-preview", "--continue-on-error", "--parallel", "1")

    assert "error: neetoCal: The link 'intro' could not be created: " in said
    assert Path(provider.__file__).name not in said
    assert 'raise ValueError("theirs")' in said
    assert "ValueError: theirs" in said


@pytest.mark.one_host("dynamic", "the program itself imports both")
def test_a_provider_that_a_transform_gives_is_refused_if_it_would_be_ignored(
    tmp_path: Path, emulator: Emulator
) -> None:
    """
    Whichever transform gives it; a link that can use one of what it is given is not refused.
    """
    stack = Stack(PROGRAMS / "handed", tmp_path, emulator.environment())

    said = stack.fails("preview")
    assert "has a problem: '" in said
    assert "Traceback" not in said
    (stack.folder / "collect").touch()
    stack.preview()

    refused = json.loads((stack.folder / "refused.json").read_text())
    foreign = {
        f"{kind} {whose} {option}"
        for kind in ("dynamic", "native")
        for whose in ("link", "component", "stack")
        for option in ("provider", "providers")
    }
    unused = {name.replace("providers", "own") for name in foreign if name.endswith("providers")}
    assert {name for name, said in refused.items() if " comes from " in said} == foreign
    assert {name for name, said in refused.items() if " would not use " in said} == unused
    assert refused["native stack provider"] == (
        "'native stack provider' comes from neetocal_provider.native and cannot use 'dynamic-eu', a "
        "neetocal_provider.Provider: give it a neetocal_provider.native.Provider."
    )


def test_a_provider_without_arguments_takes_the_stack_config(tmp_path: Path, host: str) -> None:
    """
    Also if the stack has no default provider; the environment, which the stack config precedes, names another
    workspace.
    """
    with Emulator(seed=SEED) as emulator:
        stack = Stack(PROGRAMS / "providers", tmp_path, emulator.environment("acme"))
        declared = {"providers": {"own": {}}, "links": {"there": ["own", INTRO]}}
        (stack.folder / "providers.json").write_text(json.dumps(declared))
        package = {"dynamic": "pulumi-python", "native": "neetocal"}[host]
        stack.config("--path", "pulumi:disable-default-providers[0]", package)
        stack.config("neetocal:workspace", "globex")
        stack.config("neetocal:apiKey", "globex-key", "--secret")

        assert stack.deploy() == {"create": 1}

        assert emulator.meetings("acme") == []
        assert [meeting["slug"] for meeting in emulator.meetings("globex")] == ["intro"]


def test_aliases_of_the_program_hold_under_the_other_type_too() -> None:
    """
    By name, by parent and by URN, also if they are known later; a type that the program chose stays its own.
    """
    urn = "urn:pulumi:dev::project::mine:index:Group$neetocal:index:SchedulingLink::old"
    other = "urn:pulumi:dev::project::mine:index:Group$a:b:C::old"
    given: list[Any] = [pulumi.Alias(name="old"), urn, pulumi.Alias(type_="mine:index:Link")]

    async def combined() -> list[tuple[Any, Any] | str]:
        later: list[Any] = [pulumi.Output.from_input(alias) for alias in given]
        aliases = with_alias([*given, *later], "a:b:C")
        known: list[Any] = [await pulumi.Output.from_input(alias).future() for alias in aliases]
        return [each if isinstance(each, str) else (each.name, each.type_) for each in known]

    named = [("old", ...), urn, (..., "mine:index:Link")]
    typed = [("old", "a:b:C"), other, (..., "mine:index:Link")]
    assert asyncio.run(combined()) == [*named, *named, (..., "a:b:C"), *typed, *typed]
