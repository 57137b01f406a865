"""
Whole programs, as users write them: the root project, the README's, and one that uses every argument.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack

ROOT = PROGRAMS.parent.parent.parent
SAMPLE = ROOT / "tests" / "samples" / "create-v1-request.json"


@pytest.fixture
def environment(emulator: Emulator, api_version: str) -> dict[str, str]:
    """
    Give the settings of the emulator for one version of the API.
    """
    return {**emulator.environment(), "NEETOCAL_API_VERSION": api_version}


def slugs(emulator: Emulator) -> list[str]:
    """
    Return the slugs of all links, sorted.
    """
    return [meeting["slug"] for meeting in emulator.meetings()]


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_the_readmes_program_deploys(tmp_path: Path, emulator: Emulator, environment: dict[str, str]) -> None:
    """
    What the README shows is what works.
    """
    stack = Stack(PROGRAMS / "readme", tmp_path, environment)

    assert stack.up() == {"create": 1}

    (meeting,) = emulator.meetings()
    assert (meeting["slug"], meeting["kind"], meeting["after_buffer_time"]) == ("sales-demo", "round_robin", 15)


def test_a_program_that_uses_every_argument_deploys(
    tmp_path: Path, emulator: Emulator, environment: dict[str, str]
) -> None:
    """
    Enumerations, words, argument classes, dictionaries and outputs of other links may stand anywhere; what is left out
    is an output, too.
    """
    stack = Stack(PROGRAMS / "typed", tmp_path, environment)

    assert stack.preview() == {"create": 3}
    assert stack.up() == {"create": 3}

    found = {meeting["slug"]: meeting for meeting in emulator.meetings()}
    everything = found["everything"]
    assert (everything["name"], everything["kind"]) == ("After Plain", "multihost")
    assert everything["description"] == f"First see {emulator.url}/plain"
    assert sorted((row["duration"], row["is_default"]) for row in everything["durations"]) == [(30, True), (60, False)]
    assert sorted(row["spot"] for row in everything["spots"]) == ["in_person", "phone_call", "zoom"]
    assert [row["spot"] for row in found["dictionaries"]["spots"]] == ["jitsi"]
    assert stack.stack_outputs()["left_out"] == "nothing"
    assert stack.refresh() == {"refresh": 3}
    stack.expect_quiet()
    assert stack.destroy() == {"delete": 3}


def test_the_vendors_sample_goes_through_the_engine_unchanged(tmp_path: Path) -> None:
    """
    The request of the vendor's page of version 1, declared in a program, arrives as the page shows it.

    Without the ids and times of nested options, which are the server's to make.
    """
    sample: dict[str, Any] = json.loads(SAMPLE.read_text())
    for option in [*sample["durations"], *sample["spots"]]:
        for made_by_the_server in ("id", "created_at", "updated_at"):
            del option[made_by_the_server]
    seed = {
        "workspaces": {
            "acme": {
                "api_keys": ["k"],
                "team_members": [{"email": email} for email in sample["hosts"]],
                "templates": [
                    {"id": sample["template_id"], "name": "T", "slug": "t", "duration": 15, "hosts": sample["hosts"]}
                ],
            }
        }
    }
    with Emulator(seed=seed) as emulator:
        stack = Stack(PROGRAMS / "links", tmp_path, {**emulator.environment(), "NEETOCAL_API_VERSION": "v1"})
        stack.declare(sample=sample)

        assert stack.up() == {"create": 1}

        (sent,) = [request.body for request in emulator.requests if request.method == "POST"]
        assert sent == sample
        assert all(type(option["duration"]) is int for option in [sent, *sent["durations"]])


def test_the_root_project_deploys_changes_and_removes(
    tmp_path: Path, emulator: Emulator, environment: dict[str, str]
) -> None:
    """
    The main job: teams from the stack's config; an edit touches exactly the links it is about.
    """
    project = tmp_path / "project"
    project.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        text = (ROOT / name).read_text().replace("    toolchain: pip\n    virtualenv: .venv\n", "")
        (project / name).write_text(text.replace("  options:\n", ""))
    demo = (ROOT / "Pulumi.demo.yaml").read_text()
    config = "\n".join(line for line in demo.splitlines() if not line.startswith("encryptionsalt"))
    if environment["NEETOCAL_API_VERSION"] == "v1":
        config = config.replace("          after_buffer_time: 15\n", "")
    stack = Stack(project, tmp_path, environment)
    (stack.folder / "Pulumi.test.yaml").write_text(config)

    assert stack.up() == {"create": 9}
    assert slugs(emulator) == [
        "ada-intro",
        "ben-intro",
        "chiara-intro",
        "grace-help",
        "hugo-help",
        "ines-help",
        "sales-demo",
        "sales-kick-off",
        "support-call-back",
    ]

    stack.config("scheduling-links:teams.sales.links.demo.duration", "60", "--path")
    assert stack.up() == {"update": 1, "same": 8}
    assert [meeting["duration"] for meeting in emulator.meetings() if meeting["slug"] == "sales-demo"] == [60]

    without_ben = config.replace("        - {name: Ben Lindqvist, email: ben@acme.example}\n", "")
    (stack.folder / "Pulumi.test.yaml").write_text(without_ben)
    assert stack.up() == {"update": 2, "delete": 1, "same": 6}
    assert "ben-intro" not in slugs(emulator)

    assert stack.destroy() == {"delete": 8}
    assert emulator.meetings() == []
