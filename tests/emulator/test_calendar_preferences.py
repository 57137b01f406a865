"""
Calendar preferences: one set for each integration of a link.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator, SeedError
from neetocal_emulator.errors import SetupError
from tests.emulator.api import Api


def path(api: Api, integration: str = "google_calendar", **fields: Any) -> str:
    """
    Create a link and return the path of its preferences.
    """
    return f"/meetings/{api.create(**fields)['sid']}/calendar-preferences/{integration}"


def test_preferences_are_kept_for_each_integration(v2: Api) -> None:
    """
    A change is partial and leaves the other integrations alone; blank texts go back to the default (CALENDAR_MADE_UP).
    """
    google = path(v2)
    work = v2.get(google).json()["calendar_preference"]["available_calendars"][0]

    changed = v2.patch(
        google,
        {"override_calendars": True, "event_add_calendar_ids": [work["id"]], "event_color": "#039BE5", "body": "<p>"},
    )
    cleared = v2.patch(google, {"body": "", "event_color": ""}).json()["calendar_preference"]

    shown = changed.json()["calendar_preference"]
    assert (changed.status_code, shown["event_add_calendars"]) == (200, [work])
    assert (shown["event_color"], shown["body"], shown["summary_type"]) == ("#039BE5", "<p>", "host_and_client")
    assert cleared == {**shown, "body": None, "event_color": None}
    assert v2.get(google).json() == {"calendar_preference": cleared}
    outlook = v2.get(google.replace("google_calendar", "outlook")).json()["calendar_preference"]
    assert (outlook["override_calendars"], outlook["busy_statuses"]) == (False, ["busy"])


@pytest.mark.parametrize(
    ("fields", "integration", "body", "fact"),
    [
        ({}, "google_calendar", {"summary_type": "poem"}, "CALENDAR_VALUES"),
        ({}, "outlook", {"busy_statuses": ["asleep"]}, "CALENDAR_VALUES"),
        ({}, "google_calendar", {"busy_statuses": ["busy"]}, "CALENDAR_ONLY"),
        ({}, "icloud", {"event_color": "#039BE5"}, "CALENDAR_ONLY"),
        ({}, "google_calendar", {"event_color": "blue"}, "CALENDAR_VALUES"),
        ({}, "icloud", {"summary_type": "custom"}, "CALENDAR_SUMMARY"),
        ({}, "icloud", {"event_add_calendar_ids": ["nobodys"]}, "CALENDAR_IDS"),
        ({"kind": "round_robin"}, "icloud", {"override_calendars": True}, "CALENDAR_KIND"),
        ({"kind": "grouped"}, "icloud", {"summary_type": "host_and_client"}, "CALENDAR_KIND"),
        ({"kind": "grouped"}, "icloud", {"override_event_layout": False}, "CALENDAR_KIND"),
        ({}, "icloud", {"override_calendars": "yes"}, "VALUE_TYPE"),
        ({}, "icloud", {"conflict_check_calendar_ids": None}, "BLANK"),
    ],
)
def test_what_does_not_fit_is_refused(
    v2: Api, fields: dict[str, Any], integration: str, body: dict[str, Any], fact: str
) -> None:
    """
    Values, integrations, kinds of links and calendars have their rules.
    """
    response = v2.patch(path(v2, integration, **fields), body)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, fact)


def test_events_do_not_go_into_a_read_only_calendar(v2: Api) -> None:
    """
    But conflicts can be looked for there.
    """
    outlook = path(v2, "outlook")
    holidays = v2.get(outlook).json()["calendar_preference"]["available_calendars"][1]

    refused = v2.patch(outlook, {"event_add_calendar_ids": [holidays["id"]]})
    checked = v2.patch(outlook, {"conflict_check_calendar_ids": [holidays["id"]]})

    assert (refused.status_code, refused.headers["x-emulator-facts"]) == (422, "CALENDAR_IDS")
    assert checked.json()["calendar_preference"]["conflict_check_calendars"] == [holidays]


def test_there_are_three_integrations(v2: Api) -> None:
    """
    Another is 404, and so is a link that does not exist.
    """
    response = v2.get(path(v2, "fax"))

    assert (response.status_code, response.headers["x-emulator-facts"]) == (404, "CALENDAR_INTEGRATION")
    assert v2.get("/meetings/nothere/calendar-preferences/icloud").status_code == 404


def seed_with(calendars: dict[str, Any]) -> dict[str, Any]:
    """
    Return a seed with a link whose host has these calendars.
    """
    ada = {"email": "ada@acme.example", "organization_role": "Admin", "calendars": calendars}
    link = {"sid": "intro01", "slug": "intro", "name": "Intro", "duration": 30, "hosts": ["ada@acme.example"]}
    preferences = {"meeting": "intro", "integration": "outlook", "busy_statuses": ["oof"]}
    workspace = {
        "api_keys": ["acme-demo-key"],
        "team_members": [ada],
        "meetings": [link],
        "calendar_preferences": [preferences],
    }
    return {"workspaces": {"acme": workspace}}


def test_a_seed_names_calendars_and_preferences() -> None:
    """
    An integration with an empty list isn't connected, which is answered as the switch says (CALENDAR_UNCONNECTED).
    """
    work = {"id": "70232544-0b90-4ddd-801d-b9f53c3fff3c", "name": "Work", "is_primary": True}
    with Emulator(seed=seed_with({"google_calendar": [work], "icloud": []})) as emulator:
        api = Api(emulator.url)
        base = "/meetings/intro01/calendar-preferences"
        google, icloud, outlook = (
            api.get(f"{base}/{name}").json()["calendar_preference"] for name in ("google_calendar", "icloud", "outlook")
        )
        emulator.switch(unconnected_calendars="not_found")
        missing = [api.get(f"{base}/icloud"), api.patch(f"{base}/icloud", {"body": ""})]
        api.close()

    assert google["available_calendars"] == [{**work, "is_editable": True}]
    assert (icloud["available_calendars"], outlook["busy_statuses"]) == ([], ["oof"])
    assert [(each.status_code, each.headers["x-emulator-facts"]) for each in missing] == [
        (404, "CALENDAR_UNCONNECTED")
    ] * 2


@pytest.mark.parametrize(
    ("calendars", "words"),
    [({"fax": []}, "no calendar integration 'fax'"), ({"icloud": [{"colour": "red"}]}, "no colour"), ([], "calendars")],
)
def test_a_slip_in_a_seeds_calendars_is_told(calendars: Any, words: str) -> None:
    """
    What is no integration, or no field of a calendar, is refused with the seed as a whole.
    """
    with pytest.raises(SeedError, match=words):
        Emulator(seed=seed_with(calendars)).start()


def test_the_app_changes_preferences(emulator: Emulator, v2: Api) -> None:
    """
    Behind the API's back, by the link's sid and the integration; nobody deletes them.
    """
    path_ = path(v2, "outlook")
    sid = path_.split("/")[2]

    changed = emulator.edit_object("calendar-preferences", f"{sid}/outlook", busy_statuses=["oof"])
    connected = emulator.objects("team-members")[0]["id"]
    emulator.edit_object("team-members", connected, calendars={"outlook": []})

    shown = v2.get(path_).json()["calendar_preference"]
    assert shown == {**changed, "available_calendars": []}
    assert shown["busy_statuses"] == ["oof"]
    listed = [each["integration"] for each in emulator.objects("calendar-preferences") if each["meeting_sid"] == sid]
    assert listed == ["google_calendar", "outlook", "icloud"]
    with pytest.raises(SetupError, match="Nobody can delete"):
        emulator.remove_object("calendar-preferences", f"{sid}/outlook")
