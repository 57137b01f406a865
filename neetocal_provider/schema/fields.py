"""
The arguments of a scheduling link, one row each: the only place that lists them for check, diff and requests.

Names, rules and defaults are the API's own, from the vendor's page "Create a scheduling link" and its help pages, but
for the last two, which tell this package what to do; docs/api-notes.md names the source of each. To add a field, add
its row here and its argument in `scheduling_link`; the tests say what else wants a line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from neetocal_provider.schema.types import (
    UNKNOWN,
    Choice,
    Emails,
    Flag,
    Options,
    PropertyType,
    Slug,
    Text,
    TimeZone,
    WholeNumber,
)

if TYPE_CHECKING:
    from neetocal_provider.settings import Settings

__all__ = [
    "BY_NAME",
    "DYNAMIC_TYPE",
    "FIELDS",
    "MEETING_TEMPLATE",
    "NO_DEFAULT",
    "OPTION_FIELDS",
    "REFUSED",
    "SCHEDULING_LINK",
    "SPOT_TEXTS",
    "TYPE",
    "Field",
    "Kind",
    "Output",
    "Schema",
    "Spot",
    "Update",
    "is_create_option",
]


TYPE = "neetocal:index:"
"""The beginning of the type of each resource of the native provider; names in every user's state begin so."""

DYNAMIC_TYPE = "pulumi-python:dynamic/neetocal:"
"""The same under Pulumi's dynamic host."""

REFUSED = "__refused"
"""The property with which a program says that a resource must not be deployed, and why; never in the state."""


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


class Update(Enum):
    """
    How a changed argument reaches a link that exists.
    """

    PATCH = "in place"
    VERIFIED_PATCH = "in place, verified: the page of updates does not list the field"
    SUBRESOURCE = "in place, option by option through the field's own endpoints"
    REPLACE = "replaces the link"
    STATE_ONLY = "in the state alone; nothing is sent"
    CREATE_OPTION = "does not matter: it is read when the link is made"


class _NoDefault(Enum):
    NO_DEFAULT = "stays as it is"


NO_DEFAULT: Final = _NoDefault.NO_DEFAULT
"""The default of a field for which the API documents none: a removed argument leaves the value as it is."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """
    One argument of a scheduling link.

    Attributes:
        default: what neetoCal uses where the field is not given, and so what a removed argument goes back to.

        needs_v2: whether the deprecated version of the API has no such field in its requests.

        is_answered: whether answers hold it; what the API doesn't know (`is_local`) they never do.

        is_always_output: whether the resource has it as an output, declared or not; it is never null then.
    """

    name: str
    type: PropertyType
    description: str
    required: bool = False
    default: Any = NO_DEFAULT
    update: Update = Update.PATCH
    needs_v2: bool = False
    is_answered: bool = True
    is_always_output: bool = False

    def exists_in(self, api_version: str) -> bool:
        """
        Whether requests of this version, `v1` or `v2`, have the field.
        """
        return api_version != "v1" or not self.needs_v2

    @property
    def is_local(self) -> bool:
        """
        Whether the API has no such field: it tells this package what to do.
        """
        return self.update in (Update.STATE_ONLY, Update.CREATE_OPTION)

    @property
    def may_be_null(self) -> bool:
        """
        Whether `null` in an answer says that it isn't set; of others, which are always set, it says nothing.
        """
        return not (self.required or self.is_always_output or isinstance(self.type, Emails | Options))


@dataclass(frozen=True, kw_only=True)
class Output:
    """
    A property that a program reads and doesn't declare, beside `workspace` and `declared`, which every resource has.

    Attributes:
        answered_as: its name in answers; empty if that is `name`.

        default: its value if an answer doesn't tell it.

        derive: returns it by the resource's other properties, some perhaps missing or `UNKNOWN`; None if only neetoCal
            knows it.
    """

    name: str
    type: PropertyType
    description: str
    answered_as: str = ""
    default: Any = None
    derive: Callable[[Mapping[str, Any], Settings], Any] | None = None


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


@dataclass(frozen=True, kw_only=True)
class Schema:
    """
    What is declared of a kind of resource, and what else a program gets of it.

    Attributes:
        name: in type tokens.

        noun: what sentences call one.

        identity: the required arguments by which one is found, and of which neetoCal takes no second; the last is its
            title in sentences.

        fingerprint: the arguments that must agree, too, before one that is found after a lost answer is ours; the first
            is shown beside the identity.

        rival: what else may have the identity.

        read_only: what answers hold beside `fields`, for lookups.

        needs_v2: whether the deprecated version of the API cannot manage them.
    """

    name: str
    noun: str
    description: str
    fields: tuple[Field, ...]
    outputs: tuple[Output, ...] = ()
    identity: tuple[str, ...]
    fingerprint: tuple[str, ...] = ()
    rival: str = ""
    read_only: tuple[Field, ...] = ()
    needs_v2: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """
        Return the arguments by their names.
        """
        return {field.name: field for field in self.fields}

    @property
    def title(self) -> str:
        """
        Return the name of the argument that tells one from others in sentences.
        """
        return self.identity[-1]

    def identified(self, props: Mapping[str, Any]) -> str:
        """
        Return name and value of that argument, such as "slug 'intro'".
        """
        return f"{self.title} {props[self.title]!r}"

    def named(self, props: Mapping[str, Any]) -> str:
        """
        Return noun and title, such as "link 'intro'".
        """
        return f"{self.noun} {props[self.title]!r}"

    @cached_property
    def answered(self) -> tuple[Field, ...]:
        """
        Return what answers hold, whether a program can declare it or not.
        """
        both = (*self.fields, *self.read_only)
        return tuple(field for field in both if field.is_answered and not field.is_local)

    @cached_property
    def always_output(self) -> tuple[Field, ...]:
        """
        Return the arguments that are outputs, declared or not.
        """
        return tuple(field for field in self.fields if field.is_always_output)

    @property
    def computed(self) -> tuple[str, ...]:
        """
        Return the names of the properties that a resource has whether a program declares them or not.
        """
        return (*(each.name for each in self.outputs), *(field.name for field in self.always_output), "workspace")


def _url(props: Mapping[str, Any], settings: Settings) -> Any:
    slug = props.get("slug", UNKNOWN)
    return UNKNOWN if slug is UNKNOWN else settings.public_url(slug)


SCHEDULING_LINK = Schema(
    name="SchedulingLink",
    noun="link",
    description="A neetoCal scheduling link: an address at which visitors book a meeting with its hosts. Its id is the "
    "link's sid.",
    fields=FIELDS,
    outputs=(
        Output(name="url", type=Text(), description="The public address at which visitors book.", derive=_url),
        Output(
            name="meeting_id",
            type=Text(),
            description="The link's uuid, under which other parts of the API know it.",
            answered_as="id",
            default="",
        ),
        Output(
            name="disabled",
            type=Flag(),
            description="Whether it takes no bookings; the API documents no field that enables it.",
            default=False,
        ),
    ),
    identity=("slug",),
    fingerprint=("name", "hosts", "duration"),
    rival="a template",
)

_OF_TEMPLATES = (
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
)

_AS_IN_TEMPLATES = {
    **BY_NAME,
    "hosts": replace(BY_NAME["hosts"], required=False),
    "kind": replace(BY_NAME["kind"], update=Update.VERIFIED_PATCH),
    "spot": replace(BY_NAME["spot"], update=Update.VERIFIED_PATCH),
}

MEETING_TEMPLATE = Schema(
    name="MeetingTemplate",
    noun="template",
    description="A neetoCal meeting template: what links are made from. Its id is the template's uuid.",
    fields=tuple(_AS_IN_TEMPLATES[name] for name in _OF_TEMPLATES),
    identity=("slug",),
    fingerprint=("name", "hosts", "duration"),
    rival="a link",
    read_only=tuple(field for field in FIELDS if field.name not in _OF_TEMPLATES),
    needs_v2=True,
)
"""A template takes the arguments of a link that the vendor's pages and tool send for one; see docs/api-notes.md."""


def is_create_option(name: str) -> bool:
    """
    Whether a property is an argument that is read when a link is made and at no other time.
    """
    return name in BY_NAME and BY_NAME[name].update is Update.CREATE_OPTION


def _options(name: str) -> Options:
    value = BY_NAME[name].type
    if not isinstance(value, Options):
        raise TypeError(name)
    return value


OPTION_FIELDS = {field.name: _options(field.name) for field in FIELDS if field.update is Update.SUBRESOURCE}
"""The kinds of option by the field that lists them, which is also the name of their endpoint."""
