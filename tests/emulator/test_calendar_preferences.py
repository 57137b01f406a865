"""
Calendar preferences: one set for each integration of a link.
"""

from __future__ import annotations

from typing import Any

import pytest

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
    icloud = path(v2, "icloud")
    holidays = v2.get(icloud).json()["calendar_preference"]["available_calendars"][1]

    refused = v2.patch(icloud, {"event_add_calendar_ids": [holidays["id"]]})
    checked = v2.patch(icloud, {"conflict_check_calendar_ids": [holidays["id"]]})

    assert (refused.status_code, refused.headers["x-emulator-facts"]) == (422, "CALENDAR_IDS")
    assert checked.json()["calendar_preference"]["conflict_check_calendars"] == [holidays]


def test_there_are_three_integrations(v2: Api) -> None:
    """
    Another is 404, and so is a link that does not exist.
    """
    response = v2.get(path(v2, "fax"))

    assert (response.status_code, response.headers["x-emulator-facts"]) == (404, "CALENDAR_INTEGRATION")
    assert v2.get("/meetings/nothere/calendar-preferences/icloud").status_code == 404
