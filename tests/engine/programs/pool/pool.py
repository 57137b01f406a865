"""
Links, a team's and one of another workspace, all spread over a pool of the size that `size.json` says, if any.
"""

import json
from pathlib import Path

import pulumi

from neetocal_provider import Provider, ProviderPool, SchedulingLink, TeamLinks

HOST = "ada@acme.example"

size = json.loads(Path("size.json").read_text())
if size:
    pulumi.runtime.register_stack_transformation(ProviderPool("pool", size=size).spread)

for number in range(12):
    SchedulingLink(f"link-{number}", slug=f"link-{number}", name="Link", hosts=[HOST], duration=30)
TeamLinks("sales", members=[HOST], member_links={"intro": {"name": "Intro", "duration": 30}})

globex = Provider("globex", workspace="globex", api_key="globex-key")
SchedulingLink(
    "there",
    slug="link-1",
    name="There",
    hosts=["omar@globex.example"],
    duration=30,
    opts=pulumi.ResourceOptions(provider=globex),
)
TeamLinks(
    "abroad",
    members=["omar@globex.example"],
    member_links={"intro": {"name": "Intro", "duration": 30}},
    opts=pulumi.ResourceOptions(provider=globex),
)
