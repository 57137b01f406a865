"""
`TeamLinks`, one block per team: the links that its members host together, and one of each shape for every member.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypedDict, TypeVar

import pulumi

from neetocal_provider.errors import MAX_LENGTH, NeetoCalError, excerpt
from neetocal_provider.lookups import GetTeamMemberResult, members_or_reason
from neetocal_provider.scheduling_link import SchedulingLink, SchedulingLinkArgsDict, SchedulingLinkBase
from neetocal_provider.schema.resource import TYPE
from neetocal_provider.sdk.provider_mismatch import refuse_foreign
from neetocal_provider.sdk.transforms import check_transforms
from neetocal_provider.teams import Member, PlannedLink, Team, plan, read_teams

__all__ = ["MemberDict", "TeamLinkArgsDict", "TeamLinks", "declare_teams"]


MembersLater = Callable[..., pulumi.Output[list[GetTeamMemberResult] | str]]
"""What asks for the members of a workspace, and gives a sentence if there is no answer."""


class _MemberRequired(TypedDict):
    email: str


class MemberDict(_MemberRequired, total=False):
    """
    The same as `Member`, for those who prefer dictionaries.
    """

    name: str
    handle: str
    n: int
    moved_from: str


class TeamLinkArgsDict(SchedulingLinkArgsDict, total=False):
    """
    A link that members of a team host together: the arguments of `SchedulingLink`, and who.
    """

    members: Sequence[str]
    """The handles or addresses of the members who host it; all by default."""


class TeamLinks(pulumi.ComponentResource):
    """
    The scheduling links of a team.

    Texts may hold words in braces: `{team}` everywhere, and in `member_links` also `{member}` (the handle), `{name}`,
    `{first_name}`, `{last_name}`, `{email}` and `{n}` (the place in the team, from 1, unless the member has a number).
    `{{` and `}}` are braces.

    Who joins or leaves a team changes the links that the members host together and their own, and no other. Links that
    a program declared by itself under the same names move in without a change.

    Args:
        resource_name: The team's name in the stack, with which the names of its links begin.

        members: Who is in the team: addresses, `Member`s, dictionaries of the same, or results of lookups.

        team: What `{team}` stands for; `resource_name` by default.

        defaults: Arguments that every link gets that does not give them itself.

        links: By key, the links that members host together. `slug` is `{team}-KEY` where it is not given.

        member_links: By key, the shape of a link that each member gets. `slug` is `{member}-KEY` where it is not given.

        check_members: Whether neetoCal is asked, also in previews, who of the members is gone or inactive; one request
            for a hundred members of the workspace, once in a run for all teams. Not to get an answer is a warning.

        opts: Pulumi's options of the resource; a `provider` is inherited by all links.

    Raises:
        pulumi.RunError: the description cannot be, such as two links with the same slug; nothing was created.
    """

    _link_class: ClassVar[type[SchedulingLinkBase]] = SchedulingLink
    _members_later: ClassVar[MembersLater] = staticmethod(members_or_reason)
    _provider_of: ClassVar[str] = "pulumi-python:index:Resource"
    """What the host decides: the class of links, how members are looked up, and the type whose provider is asked."""

    links: Mapping[str, SchedulingLinkBase]
    """By key, the links that the members host together."""

    member_links: Mapping[str, Mapping[str, SchedulingLinkBase]]
    """By key, then by the member's handle, each member's own links."""

    def __init__(
        self,
        resource_name: str,
        *,
        members: Sequence[str | Member | MemberDict | GetTeamMemberResult],
        team: str | None = None,
        defaults: SchedulingLinkArgsDict | None = None,
        links: Mapping[str, TeamLinkArgsDict] | None = None,
        member_links: Mapping[str, SchedulingLinkArgsDict] | None = None,
        check_members: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        described = Team(
            name=team or resource_name,
            members=[_member(given) for given in members],
            defaults=defaults or {},
            links=links or {},
            member_links=member_links or {},
        )
        try:
            planned = plan(described, resource_name)
        except NeetoCalError as error:
            raise pulumi.RunError(str(error)) from None
        refuse_foreign(repr(resource_name), self._provider_of, opts)
        check_transforms(opts)
        super().__init__(f"{TYPE}TeamLinks", resource_name, None, opts)
        made = [(link, self._made(link)) for link in planned]
        self.links = {link.key: resource for link, resource in made if link.member is None}
        self.member_links = {
            key: {link.member.key: resource for link, resource in made if link.member and link.key == key}
            for key in described.member_links
        }
        if check_members:
            self._warn_of_absent_members(planned)
        self.register_outputs({"urls": self.urls})

    @property
    def urls(self) -> dict[str, Any]:
        """
        The public addresses: by key, and for links of members then by handle.
        """
        own = {key: {handle: link.url for handle, link in links.items()} for key, links in self.member_links.items()}
        return {**{key: link.url for key, link in self.links.items()}, **own}

    def _made(self, link: PlannedLink) -> SchedulingLinkBase:
        aliases = [pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]
        if link.member and link.member.moved_from:
            left = link.member.moved_from
            aliases.append(
                pulumi.Alias(
                    name=f"{left}-{link.key}-{link.member.key}",
                    parent=pulumi.create_urn(left, f"{TYPE}TeamLinks"),
                )
            )
        opts = pulumi.ResourceOptions(parent=self, aliases=aliases)
        return self._link_class(link.resource_name, **link.arguments, opts=opts)

    def _warn_of_absent_members(self, planned: Sequence[PlannedLink]) -> None:
        options = pulumi.InvokeOptions(provider=self.get_provider(self._provider_of))
        self._members_later(options).apply(lambda found: self._warn(_member_warnings(planned, found)))

    def _warn(self, sentences: Sequence[str]) -> None:
        for sentence in sentences:
            pulumi.log.warn(excerpt(sentence, MAX_LENGTH), self)


def _member_warnings(planned: Sequence[PlannedLink], found: Sequence[GetTeamMemberResult] | str) -> list[str]:
    if not isinstance(found, str):
        return absent_hosts(planned, found)
    return [
        f"Which members are gone from neetoCal or inactive there isn't known, and the links are deployed without it: "
        f"{found} To deploy without this question, give the team check_members=False."
    ]


def absent_hosts(planned: Sequence[PlannedLink], found: Sequence[GetTeamMemberResult]) -> list[str]:
    """
    Return a sentence for each host who is gone from neetoCal or inactive there, with the links left without a host.
    """
    if not found:
        return []  # a workspace has members, so nothing is known of them, as in unit tests whose mocks list none
    there = {member.email.lower() for member in found if member.active}
    inactive = {member.email.lower() for member in found if not member.active}
    hosting = [(link, [host.lower() for host in _hosts(link)]) for link in planned]
    absent = dict.fromkeys(host for _, hosts in hosting for host in hosts if host not in there)
    return [
        f"{host} is {'inactive in' if host in inactive else 'no member of'} neetoCal"
        + _consequence([link.resource_name for link, hosts in hosting if host in hosts and not there & {*hosts}])
        for host in absent
    ]


def _hosts(link: PlannedLink) -> list[str]:
    hosts = link.arguments["hosts"]
    return [host for host in hosts if isinstance(host, str)] if isinstance(hosts, list | tuple) else []


def _consequence(left: Sequence[str]) -> str:
    if not left:
        return ": take the address out of the team's members."
    return (
        f", and {', '.join(map(repr, left))} would be left without a host, which neetoCal disables: give "
        f"{'them' if len(left) > 1 else 'it'} another host, or take the address out of the team's members."
    )


def _member(given: str | Member | MemberDict | GetTeamMemberResult) -> Member:
    if isinstance(given, Member):
        return given
    if isinstance(given, str):
        return Member(given)
    if isinstance(given, GetTeamMemberResult):
        return Member(given.email, given.name)
    if isinstance(given, Mapping) and given.keys() <= {*Member.__dataclass_fields__} and "email" in given:
        return Member(**given)
    raise pulumi.RunError(
        f"{given!r} is no member of a team: give an address, a Member, or a mapping with "
        f"{', '.join(Member.__dataclass_fields__)}, known when the program runs."
    )


def declare_teams(config: Any, path: str = "teams", opts: pulumi.ResourceOptions | None = None) -> dict[str, TeamLinks]:
    """
    Declare the links of all teams that a config describes, and return them by the team's name.

    Args:
        config: see `teams.read_teams`; for example `pulumi.Config().require_object("teams")`.

        path: where in the file it stands, for what is told of it.

        opts: Pulumi's options of each team.

    Raises:
        pulumi.RunError: a sentence with its path for everything that is wrong; nothing was created.
    """
    return declare_all(TeamLinks, config, path, opts)


Links = TypeVar("Links", bound=TeamLinks)


def declare_all(
    component: type[Links], config: Any, path: str, opts: pulumi.ResourceOptions | None
) -> dict[str, Links]:
    """
    Declare the links of all teams as components of this class; see `declare_teams`.
    """
    try:
        teams = read_teams(config, path)
    except NeetoCalError as error:
        raise pulumi.RunError(str(error)) from None
    return {
        team.name: component(
            team.name,
            members=team.members,
            defaults=_typed(team.defaults),
            links=_typed(team.links),
            member_links=_typed(team.member_links),
            opts=opts,
        )
        for team in teams
    }


def _typed(checked: Any) -> Any:
    """
    Pass on what was checked while the program runs, so that type checkers need not.
    """
    return checked
