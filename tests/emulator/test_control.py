"""
The control routes under /_emulator/, for tests in any language.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neetocal_emulator import Emulator, Switches
from neetocal_emulator.endpoints.control import CONTROL_PREFIX, CONTROL_ROUTES
from neetocal_emulator.faults import Fault
from neetocal_emulator.store.in_app import COLLECTIONS
from tests.emulator.api import LINK, Api

# What a body may be about, so that not every one is refused at the first look.
NAMES = st.sampled_from(
    sorted(
        {
            *Switches.choices(),
            *Fault.__dataclass_fields__,
            *LINK,
            *("at", "offset_s", "frozen", "random_seed", "workspaces", "acme", "api_keys", "team_members", "templates"),
            *("calendars", "icloud", "value", "code", "meeting", "discount_codes", "availabilities", "periods"),
            *("meetings", "email", "organization_role", "durations", "spots", "disabled", "lead_time", "fees"),
        }
    )
)
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["acme", "wrapped", "status", "cut", "**", "GET", "ada@acme.example", "2026-03-02T09:00:00Z"]),
)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
BODIES = st.recursive(
    VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(NAMES, TEXTS), inner, max_size=4)),
    max_leaves=12,
)
PATH_PARTS = st.one_of(st.sampled_from(["acme", "snapshot-1", "1", "0", "-1"]), st.text(min_size=1, max_size=8))
QUERIES = st.dictionaries(
    st.sampled_from(["workspace", "group", "filter", "links", "templates", "people", "requests", "revision", "after"]),
    st.one_of(TEXTS, st.integers().map(str)),
    max_size=3,
)
TARGETS = [
    *((method, f"{CONTROL_PREFIX}{route.path}") for route in CONTROL_ROUTES for method in sorted(route.methods or ())),
    *(("GET", path) for path in ("/", "/_emulator/overview", "/_emulator/requests/{number}", "/{slug}")),
]


@pytest.fixture
def control(emulator: Emulator) -> Iterator[httpx.Client]:
    """
    A client of the control routes.
    """
    with httpx.Client(base_url=f"{emulator.url}/_emulator", trust_env=False) as client:
        yield client


def test_health_needs_no_key(control: httpx.Client) -> None:
    """
    Whoever waits for the emulator can ask whether it is up.
    """
    assert control.get("/health").json() == {"status": "ok"}


def test_workspaces_tell_their_keys(control: httpx.Client) -> None:
    """
    A test finds out which keys there are.
    """
    assert control.get("/workspaces").json() == {
        "workspaces": [
            {"name": "acme", "api_keys": ["acme-demo-key"]},
            {"name": "globex", "api_keys": ["globex-demo-key"]},
        ]
    }


def test_links_can_be_seen_edited_and_removed(control: httpx.Client, v2: Api) -> None:
    """
    The web app's side works over HTTP as it does in Python.
    """
    sid = v2.create()["sid"]
    path = f"/workspaces/acme/meetings/{sid}"

    edited = control.patch(path, json={"disabled": True}).json()["meeting"]

    assert edited["disabled"]
    assert {"meetings": [edited]} == control.get("/workspaces/acme/meetings").json()
    assert control.get("/workspaces/globex/meetings").json() == {"meetings": []}
    assert control.delete(path).status_code == 204
    assert control.delete(path).status_code == 404


def test_objects_can_be_seen_edited_and_removed(control: httpx.Client, v2: Api) -> None:
    """
    The web app's side of everything else works over HTTP, too; a slip of the test is told.
    """
    made = v2.post("/discount-codes", {"code": "OFF5", "kind": "fixed", "value": 5}).json()["discount_code"]
    path = f"/workspaces/acme/discount-codes/{made['id']}"

    edited = control.patch(path, json={"value": 6}).json()["object"]

    assert edited["value"] == 6
    assert {"objects": [edited]} == control.get("/workspaces/acme/discount-codes").json()
    slips = [
        control.patch(path, json={"colour": "red"}),
        control.patch("/workspaces/acme/invitations/one", json={}),
        control.delete("/workspaces/acme/invitations/one"),
        control.get("/workspaces/acme/shoes"),
        control.patch("/workspaces/acme/team-members/nobody", json={}),
        control.patch(path, json={"value": 0}),
    ]
    assert [each.status_code for each in slips] == [400, 400, 400, 404, 404, 422]
    assert [control.delete(path).status_code, control.delete(path).status_code] == [204, 404]


def test_the_journal_can_be_read_and_emptied(control: httpx.Client, v2: Api) -> None:
    """
    Requests are told as JSON, whatever their bodies held.
    """
    v2.create()
    v2.raw("POST", "/meetings", b'{"name": "\\ud800", "duration": 1e999}', {"Content-Type": "application/json"})

    entries = control.get("/requests").json()["requests"]

    assert [(each["method"], each["status"]) for each in entries] == [("POST", 201), ("POST", 400)]
    assert {"requests": []} == control.delete("/requests").json() == control.get("/requests").json()


def test_switches_can_be_seen_and_changed(control: httpx.Client, v2: Api) -> None:
    """
    Switches are told with their choices; a slip is 400 and names them.
    """
    assert control.get("/switches").json()["switches"]["default_option"] == "conflict"
    assert control.get("/switches").json()["choices"]["default_option"] == ["conflict", "swap", "locked"]
    assert control.patch("/switches", json={"error_body": "notice"}).status_code == 200
    assert list(v2.get("/meetings/nothere").json()) == ["notice"]

    response = control.patch("/switches", json={"error_body": "shout"})

    assert (response.status_code, "field_errors" in response.json()["error"]) == (400, True)


def test_a_reset_goes_back_to_the_seed(control: httpx.Client, emulator: Emulator, v2: Api) -> None:
    """
    Links and switches are as at the start.
    """
    v2.create()
    emulator.switch(error_body="notice")

    assert control.post("/reset").status_code == 200
    assert emulator.meetings() == []
    assert list(v2.get("/meetings/nothere").json()) == ["error"]


def test_another_seed_can_be_given() -> None:
    """
    The body is the seed from now on; an impossible one leaves everything as it was.
    """
    with Emulator() as emulator:
        url = f"{emulator.url}/_emulator/seed"
        refused = httpx.post(url, json={"workspaces": {"y": {"api_keys": ["k"], "meetings": [{}]}}})
        before = emulator.workspaces
        accepted = httpx.post(url, json={"workspaces": {"x": {"api_keys": ["k"]}}})

        assert (refused.status_code, before) == (400, ["acme", "globex"])
        assert (accepted.status_code, emulator.workspaces) == (200, ["x"])
        emulator.reset()
        assert emulator.workspaces == ["x"]


@pytest.mark.parametrize(("method", "path"), [("PATCH", "/switches"), ("POST", "/faults"), ("POST", "/reset")])
def test_a_body_over_a_mebibyte_is_413(
    control: httpx.Client, emulator: Emulator, v2: Api, method: str, path: str
) -> None:
    """
    Control routes are bounded as the API is; what is refused does nothing.
    """
    sid = v2.create()["sid"]
    body = json.dumps({"kind": "latency", "seconds": 1}).encode().ljust(1024 * 1024 + 1)

    response = control.request(method, path, content=body, headers={"Content-Type": "application/json"})

    assert (response.status_code, response.json()) == (413, {"error": "Request body is larger than 1 MiB"})
    assert ([each["sid"] for each in emulator.meetings()], emulator.faults) == ([sid], [])


def test_a_seed_may_be_of_any_size() -> None:
    """
    A workspace of 100,000 links is over 1 MiB long.
    """
    seed = json.dumps({"workspaces": {"x": {"api_keys": ["k"]}}}).encode().ljust(2 * 1024 * 1024)
    with Emulator() as emulator:
        response = httpx.post(
            f"{emulator.url}/_emulator/seed", content=seed, headers={"Content-Type": "application/json"}
        )

        assert (response.status_code, emulator.workspaces) == (200, ["x"])


def test_unknown_targets_are_404(control: httpx.Client) -> None:
    """
    A workspace or route that does not exist is told.
    """
    assert control.get("/workspaces/nowhere/meetings").status_code == 404
    assert control.get("/nothing").status_code == 404


@pytest.mark.parametrize("path", ["/_emulator/reset", "/api/external/v2/meetings"])
@pytest.mark.parametrize("origin", ["https://evil.com", "null", "http://127.0.0.1:1", ""])
def test_other_sites_pages_are_refused(emulator: Emulator, v2: Api, path: str, origin: str) -> None:
    """
    A browser's request from another origin is 403, changes nothing and is not in the journal.
    """
    v2.create()

    response = httpx.post(f"{emulator.url}{path}", headers={"Origin": origin, "X-Api-Key": "acme-demo-key"})

    assert (response.status_code, list(response.json())) == (403, ["error"])
    assert (len(emulator.meetings()), len(emulator.requests)) == (1, 1)


def test_the_emulators_own_origin_is_let_in(control: httpx.Client, emulator: Emulator) -> None:
    """
    A page that the emulator itself serves may ask it.
    """
    assert control.post("/reset", headers={"Origin": emulator.url}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.com", 403),
        ("evil.com:8470", 403),
        ("localhost.evil.com", 403),
        ("127.0.0.1@evil.com", 403),
        ("10.0.0.1", 403),
        ("[", 403),
        ("", 403),
        ("localhost", 200),
        ("LOCALHOST:8470", 200),
        ("127.0.0.2", 200),
        ("[::1]:8470", 200),
    ],
)
def test_only_names_of_this_machine_are_served(emulator: Emulator, host: str, status: int) -> None:
    """
    A name that merely resolves to loopback opens nothing, not even with its own origin.
    """
    for path in ("/_emulator/workspaces", "/api/external/v2/meetings"):
        headers = {"Host": host, "Origin": f"http://{host}", "X-Api-Key": "acme-demo-key"}
        assert httpx.get(f"{emulator.url}{path}", headers=headers).status_code == status


def test_open_to_others_it_has_any_name() -> None:
    """
    On an address that is not loopback any Host is right, while the origin still counts.
    """
    with Emulator(host="0.0.0.0") as emulator:  # noqa: S104
        url, host = f"{emulator.url}/_emulator/health", {"Host": "emulator.lan"}

        assert httpx.get(url, headers=host).status_code == 200
        assert httpx.get(url, headers={**host, "Origin": "http://emulator.lan"}).status_code == 200
        assert httpx.get(url, headers={**host, "Origin": "http://evil.com"}).status_code == 403


def test_nothing_that_control_routes_are_told_breaks_them() -> None:
    """
    Whatever the bodies, paths and types: never a 500, and the emulator works as before after a reset.
    """
    with Emulator(page=True) as emulator, httpx.Client(base_url=emulator.url, trust_env=False) as client:

        @settings(
            max_examples=int(os.environ.get("NEETOCAL_FUZZ_EXAMPLES", "300")),
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        )
        @given(
            target=st.sampled_from(TARGETS),
            parts=st.tuples(PATH_PARTS, st.one_of(st.sampled_from(list(COLLECTIONS)), PATH_PARTS), PATH_PARTS),
            query=QUERIES,
            body=st.one_of(BODIES.map(lambda body: json.dumps(body).encode()), st.binary(max_size=40)),
            media_type=st.sampled_from(["application/json", "text/plain", ""]),
        )
        def tell(
            target: tuple[str, str], parts: tuple[str, str, str], query: dict[str, str], body: bytes, media_type: str
        ) -> None:
            method, path = (
                target[0],
                re.sub(r"{[^}]*}", "{}", target[1]).format(*(quote(part, safe="") for part in parts)),
            )
            response = client.request(method, path, params=query, content=body, headers={"Content-Type": media_type})
            assert response.status_code < 500, (target, path, body, response.text)

        tell()
        emulator.renew()
        api = Api(emulator.url)

        assert emulator.workspaces == ["acme", "globex"]
        assert [api.create()] == emulator.meetings()
        api.close()
