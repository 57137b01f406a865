"""
neetoCal scheduling links under a provider of their own, instead of Pulumi's dynamic host: `pulumi-resource-neetocal`.

The names are those of `neetocal_provider`, but for `ProviderPool`, so a program moves by its import line.
"""

from neetocal_provider.fields import Kind, Spot
from neetocal_provider.finding import GetMeetingTemplateResult, GetSchedulingLinkResult, GetTeamMemberResult
from neetocal_provider.native.lookups import (
    get_meeting_template,
    get_meeting_template_output,
    get_scheduling_link,
    get_scheduling_link_output,
    get_team_member,
    get_team_member_output,
    list_scheduling_links,
    list_scheduling_links_output,
    list_team_members,
    list_team_members_output,
)
from neetocal_provider.native.resources import MeetingTemplate, Provider, SchedulingLink
from neetocal_provider.native.team_links import TeamLinks, declare_teams
from neetocal_provider.scheduling_link import (
    DurationArgs,
    DurationArgsDict,
    SchedulingLinkArgsDict,
    SpotArgs,
    SpotArgsDict,
)
from neetocal_provider.team_links import MemberDict, TeamLinkArgsDict
from neetocal_provider.teams import Member
from neetocal_provider.version import __version__

__all__ = [
    "declare_teams",
    "DurationArgs",
    "DurationArgsDict",
    "get_meeting_template",
    "get_meeting_template_output",
    "get_scheduling_link",
    "get_scheduling_link_output",
    "get_team_member",
    "get_team_member_output",
    "GetMeetingTemplateResult",
    "GetSchedulingLinkResult",
    "GetTeamMemberResult",
    "Kind",
    "list_scheduling_links",
    "list_scheduling_links_output",
    "list_team_members",
    "list_team_members_output",
    "MeetingTemplate",
    "Member",
    "MemberDict",
    "Provider",
    "SchedulingLink",
    "SchedulingLinkArgsDict",
    "Spot",
    "SpotArgs",
    "SpotArgsDict",
    "TeamLinkArgsDict",
    "TeamLinks",
    "__version__",
]
