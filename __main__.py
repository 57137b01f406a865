"""
The scheduling links of every team, as the stack's config lists them: see Pulumi.demo.yaml.
"""

import pulumi

from neetocal_provider import declare_teams

teams = declare_teams(pulumi.Config().require_object("teams"))

pulumi.export("links", {name: team.urls for name, team in teams.items()})
