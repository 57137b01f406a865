"""
Texts that neetoCal stores in another form: warned of once, recorded, and no change as long as they stay so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from neetocal_emulator import Emulator, Switches
from neetocal_provider.api.client import Client
from neetocal_provider.core.normalization import learned
from neetocal_provider.core.state import preview_outputs
from neetocal_provider.resources.link_fields import BY_NAME
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.resource import NORMALIZED
from neetocal_provider.schema.types import UNKNOWN
from tests.core.conftest import Connect
from tests.core.engine import CoreStack
from tests.core.strategies import TEMPLATES
from tests.emulator.api import LINK
from tests.link import create, diff, read, update

FORMS = tuple(form for form in Switches.choices()["texts"] if form != "as_sent")
TEXT = "\ufeffZoe\u0308  & <co>"
"""Each form writes it in another way."""

CUSTOM = {"spot": "custom", "custom_text": TEXT, "is_default": True}
CALL = {"spot": "phone_call", "phone_call_number": "+1 (555) 0123", "is_default": False}
INTRO: dict[str, Any] = {
    **LINK,
    "name": TEXT,
    "description": TEXT,
    "spot": "in_person",
    "spot_in_person_location": TEXT,
    "spots": [CUSTOM, CALL],
}
WARNING = "neetoCal normalized {} of the link 'intro': it accepted the declared text and stores it in another form."

forms = pytest.mark.parametrize("form", FORMS)


@pytest.fixture
def stack(core: Connect, api_version: str) -> CoreStack:
    """
    Give an empty stack.
    """
    return CoreStack(core(api_version))


@pytest.fixture(params=["v2", "v1"])
def api_version(request: pytest.FixtureRequest) -> str:
    """
    Give a version of the API.
    """
    version: str = request.param
    return version


def outputs(stack: CoreStack) -> dict[str, Any]:
    """
    Return what is recorded of the only link.
    """
    ((_sid, found),) = stack.state.values()
    return found


def stored(emulator: Emulator) -> dict[str, Any]:
    """
    Return the texts that the only link holds.
    """
    (meeting,) = emulator.meetings()
    (text,) = [row["custom_text"] for row in meeting["spots"] if row["spot"] == "custom"]
    return {**{name: meeting[name] for name in ("name", "description", "spot_in_person_location")}, "custom_text": text}


@forms
@pytest.mark.parametrize("nested", ["honoured", "ignored"])
def test_a_new_link_is_warned_of_once_and_both_forms_are_recorded(
    stack: CoreStack, emulator: Emulator, form: str, nested: str
) -> None:
    """
    The program's words where they were, the stored ones beside them; neither a preview nor a refresh finds a change.
    """
    emulator.switch(texts=form, nested_options_on_create=nested)

    assert stack.up({"intro": INTRO}) == []

    names = "description, spots" if form == "html" else "name, description, spot_in_person_location, spots"
    assert [warning.split(" The state")[0] for warning in stack.warnings] == [WARNING.format(names)]
    found = outputs(stack)
    assert {name: found[name] for name in INTRO} == INTRO
    held = stored(emulator)
    assert {name: text for name, text in found[NORMALIZED].items() if name != "spots"} == {
        name: held[name] for name in names.split(", ") if name != "spots"
    }
    assert found[NORMALIZED]["spots"][0]["custom_text"] == held["custom_text"] != TEXT
    assert stack.changes({"intro": INTRO}) == {}
    stack.refresh()
    assert outputs(stack) == found
    assert stack.changes({"intro": INTRO}) == {}


@forms
def test_another_change_leaves_the_text_alone(stack: CoreStack, emulator: Emulator, form: str) -> None:
    """
    It is neither sent nor warned of again.
    """
    emulator.switch(texts=form)
    stack.up({"intro": INTRO})
    recorded, held, warnings = outputs(stack)[NORMALIZED], stored(emulator), len(stack.warnings)
    seen = len(emulator.requests)

    assert stack.up({"intro": {**INTRO, "duration": 45}}) == []

    assert "Zoe" not in "".join(str(request.body) for request in emulator.requests[seen:])
    assert (outputs(stack)[NORMALIZED], stored(emulator), len(stack.warnings)) == (recorded, held, warnings)
    assert stack.changes({"intro": {**INTRO, "duration": 45}}) == {}


@forms
def test_a_changed_text_has_its_own_form(stack: CoreStack, emulator: Emulator, form: str) -> None:
    """
    The new one is sent, stored, warned of and recorded; the default among spots moves without it being sent as stored.
    """
    emulator.switch(texts=form)
    stack.up({"intro": INTRO})
    other = TEXT.replace("Z", "Kl")
    spots = [{**CUSTOM, "custom_text": other, "is_default": False}, {**CALL, "is_default": True}]
    changed = {**INTRO, "description": other, "spots": spots}

    assert stack.up({"intro": changed}) == []

    assert stack.warnings[-1].startswith(WARNING.format("description, spots"))
    assert {key: "Klo" in text or "Kloë" in text for key, text in stored(emulator).items()} == {
        "name": False,
        "description": True,
        "spot_in_person_location": False,
        "custom_text": True,
    }
    assert outputs(stack)[NORMALIZED]["spots"][0]["custom_text"] == stored(emulator)["custom_text"]
    stack.refresh()
    assert stack.changes({"intro": changed}) == {}


@forms
@pytest.mark.parametrize("name", ["name", "description", "spots"])
def test_what_somebody_changes_is_drift_and_is_put_back(
    stack: CoreStack, emulator: Emulator, form: str, name: str
) -> None:
    """
    A refresh shows that one argument; the next deployment sends the declared text, which takes its form again.
    """
    emulator.switch(texts=form)
    stack.up({"intro": INTRO})
    theirs: Any = [{**CUSTOM, "custom_text": "Theirs."}, CALL] if name == "spots" else "Theirs."
    emulator.edit_meeting(stack.sids()["intro"], **{name: theirs})

    stack.refresh()

    assert stack.changes({"intro": INTRO}) == {"intro": (name,)}
    assert stack.up({"intro": INTRO}) == []
    assert {name: outputs(stack)[name] for name in INTRO} == INTRO
    stack.refresh()
    assert stack.changes({"intro": INTRO}) == {}


@forms
def test_what_somebody_changes_to_the_declared_text_is_no_change(
    stack: CoreStack, emulator: Emulator, form: str
) -> None:
    """
    Nothing is left to record of another form.
    """
    emulator.switch(texts=form)
    stack.up({"intro": INTRO})
    texts = {name: INTRO[name] for name in ("name", "description", "spot_in_person_location", "spots")}
    emulator.edit_meeting(stack.sids()["intro"], **texts)

    stack.refresh()

    assert NORMALIZED not in outputs(stack)
    assert stack.changes({"intro": INTRO}) == {}


@forms
def test_a_removed_argument_takes_its_form_along(stack: CoreStack, emulator: Emulator, form: str) -> None:
    """
    The text goes back to null.
    """
    emulator.switch(texts=form)
    stack.up({"intro": INTRO})
    less = {name: value for name, value in INTRO.items() if name != "description"}

    assert stack.up({"intro": less}) == []

    assert stored(emulator)["description"] is None
    assert "description" not in outputs(stack)[NORMALIZED]
    assert stack.changes({"intro": less}) == {}


@pytest.mark.parametrize("text", ["Q  and A", "Q and A", "Q and  A."])
def test_two_texts_may_have_one_form(stack: CoreStack, emulator: Emulator, text: str) -> None:
    """
    If only the form of a text changes, a server that stores the same as before has not ignored it.
    """
    emulator.switch(texts="tidied")
    stack.up({"intro": {**INTRO, "description": "Q and   A."}})
    changed = {**INTRO, "description": text}

    assert stack.up({"intro": changed}) == []

    assert stored(emulator)["description"] == " ".join(text.split())
    stack.refresh()
    assert stack.changes({"intro": changed}) == {}


def test_two_places_of_one_kind_have_forms_of_their_own(stack: CoreStack, emulator: Emulator) -> None:
    """
    Each row keeps its text when one of them goes.
    """
    emulator.switch(texts="escaped")
    here, there = ({**CUSTOM, "custom_text": text, "is_default": False} for text in ("Here & now", "There & then"))
    stack.up({"intro": {**INTRO, "spots": [{**CALL, "is_default": True}, here, there]}})
    less = {**INTRO, "spots": [{**CALL, "is_default": True}, there]}

    assert stack.up({"intro": less}) == []

    assert stored(emulator)["custom_text"] == "There &amp; then"
    stack.refresh()
    assert stack.changes({"intro": less}) == {}


@forms
def test_a_link_that_is_taken_over_or_imported_comes_to_rest(stack: CoreStack, emulator: Emulator, form: str) -> None:
    """
    Its texts are in their forms already, and stay so when the declared ones are sent.
    """
    emulator.switch(texts=form)
    stack.up({"intro": INTRO})
    sid, held = stack.sids()["intro"], stored(emulator)
    stack.state.clear()
    assert stack.up({"intro": {**INTRO, "adopt": True}}) == []
    assert stack.changes({"intro": INTRO}) == {}

    live = read(stack.client, sid, {})
    assert live is not None
    stack.state["intro"] = (sid, live.outputs)
    assert "description" in stack.changes({"intro": INTRO})["intro"]
    assert stack.up({"intro": INTRO}) == []

    if form != "html":  # which wraps what is in HTML already as it is
        assert stored(emulator) == held
    stack.refresh()
    assert stack.changes({"intro": INTRO}) == {}


@forms
def test_a_state_of_an_older_release_comes_to_rest(stack: CoreStack, emulator: Emulator, form: str) -> None:
    """
    It has the stored text for the declared one, from an update that failed, and nothing of forms.
    """
    emulator.switch(texts=form)
    stack.up({"intro": INTRO})
    found = outputs(stack)
    stack.state["intro"] = (
        stack.sids()["intro"],
        {name: found.get(NORMALIZED, {}).get(name, value) for name, value in found.items() if name != NORMALIZED},
    )

    assert stack.up({"intro": INTRO}) == []

    assert outputs(stack) == found
    assert stack.changes({"intro": INTRO}) == {}


@forms
def test_a_create_whose_answer_was_lost_finds_its_link(stack: CoreStack, emulator: Emulator, form: str) -> None:
    """
    By the letters of its name, whatever form that has.
    """
    emulator.switch(texts=form)
    emulator.fault("cut", method="POST", path="/meetings", moment="after", times=1)

    assert stack.up({"intro": INTRO}) == []

    assert len(emulator.meetings()) == 1
    assert stack.changes({"intro": INTRO}) == {}


@forms
def test_a_place_whose_answer_was_lost_is_made_once(stack: CoreStack, emulator: Emulator, form: str) -> None:
    """
    The next list tells that it is there, by the letters of its text.
    """
    emulator.switch(texts=form)
    stack.up({"intro": {**INTRO, "spots": [{"spot": "zoom", "is_default": True}]}})
    emulator.fault("cut", method="POST", path="/meetings/*/spots", moment="after", times=1)
    more = {**INTRO, "spots": [{"spot": "zoom", "is_default": True}, {**CUSTOM, "is_default": False}]}

    assert stack.up({"intro": more}) == []

    assert len(emulator.meetings()[0]["spots"]) == 2
    stack.refresh()
    assert stack.changes({"intro": more}) == {}


@forms
def test_a_template_has_forms_too(emulator: Emulator, core: Connect, form: str) -> None:
    """
    Made, changed and read: quiet afterwards.
    """
    emulator.switch(texts=form)
    client = core()
    declared = {**LINK, "slug": "plan", "name": TEXT, "description": TEXT}
    made = create(client, declared, MEETING_TEMPLATE)
    changed = {**declared, "description": TEXT.replace("Z", "Kl")}

    updated = update(client, made.id, made.outputs, changed, MEETING_TEMPLATE)
    live = read(client, made.id, updated.outputs, MEETING_TEMPLATE)

    assert (made.problems, updated.problems) == ((), ())
    assert (len(made.warnings), len(updated.warnings)) == (1, 1)
    assert live is not None
    assert live.outputs == updated.outputs
    assert diff(live.outputs, changed, client.settings, MEETING_TEMPLATE).changed == ()


# What isn't a form


class Deaf(httpx.BaseTransport):
    """
    Carries requests without the description that is in their bodies.
    """

    def __init__(self) -> None:
        self._carrier = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send the request without its description.
        """
        told = json.loads(request.content) if request.content else None
        content = json.dumps({name: value for name, value in told.items() if name != "description"}) if told else ""
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        return self._carrier.handle_request(
            httpx.Request(request.method, request.url, headers=headers, content=content)
        )

    def close(self) -> None:
        """
        Close the connections.
        """
        self._carrier.close()


@pytest.fixture
def deaf(core: Connect) -> Iterator[Client]:
    """
    Give a client of a server that accepts each description and ignores it.
    """
    with closing(Client(core().settings, Deaf())) as client:
        yield client


@pytest.mark.parametrize("origin", [{}, {"template_id": TEMPLATES[0]}])
def test_a_text_that_a_new_link_does_not_take_is_a_problem(deaf: Client, origin: dict[str, str]) -> None:
    """
    Whether it has none then, or that of its template.
    """
    made = create(deaf, {**LINK, **origin, "description": "Ours."})

    assert [problem.split(" ")[0] for problem in made.problems] == ["description"]
    assert NORMALIZED not in made.outputs


@pytest.mark.parametrize("others", [{}, {"hosts": ["ben@acme.example"], "kind": "round_robin"}])
@pytest.mark.parametrize("before", [{}, {"description": "Q & A"}])
@pytest.mark.parametrize("form", ["as_sent", "escaped"])
def test_a_text_that_an_update_does_not_change_is_a_problem(
    emulator: Emulator, core: Connect, deaf: Client, form: str, before: dict[str, str], others: dict[str, Any]
) -> None:
    """
    Whether it has none, the old one, or the old one's form.
    """
    emulator.switch(texts=form)
    made = create(core(), {**LINK, **before})

    declared = {**LINK, **others, "description": "Ours."}
    updated = update(deaf, made.id, made.outputs, declared)

    assert [problem.split(" ")[0] for problem in updated.problems] == ["description"]
    assert diff(updated.outputs, declared, deaf.settings).changed == ("description",)


def test_a_text_that_somebody_changed_meanwhile_is_no_form(emulator: Emulator, core: Connect, deaf: Client) -> None:
    """
    An update that is ignored finds what a person wrote, which the state doesn't know.
    """
    made = create(core(), {**LINK, "description": "Old."})
    emulator.edit_meeting(made.id, description="Theirs.")

    updated = update(deaf, made.id, made.outputs, {**LINK, "description": "Ours."})

    assert [problem.split(" ")[0] for problem in updated.problems] == ["description"]


@pytest.mark.parametrize(
    ("name", "sent", "found"),
    [
        ("slug", "intro", "intro-2"),
        ("locked_time_zone", "Asia/Kolkata", "Europe/Lisbon"),
        ("description", "Ours.", ""),
        ("description", "Ours.", None),
        ("kind", "one_on_one", "grouped"),
        ("duration", 30, 45),
        ("durations", [{"duration": 30}], [{"duration": 45}]),
        ("spots", [CUSTOM], [CALL]),
        ("spots", [CUSTOM], [{**CUSTOM, "custom_text": None}]),
        ("spots", [CUSTOM, {**CUSTOM, "custom_text": "x"}], [{**CUSTOM, "custom_text": text} for text in "yz"]),
    ],
)
def test_some_differences_are_never_one_of_form(name: str, sent: Any, found: Any) -> None:
    """
    Another address, zone, word, number or kind of place, no text, and one of two that could be either's.
    """
    assert learned(BY_NAME[name], sent, found, ()) == ()


def test_a_zone_under_a_name_outside_of_the_database_is_a_form() -> None:
    """
    Rails calls Asia/Kolkata Chennai.
    """
    assert learned(BY_NAME["locked_time_zone"], "Asia/Kolkata", "Chennai", ()) == (("Asia/Kolkata", "Chennai"),)


def test_a_preview_knows_the_forms_that_stay(emulator: Emulator, core: Connect) -> None:
    """
    Of what changes, or isn't known yet, it doesn't.
    """
    emulator.switch(texts="escaped")
    client = core()
    made = create(client, INTRO)

    later = preview_outputs(
        {**INTRO, "description": "New.", "spots": UNKNOWN}, client.settings, SCHEDULING_LINK.schema, made.outputs
    )

    assert later[NORMALIZED] == {name: made.outputs[NORMALIZED][name] for name in ("name", "spot_in_person_location")}
