"""
The program that README.md shows.
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
    after_buffer_time=15,
)

pulumi.export("book a demo", demo.url)
