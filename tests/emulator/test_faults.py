"""
Faults: what goes wrong on request, where and when, and what the journal tells of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from neetocal_emulator import Emulator, SetupError
from neetocal_emulator.faults import Bucket
from tests.emulator.api import LINK, Api


def statuses(api: Api, count: int, path: str = "/meetings") -> list[int]:
    """
    Ask so many times and return the statuses.
    """
    return [api.get(path).status_code for _ in range(count)]


# What


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 418, 599])
def test_any_error_status(emulator: Emulator, v2: Api, status: int) -> None:
    """
    The status is answered in the API's own shape, and the journal says why.
    """
    emulator.switch(error_body="notice")
    emulator.fault("status", status=status)

    response = v2.get("/meetings")

    assert (response.status_code, list(response.json())) == (status, ["notice"])
    (request,) = emulator.requests
    assert (request.status, request.faults, request.workspace) == (status, ("status",), "acme")
    assert response.json() == request.answer


@pytest.mark.parametrize(("moment", "slugs"), [("before", []), ("after", ["intro"])])
@pytest.mark.parametrize("kind", ["status", "html", "cut"])
def test_the_work_is_undone_or_done(emulator: Emulator, v2: Api, kind: str, moment: str, slugs: list[str]) -> None:
    """
    A failed create has made the link or not, as the fault says.
    """
    emulator.fault(kind, moment=moment)

    if kind == "cut":
        with pytest.raises(httpx.TransportError):
            v2.create()
    else:
        assert v2.post("/meetings", LINK).is_server_error
    assert slugs == [each["slug"] for each in emulator.meetings()]


def test_retry_after_in_both_forms(emulator: Emulator, v2: Api) -> None:
    """
    The header is missing, a number of seconds, or a date in real time.
    """
    emulator.clock(at="2031-01-01", frozen=True)
    emulator.fault("status", status=429, times=1)
    emulator.fault("status", status=429, retry_after_s=1.5, times=1)
    emulator.fault("status", status=429, retry_after_s=60, retry_after_form="date")

    before = time.time()
    headers = [v2.get("/meetings").headers for _ in range(3)]
    after = time.time()

    assert ("retry-after" in headers[0], headers[1]["retry-after"]) == (False, "2")
    assert headers[2]["retry-after"].endswith(" GMT")
    # In whole seconds, rounded up.
    assert before + 60 <= parsedate_to_datetime(headers[2]["retry-after"]).timestamp() < after + 61


def test_a_cut_is_told_without_an_answer(emulator: Emulator, v2: Api) -> None:
    """
    The journal shows what was asked, that nothing was answered, and the fault.
    """
    emulator.fault("cut", moment="after", times=1)

    with pytest.raises(httpx.TransportError):
        v2.create()

    (request,) = emulator.requests
    assert (request.method, request.body, request.workspace) == ("POST", LINK, "acme")
    assert (request.status, request.answer, request.faults) == (None, None, ("cut",))
    assert statuses(v2, 1) == [200]


def test_truncated_json_is_framed_well(emulator: Emulator, v2: Api) -> None:
    """
    The answer is whole for HTTP and half for JSON; the journal has the half.
    """
    emulator.fault("truncated_json")

    response = v2.get("/meetings")

    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert emulator.requests[0].answer == response.text


def test_an_html_page_is_a_proxys(emulator: Emulator, v2: Api) -> None:
    """
    An error page names its status, 502 when none is asked for.
    """
    emulator.fault("html", times=1)
    emulator.fault("html", status=504)

    pages = [v2.get("/meetings") for _ in range(2)]

    assert [page.status_code for page in pages] == [502, 504]
    assert [page.headers["content-type"] for page in pages] == ["text/html; charset=utf-8"] * 2
    assert "<h1>504 Gateway Timeout</h1>" in pages[1].text


def test_a_wrong_content_type(emulator: Emulator, v2: Api) -> None:
    """
    The body is right, its type is not.
    """
    emulator.fault("wrong_content_type", times=1)
    emulator.fault("wrong_content_type", content_type="text/html")

    answers = [v2.get("/meetings") for _ in range(2)]

    assert [each.headers["content-type"] for each in answers] == ["text/plain", "text/html"]
    assert [each.json()["meetings"] for each in answers] == [[], []]


@pytest.mark.parametrize("seconds", [0.05, (0.05, 0.06)])
def test_latency_is_fixed_or_spread(emulator: Emulator, v2: Api, seconds: object) -> None:
    """
    The answer is right and late.
    """
    emulator.fault("latency", seconds=seconds)

    assert statuses(v2, 1) == [200]
    assert emulator.requests[0].duration_ms >= 49


def test_a_slow_body_begins_at_once(emulator: Emulator, v2: Api) -> None:
    """
    The head comes quickly, the body takes its time and is whole.
    """
    v2.create()
    emulator.fault("slow_body", seconds=0.05)
    url = f"{emulator.url}/api/external/v2/meetings"

    with httpx.stream("GET", url, headers={"X-Api-Key": "acme-demo-key"}, trust_env=False) as response:
        pieces = list(response.iter_raw())

    assert len(pieces) > 1
    assert json.loads(b"".join(pieces))["meetings"] == emulator.meetings()


def test_a_slow_body_outlasts_a_clients_patience(emulator: Emulator) -> None:
    """
    A client that reads with a timeout gives up within the body, and the emulator goes on.
    """
    emulator.fault("slow_body", seconds=5, times=1)
    url = f"{emulator.url}/api/external/v2/meetings"

    with pytest.raises(httpx.ReadTimeout):
        httpx.get(url, headers={"X-Api-Key": "acme-demo-key"}, timeout=httpx.Timeout(30, read=0.1), trust_env=False)

    api = Api(emulator.url)
    assert statuses(api, 1) == [200]
    api.close()


def test_faults_add_up(emulator: Emulator, v2: Api) -> None:
    """
    A late answer can be a wrong one too.
    """
    emulator.fault("latency", seconds=0.02)
    emulator.fault("truncated_json")
    emulator.fault("status", status=500)

    response = v2.get("/meetings")

    (request,) = emulator.requests
    assert (response.status_code, request.faults) == (500, ("latency", "truncated_json", "status"))
    assert request.duration_ms >= 19


@pytest.mark.parametrize("kind", ["status", "html", "cut", "rate_limit"])
def test_an_answer_before_the_work_spends_no_inner_fault(emulator: Emulator, v2: Api, kind: str) -> None:
    """
    What the outer fault answers by itself is not counted by the inner ones.
    """
    options = {"rate_limit": {"per_second": 1e-6}}.get(kind, {})
    emulator.fault(kind, times=2, **options)
    emulator.fault("status", status=418, times=1)

    found = []
    for _ in range(4):
        try:
            found.append(v2.get("/meetings").status_code)
        except httpx.TransportError:
            found.append(0)

    # A rate limit lets its first request pass, to the inner fault.
    struck = {"status": [503, 503, 418, 200], "html": [502, 502, 418, 200], "cut": [0, 0, 418, 200]}
    assert found == struck.get(kind, [418, 429, 200, 200])
    assert [each["struck"] for each in emulator.faults] == [1 if kind == "rate_limit" else 2, 1]


@pytest.mark.parametrize(
    "outer",
    [
        {"kind": "truncated_json"},
        {"kind": "slow_body", "seconds": 0},
        {"kind": "wrong_content_type"},
        {"kind": "status", "moment": "after"},
    ],
)
def test_a_cut_inside_of_another_fault_is_a_cut(
    emulator: Emulator, v2: Api, outer: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """
    Where there is no answer to spoil, the connection ends and nothing fails.
    """
    emulator.fault(**outer)
    emulator.fault("cut")

    with pytest.raises(httpx.TransportError):
        v2.get("/meetings")

    assert [(each.status, each.faults) for each in emulator.requests] == [(None, (outer["kind"], "cut"))]
    assert caplog.records == []


@pytest.mark.parametrize("kind", ["latency", "slow_body"])
@pytest.mark.parametrize("end", [Emulator.stop, Emulator.clear_faults])
def test_a_wait_ends_with_the_emulator_and_with_its_fault(
    kind: str, end: Callable[[Emulator], None], caplog: pytest.LogCaptureFixture
) -> None:
    """
    A request that is being held up is answered at once, and nothing is logged.
    """
    with Emulator() as emulator, ThreadPoolExecutor() as pool:
        emulator.fault(kind, seconds=60)
        url = f"{emulator.url}/api/external/v2/meetings"
        answer = pool.submit(httpx.get, url, headers={"X-Api-Key": "acme-demo-key"}, timeout=30, trust_env=False)
        while not emulator.faults[0]["struck"]:
            pass
        end(emulator)

        assert answer.result().json()["meetings"] == []
    assert caplog.records == []


def test_a_request_from_before_a_reset_is_not_in_the_journal_after_it(emulator: Emulator) -> None:
    """
    A client that gave up within an earlier test leaves nothing in the journal of the next one.
    """
    with ThreadPoolExecutor() as pool:
        emulator.fault("latency", seconds=60)
        url = f"{emulator.url}/api/external/v2/meetings"
        answer = pool.submit(httpx.get, url, headers={"X-Api-Key": "acme-demo-key"}, timeout=30, trust_env=False)
        while not emulator.faults[0]["struck"]:
            pass
        emulator.reset()

        assert answer.result().is_success
    assert emulator.requests == []


# Where


def test_a_fault_has_a_place(emulator: Emulator, v1: Api, v2: Api, globex: Api) -> None:
    """
    Verb, path and workspace choose the requests, in both versions.
    """
    emulator.fault("status", method="get", path="/meetings", workspace="acme")

    assert (statuses(v1, 1), statuses(v2, 1), statuses(globex, 1)) == ([503], [503], [200])
    assert v2.post("/meetings", LINK).status_code == 201
    assert statuses(v2, 1, "/team-members") == [200]


@pytest.mark.parametrize(
    ("path", "struck"),
    [
        ("/meetings/*", ["/meetings/x"]),
        ("/meetings/**", ["/meetings/x", "/meetings/x/spots"]),
        ("**/spots", ["/meetings/x/spots"]),
        ("/meetings.x", []),
    ],
)
def test_a_path_can_be_a_pattern(emulator: Emulator, v2: Api, path: str, struck: list[str]) -> None:
    """
    One star is one part of a path, two are the rest.
    """
    emulator.fault("status", path=path)

    paths = ["/meetings", "/meetings/x", "/meetings/x/spots"]
    assert struck == [each for each in paths if v2.get(each).status_code == 503]


def test_control_routes_never_fail(emulator: Emulator) -> None:
    """
    Whatever fails, the test can still ask.
    """
    emulator.fault("cut")

    assert httpx.get(f"{emulator.url}/_emulator/health", trust_env=False).status_code == 200


# When


def test_from_the_third_for_two(emulator: Emulator, v2: Api) -> None:
    """
    Only requests that match are counted.
    """
    emulator.fault("status", path="/meetings", first=3, times=2)

    found = []
    for _ in range(6):
        found += statuses(v2, 1)
        assert statuses(v2, 1, "/bookings") == [200]

    assert found == [200, 200, 503, 503, 200, 200]
    assert [(each["matched"], each["struck"]) for each in emulator.faults] == [(6, 2)]


def test_a_draw_repeats(emulator: Emulator, v2: Api) -> None:
    """
    The same seed strikes the same requests, another seed others.
    """
    runs = []
    for seed in (1, 1, 2):
        emulator.reset()
        emulator.fault("status", probability=0.5, seed=seed)
        runs.append(statuses(v2, 30))

    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {200, 503}


def test_clearing_ends_all(emulator: Emulator, v2: Api) -> None:
    """
    Both clearing and a reset let everything go right again.
    """
    for end in (emulator.clear_faults, emulator.reset):
        emulator.fault("status")
        before = statuses(v2, 1)
        end()

        assert (before, statuses(v2, 1), emulator.faults) == ([503], [200], [])


# Rate limits


def test_a_rate_limit_is_each_workspaces_own(emulator: Emulator, v2: Api, globex: Api) -> None:
    """
    Beyond the burst the answer is 429 with the wait in real time, whatever the emulator's clock shows.
    """
    emulator.fault("rate_limit", per_second=0.01, burst=3)

    found = [v2.get("/meetings") for _ in range(4)]
    others = statuses(globex, 3)
    emulator.clock(at="2036-03-02T00:00:00Z")
    later = statuses(v2, 1)

    assert [each.status_code for each in found] == [200, 200, 200, 429]
    assert found[3].headers["x-emulator-facts"] == "RATE_LIMIT"
    assert 90 <= int(found[3].headers["retry-after"]) <= 100
    assert (others, later) == ([200] * 3, [429])


def test_time_brings_new_tokens() -> None:
    """
    A bucket fills steadily, never beyond its size, and tells the wait for the next token.
    """
    times = iter([0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 100.0, 100.0, 100.0])
    bucket = Bucket(0.5, 2, now=lambda: next(times))

    assert [bucket.take() for _ in range(3)] == [True, True, False]
    assert bucket.wait_s == 2
    assert [bucket.take() for _ in range(2)] == [False, True]
    assert [bucket.take() for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("form", ["date", "none"])
def test_a_rate_limit_tells_the_wait_or_not(emulator: Emulator, v2: Api, form: str) -> None:
    """
    Retry-After is a date, or missing as far as anybody knows of the real API.
    """
    emulator.fault("rate_limit", per_second=0.01, retry_after_form=form)

    first, second = v2.get("/meetings"), v2.get("/meetings")

    assert (first.status_code, second.status_code) == (200, 429)
    assert second.headers.get("retry-after", "none").endswith("GMT" if form == "date" else form)


# Over HTTP, and slips


def test_faults_over_http(emulator: Emulator, v2: Api) -> None:
    """
    They are added, seen and cleared by a client in any language.
    """
    with httpx.Client(base_url=f"{emulator.url}/_emulator", trust_env=False) as control:
        added = control.post("/faults", json={"kind": "latency", "seconds": [0, 0.01], "path": "/meetings"})
        statuses(v2, 1)
        (shown,) = control.get("/faults").json()["faults"]
        cleared = control.delete("/faults").json()

    assert added.status_code == 201
    assert (shown["kind"], shown["seconds"], shown["path"], shown["struck"]) == ("latency", [0, 0.01], "/meetings", 1)
    assert cleared == {"faults": []}


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ({}, "kind"),
        ({"kind": "flood"}, "flood"),
        ({"kind": "latency"}, "seconds"),
        ({"kind": "latency", "seconds": [2, 1]}, "seconds"),
        ({"kind": "latency", "seconds": "1"}, "seconds"),
        ({"kind": "latency", "seconds": 1, "status": 500}, "status"),
        ({"kind": "rate_limit"}, "per_second"),
        ({"kind": "rate_limit", "per_second": 0}, "per_second"),
        ({"kind": "status", "status": 200}, "status"),
        ({"kind": "status", "status": True}, "status"),
        ({"kind": "status", "moment": []}, "moment"),
        ({"kind": "cut", "times": 0}, "times"),
        ({"kind": "cut", "probability": 2}, "probability"),
        ({"kind": "cut", "seed": 0.5}, "seed"),
        ({"kind": "wrong_content_type", "content_type": "a\nb"}, "content_type"),
    ],
)
def test_a_fault_that_makes_no_sense_is_told(emulator: Emulator, fault: dict[str, Any], word: str) -> None:
    """
    Nothing is added, and the sentence names the slip; in Python as over HTTP.
    """
    response = httpx.post(f"{emulator.url}/_emulator/faults", json=fault, trust_env=False)

    assert (response.status_code, word in response.json()["error"], emulator.faults) == (400, True, [])
    if "kind" in fault:
        with pytest.raises(SetupError, match=word):
            emulator.fault(**fault)
