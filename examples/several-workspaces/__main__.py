"""
One program, two workspaces: the stack's own, and another with a provider of its own.

The key of the second is a secret of the stack config: `pulumi config set --secret globexKey`.
"""

import pulumi

from neetocal_provider import Provider, SchedulingLink, TeamLinks

config = pulumi.Config()
globex = Provider("globex", workspace="globex", api_key=config.require_secret("globexKey"))
in_globex = pulumi.ResourceOptions(provider=globex)

here = SchedulingLink("intro", slug="intro", name="Intro call", hosts=["ada@acme.example"], duration=30)
there = SchedulingLink(
    "globex-intro", slug="intro", name="Intro call", hosts=["omar@globex.example"], duration=30, opts=in_globex
)
support = TeamLinks(
    "globex-support",
    team="support",
    members=["omar@globex.example", "priya@globex.example"],
    member_links={"help": {"name": "Screen sharing with {first_name}", "duration": 20}},
    opts=in_globex,
)

pulumi.export("intro calls", [here.url, there.url])
pulumi.export("support", support.urls)
