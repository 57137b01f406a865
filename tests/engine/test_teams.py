"""
`TeamLinks` on the engine: who joins, leaves or moves, and what it touches.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api
from tests.engine.conftest import PROGRAMS, Asked
from tests.engine.stack import Stack

ADA, BEN, CHIARA = ("ada@acme.example", "ben@acme.example", "chiara@acme.example")
SHAPE = {"name": "Intro call with {first_name}", "duration": 30}
DEMO = {"name": "Demo of {team}", "kind": "round_robin", "duration": 45}
SALES = {"members": [ADA, BEN], "links": {"demo": DEMO}, "member_links": {"intro": SHAPE}}


@pytest.fixture
def teams(tmp_path: Path, emulator: Emulator, api_version: str) -> Stack:
    """
    Give a stack of the teams in `teams.json`.
    """
    return Stack(PROGRAMS / "teams", tmp_path, {**emulator.environment(), "NEETOCAL_API_VERSION": api_version})


def declare(stack: Stack, **given: Any) -> None:
    """
    Make these the teams of the program.
    """
    (stack.folder / "teams.json").write_text(json.dumps(given))


def hosts(emulator: Emulator) -> dict[str, list[str]]:
    """
    Return the hosts of each link by its slug.
    """
    return {meeting["slug"]: [host["email"] for host in meeting["hosts"]] for meeting in emulator.meetings()}


def test_a_team_is_deployed_and_changes_touch_only_whom_they_are_about(teams: Stack, emulator: Emulator) -> None:
    """
    Who joins or leaves changes the pools and their own link, and no other.
    """
    declare(teams, sales=SALES)
    assert teams.preview() == {"create": 3}
    assert teams.up() == {"create": 3}
    assert hosts(emulator) == {"ada-intro": [ADA], "ben-intro": [BEN], "sales-demo": [ADA, BEN]}
    names = {meeting["slug"]: meeting["name"] for meeting in emulator.meetings()}
    assert names == {
        "ada-intro": "Intro call with Ada",
        "ben-intro": "Intro call with Ben",
        "sales-demo": "Demo of sales",
    }

    declare(teams, sales={**SALES, "members": [CHIARA, ADA, BEN]})
    assert teams.up() == {"create": 1, "update": 1, "same": 2}
    assert {("create", "sales-intro-chiara"), ("update", "sales-demo")} <= {*teams.steps}

    declare(teams, sales={**SALES, "members": [CHIARA, BEN]})
    assert teams.up() == {"delete": 1, "update": 1, "same": 2}
    assert hosts(emulator) == {"ben-intro": [BEN], "chiara-intro": [CHIARA], "sales-demo": [CHIARA, BEN]}
    assert teams.destroy() == {"delete": 3}


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_a_renamed_team_and_a_member_who_moves_keep_their_links(teams: Stack, emulator: Emulator) -> None:
    """
    Aliases carry them over: the same sids before and after, nothing is made anew.
    """
    declare(teams, sales=SALES, support={"members": [CHIARA], "member_links": {"intro": SHAPE}})
    teams.up()
    before = {meeting["slug"]: meeting["sid"] for meeting in emulator.meetings()}

    renamed = {**SALES, "team": "sales", "renamed_from": "sales"}
    declare(teams, revenue=renamed, support={"members": [CHIARA], "member_links": {"intro": SHAPE}})
    assert teams.deploy() == {"same": 4}

    moved = {"members": [CHIARA, {"email": BEN, "moved_from": "revenue"}], "member_links": {"intro": SHAPE}}
    declare(teams, revenue={**renamed, "members": [ADA]}, support=moved)
    assert teams.up() == {"same": 3, "update": 1}
    assert {meeting["slug"]: meeting["sid"] for meeting in emulator.meetings()} == before


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_links_of_a_flat_program_move_into_a_team(teams: Stack) -> None:
    """
    A program of single links becomes one of teams without a change to any link.
    """
    flat = (PROGRAMS / "links" / "links.py").read_text()
    program = (teams.folder / "teams.py").read_text()
    links = {
        "sales-demo": {"slug": "sales-demo", "hosts": [ADA, BEN], **DEMO, "name": "Demo of sales"},
        "sales-intro-ada": {"slug": "ada-intro", "hosts": [ADA], "name": "Intro call with Ada", "duration": 30},
        "sales-intro-ben": {"slug": "ben-intro", "hosts": [BEN], "name": "Intro call with Ben", "duration": 30},
    }
    (teams.folder / "teams.py").write_text(flat)
    teams.declare(**links)
    teams.up()

    (teams.folder / "teams.py").write_text(program)
    declare(teams, sales=SALES)

    assert teams.up() == {"same": 3}


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_a_description_that_cannot_be_is_told_before_anything_is_created(teams: Stack, emulator: Emulator) -> None:
    """
    All at once, each with its path, and without a traceback.
    """
    bad = {**SALES, "links": {"demo": {**DEMO, "name": "{member}", "members": ["adda"]}}, "defaults": {"durration": 5}}
    declare(teams, sales=bad)

    said = teams.fails("preview")

    assert "links.demo.name holds {member}, which stands for nothing here: use {team}," in said
    assert "links.demo.members[0] is 'adda', who is not in the team; did you mean ada?" in said
    assert "defaults.durration is no argument of a link; did you mean duration?" in said
    assert "Traceback" not in said

    declare(teams, sales={**SALES, "member_links": {"intro": {**SHAPE, "slug": "{team}-demo"}}})
    assert "gives ada@acme.example the slug 'sales-demo', which links.demo gives the team" in teams.fails("preview")
    assert emulator.meetings() == []


def test_who_is_gone_or_inactive_is_named_in_the_preview(
    teams: Stack, emulator: Emulator, api: Api, asked: Asked
) -> None:
    """
    With the links that would be left without a host, for one request a run whatever the number of teams.
    """
    others = {"members": [CHIARA], "member_links": {"chat": SHAPE}}
    declare(teams, sales=SALES, support=others)
    teams.up()
    (ben,) = api.get("/team-members", email=BEN).json()["team_members"]
    emulator.edit_object("team-members", ben["id"], active=False)
    asked()

    left = {**SALES, "members": [ADA, BEN, "zoe@acme.example"]}
    declare(teams, sales=left, support=others)
    teams.preview()

    assert "ben@acme.example is inactive in neetoCal, and 'sales-intro-ben' would be left without a host" in teams.said
    assert "zoe@acme.example is no member of neetoCal, and 'sales-intro-zoe' would be left without" in teams.said
    assert "chiara" not in teams.said
    assert [path.split("?")[0].split("/")[1] for _method, path in asked()] in (["team-members"], ["team_members"])


@pytest.mark.parametrize("api_version", ["v2"], indirect=True)
def test_questions_that_only_inform_and_get_no_answer_are_warnings(teams: Stack, emulator: Emulator) -> None:
    """
    Neither members nor links to adopt that cannot be asked for decide whether something is deployed.
    """
    for path in ("/team-members", "/meetings"):
        emulator.fault("status", status=403, method="GET", path=path)
    declare(teams, sales={**SALES, "defaults": {"adopt": True}})

    assert teams.preview() == {"create": 3}
    assert teams.deploy() == {"create": 3}

    assert "Which members are gone from neetoCal or inactive there isn't known" in teams.said
    assert "Whether a link has the slug 'sales-demo', which would be adopted, isn't known: " in teams.said
    assert "403" in teams.said
    assert "check_members=False" in teams.said
