"""
JSON schemas of the YAML files that describe teams, for editors and for reading a config.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neetocal_provider.resources.link_fields import FIELDS

__all__ = ["component_schema", "stack_schema", "team_schema", "teams_schema"]


def stack_schema() -> dict[str, Any]:
    """
    Return the JSON schema of a stack's YAML file that has the teams under `PROJECT:teams`, for editors.
    """
    config = {"type": "object", "patternProperties": {"^[^:]+:teams$": teams_schema()}}
    return {**_SCHEMA, "title": "A stack with teams and their scheduling links", "properties": {"config": config}}


def team_schema() -> dict[str, Any]:
    """
    Return the JSON schema of a YAML file that describes one team, for editors.
    """
    return {**_SCHEMA, "title": "A team and its scheduling links", **_team_schema()}


_SCHEMA = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}


def component_schema() -> dict[str, Any]:
    """
    Return the JSON schema of the arguments of `TeamLinks` as the plugin receives them.

    Any argument of a link is valid here: what is wrong with those is found with everything else that is.
    """
    link = {"type": "object", "properties": {"members": _MEMBERS_OF_LINK}}
    several = {"type": "object", "additionalProperties": link}
    described = {"members": _MEMBERS, "team": _TEXT, "check_members": {"type": "boolean"}}
    return _object({**described, "defaults": {"type": "object"}, "links": several, "member_links": several}, "members")


def teams_schema() -> dict[str, Any]:
    """
    Return the JSON schema of teams by their names, as part of a larger one.
    """
    return {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z0-9_]+(-[a-z0-9_]+)*$"},
        "additionalProperties": _team_schema(),
    }


def _team_schema() -> dict[str, Any]:
    arguments = {row.name: {"description": row.description, **row.type.schema()} for row in FIELDS}
    team = {
        "members": _MEMBERS,
        "defaults": _object(arguments),
        "links": {"type": "object", "additionalProperties": _object({**arguments, "members": _MEMBERS_OF_LINK})},
        "member_links": {"type": "object", "additionalProperties": _object(arguments)},
    }
    return _object(team, "members")


def _object(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_TEXT = {"type": "string"}
_EMAIL = {**_TEXT, "pattern": r"^[^\s@]+@[^\s@]+$"}
_MEMBER = {**dict.fromkeys(("name", "handle", "moved_from"), _TEXT), "email": _EMAIL, "n": {"type": "integer"}}
_MEMBERS = {"type": "array", "items": {"anyOf": [_EMAIL, _object(_MEMBER, "email")]}}
_MEMBERS_OF_LINK = {
    "type": "array",
    "items": _TEXT,
    "description": "The handles or addresses of those members who host it; all by default.",
}
