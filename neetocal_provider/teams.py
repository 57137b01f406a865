"""
What a team's members and shapes come to: the links, with their names and arguments. Knows no Pulumi.

A team has members, links that they host together, and shapes that are stamped out for each member. Words in braces
stand for who it is: `{team}` everywhere, and in the shapes of members also `{member}`, `{name}`, `{first_name}`,
`{last_name}`, `{email}` and `{n}`; `{{` and `}}` are braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from neetocal_provider.core.check import check
from neetocal_provider.errors import ConfigError
from neetocal_provider.resources.link_fields import BY_NAME, FIELDS
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.types import did_you_mean

__all__ = ["Member", "PlannedLink", "Team", "plan", "read_teams", "stack_schema", "team_schema"]

Arguments = Mapping[str, Any]
Problem = tuple[str, str]
"""A path such as `members[2].email`, and a reason worded to follow it."""


@dataclass(frozen=True)
class Member:
    """
    One of a team.

    Args:
        email: the address under which neetoCal knows them.

        name: in full; made from the address where it is not given.

        handle: a word for resource names and slugs; the address's part before the @ where it is not given.

        n: what `{n}` stands for; the place in the team, from 1, where it is not given. Who is given a number keeps it
            when others come and go.

        moved_from: the team that they have left for this one: their links move along, instead of being made anew.
    """

    email: str
    name: str = ""
    handle: str = ""
    n: int = 0
    moved_from: str = ""

    @property
    def key(self) -> str:
        """
        Return the word for resource names and slugs.
        """
        return self.handle or re.sub(r"[^a-z0-9_]+", "-", self.email.split("@")[0].lower()).strip("-")

    @property
    def full_name(self) -> str:
        """
        Return the name, such as Ada Okafor for ada.okafor@acme.example.
        """
        return self.name or " ".join(part.capitalize() for part in re.split(r"[._+-]+", self.email.split("@")[0]))

    def words(self, n: int) -> dict[str, str]:
        """
        Return what the words in braces stand for; `n` is the place in the team.
        """
        first, _, last = self.full_name.partition(" ")
        return {
            "member": self.key,
            "name": self.full_name,
            "first_name": first,
            "last_name": last,
            "email": self.email,
            "n": str(self.n or n),
        }


@dataclass(frozen=True)
class Team:
    """
    A team, as a program or a config describes it.

    Attributes:
        defaults: arguments that every link gets that does not give them itself.

        links: by key, the arguments of a link that the members host together, and `members`: the handles or addresses
            of those among them who do; all by default.

        member_links: by key, the arguments of a link that each member gets.
    """

    name: str
    members: Sequence[Member]
    defaults: Arguments = field(default_factory=dict)
    links: Mapping[str, Arguments] = field(default_factory=dict)
    member_links: Mapping[str, Arguments] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlannedLink:
    """
    A link that a team comes to.

    Attributes:
        path: where in the team's description it stands, such as `links.demo`.

        key: its key there.

        resource_name: its name in the stack.

        arguments: of `SchedulingLink`.

        member: whose it is alone; None for a link of the team.
    """

    path: str
    key: str
    resource_name: str
    arguments: dict[str, Any]
    member: Member | None = None


# Planning


def plan(team: Team, prefix: str = "") -> list[PlannedLink]:
    """
    Return the links of a team: first those that the members host together, then each member's.

    Args:
        prefix: with what the names in the stack begin; the team's name by default.

    Raises:
        ConfigError: a sentence for everything about the description that cannot be; values are not looked at.
    """
    problems = [*_member_problems(team), *_shape_problems(team)]
    if not problems:
        planned = _planned(team, prefix)
        problems = list(_clashes(planned))
        if not problems:
            return planned
    raise ConfigError(*(_sentence(f"Team {team.name!r}: {path}", reason) for path, reason in problems))


def _planned(team: Team, prefix: str = "") -> list[PlannedLink]:
    prefix = prefix or team.name
    return [*_team_links(team, prefix), *_member_links(team, prefix)]


def _team_links(team: Team, prefix: str) -> Iterator[PlannedLink]:
    for key, given in team.links.items():
        chosen = given.get("members")
        hosts = [member.email for member in team.members if chosen is None or {member.key, member.email} & {*chosen}]
        own = {name: value for name, value in given.items() if name != "members"}
        arguments = {"slug": f"{{team}}-{key}", "hosts": hosts, **team.defaults, **own}
        yield PlannedLink(
            path=f"links.{key}",
            key=key,
            resource_name=f"{prefix}-{key}",
            arguments=_filled(arguments, {"team": team.name}),
        )


def _member_links(team: Team, prefix: str) -> Iterator[PlannedLink]:
    for key, shape in team.member_links.items():
        for place, member in enumerate(team.members, start=1):
            arguments = {"slug": f"{{member}}-{key}", "hosts": [member.email], **team.defaults, **shape}
            yield PlannedLink(
                path=f"member_links.{key}",
                key=key,
                resource_name=f"{prefix}-{key}-{member.key}",
                arguments=_filled(arguments, {"team": team.name, **member.words(place)}),
                member=member,
            )


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """
    Replace the words in braces in a text, or in all texts of a list or a mapping.
    """
    if isinstance(value, Mapping):
        return {key: _filled(item, words) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, words) for item in value]
    return value.format_map(words) if type(value) is str else value


# What cannot be


def _member_problems(team: Team) -> Iterator[Problem]:
    for name, what in (("email", "the address"), ("key", "the handle")):
        seen: dict[str, int] = {}
        for index, member in enumerate(team.members):
            value = getattr(member, name).lower()
            first = seen.setdefault(value, index)
            if first != index:
                yield f"members[{index}]", f"has {what} {value!r} of members[{first}], too; give one of them another"
    if (team.links or team.member_links) and not team.members:
        yield "members", "is empty: a link needs a host"


def _shape_problems(team: Team) -> Iterator[Problem]:
    everyone = {word for member in team.members for word in (member.key, member.email)}
    yield from _argument_problems("defaults", team.defaults, _MEMBER_WORDS if team.member_links else _TEAM_WORDS)
    for key, given in team.links.items():
        path = f"links.{key}"
        yield from _argument_problems(path, given, _TEAM_WORDS, "members")
        for index, who in enumerate(given.get("members") or ()):
            if who not in everyone:
                yield f"{path}.members[{index}]", f"is {who!r}, who is not in the team{did_you_mean(who, everyone)}"
    for key, shape in team.member_links.items():
        yield from _argument_problems(f"member_links.{key}", shape, _MEMBER_WORDS)


_TEAM_WORDS = ("team",)
_MEMBER_WORDS = ("team", *Member("").words(1))


def _argument_problems(path: str, given: Arguments, words: Sequence[str], *more: str) -> Iterator[Problem]:
    known = (*BY_NAME, *more)
    for name, value in given.items():
        if name not in known:
            yield f"{path}.{name}", f"is no argument of a link{did_you_mean(name, known)}"
        yield from ((f"{path}.{name}{where}", reason) for where, reason in _word_problems(value, words))


def _word_problems(value: Any, words: Sequence[str], where: str = "") -> Iterator[Problem]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _word_problems(item, words, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _word_problems(item, words, f"{where}[{index}]")
    elif type(value) is str:
        yield from ((where, reason) for reason in _brace_problems(value, words))


def _brace_problems(text: str, words: Sequence[str]) -> Iterator[str]:
    shown = ", ".join(f"{{{word}}}" for word in words)
    try:
        found = [(name, form, turn) for _, name, form, turn in Formatter().parse(text) if name is not None]
    except ValueError:
        yield f"is {text!r}, whose braces do not match: write {{{{ and }}}} for braces"
        return
    for name, form, turn in found:
        if name not in words or form or turn:
            yield f"holds {{{name}}}, which stands for nothing here: use {shown}, or {{{{ and }}}} for braces"


def _sentence(path: str, reason: str) -> str:
    return f"{path} {reason}{'' if reason.endswith('?') else '.'}"


def _clashes(planned: Iterable[PlannedLink]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], PlannedLink] = {}
    for link in planned:
        for kind, value in (("slug", link.arguments["slug"]), ("name in the stack", link.resource_name)):
            first = seen.setdefault((kind, value), link) if type(value) is str else link
            if first is not link:
                yield link.path, f"gives {_whose(link)} the {kind} {value!r}, which {first.path} gives {_whose(first)}"


def _whose(link: PlannedLink) -> str:
    return link.member.email if link.member else "the team"


# From a config


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
        problems += [(f"{team.name}.{where}", reason) for where, reason in _all_problems(team)]
    problems += _clashes_between(teams) if not problems else []
    if problems:
        raise ConfigError(*(_sentence(f"{path}.{where}".rstrip("."), reason) for where, reason in problems))
    return teams


def _structural_problems(config: Any) -> Iterator[Problem]:
    """
    Yield what the schema, by which editors judge as well, says against a config.
    """
    from jsonschema import Draft202012Validator  # only who reads a config waits for the import
    from jsonschema.exceptions import best_match

    for error in sorted(
        Draft202012Validator(_teams_schema()).iter_errors(config), key=lambda each: list(each.absolute_path)
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


def _all_problems(team: Team) -> Iterator[Problem]:
    problems = [*_member_problems(team), *_shape_problems(team)]
    yield from problems
    if problems:
        return
    planned = _planned(team)
    yield from _clashes(planned)
    told: set[tuple[str, str]] = set()
    for link in planned:
        for failure in check(SCHEDULING_LINK, link.arguments, ""):
            # Of a shape, what is wrong for everybody is told once.
            if (link.path, failure.property) not in told:
                told.add((link.path, failure.property))
                value = link.arguments.get(failure.property)
                shown = f"is {value!r} and " if value is not None else ""
                yield f"{link.path}.{failure.property}", f"{shown}{failure.reason}"


def _clashes_between(teams: Sequence[Team]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for team in teams:
        for link in _planned(team):
            place = f"{team.name}.{link.path}"
            first = seen.setdefault(link.arguments["slug"], place)
            if first.split(".")[0] != team.name:
                yield place, f"gives {_whose(link)} the slug {link.arguments['slug']!r}, which {first} gives, too"


# For editors


def stack_schema() -> dict[str, Any]:
    """
    Return the JSON schema of a stack's YAML file that has the teams under `PROJECT:teams`, for editors.
    """
    config = {"type": "object", "patternProperties": {"^[^:]+:teams$": _teams_schema()}}
    return {**_SCHEMA, "title": "A stack with teams and their scheduling links", "properties": {"config": config}}


def team_schema() -> dict[str, Any]:
    """
    Return the JSON schema of a YAML file that describes one team, for editors.
    """
    return {**_SCHEMA, "title": "A team and its scheduling links", **_team_schema()}


_SCHEMA = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}


def _teams_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z0-9_]+(-[a-z0-9_]+)*$"},
        "additionalProperties": _team_schema(),
    }


def _team_schema() -> dict[str, Any]:
    arguments = {row.name: {"description": row.description, **row.type.schema()} for row in FIELDS}
    of_team = {**arguments, "members": {"type": "array", "items": _TEXT, "description": _MEMBERS_OF_LINK}}
    email = {**_TEXT, "pattern": r"^[^\s@]+@[^\s@]+$"}
    member = {**dict.fromkeys(("name", "handle", "moved_from"), _TEXT), "email": email, "n": {"type": "integer"}}
    team = {
        "members": {"type": "array", "items": {"anyOf": [email, _object(member, "email")]}},
        "defaults": _object(arguments),
        "links": {"type": "object", "additionalProperties": _object(of_team)},
        "member_links": {"type": "object", "additionalProperties": _object(arguments)},
    }
    return _object(team, "members")


_TEXT = {"type": "string"}
_MEMBERS_OF_LINK = "The handles or addresses of those members who host it; all by default."


def _object(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
