"""
The links of teams from the stack's YAML file: see Pulumi.dev.yaml.

What is wrong there is told with its path, before anything is created. Editors that know YAML schemas complete and
check the teams by the schema that `neetocal-provider schema stack` prints.
"""

import pulumi

from neetocal_provider import declare_teams

teams = declare_teams(pulumi.Config().require_object("teams"))

pulumi.export("links", {name: team.urls for name, team in teams.items()})
