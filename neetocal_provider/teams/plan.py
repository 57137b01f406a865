"""
What a team's members and shapes come to: the links, with their names and arguments.

A team has members, links that they host together, and shapes that are stamped out for each member. Words in braces
stand for who it is: `{team}` everywhere, and in the shapes of members also `{member}`, `{name}`, `{first_name}`,
`{last_name}`, `{email}` and `{n}`; `{{` and `}}` are braces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from string import Formatter
from typing import Any

from neetocal_provider.core.check import check
from neetocal_provider.errors import ConfigError
from neetocal_provider.resources.link_fields import BY_NAME
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.types import did_you_mean
from neetocal_provider.teams.model import Arguments, Member, PlannedLink, Team

__all__ = ["Problem", "owner", "plan", "planned_links", "problems_of", "sentence"]

Problem = tuple[str, str]
"""A path such as `members[2].email`, and a reason worded to follow it."""


def plan(team: Team, prefix: str = "") -> list[PlannedLink]:
    """
    Return the links of a team: first those that the members host together, then each member's.

    Args:
        prefix: with what the names in the stack begin; the team's name by default.

    Raises:
        ConfigError: a sentence for everything about the description that cannot be; values are not looked at.
    """
    problems = _description_problems(team)
    if not problems:
        planned = planned_links(team, prefix)
        problems = [*_clashes(planned)]
        if not problems:
            return planned
    raise ConfigError(*(sentence(f"Team {team.name!r}: {path}", reason) for path, reason in problems))


def planned_links(team: Team, prefix: str = "") -> list[PlannedLink]:
    """
    Return the links of a team whose description is known to be right; see `plan`.
    """
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


def problems_of(team: Team, prefix: str = "") -> Iterator[Problem]:
    """
    Yield everything about a team that cannot be, values of arguments included; those not known yet pass.
    """
    problems = _description_problems(team)
    yield from problems
    told = {path.partition("[")[0] for path, _ in problems}
    planned = planned_links(_without(team, told), prefix)
    if not problems:
        yield from _clashes(planned)
    yield from _value_problems(planned, told)


def _without(team: Team, told: set[str]) -> Team:
    """
    Return a team without the arguments at these paths.
    """

    def kept(path: str, given: Arguments) -> Arguments:
        return {name: value for name, value in given.items() if f"{path}.{name}" not in told}

    return replace(
        team,
        defaults=kept("defaults", team.defaults),
        links={key: kept(f"links.{key}", given) for key, given in team.links.items()},
        member_links={key: kept(f"member_links.{key}", shape) for key, shape in team.member_links.items()},
    )


def _description_problems(team: Team) -> list[Problem]:
    return [*_member_problems(team), *_shape_problems(team)]


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


def sentence(path: str, reason: str) -> str:
    """
    Return a problem as it is reported.
    """
    return f"{path} {reason}{'' if reason.endswith('?') else '.'}"


def _clashes(planned: Iterable[PlannedLink]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], PlannedLink] = {}
    for link in planned:
        for kind, value in (("slug", link.arguments["slug"]), ("name in the stack", link.resource_name)):
            first = seen.setdefault((kind, value), link) if type(value) is str else link
            if first is not link:
                yield link.path, f"gives {owner(link)} the {kind} {value!r}, which {first.path} gives {owner(first)}"


def owner(link: PlannedLink) -> str:
    """
    Return whose link it is, as it is reported.
    """
    return link.member.email if link.member else "the team"


def _value_problems(planned: Iterable[PlannedLink], told: set[str]) -> Iterator[Problem]:
    """
    Yield what is wrong with values; of a shape, what is wrong for everybody is told once.
    """
    told = {*told}
    for link in planned:
        for failure in check(SCHEDULING_LINK, link.arguments, ""):
            path = f"{link.path}.{failure.property}"
            causes = {path, f"defaults.{failure.property}"}
            if failure.property == "hosts":
                causes |= {"members", f"{link.path}.members"}
            if not causes & told:
                value = link.arguments.get(failure.property)
                yield path, f"{f'is {value!r} and ' if value is not None else ''}{failure.reason}"
            told.add(path)
