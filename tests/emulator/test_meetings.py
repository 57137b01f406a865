"""
Scheduling links: create, show, list, change, delete.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from neetocal_emulator import Emulator, SetupError
from tests.emulator.api import LINK, Api

# Every field of the meeting object, as the docs' template sample shows it.
SAMPLE: dict[str, Any] = {
    "description": None,
    "kind": "one_on_one",
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
    "deleted_at": None,
    "is_multiple_spots_allowed": False,
    "is_multiple_durations_allowed": False,
    "conditional_pricing_enabled": False,
    "is_email_reminders_enabled": True,
    "is_sms_reminders_enabled": False,
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
    "durations_possible": [],
    "durations": [],
    "spots": [],
}


# Create


def test_a_fresh_link_has_the_documented_defaults(v2: Api) -> None:
    """
    A link that gives only what is required has the template sample's values elsewhere (FRESH_LINK, KIND_DEFAULT).
    """
    meeting = v2.create()

    given = {"slug": "intro", "name": "Intro", "duration": 30}
    hosts = [{"name": "Ada Okafor", "email": "ada@acme.example"}]
    assert {**SAMPLE, **given, "hosts": hosts} == {
        name: value
        for name, value in meeting.items()
        if name not in {"id", "sid", "organization_id", "created_at", "updated_at"}
    }


def test_ids_and_times_have_the_documented_form(v2: Api) -> None:
    """
    A sid is seven letters and digits, an id a uuid, a time has milliseconds and a Z.
    """
    meeting = v2.create()

    assert re.fullmatch(r"[a-z0-9]{7}", meeting["sid"])
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", meeting["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", meeting["created_at"])


def test_create_answers_200_in_v1_and_201_in_v2(v1: Api, v2: Api) -> None:
    """
    The status of a create differs between the versions, the envelope does not (CREATED_STATUS).
    """
    first = v1.post("/meetings", LINK)
    second = v2.post("/meetings", {**LINK, "slug": "other"})

    assert (first.status_code, second.status_code) == (200, 201)
    assert ["message", "meeting"] == list(first.json()) == list(second.json())
    assert first.json()["message"] == "Meeting created successfully"


def test_every_documented_field_is_kept(v2: Api) -> None:
    """
    What a create sends is what the link has.
    """
    given = {
        "name": "Demo",
        "description": "Ask away",
        "kind": "multihost",
        "duration": 45,
        "start_time_increment": 15,
        "before_buffer_time": 5,
        "after_buffer_time": 1440,
        "is_multiple_durations_allowed": True,
        "is_multiple_spots_allowed": True,
        "spot": "zoom",
        "spot_phone_call_number": "+1-555-0123",
        "spot_custom_text": "Ring twice",
        "spot_in_person_location": "123 Main St",
        "locked_time_zone": "America/New_York",
    }

    meeting = v2.create(**given)

    assert given == {name: meeting[name] for name in given}


def test_v1_does_not_know_the_buffers(v1: Api) -> None:
    """
    Buffers in a v1 request are dropped, whatever they are (BUFFERS_ARE_V2).
    """
    meeting = v1.create(before_buffer_time=10, after_buffer_time="nonsense")

    assert (meeting["before_buffer_time"], meeting["after_buffer_time"]) == (0, 0)


def test_a_number_may_come_as_digits(v1: Api) -> None:
    """
    The help centre's example sends the duration as a string (NUMERIC_STRING).
    """
    assert v1.create(duration="60")["duration"] == 60


def test_everything_missing_is_told_at_once(v2: Api) -> None:
    """
    An empty request is told all four required fields.
    """
    response = v2.post("/meetings", {})

    assert response.status_code == 422
    expected = "Slug can't be blank, Name can't be blank, Hosts can't be blank and Duration can't be blank"
    assert {"error": expected} == response.json()
    assert response.headers["x-emulator-facts"] == "REQUIRED_ON_CREATE"


@pytest.mark.parametrize(
    ("field", "value", "fact"),
    [
        ("slug", "", "BLANK"),
        ("slug", "Upper", "SLUG_CHARACTERS"),
        ("slug", " intro", "SLUG_CHARACTERS"),
        ("slug", "intro\n", "SLUG_CHARACTERS"),
        ("slug", "a#b", "SLUG_CHARACTERS"),
        ("slug", "é", "SLUG_CHARACTERS"),
        ("slug", "-intro", "SLUG_HYPHENS"),
        ("slug", "intro-", "SLUG_HYPHENS"),
        ("slug", "in--tro", "SLUG_HYPHENS"),
        ("slug", "settings", "SLUG_RESERVED"),
        ("slug", "scheduled-meetings", "SLUG_RESERVED"),
        ("name", "  ", "BLANK"),
        ("name", None, "BLANK"),
        ("name", 7, "VALUE_TYPE"),
        ("description", 7, "VALUE_TYPE"),
        ("kind", "one-on-one", "KIND_VALUES"),
        ("spot", "skype", "SPOT_VALUES"),
        ("duration", 0, "DURATION_RANGE"),
        ("duration", 1441, "DURATION_RANGE"),
        ("duration", "30 minutes", "VALUE_TYPE"),
        ("duration", 30.5, "VALUE_TYPE"),
        ("duration", True, "VALUE_TYPE"),
        ("duration", 10**30, "DURATION_RANGE"),
        ("start_time_increment", 2, "INCREMENT_MINIMUM"),
        ("start_time_increment", 2**31, "INCREMENT_MINIMUM"),
        ("before_buffer_time", -1, "BUFFER_RANGE"),
        ("after_buffer_time", 1441, "BUFFER_RANGE"),
        ("is_multiple_spots_allowed", "yes", "VALUE_TYPE"),
        ("hosts", [], "HOSTS_REQUIRED"),
        ("hosts", "ada@acme.example", "VALUE_TYPE"),
        ("hosts", [7], "VALUE_TYPE"),
        ("hosts", ["stranger@acme.example"], "HOSTS_ARE_MEMBERS"),
        ("durations", [{"duration": 0}], "DURATION_RANGE"),
        ("durations", [{"is_default": True}], "OPTION_REQUIRED"),
        ("durations", [{"duration": 1, "is_default": True}, {"duration": 2, "is_default": True}], "OPTION_ONE_DEFAULT"),
        ("spots", [{"spot": "phone_call"}], "SPOT_TEXT"),
        ("spots", "zoom", "VALUE_TYPE"),
    ],
)
def test_a_value_against_a_rule_is_refused(v2: Api, field: str, value: object, fact: str) -> None:
    """
    A bad value is answered with 422 and the fact behind the rule.
    """
    response = v2.post("/meetings", {**LINK, field: value})

    assert (422, fact) == (response.status_code, response.headers["x-emulator-facts"])


@pytest.mark.parametrize("slug", ["a", "_", "a_b", "a-b-c", "1", "meeting-with-oliver-smith"])
def test_a_slug_within_the_rules_is_accepted(v2: Api, slug: str) -> None:
    """
    Letters, digits, underscores and single hyphens between them make a slug.
    """
    assert slug == v2.create(slug=slug)["slug"]


def test_an_unknown_host_is_named(v2: Api) -> None:
    """
    The answer says which e-mail is no member's.
    """
    response = v2.post("/meetings", {**LINK, "hosts": ["ada@acme.example", "stranger@acme.example"]})

    assert response.json() == {"error": "Hosts stranger@acme.example is not a member of this workspace"}


def test_hosts_are_matched_whatever_their_case(v2: Api) -> None:
    """
    Hosts are shown as the member's own e-mail, once, in the order given (HOSTS_IGNORE_CASE, HOSTS_SHOWN).
    """
    meeting = v2.create(hosts=["BEN@acme.example", "ada@Acme.example", "ben@acme.example"])

    assert [host["email"] for host in meeting["hosts"]] == ["ben@acme.example", "ada@acme.example"]


def test_nested_options_become_the_links_options(v2: Api) -> None:
    """
    Durations and spots inside a create are kept, under ids of the server (NESTED_OPTIONS, DURATIONS_POSSIBLE).
    """
    meeting = v2.create(
        is_multiple_durations_allowed=True,
        durations=[{"id": "mine", "duration": 30, "is_default": True}, {"duration": 60}],
        spots=[{"spot": "custom", "custom_text": "Ring twice", "phone_call_number": "+1"}],
    )

    assert [(each["duration"], each["is_default"]) for each in meeting["durations"]] == [(30, True), (60, False)]
    assert meeting["durations_possible"] == [30, 60]
    assert meeting["durations"][0]["id"] != "mine"
    # The number does not belong to a custom spot.
    spot = meeting["spots"][0]
    assert (spot["custom_text"], spot["phone_call_number"], spot["in_person_location"]) == ("Ring twice", None, None)


# Slugs


def test_a_taken_slug_is_refused(v2: Api) -> None:
    """
    Two live links cannot have the same slug.
    """
    v2.create()

    response = v2.post("/meetings", LINK)

    assert (response.status_code, response.json()) == (422, {"error": "Slug has already been taken"})


def test_a_link_can_keep_its_own_slug(v2: Api) -> None:
    """
    An update that repeats the slug does not collide with itself.
    """
    meeting = v2.create()

    assert v2.patch(f"/meetings/{meeting['sid']}", {"slug": "intro"}).status_code == 200


def test_an_update_cannot_take_another_links_slug(v2: Api) -> None:
    """
    Renaming onto a taken slug is refused and changes nothing.
    """
    v2.create()
    other = v2.create(slug="other")

    response = v2.patch(f"/meetings/{other['sid']}", {"slug": "intro", "name": "Renamed"})

    assert response.status_code == 422
    assert other == v2.get(f"/meetings/{other['sid']}").json()


def test_a_deleted_links_slug_is_free_again(v2: Api) -> None:
    """
    A slug can be used again at once after its link was deleted.
    """
    v2.delete(f"/meetings/{v2.create()['sid']}")

    assert v2.create()["slug"] == "intro"


def test_workspaces_do_not_share_slugs(v2: Api, globex: Api) -> None:
    """
    The same slug can be used in two workspaces.
    """
    v2.create()

    assert globex.create(hosts=["nadia@globex.example"])["slug"] == "intro"


# Show


def test_one_link_is_shown_bare(v1: Api, v2: Api) -> None:
    """
    GET of one link is the object that the create answered, without a wrapper (GET_IS_BARE).
    """
    meeting = v2.create()

    assert meeting == v2.get(f"/meetings/{meeting['sid']}").json()
    assert meeting == v1.get(f"/meetings/{meeting['sid']}").json()


@pytest.mark.parametrize("field", ["id", "slug"])
def test_a_link_is_addressed_by_its_sid_alone(v2: Api, field: str) -> None:
    """
    Neither the id nor the slug works in the place of the sid (SID_IN_PATH).
    """
    meeting = v2.create()

    assert v2.get(f"/meetings/{meeting[field]}").status_code == 404


def test_a_missing_link_is_404(v2: Api) -> None:
    """
    Every verb on a link that does not exist answers the documented text.
    """
    answers = [
        v2.get("/meetings/nothere"),
        v2.patch("/meetings/nothere", {}),
        v2.delete("/meetings/nothere"),
        v2.post("/meetings/nothere/one-off-links"),
        v2.get("/meetings/nothere/spots"),
    ]

    assert [(each.status_code, each.json()) for each in answers] == [(404, {"error": "Meeting not found"})] * 5


def test_another_workspaces_link_is_404(v2: Api, globex: Api) -> None:
    """
    A key does not reach beyond its workspace (KEY_NAMES_WORKSPACE).
    """
    meeting = v2.create()

    assert globex.get(f"/meetings/{meeting['sid']}").status_code == 404
    assert globex.delete(f"/meetings/{meeting['sid']}").status_code == 404


# List


def test_a_list_has_links_and_counts(v2: Api) -> None:
    """
    A list answers the links, newest first, and the four counts (PAGING, LIST_ORDER).
    """
    meetings = [v2.create(slug=f"link-{number}") for number in range(3)]

    response = v2.get("/meetings", page_number=1, page_size=2)

    assert {
        "meetings": [meetings[2], meetings[1]],
        "pagination": {"total_records": 3, "total_pages": 2, "current_page_number": 1, "page_size": 2},
    } == response.json()


def test_a_page_past_the_end_is_empty(v2: Api) -> None:
    """
    Asking too far answers 200 with no links (PAGE_PAST_END).
    """
    v2.create()

    response = v2.get("/meetings", page_number=9, page_size=30)

    assert (response.status_code, response.json()["meetings"]) == (200, [])


def test_pages_default_to_thirty_and_end_at_a_hundred(v2: Api) -> None:
    """
    page_size is 30 when not given, and no more than 100 (PAGE_SIZE_LIMIT, LIST_WITHOUT_PAGE).
    """
    assert v2.get("/meetings").json()["pagination"]["page_size"] == 30
    assert v2.get("/meetings", page_size=5000).json()["pagination"]["page_size"] == 100


def test_the_old_name_of_the_page_number_works(v2: Api) -> None:
    """
    The official tool's `page` is understood where page_number is missing (PAGE_ALIAS).
    """
    assert v2.get("/meetings", page=3).json()["pagination"]["current_page_number"] == 3
    assert v2.get("/meetings", page=3, page_number=2).json()["pagination"]["current_page_number"] == 2


@pytest.mark.parametrize("params", [{"page_number": "0"}, {"page_number": "x"}, {"page_size": "-1"}, {"page_size": ""}])
def test_an_impossible_page_is_400(v2: Api, params: dict[str, str]) -> None:
    """
    A paging parameter that is no positive number is refused.
    """
    assert v2.get("/meetings", **params).status_code == 400


@pytest.mark.parametrize("name", ["page_number", "page_size"])
def test_a_page_beyond_a_databases_integer_is_400(v2: Api, name: str) -> None:
    """
    The largest number is answered as it was asked, a larger one is refused instead of changed.
    """
    largest = v2.get("/meetings", **{name: 2**31 - 1})
    refused = [v2.get("/meetings", **{name: number}) for number in (2**31, "9" * 5000)]

    assert (largest.status_code, largest.json()["meetings"]) == (200, [])
    assert largest.json()["pagination"]["current_page_number"] == (2**31 - 1 if name == "page_number" else 1)
    assert [(each.status_code, each.headers["x-emulator-facts"]) for each in refused] == [(400, "PAGE_INVALID")] * 2


def test_links_are_filtered_by_host(v1: Api, v2: Api) -> None:
    """
    In v2 host_email finds links of any of the hosts given; v1 does not know it (LIST_FILTERS).
    """
    v2.create(slug="of-ada", hosts=["ada@acme.example"])
    v2.create(slug="of-ben", hosts=["ben@acme.example", "chiara@acme.example"])
    v2.create(slug="of-chiara", hosts=["chiara@acme.example"])

    def found(api: Api, **params: str | list[str]) -> list[str]:
        return [meeting["slug"] for meeting in api.get("/meetings", **params).json()["meetings"]]

    assert found(v2, host_email="BEN@acme.example") == ["of-ben"]
    assert found(v2, **{"host_email[]": ["ada@acme.example", "ben@acme.example"]}) == ["of-ben", "of-ada"]
    assert found(v2, host_email="stranger@acme.example") == []
    assert found(v1, host_email="ben@acme.example") == ["of-chiara", "of-ben", "of-ada"]


def test_links_are_searched_by_name_and_slug(v2: Api) -> None:
    """
    Search finds a part of the name or slug, letter case ignored (LIST_SEARCH).
    """
    v2.create(slug="first", name="Straße")
    v2.create(slug="second-intro", name="Other")

    def found(text: str) -> list[str]:
        response = v2.get("/meetings", search=text)
        assert len(response.json()["meetings"]) == response.json()["pagination"]["total_records"]
        return [meeting["slug"] for meeting in response.json()["meetings"]]

    assert found("STRASSE") == ["first"]
    assert found("Intro") == ["second-intro"]
    assert found("%") == []


def test_lists_hold_disabled_links_but_no_templates(emulator: Emulator, v2: Api) -> None:
    """
    A disabled link stays in the list; templates and deleted links never show (LIST_LIVE_ONLY).
    """
    disabled = v2.create()
    emulator.edit_meeting(disabled["sid"], disabled=True)
    v2.delete(f"/meetings/{v2.create(slug='gone')['sid']}")

    listed = v2.get("/meetings").json()["meetings"]

    assert [(each["slug"], each["disabled"]) for each in listed] == [("intro", True)]


def test_a_deleted_link_stays_away_when_lists_are_read_anew(v2: Api) -> None:
    """
    A member's new address lets the lists be read from the tables again (LIST_LIVE_ONLY).
    """
    v2.delete(f"/meetings/{v2.create()['sid']}")
    (ben,) = v2.get("/team-members", email="ben@acme.example").json()["team_members"]

    v2.patch(f"/team-members/{ben['id']}", {"email": "benny@acme.example"})

    assert v2.get("/meetings").json()["meetings"] == []
    assert v2.get("/meetings", search="intro").json()["pagination"]["total_records"] == 0


# Update


@pytest.mark.parametrize("verb", ["patch", "put"])
def test_an_update_changes_what_it_names(v2: Api, verb: str) -> None:
    """
    PATCH and PUT change the fields they carry, keep the others and move updated_at
    (PUT_IS_PATCH, PATCH_KIND, SPOT_IN_REQUESTS).
    """
    before = v2.create(description="Keep me", hosts=["ada@acme.example", "ben@acme.example"])
    body = {"name": "New", "duration": 45, "hosts": ["ben@acme.example"], "spot": "zoom", "before_buffer_time": 5}

    response = getattr(v2, verb)(f"/meetings/{before['sid']}", body)

    after = response.json()["meeting"]
    assert (response.status_code, response.json()["message"]) == (200, "Meeting updated successfully")
    hosts = [{"name": "Ben Lindqvist", "email": "ben@acme.example"}]
    assert {**before, **body, "hosts": hosts, "updated_at": after["updated_at"]} == after
    assert before["updated_at"] < after["updated_at"]


def test_an_update_drops_what_it_does_not_document(v2: Api) -> None:
    """
    Create-only and read-only fields in an update are ignored silently (PATCH_FIELDS, UNDOCUMENTED_FIELDS).
    """
    before = v2.create(durations=[{"duration": 30, "is_default": True}])
    body = {
        "hosts": ["ada@acme.example"],
        "durations": [],
        "spots": [{"spot": "zoom"}],
        "disabled": True,
        "template_id": "nonsense",
        "is_multiple_durations_allowed": True,
        "is_multiple_spots_allowed": True,
        "lead_time": 5,
        "sid": "another",
        "anything": {"else": 1},
    }

    after = v2.patch(f"/meetings/{before['sid']}", body).json()["meeting"]

    assert {**before, "updated_at": after["updated_at"]} == after


def test_null_clears_what_can_be_empty(v2: Api) -> None:
    """
    null empties the description, the zone and the spot texts (NULL_CLEARS).
    """
    fields = (
        "description",
        "locked_time_zone",
        "spot_custom_text",
        "spot_phone_call_number",
        "spot_in_person_location",
    )
    meeting = v2.create(**dict.fromkeys(fields, "UTC"))

    after = v2.patch(f"/meetings/{meeting['sid']}", dict.fromkeys(fields)).json()["meeting"]

    assert dict.fromkeys(fields) == {name: after[name] for name in fields}


def test_a_refused_update_changes_nothing(v2: Api) -> None:
    """
    One bad field among good ones leaves the link as it was.
    """
    before = v2.create()

    response = v2.patch(f"/meetings/{before['sid']}", {"name": "New", "hosts": ["stranger@acme.example"]})

    assert response.status_code == 422
    assert before == v2.get(f"/meetings/{before['sid']}").json()


# Delete


def test_a_delete_is_204_once(v2: Api) -> None:
    """
    Deleting answers 204 without a body; the link is gone for every verb (DELETE_IS_V2, DELETE_IS_SOFT).
    """
    sid = v2.create()["sid"]

    response = v2.delete(f"/meetings/{sid}")

    assert (response.status_code, response.content) == (204, b"")
    assert [v2.get(f"/meetings/{sid}").status_code, v2.delete(f"/meetings/{sid}").status_code] == [404, 404]


def test_v1_cannot_delete_links(v1: Api) -> None:
    """
    DELETE on a link is an unknown verb in v1, and the link stays (DELETE_IS_V2).
    """
    sid = v1.create()["sid"]

    response = v1.delete(f"/meetings/{sid}")

    assert (response.status_code, response.headers["x-emulator-facts"]) == (405, "UNKNOWN_VERB")
    assert response.headers["allow"] == "GET, HEAD, PATCH, PUT"
    assert v1.get(f"/meetings/{sid}").status_code == 200


# One-off links


def test_a_one_off_link_has_a_slug_and_an_address(emulator: Emulator, v1: Api, v2: Api) -> None:
    """
    Both versions answer 200 with slug and url under their own paths (ONE_OFF, ONE_OFF_ADDRESS).
    """
    sid = v2.create()["sid"]

    answers = [v1.post(f"/meetings/{sid}/create_one_off_link"), v2.post(f"/meetings/{sid}/one-off-links")]

    assert [each.status_code for each in answers] == [200, 200]
    body = answers[1].json()
    assert re.fullmatch(r"one-off-[0-9a-f]{12}", body["slug"])
    assert f"{emulator.url}/{body['slug']}" == body["url"]


@pytest.mark.parametrize("number", [-(10**30), -1, 2**31])
def test_an_edit_keeps_numbers_in_bounds(emulator: Emulator, v2: Api, number: int) -> None:
    """
    A number that no column of a database holds is told, and the link stays as it was.
    """
    meeting = v2.create()

    with pytest.raises(SetupError, match="lead_time is between 0"):
        emulator.edit_meeting(meeting["sid"], lead_time=number)
    assert [meeting] == emulator.meetings()


def test_any_text_comes_back_as_it_was_sent(v1: Api, v2: Api) -> None:
    """
    Quotes, backslashes, line ends and letters of any script are the same alone, in lists and in the web app.
    """
    text = 'Ünïcode "quoted" \\ back\\slash\n\u2028 日本 🎉'
    member = v2.get("/team-members").json()["team_members"][0]
    v2.patch(f"/team-members/{member['id']}", {"first_name": text, "last_name": text})

    created = v2.create(name=text, description=text, hosts=[member["email"]])

    assert (created["name"], created["description"]) == (text, text)
    assert created["hosts"] == [{"name": f"{text} {text}", "email": member["email"]}]
    for api in (v1, v2):
        assert created == api.get(f"/meetings/{created['sid']}").json() == api.get("/meetings").json()["meetings"][0]


def test_a_refused_change_leaves_the_hosts(v2: Api) -> None:
    """
    When the slug is taken, the hosts of the same request are not taken over, nor found by.
    """
    v2.create(slug="taken")
    before = v2.create(slug="mine", hosts=["ada@acme.example"])

    refused = v2.patch(f"/meetings/{before['sid']}", {"slug": "taken", "hosts": ["ben@acme.example"]})

    assert refused.status_code == 422
    assert before == v2.get(f"/meetings/{before['sid']}").json()
    assert v2.get("/meetings", host_email="ben@acme.example").json()["meetings"] == []
