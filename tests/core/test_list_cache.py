"""
Many reads at once cost few requests, and none of them is answered with what is stale.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client
from neetocal_provider.core.state import ReadResult
from tests.core.conftest import Fresh
from tests.emulator.api import LINK
from tests.link import create, read, update

Recorded = list[tuple[str, dict[str, Any]]]


def made(client: Client, count: int) -> Recorded:
    """
    Make so many links and return their sids and outputs.
    """
    links = [create(client, {**LINK, "slug": f"intro-{number}"}) for number in range(count)]
    return [(link.id, link.outputs) for link in links]


def refreshed(client: Client, links: Recorded, threads: int = 4) -> list[ReadResult | None]:
    """
    Read all links as the host does, some at a time.
    """
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda link: read(client, *link), links))


def asked(emulator: Emulator, seen: int) -> int:
    """
    Return how many requests there were since so many.
    """
    return len(emulator.requests) - seen


@pytest.mark.parametrize(("links", "others"), [(1, 0), (1, 450), (3, 450), (40, 0), (120, 130), (250, 0)])
def test_a_refresh_costs_no_more_than_twice_the_cheaper_way(
    emulator: Emulator, fresh: Fresh, links: int, others: int
) -> None:
    """
    Whether the stack's links are many or few among those of the workspace.
    """
    client = fresh()
    made(client, others)
    stack = [
        (link.id, link.outputs)
        for link in (create(client, {**LINK, "slug": f"ours-{number}"}) for number in range(links))
    ]
    seen = len(emulator.requests)

    found = refreshed(fresh(), stack)

    pages = -(-(links + others) // 100)
    assert [live.outputs for live in found if live] == [outputs for _sid, outputs in stack]
    assert asked(emulator, seen) <= 2 * min(links, pages) + 2


def test_a_link_that_the_list_does_not_show_is_asked_for_before_it_is_called_gone(
    emulator: Emulator, fresh: Fresh
) -> None:
    """
    One that is gone is, and one that a list leaves out is not.
    """
    emulator.clock(offset_s=-3600)  # a new link that is not found is not called gone
    links = made(fresh(), 5)
    emulator.remove_meeting(links[2][0])

    found = refreshed(fresh(), links)

    assert [live is None for live in found] == [False, False, True, False, False]


def test_a_list_that_does_not_tell_everything_is_given_up(emulator: Emulator, fresh: Fresh) -> None:
    """
    Where hosts are missing, each link is asked for by itself, after one page.
    """
    links = made(fresh(), 5)
    emulator.switch(hosts_in_answers="not_in_lists")
    emulator.edit_meeting(links[0][0], hosts=["ben@acme.example"])
    seen = len(emulator.requests)

    found = refreshed(fresh(), links)

    assert found[0] is not None
    assert found[0].outputs["hosts"] == ["ben@acme.example"]
    assert asked(emulator, seen) == 6


def test_what_was_changed_since_is_not_answered_from_the_list(emulator: Emulator, fresh: Fresh) -> None:
    """
    By this process itself at any time, and a link is told from the list but once.
    """
    links = made(fresh(), 3)
    client = fresh()
    refreshed(client, links[:1])
    (sid, outputs) = links[1]

    updated = update(client, sid, outputs, {**LINK, "slug": "intro-1", "name": "Another"})
    live = read(client, sid, updated.outputs)

    assert live is not None
    assert live.outputs["name"] == "Another"
    emulator.edit_meeting(links[0][0], name="Theirs")
    again = read(client, *links[0])
    assert again is not None
    assert again.outputs["name"] == "Theirs"


def test_an_option_that_was_changed_since_is_not_answered_from_the_list(fresh: Fresh) -> None:
    """
    Changing one is all that is sent where only the default moves.
    """
    before = [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}]
    after = [{"duration": 30, "is_default": False}, {"duration": 60, "is_default": True}]
    links = [
        create(fresh(), {**LINK, "slug": slug, "is_multiple_durations_allowed": True, "durations": before})
        for slug in ("one", "other")
    ]
    client = fresh()
    refreshed(client, [(links[0].id, links[0].outputs)])
    news = {**LINK, "slug": "other", "is_multiple_durations_allowed": True, "durations": after}

    updated = update(client, links[1].id, links[1].outputs, news)
    live = read(client, links[1].id, updated.outputs)

    assert live is not None
    assert [option["is_default"] for option in live.outputs["durations"]] == [False, True]


def test_a_list_that_fails_is_no_failure(emulator: Emulator, fresh: Fresh) -> None:
    """
    Each link is then asked for by itself.
    """
    links = made(fresh(), 3)
    emulator.fault("status", method="GET", path="/meetings", status=500)

    assert None not in refreshed(fresh(), links)
