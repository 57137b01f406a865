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
from neetocal_emulator.store import openings, records, rules, slots
from neetocal_emulator.store.clock import is_possible_year, written
from neetocal_emulator.store.documents import Host

if TYPE_CHECKING:
    from neetocal_emulator.store.documents import Meeting
    from neetocal_emulator.store.workspace import Workspace

__all__ = [
    "Bound",
    "Comparison",
    "Selection",
    "TimeColumn",
    "associated",
    "cancel",
    "create",
    "find",
    "listing",
    "meeting_of",
    "of_link",
    "reschedule",
    "update",
]

Booking = dict[str, Any]
TimeColumn = Literal["starts_at", "ends_at"]
Comparison = Literal["=", ">", ">=", "<", "<="]

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
_V2_READERS: Mapping[str, rules.Reader] = {"host_email": rules.email, "override_availability": rules.flag}
_REQUIRED = ("meeting_slug", "name", "email", "time_zone")
_MOVE_REQUIRED = ("name", "email", "slot_date", "slot_start_time", "time_zone")


def _outcome(field: str, value: object) -> None:
    """
    Read an outcome's id, of which there are none; null and blank clear it (BOOKING_OUTCOME).
    """
    if value not in (None, ""):
        raise rules.refuse(Fact.BOOKING_OUTCOME, "does not exist", field)


# What an update may carry; the reasons have no place in a booking, so that they are only read.
_CHANGE_READERS: Mapping[str, rules.Reader] = {
    **{name: reader for name, reader in _READERS.items() if name != "meeting_slug"},
    "status": rules.one_of(_STATUSES, Fact.BOOKING_STATUS),
    "cancel_reason": rules.nullable_text,
    "rejection_reason": rules.nullable_text,
    "reschedule_reason": rules.nullable_text,
    "meeting_outcome_id": _outcome,
    "override_availability": rules.flag,
}


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
    parent_booking_id: str = ""
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


def create(workspace: Workspace, body: Mapping[str, object], *, is_v2: bool) -> Booking:
    """
    Book the slot that is asked for, or the first that is free (BOOKING_FIRST_FREE).
    """
    readers = {**_READERS, **_V2_READERS} if is_v2 else _READERS
    given = rules.clean(body, readers, _REQUIRED, why_required=Fact.BOOKING_REQUIRED)
    meeting = records.find_by_slug(workspace, given["meeting_slug"])
    if meeting.document["disabled"]:
        raise InvalidError(Problem(Fact.BOOKING_DISABLED, "Scheduling link is disabled"))
    starts_at = _asked_start(given) or openings.first(workspace, meeting)
    _refuse_unfree(workspace, meeting, starts_at)
    host = _asked_host(meeting, given) or openings.host_at(workspace, meeting, starts_at) or Host("", "")
    return _insert(workspace, meeting, given, starts_at, host)


def cancel(workspace: Workspace, sid: str, reason: str | None) -> None:
    """
    Cancel a booking (BOOKING_CANCELLED_ONCE).
    """
    booking = _live(workspace, sid)
    _save(workspace, {**booking, "status": "cancelled", "cancel_reason": reason})


def update(workspace: Workspace, sid: str, body: Mapping[str, object]) -> Booking:
    """
    Cancel a booking, move it to another slot or correct who is coming; nothing else can happen to it.

    No slot is refused for the hours, whatever override_availability says (BOOKING_STATUS, BOOKING_OVERRIDE).
    """
    booking = _live(workspace, sid)
    given = rules.clean(body, _CHANGE_READERS)
    starts_at = _asked_start({"time_zone": booking["time_zone"], **given})
    if "status" not in given:
        return _changed(workspace, booking, given, starts_at)
    if given["status"] != "cancelled":
        raise InvalidError(Problem(Fact.BOOKING_STATUS, "does not wait for approval", "status"))
    cancel(workspace, sid, given.get("cancel_reason"))
    return find(workspace, sid)


def reschedule(workspace: Workspace, sid: str, body: Mapping[str, object]) -> Booking:
    """
    Move a booking to another slot, as v1 does, which wants everything told again (BOOKING_RESCHEDULE).
    """
    booking = _live(workspace, sid)
    readers = {
        name: reader for name, reader in _CHANGE_READERS.items() if name in {*_MOVE_REQUIRED, "reschedule_reason"}
    }
    given = rules.clean(body, readers, _MOVE_REQUIRED, why_required=Fact.BOOKING_RESCHEDULE)
    return _changed(workspace, booking, given, _asked_start(given))


def associated(workspace: Workspace, sid: str) -> list[Booking]:
    """
    Return the bookings that came with a booking (BOOKING_ASSOCIATED).
    """
    parent = find(workspace, sid)
    found, _ = listing(workspace, Selection(parent_booking_id=parent["id"], is_ascending=True))
    return found


def of_link(workspace: Workspace, meeting: Meeting) -> list[Booking]:
    """
    Return the bookings of a link that are not cancelled, in order of their start.
    """
    return _select(workspace, "b.meeting = ? AND b.is_cancelled = 0 ORDER BY b.starts_at, b.position", meeting.position)


def meeting_of(workspace: Workspace, sid: str) -> Meeting:
    """
    Return the link of a booking, which may be deleted by now.
    """
    (position,) = workspace.connection.execute("SELECT meeting FROM bookings WHERE sid = ?", (sid,)).fetchone()
    return records.at(workspace, [position])[0]


def _live(workspace: Workspace, sid: str) -> Booking:
    """
    Return a booking that is not cancelled (BOOKING_CANCELLED_ONCE).
    """
    booking = find(workspace, sid)
    if booking["status"] == "cancelled":
        raise InvalidError(Problem(Fact.BOOKING_CANCELLED_ONCE, "Booking is already cancelled"))
    return booking


def _changed(workspace: Workspace, booking: Booking, given: Mapping[str, Any], starts_at: datetime | None) -> Booking:
    """
    Write who is coming and when into a booking, which keeps its sid (BOOKING_RESCHEDULE).
    """
    changed = {**booking, **{name: given[name] for name in ("name", "email", "time_zone") if name in given}}
    if "preferred_meeting_spot" in given:
        changed["room_type"] = given["preferred_meeting_spot"]
    if starts_at is not None:
        meeting = meeting_of(workspace, booking["sid"])
        _refuse_unfree(workspace, meeting, starts_at, but=booking["sid"])
        changed.update(_when(meeting, starts_at))
    _save(workspace, changed)
    return find(workspace, booking["sid"])


def _save(workspace: Workspace, booking: Booking) -> None:
    kept = {**booking, "updated_at": workspace.clock.now()}
    del kept["meeting"]
    workspace.connection.execute(
        "UPDATE bookings SET is_cancelled = ?, client_email = ?, starts_at = ?, ends_at = ?, searchable = ?,"
        " document = ? WHERE sid = ?",
        (
            booking["status"] == "cancelled",
            booking["email"],
            booking["starts_at"],
            booking["ends_at"],
            _searchable(booking),
            json.dumps(kept),
            booking["sid"],
        ),
    )


def _searchable(booking: Booking) -> str:
    """
    Return what a search looks at beside the link's name (BOOKING_FILTERS_V2); there are no answers of a form here.
    """
    return "\n".join(booking[name] for name in ("name", "email", "sid", "host_name", "host_email")).casefold()


def _when(meeting: Meeting, starts_at: datetime) -> dict[str, str]:
    ends_at = starts_at + timedelta(minutes=meeting.document["duration"])
    return {"starts_at": written(starts_at), "ends_at": written(ends_at)}


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


def _refuse_unfree(workspace: Workspace, meeting: Meeting, starts_at: datetime, *, but: str = "") -> None:
    """
    Refuse a slot that has begun or is taken by another booking (BOOKING_SLOT_FREE).
    """
    if starts_at < workspace.clock.instant() or openings.is_taken(workspace, meeting, starts_at, but=but):
        raise rules.refuse(Fact.BOOKING_SLOT_FREE, "is not available", "slot_start_time")


def _asked_host(meeting: Meeting, given: Mapping[str, Any]) -> Host | None:
    """
    Return the host that a request names (BOOKING_HOST_ASKED).
    """
    if "host_email" not in given:
        return None
    address = rules.folded(given["host_email"])
    host = next((each for each in meeting.hosts if rules.folded(each.email) == address), None)
    if host is None:
        raise rules.refuse(Fact.BOOKING_HOST_ASKED, "is not a host of this link", "host_email")
    if len(meeting.hosts) > 1 and not given.get("override_availability"):
        raise rules.refuse(Fact.BOOKING_HOST_ASKED, "needs override_availability", "host_email")
    return host


def _insert(
    workspace: Workspace, meeting: Meeting, given: Mapping[str, Any], starts_at: datetime, host: Host
) -> Booking:
    booking = _new(workspace, meeting, given, starts_at, host)
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
            _searchable(booking),
            json.dumps(booking),
        ),
    )
    return find(workspace, booking["sid"])


_AS_MADE: Booking = {
    **dict.fromkeys(("parent_booking_id", "cancel_reason", "cancelled_by", "room_url", "room_id", "spot_details")),
    **dict.fromkeys(("notes_url", "internal_notes", "metadata")),
    "reschedule_requested": False,
    "no_show": False,
}
"""What no booking has from the start."""


def _new(workspace: Workspace, meeting: Meeting, given: Mapping[str, Any], starts_at: datetime, host: Host) -> Booking:
    """
    Make a booking with every field of the docs' schema that holds without the web app (BOOKING_OBJECT).
    """
    now = workspace.clock.now()
    hosts = [host.to_dict() for host in meeting.hosts]
    is_multihost = meeting.document["kind"] == "multihost"
    return {
        **_AS_MADE,
        "id": workspace.identifiers.new_id(),
        "sid": _unused_sid(workspace),
        "email": given["email"],
        "name": given["name"],
        "host_name": host.name,
        "host_email": host.email,
        "is_multihost": is_multihost,
        "multihosts": hosts if is_multihost else [],
        **_when(meeting, starts_at),
        "time_zone": given["time_zone"],
        "status": "confirmed",
        "room_type": given.get("preferred_meeting_spot", meeting.document["spot"]),
        "created_at": now,
        "updated_at": now,
        "meeting_id": meeting.document["id"],
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


# A link's searchable text is its name, then its slug, which a search of bookings does not look at.
_SEARCHED = (
    "EXISTS (SELECT 1 FROM meetings l WHERE l.position = b.meeting AND instr(b.searchable || char(10) || "
    "substr(l.searchable, 1, length(l.searchable) - length(l.slug) - 1), ?))"
)


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
        (
            selection.parent_booking_id,
            "json_extract(b.document, '$.parent_booking_id') = ?",
            selection.parent_booking_id,
        ),
        *((True, f"b.{bound.column} {bound.comparison} ?", bound.time) for bound in selection.bounds),
        (selection.search, _SEARCHED, selection.search.casefold()),
    ]
    wanted = [(condition, value) for is_wanted, condition, value in possible if is_wanted]
    return " AND ".join(condition for condition, _ in wanted), [value for _, value in wanted]
