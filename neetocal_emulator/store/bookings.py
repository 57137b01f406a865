"""
Bookings: who meets whom and when, enough of them to have upcoming ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Literal

from neetocal_emulator.errors import InvalidError, NotFoundError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import records, rules, slots, team
from neetocal_emulator.store.clock import is_possible_year, written

if TYPE_CHECKING:
    from datetime import tzinfo

    from neetocal_emulator.store.documents import Meeting
    from neetocal_emulator.store.workspace import Workspace

__all__ = [
    "Bound",
    "Comparison",
    "Selection",
    "TimeColumn",
    "cancel",
    "create",
    "find",
    "listing",
    "update",
]

Booking = dict[str, Any]
TimeColumn = Literal["starts_at", "ends_at"]
Comparison = Literal["=", ">", ">=", "<", "<="]

# In minutes; a link may hold any number.
_DAY = 24 * 60
_LONGEST_LEAD = 366 * _DAY
_STATUSES = ("cancelled", "approved", "rejected")
_READERS: Mapping[str, rules.Reader] = {
    "meeting_slug": rules.filled_text,
    "name": rules.filled_text,
    "email": rules.email,
    "time_zone": slots.zone_name,
    "slot_date": slots.slot_date,
    "slot_start_time": slots.slot_start,
    "preferred_meeting_spot": rules.one_of(rules.SPOTS, Fact.SPOT_VALUES),
}
_REQUIRED = ("meeting_slug", "name", "email", "time_zone")


@dataclass(frozen=True)
class Bound:
    """
    What a booking's start or end is compared with: a time, written as the API writes it.
    """

    column: TimeColumn
    comparison: Comparison
    time: str


@dataclass(frozen=True, kw_only=True)
class Selection:
    """
    Which bookings a list shows and in which order; a limit of None means all.
    """

    kind: Literal["upcoming", "past", "cancelled", "incomplete"] | None = None
    host_email: str = ""
    client_email: str = ""
    meeting_sid: str = ""
    bounds: Sequence[Bound] = ()
    search: str = ""
    sort_by: Literal["created_at", "starts_at"] = "created_at"
    is_ascending: bool = False
    limit: int | None = None
    offset: int = 0


def listing(workspace: Workspace, selection: Selection) -> tuple[list[Booking], int]:
    """
    Return one page of bookings, and how many there are (BOOKING_FILTERS, BOOKING_ORDER, BOOKING_UPCOMING).
    """
    where, values = _conditions(workspace, selection)
    (total,) = workspace.connection.execute(
        f"SELECT count(*) FROM bookings b WHERE {where}",  # noqa: S608  # fixed texts only
        values,
    ).fetchone()
    column = "position" if selection.sort_by == "created_at" else "starts_at"
    direction = "ASC" if selection.is_ascending else "DESC"
    limit = -1 if selection.limit is None else selection.limit
    found = _select(
        workspace,
        f"{where} ORDER BY b.{column} {direction}, b.position {direction} LIMIT ? OFFSET ?",
        *values,
        limit,
        selection.offset,
    )
    return found, total


def find(workspace: Workspace, sid: str) -> Booking:
    """
    Return a booking by its sid.
    """
    found = _select(workspace, "b.workspace = ? AND b.sid = ?", workspace.name, sid)
    if not found:
        raise NotFoundError(Problem(Fact.BOOKING_NOT_FOUND, "Booking not found"))
    return found[0]


def create(workspace: Workspace, body: Mapping[str, object]) -> Booking:
    """
    Book the slot that is asked for, or the first that is free (BOOKING_FIRST_FREE).
    """
    given = rules.clean(body, _READERS, _REQUIRED, why_required=Fact.BOOKING_REQUIRED)
    meeting = records.find_by_slug(workspace, given["meeting_slug"])
    if meeting.document["disabled"]:
        raise InvalidError(Problem(Fact.BOOKING_DISABLED, "Scheduling link is disabled"))
    starts_at = _asked_start(given) or _first_start(workspace, meeting)
    _refuse_unfree(workspace, meeting, starts_at)
    return _insert(workspace, meeting, given, starts_at)


def cancel(workspace: Workspace, sid: str, reason: str | None) -> None:
    """
    Cancel a booking (BOOKING_CANCELLED_ONCE).
    """
    booking = find(workspace, sid)
    if booking["status"] == "cancelled":
        raise InvalidError(Problem(Fact.BOOKING_CANCELLED_ONCE, "Booking is already cancelled"))
    changed = {**booking, "status": "cancelled", "cancel_reason": reason, "updated_at": workspace.clock.now()}
    workspace.connection.execute(
        "UPDATE bookings SET is_cancelled = 1, document = ? WHERE sid = ?", (json.dumps(changed), sid)
    )


def update(workspace: Workspace, sid: str, body: Mapping[str, object]) -> Booking:
    """
    Change a booking's status, which here can become cancelled only (BOOKING_STATUS).
    """
    find(workspace, sid)
    readers = {
        "status": rules.one_of(_STATUSES, Fact.BOOKING_STATUS),
        "cancel_reason": rules.nullable_text,
    }
    given = rules.clean(body, readers, required=("status",), why_required=Fact.BOOKING_STATUS)
    if given["status"] != "cancelled":
        raise InvalidError(Problem(Fact.BOOKING_STATUS, "does not wait for approval", "status"))
    cancel(workspace, sid, given.get("cancel_reason"))
    return find(workspace, sid)


def _asked_start(given: Mapping[str, Any]) -> datetime | None:
    """
    Return when the request wants to start; a day without a time, or a time without a day, is refused.
    """
    day, moment = given.get("slot_date"), given.get("slot_start_time")
    if day is None and moment is None:
        return None
    if day is None or moment is None:
        missing = "slot_date" if day is None else "slot_start_time"
        raise rules.refuse(Fact.BOOKING_SLOT, "can't be blank", missing)
    start = datetime.combine(day, moment, tzinfo=slots.zone(given["time_zone"]))
    if not is_possible_year(start):
        raise rules.refuse(Fact.BOOKING_SLOT_FREE, "is not available", "slot_date")
    return start.astimezone(timezone.utc)


def _first_start(workspace: Workspace, meeting: Meeting) -> datetime:
    document = meeting.document
    start = slots.first_free(
        _host_zone(workspace, meeting),
        earliest=workspace.clock.instant() + timedelta(minutes=min(document["lead_time"], _LONGEST_LEAD)),
        length=timedelta(minutes=document["duration"]),
        step=timedelta(minutes=min(document["start_time_increment"], _DAY)),
        is_taken=lambda start: _is_taken(workspace, meeting, start),
    )
    if start is None:
        raise InvalidError(Problem(Fact.BOOKING_FIRST_FREE, "No slot is available"))
    return start


def _host_zone(workspace: Workspace, meeting: Meeting) -> tzinfo:
    """
    Return the first host's zone; UTC for somebody unknown.
    """
    for host in meeting.hosts:
        members, _ = team.listing(workspace, email=host.email, limit=1, offset=0)
        for member in members:
            return slots.zone(member["time_zone"]) or timezone.utc
    return timezone.utc


def _refuse_unfree(workspace: Workspace, meeting: Meeting, starts_at: datetime) -> None:
    """
    Refuse a slot that has begun or is taken (BOOKING_SLOT_FREE).
    """
    if starts_at < workspace.clock.instant() or _is_taken(workspace, meeting, starts_at):
        raise rules.refuse(Fact.BOOKING_SLOT_FREE, "is not available", "slot_start_time")


def _is_taken(workspace: Workspace, meeting: Meeting, starts_at: datetime) -> bool:
    if meeting.document["kind"] == "grouped":
        return False
    ends_at = starts_at + timedelta(minutes=meeting.document["duration"])
    row = workspace.connection.execute(
        "SELECT 1 FROM bookings WHERE meeting = ? AND is_cancelled = 0 AND ends_at > ? AND starts_at < ?",
        (meeting.position, written(starts_at), written(ends_at)),
    ).fetchone()
    return row is not None


def _insert(workspace: Workspace, meeting: Meeting, given: Mapping[str, Any], starts_at: datetime) -> Booking:
    booking = _new(workspace, meeting, given, starts_at)
    workspace.connection.execute(
        "INSERT INTO bookings (workspace, id, sid, meeting, host_email, client_email, starts_at, ends_at, searchable,"
        " document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            workspace.name,
            booking["id"],
            booking["sid"],
            meeting.position,
            booking["host_email"],
            booking["email"],
            booking["starts_at"],
            booking["ends_at"],
            f"{booking['name']}\n{booking['email']}".casefold(),
            json.dumps(booking),
        ),
    )
    return find(workspace, booking["sid"])


def _new(workspace: Workspace, meeting: Meeting, given: Mapping[str, Any], starts_at: datetime) -> Booking:
    """
    Make a booking with every field of the docs' schema that holds without the web app (BOOKING_OBJECT).
    """
    now = workspace.clock.now()
    hosts = [host.to_dict() for host in meeting.hosts]
    first = hosts[0] if hosts else {"name": "", "email": ""}
    is_multihost = meeting.document["kind"] == "multihost"
    return {
        "id": workspace.identifiers.new_id(),
        "sid": _unused_sid(workspace),
        "parent_booking_id": None,
        "email": given["email"],
        "name": given["name"],
        "host_name": first["name"],
        "host_email": first["email"],
        "is_multihost": is_multihost,
        "multihosts": hosts if is_multihost else [],
        "starts_at": written(starts_at),
        "ends_at": written(starts_at + timedelta(minutes=meeting.document["duration"])),
        "time_zone": given["time_zone"],
        "status": "confirmed",
        "cancel_reason": None,
        "cancelled_by": None,
        "reschedule_requested": False,
        "room_type": given.get("preferred_meeting_spot", meeting.document["spot"]),
        "room_url": None,
        "room_id": None,
        "spot_details": None,
        "created_at": now,
        "updated_at": now,
        "meeting_id": meeting.document["id"],
        "no_show": False,
        "notes_url": None,
        "internal_notes": None,
        "metadata": None,
        "form_responses": [],
    }


def _unused_sid(workspace: Workspace) -> str:
    while True:
        sid = workspace.identifiers.new_sid()
        taken = workspace.connection.execute("SELECT 1 FROM bookings WHERE sid = ?", (sid,))
        if taken.fetchone() is None:
            return sid


def _select(workspace: Workspace, where: str, *values: object) -> list[Booking]:
    rows = workspace.connection.execute(
        "SELECT b.document, json_extract(m.document, '$.name') AS meeting_name "  # noqa: S608  # fixed texts only
        f"FROM bookings b JOIN meetings m ON m.position = b.meeting WHERE {where}",
        values,
    )
    return [{**json.loads(row["document"]), "meeting": {"name": row["meeting_name"]}} for row in rows]


def _conditions(workspace: Workspace, selection: Selection) -> tuple[str, list[object]]:
    now = written(workspace.clock.instant())
    possible: list[tuple[object, str, object]] = [
        (True, "b.workspace = ?", workspace.name),
        # A booking is ahead until it is over.
        (selection.kind == "upcoming", "b.is_cancelled = 0 AND b.ends_at > ?", now),
        (selection.kind == "past", "b.is_cancelled = 0 AND b.ends_at <= ?", now),
        (selection.kind == "cancelled", "b.is_cancelled = ?", 1),
        # Nobody leaves a form half filled here.
        (selection.kind == "incomplete", "b.position = ?", None),
        (selection.host_email, "b.host_email = ?", selection.host_email),
        (selection.client_email, "b.client_email = ?", selection.client_email),
        (
            selection.meeting_sid,
            "b.meeting IN (SELECT position FROM meetings WHERE sid = ?)",
            selection.meeting_sid,
        ),
        *((True, f"b.{bound.column} {bound.comparison} ?", bound.time) for bound in selection.bounds),
        (selection.search, "instr(b.searchable, ?)", selection.search.casefold()),
    ]
    wanted = [(condition, value) for is_wanted, condition, value in possible if is_wanted]
    return " AND ".join(condition for condition, _ in wanted), [value for _, value in wanted]
