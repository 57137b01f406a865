"""
`AddOnService` on the engine, under both providers: a resource below another one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack

LINK = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
TEMPLATE = "5d2f6c1e-8a34-4b7e-9c05-1f2e3d4c5b6a"
REPORT = {"name": "Written report", "duration": 15, "price": "25.50"}
TALK = {"name": "Talk", "description": "Half an hour more."}


@pytest.fixture
def stack(tmp_path: Path, emulator: Emulator) -> Stack:
    """
    Give a stack of the link and the services in `services.json`, under version 2.
    """
    return Stack(PROGRAMS / "services", tmp_path, emulator.environment())


def declare(stack: Stack, services: dict[str, Any], **link: Any) -> None:
    """
    Make these the services of the program.
    """
    (stack.folder / "services.json").write_text(json.dumps({**link, "services": services}))


def listed(api: Api, sid: str) -> dict[str, dict[str, Any]]:
    """
    Return the services of a link by name.
    """
    return {each["name"]: each for each in api.get(f"/meetings/{sid}/add-on-services").json()["add_on_services"]}


def test_services_follow_their_program(stack: Stack, emulator: Emulator, api: Api) -> None:
    """
    From create to destroy: with drift, a removed argument, bad arguments, and a link that is replaced under them.
    """
    emulator.clock(offset_s=-3600)  # a new service that is not found is not called gone
    declare(stack, {"report": REPORT, "talk": TALK}, link=LINK)
    assert stack.deploy() == {"create": 3}
    sid = emulator.meetings()[0]["sid"]
    report = listed(api, sid)["Written report"]
    assert stack.resources()["report"]["id"] == f"{sid}/{report['id']}"
    assert (report["price"], report["duration"]) == ("25.5", 15)

    assert api.put(f"/meetings/{sid}/add-on-services/{report['id']}", {"price": 30}).is_success
    assert api.delete(f"/meetings/{sid}/add-on-services/{listed(api, sid)['Talk']['id']}").is_success
    declare(stack, {"report": {**REPORT, "duration": None}, "talk": TALK}, link=LINK)
    assert stack.up("--refresh") == {"refresh": 3, "create": 1, "update": 1, "same": 1}
    assert {name: (each["price"], each["duration"]) for name, each in listed(api, sid).items()} == {
        "Written report": ("25.5", 0),
        "Talk": ("0.0", 0),
    }

    declare(stack, {"report": {"name": " ", "price": "a lot"}, "talk": TALK}, link=LINK)
    said = stack.fails("preview")
    assert "must not be blank" in said
    assert 'must be an amount of 0 or more as text, such as "25.50"' in said

    declare(stack, {"report": REPORT, "talk": TALK}, link={**LINK, "slug": "other", "template_id": TEMPLATE})
    assert stack.deploy() == {"replace": 3}
    other = emulator.meetings()[0]["sid"]
    assert other != sid
    assert {*listed(api, other)} == {"Written report", "Talk"}
    assert stack.destroy() == {"delete": 3}
    assert emulator.meetings() == []


@pytest.mark.matrix  # the path of a link's import, with another id
@pytest.mark.one_host("native", "the dynamic host cannot import by id")
def test_a_service_is_imported_by_its_id(stack: Stack, api: Api) -> None:
    """
    The link's sid and its own uuid; the imported arguments declare it.
    """
    sid = api.create()["sid"]
    made = api.post(f"/meetings/{sid}/add-on-services", {"name": "Report", "price": 25.5}).json()["add_on_service"]
    declare(stack, {})
    command = ("import", "neetocal:index:AddOnService", "report")
    quietly = ("--yes", "--generate-code=false", "--protect=false")

    said = stack.fails(*command, made["id"], *quietly)
    assert f"'{made['id']}' is not the id of a service: give the SID/UUID of a service" in said
    stack.shows(*command, f"{sid}/{made['id']}", *quietly)

    recorded = stack.resources()["report"]["inputs"]
    assert (recorded.pop("link"), recorded["name"], recorded["price"]) == (sid, "Report", "25.5")
    declare(stack, {"report": recorded}, sid=sid)
    stack.expect_quiet()
