"""
What the core asks about links and bookings that are not in its state.
"""

from __future__ import annotations

from itertools import product

import httpx
import pytest

from neetocal_emulator import Emulator, Switches
from neetocal_provider import errors
from neetocal_provider.api.client import Client
from neetocal_provider.core.create import says_taken
from neetocal_provider.core.search import Query, find_all
from neetocal_provider.resources.link_bookings import count_upcoming
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.settings import Settings
from tests.core.conftest import Connect
from tests.emulator.api import LINK
from tests.link import create, delete, update
from tests.remote import links_of, templates_of

CHOICES = Switches.choices()
REFUSALS = list(product(CHOICES["error_body"], CHOICES["slug_taken_status"]))


@pytest.mark.parametrize(("shape", "status"), REFUSALS)
@pytest.mark.parametrize("api_version", ["v2", "v1"])
def test_a_taken_slug_is_understood_in_every_shape(
    emulator: Emulator, core: Connect, api_version: str, shape: str, status: int
) -> None:
    """
    Nobody knows how the vendor says it.
    """
    client = core(api_version)
    sid = create(client, LINK).id
    emulator.switch(error_body=shape, slug_taken_status=status)

    with pytest.raises(errors.RefusedError, match=rf"'intro' is taken: the link {sid} .* has it and differs in name;"):
        create(client, {**LINK, "name": "Another"})


@pytest.mark.parametrize("api_version", ["v2", "v1"])
def test_the_holder_of_a_slug_is_found_on_any_page(core: Connect, api_version: str) -> None:
    """
    Version 1 has no search, and a page holds a hundred.
    """
    client = core(api_version)
    for number in range(205):
        create(client, {**LINK, "slug": f"intro-{number}"})

    found = [links_of(client).find({"slug": slug}) for slug in ("intro-0", "intro-100", "intro-204", "intro")]

    assert [meeting and meeting.values["slug"] for meeting in found] == ["intro-0", "intro-100", "intro-204", None]
    assert len({meeting.id for meeting in links_of(client).objects()}) == 205


@pytest.mark.parametrize("api_version", ["v2", "v1"])
def test_templates_are_listed_in_the_configured_version(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    Version 1 has a list of templates, too, at a path of its own.
    """
    found = [*templates_of(core(api_version)).objects()]

    (request,) = emulator.requests
    assert found
    assert f"/{api_version}/" in request.path


def answers(*pages: dict[str, object]) -> Client:
    """
    Return a client of a server that answers these pages, the last one for ever.
    """
    left = list(pages)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=left.pop(0) if len(left) > 1 else left[0]))
    settings = Settings(workspace="acme", api_key="acme-0123456789", base_url="https://acme.neetocal.com")
    return Client(settings, transport)


def bookings(*meeting_ids: str, total: int, pages: int = 1) -> dict[str, object]:
    """
    Return a page of bookings of these links.
    """
    rows = [{"sid": f"b{number}", "meeting_id": each} for number, each in enumerate(meeting_ids)]
    return {"bookings": rows, "pagination": {"total_records": total, "total_pages": pages}}


@pytest.mark.parametrize(
    ("pages", "counted"),
    [
        ([bookings(total=0)], 0),
        ([bookings("a", "a", total=2)], 2),
        ([bookings("a", total=350, pages=4)], 350),
        ([bookings("a", "b", total=3, pages=2), bookings("a", total=3, pages=2)], 2),
        ([bookings("b", "c", total=3, pages=2), bookings("a", total=3, pages=2)], 1),
        ([bookings("", "", total=2)], 2),
        ([{"bookings": [{}]}], 1),
        ([{"bookings": []}], 0),
    ],
)
def test_bookings_are_counted_whether_or_not_the_server_filters(pages: list[dict[str, object]], counted: int) -> None:
    """
    Where it does, its total is believed; where it does not, each booking is looked at; without a link's id it counts.
    """
    assert count_upcoming(answers(*pages), "8r3rs2k", "a") == counted


def test_pages_of_bookings_of_one_link_are_not_taken_for_the_same_page() -> None:
    """
    A server that does not filter may have hundreds of another link's bookings before those of this one.
    """
    pages: list[dict[str, object]] = [
        {"bookings": [{"sid": sid, "meeting_id": link}], "pagination": {"total_records": 3, "total_pages": 3}}
        for sid, link in (("b1", "other"), ("b2", "other"), ("b3", "ours"))
    ]

    assert count_upcoming(answers(*pages), "8r3rs2k", "ours") == 1


def test_a_server_that_always_answers_the_same_page_is_asked_no_more() -> None:
    """
    A page number that is ignored must not become an endless loop.
    """
    counts = {"total_records": 9, "total_pages": 9}
    page: dict[str, object] = {"meetings": [{"sid": "8r3rs2k", "slug": "intro"}], "pagination": counts}

    assert [meeting.id for meeting in links_of(answers(page)).objects()] == ["8r3rs2k"]


def test_an_answer_without_bookings_protects_the_link() -> None:
    """
    What cannot be read is no leave to delete.
    """
    with pytest.raises(errors.UnexpectedResponseError):
        delete(answers({"meetings": []}), "8r3rs2k", {"slug": "intro", "meeting_id": "a"})


@pytest.mark.parametrize(
    ("message", "is_taken"),
    [
        ("Slug has already been taken", True),
        ("A meeting with this slug exists", True),
        ("Slug is not unique", True),
        ("Slug is in use", True),
        ("Meeting does not exist", False),
        ("User does not exist", False),
        ("Hosts must exist", False),
        ("No user with this e-mail exists", False),
        ("The provider is not in use", False),
        ("Your plan allows existing links only", False),
        ("The name is mistaken", False),
    ],
)
def test_a_refusal_whose_words_only_resemble_taken_is_about_something_else(message: str, is_taken: bool) -> None:
    """
    The vendor says "Meeting does not exist" of what is missing.
    """
    assert says_taken([message]) is is_taken


@pytest.mark.parametrize("api_version", ["v2", "v1"])
def test_a_template_is_never_a_link(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    If the links' endpoints answer templates, none is listed, found, exported or read, and one's slug is not taken.
    """
    client = core(api_version)
    emulator.switch(templates_among_links="shown")
    ours = create(client, {**LINK, "slug": "intro"})
    rows = client.send_raw("GET", "meetings").body["meetings"]
    (template, *_) = [row for row in rows if row["is_template"]]

    assert [meeting.id for meeting in links_of(client).objects()] == [ours.id]
    assert [link.id for link in find_all(client, SCHEDULING_LINK, Query(), lambda *_: None)] == [ours.id]
    assert links_of(client).find({"slug": template["slug"]}) is None
    with pytest.raises(errors.UnexpectedResponseError, match="with a template, not a link"):
        links_of(client).get(template["sid"])
    with pytest.raises(errors.UnexpectedResponseError, match="with a template, not a link"):
        links_of(client).read(template["sid"])
    assert create(client, {**LINK, "slug": template["slug"], "adopt": True}).id != template["sid"]


def test_a_link_is_never_a_template() -> None:
    """
    A row that says it is a link is not among the templates, and the answer on one template must not be a link.
    """
    link = {"id": "a", "sid": "8r3rs2k", "slug": "intro", "is_template": False}

    assert list(templates_of(answers({"templates": [link]})).objects()) == []
    with pytest.raises(errors.UnexpectedResponseError, match="with a link, not a template"):
        templates_of(answers(link)).get("a")


def test_pages_that_hold_templates_alone_do_not_end_a_list() -> None:
    """
    Without its templates a page can be like the one before it, which would count as a server that repeats itself.
    """
    counts = {"total_records": 3, "total_pages": 3}
    rows = [{"sid": sid, "slug": sid, "is_template": sid != "ours"} for sid in ("first", "second", "ours")]
    pages: list[dict[str, object]] = [{"meetings": [row], "pagination": counts} for row in rows]

    assert [meeting.id for meeting in links_of(answers(*pages)).objects()] == ["ours"]


def test_a_templates_spot_that_an_update_drops_is_told(emulator: Emulator, core: Connect) -> None:
    """
    The page of updates lists neither kind nor spot of a template, so an answer without the change is no success.
    """
    client = core("v2")
    wanted = {**LINK, "slug": "shape", "spot": "zoom"}
    made = create(client, wanted, MEETING_TEMPLATE)
    emulator.switch(spot_in_patch="dropped")

    changed = update(client, made.id, made.outputs, {**wanted, "spot": "teams"}, MEETING_TEMPLATE)

    (problem,) = changed.problems
    assert problem.startswith("spot is not what was declared after neetoCal accepted it: the API may take this field")
    assert "only when a template is made" in problem
