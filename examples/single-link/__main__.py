"""
One link, and its address as an output.
"""

import pulumi

from neetocal_provider import Kind, SchedulingLink, Spot

demo = SchedulingLink(
    "sales-demo",
    slug="sales-demo",
    name="Product demo",
    hosts=["ada@acme.example", "ben@acme.example"],
    kind=Kind.ROUND_ROBIN,
    duration=45,
    spot=Spot.GOOGLE_MEET,
)

pulumi.export("book a demo", demo.url)
