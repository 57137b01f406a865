"""
Whatever a server answers, there is one clear error and no harm done, or an outcome of the right types.

A function stands in for the server; `tests/test_connection.py` has what goes wrong below the answers' JSON.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neetocal_provider import errors
from neetocal_provider.api.client import MAX_PAGES, Client
from neetocal_provider.cli.export import export, find
from neetocal_provider.core.search import Query
from neetocal_provider.resources.link_fields import BY_NAME, OPTION_FIELDS
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.types import Emails, Flag, PropertyType, WholeNumber
from neetocal_provider.settings import Settings
from tests.link import create, delete, preview_adoption, read, update
from tests.remote import links_of

EXAMPLES = int(os.environ.get("NEETOCAL_FUZZ_EXAMPLES", "25"))
SID = "8r3rs2k"
MINUTES = {"duration": 30, "is_default": True}
PLACE = {"spot": "zoom", "is_default": True}
DECLARED: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
MEETING: dict[str, Any] = {
    **DECLARED,
    "id": "cc98d282-4cf6-414d-ba58-53fa94b9bca3",
    "sid": SID,
    "hosts": [{"name": "Ada", "email": "ada@acme.example"}],
    "kind": "one_on_one",
    "description": None,
    "start_time_increment": 30,
    "is_multiple_durations_allowed": False,
    "spot": "zoom",
    "durations": [{"id": "1", **MINUTES}],
    "spots": [{"id": "1", **PLACE}],
    "disabled": False,
    "created_at": "2026-01-05T09:00:00.000Z",
    "deleted_at": None,
}
OUTPUTS: dict[str, Any] = {
    **DECLARED,
    "description": "Hello",
    "url": "https://acme.neetocal.com/intro",
    "meeting_id": MEETING["id"],
    "disabled": False,
    "kind": "one_on_one",
    "workspace": "acme",
    "declared": ["description"],
}

Handler = Callable[[httpx.Request], httpx.Response]


def client(handler: Handler, version: str = "v2") -> Client:
    """
    Return a client whose requests a function answers.
    """
    address = "https://acme.neetocal.com"
    found = Settings(workspace="acme", api_key="marker-key", base_url=address, api_version=version, max_attempts=2)
    return Client(found, httpx.MockTransport(handler))


def answering(body: Any) -> Handler:
    """
    Return a function that answers every request with this JSON, or with this text.
    """
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _request: httpx.Response(200, content=content, headers={"Content-Type": "application/json"})


# One thing wrong at a time


WRONG: list[Any] = [
    True,
    7,
    -1,
    2.5,
    "?",
    "\ud800",
    [],
    {},
    [7],
    ["\ud800"],
    [{}],
    [{"email": 3}],
    10**18,
    float("nan"),
]
FITTING: dict[str, list[Any]] = {
    "id": ["?"],
    "created_at": ["?"],
    "disabled": [True],
    "slug": ["?"],
    "name": ["?"],
    "hosts": [[]],
    "duration": [7],
    "description": ["?"],
    "kind": ["?"],
    "start_time_increment": [7],
    "is_multiple_durations_allowed": [True],
    "spot": ["?"],
    "durations": [[]],
    "spots": [[]],
}
"""What of `WRONG` is right for a field."""


def wrong_values() -> Iterator[tuple[str, Any]]:
    """
    Yield each field with each value of a wrong type.
    """
    for name in MEETING.keys() - {"sid"}:
        fitting = [json.dumps(value) for value in FITTING.get(name, [])]
        yield from ((name, value) for value in WRONG if json.dumps(value) not in fitting)


@pytest.mark.parametrize(("name", "value"), sorted(wrong_values(), key=str))
def test_a_field_of_a_wrong_type_is_one_error(name: str, value: Any) -> None:
    """
    A refresh changes nothing in the state, and an update does not count as done; the sentence names the field.
    """
    server = client(answering({"meeting": {**MEETING, name: value}}))

    with pytest.raises(errors.UnexpectedResponseError, match=name.removesuffix("s")) as caught:
        read(server, SID, OUTPUTS)
    with pytest.raises(errors.UnexpectedResponseError):
        update(server, SID, OUTPUTS, {**DECLARED, "description": "Bye", "kind": "grouped"})

    assert "\n" not in str(caught.value)
    assert "check neetocal:baseUrl" in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [each for each in sorted(wrong_values(), key=str) if each[0] != "slug"])
def test_a_field_of_a_wrong_type_loses_no_new_link(name: str, value: Any) -> None:
    """
    The link was made: its sid is recorded, with what can be read, and a warning says what cannot. Where the slug cannot
    be read, the answer counts as lost, see the next test.
    """
    made = create(client(answering({"meeting": {**MEETING, name: value}})), DECLARED)

    assert made.id == SID
    assert problems_of(made.outputs) == []
    assert any("cannot be read in full" in warning for warning in made.warnings)


@pytest.mark.parametrize("answer", [{**MEETING, "sid": "../team"}, {**MEETING, "sid": 7}, {"slug": "intro"}, {}, None])
@pytest.mark.parametrize("slug", ["intro", 7, "another"])
def test_a_create_that_is_answered_with_no_link_of_ours_is_looked_up(answer: Any, slug: Any) -> None:
    """
    Neither an id that leads elsewhere nor another link's is recorded.
    """
    posts = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            posts.append(request)
            return httpx.Response(201, json={"meeting": {**(answer or {}), "slug": slug}})
        if request.url.path.endswith("/meetings"):
            row = {**MEETING, "created_at": "2126-01-01T00:00:00Z"}
            return httpx.Response(200, json={"meetings": [row], "pagination": {}})
        return httpx.Response(200, json={**MEETING, "created_at": "2126-01-01T00:00:00Z"})

    made = create(client(handler), DECLARED)

    assert (made.id, len(posts)) == (SID, 1)


@pytest.mark.parametrize("body", [{**MEETING, "sid": "another"}, {"meeting": {**MEETING, "sid": "another"}}])
def test_another_links_answer_is_not_taken_for_ours(body: Any) -> None:
    """
    Recording it would let the next update or destroy hit a link that the stack does not manage.
    """
    server = client(answering(body))

    for operation in (
        lambda: read(server, SID, OUTPUTS),
        lambda: update(server, SID, OUTPUTS, {**DECLARED, "description": "Bye", "kind": "grouped"}),
    ):
        with pytest.raises(errors.UnexpectedResponseError, match="with another one than was asked for"):
            operation()


@pytest.mark.parametrize(
    "number", [b"1e400", b"-1e400", b"NaN", b"Infinity", b"1" * 4000, b"1" * 5001, b"9007199254740993", b"-1", b"30.5"]
)
def test_a_number_that_no_link_has_is_one_error(number: bytes) -> None:
    """
    Whether the parser, Pulumi's floats or the screen could not take it.
    """
    body = json.dumps({"meeting": MEETING}).encode().replace(b'"duration": 30,', b'"duration": ' + number + b",", 1)

    with pytest.raises(errors.UnexpectedResponseError) as caught:
        read(client(answering(body)), SID, OUTPUTS)

    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("told", [30, 30.0, "30"])
def test_a_number_is_read_in_any_spelling(told: Any) -> None:
    """
    JSON does not tell 30 from 30.0, and some servers answer numbers as text.
    """
    live = read(client(answering({**MEETING, "duration": told})), SID, OUTPUTS)

    assert live is not None
    assert repr(live.outputs["duration"]) == "30"


@pytest.mark.parametrize("deleted_at", [False, True, 0, "", "no", {}])
def test_a_link_is_gone_only_since_a_time(deleted_at: Any) -> None:
    """
    Anything else in that field must not drop the link from the state.
    """
    with pytest.raises(errors.UnexpectedResponseError, match="deleted_at"):
        read(client(answering({**MEETING, "deleted_at": deleted_at})), SID, OUTPUTS)


@pytest.mark.parametrize("counts", [{"total_records": "none"}, {"total_records": True}, {"total_pages": -1}, [], "?"])
@pytest.mark.parametrize("rows", [[], [{"meeting_id": 7}], "?", None])
def test_bookings_that_cannot_be_counted_protect_a_link(counts: Any, rows: Any) -> None:
    """
    Nothing is deleted on the word of an answer that nobody understands.
    """
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(200, json={"bookings": rows, "pagination": counts})

    with pytest.raises(errors.UnexpectedResponseError):
        delete(client(handler), SID, OUTPUTS)

    assert set(asked) == {"GET"}


@pytest.mark.parametrize("total_pages", [10**9, 10**400, MAX_PAGES + 1])
def test_a_list_that_never_ends_is_given_up(total_pages: int) -> None:
    """
    A server that makes up page after page does not hold the run for ever.
    """
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        row = {"sid": f"s{len(asked)}", "slug": f"slug-{len(asked)}"}
        return httpx.Response(200, json={"meetings": [row], "pagination": {"total_pages": total_pages}})

    with pytest.raises(errors.UnexpectedResponseError):
        links_of(client(handler)).find({"slug": "intro"})

    assert len(asked) <= 2 * MAX_PAGES


def test_a_list_that_repeats_itself_ends() -> None:
    """
    A billion pages are claimed, and all are the same.
    """
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"meetings": [MEETING], "pagination": {"total_pages": 10**9}})

    assert links_of(client(handler)).find({"slug": "another"}) is None
    assert len(asked) == 4  # twice with the search, twice without


@pytest.mark.parametrize("counts", [{}, {"pagination": {}}, {"pagination": {"total_records": 2}}])
def test_a_list_that_does_not_say_how_long_it_is_is_read_to_its_end(counts: dict[str, Any]) -> None:
    """
    A link on the second page is found, and an empty page ends the list.
    """
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        number = request.url.params["page_number"]
        asked.append(number)
        rows = {"1": [{**MEETING, "sid": "first", "slug": "first"}], "2": [MEETING]}.get(number, [])
        return httpx.Response(200, json={"meetings": rows, **counts})

    found = links_of(client(handler)).find({"slug": "intro"})

    assert found is not None
    assert found.id == SID
    assert len(list(links_of(client(handler)).objects())) == 2
    assert asked == ["1", "2", "1", "2", "3"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_link_is_gone_if_the_workspace_answers(status: int) -> None:
    """
    Both statuses say so to a refresh and to a delete.
    """

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/meetings"):
            return httpx.Response(200, json={"meetings": [], "pagination": {}})
        if request.url.path.endswith("/bookings"):
            return httpx.Response(200, json={"bookings": [], "pagination": {}})
        return httpx.Response(status, json={"error": "gone"})

    assert read(client(handler), SID, OUTPUTS) is None
    delete(client(handler), SID, OUTPUTS)


def test_somebody_elses_odd_link_is_no_obstacle() -> None:
    """
    A list of the workspace is good enough to find our own link in it.
    """
    odd = {"sid": "odd", "slug": "odd", "hosts": 7, "duration": "long", "description": "\ud800"}
    rows = answering({"meetings": [odd, MEETING], "pagination": {}})

    found = links_of(client(rows)).find({"slug": "intro"})

    assert found is not None
    assert found.id == SID


# Everything wrong at once


def problems_of(outputs: Mapping[str, Any]) -> list[str]:
    """
    Return the names of the outputs that are not what a link's property can be, or that Pulumi cannot carry.
    """
    wrong = [name for name, value in outputs.items() if name in BY_NAME and not _fits(name, value)]
    fixed = {"url": str, "meeting_id": str, "disabled": bool, "kind": str, "workspace": str}
    wrong += [name for name in SCHEDULING_LINK.schema.computed if not isinstance(outputs.get(name), fixed[name])]
    json.dumps(outputs, ensure_ascii=False, allow_nan=False).encode()
    return wrong


def _fits(name: str, value: Any) -> bool:
    if value is None:
        return not BY_NAME[name].required
    if name in OPTION_FIELDS:
        kinds = OPTION_FIELDS[name].fields
        return all(_is_of(kinds[key], item) for option in value for key, item in option.items())
    return _is_of(BY_NAME[name].type, value)


def _is_of(kind: PropertyType, value: Any) -> bool:
    if isinstance(kind, WholeNumber):
        return type(value) is int and 0 <= value < 2**53
    if isinstance(kind, Flag):
        return isinstance(value, bool)
    if isinstance(kind, Emails):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)


_NUMBERS = st.integers() | st.floats() | st.sampled_from([10**18, -(10**18), 10**400, 0, 1])
_TEXTS = st.text(st.characters(), max_size=5) | st.sampled_from(["", SID, "intro", "../x", "\ud800", "30", "true"])
_LEAVES = st.none() | st.booleans() | _NUMBERS | _TEXTS
ANY = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*MEETING, "email"]), inner, max_size=3)
    ),
    max_leaves=6,
)
_ODD_LINKS = st.dictionaries(st.sampled_from(sorted(MEETING)), ANY, max_size=3).map(lambda odd: {**MEETING, **odd})
_LINKS = st.just(MEETING) | _ODD_LINKS | st.dictionaries(st.sampled_from(sorted(MEETING)), ANY, max_size=4)
_COUNTS = st.none() | st.dictionaries(st.sampled_from(["total_records", "total_pages"]), ANY) | ANY
_LISTS = st.fixed_dictionaries(
    {name: ANY | st.lists(_LINKS | ANY, max_size=3) for name in ("meetings", "bookings", "durations", "spots")},
    optional={"pagination": _COUNTS},
)
_WRAPPED = _LINKS.map(lambda link: {"message": "…", "meeting": link})
_REFUSALS = st.fixed_dictionaries({}, optional=dict.fromkeys(("error", "errors", "notice", "field_errors"), ANY))
_BODIES = (ANY | _LINKS | _WRAPPED | _LISTS | _REFUSALS).map(lambda body: json.dumps(body).encode()) | st.binary()
_STATUSES = st.sampled_from([200] * 8 + [201, 204, 301, 400, 401, 404, 409, 422, 500, 503])
ANSWERS = st.tuples(_STATUSES, _BODIES, st.sampled_from(["application/json", "text/html"]))

HOST = "https://acme.neetocal.com/api/external/"


Answer = tuple[int, bytes, str]


class AnyServer:
    """
    A server that gives these answers in turn, then 404; `asked` of what, by its statuses.
    """

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = iter(answers)
        self.asked: list[tuple[str, str]] = []
        self.statuses: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """
        Answer a request.
        """
        status, content, kind = next(self._answers, (404, b"", ""))
        self.asked.append((request.method, str(request.url)))
        self.statuses.append(status)
        date = {"Date": "Fri, 31 Dec 9999 23:59:59 GMT"} if status == 409 else {}
        return httpx.Response(status, content=content, headers={"Content-Type": kind, **date})


@pytest.mark.parametrize("operation", ["create", "adopt", "read", "update", "options", "delete", "export", "preview"])
@pytest.mark.parametrize("version", ["v2", "v1"])
@given(answers=st.lists(ANSWERS, min_size=1, max_size=12))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_answer_is_an_error_of_ours_or_an_outcome_of_the_right_types(
    operation: str, version: str, answers: list[Answer]
) -> None:
    """
    Nothing else is raised, no address but the workspace's is asked, and no link but the one at hand is touched.
    """
    server = AnyServer(answers)
    connected = client(server, version)

    told = ""
    try:
        _do(operation, connected, server)
    except errors.NeetoCalError as error:
        told = str(error)

    assert told.isprintable()
    assert all(address.startswith(HOST) for _method, address in server.asked)
    if operation in ("read", "update", "options", "delete"):
        touched = [address for method, address in server.asked if method != "GET"]
        assert all(f"/meetings/{SID}" in address for address in touched)


def _do(operation: str, connected: Client, server: AnyServer) -> None:
    options = {"durations": [{"duration": 45, "is_default": True}], "spots": [PLACE]}
    wanted = {**DECLARED, "description": "Bye"}
    if operation in ("create", "adopt"):
        made = create(connected, {**wanted, **options, "adopt": operation == "adopt"})
        assert re.fullmatch("[A-Za-z0-9_-]+", made.id)
        assert problems_of(made.outputs) == []
        assert all(warning.isprintable() for warning in made.warnings)
    elif operation == "read":
        live = read(connected, SID, OUTPUTS)
        # Gone is what is answered so, at the second attempt perhaps.
        assert problems_of(live.outputs) == [] if live else {200, 201, 404} & {*server.statuses[:2]}
    elif operation in ("update", "options"):
        changes = wanted if operation == "update" else {**DECLARED, "description": "Hello", **options}
        updated = update(connected, SID, OUTPUTS, changes)
        assert problems_of(updated.outputs) == []
        assert all(problem.isprintable() for problem in updated.problems)
    elif operation == "delete":
        delete(connected, SID, OUTPUTS)
        assert {"DELETE"} & {method for method, _address in server.asked} or 404 in server.statuses
    elif operation == "export":
        found = export(find(connected, ["SchedulingLink"], Query(), lambda *_step: None), connected.settings)
        assert [
            name for link in found.resources for name in link.arguments if not _fits(name, link.arguments[name])
        ] == []
    else:
        assert isinstance(preview_adoption(connected, {**wanted, "adopt": True}), str)
