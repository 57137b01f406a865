"""
What the plugin says against a team that a program in another language describes; no engine is needed for that.
"""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime.proto import provider_pb2

from neetocal_provider.native.schema import TEAM_LINKS
from neetocal_provider.native.values import secret, to_struct
from neetocal_provider.schema.types import UNKNOWN
from tests.native.conftest import Plugin

ADA = "ada@acme.example"
DEMO = {"name": "Demo", "duration": 45}
LATER = "is known only after another resource is deployed, so the preview can't show the team's links: "


def refusal(plugin: Plugin, inputs: Struct, type_: str = TEAM_LINKS) -> list[str]:
    """
    Return what the plugin says against a team with these arguments, by lines.
    """
    request = provider_pb2.ConstructRequest(type=type_, name="sales", inputs=inputs, dryRun=True)
    with pytest.raises(grpc.RpcError) as caught:
        plugin.ask("Construct", request, provider_pb2.ConstructResponse)
    said: str = caught.value.details()
    assert plugin.is_well
    return said.removeprefix("neetoCal: ").splitlines()


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        ({"links": {"demo": DEMO}}, ["members is required."]),
        ({"members": [ADA], "link": {}}, ["link is nothing that belongs here; did you mean links?"]),
        (
            {"members": [ADA, "ada@b.example"], "links": {"demo": {**DEMO, "name": "{n}", "duration": 0, "nam": ""}}},
            [
                "members[1] has the handle 'ada' of members[0], too; give one of them another.",
                "links.demo.nam is no argument of a link; did you mean name?",
                "links.demo.name holds {n}, which stands for nothing here: use {team}, or {{ and }} for braces.",
                "links.demo.duration is 0 and must be from 1 to 1440 minutes.",
            ],
        ),
        (
            {"members": [{"email": UNKNOWN}], "links": {"demo": {**DEMO, "name": UNKNOWN}}, "check_members": UNKNOWN},
            [
                f"check_members {LATER}give it a value that is known before.",
                f"members[0].email {LATER}give it a value that is known before.",
            ],
        ),
        (
            {"members": [ADA], "member_links": {"intro": {"name": UNKNOWN, "slug": "A b", "hosts": [UNKNOWN]}}},
            [
                "member_links.intro.slug is 'A b' and may hold only lower-case letters, digits, hyphens and "
                "underscores, as in 'a-b'.",
                "member_links.intro.duration is required.",
            ],
        ),
    ],
)
def test_everything_wrong_with_a_team_is_reported(plugin: Plugin, given: dict[str, Any], sentences: list[str]) -> None:
    """
    At once, each with its path, without a traceback; arguments of links may be known later, who is in the team not.
    """
    assert refusal(plugin, to_struct(given)) == sentences


def test_no_secret_is_in_a_sentence(plugin: Plugin) -> None:
    """
    An argument that is a secret is named without its value.
    """
    link = to_struct({**DEMO, "spot_custom_text": "none"})
    link.fields["description"].CopyFrom(secret(Value(string_value="hush {")))
    inputs = to_struct({"members": [ADA], "links": {"demo": {}}})
    inputs.fields["links"].struct_value.fields["demo"].struct_value.CopyFrom(link)

    assert refusal(plugin, inputs) == [
        "links.demo.description is '…', whose braces do not match: write {{ and }} for braces."
    ]


def test_another_component_is_refused(plugin: Plugin) -> None:
    """
    With its type.
    """
    assert refusal(plugin, Struct(), "neetocal:index:Teams") == [
        "'neetocal:index:Teams' isn't a component of this provider."
    ]
