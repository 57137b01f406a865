"""
The running emulator, held to the description of its API by schemathesis, over real HTTP.

`NEETOCAL_FUZZ_EXAMPLES=1000 pytest tests/emulator/test_openapi.py` is the longer run; the inputs are the same
each time.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema

from neetocal_emulator import Emulator
from neetocal_emulator.endpoints.call import Version
from neetocal_emulator.endpoints.routes import PREFIXES, ROUTES
from neetocal_emulator.facts import Fact
from neetocal_emulator.openapi import description

EXAMPLES = int(os.environ.get("NEETOCAL_FUZZ_EXAMPLES", "10"))
VERSIONS: tuple[Version, ...] = ("v1", "v2")
BOUNDS = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

Case = schemathesis.Case[Any]

KEY = "a-key-for-fuzzing"
ID = "00000000-0000-4000-8000-000000000001"
OTHER_ID = "00000000-0000-4000-8000-000000000002"
SEED: dict[str, Any] = {
    "random_seed": 1,
    "workspaces": {
        "fuzz": {
            "api_keys": [KEY],
            "team_members": [
                {"id": ID, "email": "ada@fuzz.example", "organization_role": "Admin"},
                {"id": OTHER_ID, "email": "ben@fuzz.example", "organization_role": "Admin"},
            ],
            "packages": [
                {
                    "id": ID,
                    "name": "Package",
                    "slug": "package",
                    "duration": 300,
                    "purchases": [{"id": ID, "name": "Grace", "email": "grace@visitor.example"}],
                }
            ],
            "templates": [{"id": ID, "slug": "template", "name": "Template", "duration": 30}],
            "meetings": [
                {
                    "sid": "fuzzing",
                    "slug": "link",
                    "name": "Link",
                    "duration": 30,
                    "hosts": ["ada@fuzz.example"],
                    "durations": [{"id": ID, "duration": 30, "is_default": True}, {"id": OTHER_ID, "duration": 60}],
                    "spots": [{"id": ID, "spot": "zoom", "is_default": True}, {"id": OTHER_ID, "spot": "teams"}],
                }
            ],
            "add_on_services": [{"id": ID, "meeting": "link", "name": "Tea"}],
            "discount_codes": [{"id": ID, "code": "FIRST", "kind": "percentage", "value": 5}],
        }
    },
}
BOOKING = {"meeting_slug": "link", "name": "Grace", "email": "grace@visitor.example", "time_zone": "UTC"}
BOOKING_SID = "the booking's sid"
AVAILABILITY_ID = "the availability's id"
# What a value must be by its name, wherever it stands in a good body.
POSSIBLE: dict[str, Any] = {
    "meeting_slug": "link",
    "host_email": "ada@fuzz.example",
    "time_zone": "Europe/Lisbon",
    "slot_date": "2100-01-04",
    "slot_start_time": "09:00 AM",
    "date": "2100-01-04",
    "start_time": "09:00 AM",
    "end_time": "05:00 PM",
    "invited_by": "ada@fuzz.example",
    "meeting_ids": ["fuzzing"],
    "event_add_calendar_ids": [],
    "conflict_check_calendar_ids": [],
}
POSSIBLE_QUERY: dict[str, Any] = {
    "time_zone": "Europe/Lisbon",
    "day": 28,
    "emails[]": ["ada@fuzz.example"],
    "start_date": "2100-01-04",
    "end_date": "2100-01-08",
}
LISTS = (
    "meetings",
    "meeting-templates",
    "team-members",
    "bookings",
    "availabilities",
    "automation-rules",
    "discount-codes",
    "packages",
)
# What belongs together, so that a sequence comes back to what it made before it is over; the last is all.
NEIGHBOURS = {
    "links": r"/(meetings|meeting[-_]templates)(/\{\w+\})?",
    "durations": r"/meetings(/\{sid\}/durations(/\{id\})?)?",
    "spots": r"/meetings(/\{sid\}/spots(/\{id\})?)?",
    "rules": r"/automation[-_]rules(/\{id\})?",
    "all": r".*",
}
# The integration that alone knows a field of the calendar preferences.
CALENDARS = {"busy_statuses": "outlook", "event_color": "google_calendar"}


class Target:
    """
    The emulator that is fuzzed, with one of everything in it.
    """

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._session = requests.Session()
        self._session.trust_env = False  # no proxies of the environment on loopback
        response = self.send("POST", f"{PREFIXES['v2']}/bookings", json=BOOKING)
        found = self.send("GET", f"{PREFIXES['v2']}/availabilities").json()["availabilities"]
        self.known: dict[str, str] = {BOOKING_SID: response.json()["sid"], AVAILABILITY_ID: found[0]["id"]}
        self._start = emulator.snapshot()

    def close(self) -> None:
        """
        Close the connections.
        """
        self._session.close()

    def restore(self) -> None:
        """
        Go back to one of everything.
        """
        self._emulator.restore(self._start)

    def send(self, method: str, path: str, **options: Any) -> Any:
        """
        Send one request with the key.
        """
        return self._session.request(
            method, f"{self._emulator.url}{path}", **{"headers": {"X-Api-Key": KEY}, "timeout": 10, **options}
        )

    def transport(self, version: Version) -> dict[str, Any]:
        """
        Return what a case of schemathesis needs to get here.
        """
        return {
            "base_url": self._emulator.url + PREFIXES[version],
            "session": self._session,
            "headers": {"X-Api-Key": KEY},
        }

    def assert_all_lists_answer(self) -> None:
        """
        Fail unless every list can be read to its end.
        """
        for path in LISTS:
            response = self.send("GET", f"{PREFIXES['v2']}/{path}", params={"page_number": 1, "page_size": 100})
            assert response.status_code == 200, response.text


def loaded(document: dict[str, Any]) -> BaseSchema:
    """
    Read a description for schemathesis: all checks, both good and bad input.
    """
    schema = schemathesis.openapi.from_dict(document, config=schemathesis.Config())
    # NUL is refused with 400 whatever the field (CHARACTERS), which JSON Schema could say only at each of them.
    schema.config.generation.update(max_examples=EXAMPLES, deterministic=True, database="none", allow_x00=False)
    schema.hooks.register_hook_with_name(possible_values, "map_case")
    schema.hooks.register_hook_with_name(is_sent_whole, "filter_case")
    return schema


def loaded_for_single_calls(version: Version) -> BaseSchema:
    """
    Read the description for calls on what the seed holds.
    """
    schema = loaded(description(version))
    schema.hooks.register_hook_with_name(known_objects, "map_case")
    return schema


def loaded_for_sequences(version: Version, paths: str) -> BaseSchema:
    """
    Read the part of the description that has these paths.

    The key is sent without being described: schemathesis holds a 404 against a new object only if it drew nothing of
    the request. That a key is needed is for the single calls to see.
    """
    document = {name: part for name, part in description(version).items() if name != "security"}
    schema = loaded(document).include(path_regex=f"^{paths}$")
    # What came before decides, too: the slot may be taken by now, the booking cancelled. Either is 422, described.
    acceptance = schema.config.checks.positive_data_acceptance
    acceptance.expected_statuses = [*acceptance.expected_statuses, "422"]
    return schema


def known_objects(_: schemathesis.HookContext, case: Case) -> Case:
    """
    Name objects that exist, where a path is good; `called` knows the booking and the availability.
    """
    if is_good(case, ParameterLocation.PATH):
        path = case.operation.path
        known = {
            "sid": BOOKING_SID if path.startswith("/bookings") else "fuzzing",
            "id": AVAILABILITY_ID if path.startswith("/availabilities") else ID,
            "package_id": ID,
            "slug": "link",
        }
        case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
    return case


def is_sent_whole(_: schemathesis.HookContext, case: Case) -> bool:
    """
    Tell whether each parameter of a query is in the request: an empty list is wrong, but nothing of it is sent.
    """
    return all(
        "?" in str(requests.Request("GET", "http://api", params={name: value}).prepare().url)
        for name, value in case.query.items()
    )


def possible_values(_: schemathesis.HookContext, case: Case) -> Case:
    """
    Make good input good for this workspace too, which no schema knows: its link, its members, real days and zones.
    """
    if is_good(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        body: dict[str, Any] = possible(case.body)
        if "availabilit" in case.operation.path and "email" in body:
            body["email"] = "ada@fuzz.example"
        for field, integration in CALENDARS.items():
            if case.path_parameters.get("integration") != integration:
                body.pop(field, None)
        case.body = body
    if is_good(case, ParameterLocation.QUERY):
        case.query.update({name: value for name, value in POSSIBLE_QUERY.items() if name in case.query})
    return case


def is_good(case: Case, location: ParameterLocation) -> bool:
    """
    Tell whether this part of a case keeps to the description.
    """
    part = case.meta.components.get(location) if case.meta else None
    return part is not None and part.mode is GenerationMode.POSITIVE


def possible(value: Any) -> Any:
    """
    Put possible values in, and turn 30.0 into 30: to JSON Schema the same, to the emulator a mistake (VALUE_TYPE).
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: POSSIBLE.get(name, possible(item)) for name, item in value.items()}
    return [possible(item) for item in value] if isinstance(value, list) else value


def called(case: Case, target: Target, version: Version) -> None:
    """
    Send a case to a fresh workspace and run all checks on the answer.
    """
    case.path_parameters = {name: target.known.get(value, value) for name, value in case.path_parameters.items()}
    target.restore()
    case.call_and_validate(**target.transport(version))


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """
    An emulator in memory; any host is let in, because no schema knows who is a member.
    """
    with Emulator(seed=SEED, switches={"unknown_hosts": "accepted"}) as emulator:
        opened = Target(emulator)
        yield opened
        opened.close()


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Target]:
    """
    An emulator on a file that must be whole when the test is over.
    """
    state = tmp_path / "state.db"
    with Emulator(seed=SEED, state=state, switches={"unknown_hosts": "accepted"}) as emulator:
        opened = Target(emulator)
        yield opened
        opened.assert_all_lists_answer()
        opened.close()
    with closing(sqlite3.connect(state)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT * FROM objects WHERE json_valid(document) = 0").fetchall() == []
        for table in ("meeting_hosts", "bookings"):
            orphans = f"SELECT * FROM {table} WHERE meeting NOT IN (SELECT position FROM meetings)"  # noqa: S608 - fixed
            assert database.execute(orphans).fetchall() == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_route_is_described(version: Version) -> None:
    """
    The description has the paths and verbs of the emulator, no more and no less.
    """
    described = {
        (verb.upper(), path)
        for path, item in description(version)["paths"].items()
        for verb in set(item) - {"parameters"}
    }

    assert described == {(method, path) for method, path, _endpoint in ROUTES[version]}


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_described_is_used(version: Version) -> None:
    """
    No component is left that nothing refers to, and no reference leads nowhere.
    """
    document = description(version)
    paths = set(references(document["paths"])) | {
        f"#/components/securitySchemes/{name}" for scheme in document["security"] for name in scheme
    }
    used: set[str] = set()
    while paths - used:
        used |= paths
        paths = {
            reference for path in used if "securitySchemes" not in path for reference in references(at(document, path))
        }
    components = {f"#/components/{kind}/{name}" for kind, named in document["components"].items() for name in named}

    assert used - components == set()
    assert components - used == set()


def references(value: Any) -> Iterator[str]:
    """
    Yield every reference in a part of the document.
    """
    if isinstance(value, Mapping):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from references(item)


def at(document: Any, reference: str) -> Any:
    """
    Return the part of the document that a reference names.
    """
    for step in reference.removeprefix("#/").split("/"):
        document = document[step]
    return document


@pytest.mark.parametrize("version", VERSIONS)
def test_every_fact_named_in_the_description_exists(version: Version) -> None:
    """
    A word in capitals that is spelled like a fact is one.
    """
    names = set(re.findall(r"\b[A-Z]+(?:_[A-Z0-9]+)+\b", json.dumps(description(version))))

    assert names
    assert names - set(Fact.__members__) == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_description_is_served(target: Target, version: Version) -> None:
    """
    Tools of any language fetch it from the emulator itself, and find the API from there.
    """
    response = target.send("GET", f"/_emulator/openapi/{version}.json", headers={})

    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.json() == description(version)
    assert response.json()["servers"] == [{"url": PREFIXES[version]}]


@loaded_for_single_calls("v1").parametrize()
def test_v1_is_as_described(case: Case, target: Target) -> None:
    """
    Whatever is sent, the answer is a described one, and never a 5xx.
    """
    called(case, target, "v1")


@loaded_for_single_calls("v2").parametrize()
def test_v2_is_as_described(case: Case, target: Target) -> None:
    """
    Whatever is sent, the answer is a described one, and never a 5xx.
    """
    called(case, target, "v2")


@pytest.mark.parametrize("paths", NEIGHBOURS.values(), ids=NEIGHBOURS)
@pytest.mark.parametrize("version", VERSIONS)
def test_sequences_are_as_described(version: Version, paths: str, whole: Target) -> None:
    """
    What was made can be read, changed and deleted, what was deleted is gone, and the store stays whole.
    """

    class Sequence(loaded_for_sequences(version, paths).as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            # Hypothesis plays a beginning again and expects the same answers.
            whole.restore()

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:  # noqa: ARG002
            return whole.transport(version)

    Sequence.run(settings=settings(BOUNDS, stateful_step_count=10))


BYTES = st.binary(max_size=60) | st.sampled_from(
    [b"", b"null", b"[]", b'{"', b"\xff", b'"\\ud800"', b'{"slug": "\\u0000"}', b"[" * 5000, b"1" * 5000, b"NaN", b"{}"]
)
PARTS = st.text(min_size=1, max_size=8) | st.sampled_from(["fuzzing", ID, "..", "%00", "%2f", "%ff", "meetings", "'"])
CALLS = st.tuples(
    st.sampled_from([(version, method, path) for version in VERSIONS for method, path, _ in ROUTES[version]]),
    PARTS,
    BYTES,
    st.sampled_from(["application/json", "application/json; charset=latin-1", "text/plain", ""]),
    st.dictionaries(
        st.sampled_from(["page_number", "page_size", "search", "emails[]", "type", "x"]), PARTS, max_size=3
    ),
)


def test_no_bytes_break_it(whole: Target) -> None:
    """
    Requests that no client would send are refused, too, and leave the store whole.
    """

    @settings(BOUNDS, max_examples=EXAMPLES * 40)
    @given(CALLS)
    def send(call: tuple[tuple[Version, str, str], str, bytes, str, dict[str, str]]) -> None:
        (version, method, path), part, body, content_type, query = call
        path = PREFIXES[version] + re.sub(r"\{\w+\}", lambda _: part, path)
        headers = {"X-Api-Key": KEY, "Content-Type": content_type}
        try:
            response = whole.send(method, path, data=body, headers=headers, params=query)
        except (requests.exceptions.InvalidURL, UnicodeError):
            return
        assert response.status_code < 500, (method, path, body)

    send()
