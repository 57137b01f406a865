"""
From links that exist to a stack that manages them, by the commands that an export prints.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack
from tests.random_links import GONE, random_workspace

EVERYTHING: dict[str, Any] = {
    **LINK,
    "slug": "everything",
    "hosts": ["ben@acme.example", "ada@acme.example"],
    "description": ' It\'s a "demo",\r\nnaïve 日本語\n',
    "kind": "round_robin",
    "start_time_increment": 15,
    "is_multiple_durations_allowed": True,
    "is_multiple_spots_allowed": True,
    "spot": "phone_call",
    "spot_phone_call_number": "+1-555-0123",
    "locked_time_zone": "Europe/Lisbon",
    "durations": [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}],
    "spots": [
        {"spot": "custom", "is_default": False, "custom_text": "Ask"},
        {"spot": "zoom", "is_default": True},
    ],
}


@pytest.fixture
def exported(tmp_path: Path, emulator: Emulator, api_version: str) -> Stack:
    """
    Give a stack whose program is what an export writes.
    """
    environment = {**emulator.environment(), "NEETOCAL_API_VERSION": api_version}
    (tmp_path / "exported").mkdir()
    return Stack(PROGRAMS / "exported", tmp_path / "exported", environment)


@contextmanager
def wild(stack: Stack, count: int) -> Iterator[Emulator]:
    """
    Let the stack's workspace be one with random links, some of which have lost their host.
    """
    with Emulator(seed=random_workspace(count, seed=1)) as emulator, closing(Api(emulator.url)) as api:
        (member,) = (each for each in api.get("/team-members").json()["team_members"] if each["email"] == GONE)
        api.delete(f"/team-members/{member['id']}")
        stack.environment(**emulator.environment())
        yield emulator


def export(stack: Stack, *options: str) -> str:
    """
    Export all links, run the command that is printed, and return what was said of links that were skipped.
    """
    done = stack.beside("neetocal-provider", "export", *options)
    (command,) = [line.strip() for line in done.stdout.splitlines() if line.startswith("  pulumi import ")]
    stack.shows(*shlex.split(command)[1:], "--yes")
    return done.stderr


def test_every_link_can_be_exported(exported: Stack) -> None:
    """
    After the import a preview has nothing to do, and so has a refresh, whatever the links hold.
    """
    with wild(exported, 24) as emulator:
        said = export(exported)

        links = len(emulator.meetings()) - said.count("Skipped")
        assert exported.preview("--expect-no-changes") == {"same": links}
        assert exported.refresh("--expect-no-changes") == {"refresh": links}
        exported.expect_quiet()


@pytest.mark.matrix
@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_a_thousand_links_can_be_exported(exported: Stack) -> None:
    """
    The same on a large scale, with one request for each hundred links; none but those without a host are skipped.

    The state is written at the end only: the file backend would take a minute longer.
    """
    exported.environment(PULUMI_SKIP_CHECKPOINTS="true", PULUMI_EXPERIMENTAL="true")
    with wild(exported, 1000) as emulator:
        before = len(emulator.requests)

        said = export(exported)

        hostless = [meeting["slug"] for meeting in emulator.meetings() if not meeting["hosts"]]
        links = 1000 - len(hostless)
        assert said == "".join(f"Skipped '{slug}': hosts must name at least one host.\n" for slug in hostless)
        assert 0 < len(hostless) < 50
        assert exported.preview("--expect-no-changes") == {"same": links}
        assert len(emulator.requests) - before == 10
        assert exported.refresh("--expect-no-changes") == {"refresh": links}


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_every_kind_can_be_exported(emulator: Emulator, exported: Stack, api: Api) -> None:
    """
    Links with their services, and templates: a preview and a refresh have nothing to do, and the program manages them.
    """
    sid = api.create(slug="intro", hosts=["ada@acme.example", "ben@acme.example"])["sid"]
    api.create(slug="demo", spot="zoom")
    for fields in ({"name": "Written report", "price": 25.5, "duration": 15}, {"name": "Talk: 日本語"}):
        assert api.post(f"/meetings/{sid}/add-on-services", fields).is_success
    template = {"slug": "shape", "name": "Shape", "duration": 45, "kind": "grouped", "spot": "zoom"}
    assert api.post("/meeting-templates", template).is_success

    kinds = ("scheduling-link", "meeting-template", "add-on-service")
    said = export(exported, *(word for kind in kinds for word in ("--kind", kind)))

    assert said == ""
    assert "    link=intro.id,\n" in (exported.folder / "scheduling_links.py").read_text()
    # Two templates are the emulator's own.
    assert exported.preview("--expect-no-changes") == {"same": 7}
    assert exported.refresh("--expect-no-changes") == {"refresh": 7}
    assert exported.destroy() == {"delete": 7}
    assert emulator.meetings() == []


@pytest.mark.one_host("dynamic", "the import file records what the dynamic host keeps in a state")
def test_an_import_leaves_the_state_of_a_create(stack: Stack, exported: Stack) -> None:
    """
    Inputs, outputs and the provider are recorded alike, so nothing later can tell the difference.
    """
    stack.declare(intro={**LINK, "spot": "jitsi"}, everything=EVERYTHING)
    stack.up()

    export(exported)

    created, imported = stack.resources(), exported.resources()
    assert {name: _recorded(link) for name, link in imported.items()} == {
        name: _recorded(link) for name, link in created.items()
    }


def test_an_imported_link_is_managed(emulator: Emulator, exported: Stack, api: Api) -> None:
    """
    What a person changes afterwards is put back, and `destroy` deletes the link.
    """
    meeting = api.create(slug="intro", kind="round_robin")
    export(exported)
    emulator.edit_meeting(meeting["sid"], name="Changed", kind="multihost")

    changes = exported.up("--refresh")

    assert changes == {"refresh": 1, "update": 1}
    assert [(each["name"], each["kind"]) for each in emulator.meetings()] == [("Intro", "round_robin")]
    assert exported.destroy() == {"delete": 1}
    assert emulator.meetings() == []


def _recorded(link: dict[str, Any]) -> dict[str, Any]:
    return {key: link.get(key) for key in ("type", "id", "inputs", "outputs", "protect")}
