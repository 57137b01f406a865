"""
docs/http.md, row by row: what the page says of an answer is what the core makes of it, over real HTTP.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from neetocal_provider import errors
from neetocal_provider.api.client import Client
from neetocal_provider.api.status_codes import STATUSES
from neetocal_provider.resources.link_bookings import count_upcoming
from neetocal_provider.resources.link_options import list_options
from neetocal_provider.resources.lookups import list_team_members
from neetocal_provider.settings import Settings
from tests.link import create, delete, read, update
from tests.remote import links_of, templates_of

PAGE = (Path(__file__).parent.parent.parent / "docs" / "http.md").read_text()
SID = "8r3rs2k"
DECLARED: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
CHANGED = {**DECLARED, "name": "Introduction", "hosts": ["grace@acme.example"], "kind": "one_on_one"}
OUTPUTS: dict[str, Any] = {**DECLARED, "meeting_id": "cc98d282", "disabled": False, "kind": "one_on_one"}
OUTPUTS |= {"url": "https://acme.neetocal.com/intro", "workspace": "acme", "declared": []}
LINK = {**DECLARED, "sid": SID, "id": "cc98d282", "kind": "one_on_one", "created_at": "2026-01-05T09:00:00.000Z"}


def table(heading: str) -> list[list[str]]:
    """
    Return the cells of the rows of the first table under a heading.
    """
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = section[section.index("\n|") :].strip().partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


# The server


Requests = list[tuple[str, str, dict[str, str]]]


@dataclass
class World:
    """
    A workspace with at most one link, and what its server does instead of answering as it should.

    Attributes:
        status: what is answered to requests with the method `struck`, to links, or to lists if `struck` is LIST.

        works: whether such a request is carried out all the same.

        times: how many such requests are answered so.

        headers: go with such an answer.

        body: is such an answer's; as it should be if None.

        interim: statuses that come before each answer.
    """

    link: dict[str, Any] | None = None
    status: int = 200
    struck: str = ""
    works: bool = True
    times: int = 1000
    headers: Sequence[str] = ()
    body: str | None = None
    interim: Sequence[int] = ()
    requests: Requests = field(default_factory=list)

    def answered(self, method: str, target: str, headers: dict[str, str], sent: Any) -> bytes:
        """
        Return the bytes that answer a request.
        """
        self.requests.append((method, target, headers))
        is_list = method == "GET" and SID not in target.partition("?")[0]
        strikes = self.struck in ("ALL", "LIST" if is_list else method) and self.times > 0
        if strikes:
            self.times -= 1
        body = self._done(method, target, sent) if self.works or not strikes else None
        if body is None and not strikes:
            return self._packed(404, {"error": "Meeting not found"}, ())
        if not strikes:
            return self._packed(200, body, ())
        return self._packed(
            self.status, body if self.status < 400 else self.body and {"error": self.body}, self.headers
        )

    def _done(self, method: str, target: str, sent: Any) -> Any:
        if method == "POST":
            self.link = {**LINK, **sent, "created_at": datetime.now(timezone.utc).isoformat()}
        elif method == "PATCH" and self.link:
            self.link |= sent
        elif method == "DELETE" and self.link:
            self.link = None
            return {}
        elif "/bookings" in target:
            return {"bookings": []}
        elif SID not in target.partition("?")[0]:
            page = {"total_pages": 1, "total_records": 1}
            return {"meetings": [self.link] if self.link else [], "pagination": page}
        return self.link

    def _packed(self, status: int, body: Any, headers: Sequence[str]) -> bytes:
        content = b"" if status in (204, 205, 304) or body is None else json.dumps(body).encode()
        early = "".join(f"HTTP/1.1 {each} Early\r\n\r\n" for each in self.interim)
        head = [f"HTTP/1.1 {status} Status", *headers, *([] if status == 204 else [f"Content-Length: {len(content)}"])]
        return early.encode() + "\r\n".join([*head, "", ""]).encode() + content


class Server(ThreadingHTTPServer):
    """
    Serves the world of the test that runs.
    """

    daemon_threads = True
    world = World()


class Handler(BaseHTTPRequestHandler):
    """
    Hands requests to the world.
    """

    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        """
        Answer a request.
        """
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.world.answered(self.command, self.path, headers, json.loads(sent or b"null"))
        self.wfile.write(answer)
        self.close_connection = b"Connection: close" in answer

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the names are the base's

    def log_message(self, *_told: Any) -> None:
        """
        Write nothing.
        """


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """
    Give one server for all rows.
    """
    with Server(("127.0.0.1", 0), Handler) as serving:
        thread = Thread(target=serving.serve_forever, args=[0.01])
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


NUMBERS = count(1000)

Within = Callable[..., Any]


@pytest.fixture(scope="module")
def within(server: Server) -> Iterator[Within]:
    """
    Give a function that does something in a world, with a client at a rate of its own, and returns what comes of it.
    """
    transport = httpx.HTTPTransport()  # one for all clients: certificates take long to load

    def done(world: World, act: Callable[[Client], Any]) -> Any:
        server.world = world
        settings = Settings(
            workspace="acme",
            api_key="acme-demo-key",
            base_url=f"http://127.0.0.1:{server.server_port}",
            max_attempts=2,
            max_requests_per_second=next(NUMBERS),
        )
        try:
            return act(Client(settings, transport))
        except errors.NeetoCalError as error:
            return error

    with closing(transport):
        yield done


# Statuses


@dataclass(frozen=True, kw_only=True)
class Operation:
    """
    What is tried: what it is called on the page, which requests are struck, and what is done.
    """

    name: str
    struck: str
    act: Callable[[Client], Any]


OPERATIONS = [
    Operation(name="Create", struck="POST", act=lambda client: create(client, DECLARED)),
    Operation(name="Read", struck="GET", act=lambda client: read(client, SID, OUTPUTS)),
    Operation(name="Update", struck="PATCH", act=lambda client: update(client, SID, OUTPUTS, CHANGED)),
    Operation(name="Delete", struck="DELETE", act=lambda client: delete(client, SID, OUTPUTS)),
    Operation(name="Lists", struck="LIST", act=lambda client: links_of(client).find({"slug": "intro"})),
]

CELLS = [
    pytest.param(int(code), error, operation, cell, id=f"{code} {operation.name}")
    for codes, _meaning, error, *cells in table("Statuses")
    for code in codes.split(", ")
    for operation, cell in zip(OPERATIONS, cells, strict=True)
]


@pytest.mark.parametrize(("code", "error", "operation", "cell"), CELLS)
def test_a_status_does_what_the_page_says(
    within: Within, code: int, error: str, operation: Operation, cell: str
) -> None:
    """
    To each operation.
    """
    OUTCOMES[cell](within, code, operation, getattr(errors, error or "UnexpectedResponseError"))


def struck(code: int, operation: Operation, **options: Any) -> World:
    """
    Return a world whose server answers an operation with a status.
    """
    link = None if operation.name == "Create" else dict(LINK)
    headers = ("Retry-After: 0",) if code == 429 else ()
    return World(**{"link": link, "status": code, "struck": operation.struck, "headers": headers, **options})


def asked(world: World, operation: Operation) -> int:
    """
    Return how many requests were struck or could have been.
    """
    if operation.struck == "LIST":
        return len(world.requests)
    return sum(method == operation.struck and (method != "GET" or SID in path) for method, path, _ in world.requests)


def _done(within: Within, code: int, operation: Operation, _error: type[Exception]) -> None:
    world = struck(code, operation)
    found = within(world, operation.act)
    assert not isinstance(found, Exception)
    assert asked(world, operation) == 1
    if operation.name == "Delete":
        gone = struck(code, operation, works=False, link=None)
        assert within(gone, operation.act) is None
        assert code < 400 or any("page_size=1" in path for _, path, _ in gone.requests)


def _read_back(within: Within, code: int, operation: Operation, _error: type[Exception]) -> None:
    world = struck(code, operation)
    updated = within(world, operation.act)
    assert updated.outputs["name"] == "Introduction"
    assert [method for method, _, _ in world.requests] == ["PATCH", "GET"]


def _looked_for(within: Within, code: int, operation: Operation, _error: type[Exception]) -> None:
    made = struck(code, operation)
    assert within(made, operation.act).id == SID
    assert asked(made, operation) == 1
    lost = struck(code, operation, works=False, times=1)
    assert within(lost, operation.act).id == SID
    assert [method for method, _, _ in lost.requests] == ["POST", "GET", "GET", "POST"]
    never = struck(code, operation, works=False)
    assert type(within(never, operation.act)) is errors.NeetoCalError


def _repeated(within: Within, code: int, operation: Operation, error: type[Exception]) -> None:
    once = struck(code, operation, works=False, times=1)
    assert not isinstance(within(once, operation.act), Exception)
    assert asked(once, operation) == 2
    assert len(once.requests) == 2 or operation.name != "Create"
    lasting = struck(code, operation, works=False)
    assert type(within(lasting, operation.act)) is error
    assert asked(lasting, operation) == 2


def _gone(within: Within, code: int, operation: Operation, _error: type[Exception]) -> None:
    world = struck(code, operation)
    assert within(world, operation.act) is None
    assert "page_size=1" in world.requests[-1][1]
    elsewhere = struck(code, operation, struck="ALL")
    assert type(within(elsewhere, operation.act)) is errors.ConfigError


def _error(within: Within, code: int, operation: Operation, error: type[Exception]) -> None:
    world = struck(code, operation, works=False)
    assert type(within(world, operation.act)) is error
    assert asked(world, operation) == 1
    assert len(world.requests) == 1 or operation.name != "Create"


def _error_or_taken(within: Within, code: int, operation: Operation, error: type[Exception]) -> None:
    told = struck(code, operation, works=False, link=LINK, body="Name is too long")
    assert type(within(told, operation.act)) is error
    assert asked(told, operation) == len(told.requests) == 1
    for text in ("Slug has already been taken", None):
        taken = struck(code, operation, works=False, link=LINK, body=text)
        assert type(within(taken, operation.act)) is errors.RefusedError
        adopted = struck(code, operation, works=False, link=LINK, body=text)
        assert within(adopted, lambda client: create(client, {**DECLARED, "adopt": True})).is_adopted


def _unexpected(within: Within, code: int, operation: Operation, _error: type[Exception]) -> None:
    world = struck(code, operation, works=False)
    found = within(world, operation.act)
    assert type(found) is errors.UnexpectedResponseError
    assert f"answered {code} to" in str(found)
    assert asked(world, operation) == 1


OUTCOMES = {
    "done": _done,
    "done, read back": _read_back,
    "looked for": _looked_for,
    "repeated": _repeated,
    "gone": _gone,
    "error": _error,
    "error, or taken": _error_or_taken,
    "unexpected": _unexpected,
}


def test_every_status_of_the_code_is_on_the_page() -> None:
    """
    The last row is for all others.
    """
    *known, others = [{int(code) for code in codes.split(", ")} for codes, *_ in table("Statuses")]

    assert set().union(*known) == STATUSES.keys()
    assert not others & STATUSES.keys()


def test_what_comes_before_the_answer_is_skipped(within: Within) -> None:
    """
    But for 101, after which nothing follows that can be read.
    """
    skipped = World(link=dict(LINK), interim=(100, 102, 103))
    switched = struck(101, OPERATIONS[1], times=1)

    for world in (skipped, switched):
        assert within(world, OPERATIONS[1].act).outputs["name"] == "Intro"
    assert asked(switched, OPERATIONS[1]) == 2


# Headers


HEADERS = [
    pytest.param(header.strip("`"), int(code), effect, id=f"{header} {code}")
    for header, codes, effect, _meaning in table("Headers")
    for code in codes.split(", ")
]


@pytest.mark.parametrize(("header", "code", "effect"), HEADERS)
def test_a_header_does_what_the_page_says(within: Within, header: str, code: int, effect: str) -> None:
    """
    An ignored one changes neither what comes of the operations nor their requests.
    """

    def reading(client: Client) -> Any:
        return links_of(client).get(SID)

    world = World(link=dict(LINK), status=code, struck="ALL", headers=(header,))
    if effect == "ignored":
        assert life(within, code, header) == life(within, code)
    elif effect == "clock":
        ahead = within(world, lambda client: (reading(client), client.server_time(datetime.now(timezone.utc)))[1])
        assert abs(ahead - datetime(2123, 1, 1, tzinfo=timezone.utc)) < timedelta(minutes=1)
    else:
        found = within(world, reading)
        assert type(found) is EFFECTS[effect]
        assert effect != "waits" or "longer than neetocal:timeout" in str(found)
        assert len(world.requests) == (2 if effect == "no answer" else 1)


EFFECTS: dict[str, type[Exception]] = {
    "waits": errors.TransportError,
    "no answer": errors.TransportError,
    "error": errors.AuthenticationError,
    "unexpected": errors.UnexpectedResponseError,
}


def life(within: Within, code: int, *headers: str) -> tuple[list[str], Requests]:
    """
    Return what comes of each operation whose answers have these headers, and the requests of all.
    """
    made, world = [], World(status=code, struck="ALL", headers=headers)
    for operation in (OPERATIONS[0], OPERATIONS[4], *OPERATIONS[1:4]):
        found = within(world, operation.act)
        made.append(re.sub(r"\d{4}-\d\d-\d\dT[^'\"]*|datetime\(.*?tzinfo=[^)]*\)", "", repr(found)))
    return made, world.requests


# Lists


@pytest.mark.parametrize(("page", "links", "requests"), [row[:3] for row in table("Lists")])
@pytest.mark.parametrize("key", ["meetings", "templates", "meeting_templates"])
def test_a_list_is_read_as_the_page_says(within: Within, page: str, links: str, requests: str, key: str) -> None:
    """
    Links and templates alike.
    """
    is_template = key != "meetings"
    rows = {
        "LINK": LINK,
        "TEMPLATE": {**LINK, "sid": "other", "id": "other", "is_template": not is_template},
        "DELETED": {**LINK, "sid": "gone", "id": "gone", "deleted_at": "2026-01-05T09:00:00.000Z"},
    }
    text = page.strip("`").replace('"meetings"', f'"{key}"')
    world = Pages([re.sub("LINK|TEMPLATE|DELETED", lambda found: json.dumps(rows[found[0]]), text), f'{{"{key}": []}}'])

    collection = templates_of if is_template else links_of
    found = within(world, lambda client: list(collection(client).objects()))

    assert type(found) is errors.UnexpectedResponseError if links == "unexpected" else len(found) == int(links)
    assert len(world.requests) == int(requests)


UNEXPECTED = [page.strip("`") for page, links, *_ in table("Lists") if links == "unexpected" and "LINK" not in page]
OTHERS: dict[str, Callable[[Client], Any]] = {
    "team_members": lambda client: list(list_team_members(client)),
    "bookings": lambda client: count_upcoming(client, SID, "cc98d282"),
    "durations": lambda client: list_options(client, SID, "durations"),
    "spots": lambda client: list_options(client, SID, "spots"),
}


@pytest.mark.parametrize("page", [*UNEXPECTED, '{"meetings": [null]}', '{"meetings": ["text"]}', "[]", '{"data": []}'])
@pytest.mark.parametrize("key", OTHERS)
def test_what_is_no_list_of_links_is_no_other_list(within: Within, page: str, key: str) -> None:
    """
    Nothing counts as empty because it cannot be read.
    """
    world = Pages([page.replace('"meetings"', f'"{key}"')])

    assert type(within(world, OTHERS[key])) is errors.UnexpectedResponseError


class Pages(World):
    """
    A world whose server answers these pages in turn, the last one for ever.
    """

    def __init__(self, pages: list[str]) -> None:
        super().__init__()
        self._pages = pages

    def answered(self, method: str, target: str, headers: dict[str, str], _sent: Any) -> bytes:
        """
        Return the bytes of the next page.
        """
        self.requests.append((method, target, headers))
        page = self._pages.pop(0) if len(self._pages) > 1 else self._pages[0]
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(page)}\r\n\r\n{page}".encode()
