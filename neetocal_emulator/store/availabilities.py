"""
Availabilities: when a member can be booked.

They can be seen, not changed: each member has the default one of `slots.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import time
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import NotFoundError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import slots, team

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["find", "listing"]

Availability = dict[str, Any]

# Ids follow from the member's id and last as long as the member.
_NAMESPACE = uuid.UUID("6f1c2f0e-3f0b-4a53-9d57-0f4f5a3f7f10")


def listing(workspace: Workspace, emails: Sequence[str]) -> list[Availability]:
    """
    Return the availabilities of these members, or of all; strangers have none.
    """
    wanted = {address.lower() for address in emails}
    members, _ = team.listing(workspace, email=None, limit=None, offset=0)
    return [_of(member) for member in members if not wanted or member["email"].lower() in wanted]


def find(workspace: Workspace, availability_id: str) -> Availability:
    """
    Return an availability by its id or sid (AVAILABILITY_ID).
    """
    for availability in listing(workspace, ()):
        if availability_id in (availability["id"], availability["sid"]):
            return availability
    raise NotFoundError(Problem(Fact.AVAILABILITY_NOT_FOUND, "Availability not found"))


def _of(member: team.Member) -> Availability:
    """
    Make a member's default availability (AVAILABILITY_DEFAULT).
    """
    return {
        "id": _id(member, "availability"),
        "sid": _id(member, "sid").replace("-", "")[:7],
        "name": "Default availability",
        "default": True,
        "periods": [
            {
                "id": _id(member, weekday),
                "wday": weekday,
                "start_time": _written(slots.OPENS),
                "end_time": _written(slots.CLOSES),
            }
            for weekday in slots.WORKDAYS
        ],
        "overrides": [],
        "user": {"id": member["id"], "name": team.full_name(member), "email": member["email"]},
    }


def _id(member: team.Member, name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{member['id']} {name}"))


def _written(moment: time) -> str:
    return moment.strftime("%I:%M %p")
