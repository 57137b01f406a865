"""
The schema of the native provider, from the same tables as the arguments and their documentation.

No input has a default in it: SDKs would send that default, and what is sent is declared and managed. Nor is an
environment variable named for a setting: SDKs would read it and record what it holds, the key included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin

from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.resources.functions import FUNCTIONS, Function
from neetocal_provider.resources.registry import RESOURCE_TYPES
from neetocal_provider.resources.results import (
    GetAvailabilityResult,
    GetMeetingTemplateResult,
    GetSchedulingLinkResult,
    GetTeamMemberResult,
    descriptions,
    is_optional,
    types_of,
)
from neetocal_provider.schema.fields import NO_DEFAULT, Field, Update
from neetocal_provider.schema.resource import DYNAMIC_TYPE, NORMALIZED, TYPE, Schema
from neetocal_provider.schema.types import Choice, Emails, Flag, Identifiers, Options, PropertyType, WholeNumber
from neetocal_provider.settings import SETTINGS
from neetocal_provider.version import __version__

__all__ = ["TEAM_LINKS", "of", "package", "setting_name"]

TEAM_LINKS = f"{TYPE}TeamLinks"

Spec = dict[str, Any]

_DESCRIBED = {
    "duration": "The length in minutes, 1 to 1440.",
    "spot": "Where to meet; phone_call, in_person and custom need their text beside it.",
    "is_default": "Whether it is the one chosen beforehand; exactly one of a link's options is.",
    "phone_call_number": "The number to call.",
    "in_person_location": "Where to go.",
    "custom_text": "How to meet.",
}
"""The keys of an option."""

_OUTPUTS_OF_ALL: dict[str, Spec] = {
    "workspace": {"type": "string", "description": "The workspace in which it lives."},
    "declared": {
        "type": "array",
        "items": {"type": "string"},
        "description": "The optional arguments that the program gives: what is managed.",
    },
}
_NORMALIZED: Spec = {
    "type": "object",
    "additionalProperties": {"$ref": "pulumi.json#/Any"},
    "secret": True,
    "description": "By argument, the form in which neetoCal stores it, if that isn't the declared one.",
}

_SETTING_TYPES = {
    "adopt": "boolean",
    "max_attempts": "integer",
    "timeout": "number",
    "max_requests_per_second": "number",
}


def of(urn: str) -> ResourceType | None:
    """
    Return the type of the resource with this URN; None where it is none of ours.
    """
    parts = urn.split("::")
    kind = parts[2].split("$")[-1] if len(parts) > 3 else ""
    return RESOURCE_TYPES.get(kind.removeprefix(TYPE)) if kind.startswith(TYPE) else None


def package() -> Spec:
    """
    Return the schema of the whole package, as Pulumi's tools read it.
    """
    return {
        "name": "neetocal",
        "displayName": "neetoCal",
        "version": __version__,
        "description": "neetoCal scheduling links as code.",
        "keywords": ["neetocal", "scheduling", "category/utility", "kind/native"],
        "license": "Apache-2.0",
        "meta": {"moduleFormat": "(.*)"},
        "language": {
            "python": {"respectSchemaVersion": True},
            "nodejs": {"respectSchemaVersion": True},
            "go": {"generateResourceContainerTypes": True},  # the outputs of a team are maps of links
        },
        "config": {"variables": _settings()},
        "provider": _provider(),
        "types": {**_enums(), **_option_types(), **_result_types(), **_team_types()},
        "resources": {
            **{f"{TYPE}{name}": _resource(type_.schema) for name, type_ in RESOURCE_TYPES.items()},
            TEAM_LINKS: _team_links(),
        },
        "functions": {f"{TYPE}{name}": _function(each) for name, each in FUNCTIONS.items() if each.is_public},
    }


def _settings() -> dict[str, Spec]:
    return {setting_name(name): _setting(name) for name in SETTINGS}


def setting_name(name: str) -> str:
    """
    Return what a setting is called as an input of the provider.
    """
    return SETTINGS[name].config_key.partition(":")[2]


def _setting(name: str) -> Spec:
    setting = SETTINGS[name]
    default = "" if setting.default is None else f", else {setting.default}"
    purpose = setting.purpose[0].upper() + setting.purpose[1:]
    found: Spec = {
        "type": _SETTING_TYPES.get(name, "string"),
        "description": f"{purpose}. From {setting.variable} where it is not given{default}.",
    }
    return {**found, "secret": True} if name == "api_key" else found


def _provider() -> Spec:
    return {
        "description": "A workspace of neetoCal. Settings that are not given come from the environment.",
        "inputProperties": _settings(),
        "properties": _settings(),
    }


def _enums() -> dict[str, Spec]:
    return {
        f"{TYPE}{kind.__name__}": {
            "type": "string",
            "description": _first_sentence(kind),
            "enum": [{"name": member.name.title().replace("_", ""), "value": member.value} for member in kind],
        }
        for kind in _choices(field.type for field in _fields())
    }


def _fields() -> Iterator[Field]:
    """
    Yield the arguments of all resource types.
    """
    for type_ in RESOURCE_TYPES.values():
        yield from type_.schema.fields


def _choices(kinds: Iterable[PropertyType]) -> Iterator[type[Enum]]:
    for kind in kinds:
        if isinstance(kind, Choice):
            yield kind.members
        elif isinstance(kind, Options):
            yield from _choices(kind.fields.values())


def _first_sentence(kind: type[Enum]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _option_types() -> dict[str, Spec]:
    return {
        f"{TYPE}{_option_name(field.name)}": _option_type(field.type)
        for field in _fields()
        if isinstance(field.type, Options)
    }


def _option_name(argument: str) -> str:
    """
    Return what the type of an argument's options is called: DurationOption for `durations`.
    """
    return f"{argument.removesuffix('s').title().replace('_', '')}Option"


def _option_type(kind: Options) -> Spec:
    return {
        "type": "object",
        "properties": {
            key: {**_type(key, value), "description": _DESCRIBED[key]} for key, value in kind.fields.items()
        },
        "required": [kind.first],
    }


def _resource(schema: Schema) -> Spec:
    own = {each.name: {**_type(each.name, each.type), "description": each.description} for each in schema.outputs}
    outputs = {**own, **_OUTPUTS_OF_ALL}
    recorded = {field.name: _argument(field) for field in schema.fields if field.update is not Update.CREATE_OPTION}
    required = [field.name for field in schema.fields if field.required]
    return {
        "description": schema.description,
        "inputProperties": {field.name: _argument(field) for field in schema.fields},
        "requiredInputs": required,
        "properties": {**recorded, **outputs, NORMALIZED: _NORMALIZED},
        "required": [*required, *(field.name for field in schema.always_output), *outputs],
        "aliases": [{"type": f"{DYNAMIC_TYPE}{schema.name}"}],
    }


_TEXT: Spec = {"type": "string"}


def _team_types() -> dict[str, Spec]:
    arguments = {
        field.name: {**_type(field.name, field.type), "description": field.description}
        for field in RESOURCE_TYPES["SchedulingLink"].schema.fields
    }
    hosts: Spec = {
        "type": "array",
        "items": _TEXT,
        "description": "The handles or addresses of those members who host it; all by default.",
    }
    described = {
        "LinkDefaults": ("Arguments of the links that don't give them themselves.", arguments),
        "TeamLink": ("A link that members of a team host together.", {**arguments, "members": hosts}),
        "MemberLink": ("A link that each member of a team gets.", arguments),
    }
    links: dict[str, Spec] = {
        f"{TYPE}{token}": {"type": "object", "description": description, "properties": properties}
        for token, (description, properties) in described.items()
    }
    return {f"{TYPE}Member": _member(), **links}


def _member() -> Spec:
    return {
        "type": "object",
        "description": "A member of a team.",
        "properties": {
            "email": {**_TEXT, "description": "The address under which neetoCal knows them."},
            "name": {**_TEXT, "description": "The full name; made from the address by default."},
            "handle": {
                **_TEXT,
                "description": "The word for resource names and slugs; the address's part before the @ by default.",
            },
            "n": {"type": "integer", "description": "What {n} stands for; the place in the team by default."},
            "moved_from": {
                **_TEXT,
                "description": "The team that they have left for this one; their links move along.",
            },
        },
        "required": ["email"],
    }


def _team_links() -> Spec:
    member = {"oneOf": [_TEXT, {"$ref": f"#/types/{TYPE}Member"}]}
    link = {"$ref": f"#/resources/{TYPE}SchedulingLink"}
    outputs = {
        "urls": _map_of(
            {"oneOf": [_TEXT, _map_of(_TEXT)]},
            "The public addresses: by key, and for links of members then by handle.",
        ),
        "links": _map_of(link, "By key, the links that members host together."),
        "member_links": _map_of(_map_of(link), "By key, then by the member's handle, each member's own links."),
    }
    return {
        "isComponent": True,
        "description": "The scheduling links of a team: those that its members host together, and one of each kind for "
        "every member. Texts may hold {team}, and in member_links also {member}, {name}, {first_name}, {last_name}, "
        "{email} and {n}; {{ and }} are braces.",
        "inputProperties": {
            "members": {
                "type": "array",
                "items": member,
                "description": "The members: addresses, or objects with an email. Known in the preview.",
            },
            "team": {**_TEXT, "description": "What {team} stands for; the resource's name by default."},
            "defaults": {
                "$ref": f"#/types/{TYPE}LinkDefaults",
                "description": "Arguments of every link that doesn't give them itself.",
            },
            "links": _map_of(
                {"$ref": f"#/types/{TYPE}TeamLink"},
                "By key, the links that members host together. The slug is {team}-KEY by default.",
            ),
            "member_links": _map_of(
                {"$ref": f"#/types/{TYPE}MemberLink"},
                "By key, the links that each member gets. The slug is {member}-KEY by default.",
            ),
            "check_members": {
                "type": "boolean",
                "description": "Whether to warn of hosts who aren't active members of the workspace; true by default.",
            },
        },
        "requiredInputs": ["members"],
        "properties": outputs,
        "required": [*outputs],
    }


def _map_of(values: Spec, description: str = "") -> Spec:
    found: Spec = {"type": "object", "additionalProperties": values}
    return {**found, "description": description} if description else found


_RESULTS = {
    GetTeamMemberResult: "TeamMember",
    GetSchedulingLinkResult: "FoundLink",
    GetMeetingTemplateResult: "FoundTemplate",
    GetAvailabilityResult: "FoundAvailability",
}
"""The names of what functions find, if several list it; of other results, the name is that of their class."""


def _result_types() -> dict[str, Spec]:
    functions = [each for each in FUNCTIONS.values() if each.is_public]
    found = dict.fromkeys(kind for each in functions if each.lists for kind in (each.returns, *_nested(each.returns)))
    return {f"{TYPE}{_result_name(kind)}": _result(kind) for kind in found}


def _nested(kind: type[Any]) -> Iterator[type[Any]]:
    """
    Yield the classes of a result's attributes.
    """
    for hint in types_of(kind).values():
        for each in (hint, *get_args(hint)):
            if is_dataclass(each) and isinstance(each, type):
                yield each
                yield from _nested(each)


def _result_name(kind: type[Any]) -> str:
    return _RESULTS.get(kind, kind.__name__)


def _function(function: Function) -> Spec:
    takes = {name: {"type": "string", "description": text} for name, text in function.takes.items()}
    inputs: Spec = {"type": "object", "properties": takes}
    if function.required:
        inputs["required"] = [*function.required]
    several = {
        "type": "object",
        "properties": {function.lists: _result_type(Sequence[function.returns])},  # type: ignore[name-defined]
        "required": [function.lists],
    }
    outputs = several if function.lists else _result(function.returns)
    return {"description": function.description, "inputs": inputs, "outputs": outputs}


def _result(kind: type[Any]) -> Spec:
    described, hints = descriptions(kind), types_of(kind)
    found = {name: {**_result_type(hint), "description": described[name]} for name, hint in hints.items()}
    required = [name for name, hint in hints.items() if not is_optional(hint)]
    return {"type": "object", "properties": found, "required": required}


def _result_type(hint: Any) -> Spec:
    """
    Return the type of a result's attribute in the schema's words.
    """
    if is_optional(hint):
        return _result_type(next(each for each in get_args(hint) if each is not NoneType))
    if get_origin(hint) is Sequence:
        return {"type": "array", "items": _result_type(get_args(hint)[0])}
    if get_origin(hint) is Mapping:
        return {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}}
    if is_dataclass(hint):
        return {"$ref": f"#/types/{TYPE}{_result_name(hint)}"}  # type: ignore[arg-type]
    return _PLAIN_RESULTS[hint]


_PLAIN_RESULTS: dict[Any, Spec] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Any: {"$ref": "pulumi.json#/Any"},
}


def _argument(field: Field) -> Spec:
    found: Spec = {**_type(field.name, field.type), "description": f"{field.description}{_default(field)}"}
    return {**found, "willReplaceOnChanges": True} if field.update is Update.REPLACE else found


def _default(field: Field) -> str:
    """
    Return what happens where an argument is not given, as a sentence.
    """
    if field.required or field.update is Update.REPLACE:
        return ""
    if field.default is NO_DEFAULT:
        return " Where it is no longer given, it stays as it is."
    return f" By default {'nothing' if field.default is None else str(field.default).lower()}."


def _type(name: str, value: PropertyType) -> Spec:
    """
    Return the type of a kind of value in the schema's words.
    """
    if isinstance(value, Options):
        return {"type": "array", "items": {"$ref": f"#/types/{TYPE}{_option_name(name)}"}}
    if isinstance(value, Choice):
        return {"$ref": f"#/types/{TYPE}{value.members.__name__}"}
    if isinstance(value, Emails | Identifiers):
        return {"type": "array", "items": {"type": "string"}}
    plain: Mapping[type[Any], str] = {WholeNumber: "integer", Flag: "boolean"}
    return {"type": plain.get(type(value), "string")}
