"""
Links of several workspaces: `providers.json` names their settings, and for each link its provider.
"""

import json
from pathlib import Path
from typing import Any

import pulumi

from neetocal_provider import Provider, SchedulingLink, TeamLinks, list_team_members, list_team_members_output

given = json.loads(Path("providers.json").read_text())


def made(name: str, api_key: Any = None, is_known_later: bool = False, **settings: Any) -> Provider:
    """
    Return the provider with this name; its key may be one that the program does not know while it runs.
    """
    return Provider(name, api_key=pulumi.Output.secret(api_key) if is_known_later else api_key, **settings)


providers = {name: made(name, **settings) for name, settings in given["providers"].items()}

for name, (provider, arguments) in given["links"].items():
    SchedulingLink(name, **arguments, opts=pulumi.ResourceOptions(provider=providers.get(provider)))
for name, (provider, arguments) in given.get("teams", {}).items():
    TeamLinks(name, **arguments, opts=pulumi.ResourceOptions(provider=providers.get(provider)))
for name, provider in providers.items():
    options = pulumi.InvokeOptions(provider=provider)
    if not isinstance(provider.known(), pulumi.Output):
        pulumi.export(name, [member.email for member in list_team_members(opts=options)])
    pulumi.export(f"{name} later", list_team_members_output(opts=options).apply(len))
    if given.get("is_exported"):
        pulumi.export(f"{name} itself", provider)
