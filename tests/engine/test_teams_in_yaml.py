"""
`TeamLinks` of a program that isn't written in Python: the plugin declares the links.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from neetocal_emulator import Emulator
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack
from tests.engine.test_teams import ADA, BEN, CHIARA, hosts

pytestmark = [
    pytest.mark.one_host("native", "Pulumi's dynamic host serves Python alone"),
    pytest.mark.matrix,  # another language
]

DEMO = {"name": "Demo of {team}", "kind": "round_robin", "duration": 45}
SHAPE = {"name": "Intro call with {first_name}", "duration": 30}
PAGE = {"slug": "page", "name": "Page", "hosts": [ADA], "duration": 30}
OMAR = "omar@globex.example"


@pytest.fixture
def stack(tmp_path: Path, emulator: Emulator) -> Stack:
    """
    Give a stack of a program in YAML, under version 2.
    """
    return Stack(PROGRAMS / "yaml", tmp_path, emulator.environment())


def declare(stack: Stack, outputs: dict[str, str] | None = None, **resources: dict[str, Any]) -> None:
    """
    Make these the resources of the program.
    """
    file = stack.folder / "Pulumi.yaml"
    project = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump({**project, "resources": resources, "outputs": outputs or {}}))


def team(options: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
    """
    Return a team with these arguments.
    """
    return {"type": "neetocal:index:TeamLinks", "properties": arguments, "options": options or {}}


def link(**arguments: Any) -> dict[str, Any]:
    """
    Return a link with these arguments.
    """
    return {"type": "neetocal:index:SchedulingLink", "properties": arguments}


def test_a_team_is_deployed_changed_and_moved_to_python(stack: Stack, emulator: Emulator) -> None:
    """
    Previews show each link; what the team is made from reaches those links that it is part of, secrets as secrets; a
    program in Python goes on with the same links.
    """
    sales: dict[str, Any] = {
        "members": [ADA, {"email": BEN, "name": "Ben Lindqvist"}],
        "links": {"demo": {**DEMO, "description": "See ${page.url}, {team}"}},
        "member_links": {"intro": {**SHAPE, "description": {"fn::secret": "The code of {first_name}"}}},
    }
    outputs = {"urls": "${sales.urls}", "sid": "${sales.links.demo.id}", "ada": "${sales.member_links.intro.ada.slug}"}
    declare(stack, outputs, page=link(**PAGE), sales=team(**sales))

    assert stack.preview() == {"create": 4}
    assert stack.up() == {"create": 4}
    assert hosts(emulator) == {"ada-intro": [ADA], "ben-intro": [BEN], "page": [ADA], "sales-demo": [ADA, BEN]}
    texts = {meeting["slug"]: meeting["description"] for meeting in emulator.meetings()}
    assert (texts["sales-demo"], texts["ben-intro"]) == (f"See {emulator.url}/page, sales", "The code of Ben")
    found = stack.resources()
    assert stack.stack_outputs() == {
        "urls": {
            "demo": f"{emulator.url}/sales-demo",
            "intro": {name: f"{emulator.url}/{name}-intro" for name in ("ada", "ben")},
        },
        "sid": found["sales-demo"]["id"],
        "ada": "ada-intro",
    }
    assert "The code of" not in json.dumps(stack.state())
    assert found["sales-demo"]["propertyDependencies"]["description"] == [found["page"]["urn"]]
    assert "dependencies" not in found["sales-intro-ada"]

    sales["members"] = [ADA, {"email": CHIARA, "name": "Chiara Conti"}]
    sales["member_links"]["intro"]["description"] = {"fn::secret": "Another code of {first_name}"}
    declare(stack, outputs, page=link(**PAGE), sales=team(**sales))
    changes = {"create": 1, "update": 2, "delete": 1, "same": 1}
    assert stack.preview() == changes
    assert stack.deploy() == changes
    assert {("create", "sales-intro-chiara"), ("delete", "sales-intro-ben")} <= {*stack.steps}
    assert stack.refresh() == {"refresh": 4}
    assert "code of" not in json.dumps(stack.state())

    project = yaml.safe_load((stack.folder / "Pulumi.yaml").read_text())
    moved = {**project, "runtime": "python", "main": "teams.py", "resources": {}, "outputs": {}}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(moved))
    (stack.folder / "teams.py").write_text(IN_PYTHON)
    assert stack.deploy() == {"same": 4}
    assert stack.destroy() == {"delete": 4}
    assert emulator.meetings() == []


IN_PYTHON = """
import pulumi

from neetocal_provider.native import Member, SchedulingLink, TeamLinks

page = SchedulingLink("page", slug="page", name="Page", hosts=["ada@acme.example"], duration=30)
TeamLinks(
    "sales",
    members=["ada@acme.example", Member("chiara@acme.example", "Chiara Conti")],
    links={
        "demo": {
            "name": "Demo of {team}",
            "kind": "round_robin",
            "duration": 45,
            "description": page.url.apply(lambda url: f"See {url}, sales"),
        }
    },
    member_links={
        "intro": {
            "name": "Intro call with {first_name}",
            "duration": 30,
            "description": "Another code of {first_name}",
        }
    },
)
"""


def test_options_of_a_team_reach_its_links(stack: Stack, emulator: Emulator) -> None:
    """
    Its provider, what it depends on, protection and the name that it had; a mistake is reported before that, whole.
    """
    provider = {"workspace": "globex", "apiKey": "globex-demo-key", "baseUrl": emulator.url}
    globex = {"type": "pulumi:providers:neetocal", "properties": provider}
    sales: dict[str, Any] = {"members": [OMAR], "links": {"demo": DEMO}}
    bad = {**sales, "links": {"demo": {**DEMO, "name": "{n}", "duration": 0, "members": ["omra"]}}}
    declare(stack, globex=globex, page=link(**PAGE), sales=team({"provider": "${globex}"}, **bad))

    said = stack.fails("preview")

    assert "neetocal:index:TeamLinks resource 'sales' has a problem: neetoCal: links.demo.name holds {n}" in said
    assert "links.demo.members[0] is 'omra', who is not in the team; did you mean omar?" in said
    assert "links.demo.duration is 0 and must be from 1 to 1440 minutes." in said
    assert "Traceback" not in said

    options = {"provider": "${globex}", "dependsOn": ["${page}"], "protect": True}
    declare(stack, globex=globex, page=link(**PAGE), sales=team(options, **{**sales, "members": [OMAR, BEN]}))
    stack.preview()
    assert "ben@acme.example is no member of neetoCal: take the address out of the team's members." in stack.said

    declare(stack, globex=globex, page=link(**PAGE), sales=team(options, **sales))
    assert stack.up() == {"create": 2}
    assert [meeting["slug"] for meeting in emulator.meetings("globex")] == ["sales-demo"]
    assert stack.resources()["sales-demo"]["protect"] is True
    (urn,) = [each["urn"] for each in stack.state()["deployment"]["resources"] if each["urn"].endswith("::sales")]

    options = {"provider": "${globex}", "aliases": [urn]}
    declare(stack, globex=globex, page=link(**PAGE), revenue=team(options, team="sales", **sales))
    assert stack.deploy() == {"same": 2}
    assert stack.resources().keys() == {"page", "revenue-demo"}


def test_a_link_that_fails_is_reported_as_any_other(stack: Stack, emulator: Emulator) -> None:
    """
    The run ends at once, and the next one goes on.
    """
    emulator.fault("status", status=422, method="POST", path="/meetings", times=1)
    declare(stack, sales=team(members=[ADA], links={"demo": DEMO}))

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "The link 'sales-demo' could not be created" in said
    assert "Traceback" not in said
    assert stack.up() == {"create": 1}
