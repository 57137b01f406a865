"""
Teams from a config, such as a stack's YAML file, or from the arguments of a component.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from neetocal_provider.errors import ConfigError
from neetocal_provider.schema.types import UNKNOWN, did_you_mean
from neetocal_provider.teams.json_schema import component_schema, teams_schema
from neetocal_provider.teams.model import Member, Team
from neetocal_provider.teams.plan import Problem, owner, planned_links, problems_of, sentence

__all__ = ["read_team", "read_teams"]


def read_teams(config: Any, path: str = "teams") -> list[Team]:
    """
    Return the teams that a config describes, such as the object under `teams` of a stack's YAML file.

    Args:
        config: by the team's name, `members` (addresses, or mappings with the attributes of `Member`), and `defaults`,
            `links` and `member_links` as in `Team`.

        path: where in the file it stands, for what is told of it.

    Raises:
        ConfigError: a sentence with its path for everything that is wrong, values of arguments included.
    """
    problems = list(_structural_problems(config, teams_schema()))
    teams = [] if problems else [_team(name, given) for name, given in config.items()]
    for team in teams:
        problems += [(f"{team.name}.{where}", reason) for where, reason in problems_of(team)]
    problems += _clashes_between(teams) if not problems else []
    if problems:
        raise ConfigError(*(sentence(f"{path}.{where}".rstrip("."), reason) for where, reason in problems))
    return teams


def read_team(resource_name: str, given: Mapping[str, Any]) -> Team:
    """
    Return the team that the arguments of a `TeamLinks` describe.

    Args:
        given: `members` and so on as in a config, and `team`; arguments of links may be `UNKNOWN`, or hold it.

    Raises:
        ConfigError: a sentence with its path for everything that is wrong, values of arguments included.
    """
    problems = [*_unknown_problems(given)] or [*_structural_problems(given, component_schema())]
    if not problems:
        described = {name: value for name, value in given.items() if name not in ("team", "check_members")}
        team = _team(given.get("team") or resource_name, described)
        problems = [*problems_of(team, resource_name)]
        if not problems:
            return team
    raise ConfigError(*(sentence(path, reason) for path, reason in problems))


def _unknown_problems(given: Mapping[str, Any]) -> Iterator[Problem]:
    """
    Yield what isn't known yet of all that decides which links there are: all but their arguments.
    """
    deciding = {**given, "defaults": _without_arguments(given.get("defaults"))}
    for section in ("links", "member_links"):
        if isinstance(given.get(section), Mapping):
            deciding[section] = {key: _without_arguments(shape) for key, shape in given[section].items()}
    for path in _unknown_paths("", deciding):
        yield (
            path.lstrip("."),
            "is known only after another resource is deployed, so the preview can't show the team's links: "
            "give it a value that is known before",
        )


def _without_arguments(shape: Any) -> Any:
    return {name: shape[name] for name in shape.keys() & {"members"}} if isinstance(shape, Mapping) else shape


def _unknown_paths(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unknown_paths(f"{path}.{key}", item)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _unknown_paths(f"{path}[{index}]", item)
    elif value is UNKNOWN:
        yield path


def _structural_problems(config: Any, schema: Mapping[str, Any]) -> Iterator[Problem]:
    """
    Yield what the schema, by which editors judge as well, says against a config; values not known yet pass.
    """
    from jsonschema import Draft202012Validator  # only who reads a config waits for the import
    from jsonschema.exceptions import best_match

    for error in sorted(Draft202012Validator(schema).iter_errors(config), key=lambda each: [*each.absolute_path]):
        if error.instance is UNKNOWN:
            continue
        found = best_match([error]) if error.context else error
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in found.absolute_path)
        if found.validator == "additionalProperties":
            known = found.schema["properties"]
            for key in found.instance.keys() - known.keys():
                yield f"{where}.{key}".lstrip("."), f"is nothing that belongs here{did_you_mean(key, known)}"
        elif found.validator == "required":
            for key in found.validator_value:
                if key not in found.instance:
                    yield f"{where}.{key}".lstrip("."), "is required"
        else:
            yield where.lstrip("."), f"is wrong: {found.message[:256]}"


def _team(name: str, given: Mapping[str, Any]) -> Team:
    members = [Member(each) if isinstance(each, str) else Member(**each) for each in given["members"]]
    return Team(name, members, **{key: value for key, value in given.items() if key != "members"})


def _clashes_between(teams: Sequence[Team]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for team in teams:
        for link in planned_links(team):
            place = f"{team.name}.{link.path}"
            first = seen.setdefault(link.arguments["slug"], place)
            if first.split(".")[0] != team.name:
                yield place, f"gives {owner(link)} the slug {link.arguments['slug']!r}, which {first} gives, too"
