"""
A link or template as a JSON document, and as the API shows it.

The document holds every field of the API's meeting object but two: `hosts` stands
in a table of its own, since lists are filtered by it, and `durations_possible` is
computed. Nested options are kept in the spelling of the meeting object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container

    from neetocal_emulator.store.workspace import Workspace

__all__ = ["DEFAULTS", "FIELDS", "Document", "Host", "Meeting", "new_document"]

Document = dict[str, Any]

# The values are those of the only whole record that the vendor published (FRESH_LINK, KIND_DEFAULT).
DEFAULTS: Document = {
    "id": None,
    "sid": None,
    "name": None,
    "slug": None,
    "description": None,
    "kind": "one_on_one",
    "duration": None,
    "disabled": False,
    "spot": "jitsi",
    "spot_in_person_location": None,
    "spot_custom_text": None,
    "spot_phone_call_number": None,
    "is_template": False,
    "schedulable_range_type": "number_of_days_into_the_future",
    "schedulable_range_value": "60",
    "lead_time": 240,
    "start_time_increment": 30,
    "before_buffer_time": 0,
    "after_buffer_time": 0,
    "created_at": None,
    "updated_at": None,
    "deleted_at": None,
    "is_multiple_spots_allowed": False,
    "is_multiple_durations_allowed": False,
    "conditional_pricing_enabled": False,
    "is_email_reminders_enabled": True,
    "is_sms_reminders_enabled": False,
    "organization_id": None,
    "rescheduling_lead_time": 0,
    "cancellation_lead_time": 0,
    "booking_modification_allowed": True,
    "cancellation_too_late_notice": None,
    "cancellation_policy": None,
    "rescheduling_too_late_notice": None,
    "pre_booking_allowed": False,
    "original_price_enabled": False,
    "original_price": None,
    "locked_time_zone": None,
    "fees": [],
    "durations": [],
    "spots": [],
}

FIELDS = frozenset(DEFAULTS)


@dataclass(frozen=True)
class Host:
    """
    One host as the API shows it.
    """

    name: str
    email: str

    def to_dict(self) -> dict[str, str]:
        """
        Return the host as JSON.
        """
        return {"name": self.name, "email": self.email}


@dataclass(frozen=True)
class Meeting:
    """
    A stored link or template.
    """

    position: int
    document: Document
    hosts: tuple[Host, ...]

    def to_dict(self) -> Document:
        """
        Return the meeting object as the API shows it, hosts included.
        """
        return {
            **self.document,
            "durations_possible": self._durations_possible(),
            "hosts": [host.to_dict() for host in self.hosts],
        }

    def _durations_possible(self) -> list[int]:
        """
        The minutes a visitor may choose from (DURATIONS_POSSIBLE).
        """
        if not self.document["is_multiple_durations_allowed"]:
            return []
        return [option["duration"] for option in self.document["durations"]]


def new_document(workspace: Workspace, fields: Document, taken_sids: Container[str]) -> Document:
    """
    Make a document: defaults, then the given fields, then ids and times.
    """
    now = workspace.clock.now()
    born = {
        "id": workspace.identifiers.new_id(),
        "sid": _unused_sid(workspace, taken_sids),
        "created_at": now,
        "updated_at": now,
        "organization_id": workspace.organization_id,
    }
    return {**DEFAULTS, "fees": [], "durations": [], "spots": [], **born, **fields}


def _unused_sid(workspace: Workspace, taken: Container[str]) -> str:
    while True:
        sid = workspace.identifiers.new_sid()
        if sid not in taken:
            return sid
