"""
Templates, and links made from them.
"""

from __future__ import annotations

from typing import Any

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api

INTRO_CALL = "5d2f6c1e-8a34-4b7e-9c05-1f2e3d4c5b6a"
FLAG = "allow_multiple_add_on_services"
DEEP_DIVE = "7b9e0d3c-2f61-4c8a-b1d4-6a5f4e3d2c1b"


def test_templates_are_listed_in_both_versions(v1: Api, v2: Api) -> None:
    """
    The seed's templates show under `templates` with the four counts (TEMPLATE_LIST_KEY).
    """
    first = v1.get("/meeting_templates").json()
    second = v2.get("/meeting-templates").json()

    for each in second["templates"]:
        assert each.pop(FLAG) is True
    assert first == second
    assert [each["name"] for each in first["templates"]] == ["Deep dive", "Intro call"]
    assert [each["is_template"] for each in first["templates"]] == [True, True]
    assert first["pagination"]["total_records"] == 2


def test_templates_are_searched(v2: Api) -> None:
    """
    Search in v2 finds a part of a template's name.
    """
    found = v2.get("/meeting-templates", search="deep").json()["templates"]

    assert [each["id"] for each in found] == [DEEP_DIVE]


def test_a_template_lives_its_life(v2: Api) -> None:
    """
    Create 201, show bare, change 200 by either verb, delete 204, then 404 (TEMPLATE_ENVELOPE, TEMPLATE_FIELDS).
    """
    created = v2.post("/meeting-templates", {"name": "Short", "slug": "short", "duration": 15, "kind": "grouped"})
    template = created.json()["template"]
    path = f"/meeting-templates/{template['id']}"

    assert (created.status_code, created.json()["message"]) == (201, "Template created successfully")
    assert template == v2.get(path).json()
    changed = v2.patch(path, {"duration": 20, "kind": "multihost", "hosts": ["ben@acme.example"]}).json()["template"]
    assert (changed["duration"], changed["kind"], len(changed["hosts"])) == (20, "grouped", 1)
    assert v2.put(path, {"name": "Shorter"}).status_code == 200
    assert [v2.delete(path).status_code, v2.get(path).status_code] == [204, 404]


def test_a_template_needs_name_slug_and_duration(v2: Api) -> None:
    """
    Hosts may be missing, the other three not.
    """
    response = v2.post("/meeting-templates", {})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, "TEMPLATE_REQUIRED")


def test_v1_only_lists_templates(v1: Api) -> None:
    """
    Making or showing a template is not in v1.
    """
    assert v1.post("/meeting_templates", {}).status_code == 405
    assert v1.get(f"/meeting_templates/{INTRO_CALL}").status_code == 404


def test_a_link_takes_over_its_templates_values(v2: Api) -> None:
    """
    All values are copied, also those that no request can set; what the request says wins (TEMPLATE_COPY).
    """
    template = v2.get(f"/meeting-templates/{INTRO_CALL}").json()

    meeting = v2.create(template_id=INTRO_CALL, duration=45, hosts=["ben@acme.example"])

    own = {"id", "sid", "name", "slug", "duration", "is_template", "created_at", "updated_at", "hosts", FLAG}
    assert _without(template, own) == _without(meeting, own)
    assert tuple(meeting[name] for name in ("name", "slug", "duration", "is_template")) == ("Intro", "intro", 45, False)
    assert [host["email"] for host in meeting["hosts"]] == ["ben@acme.example"]


def test_a_templates_options_are_copied_under_new_ids(v2: Api) -> None:
    """
    The link has the template's durations as its own.
    """
    template = v2.get(f"/meeting-templates/{DEEP_DIVE}").json()

    meeting = v2.create(template_id=DEEP_DIVE)

    assert meeting["durations_possible"] == [60, 90]
    assert not {each["id"] for each in template["durations"]} & {each["id"] for each in meeting["durations"]}


def test_a_requests_options_replace_the_templates(v2: Api) -> None:
    """
    Durations in the request win over those of the template.
    """
    meeting = v2.create(template_id=DEEP_DIVE, durations=[{"duration": 15}])

    assert meeting["durations_possible"] == [15]


def test_a_template_changed_later_leaves_links_alone(v2: Api) -> None:
    """
    A link is a copy: it follows neither changes nor the deletion of its template.
    """
    meeting = v2.create(template_id=INTRO_CALL)
    v2.patch(f"/meeting-templates/{INTRO_CALL}", {"description": "Changed"})
    v2.delete(f"/meeting-templates/{INTRO_CALL}")

    assert meeting == v2.get(f"/meetings/{meeting['sid']}").json()


def test_an_unknown_template_is_404(v2: Api) -> None:
    """
    A template_id that is nobody's, or another workspace's, is refused as documented.
    """
    response = v2.post("/meetings", {**LINK, "template_id": "nonsense"})

    assert (response.status_code, response.json()) == (404, {"error": "Meeting does not exist"})


def test_templates_stay_in_their_workspace(globex: Api) -> None:
    """
    Another workspace can neither see nor use a template.
    """
    body = {**LINK, "hosts": ["nadia@globex.example"], "template_id": INTRO_CALL}

    assert globex.get(f"/meeting-templates/{INTRO_CALL}").status_code == 404
    assert globex.post("/meetings", body).status_code == 404


def _without(meeting: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in meeting.items() if name not in names}


SHORT = {"name": "Short", "slug": "short", "duration": 15, FLAG: False}


def test_several_add_on_services_are_allowed_until_an_update_says_otherwise(emulator: Emulator, v2: Api) -> None:
    """
    A create drops the flag, unless the switch says otherwise; an update takes it, a boolean alone (TEMPLATE_ADD_ONS).
    """
    made = v2.post("/meeting-templates", SHORT).json()["template"]
    path = f"/meeting-templates/{made['id']}"

    changed = v2.patch(path, {FLAG: False}).json()["template"]
    emulator.switch(add_on_flag_on_create="accepted")
    other = v2.post("/meeting-templates", {**SHORT, "slug": "other"}).json()["template"]

    assert (made[FLAG], changed[FLAG], other[FLAG]) == (True, False, False)
    assert v2.patch(path, {FLAG: "yes"}).status_code == 422
    assert v2.get(path).json() == changed


def test_the_flag_is_a_templates_in_v2_alone(emulator: Emulator, v1: Api, v2: Api) -> None:
    """
    Links made from a template do not show it, nor does v1, nor any answer if the switch says so (TEMPLATE_ADD_ONS).
    """
    made = v2.post("/meeting-templates", SHORT).json()["template"]
    path = f"/meeting-templates/{made['id']}"

    link = v2.create(template_id=made["id"])
    listed = next(each for each in v1.get("/meeting_templates").json()["templates"] if each["id"] == made["id"])
    emulator.switch(add_on_flag_in_answers="hidden")
    hidden = [v2.get(path).json(), v2.patch(path, {FLAG: False}).json()["template"]]

    assert FLAG in made
    assert [FLAG in each for each in (link, listed, *hidden)] == [False] * 4
    emulator.switch(add_on_flag_in_answers="shown")
    assert v2.get(path).json()[FLAG] is False


def test_a_seed_can_set_the_flag() -> None:
    """
    Of a template, not of a link.
    """
    ada = {"email": "ada@acme.example", "organization_role": "Admin"}
    workspace = {"api_keys": ["acme-demo-key"], "team_members": [ada], "templates": [SHORT]}
    with Emulator(seed={"workspaces": {"acme": workspace}}) as emulator:
        assert [each[FLAG] for each in emulator.objects("templates")] == [False]


def test_a_templates_update_can_drop_the_spot(emulator: Emulator, v2: Api) -> None:
    """
    No page lists spot, so that a switch drops it (SPOT_IN_REQUESTS).
    """
    made = v2.post("/meeting-templates", {"name": "Short", "slug": "short", "duration": 15, "spot": "zoom"})
    path = f"/meeting-templates/{made.json()['template']['id']}"

    assert v2.patch(path, {"spot": "teams"}).json()["template"]["spot"] == "teams"
    emulator.switch(spot_in_patch="dropped")
    assert v2.patch(path, {"spot": "zoom"}).json()["template"]["spot"] == "teams"
