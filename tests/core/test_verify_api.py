"""
`neetocal-provider verify-api` against every switch of the emulator, and that it leaves nothing behind.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from itertools import combinations, product
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from neetocal_emulator import Emulator, Switches
from neetocal_provider.api.client import Client
from neetocal_provider.cli.commands import main
from neetocal_provider.errors import RefusedError
from neetocal_provider.settings import Settings
from neetocal_provider.verify.questions import QUESTIONS
from neetocal_provider.verify.runner import Report, Verdict, verify
from neetocal_provider.verify.sandbox import NAME
from tests.core.conftest import Connect
from tests.emulator.api import Api

CHOICES = Switches.choices()
USUAL = Switches().to_dict()
NOT_ASKED = {
    "member_again",
    "removed_members",
    "active_in_patch",
    "availability_name_in_patch",
    "add_on_flag_on_create",
}
"""Switches whose questions would change what people depend on."""

ASKED = {name: values for name, values in CHOICES.items() if name not in NOT_ASKED}
UNUSUAL = [(name, value) for name, values in ASKED.items() for value in values if value != USUAL[name]]
USUALLY_FOUND: dict[str, dict[str, str]] = {}
"""What is found on a fresh emulator, by version of the API; the first test that needs it finds it out."""

INTRO = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}


def found(report: Report) -> dict[str, str]:
    """
    Return what was found out, by question.
    """
    return {result.name: result.found for result in report.results}


# Every switch


@pytest.mark.parametrize("api_version", ["v2", "v1"])
def test_all_assumptions_hold_on_a_fresh_emulator(emulator: Emulator, core: Connect, api_version: str) -> None:
    """
    Each but those that are not asked is told to hold.
    """
    report = verify(core(api_version))

    verdicts = {result.name: result.verdict for result in report.results}
    untold = {name for name, verdict in verdicts.items() if verdict is Verdict.INCONCLUSIVE}
    not_asked = {question.name for question in QUESTIONS if question.switch in NOT_ASKED}
    assert untold == {"rate-limit", "key-scope", *not_asked}
    assert {verdict for name, verdict in verdicts.items() if name not in untold} == {Verdict.HOLDS}
    assert (report.switches, report.troubles, emulator.meetings()) == ({}, (), [])
    assert emulator.objects("discount-codes") == []


@pytest.mark.parametrize("api_version", ["v2", "v1"])
@pytest.mark.parametrize(("switch", "value"), UNUSUAL)
def test_the_report_names_what_a_switch_changes(
    emulator: Emulator, core: Connect, api_version: str, switch: str, value: Any
) -> None:
    """
    Its own question differs, with its value, and no other finds anything else.
    """
    if api_version not in USUALLY_FOUND:
        USUALLY_FOUND[api_version] = found(verify(core(api_version)))
    usual = USUALLY_FOUND[api_version]
    emulator.switch(**{switch: value})

    report = verify(core(api_version))

    assert report.switches == {switch: value}
    hidden = {("hosts_in_answers", "nowhere"): {"host-order"}, ("prices_on_free_links", "refused"): {"service-price"}}
    differing = {name for name, reading in found(report).items() if reading != usual[name]}
    assert differing - hidden.get((switch, value), set()) == {
        question.name for question in QUESTIONS if question.switch == switch
    }
    assert (report.troubles, emulator.meetings()) == ((), [])


@lru_cache
def pairs() -> list[dict[str, Any]]:
    """
    Return combinations of a version and switches that hold every pair of values, few and always the same.
    """
    values: dict[str, tuple[Any, ...]] = {"api_version": ("v2", "v1"), **ASKED}
    wanted = {frozenset(pair) for one, other in combinations(values, 2) for pair in _both(values, one, other)}
    rows = []
    while wanted:
        row: dict[str, Any] = dict(min(wanted, key=lambda pair: sorted(map(repr, pair))))
        for name in [name for name in values if name not in row]:
            held = {value: len(wanted & _pairs({**row, name: value})) for value in values[name]}
            row[name] = max(held, key=held.__getitem__)
        wanted -= _pairs(row)
        rows.append({name: row[name] for name in values})  # the order of a set differs between workers
    return rows


def _both(values: dict[str, tuple[Any, ...]], one: str, other: str) -> Iterator[Any]:
    return product([(one, value) for value in values[one]], [(other, value) for value in values[other]])


def _pairs(row: dict[str, Any]) -> set[frozenset[Any]]:
    return {frozenset(pair) for pair in combinations(row.items(), 2)}


@pytest.mark.parametrize("row", pairs(), ids=lambda row: "-".join(map(str, row.values())))
def test_the_report_tells_all_switches_at_once(emulator: Emulator, core: Connect, row: dict[str, Any]) -> None:
    """
    For every pair of values: the switches that the report names imitate the account.
    """
    switches = {name: value for name, value in row.items() if name != "api_version"}
    emulator.switch(**switches)

    report = verify(core(row["api_version"]))

    assert {**USUAL, **report.switches} == {**USUAL, **switches}
    assert emulator.meetings() == []


class Rewriting(httpx.BaseTransport):
    """
    Carries requests with another description than they have.
    """

    def __init__(self, description: str | None) -> None:
        self._carrier = httpx.HTTPTransport()
        self._description = description

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send a request with this description, if it has one.
        """
        body = json.loads(request.content) if request.content else {}
        if "description" in body:
            content = json.dumps({**body, "description": self._description})
            headers = {name: value for name, value in request.headers.items() if name != "content-length"}
            request = httpx.Request(request.method, request.url, headers=headers, content=content)
        return self._carrier.handle_request(request)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._carrier.close()


@pytest.mark.parametrize(
    ("description", "reading", "verdict"),
    [("Zoe", "another form", Verdict.TOLERATED), (None, "not stored", Verdict.BROKEN)],
)
def test_a_form_that_the_emulator_lacks_is_no_switch(
    emulator: Emulator, description: str | None, reading: str, verdict: Verdict
) -> None:
    """
    Any other form does no harm, and no text at all does.
    """
    with closing(Client(settings(emulator), Rewriting(description))) as client:
        report = verify(client)

    (texts,) = [result for result in report.results if result.name == "texts"]
    assert (texts.found, texts.verdict) == (reading, verdict)
    assert "texts" not in report.switches


def test_every_switch_has_a_question_with_its_values() -> None:
    """
    What is assumed is the usual value, and the provider copes with each other one.
    """
    asked = {question.switch: question for question in QUESTIONS if question.switch}

    assert asked.keys() == CHOICES.keys()
    assert {name: question.assumed for name, question in asked.items()} == {
        name: str(value) for name, value in USUAL.items()
    }
    assert [pair for pair in UNUSUAL if not asked[pair[0]].is_tolerated(str(pair[1]))] == []
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS)


# What is left, and what is not touched


class Interrupting(httpx.BaseTransport):
    """
    Carries requests, and is interrupted once, before or after the answer to one of them.
    """

    def __init__(self, number: int, moment: str) -> None:
        self._carrier = httpx.HTTPTransport()
        self._left = itertools.count(number, -1)
        self._moment = moment

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Carry a request, unless Ctrl-C comes in between.
        """
        is_now = next(self._left) == 1
        if is_now and self._moment == "before":
            raise KeyboardInterrupt
        response = self._carrier.handle_request(request)
        if is_now:
            response.read()
            response.close()
            raise KeyboardInterrupt
        return response

    def close(self) -> None:
        """
        Close the connections.
        """
        self._carrier.close()


def settings(emulator: Emulator, **others: Any) -> Settings:
    """
    Return the settings for the emulator's first workspace.
    """
    environment = emulator.environment()
    address = {"api_key": environment["NEETOCAL_API_KEY"], "base_url": environment["NEETOCAL_BASE_URL"]}
    return Settings(**{"workspace": "acme", **address, **others})


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", [*range(4, 14), *range(20, 250, 40)])
def test_ctrl_c_leaves_nothing(emulator: Emulator, number: int, moment: str) -> None:
    """
    Whichever request it meets: what was found out is told, and neither a link nor a code is left.
    """
    with closing(Client(settings(emulator), Interrupting(number, moment))) as client:
        report = verify(client)

    assert "Not all questions were asked. It was interrupted." in report.troubles
    assert (emulator.meetings(), emulator.objects("discount-codes")) == ([], [])


@pytest.mark.parametrize("path", ["/meetings", "/discount-codes"])
@pytest.mark.parametrize("fault", ["cut", "truncated_json"])
def test_what_is_made_without_an_answer_is_found_and_deleted(
    emulator: Emulator, core: Connect, fault: str, path: str
) -> None:
    """
    No answer to a create ever comes, and neither a link nor a code is left all the same.
    """
    options = {"moment": "after"} if fault == "cut" else {}
    emulator.fault(fault, method="POST", path=path, **options)

    report = verify(core())

    assert (emulator.meetings(), emulator.objects("discount-codes")) == ([], [])
    assert Verdict.INCONCLUSIVE in {result.verdict for result in report.results}
    assert report.left == ()


def test_what_cannot_be_deleted_is_named(emulator: Emulator, core: Connect) -> None:
    """
    By its slug or code, so that somebody can do so in the web app.
    """
    emulator.fault("status", status=500, method="DELETE")

    report = verify(core())

    assert report.left
    assert {meeting["slug"] for meeting in emulator.meetings()} <= set(report.left)
    codes = {code["code"].upper() for code in emulator.objects("discount-codes")}
    assert codes
    assert codes <= set(report.left)


def test_other_links_keep_it_from_starting(emulator: Emulator, core: Connect) -> None:
    """
    Nothing is made, and the leftovers of an earlier run are called that.
    """
    with closing(Api(emulator.url)) as api:
        api.create(**INTRO)
        api.create(**{**INTRO, "slug": "verify-api-0-1"})
    writes = len(emulator.requests)

    with pytest.raises(RefusedError, match=r"holds links \(2\).* 1 of them were left by an earlier run"):
        verify(core())

    assert [each.method for each in emulator.requests[writes:]] == ["GET"]


def test_other_links_stay_as_they_are(emulator: Emulator, core: Connect) -> None:
    """
    Also those that look like ours.
    """
    with closing(Api(emulator.url)) as api:
        api.create(**INTRO)
        api.create(**{**INTRO, "slug": "verify-api-0-1", "name": NAME})
    before = emulator.meetings()

    report = verify(core(), beside_others=True)

    assert emulator.meetings() == before
    assert (report.switches, report.troubles) == ({}, ())


def test_a_link_that_was_there_is_not_deleted_whatever_is_answered() -> None:
    """
    A server that answers each create with somebody's link does not get us to delete that.
    """
    theirs = {"sid": "8r3rs2k", "slug": "intro", "name": "Intro", "duration": 30, "hosts": []}
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        body = {"meeting": theirs} if request.method == "POST" else {"meetings": [theirs], **theirs}
        return httpx.Response(200, json=body)

    address = Settings(workspace="acme", api_key="marker-key", base_url="https://acme-verify.neetocal.com")
    with closing(Client(address, httpx.MockTransport(handler))) as client:
        report = verify(client, hosts=["ada@acme.example"], beside_others=True)

    assert {request.method for request in asked} == {"GET", "POST"}
    assert Verdict.INCONCLUSIVE in {result.verdict for result in report.results}


def test_a_workspace_without_members_wants_a_host(emulator: Emulator, core: Connect) -> None:
    """
    Given one, it runs.
    """
    emulator.switch(unknown_hosts="accepted")

    report = verify(core(), hosts=["guest@acme.example"])

    assert found(report)["host-order"] == "it takes two members: add --host"
    assert found(report)["strangers"] == "accepted"


# The command


@pytest.mark.parametrize("api_version", ["v2", "v1"])
def test_the_json_holds_no_key_and_no_address(neetocal_environment: dict[str, str], api_version: str) -> None:
    """
    Whatever neetoCal quotes of a request; what was sent and answered is there by its names.
    """
    done = CliRunner().invoke(main, ["verify-api", "--json", "--api-version", api_version])

    assert done.exit_code == 0, done.output
    assert neetocal_environment["NEETOCAL_API_KEY"] not in done.stdout
    assert "@acme" not in done.stdout
    assert "@example" not in done.stdout
    (strangers,) = (each for each in json.loads(done.stdout)["results"] if each["name"] == "strangers")
    assert strangers["exchanges"][0]["sent"] == ["slug", "name", "hosts", "duration"]
    assert (strangers["exchanges"][0]["status"], strangers["exchanges"][0]["keys"]) == (422, ["error"])
    assert "…@…" in strangers["exchanges"][0]["said"]


@pytest.mark.usefixtures("neetocal_environment")
def test_the_table_says_what_differs_and_how_to_imitate_it(emulator: Emulator) -> None:
    """
    A line for each question, then what the emulator's switches would have to be.
    """
    emulator.switch(get_meeting="wrapped", slug_taken_status=409)

    done = CliRunner().invoke(main, ["verify-api"])

    assert done.exit_code == 0, done.output
    assert "~ one-link Is one link answered bare?" in " ".join(done.stdout.split())
    assert "wrapped, not bare" in done.stdout
    assert "differs, which does no harm: 2" in done.stdout
    assert "Emulator(switches={'get_meeting': 'wrapped', 'slug_taken_status': 409})" in done.stdout


@pytest.mark.usefixtures("neetocal_environment")
def test_what_does_harm_is_told_and_fails(emulator: Emulator) -> None:
    """
    An account whose bookings cannot be listed is one that the provider cannot protect.
    """
    emulator.fault("status", status=404, path="/bookings")

    done = CliRunner().invoke(main, ["verify-api"])

    assert done.exit_code == 1
    assert "x bookings" in done.stdout
    assert "Please report what --json prints: bookings." in done.stderr


def test_a_real_ctrl_c_cleans_up(emulator: Emulator) -> None:
    """
    The signal reaches the command while it works.
    """
    environment = {**os.environ, **emulator.environment(), "NEETOCAL_LOG": "debug"}
    command = ["neetocal-provider", "verify-api"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        assert next(line for line in running.stderr if "POST v2/meetings: 201" in line)
        running.send_signal(signal.SIGINT)
        _said, told = running.communicate()

    assert running.returncode == 1
    assert "It was interrupted." in told
    assert emulator.meetings() == []
