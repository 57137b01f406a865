"""
`MeetingTemplate` on the engine: the same care as for links.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api
from tests.engine.conftest import PROGRAMS, Asked
from tests.engine.stack import Stack

SHAPE = {"slug": "shape", "name": "Shape", "duration": 30}
LINK = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
CHANGES: dict[str, tuple[Any, Any]] = {
    "slug": ("one", "two"),
    "name": ("One", "Two"),
    "duration": (20, 25),
    "hosts": (["ada@acme.example"], ["ada@acme.example", "ben@acme.example"]),
    "description": ("One", "Two"),
    "start_time_increment": (15, 20),
    "before_buffer_time": (5, 10),
    "after_buffer_time": (5, 10),
    "spot": ("zoom", "teams"),
    "spot_custom_text": ("One", "Two"),
    "locked_time_zone": ("Europe/Lisbon", "Asia/Tokyo"),
}


@pytest.fixture
def stack(tmp_path: Path, emulator: Emulator) -> Stack:
    """
    Give a stack of the templates in `templates.json`, under version 2.
    """
    return Stack(PROGRAMS / "templates", tmp_path, emulator.environment())


def declare(stack: Stack, **templates: Any) -> None:
    """
    Make these the templates of the program.
    """
    (stack.folder / "templates.json").write_text(json.dumps(templates))


def listed(api: Api) -> dict[str, dict[str, Any]]:
    """
    Return the templates that the program made, by slug.
    """
    found = {each["slug"]: each for each in api.get("/meeting-templates", page_size=100).json()["templates"]}
    return {slug: each for slug, each in found.items() if not slug.startswith("template-")}


def test_a_template_lives_and_links_are_made_from_it(stack: Stack, emulator: Emulator, api: Api, asked: Asked) -> None:
    """
    In one program; a link takes over what the template says and it does not. Both may have the same slug.
    """
    link = {**LINK, "slug": SHAPE["slug"]}
    declare(stack, shape={**SHAPE, "description": "From the shape", "spot": "zoom", "link": link})
    assert stack.preview() == {"create": 2}
    assert stack.up() == {"create": 2}
    template = listed(api)["shape"]
    assert stack.stack_outputs() == {"shape": {"id": template["id"], "kind": "one_on_one", "workspace": "acme"}}
    (made,) = emulator.meetings()
    assert (made["description"], made["spot"]) == ("From the shape", "zoom")

    asked()
    assert stack.deploy() == {"same": 2}
    assert asked() == []

    declare(stack, shape={**SHAPE, "name": "Renamed", "spot": "teams", "link": link})
    assert stack.up() == {"update": 1, "same": 1}
    assert {key: listed(api)["shape"][key] for key in ("name", "spot", "description")} == {
        "name": "Renamed",
        "spot": "teams",
        "description": None,
    }
    assert stack.refresh() == {"refresh": 2}
    stack.expect_quiet()
    assert stack.destroy() == {"delete": 2}
    assert listed(api) == {}
    assert emulator.meetings() == []


def one_for_each_field(version: int) -> dict[str, dict[str, Any]]:
    """
    Return templates that declare one field each, in its first or second version.
    """
    slugs = {name: f"t-{name.replace('_', '-')}" for name in CHANGES}
    return {f"t-{name}": {**SHAPE, "slug": slugs[name], name: CHANGES[name][version]} for name in CHANGES}


def test_every_field_changes_in_place_and_drift_is_put_back(stack: Stack, api: Api) -> None:
    """
    One template for each field; what a refresh finds is what was changed, and no more.
    """
    declare(stack, **one_for_each_field(0))
    assert stack.up() == {"create": len(CHANGES)}

    declare(stack, **one_for_each_field(1))
    assert stack.up() == {"update": len(CHANGES)}

    template = listed(api)["t-name"]
    assert api.patch(f"/meeting-templates/{template['id']}", {"duration": 55, "description": "Theirs"}).is_success
    assert stack.preview("--refresh") == {"refresh": len(CHANGES), "update": 1, "same": len(CHANGES) - 1}
    assert stack.up("--refresh")["update"] == 1
    after = listed(api)["t-name"]
    assert (after["duration"], after["description"]) == (30, "Theirs")


def test_a_template_deleted_in_the_web_app_is_made_again(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    By the next deployment that looks; and one that is gone already counts as deleted.
    """
    emulator.clock(offset_s=-3600)  # a new template that is not found is not called gone
    declare(stack, shape=SHAPE)
    stack.deploy()
    assert api.delete(f"/meeting-templates/{stack.stack_outputs()['shape']['id']}").is_success

    assert stack.up("--refresh")["create"] == 1
    assert [*listed(api)] == ["shape"]
    assert api.delete(f"/meeting-templates/{stack.stack_outputs()['shape']['id']}").is_success
    assert stack.destroy() == {"delete": 1}


def test_a_taken_slug_is_told_and_taken_over_on_request(stack: Stack, api: Api) -> None:
    """
    The error names who has it and the way on; with `adopt` it becomes the program's.
    """
    theirs = api.post("/meeting-templates", {**SHAPE, "name": "Theirs", "description": "Kept"}).json()["template"]
    declare(stack, shape=SHAPE)
    said = stack.fails("up", "--yes", "--skip-preview")
    assert f"is taken: the template {theirs['id']} ('Theirs', 'shape') has it and differs in name" in said
    assert "Traceback" not in said

    declare(stack, shape={**SHAPE, "adopt": True})
    assert stack.up() == {"create": 1}
    assert stack.stack_outputs()["shape"]["id"] == theirs["id"]
    assert (listed(api)["shape"]["name"], listed(api)["shape"]["description"]) == ("Shape", "Kept")


def test_a_template_whose_answer_was_lost_is_made_once(stack: Stack, emulator: Emulator, api: Api) -> None:
    """
    It is found by its slug, as a link is.
    """
    emulator.fault("cut", method="POST", path="/meeting-templates", moment="after", times=1)
    declare(stack, shape=SHAPE)

    assert stack.up() == {"create": 1}
    assert stack.stack_outputs()["shape"]["id"] == listed(api)["shape"]["id"]


def test_under_version_1_a_template_is_refused_in_the_preview(stack: Stack) -> None:
    """
    The sentence says which setting allows it.
    """
    stack.environment(NEETOCAL_API_VERSION="v1")
    declare(stack, shape=SHAPE)

    said = stack.fails("preview")

    assert "a template needs version 2 of the API: set neetocal:apiVersion" in said
    assert "Traceback" not in said


def test_bad_arguments_are_told_in_the_preview(stack: Stack) -> None:
    """
    By the same rules as a link's.
    """
    declare(stack, shape={**SHAPE, "slug": "-x", "duration": 0, "kind": "group"})

    said = stack.fails("preview")

    for property_ in ("slug", "duration", "kind"):
        assert f"property {property_} value" in said
