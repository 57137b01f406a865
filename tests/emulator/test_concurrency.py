"""
Many clients at once.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api

CLIENTS = 64


def at_once(emulator: Emulator, bodies: list[dict[str, object]]) -> list[int]:
    """
    Create links from as many clients as there are bodies, all at the same time; returns the statuses.
    """
    start = threading.Barrier(len(bodies))

    def create(body: dict[str, object]) -> int:
        api = Api(emulator.url)
        try:
            api.get("/team-members")  # the connection stands before the race begins
            start.wait()
            return api.post("/meetings", body).status_code
        finally:
            api.close()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(create, bodies))


def test_one_of_many_gets_the_slug(emulator: Emulator) -> None:
    """
    64 clients want the same slug: one has it, the others are told.
    """
    statuses = at_once(emulator, [{**LINK, "name": f"Client {number}"} for number in range(CLIENTS)])

    assert sorted(statuses) == [201] + [422] * (CLIENTS - 1)
    assert [each["slug"] for each in emulator.meetings()] == ["intro"]


def test_many_slugs_all_succeed(emulator: Emulator) -> None:
    """
    64 clients with a slug each: nobody is lost, and no time is stamped twice.
    """
    statuses = at_once(emulator, [{**LINK, "slug": f"link-{number}"} for number in range(CLIENTS)])

    meetings = emulator.meetings()
    assert statuses == [201] * CLIENTS
    assert CLIENTS == len({each["sid"] for each in meetings}) == len({each["created_at"] for each in meetings})
