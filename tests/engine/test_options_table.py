"""
Each option of Pulumi's `ResourceOptions` on a link, as docs/resource-options.md has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pulumi
import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack
from tests.test_docs import ROOT

PAGE = (ROOT / "docs" / "resource-options.md").read_text()
SEED = {
    "workspaces": {
        "acme": {"api_keys": ["acme-key"], "team_members": [{"email": "ada@acme.example"}]},
        "globex": {"api_keys": ["globex-key"], "team_members": [{"email": "omar@globex.example"}]},
    }
}
REMOVED = ["custom_timeouts", "parent", "depends_on", "deleted_with", "replace_with", "retain_on_delete"]
"""What the program leaves out to show what the deletion of a link does, and what is still to be created."""

REPLACED = ["replace_on_changes", "replacement_trigger", "replace_with", "delete_before_replace"]
"""The links that an option replaces in the second step."""


@pytest.fixture
def two() -> Iterator[Emulator]:
    """
    Give an emulator of two workspaces.
    """
    with Emulator(seed=SEED) as emulator:
        yield emulator


@pytest.fixture
def stack(tmp_path: Path, two: Emulator) -> Stack:
    """
    Give the stack whose links are named after options.
    """
    return Stack(PROGRAMS / "options", tmp_path, {**two.environment("acme"), "GLOBEX_KEY": "globex-key"})


def step(stack: Stack, two: Emulator, number: int, *left_out: str, timeout: str = "1h", **given: str) -> None:
    """
    Let the program make this step.
    """
    told = {"number": number, "left_out": left_out, "timeout": timeout, "url": two.url, **given}
    (stack.folder / "step.json").write_text(json.dumps(told))


def slugs(two: Emulator, workspace: str = "acme") -> set[str]:
    """
    Return the slugs of a workspace's links.
    """
    return {meeting["slug"] for meeting in two.meetings(workspace)}


def sids(stack: Stack) -> dict[str, str]:
    """
    Return the sids of the links in the state by resource name.
    """
    return {name: link["id"] for name, link in stack.resources().items()}


def test_the_table_names_each_option_and_the_program_tries_each_row() -> None:
    """
    The options of the installed SDK; newer and older ones have some more or less.
    """
    options = {name for name in pulumi.ResourceOptions.__annotations__ if not name.startswith("_")}
    rows = {*re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE)}
    tried = (PROGRAMS / "options" / "options.py").read_text()

    assert options - rows == set()
    assert {row for row in rows if f'"{row}"' not in tried} == set()


def test_each_option_does_what_the_table_says(stack: Stack, two: Emulator, host: str) -> None:
    """
    On links of one stack, which are created, changed, deleted and read.
    """
    step(stack, two, 1, "custom_timeouts")
    created = stack.deploy()["create"]
    links = stack.resources()
    assert len(links) == created
    _created(stack, two, links)

    step(stack, two, 2, "custom_timeouts", version="9.9.9", plugin_download_url="https://plugins.example", urn="parent")
    _previewed(stack, two)
    assert stack.deploy() == {"create": 2, "replace": 4, "update": 1, "same": created - 5}
    _changed(stack, links)
    _processes(stack)

    step(stack, two, 2, "custom_timeouts", "protect")
    assert "protected" in stack.fails("up", "--yes", "--skip-preview")

    step(stack, two, 2, *REMOVED, id=links["protect"]["id"])
    stack.up()
    assert stack.outputs("id")["name"] == "protect"
    assert not {*REMOVED} & stack.resources().keys()
    assert {"retain-on-delete", "deleted-with"} <= slugs(two)
    assert not {"parent", "depends-on", "replace-with"} & slugs(two)

    _imported(stack, two, links["retain_on_delete"]["id"], host)
    _timed(stack, two, host)
    step(stack, two, 2, *REMOVED, state_migrations="")
    assert "does not support state migrations" in stack.fails("preview")


def _created(stack: Stack, two: Emulator, links: dict[str, Any]) -> None:
    """
    Look at what the options do to a create.
    """
    order = [name for _operation, name in stack.steps]
    assert "::mine:index:Group$" in links["parent"]["urn"]
    assert order.index("parent") < order.index("depends_on")
    assert links["transformations"]["outputs"]["slug"] == "transformations-2"
    assert links["transforms"]["outputs"]["slug"] == "transforms-2"
    assert (stack.folder / "hooked.txt").read_text() == "hooks"
    assert links["additional_secret_outputs"]["outputs"]["url"] != links["hooks"]["outputs"]["url"]
    assert "ciphertext" in links["additional_secret_outputs"]["outputs"]["url"]
    assert slugs(two, "globex") == {"env-var-mappings", "provider", "providers", "providers-of-parent"}


def _previewed(stack: Stack, two: Emulator) -> None:
    """
    Preview the second step: it warns of the bookings of each link that an option replaces.
    """
    slugs = [name.replace("_", "-") for name in REPLACED]
    slugs[-1] += "-1"
    with closing(Api(two.url, key="acme-key")) as api:
        bookings = [api.book(slug) for slug in slugs]
        preview = stack.beside("pulumi", "preview", "--diff", "--non-interactive")
        for booking in bookings:
            assert api.patch(f"/bookings/{booking['sid']}", {"status": "cancelled"}).is_success

    warned = re.findall(r"The link '([\w-]+)'.* has 1 upcoming booking and will not be replaced", preview.stderr)
    assert sorted(warned) == sorted(slugs)
    assert '"Name 1" => "Name 2"' in preview.stdout
    assert '"Hidden 1" => "Hidden 2"' not in preview.stdout


def _changed(stack: Stack, links: dict[str, Any]) -> None:
    """
    Look at what the options do to a change.
    """
    now = stack.resources()
    steps = [operation for operation, name in stack.steps if name == "delete_before_replace"]
    assert steps.index("delete-replaced") < steps.index("create-replacement")
    kept = {name for name in links.keys() & now.keys() if links[name]["id"] == now[name]["id"]}
    assert links.keys() - kept == {*REPLACED, "aliases-1", "aliases_later-1"}
    assert now["aliases-2"]["id"] == links["aliases-1"]["id"]
    assert now["aliases_later-2"]["id"] == links["aliases_later-1"]["id"]
    assert now["ignore_changes"]["outputs"]["name"] == "Name 1"
    assert now["hide_diffs"]["outputs"]["description"] == "Hidden 2"


def _processes(stack: Stack) -> None:
    """
    Look at what starts another process of the provider; and at a link that the program has registered.
    """
    links = stack.resources()
    assert len({links[name]["provider"] for name in ("version", "plugin_download_url", "hooks")}) == 3
    assert "is expected to have version >=9.9.9" in stack.said
    assert stack.stack_outputs()["urn"] == links["parent"]["id"]


def _imported(stack: Stack, two: Emulator, retained: str, host: str) -> None:
    """
    Import a link that exists: the dynamic provider cannot.
    """
    arguments = {"slug": "retain-on-delete", "name": "retain_on_delete"}
    step(stack, two, 2, *REMOVED, import_=retained, **arguments)
    if host == "dynamic":
        assert "KeyError: '__provider'" in stack.fails("up", "--yes", "--skip-preview")
    else:
        assert stack.deploy()["import"] == 1
    step(stack, two, 2, *REMOVED)


def _timed(stack: Stack, two: Emulator, host: str) -> None:
    """
    Create a link in no time: only the native provider is bound to it.
    """
    step(stack, two, 2, *REMOVED[1:], timeout="1ns")

    assert bool(stack.attempt()) == (host == "native")


def test_the_registered_slugs_of_two_providers_have_to_differ(tmp_path: Path, emulator: Emulator) -> None:
    """
    Those that constructors are given do not matter, whichever kind of transform changes them.
    """
    stack = Stack(PROGRAMS / "transformed", tmp_path, emulator.environment())
    file = stack.folder / "slugs.json"

    file.write_text(json.dumps({"one": ["intro", "intro-one"], "other": ["intro", "intro-other"]}))
    assert stack.up() == {"create": 2}

    file.write_text(json.dumps({"one": ["one", "intro"], "other": ["other", "intro"]}))
    said = stack.fails("preview")
    assert "both have the slug 'intro' in the workspace 'acme'" in " ".join(said.split())
    assert "Traceback" not in said


@pytest.mark.one_host("dynamic", "the program moves to the other provider by itself")
def test_a_link_is_renamed_and_changes_its_provider_in_one_commit(stack: Stack, two: Emulator) -> None:
    """
    In both directions; the link stays as it is.
    """
    others = {*pulumi.ResourceOptions.__annotations__, "providers_of_parent"} - {"aliases"}
    step(stack, two, 1, *others)
    stack.deploy()
    before = sids(stack)

    stack.move_program("native")
    step(stack, two, 2, *others)
    assert stack.deploy() == {"same": 2}
    assert sids(stack) == {name.replace("1", "2"): sid for name, sid in before.items()}

    stack.move_program("dynamic")
    step(stack, two, 1, *others)
    assert stack.up() == {"same": 2}
    assert sids(stack) == before
