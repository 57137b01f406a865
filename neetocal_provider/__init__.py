"""
neetoCal scheduling links as Pulumi resources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neetocal_provider.lazy import attach
from neetocal_provider.version import __version__

if TYPE_CHECKING:
    from neetocal_provider.add_on_service import AddOnService
    from neetocal_provider.discount_code import DiscountCode
    from neetocal_provider.lookups import (
        get_availability,
        get_availability_output,
        get_meeting_template,
        get_meeting_template_output,
        get_scheduling_link,
        get_scheduling_link_output,
        get_team_member,
        get_team_member_output,
        list_availabilities,
        list_availabilities_output,
        list_meeting_templates,
        list_meeting_templates_output,
        list_scheduling_links,
        list_scheduling_links_output,
        list_slots,
        list_slots_output,
        list_team_members,
        list_team_members_output,
    )
    from neetocal_provider.meeting_template import MeetingTemplate
    from neetocal_provider.resources.discount_code import DiscountKind
    from neetocal_provider.resources.link_fields import Kind, Spot
    from neetocal_provider.resources.results import (
        AvailabilityOverride,
        AvailabilityPeriod,
        AvailabilityUser,
        Fee,
        FoundDuration,
        FoundSpot,
        GetAvailabilityResult,
        GetMeetingTemplateResult,
        GetSchedulingLinkResult,
        GetTeamMemberResult,
        Slot,
    )
    from neetocal_provider.scheduling_link import (
        DurationArgs,
        DurationArgsDict,
        SchedulingLink,
        SchedulingLinkArgsDict,
        SpotArgs,
        SpotArgsDict,
    )
    from neetocal_provider.sdk.provider import Provider
    from neetocal_provider.team_links import MemberDict, TeamLinkArgsDict, TeamLinks, declare_teams
    from neetocal_provider.teams import Member
else:  # or type checkers would take any name for an attribute
    __getattr__, __dir__ = attach(
        __name__,
        {
            "neetocal_provider.resources.discount_code": ("DiscountKind",),
            "neetocal_provider.resources.link_fields": ("Kind", "Spot"),
            "neetocal_provider.lookups": (
                "get_availability",
                "get_availability_output",
                "get_meeting_template",
                "get_meeting_template_output",
                "get_scheduling_link",
                "get_scheduling_link_output",
                "get_team_member",
                "get_team_member_output",
                "list_availabilities",
                "list_availabilities_output",
                "list_meeting_templates",
                "list_meeting_templates_output",
                "list_scheduling_links",
                "list_scheduling_links_output",
                "list_slots",
                "list_slots_output",
                "list_team_members",
                "list_team_members_output",
            ),
            "neetocal_provider.resources.results": (
                "AvailabilityOverride",
                "AvailabilityPeriod",
                "AvailabilityUser",
                "Fee",
                "FoundDuration",
                "FoundSpot",
                "GetAvailabilityResult",
                "GetMeetingTemplateResult",
                "GetSchedulingLinkResult",
                "GetTeamMemberResult",
                "Slot",
            ),
            "neetocal_provider.add_on_service": ("AddOnService",),
            "neetocal_provider.discount_code": ("DiscountCode",),
            "neetocal_provider.meeting_template": ("MeetingTemplate",),
            "neetocal_provider.sdk.provider": ("Provider",),
            "neetocal_provider.scheduling_link": (
                "DurationArgs",
                "DurationArgsDict",
                "SchedulingLink",
                "SchedulingLinkArgsDict",
                "SpotArgs",
                "SpotArgsDict",
            ),
            "neetocal_provider.team_links": ("MemberDict", "TeamLinkArgsDict", "TeamLinks", "declare_teams"),
            "neetocal_provider.teams": ("Member",),
        },
    )

__all__ = [
    "AddOnService",
    "AvailabilityOverride",
    "AvailabilityPeriod",
    "AvailabilityUser",
    "declare_teams",
    "DiscountCode",
    "DiscountKind",
    "DurationArgs",
    "DurationArgsDict",
    "Fee",
    "FoundDuration",
    "FoundSpot",
    "get_availability",
    "get_availability_output",
    "get_meeting_template",
    "get_meeting_template_output",
    "get_scheduling_link",
    "get_scheduling_link_output",
    "get_team_member",
    "get_team_member_output",
    "GetAvailabilityResult",
    "GetMeetingTemplateResult",
    "GetSchedulingLinkResult",
    "GetTeamMemberResult",
    "Kind",
    "list_availabilities",
    "list_availabilities_output",
    "list_meeting_templates",
    "list_meeting_templates_output",
    "list_scheduling_links",
    "list_scheduling_links_output",
    "list_slots",
    "list_slots_output",
    "list_team_members",
    "list_team_members_output",
    "MeetingTemplate",
    "Member",
    "MemberDict",
    "Provider",
    "SchedulingLink",
    "SchedulingLinkArgsDict",
    "Slot",
    "Spot",
    "SpotArgs",
    "SpotArgsDict",
    "TeamLinkArgsDict",
    "TeamLinks",
    "__version__",
]
