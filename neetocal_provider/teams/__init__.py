"""
Teams: what their members and shapes come to. Knows no Pulumi.
"""

from neetocal_provider.teams.config import read_teams
from neetocal_provider.teams.json_schema import stack_schema, team_schema
from neetocal_provider.teams.model import Member, PlannedLink, Team
from neetocal_provider.teams.plan import plan

__all__ = ["Member", "PlannedLink", "Team", "plan", "read_teams", "stack_schema", "team_schema"]
