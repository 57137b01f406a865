"""
The lookups as functions of the native provider: what each takes, what it returns, and what of the core it asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from neetocal_provider.errors import NeetoCalError
from neetocal_provider.resources.lookups import (
    MEMBERS,
    SCHEDULING_LINKS,
    GetMeetingTemplateResult,
    GetSchedulingLinkResult,
    GetTeamMemberResult,
    LookupCache,
)
from neetocal_provider.schema.types import did_you_mean

__all__ = ["FUNCTIONS", "Function", "found_by", "invoke", "is_complete", "outputs"]


@dataclass(frozen=True, kw_only=True)
class Function:
    """
    One lookup.

    Attributes:
        takes: by argument what it means; all are texts.

        required: whether every argument must be given.

        returns: the class of what is found.

        lists: the output that holds several of them; empty where one is found.

        look: asks for it; an argument that was not given is None.

        is_public: whether the schema describes it; if not, only this package asks.
    """

    description: str
    takes: Mapping[str, str]
    required: bool = False
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
        required=True,
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
    if function.required and not function.takes.keys() <= given.keys():
        raise NeetoCalError(f"{name} needs {' and '.join(function.takes)}.")
    return found_by(cache, name, given)


def found_by(cache: LookupCache, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what a function finds, as its outputs, for arguments that were checked.

    Raises:
        NeetoCalError: it finds nothing.
    """
    function = FUNCTIONS[name]
    found = function.look(cache, {key: given.get(key) for key in function.takes})
    return {function.lists: [asdict(each) for each in found]} if function.lists else asdict(found)


def is_complete(name: str, answer: Mapping[str, Any]) -> bool:
    """
    Whether an answer holds all outputs of a function; the engine answers nothing if the provider's settings are not
    known yet.
    """
    function = FUNCTIONS[name]
    needed = [function.lists] if function.lists else [field.name for field in fields(function.returns)]
    return all(answer.get(output) is not None for output in needed)


def outputs(kind: type[Any]) -> Sequence[tuple[str, str]]:
    """
    Return name and annotation of each field of a result.
    """
    return [(field.name, str(field.type)) for field in fields(kind)]
