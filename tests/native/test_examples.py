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
LINK: dict[str, Any] = package()["resources"][f"{TYPE}SchedulingLink"]
FILES = {"yaml": "native-yaml/Pulumi.yaml", "typescript": "native-typescript/index.ts", "go": "native-go/main.go"}
OPTION: dict[str, Any] = package()["types"][f"{TYPE}DurationOption"]


def test_the_one_in_yaml_gives_what_the_schema_takes() -> None:
    """
    Types, arguments, the keys of options, words of choices, and what is read of the answers.
    """
    project = yaml.safe_load((EXAMPLES / "native-yaml" / "Pulumi.yaml").read_text())
    (resource,) = project["resources"].values()
    (variable,) = project["variables"].values()
    given, call = resource["properties"], variable["fn::invoke"]

    assert resource["type"] == f"{TYPE}SchedulingLink"
    assert {*LINK["requiredInputs"]} <= given.keys() <= LINK["inputProperties"].keys()
    assert all({*OPTION["required"]} <= each.keys() <= OPTION["properties"].keys() for each in given["durations"])
    assert given["kind"] in [each["value"] for each in package()["types"][f"{TYPE}Kind"]["enum"]]
    function = package()["functions"][call["function"]]
    assert {*function["inputs"]["required"]} <= call["arguments"].keys() <= function["inputs"]["properties"].keys()
    read = re.findall(r"\$\{(\w+)\.(\w+)\}", (EXAMPLES / "native-yaml" / "Pulumi.yaml").read_text())
    assert {name for of, name in read if of == "ada"} <= function["outputs"]["properties"].keys()
    assert {name for of, name in read if of == "demo"} <= LINK["properties"].keys()


@pytest.mark.parametrize(
    ("file", "begins", "spelled"),
    [
        ("native-typescript/index.ts", "new neetocal.SchedulingLink(", str),
        ("native-go/main.go", "neetocal.SchedulingLinkArgs{", lambda name: name[0].upper() + name[1:]),
    ],
)
def test_the_others_give_what_the_schema_takes(file: str, begins: str, spelled: Any) -> None:
    """
    Arguments and the keys of options, as Pulumi's generators spell them, all that is required among them.
    """
    program = (EXAMPLES / file).read_text()
    body = program.partition(begins)[2].partition("\n    }" if file.endswith(".ts") else "\n\t\t}")[0]
    given = {*re.findall(r"(\w+):\s", body)}

    known = {spelled(name) for name in [*LINK["inputProperties"], *OPTION["properties"]]}
    assert {spelled(name) for name in LINK["requiredInputs"]} <= given <= known


@pytest.mark.parametrize("block", [block for block in blocks("docs/scheduling-link.md") if block.language in FILES])
def test_a_page_shows_the_examples(block: Block) -> None:
    """
    What docs/scheduling-link.md shows in other languages than Python is a part of the example in that language.
    """
    assert block.text in (EXAMPLES / FILES[block.language]).read_text()
