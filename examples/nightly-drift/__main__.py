"""
The links that .github/workflows/nightly-drift.yml looks after.
"""

import pulumi

from neetocal_provider import TeamLinks

support = TeamLinks(
    "support",
    members=["grace@acme.example", "hugo@acme.example"],
    links={"call-back": {"name": "Support call-back", "kind": "round_robin", "duration": 20}},
    member_links={"help": {"name": "Screen sharing with {first_name}", "duration": 30}},
)

pulumi.export("links", support.urls)
