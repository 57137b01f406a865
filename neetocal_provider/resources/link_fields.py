"""
The fields of a scheduling link, one row each: the only place that lists them for check, diff and requests.

Names, rules and defaults are the API's own, from the vendor's page "Create a scheduling link" and its help pages, but
for the last two, which tell this package what to do; docs/api-notes.md names the source of each. To add a field, add
its row here and its argument in `neetocal_provider.scheduling_link`; the tests say what else wants a line.
"""

from __future__ import annotations

from enum import Enum

from neetocal_provider.schema.fields import Field, Update
from neetocal_provider.schema.types import Choice, Emails, Flag, Options, Slug, Text, TimeZone, WholeNumber

__all__ = ["BY_NAME", "FIELDS", "OPTION_FIELDS", "SPOT_TEXTS", "Kind", "Spot"]


class Kind(str, Enum):
    """
    How a scheduling link treats its hosts.
    """

    ONE_ON_ONE = "one_on_one"
    """One host meets one visitor."""

    ROUND_ROBIN = "round_robin"
    """One of the hosts takes each booking."""

    MULTIHOST = "multihost"
    """All hosts attend every meeting."""

    GROUPED = "grouped"
    """Several visitors share a meeting; the size of the group is set in the web app."""


class Spot(str, Enum):
    """
    Where a meeting takes place.
    """

    DAILY = "daily"
    ZOOM = "zoom"
    JITSI = "jitsi"
    GOOGLE_MEET = "google_meet"
    TEAMS = "teams"
    WHEREBY = "whereby"
    IN_PERSON = "in_person"
    CUSTOM = "custom"
    PHONE_CALL = "phone_call"


SPOT_TEXTS = {
    Spot.PHONE_CALL.value: "spot_phone_call_number",
    Spot.CUSTOM.value: "spot_custom_text",
    Spot.IN_PERSON.value: "spot_in_person_location",
}
"""By the place, the field of the text without which it means nothing."""


_MINUTES_OF_A_DAY = WholeNumber(1, 1440)
_BUFFER = WholeNumber(0, 1440)

FIELDS = (
    Field(
        name="slug",
        type=Slug(),
        description="The last part of the public address; unique in the workspace.",
        required=True,
    ),
    Field(name="name", type=Text(may_be_blank=False), description="The name that visitors see.", required=True),
    Field(
        name="hosts",
        type=Emails(),
        description="The e-mail addresses of the hosts, members of the workspace.",
        required=True,
    ),
    Field(
        name="duration",
        type=_MINUTES_OF_A_DAY,
        description="The length of a meeting in minutes, 1 to 1440.",
        required=True,
    ),
    Field(
        name="template_id",
        type=Text(may_be_blank=False),
        description="The id of a meeting template to copy when the link is made; arguments given beside it win.",
        is_answered=False,
        update=Update.REPLACE,
    ),
    Field(name="description", type=Text(), description="What the meeting is about.", default=None),
    Field(
        name="kind",
        type=Choice(Kind),
        description="How the hosts are used: one_on_one, round_robin, multihost or grouped.",
        default=Kind.ONE_ON_ONE.value,
        is_always_output=True,
    ),
    Field(
        name="start_time_increment",
        type=WholeNumber(3),
        description="Minutes between the start times on offer, at least 3.",
        default=30,
    ),
    Field(
        name="before_buffer_time",
        type=_BUFFER,
        description="Minutes kept free before a meeting, 0 to 1440.",
        default=0,
        needs_v2=True,
    ),
    Field(
        name="after_buffer_time",
        type=_BUFFER,
        description="Minutes kept free after a meeting, 0 to 1440.",
        default=0,
        needs_v2=True,
    ),
    Field(
        name="is_multiple_durations_allowed",
        type=Flag(),
        description="Whether visitors choose among `durations`.",
        default=False,
        update=Update.VERIFIED_PATCH,
    ),
    Field(
        name="is_multiple_spots_allowed",
        type=Flag(),
        description="Whether visitors choose among `spots`.",
        default=False,
        update=Update.VERIFIED_PATCH,
    ),
    Field(
        name="spot",
        type=Choice(Spot),
        description="Where the meeting takes place, such as zoom, google_meet, phone_call or in_person.",
    ),
    Field(
        name="spot_phone_call_number",
        type=Text(),
        description="The number to call, where `spot` is phone_call.",
        default=None,
    ),
    Field(
        name="spot_custom_text",
        type=Text(),
        description="How to meet, where `spot` is custom.",
        default=None,
    ),
    Field(
        name="spot_in_person_location",
        type=Text(),
        description="Where to meet, where `spot` is in_person.",
        default=None,
    ),
    Field(
        name="locked_time_zone",
        type=TimeZone(),
        description="The IANA time zone in which times are shown, wherever the visitor is.",
        default=None,
    ),
    Field(
        name="durations",
        type=Options(fields={"duration": _MINUTES_OF_A_DAY, "is_default": Flag()}, texts={}),
        description="The lengths that visitors choose from, exactly one of them the default.",
        update=Update.SUBRESOURCE,
    ),
    Field(
        name="spots",
        type=Options(
            fields={
                "spot": Choice(Spot),
                "is_default": Flag(),
                "phone_call_number": Text(),
                "in_person_location": Text(),
                "custom_text": Text(),
            },
            texts={
                Spot.PHONE_CALL.value: "phone_call_number",
                Spot.CUSTOM.value: "custom_text",
                Spot.IN_PERSON.value: "in_person_location",
            },
            spellings={
                "phone_call_number": ("spot_phone_call_number", "phone_number"),
                "in_person_location": ("spot_in_person_location", "location"),
                "custom_text": ("spot_custom_text",),
            },
        ),
        description="The places that visitors choose from, exactly one of them the default.",
        update=Update.SUBRESOURCE,
    ),
    Field(
        name="force_destroy",
        type=Flag(),
        description="Whether the link may be deleted or replaced while it has upcoming bookings.",
        default=False,
        update=Update.STATE_ONLY,
    ),
    Field(
        name="adopt",
        type=Flag(),
        description="Whether a link that has the slug already is taken over, and changed to what is declared.",
        default=False,
        update=Update.CREATE_OPTION,
    ),
)

BY_NAME = {field.name: field for field in FIELDS}


def _options(name: str) -> Options:
    value = BY_NAME[name].type
    if not isinstance(value, Options):
        raise TypeError(name)
    return value


OPTION_FIELDS = {field.name: _options(field.name) for field in FIELDS if field.update is Update.SUBRESOURCE}
"""The kinds of option by the field that lists them, which is also the name of their endpoint."""
