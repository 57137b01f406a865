"""
The names that programs import, and the names that live in the state of every user's stack.

The second kind is a file format. Where one of them changes, stacks deployed earlier break: `refresh` and `destroy`
unpickle the provider by its path without running the program, and a property that is called otherwise is lost.
"""

from __future__ import annotations

import base64
import inspect
import pickletools

import pytest
from pulumi.dynamic.dynamic import serialize_provider

import neetocal_provider
from neetocal_provider import MeetingTemplate, SchedulingLink
from neetocal_provider.core.normalization import NORMALIZED
from neetocal_provider.core.state import DECLARED
from neetocal_provider.dynamic.provider import BaseResourceProvider
from neetocal_provider.meeting_template import MeetingTemplateBase, MeetingTemplateProvider
from neetocal_provider.resources.link_fields import FIELDS
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.scheduling_link import SchedulingLinkBase, SchedulingLinkProvider
from neetocal_provider.schema.fields import Update


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
    ("provider", "path"),
    [
        (SchedulingLinkProvider, ["neetocal_provider.scheduling_link", "SchedulingLinkProvider"]),
        (MeetingTemplateProvider, ["neetocal_provider.meeting_template", "MeetingTemplateProvider"]),
    ],
)
def test_a_provider_is_stored_by_its_path_alone(provider: type[BaseResourceProvider], path: list[str]) -> None:
    """
    Nothing but module path and class name reaches the state; an attribute would be stored with it.
    """
    pickled = base64.b64decode(serialize_provider(provider()))
    words = [value for _code, value, _position in pickletools.genops(pickled) if isinstance(value, str)]

    assert words == path
    assert provider.serialize_as_secret_always is False


def test_the_type_token_is_fixed() -> None:
    """
    Every URN holds it; policies match on it.
    """
    assert SchedulingLink._resource_type_name == "dynamic/neetocal:SchedulingLink"
    assert MeetingTemplate._resource_type_name == "dynamic/neetocal:MeetingTemplate"


def test_the_property_names_are_fixed() -> None:
    """
    Arguments and outputs are recorded under these names, the API's own.
    """
    assert [field.name for field in FIELDS] == [
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
    assert SCHEDULING_LINK.schema.computed == ("url", "meeting_id", "disabled", "kind", "workspace")
    assert (DECLARED, NORMALIZED) == ("declared", "normalized")


def test_the_resource_takes_every_field_and_nothing_else() -> None:
    """
    Signature, annotations and docstring follow the table of fields.
    """
    parameters = list(inspect.signature(SchedulingLink.__init__).parameters.values())
    described = inspect.getdoc(SchedulingLink) or ""

    assert [p.name for p in parameters] == ["self", "resource_name", *[field.name for field in FIELDS], "opts"]
    assert {p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty} == {
        field.name for field in FIELDS if field.required
    }
    assert [field.name for field in FIELDS if f"    {field.name}: {field.description}\n" not in described] == []
    assert set(SchedulingLinkBase.__annotations__) == {
        field.name for field in FIELDS if field.update is not Update.CREATE_OPTION
    } | {*SCHEDULING_LINK.schema.computed} - {"workspace"}


def test_a_template_takes_its_fields_and_nothing_else() -> None:
    """
    Signature, annotations and docstring follow its part of the table.
    """
    fields = MEETING_TEMPLATE.schema.fields
    parameters = inspect.signature(MeetingTemplate.__init__).parameters.values()
    described = inspect.getdoc(MeetingTemplate) or ""

    assert [p.name for p in parameters] == ["self", "resource_name", *[field.name for field in fields], "opts"]
    assert {p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty} == {
        field.name for field in fields if field.required
    }
    assert [field.name for field in fields if f"    {field.name}: " not in described] == []
    assert set(MeetingTemplateBase.__annotations__) == {
        field.name for field in fields if field.update is not Update.CREATE_OPTION
    } | {"kind"}
