"""
The examples in other languages against the schema, from which their SDKs are made.

tests/engine/test_examples.py deploys the one in YAML.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from neetocal_provider.native.schema import package
from neetocal_provider.schema.resource import TYPE
from tests.doc_blocks import Block, blocks

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
FILES = {"yaml": "native-yaml/Pulumi.yaml", "typescript": "native-typescript/index.ts", "go": "native-go/main.go"}
SCHEMA: dict[str, Any] = package()
LINK: dict[str, Any] = SCHEMA["resources"][f"{TYPE}SchedulingLink"]
TEAM: dict[str, Any] = SCHEMA["resources"][f"{TYPE}TeamLinks"]


def of_type(name: str) -> dict[str, Any]:
    """
    Return what the schema says of a type.
    """
    found: dict[str, Any] = SCHEMA["types"][f"{TYPE}{name}"]
    return found


OPTION = of_type("DurationOption")
LISTED = [OPTION, of_type("Member"), of_type("TeamLink"), of_type("MemberLink")]
"""Types of what stands inside of arguments."""


def test_the_one_in_yaml_gives_what_the_schema_takes() -> None:
    """
    Types, arguments, the keys of options, words of choices, and what is read of the answers.
    """
    project = yaml.safe_load((EXAMPLES / "native-yaml" / "Pulumi.yaml").read_text())
    (variable,) = project["variables"].values()
    (demo,) = project["resources"].values()
    given, call = demo["properties"], variable["fn::invoke"]

    assert demo["type"] == f"{TYPE}SchedulingLink"
    assert {*LINK["requiredInputs"]} <= given.keys() <= LINK["inputProperties"].keys()
    assert all({*OPTION["required"]} <= each.keys() <= OPTION["properties"].keys() for each in given["durations"])
    assert given["kind"] in [each["value"] for each in of_type("Kind")["enum"]]
    function = SCHEMA["functions"][call["function"]]
    assert {*function["inputs"]["required"]} <= call["arguments"].keys() <= function["inputs"]["properties"].keys()
    read = re.findall(r"\$\{(\w+)\.(\w+)\}", (EXAMPLES / "native-yaml" / "Pulumi.yaml").read_text())
    assert {name for of, name in read if of == "ada"} <= function["outputs"]["properties"].keys()
    assert {name for of, name in read if of == "demo"} <= LINK["properties"].keys()


def test_the_team_in_yaml_gives_what_the_schema_takes() -> None:
    """
    Its arguments, those of its links and its member, and what is read of it; the page of teams shows it.
    """
    text = (EXAMPLES / "native-team-yaml" / "Pulumi.yaml").read_text()
    (support,) = yaml.safe_load(text)["resources"].values()
    team = support["properties"]

    assert support["type"] == f"{TYPE}TeamLinks"
    assert {*TEAM["requiredInputs"]} <= team.keys() <= TEAM["inputProperties"].keys()
    for name, each in (("TeamLink", team["links"]["call-back"]), ("MemberLink", team["member_links"]["help"])):
        assert each.keys() <= of_type(name)["properties"].keys()
    assert {*of_type("Member")["required"]} <= team["members"][1].keys() <= of_type("Member")["properties"].keys()
    assert {*re.findall(r"\$\{support\.(\w+)\}", text)} <= TEAM["properties"].keys()
    assert [each.text in text for each in blocks("docs/teams.md") if each.language == "yaml"] == [True]


@pytest.mark.parametrize(
    ("file", "begins", "resource", "spelled"),
    [
        ("native-typescript/index.ts", "new neetocal.SchedulingLink(", LINK, str),
        ("native-typescript/index.ts", "new neetocal.TeamLinks(", TEAM, str),
        ("native-go/main.go", "neetocal.SchedulingLinkArgs{", LINK, lambda name: name[0].upper() + name[1:]),
        ("native-go/main.go", "neetocal.TeamLinksArgs{", TEAM, lambda name: name[0].upper() + name[1:]),
    ],
)
def test_the_others_give_what_the_schema_takes(file: str, begins: str, resource: dict[str, Any], spelled: Any) -> None:
    """
    Arguments and the keys of what stands in them, as Pulumi's generators spell them, all that is required among them.
    """
    program = (EXAMPLES / file).read_text()
    body = program.partition(begins)[2].partition("\n});" if file.endswith(".ts") else "\n\t\t}")[0]
    given = {*re.findall(r"(?<![\w\"-])(\w+):\s", body)}

    inside = (name for each in LISTED for name in each["properties"])
    assert {spelled(name) for name in resource["requiredInputs"]} <= given
    assert given <= {spelled(name) for name in [*resource["inputProperties"], *inside]}


@pytest.mark.parametrize("block", [block for block in blocks("docs/scheduling-link.md") if block.language in FILES])
def test_a_page_shows_the_examples(block: Block) -> None:
    """
    What docs/scheduling-link.md shows in other languages than Python is a part of the example in that language.
    """
    assert block.text in (EXAMPLES / FILES[block.language]).read_text()
