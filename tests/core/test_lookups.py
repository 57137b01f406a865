"""
What the core asks about links and bookings that are not in its state.
"""

from __future__ import annotations

from itertools import product

import httpx
import pytest

from neetocal_emulator import Emulator, Switches
from neetocal_provider import errors
from neetocal_provider.client import Client
from neetocal_provider.lifecycle import create, delete
from neetocal_provider.settings import Settings
from tests.core.conftest import Connect
from tests.emulator.api import LINK

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
    sid = create(client, LINK).sid
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

    found = [client.find_meeting(slug) for slug in ("intro-0", "intro-100", "intro-204", "intro")]

    assert [meeting and meeting.values["slug"] for meeting in found] == ["intro-0", "intro-100", "intro-204", None]
    assert len({meeting.sid for meeting in client.list_meetings()}) == 205


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
    assert answers(*pages).count_upcoming_bookings("8r3rs2k", "a") == counted


def test_a_server_that_always_answers_the_same_page_is_asked_no_more() -> None:
    """
    A page number that is ignored must not become an endless loop.
    """
    counts = {"total_records": 9, "total_pages": 9}
    page: dict[str, object] = {"meetings": [{"sid": "8r3rs2k", "slug": "intro"}], "pagination": counts}

    assert [meeting.sid for meeting in answers(page).list_meetings()] == ["8r3rs2k"]


def test_an_answer_without_bookings_protects_the_link() -> None:
    """
    What cannot be read is no leave to delete.
    """
    with pytest.raises(errors.UnexpectedResponseError):
        delete(answers({"meetings": []}), "8r3rs2k", {"slug": "intro", "meeting_id": "a"})
