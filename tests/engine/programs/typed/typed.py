"""
A program that uses every argument, as users write them: type checkers must accept it without a single ignore.

Checked by `make lint` (mypy --strict and pyright), and executed by tests/engine/test_programs.py.
"""

import pulumi

from neetocal_provider import DurationArgs, Kind, SchedulingLink, Spot, SpotArgs

plain = SchedulingLink("plain", slug="plain", name="Plain", hosts=["ada@acme.example"], duration=30)

everything = SchedulingLink(
    "everything",
    slug="everything",
    name=pulumi.Output.concat("After ", plain.name),
    hosts=["ada@acme.example", pulumi.Output.from_input("ben@acme.example")],
    duration=plain.duration,
    template_id=pulumi.Config().get("template_id"),
    description=plain.url.apply(lambda url: f"First see {url}"),
    kind=Kind.MULTIHOST,
    start_time_increment=15,
    is_multiple_durations_allowed=True,
    is_multiple_spots_allowed=True,
    spot=Spot.ZOOM,
    spot_phone_call_number="+1-555-0123",
    spot_custom_text="Ask for Ada",
    spot_in_person_location="123 Main St, Suite 100",
    locked_time_zone="Europe/Lisbon",
    durations=[DurationArgs(30, is_default=True), DurationArgs(plain.duration.apply(lambda minutes: minutes * 2))],
    spots=[
        SpotArgs(Spot.ZOOM, is_default=True),
        SpotArgs("phone_call", phone_call_number="+1-555-0123"),
        SpotArgs(Spot.IN_PERSON, in_person_location=pulumi.Output.from_input("Lisbon")),
    ],
    opts=pulumi.ResourceOptions(depends_on=[plain]),
)

dictionaries = SchedulingLink(
    "dictionaries",
    slug="dictionaries",
    name="Words and dictionaries",
    hosts=pulumi.Output.from_input(["ada@acme.example"]),
    duration=30,
    kind="grouped",
    spot="custom",
    spot_custom_text="Ask for Ada",
    durations=[{"duration": 30, "is_default": True}, {"duration": 45}],
    spots=pulumi.Output.from_input([SpotArgs(Spot.JITSI, is_default=True)]),
)

url: pulumi.Output[str] = everything.url
workspace: pulumi.Output[str] = everything.workspace
disabled: pulumi.Output[bool] = everything.disabled
kind: pulumi.Output[str] = everything.kind
pulumi.export("url", url)
pulumi.export("left_out", plain.description.apply(lambda text: "nothing" if text is None else text))
