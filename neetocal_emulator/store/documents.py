"""
A link or template as a JSON document, and as the API shows it.

The document holds every field of the API's meeting object but `hosts`, which stand
in a table of their own, since lists are filtered by them. It is stored as the text
that the API answers with: a page of a list is its documents, joined, and none of them
is read. Nested options are kept in the spelling of the meeting object.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container

    from neetocal_emulator.store.workspace import Workspace

__all__ = ["DEFAULTS", "FIELDS", "TEMPLATE_DEFAULTS", "Document", "Host", "Meeting", "new_document", "stored"]

Document = dict[str, Any]

# The values are those of the only whole record that the vendor published.
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

TEMPLATE_DEFAULTS: Document = {"allow_multiple_add_on_services": True}
"""
What templates have and links have not, or do not show (TEMPLATE_ADD_ONS).
"""


class Host(NamedTuple):
    """
    One host as the API shows it.
    """

    name: str
    email: str

    def to_dict(self) -> dict[str, str]:
        """
        Return the host as JSON.
        """
        return self._asdict()


@dataclass(frozen=True)
class Meeting:
    """
    A stored link or template.
    """

    position: int
    text: str
    """
    The document as it is stored.
    """
    hosts: tuple[Host, ...]

    @cached_property
    def document(self) -> Document:
        """
        The document, to be read or copied.
        """
        document: Document = json.loads(self.text)
        return document

    def to_dict(self) -> Document:
        """
        Return the meeting object as the API shows it, hosts included.
        """
        return {**self.document, "hosts": [host.to_dict() for host in self.hosts]}

    def to_json(self) -> str:
        """
        Write what `to_dict()` returns.
        """
        hosts = ",".join([_host_text(host) for host in self.hosts])
        return f'{self.text[:-1]},"hosts":[{hosts}]}}'


def new_document(workspace: Workspace, fields: Document, taken_sids: Container[str]) -> Document:
    """
    Make a document: defaults, then ids and times, then the given fields (FRESH_LINK, KIND_DEFAULT).
    """
    now = workspace.clock.now()
    born = {
        "id": workspace.identifiers.new_id(),
        "sid": _unused_sid(workspace, taken_sids),
        "created_at": now,
        "updated_at": now,
        "organization_id": workspace.organization_id,
    }
    of_templates = TEMPLATE_DEFAULTS if fields.get("is_template") else {}
    return {**DEFAULTS, "fees": [], "durations": [], "spots": [], **of_templates, **born, **fields}


def stored(document: Document) -> str:
    """
    Write a document as the API does, with what follows from its other fields (DURATIONS_POSSIBLE).
    """
    options = document["durations"] if document["is_multiple_durations_allowed"] else []
    return _written({**document, "durations_possible": [option["duration"] for option in options]})


# The same few people host most links.
@lru_cache(maxsize=4096)
def _host_text(host: Host) -> str:
    return _written(host.to_dict())


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _unused_sid(workspace: Workspace, taken: Container[str]) -> str:
    while True:
        sid = workspace.identifiers.new_sid()
        if sid not in taken:
            return sid
