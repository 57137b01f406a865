"""
`TeamLinks` and `declare_teams` of the native provider: the same teams, of its links.
"""

from __future__ import annotations

from typing import Any

import pulumi

from neetocal_provider import team_links
from neetocal_provider.native.lookups import members_or_reason
from neetocal_provider.native.resources import SchedulingLink
from neetocal_provider.schema.resource import TYPE

__all__ = ["TeamLinks", "declare_teams"]


class TeamLinks(team_links.TeamLinks):
    """
    The scheduling links of a team; `neetocal_provider.TeamLinks` tells what its arguments mean.
    """

    _link_class = SchedulingLink
    _members_later = staticmethod(members_or_reason)
    _provider_of = f"{TYPE}SchedulingLink"


def declare_teams(config: Any, path: str = "teams", opts: pulumi.ResourceOptions | None = None) -> dict[str, TeamLinks]:
    """
    Declare the links of all teams that a config describes; see `neetocal_provider.declare_teams`.
    """
    return team_links.declare_all(TeamLinks, config, path, opts)
