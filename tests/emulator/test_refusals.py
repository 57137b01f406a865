"""
Refusals that no other test tells by their fact: a request for each, and the header that names it.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api

ADA = {"email": "ada@acme.example"}

REFUSALS: list[tuple[str, int, str, str, Any]] = [
    ("UNKNOWN_PATH", 404, "GET", "/nothing", None),
    ("MEETING_NOT_FOUND", 404, "GET", "/meetings/nothere", None),
    ("TEMPLATE_NOT_FOUND", 404, "GET", "/meeting-templates/nothere", None),
    ("TEMPLATE_ID", 404, "POST", "/meetings", {**LINK, "slug": "new", "template_id": "nothere"}),
    ("SLUG_UNIQUE", 422, "POST", "/meetings", LINK),
    ("OPTION_NOT_FOUND", 404, "GET", "/meetings/{sid}/durations/nothere", None),
    ("OPTION_LAST", 409, "DELETE", "/meetings/{sid}/durations/{duration}", None),
    ("MEMBER_NOT_FOUND", 404, "GET", "/team-members/nothere", None),
    ("MEMBER_EMAILS", 422, "POST", "/team-members", {"emails": []}),
    ("MEMBER_ROLE", 422, "PATCH", "/team-members/{member}", {"organization_role": "admin"}),
    ("MEMBER_EMAIL_TAKEN", 422, "PATCH", "/team-members/{member}", {"email": "ben@acme.example"}),
    ("MEMBER_LAST_ADMIN", 422, "DELETE", "/team-members/{member}", None),
    ("AVAILABILITY_NOT_FOUND", 404, "GET", "/availabilities/nothere", None),
    ("BOOKING_NOT_FOUND", 404, "GET", "/bookings/nothere", None),
    ("BOOKING_REQUIRED", 422, "POST", "/bookings", {}),
]


@pytest.fixture
def known(v2: Api) -> dict[str, str]:
    """
    What the paths name: a link with one duration, and the only admin.
    """
    meeting = v2.create(durations=[{"duration": 30}])
    (member,) = v2.get("/team-members", **ADA).json()["team_members"]
    return {"sid": meeting["sid"], "duration": meeting["durations"][0]["id"], "member": member["id"]}


@pytest.mark.parametrize(("fact", "status", "method", "path", "body"), REFUSALS, ids=[each[0] for each in REFUSALS])
def test_a_refusal_names_its_fact(
    emulator: Emulator, known: dict[str, str], fact: str, status: int, method: str, path: str, body: Any
) -> None:
    """
    The header of the answer has the rule that the request broke.
    """
    url = f"{emulator.url}/api/external/v2{path.format(**known)}"

    response = httpx.request(method, url, json=body, headers={"X-Api-Key": "acme-demo-key"})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (status, fact)


def test_the_request_itself_is_refused_by_facts(emulator: Emulator, v2: Api) -> None:
    """
    Before any endpoint is asked: the key, the type of the body, its size.
    """
    answers = [
        httpx.get(f"{emulator.url}/api/external/v2/meetings"),
        v2.raw("POST", "/meetings", b"{}", {"Content-Type": "text/plain"}),
        v2.raw("POST", "/meetings", b" " * (2**20 + 1), {"Content-Type": "application/json"}),
    ]

    told = [(each.status_code, each.headers["x-emulator-facts"]) for each in answers]
    assert told == [(401, "KEY_REQUIRED"), (400, "CONTENT_TYPE"), (413, "BODY_SIZE")]


def test_a_switch_refuses_by_its_fact(emulator: Emulator, v2: Api) -> None:
    """
    What only another reading forbids has its row, too.
    """
    meeting = v2.create(durations=[{"duration": 30, "is_default": True}])
    path = f"/meetings/{meeting['sid']}"
    emulator.switch(default_option="locked", patch_without_hosts="refused")

    answers = [
        v2.patch(path, {"name": "New"}),
        v2.put(f"{path}/durations/{meeting['durations'][0]['id']}", {"is_default": False}),
    ]

    told = [(each.status_code, each.headers["x-emulator-facts"]) for each in answers]
    assert told == [(422, "PATCH_HOSTS"), (409, "OPTION_KEEPS_DEFAULT")]


def test_a_disabled_link_refuses_bookings_by_its_fact(emulator: Emulator, v2: Api) -> None:
    """
    Only the web app can disable a link.
    """
    emulator.edit_meeting(v2.create()["sid"], disabled=True)

    response = v2.post(
        "/bookings", {"meeting_slug": "intro", "name": "Eve", "email": "e@x.example", "time_zone": "UTC"}
    )

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, "BOOKING_DISABLED")


def test_a_fault_tells_what_it_stands_for(emulator: Emulator, v2: Api) -> None:
    """
    A made error has the row of the rate limit, or that of the shape of errors.
    """
    told = []
    for status in (429, 503):
        emulator.fault("status", status=status, times=1)
        told.append(v2.get("/meetings").headers.get("x-emulator-facts"))

    assert told == ["RATE_LIMIT", "ERROR_BODY"]
