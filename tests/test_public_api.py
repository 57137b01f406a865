"""
The names that programs import, and the names that live in the state of every user's stack.

The second kind is a file format. Where one of them changes, stacks deployed earlier break: `refresh` and `destroy`
unpickle the provider by its path without running the program, and a property that is called otherwise is lost.
"""

from __future__ import annotations

import base64
import inspect
import pickletools
from importlib import import_module

import pytest
from pulumi.dynamic.dynamic import serialize_provider

import neetocal_provider
from neetocal_provider import SchedulingLink
from neetocal_provider.resources.registry import RESOURCE_TYPES
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.fields import Update
from neetocal_provider.schema.resource import DECLARED, NORMALIZED


def test_the_public_names_are_sorted_and_importable() -> None:
    """
    Everything that `__all__` promises is there.
    """
    names = neetocal_provider.__all__

    assert names == sorted(names, key=lambda name: (name.startswith("_"), name.lower()))
    assert [name for name in names if not hasattr(neetocal_provider, name)] == []


def test_an_output_that_there_is_not_is_an_error() -> None:
    """
    Only arguments may be left out.
    """
    link = SchedulingLink.__new__(SchedulingLink)

    with pytest.raises(AttributeError, match=r"'SchedulingLink' object has no attribute 'adress'"):
        getattr(link, "adress")  # noqa: B009 - type checkers refuse it otherwise


@pytest.mark.parametrize(
    "path",
    [
        ["neetocal_provider.scheduling_link", "SchedulingLinkProvider"],
        ["neetocal_provider.meeting_template", "MeetingTemplateProvider"],
        ["neetocal_provider.add_on_service", "AddOnServiceProvider"],
    ],
)
def test_a_provider_is_stored_by_its_path_alone(path: list[str]) -> None:
    """
    Nothing but module path and class name reaches the state; an attribute would be stored with it.
    """
    module, name = path
    provider = getattr(import_module(module), name)
    pickled = base64.b64decode(serialize_provider(provider()))
    words = [value for _code, value, _position in pickletools.genops(pickled) if isinstance(value, str)]

    assert words == path
    assert provider.serialize_as_secret_always is False


def test_the_type_token_is_fixed() -> None:
    """
    Every URN holds it; policies match on it.
    """
    assert neetocal_provider.SchedulingLink._resource_type_name == "dynamic/neetocal:SchedulingLink"
    assert neetocal_provider.MeetingTemplate._resource_type_name == "dynamic/neetocal:MeetingTemplate"
    assert neetocal_provider.AddOnService._resource_type_name == "dynamic/neetocal:AddOnService"


def arguments(name: str) -> list[str]:
    """
    Return what a program can declare of a resource.
    """
    return [*RESOURCE_TYPES[name].schema.by_name]


def test_the_property_names_are_fixed() -> None:
    """
    Arguments and outputs are recorded under these names, the API's own.
    """
    assert arguments("SchedulingLink") == [
        "slug",
        "name",
        "hosts",
        "duration",
        "template_id",
        "description",
        "kind",
        "start_time_increment",
        "before_buffer_time",
        "after_buffer_time",
        "is_multiple_durations_allowed",
        "is_multiple_spots_allowed",
        "spot",
        "spot_phone_call_number",
        "spot_custom_text",
        "spot_in_person_location",
        "locked_time_zone",
        "durations",
        "spots",
        "force_destroy",
        "adopt",
    ]
    assert arguments("MeetingTemplate") == [
        "slug",
        "name",
        "duration",
        "hosts",
        "description",
        "kind",
        "start_time_increment",
        "before_buffer_time",
        "after_buffer_time",
        "spot",
        "spot_phone_call_number",
        "spot_custom_text",
        "spot_in_person_location",
        "locked_time_zone",
        "adopt",
    ]
    assert arguments("AddOnService") == ["link", "name", "description", "duration", "price", "position"]
    assert SCHEDULING_LINK.schema.computed == ("url", "meeting_id", "disabled", "kind", "workspace")
    assert (DECLARED, NORMALIZED) == ("declared", "normalized")


@pytest.mark.parametrize("name", RESOURCE_TYPES)
def test_a_resource_takes_its_fields_and_nothing_else(name: str) -> None:
    """
    Signature, annotations and docstring follow its schema.
    """
    resource = getattr(neetocal_provider, name)
    schema = RESOURCE_TYPES[name].schema
    parameters = inspect.signature(resource.__init__).parameters.values()
    described = inspect.getdoc(resource) or ""

    assert [p.name for p in parameters] == ["self", "resource_name", *schema.by_name, "opts"]
    assert {p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty} == {
        field.name for field in schema.fields if field.required
    }
    assert [each.name for each in schema.fields if f"    {each.name}: {each.description}\n" not in described] == []
    assert {*resource.__base__.__annotations__, "workspace"} == {
        field.name for field in schema.fields if field.update is not Update.CREATE_OPTION
    } | {*schema.computed}
