"""
A limit that nobody told, as a stack meets it.
"""

from __future__ import annotations

import pytest

from neetocal_emulator import Emulator
from tests.engine.stack import Stack

TOO_MANY_REQUESTS = 429
PARALLEL = 8


@pytest.mark.parametrize("links", [50, pytest.param(300, marks=pytest.mark.matrix)])
@pytest.mark.parametrize("api_version", ["v2"])
def test_many_links_through_five_requests_a_second_end_exact(stack: Stack, emulator: Emulator, links: int) -> None:
    """
    After the first refusals, those of the requests under way, fewer than one in twenty is refused.
    """
    emulator.fault("rate_limit", per_second=5)
    stack.declare(
        **{
            f"link-{number}": {
                "slug": f"link-{number}",
                "name": f"Link {number}",
                "hosts": ["ada@acme.example"],
                "duration": 30,
            }
            for number in range(links)
        }
    )

    assert stack.up("--parallel", str(PARALLEL)) == {"create": links}

    assert {link["id"] for link in stack.resources().values()} == {each["sid"] for each in emulator.meetings()}
    assert len(emulator.meetings()) == links
    statuses = [request.status for request in emulator.requests]
    later = statuses[statuses.index(TOO_MANY_REQUESTS) + PARALLEL :]
    assert later.count(TOO_MANY_REQUESTS) < 0.05 * len(later)
