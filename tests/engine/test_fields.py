"""
Every argument on its own: set, changed in place, removed, refused.

Each program declares one link for each argument, so that one run of the engine tries them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.resources.link_fields import FIELDS
from neetocal_provider.schema.fields import NO_DEFAULT, Update
from tests.engine.conftest import Asked
from tests.engine.stack import Stack

PLAIN: dict[str, Any] = {"name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
ZOOM = {"spot": "zoom", "is_default": True}
CALL = {"spot": "phone_call", "phone_call_number": "+1-555-0123"}

CHANGES: dict[str, tuple[Any, Any]] = {
    "slug": ("slug-before", "slug-after"),
    "name": ("Before", "After"),
    "hosts": (["ada@acme.example"], ["ben@acme.example", "chiara@acme.example"]),
    "duration": (30, 45),
    "description": ("Before", "After"),
    "kind": ("round_robin", "multihost"),
    "start_time_increment": (15, 10),
    "before_buffer_time": (5, 10),
    "after_buffer_time": (5, 0),
    "is_multiple_durations_allowed": (True, False),
    "is_multiple_spots_allowed": (True, False),
    "spot": ("zoom", "google_meet"),
    "spot_phone_call_number": ("+1-555-0123", "+1-555-0199"),
    "spot_custom_text": ("Before", "After"),
    "spot_in_person_location": ("Before", "After"),
    "locked_time_zone": ("Europe/Lisbon", "Europe/Sofia"),
    "durations": (
        [{"duration": 30, "is_default": True}, {"duration": 60}],
        [{"duration": 30}, {"duration": 45, "is_default": True}, {"duration": 90}],
    ),
    "spots": ([ZOOM, CALL], [{**ZOOM, "is_default": False}, {**CALL, "phone_call_number": "+2", "is_default": True}]),
}
"""By argument, the value at first and the value after the change."""


def fields_of(api_version: str) -> list[str]:
    """
    Return the names of the arguments that a version of the API can take.
    """
    return [field.name for field in FIELDS if field.name in CHANGES and not (field.needs_v2 and api_version == "v1")]


def declared(fields: list[str], step: int | None) -> dict[str, dict[str, Any]]:
    """
    Return a link for each field: with its first value, its second, or, at step None, without it.
    """
    return {name: link(name) | ({} if step is None else {name: CHANGES[name][step]}) for name in fields}


def link(field: str) -> dict[str, Any]:
    """
    Return a plain link with a slug of its own.
    """
    return {"slug": field.replace("_", "-"), **PLAIN}


def unlike(stack: Stack, emulator: Emulator, expected: Mapping[str, Any]) -> list[str]:
    """
    Return the fields whose link does not hold in neetoCal what is expected of it.
    """
    meetings = {meeting["sid"]: meeting for meeting in emulator.meetings()}
    links = stack.resources()
    return [name for name, value in expected.items() if not same(name, held(meetings[links[name]["id"]], name), value)]


def held(meeting: Mapping[str, Any], field: str) -> Any:
    """
    Return what neetoCal holds in a field of a link, in the program's words.
    """
    value = meeting[field]
    if field == "hosts":
        return [host["email"] for host in value]
    if field in ("durations", "spots"):
        return [{key: row[key] for key in row if key not in ("id", "created_at", "updated_at")} for row in value]
    return value


def same(field: str, one: Any, other: Any) -> bool:
    """
    Whether two values of a field mean the same.
    """
    (canonical,) = [known.type.canonical for known in FIELDS if known.name == field]
    return canonical(one) == canonical(other)


def test_each_argument_is_set_changed_in_place_and_removed(stack: Stack, emulator: Emulator, api_version: str) -> None:
    """
    No argument but the template replaces a link; a removed one goes back to its documented default, or stays.
    """
    emulator.switch(create_only_fields_in_patch="accepted")
    fields = fields_of(api_version)

    stack.declare(**declared(fields, 0))
    assert stack.up() == {"create": len(fields)}
    assert unlike(stack, emulator, {field: CHANGES[field][0] for field in fields}) == []
    ids = {name: resource["id"] for name, resource in stack.resources().items()}

    stack.declare(**declared(fields, 1))
    assert stack.up() == {"update": len(fields)}
    assert unlike(stack, emulator, {field: CHANGES[field][1] for field in fields}) == []

    optional = [field for field in FIELDS if field.name in fields and not field.required]
    stack.declare(**(declared(fields, 1) | declared([field.name for field in optional], None)))
    assert stack.up() == {"update": len(optional), "same": len(fields) - len(optional)}
    expected = {
        field.name: CHANGES[field.name][1] if field.default is NO_DEFAULT else field.default for field in optional
    }
    assert unlike(stack, emulator, expected) == []

    assert {name: resource["id"] for name, resource in stack.resources().items()} == ids
    assert stack.refresh() == {"refresh": len(fields)}
    stack.expect_quiet()


def test_a_change_sends_itself_and_hosts_and_kind(stack: Stack, emulator: Emulator) -> None:
    """
    The vendor's pages require the hosts in PATCH and give the kind a default there; nothing else is sent.

    Both are sent as they are in neetoCal.
    """
    kinds: dict[str, dict[str, str]] = {"none": {}, "usual": {"kind": "one_on_one"}, "other": {"kind": "grouped"}}
    before = {name: {"slug": name, **PLAIN, **kind, "description": "Before"} for name, kind in kinds.items()}
    stack.declare(**before)
    stack.deploy()
    stack.declare(**{name: {**link, "description": "After"} for name, link in before.items()})
    stack.up()

    sent: list[tuple[str, str, Any]] = [(each.method, each.path, each.body) for each in emulator.requests]
    creates = {body["slug"]: body for method, _path, body in sent if method == "POST"}
    assert creates == before
    assert {type(create["duration"]) for create in creates.values()} == {int}
    updates = {path: body for method, path, body in sent if method == "PATCH"}
    for name, kind in kinds.items():
        (update,) = [body for path, body in updates.items() if path.endswith(stack.resources()[name]["id"])]
        assert update == {"description": "After", "hosts": PLAIN["hosts"], "kind": "one_on_one", **kind}


def test_all_arguments_are_covered() -> None:
    """
    A new field must be tried, too; the template and what is ours alone have tests of their own.
    """
    own = {field.name for field in FIELDS if field.is_local or field.update is Update.REPLACE}

    assert {field.name for field in FIELDS} - own == set(CHANGES)


@pytest.mark.parametrize("ignored", [[], ["hosts"]], ids=["", "ignored"])
def test_hosts_changed_in_the_web_app_stay_if_the_preview_shows_a_text_alone(
    stack: Stack, emulator: Emulator, ignored: list[str]
) -> None:
    """
    They ride along as they are in neetoCal, with `ignore_changes` and without; then the state knows them.
    """
    opts = {"ignore_changes": ignored}
    stack.declare(intro={"slug": "intro", **PLAIN, "opts": opts})
    stack.deploy()
    emulator.edit_meeting(stack.resources()["intro"]["id"], hosts=["ben@acme.example"])

    stack.declare(intro={"slug": "intro", **PLAIN, "description": "After", "opts": opts})
    assert stack.deploy() == {"update": 1}

    (meeting,) = emulator.meetings()
    assert (meeting["description"], [host["email"] for host in meeting["hosts"]]) == ("After", ["ben@acme.example"])
    stack.refresh()
    assert stack.preview() == ({"same": 1} if ignored else {"update": 1})


def test_an_undeclared_field_changed_in_the_web_app_stays(stack: Stack, emulator: Emulator) -> None:
    """
    Declared means managed, undeclared means left alone, also when something else changes and nobody has refreshed.
    """
    stack.declare(intro={"slug": "intro", **PLAIN})
    stack.deploy()
    emulator.edit_meeting(stack.resources()["intro"]["id"], description="By hand", kind="grouped", lead_time=60)

    stack.declare(intro={"slug": "intro", **PLAIN, "duration": 45})
    assert stack.up() == {"update": 1}

    (meeting,) = emulator.meetings()
    found = {name: meeting[name] for name in ("duration", "description", "kind", "lead_time")}
    assert found == {"duration": 45, "description": "By hand", "kind": "grouped", "lead_time": 60}
    assert stack.outputs("intro")["kind"] == "grouped"


def test_an_option_added_in_the_web_app_is_removed_only_where_the_preview_says_so(
    stack: Stack, emulator: Emulator
) -> None:
    """
    Another change leaves it alone; a refresh shows it, and then it goes.
    """
    durations = [{"duration": 30, "is_default": True}]
    stack.declare(intro={"slug": "intro", **PLAIN, "durations": durations})
    stack.deploy()
    by_hand = [*durations, {"duration": 90, "is_default": False}]
    emulator.edit_meeting(stack.resources()["intro"]["id"], durations=by_hand)

    stack.declare(intro={"slug": "intro", **PLAIN, "name": "After", "durations": durations})
    stack.deploy()
    assert same("durations", emulator.meetings()[0]["durations"], by_hand)

    assert stack.preview() == {"update": 1}
    assert stack.up() == {"update": 1}
    assert same("durations", emulator.meetings()[0]["durations"], durations)


def test_a_place_whose_text_changed_keeps_its_row(stack: Stack, emulator: Emulator, asked: Asked) -> None:
    """
    The API documents PUT for it, and a server may allow one row for each place.
    """
    stack.declare(intro={"slug": "intro", **PLAIN, "spots": [ZOOM, CALL]})
    stack.deploy()
    asked()
    stack.declare(intro={"slug": "intro", **PLAIN, "spots": [ZOOM, {**CALL, "phone_call_number": "+2"}]})

    assert stack.up() == {"update": 1}

    assert [method for method, _path in asked() if method != "GET"] == ["PUT"]
    assert same("spots", held_spots(emulator), [ZOOM, {**CALL, "phone_call_number": "+2"}])


def test_a_field_that_did_not_stick_is_an_error_with_two_ways_out(stack: Stack, emulator: Emulator) -> None:
    """
    Where the API drops a field that it documents for create only, the update fails; nothing is replaced silently.
    """
    stack.declare(intro={"slug": "intro", **PLAIN})
    stack.deploy()
    sid = stack.resources()["intro"]["id"]

    stack.declare(intro={"slug": "intro", **PLAIN, "is_multiple_spots_allowed": True})
    said = stack.fails("up", "--yes", "--skip-preview")

    assert "is_multiple_spots_allowed is False instead of True after neetoCal accepted it" in said
    assert "change it in the web app and run `pulumi refresh`" in said
    assert "make the link anew with `pulumi destroy --target`" in said
    assert "Traceback" not in said
    emulator.edit_meeting(sid, is_multiple_spots_allowed=True)
    assert stack.up() == {"update": 1}
    assert [meeting["sid"] for meeting in emulator.meetings()] == [sid]


@pytest.mark.parametrize(
    "handling", ["conflict", *[pytest.param(handling, marks=pytest.mark.matrix) for handling in ("swap", "locked")]]
)
def test_options_follow_the_program_however_the_default_moves(
    stack: Stack, emulator: Emulator, asked: Asked, handling: str
) -> None:
    """
    Whether a second default is refused, or moves the flag, or the only default cannot be unset: the end is the same.
    """
    emulator.switch(default_option=handling)
    first, second = CHANGES["durations"]
    stack.declare(intro={"slug": "intro", **PLAIN, "durations": first})
    stack.deploy()
    assert len([method for method, _path in asked() if method != "GET"]) == 1

    stack.declare(intro={"slug": "intro", **PLAIN, "durations": second})
    assert stack.up() == {"update": 1}

    (meeting,) = emulator.meetings()
    assert same("durations", meeting["durations"], second)
    assert stack.refresh() == {"refresh": 1}
    stack.expect_quiet()


def test_options_that_create_ignored_are_added_afterwards(stack: Stack, emulator: Emulator) -> None:
    """
    Nobody documents whether nested options on create are honoured; the result is the same either way.
    """
    emulator.switch(nested_options_on_create="ignored")
    stack.declare(intro={"slug": "intro", **PLAIN, "spots": CHANGES["spots"][0]})

    assert stack.up() == {"create": 1}

    assert same("spots", held_spots(emulator), CHANGES["spots"][0])


def held_spots(emulator: Emulator) -> list[dict[str, Any]]:
    """
    Return the spots of the only link, in the program's words.
    """
    (meeting,) = emulator.meetings()
    return [{key: row[key] for key in row if key not in ("id", "created_at", "updated_at")} for row in meeting["spots"]]
