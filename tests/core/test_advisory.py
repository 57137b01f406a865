"""
A question that only informs never decides whether something is deployed, and is not waited for as long.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import httpx
import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client, disconnect
from neetocal_provider.api.deadline import ADVISORY_ATTEMPTS, ADVISORY_SECONDS, operation_context
from neetocal_provider.core.operations import OperationError, Operations
from neetocal_provider.core.run import Run
from neetocal_provider.errors import NeetoCalError, RefusedError
from neetocal_provider.resources.lookups import LookupCache, list_team_members
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.settings import Settings
from tests.core.conftest import Connect
from tests.core.engine import Screen
from tests.emulator.api import LINK
from tests.link import create

TEMPLATES = "5d2f6c1e-8a34-4b7e-9c05-1f2e3d4c5b6a", "7b9e0d3c-2f61-4c8a-b1d4-6a5f4e3d2c1b"

FAULTS: dict[str, dict[str, Any]] = {
    "key": {"kind": "status", "status": 401},
    "right": {"kind": "status", "status": 403},
    "endpoint": {"kind": "status", "status": 404},
    "outage": {"kind": "status", "status": 500},
    "gateway": {"kind": "status", "status": 503},
    "throttled": {"kind": "status", "status": 429, "retry_after_s": 60},
    "login page": {"kind": "html", "status": 404},
    "cut": {"kind": "cut"},
    "silence": {"kind": "latency", "seconds": 600},
}
"""What may become of a question."""

REASONS = {
    "key": "401",
    "right": "403",
    "endpoint": "404",
    "outage": "500",
    "gateway": "503",
    "throttled": "no request for another",
    "login page": "404",
    "cut": "No answer",
    "silence": "No answer",
}
"""What the warning says of it."""

RATES = itertools.count(901)
"""Requests a second, another for each test: a throttled request pauses all others of the same rate."""

SOON = 0.5
"""Seconds of an operation that has no time for a server that is silent."""


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> str:
    """
    Name each fault in turn.
    """
    return str(request.param)


def strike(emulator: Emulator, fault: str, path: str) -> None:
    """
    Let all further requests to read this path meet a fault.
    """
    options = dict(FAULTS[fault])
    emulator.fault(options.pop("kind"), method="GET", path=path, **options)


Operate = Callable[[Run, Screen], Operations]


@pytest.fixture
def operate(emulator: Emulator) -> Iterator[Operate]:
    """
    Give the operations on links of the workspace `acme`.
    """
    found = emulator.environment()
    config = {
        "neetocal:workspace": "acme",
        "neetocal:apiKey": found["NEETOCAL_API_KEY"],
        "neetocal:baseUrl": found["NEETOCAL_BASE_URL"],
        "neetocal:maxRequestsPerSecond": str(next(RATES)),
    }
    yield lambda run, screen: Operations(resource_type=SCHEDULING_LINK, config=config.get, host=screen, run=run)
    disconnect()


@pytest.fixture
def client(core: Connect, fault: str) -> Iterator[Client]:
    """
    Connect to the workspace `acme`, with a time limit of a request that only the fault `silence` reaches.
    """
    timeout = 3.0 if fault == "silence" else 30.0
    client = Client(replace(core().settings, timeout=timeout, max_requests_per_second=next(RATES)))
    yield client
    client.close()


def test_members_are_asked_for_once(emulator: Emulator, client: Client, fault: str) -> None:
    """
    Each team of a run gets the same reason, and a hundred teams wait as long as one.
    """
    strike(emulator, fault, "/team-members")
    cache = LookupCache(client, lambda _: None)
    reasons = []
    sent = []

    for _ in range(2):
        with pytest.raises(NeetoCalError) as caught:
            cache.members_to_check()
        reasons.append(str(caught.value))
        sent.append(len(emulator.requests))

    assert REASONS[fault] in reasons[0]
    assert len({*reasons}) == len({*sent}) == 1
    assert sent[0] <= ADVISORY_ATTEMPTS


def test_a_silent_members_list_is_not_waited_for_as_long_as_a_link(emulator: Emulator) -> None:
    """
    By default a request may take five minutes; each part of this question gets a few seconds.
    """
    found = emulator.environment()
    waits: list[float] = []

    class Watched(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            waits.extend(request.extensions["timeout"].values())
            return super().handle_request(request)

    settings = Settings(workspace="acme", api_key=found["NEETOCAL_API_KEY"], base_url=found["NEETOCAL_BASE_URL"])
    client = Client(settings, Watched())

    LookupCache(client, lambda _: None).members_to_check()
    most = max(waits)
    [*list_team_members(client)]
    client.close()

    assert most <= ADVISORY_SECONDS < max(waits)


def test_who_would_be_adopted_is_a_warning(emulator: Emulator, operate: Operate, fault: str) -> None:
    """
    The preview says what it cannot show and why, and lets the link be created.
    """
    strike(emulator, fault, "/meetings")
    screen = Screen()

    with operation_context(SOON if fault == "silence" else 0, Event()):
        failures = operate(Run(), screen).check({}, {**LINK, "adopt": True})

    assert failures == []
    (warning,) = screen.warnings
    assert warning.startswith("Whether a link has the slug 'intro', which would be adopted, isn't known: ")
    assert REASONS[fault] in warning


def test_after_a_question_that_took_all_its_time_no_other_is_asked(emulator: Emulator, operate: Operate) -> None:
    """
    A preview of a hundred links does not wait a hundred times; each of them says why.
    """
    strike(emulator, "silence", "/meetings")
    run, screen = Run(), Screen()

    with operation_context(SOON, Event()):
        operate(run, screen).check({}, {**LINK, "adopt": True})
    emulator.clear_faults()
    operate(run, screen).check({}, {**LINK, "slug": "demo", "adopt": True})

    assert [request for request in emulator.requests if not request.faults] == []
    assert [warning.split("'")[1] for warning in screen.warnings] == ["intro", "demo"]
    assert len({warning.partition("known: ")[2] for warning in screen.warnings}) == 1


def test_bookings_are_a_warning_in_a_preview_and_protect_in_a_deletion(
    emulator: Emulator, operate: Operate, fault: str
) -> None:
    """
    The same question informs before a replacement, and blocks it if the link is to go.
    """
    screen, run = Screen(), Run()
    first, second = [{**LINK, "template_id": each, "slug": slug} for each, slug in zip(TEMPLATES, "ab", strict=True)]
    made = operate(run, screen).create(first)
    strike(emulator, fault, "/bookings")

    with operation_context(SOON if fault == "silence" else 0, Event()):
        decision = operate(run, screen).diff(made.id, made.outputs, second)
    with pytest.raises(OperationError, match="could not be deleted"), operation_context(SOON, Event()):
        operate(run, screen).delete(made.id, made.outputs)

    (warning,) = screen.warnings
    if "404" in REASONS[fault]:
        assert "has bookings that cannot be counted and will not be replaced" in warning
    else:
        assert f"Whether the link 'a' ({made.id}) has upcoming bookings isn't known" in warning
    assert decision.diff.replaces == ("template_id",)
    assert decision.delete_before_replace
    assert [meeting["sid"] for meeting in emulator.meetings()] == [made.id]


def test_a_taken_slug_is_reported_although_its_holder_cannot_be_asked_for(
    emulator: Emulator, client: Client, fault: str
) -> None:
    """
    Who has the slug only informs: the refusal itself is not lost.
    """
    create(client, LINK)
    strike(emulator, fault, "/meetings")

    with pytest.raises(RefusedError, match=r"taken.* Which link has the slug 'intro' isn't known: ") as caught:
        create(client, {**LINK, "name": "Another"})

    assert REASONS[fault] in str(caught.value)


def test_what_a_misspelt_name_resembles_only_informs(emulator: Emulator, core: Connect) -> None:
    """
    A lookup that finds nothing says so, though the list of what there is cannot be read.
    """
    cache = LookupCache(core(), lambda _: None)
    for path in ("/team-members", "/meetings"):
        emulator.fault("status", status=500, path=path, first=3 if path == "/meetings" else 2)

    with pytest.raises(NeetoCalError, match=r"There is no team member with the email 'adda@acme\.example'\.$"):
        cache.member("adda@acme.example")
    with pytest.raises(NeetoCalError, match=r"There is no scheduling link with the slug 'intor'\.$"):
        cache.link("intor", None)
