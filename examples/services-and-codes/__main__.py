"""
A paid consultation: what can be booked on top of it, and a discount for a while.
"""

import pulumi

from neetocal_provider import AddOnService, DiscountCode, DiscountKind, SchedulingLink

consultation = SchedulingLink(
    "consultation",
    slug="consultation",
    name="Consultation",
    hosts=["ada@acme.example"],
    duration=60,
)
AddOnService("report", link=consultation.id, name="Written report", price="49.90")
AddOnService("follow-up", link=consultation.id, name="Follow-up call", duration=30, price="25")
DiscountCode(
    "spring",
    code="SPRING",
    kind=DiscountKind.PERCENTAGE,
    value=20,
    meeting_ids=[consultation.id],
    expires_at="2027-05-31",
)

pulumi.export("book a consultation", consultation.url)
