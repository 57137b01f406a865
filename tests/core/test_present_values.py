"""
What an update sends along is what neetoCal holds, not what was recorded.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client
from neetocal_provider.errors import RefusedError
from neetocal_provider.resources import link_options
from tests.core.conftest import Connect
from tests.emulator.api import LINK
from tests.link import create, update
from tests.remote import links_of

BEN = "ben@acme.example"
VERSIONS = ["v2", "v1"]


def web_app(client: Client, sid: str, **values: Any) -> None:
    """
    Change a link as a person does, unseen by the client.
    """
    other = Client(client.settings)
    links_of(other).update(sid, {"hosts": LINK["hosts"], **values})
    other.close()


@pytest.mark.parametrize("kind", [{}, {"kind": "one_on_one"}])
@pytest.mark.parametrize("hosts", ["accepted", "refused"])
@pytest.mark.parametrize("api_version", VERSIONS)
def test_hosts_and_kind_that_people_changed_stay(
    emulator: Emulator, core: Connect, api_version: str, hosts: str, kind: dict[str, str]
) -> None:
    """
    An update of a text writes the text alone, in two requests, and records what it found.
    """
    emulator.switch(patch_without_hosts=hosts, patch_without_kind="reset")
    client = core(api_version)
    made = create(client, {**LINK, **kind})
    web_app(client, made.id, hosts=[BEN], kind="round_robin")
    seen = len(emulator.requests)

    outputs = update(client, made.id, made.outputs, {**LINK, **kind, "description": "New."}).outputs

    assert len(emulator.requests) - seen == 2
    (meeting,) = emulator.meetings()
    assert [host["email"] for host in meeting["hosts"]] == [BEN]
    assert (meeting["kind"], meeting["description"]) == ("round_robin", "New.")
    assert (outputs["hosts"], outputs["kind"]) == ([BEN], "round_robin")


@pytest.mark.parametrize("api_version", VERSIONS)
def test_many_updates_look_into_the_list(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    Present values of many links cost the first link's own request and one page, and none of them is overwritten.
    """
    client = core(api_version)
    links = [create(client, {**LINK, "slug": f"intro-{number}"}) for number in range(20)]
    for made in links:
        web_app(client, made.id, hosts=[BEN])
    seen = len(emulator.requests)

    for made in links:
        update(client, made.id, made.outputs, {**LINK, "slug": made.outputs["slug"], "description": "New."})

    assert len(emulator.requests) - seen == 20 + 2
    assert {host["email"] for meeting in emulator.meetings() for host in meeting["hosts"]} == {BEN}


@pytest.mark.parametrize("api_version", VERSIONS)
def test_a_host_who_left_is_named(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    Where neetoCal refuses the link's present hosts, the failure says who they are and what to do.
    """
    client = core(api_version)
    made = create(client, LINK)
    emulator.switch(unknown_hosts="accepted")
    web_app(client, made.id, hosts=[BEN, "gone@acme.example"])
    emulator.switch(unknown_hosts="refused")

    with pytest.raises(RefusedError, match=r"has the host gone@acme\.example, who may have left .* declare hosts"):
        update(client, made.id, made.outputs, {**LINK, "description": "New."})


@pytest.mark.parametrize("api_version", VERSIONS)
def test_hosts_that_no_answer_shows_are_not_written(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    Hosts that cannot be known are left out, and where neetoCal wants them it is reported.
    """
    client = core(api_version)
    made = create(client, LINK)
    web_app(client, made.id, hosts=[BEN])
    emulator.switch(hosts_in_answers="nowhere", patch_without_hosts="refused")

    with pytest.raises(RefusedError, match="shows no hosts of the link, so none were sent"):
        update(client, made.id, made.outputs, {**LINK, "description": "New."})
    emulator.switch(patch_without_hosts="accepted")
    update(client, made.id, made.outputs, {**LINK, "description": "New."})

    (meeting,) = emulator.meetings()
    assert [host["email"] for host in meeting["hosts"]] == [BEN]


def duration(minutes: int, *, is_default: bool = False) -> dict[str, Any]:
    """
    Return an option of this length.
    """
    return {"duration": minutes, "is_default": is_default}


@pytest.mark.parametrize("api_version", VERSIONS)
def test_a_default_that_people_moved_stays(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    A program that adds one duration and removes another changes neither the default nor what people added.
    """
    client = core(api_version)
    before = [duration(30, is_default=True), duration(45), duration(60)]
    made = create(client, {**LINK, "durations": before})
    moved = [duration(30), duration(45), duration(60, is_default=True), duration(90)]
    link_options.reconcile(client, made.id, "durations", moved)

    after = [duration(30, is_default=True), duration(60), duration(15)]
    updated = update(client, made.id, made.outputs, {**LINK, "durations": after})

    (meeting,) = emulator.meetings()
    held = {row["duration"]: row["is_default"] for row in meeting["durations"]}
    assert held == {30: False, 60: True, 90: False, 15: False}
    assert not updated.problems


@pytest.mark.parametrize("api_version", VERSIONS)
def test_a_place_that_people_changed_stays(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    A program that changes one place leaves the text of another as people wrote it.
    """
    client = core(api_version)
    zoom = {"spot": "zoom", "is_default": True}
    before = [zoom, phone("+1-555-0123"), custom("We'll call.")]
    made = create(client, {**LINK, "spots": before})
    link_options.reconcile(client, made.id, "spots", [zoom, phone("+1-555-0199"), custom("We'll call.")])

    after = [zoom, phone("+1-555-0123"), custom("You call.")]
    updated = update(client, made.id, made.outputs, {**LINK, "spots": after})

    (meeting,) = emulator.meetings()
    assert {row["spot"]: row["phone_call_number"] for row in meeting["spots"]}["phone_call"] == "+1-555-0199"
    assert {row["spot"]: row["custom_text"] for row in meeting["spots"]}["custom"] == "You call."
    assert not updated.problems


def phone(number: str) -> dict[str, Any]:
    """
    Return a place that is this phone number, not the default.
    """
    return {"spot": "phone_call", "phone_call_number": number, "is_default": False}


def custom(text: str) -> dict[str, Any]:
    """
    Return a place that is told by a text, not the default.
    """
    return {"spot": "custom", "custom_text": text, "is_default": False}
