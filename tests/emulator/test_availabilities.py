"""
Availabilities: every member's default one, to be seen.
"""

from __future__ import annotations

import pytest

from tests.emulator.api import Api


def test_every_member_has_a_default_availability(v2: Api) -> None:
    """
    The list of v2 holds all members' hours; one of them is shown under its id and its sid.
    """
    body = v2.get("/availabilities", page_size=100).json()

    assert 13 == body["pagination"]["total_records"] == len(body["availabilities"])
    first = body["availabilities"][0]
    assert (first["name"], first["default"], first["overrides"]) == ("Default availability", True, [])
    assert (first["user"]["name"], first["user"]["email"]) == ("Ada Okafor", "ada@acme.example")
    assert [(each["wday"], each["start_time"], each["end_time"]) for each in first["periods"]] == [
        (day, "09:00 AM", "05:00 PM") for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
    ]
    assert len({period["id"] for each in body["availabilities"] for period in each["periods"]}) == 13 * 5
    for name in ("id", "sid"):
        assert {"availability": first} == v2.get(f"/availabilities/{first[name]}").json()


def test_v1_needs_the_emails(v1: Api) -> None:
    """
    Without emails[] v1 refuses; strangers are left out, letter case does not count.
    """
    refused = v1.get("/availabilities")
    emails = ["BEN@acme.example", "ada@acme.example", "stranger@acme.example"]
    found = v1.get("/availabilities", **{"emails[]": emails}).json()["availabilities"]

    assert (refused.status_code, refused.headers["x-emulator-facts"]) == (400, "AVAILABILITY_EMAILS")
    assert [each["user"]["email"] for each in found] == ["ada@acme.example", "ben@acme.example"]
    assert (found[0]["before_buffer_time"], found[0]["after_buffer_time"]) == (0, 0)


def test_v1_pages_by_page(v1: Api) -> None:
    """
    In v1 the page's number goes by the name of 'page'.
    """
    emails = ["ada@acme.example", "ben@acme.example"]

    body = v1.get("/availabilities", page=2, page_size=1, **{"emails[]": emails}).json()

    assert [each["user"]["email"] for each in body["availabilities"]] == ["ben@acme.example"]
    assert body["pagination"] == {"total_records": 2, "total_pages": 2, "current_page_number": 2, "page_size": 1}


def test_v1_lists_one_members_availabilities(v1: Api, v2: Api) -> None:
    """
    By the e-mail alone, letter case ignored, with the buffers of v1; a stranger has none.
    """
    found = v1.get("/availabilities/team_member", email="BEN@acme.example", page=1).json()
    stranger = v1.get("/availabilities/team_member", email="stranger@acme.example").json()

    assert found == v1.get("/availabilities", **{"emails[]": "ben@acme.example"}).json()
    assert found["pagination"]["total_records"] == 1
    assert (stranger["availabilities"], stranger["pagination"]["total_records"]) == ([], 0)
    assert v2.get("/availabilities/team_member", email="ben@acme.example").status_code == 404


@pytest.mark.parametrize("query", [{}, {"email": ""}, {"email": " "}, {"emails[]": "ben@acme.example"}])
def test_one_members_availabilities_need_the_email(v1: Api, query: dict[str, str]) -> None:
    """
    Nobody's name does not mean everybody.
    """
    response = v1.get("/availabilities/team_member", **query)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (400, "AVAILABILITY_MEMBER")


def test_a_missing_availability_is_404(v2: Api, globex: Api) -> None:
    """
    Nobody's id and another workspace's member's are not found.
    """
    ada = v2.get("/availabilities", **{"emails[]": "ada@acme.example"}).json()["availabilities"][0]

    assert v2.get("/availabilities/nothere").status_code == 404
    assert globex.get(f"/availabilities/{ada['id']}").status_code == 404
