"""
Teams from a config, such as a stack's YAML file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from neetocal_provider.errors import ConfigError
from neetocal_provider.schema.types import did_you_mean
from neetocal_provider.teams.json_schema import teams_schema
from neetocal_provider.teams.model import Member, Team
from neetocal_provider.teams.plan import Problem, owner, planned_links, problems_of, sentence

__all__ = ["read_teams"]


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
    problems = list(_structural_problems(config))
    teams = [] if problems else [_team(name, given) for name, given in config.items()]
    for team in teams:
        problems += [(f"{team.name}.{where}", reason) for where, reason in problems_of(team)]
    problems += _clashes_between(teams) if not problems else []
    if problems:
        raise ConfigError(*(sentence(f"{path}.{where}".rstrip("."), reason) for where, reason in problems))
    return teams


def _structural_problems(config: Any) -> Iterator[Problem]:
    """
    Yield what the schema, by which editors judge as well, says against a config.
    """
    from jsonschema import Draft202012Validator  # only who reads a config waits for the import
    from jsonschema.exceptions import best_match

    for error in sorted(
        Draft202012Validator(teams_schema()).iter_errors(config), key=lambda each: list(each.absolute_path)
    ):
        found = best_match([error]) if error.context else error
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in found.absolute_path)
        if found.validator == "additionalProperties":
            known = found.schema["properties"]
            for key in found.instance.keys() - known.keys():
                yield f"{where}.{key}".lstrip("."), f"is nothing that belongs here{did_you_mean(key, known)}"
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
