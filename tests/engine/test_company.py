"""
A company of 12 teams and 150 people, from one folder of YAML files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from neetocal_emulator import Emulator
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack

TEAMS = [f"team-{number:02}" for number in range(12)]
PEOPLE = [f"person-{number:03}@acme.example" for number in range(150)]
NEWCOMERS = [f"newcomer-{number}@acme.example" for number in range(3)]
Company = dict[str, list[Any]]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """
    Give an emulator in which all these people are members.
    """
    members = [{"email": email} for email in [*PEOPLE, *NEWCOMERS]]
    with Emulator(seed={"workspaces": {"acme": {"api_keys": ["k"], "team_members": members}}}) as emulator:
        yield emulator


def write(stack: Stack, company: Company) -> None:
    """
    Write a file for each team.
    """
    folder = stack.folder / "teams"
    folder.mkdir(exist_ok=True)
    for team, members in company.items():
        described = {
            "members": members,
            "defaults": {"duration": 30, "spot": "google_meet"},
            "links": {"talk": {"name": "Talk to {team}", "kind": "round_robin"}},
            "member_links": {"intro": {"name": "{first_name} of {team}"}},
        }
        (folder / f"{team}.yaml").write_text(yaml.safe_dump(described))


def handle(email: str) -> str:
    """
    Return the part of an address before the @.
    """
    return email.split("@")[0]


def test_a_company_is_provisioned_and_people_come_go_and_move(tmp_path: Path, emulator: Emulator) -> None:
    """
    Every deployment changes exactly the links that it is about, and the preview after it is empty.
    """
    stack = Stack(PROGRAMS / "company", tmp_path, emulator.environment())
    company: Company = {team: PEOPLE[number::12] for number, team in enumerate(TEAMS)}
    write(stack, company)
    assert stack.up() == {"create": 162}

    for newcomer, team in zip(NEWCOMERS, TEAMS, strict=False):
        company[team] = [newcomer, *company[team]]
    write(stack, company)
    assert stack.up() == {"create": 3, "update": 3, "same": 159}
    assert changed(stack) == {
        *[("create", f"{team}-intro-{handle(email)}") for email, team in zip(NEWCOMERS, TEAMS, strict=False)],
        *[("update", f"{team}-talk") for team in TEAMS[:3]],
    }

    leavers = [(team, company[team].pop(3)) for team in TEAMS[5:7]]
    write(stack, company)
    assert stack.up() == {"delete": 2, "update": 2, "same": 161}
    assert changed(stack) == {
        *[("delete", f"{team}-intro-{handle(email)}") for team, email in leavers],
        *[("update", f"{team}-talk") for team, _email in leavers],
    }

    before = {meeting["slug"]: meeting["sid"] for meeting in emulator.meetings()}
    mover = company["team-08"].pop(0)
    company["team-09"].append({"email": mover, "moved_from": "team-08"})
    write(stack, company)
    assert stack.up() == {"update": 3, "same": 160}
    assert changed(stack) == {
        ("update", f"team-09-intro-{handle(mover)}"),
        ("update", "team-08-talk"),
        ("update", "team-09-talk"),
    }
    assert {meeting["slug"]: meeting["sid"] for meeting in emulator.meetings()} == before


def changed(stack: Stack) -> set[tuple[str, str]]:
    """
    Return what the last run did, by the engine's events, but for what stayed the same.
    """
    return {(operation, name) for operation, name in stack.steps if operation != "same"}
