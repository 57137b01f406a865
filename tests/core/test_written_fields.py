"""
Each write carries what the preview showed, and beside that only what neetoCal holds at that moment.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from tests.core.conftest import Connect
from tests.emulator.api import LINK
from tests.link import create, preview_adoption, update
from tests.remote import links_of, templates_of

ADA, BEN = "ada@acme.example", "ben@acme.example"
VERSIONS = ["v2", "v1"]
DURATIONS = [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}]


def written(emulator: Emulator) -> list[tuple[str, Any]]:
    """
    Return method and body of each write.
    """
    return [(each.method, each.body) for each in emulator.requests if each.method not in ("GET", "DELETE")]


@pytest.fixture
def theirs(emulator: Emulator, core: Connect) -> str:
    """
    Give the sid of a link that a person made and is changing.
    """
    made = create(core(), {**LINK, "name": "Theirs", "hosts": [BEN], "description": "Theirs.", "duration": 45})
    emulator.edit_meeting(made.id, kind="round_robin")
    return made.id


@pytest.mark.parametrize("declared", [{}, {"hosts": [BEN]}])
@pytest.mark.parametrize("api_version", VERSIONS)
def test_adoption_writes_what_its_preview_shows(
    emulator: Emulator, core: Connect, theirs: str, api_version: str, declared: dict[str, Any]
) -> None:
    """
    The declared fields that differ; hosts and kind that ride along are the link's own.
    """
    client = core(api_version)
    news = {**LINK, **declared, "adopt": True}
    seen = len(written(emulator))

    shown = preview_adoption(client, news)
    made = create(client, news)

    differing = {name: news[name] for name in ("name", "hosts", "duration") if name not in declared}
    assert f"('Theirs', 'intro') will be taken over and changed in {', '.join(differing)}." in shown
    (_refused, patch) = written(emulator)[seen:]
    assert patch == ("PATCH", {**differing, "hosts": news["hosts"], "kind": "round_robin"})
    (meeting,) = emulator.meetings()
    assert (made.id, meeting["description"], meeting["kind"]) == (theirs, "Theirs.", "round_robin")


@pytest.mark.parametrize("api_version", VERSIONS)
def test_what_people_change_after_the_preview_stays_unless_it_is_declared(
    emulator: Emulator, core: Connect, theirs: str, api_version: str
) -> None:
    """
    The preview shows each declared value as that of the resource, and none that is not declared.
    """
    client = core(api_version)
    news = {**LINK, "hosts": [BEN], "adopt": True}
    shown = preview_adoption(client, {**news, "name": "Theirs"})
    emulator.edit_meeting(theirs, name="Changed", description="Changed.", kind="multihost")

    made = create(client, {**news, "name": "Theirs"})

    assert "changed in duration." in shown
    (meeting,) = emulator.meetings()
    held = {name: meeting[name] for name in ("name", "description", "kind", "duration")}
    assert held == {"name": "Theirs", "description": "Changed.", "kind": "multihost", "duration": 30}
    assert "was taken over and changed in name, duration." in made.warnings[0]


def test_fields_of_an_adopted_link_that_no_answer_shows_are_reported(
    emulator: Emulator, core: Connect, theirs: str
) -> None:
    """
    Whether they differ isn't known, so they are not written, and preview and deployment say so.
    """
    client = core()
    emulator.switch(hosts_in_answers="nowhere")
    news = {**LINK, "hosts": [ADA], "adopt": True}

    shown = preview_adoption(client, news)
    made = create(client, news)

    emulator.switch(hosts_in_answers="everywhere")
    (meeting,) = emulator.meetings()
    assert (meeting["sid"], [host["email"] for host in meeting["hosts"]]) == (theirs, [BEN])
    for sentence in (shown, made.warnings[0]):
        assert "changed in name, duration. neetoCal doesn't show its hosts, so they stay as they are" in sentence


def test_a_declared_field_that_the_adopted_link_leaves_empty_is_written(core: Connect, theirs: str) -> None:
    """
    No value is a value, too.
    """
    client = core()
    links_of(client).update(theirs, {"hosts": [BEN], "description": None})

    made = create(client, {**LINK, "description": "Ours.", "locked_time_zone": "Europe/Lisbon", "adopt": True})

    assert "changed in name, hosts, duration, description, locked_time_zone." in made.warnings[0]
    assert links_of(client).get(theirs).values["description"] == "Ours."


@pytest.mark.parametrize("api_version", VERSIONS)
def test_options_of_an_adopted_link_that_its_answer_does_not_show_are_named(
    emulator: Emulator, core: Connect, theirs: str, api_version: str
) -> None:
    """
    They have endpoints of their own, so they are brought to what is declared, and the preview says so.
    """
    client = core(api_version)
    emulator.switch(nested_options_on_create="ignored")
    news = {**LINK, "durations": DURATIONS, "adopt": True}

    shown = preview_adoption(client, news)
    made = create(client, news)

    assert "durations." in shown
    assert "durations." in made.warnings[0]
    (meeting,) = emulator.meetings()
    assert (made.id, sorted(row["duration"] for row in meeting["durations"])) == (theirs, [30, 60])


@pytest.mark.parametrize("api_version", VERSIONS)
def test_a_link_that_was_not_finished_is_finished_and_not_written_anew(
    emulator: Emulator, core: Connect, api_version: str
) -> None:
    """
    What people changed since then stays: the preview shows the missing options alone.
    """
    client = core(api_version)
    news = {**LINK, "durations": DURATIONS}
    emulator.switch(nested_options_on_create="ignored")
    emulator.fault("status", status=500, path="/meetings/*/durations")
    made = create(client, news)
    emulator.clear_faults()
    emulator.edit_meeting(made.id, name="Theirs", kind="round_robin")
    seen = len(written(emulator))

    updated = update(client, made.id, made.outputs, news)

    assert "not finished" in made.warnings[0]
    assert {method for method, _body in written(emulator)[seen:]} <= {"POST", "PUT"}
    (meeting,) = emulator.meetings()
    assert (meeting["name"], meeting["kind"]) == ("Theirs", "round_robin")
    assert sorted(row["duration"] for row in meeting["durations"]) == [30, 60]
    assert not updated.problems


def test_an_update_of_a_template_writes_what_changed_in_one_request(emulator: Emulator, core: Connect) -> None:
    """
    Nothing rides along: hosts, kind and texts that people changed meanwhile stay, for one template and for many.
    """
    client = core()
    shapes = [{**LINK, "slug": f"shape-{number}", "description": "Ours."} for number in range(3)]
    made = [create(client, shape, MEETING_TEMPLATE) for shape in shapes]
    for each in made:
        web_app(client, each.id, hosts=[BEN], description="Theirs.", start_time_increment=20)
    before = len(emulator.requests)

    for each, shape in zip(made, shapes, strict=True):
        update(client, each.id, each.outputs, {**shape, "name": "New"}, MEETING_TEMPLATE)

    sent = [(each.method, each.body) for each in emulator.requests[before:]]
    assert sent == [("PATCH", {"name": "New"})] * len(made)
    for each in made:
        values = templates_of(client).get(each.id).values
        held = {name: values[name] for name in ("name", "hosts", "description", "start_time_increment")}
        assert held == {"name": "New", "hosts": [BEN], "description": "Theirs.", "start_time_increment": 20}


def test_adoption_of_a_template_writes_the_declared_fields_that_differ(emulator: Emulator, core: Connect) -> None:
    """
    As that of a link, without hosts or kind.
    """
    client = core()
    theirs = create(client, {**LINK, "slug": "shape", "name": "Theirs", "description": "Theirs."}, MEETING_TEMPLATE)
    seen = len(written(emulator))

    made = create(client, {**LINK, "slug": "shape", "adopt": True}, MEETING_TEMPLATE)

    (_refused, patch) = written(emulator)[seen:]
    assert (made.id, patch) == (theirs.id, ("PATCH", {"name": LINK["name"]}))


def web_app(client: Client, id_: str, **values: Any) -> None:
    """
    Change a template as a person does.
    """
    other = Client(client.settings)
    templates_of(other).update(id_, values)
    other.close()
