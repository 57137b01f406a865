"""
Behaviour switches: the other readings of what nobody knows.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator, SwitchError, Switches
from tests.emulator.api import LINK, Api


def test_one_link_can_be_wrapped(emulator: Emulator, v2: Api) -> None:
    """
    get_meeting=wrapped answers the object under `meeting`.
    """
    meeting = v2.create()
    emulator.switch(get_meeting="wrapped")

    assert {"meeting": meeting} == v2.get(f"/meetings/{meeting['sid']}").json()


def test_an_update_can_require_hosts(emulator: Emulator, v2: Api) -> None:
    """
    patch_without_hosts=refused is the older backend, and the docs.
    """
    sid = v2.create()["sid"]
    emulator.switch(patch_without_hosts="refused")

    response = v2.patch(f"/meetings/{sid}", {"name": "New"})

    assert (response.status_code, response.json()) == (422, {"error": "Hosts can't be blank"})
    assert v2.patch(f"/meetings/{sid}", {"name": "New", "hosts": ["ada@acme.example"]}).status_code == 200


@pytest.mark.parametrize(("mode", "kind"), [("kept", "grouped"), ("reset", "one_on_one")])
def test_an_update_without_kind_can_reset_it(emulator: Emulator, v2: Api, mode: str, kind: str) -> None:
    """
    patch_without_kind=reset takes the documented default seriously.
    """
    emulator.switch(patch_without_kind=mode)
    sid = v2.create(kind="grouped")["sid"]

    assert kind == v2.patch(f"/meetings/{sid}", {"name": "New"}).json()["meeting"]["kind"]


def test_an_update_can_accept_create_only_fields(emulator: Emulator, v2: Api) -> None:
    """
    create_only_fields_in_patch=accepted lets is_multiple_* through.
    """
    emulator.switch(create_only_fields_in_patch="accepted")
    sid = v2.create()["sid"]

    meeting = v2.patch(f"/meetings/{sid}", {"is_multiple_spots_allowed": True}).json()["meeting"]

    assert meeting["is_multiple_spots_allowed"]


def test_an_update_can_drop_the_spot(emulator: Emulator, v2: Api) -> None:
    """
    spot_in_patch=dropped follows the reference page, which does not list it.
    """
    emulator.switch(spot_in_patch="dropped")
    sid = v2.create()["sid"]

    assert v2.patch(f"/meetings/{sid}", {"spot": "zoom"}).json()["meeting"]["spot"] == "jitsi"


def test_nested_options_can_be_ignored(emulator: Emulator, v2: Api) -> None:
    """
    nested_options_on_create=ignored drops durations and spots from a create.
    """
    emulator.switch(nested_options_on_create="ignored")

    meeting = v2.create(durations=[{"duration": 30}], spots="nonsense")

    assert (meeting["durations"], meeting["spots"]) == ([], [])


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("error", {"error": "Slug is reserved and Name can't be blank"}),
        ("errors", {"errors": ["Slug is reserved", "Name can't be blank"]}),
        ("notice", {"notice": "Slug is reserved and Name can't be blank"}),
        (
            "field_errors",
            {
                "field_errors": [
                    {"field": "slug", "message": "is reserved"},
                    {"field": "name", "message": "can't be blank"},
                ]
            },
        ),
        ("message", {"message": "Slug is reserved and Name can't be blank"}),
    ],
)
def test_errors_have_five_shapes(emulator: Emulator, v2: Api, shape: str, body: dict[str, Any]) -> None:
    """
    error_body chooses the key under which an error's text stands.
    """
    emulator.switch(error_body=shape)

    response = v2.post("/meetings", {**LINK, "slug": "admin", "name": ""})

    assert body == response.json()


def test_the_401_keeps_its_shape(emulator: Emulator) -> None:
    """
    The one documented error body does not follow the switch.
    """
    emulator.switch(error_body="errors")
    stranger = Api(emulator.url, key="wrong")

    assert stranger.get("/meetings").json() == {"error": "Could not authenticate, invalid API Key"}
    stranger.close()


@pytest.mark.parametrize("status", [422, 400, 409])
def test_a_taken_slug_has_three_statuses(emulator: Emulator, v2: Api, status: int) -> None:
    """
    slug_taken_status moves that refusal alone.
    """
    emulator.switch(slug_taken_status=status)
    v2.create()

    assert status == v2.post("/meetings", LINK).status_code
    assert v2.post("/meetings", {**LINK, "slug": "admin"}).status_code == 422


def test_hosts_can_be_strangers(emulator: Emulator, v2: Api) -> None:
    """
    unknown_hosts=accepted keeps any e-mail.
    """
    emulator.switch(unknown_hosts="accepted")

    hosts = v2.create(hosts=["x@other.example"])["hosts"]

    assert hosts == [{"name": "x@other.example", "email": "x@other.example"}]


@pytest.mark.parametrize(
    ("mode", "expected"), [("everywhere", [True, True]), ("not_in_lists", [True, False]), ("nowhere", [False, False])]
)
def test_hosts_can_be_hidden(emulator: Emulator, v2: Api, mode: str, expected: list[bool]) -> None:
    """
    hosts_in_answers hides the hosts from lists, or from every answer; the store has them.
    """
    emulator.switch(hosts_in_answers=mode)
    meeting = v2.create()

    listed = v2.get("/meetings").json()["meetings"][0]

    assert expected == ["hosts" in meeting, "hosts" in listed]
    assert len(emulator.meetings()[0]["hosts"]) == 1


def test_a_list_without_page_number_can_be_everything(emulator: Emulator, v2: Api) -> None:
    """
    list_without_page_number=everything is the other page of the docs.
    """
    emulator.switch(list_without_page_number="everything")
    for number in range(3):
        v2.create(slug=f"link-{number}")

    response = v2.get("/meetings", page_size=2).json()

    assert len(response["meetings"]) == 3
    assert response["pagination"] == {"total_records": 3, "total_pages": 1, "current_page_number": 1, "page_size": 3}
    assert len(v2.get("/meetings", page_size=2, page_number=1).json()["meetings"]) == 2


def test_a_reset_takes_switches_back_to_the_start() -> None:
    """
    What was given at the start holds again after a reset.
    """
    with Emulator(switches={"get_meeting": "wrapped"}) as emulator:
        emulator.switch(get_meeting="bare", error_body="notice")
        emulator.reset()
        api = Api(emulator.url)

        meeting = api.create()

        assert {"meeting": meeting} == api.get(f"/meetings/{meeting['sid']}").json()
        assert "error" in api.get("/meetings/nothere").json()
        api.close()


@pytest.mark.parametrize(
    "switches", [{"nothing": "x"}, {"get_meeting": "x"}, {"slug_taken_status": 500}, {"slug_taken_status": 422.0}]
)
def test_a_switch_that_does_not_exist_is_told(emulator: Emulator, switches: dict[str, Any]) -> None:
    """
    A slip names what there is to choose from, and changes nothing.
    """
    with pytest.raises(SwitchError, match=r"there are get_meeting|bare, wrapped|422, 400, 409"):
        emulator.switch(error_body="notice", **switches)


def test_every_default_is_the_first_choice() -> None:
    """
    The likeliest reading comes first in each list of values.
    """
    assert {name: values[0] for name, values in Switches.choices().items()} == Switches().to_dict()


def test_templates_can_be_among_the_links(emulator: Emulator, v1: Api, v2: Api) -> None:
    """
    templates_among_links=shown lists them with the links and answers their sids; changing one as a link is still 404.
    """
    sid = v2.create()["sid"]
    theirs = [each["sid"] for each in v2.get("/meeting-templates").json()["templates"]]
    emulator.switch(templates_among_links="shown")

    for api in (v1, v2):
        listed = api.get("/meetings").json()
        assert [each["sid"] for each in listed["meetings"]] == [sid, *theirs]
        assert listed["pagination"]["total_records"] == 3
        assert api.get(f"/meetings/{theirs[0]}").json()["is_template"] is True
        assert api.patch(f"/meetings/{theirs[0]}", {"name": "New"}).status_code == 404
    assert [each["sid"] for each in emulator.meetings()] == [sid]


@pytest.mark.parametrize(
    ("texts", "description", "name", "number"),
    [
        ("as_sent", "\ufeffZoe\u0308  & <co>", "Zoe\u0308  & co", "+1 (555) 0123"),
        ("tidied", "\ufeffZoe\u0308 & <co>", "Zoe\u0308 & co", "+15550123"),
        ("html", "<p>\ufeffZoe\u0308  & <co></p>", "Zoe\u0308  & co", "+1 (555) 0123"),
        ("escaped", "\ufeffZoe\u0308  &amp; &lt;co&gt;", "Zoe\u0308  &amp; co", "+1 (555) 0123"),
        ("composed", "Zo\u00eb  & <co>", "Zo\u00eb  & co", "+1 (555) 0123"),
    ],
)
def test_texts_can_be_stored_in_another_form(
    emulator: Emulator, v2: Api, texts: str, description: str, name: str, number: str
) -> None:
    """
    Those of links, templates and spots, made or changed; what the web app writes stays as it is (TEXTS_AS_SENT).
    """
    emulator.switch(texts=texts)
    sent = {"name": "Zoe\u0308  & co", "description": "\ufeffZoe\u0308  & <co>"}
    call = {"spot": "phone_call", "phone_call_number": "+1 (555) 0123"}

    made = v2.create(**sent, spots=[call])
    changed = v2.patch(f"/meetings/{v2.create(slug='other')['sid']}", sent).json()["meeting"]
    template = v2.post("/meeting-templates", {**LINK, **sent}).json()["template"]
    again = v2.patch(f"/meeting-templates/{template['id']}", {"description": sent["description"]}).json()["template"]

    for each in (made, changed, template, again):
        assert (each["description"], each["name"]) == (description, name)
    path = f"/meetings/{made['sid']}/spots"
    v2.post(path, call)
    v2.put(f"{path}/{made['spots'][0]['id']}", call)
    assert [row["spot_phone_call_number"] for row in v2.get(path).json()["spots"]] == [number, number]
    edited = emulator.edit_meeting(made["sid"], description=sent["description"])
    assert edited["description"] == sent["description"]
