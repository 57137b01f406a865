"""
The schema against the arguments, the documentation and Pulumi's own reading of it.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from neetocal_provider import native
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.native import Member, Provider, TeamLinks
from neetocal_provider.native.schema import of, package
from neetocal_provider.resources.link_fields import Kind, Spot
from neetocal_provider.resources.registry import RESOURCE_TYPES
from neetocal_provider.schema.fields import Update
from neetocal_provider.schema.resource import DECLARED, NORMALIZED, TYPE
from neetocal_provider.settings import SETTINGS
from neetocal_provider.version import __version__

ROOT = Path(__file__).parent.parent.parent


def typed(value: Any) -> Iterator[dict[str, Any]]:
    """
    Yield each description of a value in the schema, at any depth.
    """
    if isinstance(value, dict):
        if isinstance(value.get("type", value.get("$ref")), str):
            yield value
        for each in value.values():
            yield from typed(each)
    elif isinstance(value, list):
        for each in value:
            yield from typed(each)


def resource(name: str) -> dict[str, Any]:
    """
    Return what the schema says of a resource.
    """
    found: dict[str, Any] = package()["resources"][f"{TYPE}{name}"]
    return found


def test_the_file_is_the_codes() -> None:
    """
    `neetocal-provider schema pulumi > schemas/schema.json` has nothing to change.
    """
    kept = json.loads((ROOT / "schemas" / "schema.json").read_text(encoding="utf-8"))

    assert kept == package()
    assert kept["version"] == __version__


@pytest.mark.parametrize(("name", "type_"), RESOURCE_TYPES.items())
def test_inputs_are_the_arguments(name: str, type_: ResourceType) -> None:
    """
    All of them, with the same names, in the signature as well; required are the same ones.
    """
    parameters = inspect.signature(getattr(native, name).__init__).parameters.values()
    found = resource(name)
    fields = type_.schema.fields

    assert [*found["inputProperties"]] == [field.name for field in fields]
    assert [p.name for p in parameters][2:-1] == [*found["inputProperties"]]
    assert found["requiredInputs"] == [field.name for field in fields if field.required]


@pytest.mark.parametrize("name", RESOURCE_TYPES)
def test_outputs_are_what_programs_can_read(name: str) -> None:
    """
    And what the state keeps: which of the arguments are declared, and which are stored in another form.
    """
    attributes = getattr(native, name).__base__.__annotations__

    assert {*resource(name)["properties"]} == {*attributes, "workspace", DECLARED, NORMALIZED}
    assert {*resource(name)["required"]} >= {*RESOURCE_TYPES[name].schema.computed}


@pytest.mark.parametrize(("name", "type_"), RESOURCE_TYPES.items())
def test_what_is_told_of_an_argument_is_the_tables(name: str, type_: ResourceType) -> None:
    """
    Its description, and whether another value replaces the resource.
    """
    found = resource(name)["inputProperties"]

    for field in type_.schema.fields:
        assert found[field.name]["description"].startswith(field.description)
        assert found[field.name].get("willReplaceOnChanges", False) is (field.update is Update.REPLACE)


def test_a_team_takes_what_the_class_takes() -> None:
    """
    The arguments of `TeamLinks`, of its members and of its links, by the same names; those that are required are too.
    """
    types = {name.removeprefix(TYPE): spec for name, spec in package()["types"].items()}
    parameters = inspect.signature(TeamLinks.__init__).parameters
    arguments = [field.name for field in RESOURCE_TYPES["SchedulingLink"].schema.fields]
    component = resource("TeamLinks")

    assert component["isComponent"] is True
    assert {*component["inputProperties"]} == {*parameters} - {"self", "resource_name", "opts"}
    required = [name for name, each in parameters.items() if each.default is each.empty]
    assert component["requiredInputs"] == [name for name in required if name not in ("self", "resource_name")]
    assert [*types["Member"]["properties"]] == [field.name for field in fields(Member)]
    assert [*types["TeamLink"]["properties"]] == [*arguments, "members"]
    assert [*types["LinkDefaults"]["properties"]] == [*types["MemberLink"]["properties"]] == arguments
    assert {*component["properties"]} == {*component["required"]} == {"urls", "links", "member_links"}


def test_nothing_is_declared_for_the_user() -> None:
    """
    A default in the schema would be sent, recorded and managed, and a setting's variable would be recorded.
    """
    specs = [*typed(package())]

    assert len(specs) > 100
    assert [spec for spec in specs if {"default", "defaultInfo"} & spec.keys()] == []


def test_every_word_of_a_choice_is_in_the_schema() -> None:
    """
    In the order of the documentation.
    """
    types = package()["types"]

    assert [each["value"] for each in types[f"{TYPE}Kind"]["enum"]] == [each.value for each in Kind]
    assert [each["value"] for each in types[f"{TYPE}Spot"]["enum"]] == [each.value for each in Spot]


def test_the_settings_are_those_of_the_stack_config() -> None:
    """
    Under the same names, the key a secret; the provider takes them all but the log.
    """
    variables = package()["config"]["variables"]
    parameters = [*inspect.signature(Provider.__init__).parameters][2:-1]

    assert [f"neetocal:{name}" for name in variables] == [setting.config_key for setting in SETTINGS.values()]
    assert [name for name, spec in variables.items() if spec.get("secret")] == ["apiKey"]
    assert parameters == [name for name in SETTINGS if name != "log"]


@pytest.mark.parametrize(
    ("urn", "expected"),
    [
        ("urn:pulumi:test::links::neetocal:index:SchedulingLink::intro", RESOURCE_TYPES["SchedulingLink"]),
        ("urn:pulumi:test::links::a:b:C$neetocal:index:MeetingTemplate::x", RESOURCE_TYPES["MeetingTemplate"]),
        ("urn:pulumi:test::links::neetocal:index:Other::intro", None),
        ("urn:pulumi:test::links::SchedulingLink::intro", None),
        ("", None),
    ],
)
def test_a_urn_tells_the_resource(urn: str, expected: ResourceType | None) -> None:
    """
    Under whichever parent.
    """
    assert of(urn) is expected
