"""
A company: a folder with one YAML file for each team.
"""

from pathlib import Path

import pulumi
import yaml

from neetocal_provider import declare_teams

files = sorted(Path("teams").glob("*.yaml"))
teams = declare_teams({file.stem: yaml.safe_load(file.read_text()) for file in files})

pulumi.export("links", {name: team.urls for name, team in teams.items()})
