"""
The lookups as functions of the native provider: what each takes, what it returns, and what of the core it asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from neetocal_provider.errors import NeetoCalError
from neetocal_provider.resources.lookups import (
    AVAILABILITIES,
    MEETING_TEMPLATES,
    MEMBERS,
    SCHEDULING_LINKS,
    SLOTS,
    LookupCache,
)
from neetocal_provider.resources.results import (
    GetAvailabilityResult,
    GetMeetingTemplateResult,
    GetSchedulingLinkResult,
    GetTeamMemberResult,
    Slot,
    is_optional,
    types_of,
)
from neetocal_provider.schema.types import did_you_mean

__all__ = ["FUNCTIONS", "Function", "found_by", "invoke", "is_complete"]


@dataclass(frozen=True, kw_only=True)
class Function:
    """
    One lookup.

    Attributes:
        takes: by argument what it means; all are texts.

        required: the arguments that must be given.

        returns: the class of what is found.

        lists: the output that holds several of them; empty where one is found.

        look: asks for it; an argument that was not given is None.

        is_public: whether the schema describes it; if not, only this package asks.
    """

    description: str
    takes: Mapping[str, str]
    required: Sequence[str] = ()
    returns: type[Any]
    lists: str = ""
    look: Callable[[LookupCache, Mapping[str, Any]], Any]
    is_public: bool = True


FUNCTIONS = {
    "getMeetingTemplate": Function(
        description="Find the meeting template with this name or id.",
        takes={"name": "The template's name.", "id": "The template's uuid."},
        returns=GetMeetingTemplateResult,
        look=lambda cache, given: cache.template(given["name"], given["id"]),
    ),
    "getTeamMember": Function(
        description="Find the member of the workspace with this address; who is inactive is warned of.",
        takes={"email": "The member's e-mail address."},
        required=("email",),
        returns=GetTeamMemberResult,
        look=lambda cache, given: cache.member(given["email"]),
    ),
    "listTeamMembers": Function(
        description="List all members of the workspace by address, inactive ones included; they are warned of.",
        takes={},
        returns=GetTeamMemberResult,
        lists=MEMBERS,
        look=lambda cache, _given: cache.all_members(),
    ),
    "checkTeamMembers": Function(
        description="List all members of the workspace for a check that only informs.",
        takes={},
        returns=GetTeamMemberResult,
        lists=MEMBERS,
        look=lambda cache, _given: cache.members_to_check(),
        is_public=False,
    ),
    "getSchedulingLink": Function(
        description="Find the link with this slug or sid, managed by anyone.",
        takes={"slug": "The link's slug.", "sid": "The link's sid."},
        returns=GetSchedulingLinkResult,
        look=lambda cache, given: cache.link(given["slug"], given["sid"]),
    ),
    "listSchedulingLinks": Function(
        description="List the links of the workspace, or those of a host, by slug.",
        takes={"host": "A host's e-mail address."},
        returns=GetSchedulingLinkResult,
        lists=SCHEDULING_LINKS,
        look=lambda cache, given: cache.links(given["host"]),
    ),
    "listMeetingTemplates": Function(
        description="List the meeting templates of the workspace, by slug.",
        takes={},
        returns=GetMeetingTemplateResult,
        lists=MEETING_TEMPLATES,
        look=lambda cache, _given: cache.templates(),
    ),
    "getAvailability": Function(
        description="Find the availability with this id.",
        takes={"id": "The availability's id."},
        required=("id",),
        returns=GetAvailabilityResult,
        look=lambda cache, given: cache.availability(given["id"]),
    ),
    "listAvailabilities": Function(
        description="List the availabilities of a member, by name.",
        takes={"email": "The member's e-mail address."},
        required=("email",),
        returns=GetAvailabilityResult,
        lists=AVAILABILITIES,
        look=lambda cache, given: cache.availabilities(given["email"]),
    ),
    "listSlots": Function(
        description="List the free times of a link in a month.",
        takes={
            "link": "The link's sid.",
            "month": "The month, such as 2026-12.",
            "time_zone": "The IANA time zone of the dates and times.",
            "host": "A host's e-mail address, to list that host's times only; version 2 of the API only.",
        },
        required=("link", "month", "time_zone"),
        returns=Slot,
        lists=SLOTS,
        look=lambda cache, given: cache.slots(given["link"], given["month"], given["time_zone"], given["host"]),
    ),
}


def invoke(cache: LookupCache, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what a function finds, as its outputs.

    Raises:
        NeetoCalError: it finds nothing, or is asked for what it does not know.
    """
    function = FUNCTIONS[name]
    for key, value in given.items():
        if key not in function.takes:
            raise NeetoCalError(f"{name} has no argument {key!r}{did_you_mean(key, function.takes) or '.'}")
        if not isinstance(value, str):
            raise NeetoCalError(f"{name} takes a text for {key}.")
    missing = [key for key in function.required if key not in given]
    if missing:
        raise NeetoCalError(f"{name} needs {' and '.join(missing)}.")
    return found_by(cache, name, given)


def found_by(cache: LookupCache, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what a function finds, as its outputs, for arguments that were checked.

    Raises:
        NeetoCalError: it finds nothing.
    """
    function = FUNCTIONS[name]
    found = function.look(cache, {key: given.get(key) for key in function.takes})
    return {function.lists: [_outputs(each) for each in found]} if function.lists else _outputs(found)


def _outputs(result: Any) -> dict[str, Any]:
    """
    Return the attributes of a result, without those that are None.
    """
    return asdict(result, dict_factory=lambda pairs: {name: value for name, value in pairs if value is not None})


def is_complete(name: str, answer: Mapping[str, Any]) -> bool:
    """
    Whether an answer holds all outputs of a function; the engine answers nothing if the provider's settings are not
    known yet.
    """
    function = FUNCTIONS[name]
    always = [name for name, hint in types_of(function.returns).items() if not is_optional(hint)]
    return all(answer.get(output) is not None for output in ([function.lists] if function.lists else always))
