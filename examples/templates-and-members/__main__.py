"""
A template, a link for each member made from it, and members who are looked up.
"""

import pulumi

from neetocal_provider import MeetingTemplate, Spot, TeamLinks, list_team_members

shape = MeetingTemplate(
    "intro-shape",
    slug="intro-shape",
    name="Shape of intro calls",
    duration=30,
    spot=Spot.GOOGLE_MEET,
    after_buffer_time=10,
)
in_europe = [member for member in list_team_members() if member.active and member.time_zone.startswith("Europe/")]

europe = TeamLinks(
    "europe",
    members=in_europe,
    member_links={"intro": {"name": "Intro call with {first_name}", "duration": 30, "template_id": shape.id}},
)

pulumi.export("links", europe.urls)
