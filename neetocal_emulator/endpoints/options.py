"""
A link's durations and spots over HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neetocal_emulator.endpoints.call import Answer, Call, Endpoint
from neetocal_emulator.store import options

if TYPE_CHECKING:
    from neetocal_emulator.store.options import OptionKind

__all__ = ["create_option", "delete_option", "get_option", "list_options", "update_option"]

Option = dict[str, Any]

_OWN_ENDPOINT_NAMES = {
    "phone_call_number": "spot_phone_call_number",
    "custom_text": "spot_custom_text",
    "in_person_location": "spot_in_person_location",
}


def list_options(kind: OptionKind) -> Endpoint:
    """
    Make the endpoint that lists a link's options (OPTION_LIST).
    """

    def endpoint(call: Call) -> Answer:
        found = options.listing(call.workspace, call.path["sid"], kind)
        return Answer({kind.plural: [_shown(option) for option in found]})

    return endpoint


def create_option(kind: OptionKind) -> Endpoint:
    """
    Make the endpoint that adds an option.
    """

    def endpoint(call: Call) -> Answer:
        option = options.add(call.workspace, call.path["sid"], kind, call.body)
        return Answer(_with_message(kind, "created", option), status=call.created_status)

    return endpoint


def get_option(kind: OptionKind) -> Endpoint:
    """
    Make the endpoint that shows one option.
    """

    def endpoint(call: Call) -> Answer:
        option = options.find(call.workspace, call.path["sid"], kind, call.path["id"])
        return Answer(_shown(option))

    return endpoint


def update_option(kind: OptionKind) -> Endpoint:
    """
    Make the endpoint that changes an option.
    """

    def endpoint(call: Call) -> Answer:
        option = options.change(call.workspace, call.path["sid"], kind, call.path["id"], call.body)
        return Answer(_with_message(kind, "updated", option))

    return endpoint


def delete_option(kind: OptionKind) -> Endpoint:
    """
    Make the endpoint that removes an option (OPTION_DELETED_STATUS).
    """

    def endpoint(call: Call) -> Answer:
        options.remove(call.workspace, call.path["sid"], kind, call.path["id"])
        if call.version == "v2":
            return Answer(status=204)
        return Answer({"message": f"{kind.name.capitalize()} destroyed successfully"})

    return endpoint


def _with_message(kind: OptionKind, verb: str, option: Option) -> Option:
    return {"message": f"{kind.name.capitalize()} {verb} successfully", kind.name: _shown(option)}


def _shown(option: Option) -> Option:
    """
    Spell a spot's texts as its own endpoint does (SPOT_SPELLINGS).
    """
    return {_OWN_ENDPOINT_NAMES.get(name, name): value for name, value in option.items()}
