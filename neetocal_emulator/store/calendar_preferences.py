"""
How a link uses a host's calendars: one set of preferences for each integration.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import NotFoundError, Problem, SetupError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, records, rules, team

if TYPE_CHECKING:
    from neetocal_emulator.store.documents import Meeting
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["FIELDS", "change", "connect", "find", "listing"]

_KIND = objects.Kind("Calendar preference")
# By the member's id as the parent and the integration as the id: which calendars there are.
_CALENDARS = objects.Kind("Calendars")
_COLOR = re.compile("#[0-9a-fA-F]{6}")
_INTEGRATIONS = ("google_calendar", "outlook", "icloud")
_BUSY_STATUSES = ("tentative", "busy", "oof", "workingElsewhere")
_SUMMARY_TYPES = ("host_and_client", "client_and_host", "meeting_name", "custom")
_NAMESPACE = uuid.UUID("0a3f7c52-7a7e-4c0a-9b1e-3d0f6b6a4c11")


def _busy_statuses(field: str, value: object) -> list[str]:
    statuses = rules.texts(field, value)
    return [str(rules.one_of(_BUSY_STATUSES, Fact.CALENDAR_VALUES)(field, each)) for each in statuses]


def _text_or_default(field: str, value: object) -> str | None:
    """
    Read a text; a blank one goes back to the default, which is null.
    """
    return rules.nullable_text(field, value) or None


def _color(field: str, value: object) -> str | None:
    color = _text_or_default(field, value)
    if color and not _COLOR.fullmatch(color):
        raise rules.refuse(Fact.CALENDAR_VALUES, "must be a colour like #039BE5", field)
    return color


_READERS: Mapping[str, rules.Reader] = {
    "override_calendars": rules.flag,
    "event_add_calendar_ids": rules.texts,
    "override_conflict_check_calendars": rules.flag,
    "conflict_check_calendar_ids": rules.texts,
    "busy_statuses": _busy_statuses,
    "override_event_layout": rules.flag,
    "summary_type": rules.one_of(_SUMMARY_TYPES, Fact.CALENDAR_VALUES),
    "custom_summary": rules.nullable_text,
    "body": _text_or_default,
    "event_color": _color,
}

FIELDS = frozenset(_READERS)
"""
What a request can hold.
"""

_CALENDAR_READERS: Mapping[str, rules.Reader] = {
    "id": rules.filled_text,
    "name": rules.filled_text,
    "is_primary": rules.flag,
    "is_editable": rules.flag,
}
# Which integration alone knows a field (CALENDAR_ONLY).
_ONLY = {"busy_statuses": "outlook", "event_color": "google_calendar"}


def find(workspace: Workspace, sid: str, integration: str) -> objects.Object:
    """
    Return a link's preferences for an integration (CALENDAR_INTEGRATION).
    """
    meeting = records.find(workspace, sid)
    return _shown(workspace, meeting, _stored(workspace, meeting, integration))


def listing(workspace: Workspace, sid: str) -> list[objects.Object]:
    """
    Return a link's preferences for all integrations.
    """
    return [find(workspace, sid, integration) for integration in _INTEGRATIONS]


def connect(workspace: Workspace, member_id: str, calendars: Mapping[str, Any]) -> None:
    """
    Give a member the calendars of some integrations; an empty list is one that isn't connected.
    """
    if not isinstance(calendars, Mapping):
        raise SetupError("Calendars are lists of calendars by integration.")
    for integration, given in calendars.items():
        if integration not in _INTEGRATIONS:
            raise SetupError(f"There is no calendar integration {integration!r}: {', '.join(_INTEGRATIONS)}.")
        rows = [_calendar(workspace, each) for each in rules.dicts("calendars", given)]
        objects.put(workspace, _CALENDARS, {"id": integration, "calendars": rows}, member_id)


def change(workspace: Workspace, sid: str, integration: str, body: Mapping[str, object]) -> objects.Object:
    """
    Change some of a link's preferences for an integration.
    """
    meeting = records.find(workspace, sid)
    before = _stored(workspace, meeting, integration)
    given = rules.clean(body, _READERS)
    after = {**before, **given}
    _check_integration(integration, given)
    _check_kind(meeting, after)
    _check_calendars(workspace, meeting, after)
    if after["summary_type"] == "custom" and not after["custom_summary"]:
        raise rules.refuse(Fact.CALENDAR_SUMMARY, "can't be blank", "custom_summary")
    return _shown(workspace, meeting, objects.put(workspace, _KIND, after, meeting.document["id"]))


def _stored(workspace: Workspace, meeting: Meeting, integration: str) -> objects.Object:
    if integration not in _INTEGRATIONS:
        raise NotFoundError(Problem(Fact.CALENDAR_INTEGRATION, "Calendar integration not found"))
    is_strict = workspace.switches.unconnected_calendars == "not_found"
    if is_strict and not _calendars(workspace, meeting, integration):
        raise NotFoundError(Problem(Fact.CALENDAR_UNCONNECTED, "Calendar integration not found"))
    is_group = meeting.document["kind"] == "grouped"
    fresh = {
        "id": integration,
        "override_calendars": False,
        "event_add_calendar_ids": [],
        "override_conflict_check_calendars": False,
        "conflict_check_calendar_ids": [],
        "busy_statuses": ["busy"] if integration == "outlook" else None,
        "override_event_layout": is_group,
        "summary_type": "meeting_name" if is_group else "host_and_client",
        "custom_summary": None,
        "body": None,
        "event_color": None,
    }
    return objects.get(workspace, _KIND, integration, meeting.document["id"]) or fresh


def _check_integration(integration: str, given: Collection[str]) -> None:
    """
    Refuse what belongs to another integration (CALENDAR_ONLY).
    """
    for field, only in _ONLY.items():
        if field in given and integration != only:
            raise rules.refuse(Fact.CALENDAR_ONLY, f"is for {only} alone", field)


def _check_kind(meeting: Meeting, after: objects.Object) -> None:
    """
    Refuse what the link's kind does not allow (CALENDAR_KIND).
    """
    kind = meeting.document["kind"]
    if kind != "one_on_one":
        for field in ("override_calendars", "override_conflict_check_calendars"):
            if after[field]:
                raise rules.refuse(Fact.CALENDAR_KIND, "is for one-on-one links alone", field)
    if kind == "grouped" and after["summary_type"] not in {"meeting_name", "custom"}:
        raise rules.refuse(Fact.CALENDAR_KIND, "is meeting_name or custom on a group link", "summary_type")
    if kind == "grouped" and not after["override_event_layout"]:
        raise rules.refuse(Fact.CALENDAR_KIND, "stays on for a group link", "override_event_layout")


def _check_calendars(workspace: Workspace, meeting: Meeting, after: objects.Object) -> None:
    """
    Refuse calendars that the host does not have, and events in one that is read only (CALENDAR_IDS).
    """
    known = {each["id"]: each for each in _calendars(workspace, meeting, after["id"])}
    for field in ("event_add_calendar_ids", "conflict_check_calendar_ids"):
        for calendar_id in after[field]:
            if calendar_id not in known:
                raise rules.refuse(Fact.CALENDAR_IDS, "holds a calendar that does not exist", field)
            if field == "event_add_calendar_ids" and not known[calendar_id]["is_editable"]:
                raise rules.refuse(Fact.CALENDAR_IDS, "holds a calendar that is read only", field)


def _calendar(workspace: Workspace, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a calendar of a seed as answers have it.
    """
    fresh = {"id": workspace.identifiers.new_id(), "name": "Calendar", "is_primary": False, "is_editable": True}
    if unknown := sorted(str(name) for name in set(given) - set(_CALENDAR_READERS)):
        raise SetupError(f"A calendar has no {', '.join(unknown)}.")
    return {**fresh, **rules.clean(given, _CALENDAR_READERS)}


def _calendars(workspace: Workspace, meeting: Meeting, integration: str) -> list[dict[str, Any]]:
    """
    Return the calendars that the first host has: those of the seed, or made up (CALENDAR_MADE_UP).
    """
    owner = rules.folded(meeting.hosts[0].email) if meeting.hosts else ""
    member = team.by_email(workspace, owner)
    seeded = member and objects.get(workspace, _CALENDARS, integration, member["id"])
    if seeded:
        calendars: list[dict[str, Any]] = seeded["calendars"]
        return calendars
    return [
        {
            "id": str(uuid.uuid5(_NAMESPACE, f"{owner} {integration} {name}")),
            "name": name,
            "is_primary": is_editable,
            "is_editable": is_editable,
        }
        for name, is_editable in (("Work", True), ("Holidays", False))
    ]


def _shown(workspace: Workspace, meeting: Meeting, stored: objects.Object) -> objects.Object:
    available = _calendars(workspace, meeting, stored["id"])
    known = {each["id"]: each for each in available}
    shown = {name: value for name, value in stored.items() if name != "id" and not name.endswith("_ids")}
    return {
        "integration": stored["id"],
        **shown,
        "event_add_calendars": [known[each] for each in stored["event_add_calendar_ids"] if each in known],
        "conflict_check_calendars": [known[each] for each in stored["conflict_check_calendar_ids"] if each in known],
        "available_calendars": available,
    }
