"""
The teams of `teams.json`: by resource name, the arguments of `TeamLinks`, and the old name where it was renamed.
"""

import json
from pathlib import Path

import pulumi

from neetocal_provider import TeamLinks

for name, given in json.loads(Path("teams.json").read_text()).items():
    renamed_from = given.pop("renamed_from", None)
    aliases = [pulumi.Alias(name=renamed_from)] if renamed_from else None
    pulumi.export(name, TeamLinks(name, **given, opts=pulumi.ResourceOptions(aliases=aliases)).urls)
