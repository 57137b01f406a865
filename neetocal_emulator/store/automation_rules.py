"""
Automation rules: what should happen when something happens to a booking. Here nothing does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, rules

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["create", "listing", "remove"]

_KIND = objects.Kind("Automation rule")
_EVENTS = (
    "marked_no_show",
    "booking_confirmed",
    "booking_rescheduled",
    "booking_cancelled",
    "before_meeting_starts",
    "after_meeting_ends",
    "meeting_outcome_changed",
)


_READERS: Mapping[str, rules.Reader] = {
    "event": rules.one_of(_EVENTS, Fact.AUTOMATION_EVENT),
    "name": rules.nullable_text,
    "meeting_ids": rules.texts,
    "actions": rules.dicts,
}


def listing(workspace: Workspace) -> list[objects.Object]:
    """
    Return all rules, the newest first (LIST_ORDER).
    """
    return [_shown(each) for each in reversed(objects.listing(workspace, _KIND))]


def create(workspace: Workspace, body: Mapping[str, object]) -> objects.Object:
    """
    Make a rule (AUTOMATION_EVENT).
    """
    given = rules.clean(body, _READERS, required=("event",), why_required=Fact.AUTOMATION_EVENT)
    new = {"id": workspace.identifiers.new_id(), "name": None, "meeting_ids": [], "actions": [], **given}
    return _shown(objects.put(workspace, _KIND, new))


def remove(workspace: Workspace, rule_id: str) -> None:
    """
    Delete a rule.
    """
    objects.drop(workspace, _KIND, rule_id)


def _shown(rule: objects.Object) -> objects.Object:
    """
    Return the three fields that an answer has (AUTOMATION_ENVELOPE).
    """
    return {name: rule[name] for name in ("id", "name", "meeting_ids")}
