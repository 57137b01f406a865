"""
What the vendor's own command line tool sends, call by call, as read in its source.

It speaks version 2 with a Session-Token, updates by PUT with the fields that were given and no others, and names
some things otherwise than the reference does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from neetocal_emulator import Emulator

HEADERS = {
    "Session-Token": "acme-demo-key",
    "Content-Type": "application/json",
    "Accept": "application/json",
    "User-Agent": "neetocal-cli/1.0.0",
}
INTRO = {"name": "Intro", "slug": "intro", "hosts": ["ada@acme.example"], "duration": 30}
CHOICE = {
    **INTRO,
    "slug": "choice",
    "kind": "round_robin",
    "spot": "zoom",
    "description": "Choose a length and a place.",
    "is_multiple_durations_allowed": True,
    "is_multiple_spots_allowed": True,
    "durations": [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}],
    "spots": [
        {"spot": "zoom", "is_default": True},
        {"spot": "phone_call", "is_default": False, "phone_call_number": "+1-555-0123"},
    ],
}
BOOKING = {"meeting_slug": "intro", "name": "Grace", "email": "grace@visitor.example", "time_zone": "Europe/London"}
MORNINGS = {"periods": [{"wday": "monday", "start_time": "08:00 AM", "end_time": "09:00 AM"}]}

# What section by section the tool's reference lists as sending a request; `login` has its own tests, the rest is local.
REFERENCE = [
    "meetings list",
    "meetings show",
    "meetings create",
    "meetings update",
    "meetings delete",
    "meetings slots",
    "meetings one-off-link",
    "meetings durations list",
    "meetings durations show",
    "meetings durations create",
    "meetings durations update",
    "meetings durations delete",
    "meetings spots list",
    "meetings spots show",
    "meetings spots create",
    "meetings spots update",
    "meetings spots delete",
    "meetings availabilities create",
    "meetings availabilities update",
    "meetings calendar-preferences show",
    "meetings calendar-preferences update",
    "meeting-templates list",
    "meeting-templates show",
    "meeting-templates create",
    "meeting-templates update",
    "meeting-templates delete",
    "team-members list",
    "team-members show",
    "team-members create",
    "team-members update",
    "team-members delete",
    "team-members slots",
    "availabilities list",
    "availabilities show",
    "availabilities create",
    "availabilities update",
    "bookings list",
    "bookings show",
    "bookings create",
    "bookings update",
    "bookings payments create",
    "bookings payments update",
    "automation-rules list",
    "automation-rules create",
    "automation-rules delete",
    "packages list",
    "packages show",
    "packages purchases list",
    "packages purchases show",
    "discount-codes create",
    # Newer than the tool's reference, read in its source.
    "discount-codes list",
    "discount-codes update",
    "discount-codes delete",
]


@dataclass(frozen=True, kw_only=True)
class Command:
    """
    One command: what it sends, and what it reads in the answer.

    A path holds names of earlier answers: `{meeting}`, `{duration}`, ...
    """

    says: str
    method: str
    path: str
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    reads: tuple[str | int, ...] = ()
    """Keys that lead to what it shows."""
    shows: Any = None
    """What must be there; None for anything."""
    keeps: str = ""
    """The name under which later paths find what it shows, by its sid or its id."""
    by: str = "sid"


COMMANDS = [
    # Links
    Command(says="meetings list", method="GET", path="meetings", reads=("meetings",), shows=[]),
    Command(
        says="meetings create",
        method="POST",
        path="meetings",
        body=INTRO,
        status=201,
        reads=("meeting",),
        keeps="meeting",
    ),
    Command(
        says="meetings create --json-file",
        method="POST",
        path="meetings",
        body=CHOICE,
        status=201,
        reads=("meeting",),
        keeps="choice",
    ),
    Command(
        says="meetings list --page --page-size",
        method="GET",
        path="meetings",
        query={"page_number": 2, "page_size": 1},
        reads=("pagination", "total_pages"),
        shows=2,
    ),
    Command(
        says="meetings list --page, as older versions send it",
        method="GET",
        path="meetings",
        query={"page": 2, "page_size": 1},
        reads=("pagination", "current_page_number"),
        shows=2,
    ),
    Command(
        says="meetings list --page, with both names",
        method="GET",
        path="meetings",
        query={"page": 2, "page_number": 2, "page_size": 1},
        reads=("pagination", "current_page_number"),
        shows=2,
    ),
    Command(
        says="meetings list --search",
        method="GET",
        path="meetings",
        query={"search": "CHOI"},
        reads=("pagination", "total_records"),
        shows=1,
    ),
    Command(
        says="meetings list --host-email",
        method="GET",
        path="meetings",
        query={"host_email": "ben@acme.example"},
        reads=("meetings",),
        shows=[],
    ),
    Command(says="meetings show", method="GET", path="meetings/{meeting}", reads=("slug",), shows="intro"),
    Command(
        says="meetings update --name",
        method="PUT",
        path="meetings/{meeting}",
        body={"name": "Introduction"},
        reads=("meeting", "name"),
        shows="Introduction",
    ),
    Command(
        says="meetings update --spot --kind",
        method="PUT",
        path="meetings/{meeting}",
        body={"spot": "google_meet", "kind": "grouped"},
        reads=("meeting", "spot"),
        shows="google_meet",
    ),
    Command(
        says="meetings update --hosts",
        method="PUT",
        path="meetings/{meeting}",
        body={"hosts": ["ada@acme.example", "ben@acme.example"]},
        reads=("meeting", "hosts", 1, "email"),
        shows="ben@acme.example",
    ),
    Command(
        says="meetings show, after three updates",
        method="GET",
        path="meetings/{meeting}",
        reads=("kind",),
        shows="grouped",
    ),
    Command(says="meetings one-off-link", method="POST", path="meetings/{meeting}/one-off-links", reads=("url",)),
    # Durations
    Command(
        says="meetings durations create",
        method="POST",
        path="meetings/{choice}/durations",
        body={"duration": 45, "is_default": False},
        status=201,
        reads=("duration",),
        keeps="duration",
        by="id",
    ),
    Command(
        says="meetings durations list",
        method="GET",
        path="meetings/{choice}/durations",
        reads=("durations", 2, "duration"),
        shows=45,
    ),
    Command(
        says="meetings durations show",
        method="GET",
        path="meetings/{choice}/durations/{duration}",
        reads=("duration",),
        shows=45,
    ),
    Command(
        says="meetings durations update --default, without the length that the reference requires",
        method="PUT",
        path="meetings/{choice}/durations/{duration}",
        body={"is_default": False},
        reads=("duration", "duration"),
        shows=45,
    ),
    Command(
        says="meetings durations delete",
        method="DELETE",
        path="meetings/{choice}/durations/{duration}",
        status=204,
    ),
    # Places, in the tool's own words
    Command(
        says="meetings spots create --phone-number",
        method="POST",
        path="meetings/{choice}/spots",
        body={"spot": "phone_call", "is_default": False, "phone_number": "+1-555-0199"},
        status=201,
        reads=("spot",),
        keeps="spot",
        by="id",
    ),
    Command(
        says="meetings spots show",
        method="GET",
        path="meetings/{choice}/spots/{spot}",
        reads=("spot_phone_call_number",),
        shows="+1-555-0199",
    ),
    Command(
        says="meetings spots update --location",
        method="PUT",
        path="meetings/{choice}/spots/{spot}",
        body={"spot": "in_person", "location": "Room 4"},
        reads=("spot", "spot_in_person_location"),
        shows="Room 4",
    ),
    Command(
        says="meetings spots update --custom-text",
        method="PUT",
        path="meetings/{choice}/spots/{spot}",
        body={"spot": "custom", "custom_text": "Ring twice"},
        reads=("spot", "spot_custom_text"),
        shows="Ring twice",
    ),
    Command(
        says="meetings spots list",
        method="GET",
        path="meetings/{choice}/spots",
        reads=("spots", 0, "spot"),
        shows="zoom",
    ),
    Command(says="meetings spots delete", method="DELETE", path="meetings/{choice}/spots/{spot}", status=204),
    # Templates
    Command(
        says="meeting-templates create",
        method="POST",
        path="meeting-templates",
        body={"name": "Demo", "slug": "template-demo", "duration": 45, "hosts": ["ada@acme.example"], "spot": "teams"},
        status=201,
        reads=("template",),
        keeps="template",
        by="id",
    ),
    Command(
        says="meeting-templates list --search",
        method="GET",
        path="meeting-templates",
        query={"search": "demo"},
        reads=("templates", 0, "name"),
        shows="Demo",
    ),
    Command(
        says="meeting-templates show",
        method="GET",
        path="meeting-templates/{template}",
        reads=("is_template",),
        shows=True,
    ),
    Command(
        says="meeting-templates update",
        method="PUT",
        path="meeting-templates/{template}",
        body={"duration": 50},
        reads=("template", "duration"),
        shows=50,
    ),
    Command(says="meeting-templates delete", method="DELETE", path="meeting-templates/{template}", status=204),
    # Team members
    Command(
        says="team-members create",
        method="POST",
        path="team-members",
        body={"emails": ["zoe@acme.example"], "organization_role": "Standard"},
        status=201,
        reads=("message",),
    ),
    Command(
        says="team-members list --email",
        method="GET",
        path="team-members",
        query={"email": "zoe@acme.example"},
        reads=("team_members", 0),
        keeps="member",
        by="id",
    ),
    Command(
        says="team-members show",
        method="GET",
        path="team-members/{member}",
        reads=("team_member", "email"),
        shows="zoe@acme.example",
    ),
    Command(
        says="team-members update",
        method="PATCH",
        path="team-members/{member}",
        body={"first_name": "Zoe"},
        reads=("team_member", "first_name"),
        shows="Zoe",
    ),
    Command(says="team-members delete", method="DELETE", path="team-members/{member}", status=204),
    Command(
        says="team-members slots",
        method="GET",
        path="common-slots",
        query={
            "emails[]": ["ada@acme.example", "ben@acme.example"],
            "duration": 60,
            "start_date": "2026-03-03",
            "end_date": "2026-03-03",
            "time_zone": "Europe/London",
        },
        # Ada's day begins at nine in London; Ben's ends at five in Stockholm, which is four in London.
        reads=("slots", 0),
        shows={"starts_at": "2026-03-03T09:00:00.000Z", "ends_at": "2026-03-03T10:00:00.000Z"},
    ),
    # Availabilities and bookings
    Command(
        says="availabilities list --emails",
        method="GET",
        path="availabilities",
        query={"emails[]": ["ada@acme.example", "ben@acme.example"]},
        reads=("availabilities", 0),
        keeps="availability",
    ),
    Command(
        says="availabilities show",
        method="GET",
        path="availabilities/{availability}",
        reads=("availability", "default"),
        shows=True,
    ),
    Command(
        says="availabilities create --json-file",
        method="POST",
        path="availabilities",
        body={"email": "ada@acme.example", "name": "Mornings", "time_zone": "Europe/London", **MORNINGS},
        status=201,
        reads=("availability",),
        keeps="mornings",
    ),
    Command(
        says="availabilities update --name",
        method="PUT",
        path="availabilities/{mornings}",
        body={"name": "Early"},
        reads=("availability", "name"),
        shows="Early",
    ),
    Command(
        says="meetings availabilities create",
        method="POST",
        path="meetings/{meeting}/availabilities",
        body={"email": "ada@acme.example", "name": "For the intro", "time_zone": "Europe/London"},
        status=201,
        reads=("availability", "name"),
        shows="For the intro",
    ),
    Command(
        says="meetings availabilities update",
        method="PATCH",
        path="meetings/{meeting}/availabilities",
        body={"time_zone": "Europe/London", **MORNINGS},
        reads=("meeting", "slug"),
        shows="intro",
    ),
    Command(
        says="meetings availabilities update, by PUT",
        method="PUT",
        path="meetings/{meeting}/availabilities",
        body=MORNINGS,
        reads=("meeting", "slug"),
        shows="intro",
    ),
    Command(
        says="meetings slots --day --host-email",
        method="GET",
        path="meetings/{meeting}/slots",
        query={
            "year": 2026,
            "month": 3,
            "day": 9,
            "time_zone": "Europe/London",
            "host_email": "ada@acme.example",
        },
        reads=("slots",),
        shows=[
            {
                "date": "2026-03-09",
                "day": 9,
                "slots": {
                    "08:00 AM": {"start_time": "08:00 AM", "end_time": "08:30 AM", "count": 1},
                    "08:30 AM": {"start_time": "08:30 AM", "end_time": "09:00 AM", "count": 1},
                },
            }
        ],
    ),
    # Calendars of a link
    Command(
        says="meetings calendar-preferences show",
        method="GET",
        path="meetings/{choice}/calendar-preferences/google_calendar",
        reads=("calendar_preference", "integration"),
        shows="google_calendar",
    ),
    Command(
        says="meetings calendar-preferences update --summary-type --custom-summary --event-color",
        method="PATCH",
        path="meetings/{choice}/calendar-preferences/google_calendar",
        body={
            "override_event_layout": True,
            "summary_type": "custom",
            "custom_summary": "Consultation",
            "event_color": "#039BE5",
            "body": "",
        },
        reads=("calendar_preference", "custom_summary"),
        shows="Consultation",
    ),
    Command(
        says="bookings create",
        method="POST",
        path="bookings",
        body={**BOOKING, "slot_date": "2026-03-09", "slot_start_time": "08:00"},
        status=201,
        reads=(),
        keeps="booking",
    ),
    Command(
        says="bookings list",
        method="GET",
        path="bookings",
        query={"type": "upcoming", "search": "grace", "sorting_key": "starts_at", "sorting_order": "asc"},
        reads=("bookings", 0, "email"),
        shows="grace@visitor.example",
    ),
    Command(says="bookings show", method="GET", path="bookings/{booking}", reads=("name",), shows="Grace"),
    Command(
        says="bookings update --slot-date --slot-start-time",
        method="PUT",
        path="bookings/{booking}",
        body={"slot_date": "2026-03-16", "slot_start_time": "08:30", "reschedule_reason": "Ill"},
        reads=("starts_at",),
        shows="2026-03-16T08:30:00.000Z",
    ),
    Command(
        says="bookings update --name --meeting-outcome-id",
        method="PUT",
        path="bookings/{booking}",
        body={"name": "Grace H.", "meeting_outcome_id": ""},
        reads=("name",),
        shows="Grace H.",
    ),
    Command(
        says="bookings payments create",
        method="POST",
        path="bookings/{booking}/payments",
        body={"payment_provider": "cash", "identifier": "ext-1", "discount_code": "SUMMER25"},
        status=201,
        reads=(),
        keeps="payment",
        by="id",
    ),
    Command(
        says="bookings payments update",
        method="PUT",
        path="bookings/{booking}/payments/{payment}",
        body={"payment_provider": "cash", "status": "successful", "notes": "Paid"},
        reads=("status",),
        shows="successful",
    ),
    Command(
        says="bookings update --status",
        method="PUT",
        path="bookings/{booking}",
        body={"status": "cancelled", "cancel_reason": "Ill"},
        reads=("status",),
        shows="cancelled",
    ),
    # Automation rules, packages, discount codes
    Command(
        says="automation-rules create",
        method="POST",
        path="automation-rules",
        body={"event": "booking_confirmed", "name": "Tell", "meeting_ids": ["mtg_abc"], "actions": []},
        status=201,
        reads=("workflow",),
        keeps="rule",
        by="id",
    ),
    Command(
        says="automation-rules list",
        method="GET",
        path="automation-rules",
        query={"page_number": 1, "page_size": 20},
        reads=("automation_rules", 0, "name"),
        shows="Tell",
    ),
    Command(says="automation-rules delete", method="DELETE", path="automation-rules/{rule}", status=204),
    Command(
        says="packages list",
        method="GET",
        path="packages",
        reads=("packages", 0),
        keeps="package",
        by="id",
    ),
    Command(
        says="packages show",
        method="GET",
        path="packages/{package}",
        reads=("package", "slug"),
        shows="consultation-package",
    ),
    Command(
        says="packages purchases list",
        method="GET",
        path="packages/{package}/purchases",
        reads=("purchases", 0),
        keeps="purchase",
        by="id",
    ),
    Command(
        says="packages purchases show",
        method="GET",
        path="packages/{package}/purchases/{purchase}",
        reads=("purchase", "email"),
        shows="eve@example.com",
    ),
    Command(
        says="discount-codes create",
        method="POST",
        path="discount-codes",
        body={
            "code": "SUMMER25",
            "kind": "percentage",
            "value": 25,
            "expires_at": "2026-09-01",
        },
        status=201,
        reads=("discount_code",),
        keeps="code",
        by="id",
    ),
    Command(
        says="discount-codes list --code --kind",
        method="GET",
        path="discount-codes",
        query={
            "filters[][conditions][][node]": ["code", "kind"],
            "filters[][conditions][][type]": ["text", "text"],
            "filters[][conditions][][rule]": ["contains", "is"],
            "filters[][conditions][][value]": ["mer2", "percentage"],
            "filters[][conditions][][conditions_join_type]": ["and", "and"],
            "page": 1,
            "page_number": 1,
            "page_size": 50,
        },
        reads=("discount_codes", 0, "code"),
        shows="SUMMER25",
    ),
    Command(
        says="discount-codes update --value --expires-at",
        method="PATCH",
        path="discount-codes/{code}",
        body={"value": 20, "expires_at": ""},
        reads=("discount_code", "value"),
        shows=20,
    ),
    Command(says="discount-codes delete", method="DELETE", path="discount-codes/{code}", status=204),
    # The end of a link
    Command(says="meetings delete", method="DELETE", path="meetings/{meeting}", status=204),
    Command(
        says="meetings show, of a deleted link",
        method="GET",
        path="meetings/{meeting}",
        status=404,
        reads=("error",),
        shows="Meeting not found",
    ),
]


@pytest.fixture
def tool(emulator: Emulator) -> Iterator[httpx.Client]:
    """
    A client that introduces itself as the tool does.
    """
    with httpx.Client(
        base_url=f"{emulator.url}/api/external/v2/",
        headers=HEADERS,
        trust_env=False,
        verify=False,  # noqa: S501  # plain http
    ) as client:
        yield client


def test_every_command_of_the_reference_is_tried() -> None:
    """
    What the tool's reference lists is in the session below, and nothing else is.
    """
    tried = {command.says.partition(" --")[0].partition(",")[0] for command in COMMANDS}

    assert set(REFERENCE) == tried


def test_every_command_works(emulator: Emulator, tool: httpx.Client) -> None:
    """
    One session from the first list to the last delete, each answer with the status and key that the tool expects.
    """
    emulator.clock(at="2026-03-02T06:00:00Z", frozen=True)
    known: dict[str, str] = {}
    for command in COMMANDS:
        response = tool.request(
            command.method, command.path.format(**known), json=command.body, params=httpx.QueryParams(command.query)
        )
        assert response.status_code == command.status, (command.says, response.text)
        if command.status == 204:
            assert response.content == b"", command.says
            continue
        shown = response.json()
        for key in command.reads:
            shown = shown[key]
        if command.shows is not None:
            assert shown == command.shows, command.says
        if command.keeps:
            known[command.keeps] = shown[command.by]


@pytest.fixture
def login(emulator: Emulator) -> Iterator[httpx.Client]:
    """
    A client as the tool is before it has a session token.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    with httpx.Client(
        base_url=f"{emulator.url}/api/cli/v1/",
        headers=headers,
        trust_env=False,
        verify=False,  # noqa: S501  # plain http
    ) as client:
        yield client


def test_login_waits_for_a_person_and_gets_a_session(emulator: Emulator, login: httpx.Client) -> None:
    """
    The token is pending until somebody has chosen a workspace; its session token opens that one (LOGIN).
    """
    begun = login.post("sessions")
    token = begun.json()["login_token"]
    states = [login.post(f"sessions/{token}/status", json={}).json()]
    question = login.get("login", params={"token": token})
    states.append(login.post(f"sessions/{token}/status", json={}).json())
    done = login.get("login", params={"token": token, "workspace": "globex"})

    session = login.post(f"sessions/{token}/status", json={}).json()

    assert (begun.status_code, question.status_code, done.status_code) == (200, 200, 200)
    assert states == [{"status": "pending"}] * 2
    assert ["acme</a>" in question.text, "You are logged in" in done.text] == [True, True]
    assert session == {
        "status": "authenticated",
        "email": "nadia@globex.example",
        "session_token": "globex-demo-key",
    }
    assert emulator.requests == []


def test_a_login_that_nobody_began_has_expired(emulator: Emulator, login: httpx.Client) -> None:
    """
    Nor does one outlive a reset; no fault meets it.
    """
    token = login.post("sessions").json()["login_token"]
    emulator.reset()
    emulator.fault("status")

    answers = [login.post(f"sessions/{each}/status", json={}).json() for each in (token, "made up")]

    assert answers == [{"status": "expired"}] * 2
    assert login.get("login", params={"token": token}).status_code == 404


def test_a_lone_workspace_needs_no_choice() -> None:
    """
    Who opens the address is let in; with nobody in the workspace, as nobody.
    """
    with Emulator(seed={"workspaces": {"x": {"api_keys": ["k"]}}}) as emulator:
        address = f"{emulator.url}/api/cli/v1"
        token = httpx.post(f"{address}/sessions").json()["login_token"]
        httpx.get(f"{address}/login", params={"token": token})

        session = httpx.post(f"{address}/sessions/{token}/status").json()

        assert session == {"status": "authenticated", "email": "", "session_token": "k"}


@pytest.mark.parametrize("path", ["meetings", "meeting-templates", "team-members", "availabilities", "bookings"])
def test_a_session_that_has_ended_is_told_to_log_in(tool: httpx.Client, path: str) -> None:
    """
    A token that is not known is 401 with the error that the tool prints.
    """
    response = tool.get(path, headers={"Session-Token": "expired"})

    assert (response.status_code, list(response.json())) == (401, ["error"])


def test_an_empty_flag_is_not_sent(tool: httpx.Client) -> None:
    """
    The tool leaves out what is empty or 0, and what it does not send stays.
    """
    sid = tool.post("meetings", json={**INTRO, "description": "Who we are."}).json()["meeting"]["sid"]

    changed = tool.put(f"meetings/{sid}", json={"duration": 20}).json()["meeting"]

    assert (changed["description"], changed["duration"], changed["name"]) == ("Who we are.", 20, "Intro")


def test_quiet_prints_the_sid(tool: httpx.Client) -> None:
    """
    `--quiet` looks for sid, then id, below a single wrapper: a create has message and meeting.
    """
    created = tool.post("meetings", json=INTRO).json()

    assert sorted(created) == ["meeting", "message"]
    assert len(created["meeting"]["sid"]) == 7
