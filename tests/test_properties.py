"""
What holds whatever is set and whatever is answered: settings and answers are drawn.

`make fuzz` draws them for ten minutes.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from neetocal_provider.api.client import Client
from neetocal_provider.api.collection import Collection
from neetocal_provider.errors import MAX_LENGTH, ConfigError, NeetoCalError
from neetocal_provider.redaction import redacted
from neetocal_provider.resources import link_options
from neetocal_provider.resources.link_bookings import bookings_from_api, count_upcoming, is_unbooked
from neetocal_provider.resources.link_options import create_option, delete_option, list_options, update_option
from neetocal_provider.resources.lookups import list_team_members
from neetocal_provider.settings import SETTINGS, Settings, load_settings
from tests.remote import links_of, templates_of

EXAMPLES = int(os.environ.get("NEETOCAL_FUZZ_EXAMPLES", "100"))
DRAWN = settings(
    max_examples=EXAMPLES,
    derandomize="NEETOCAL_FUZZ_EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
KEY = "marker-key-8c1f"
NUMBERS = itertools.count()


def is_told(sentences: str) -> bool:
    """
    Whether a text is a line of whole sentences that any terminal can show, and holds no key.
    """
    return sentences.isprintable() and 20 < len(sentences) <= MAX_LENGTH and KEY not in sentences


def outcome(act: Callable[[], Any]) -> Any:
    """
    Return what comes of it, be it one of our errors; any other error is a failure of the test.
    """
    try:
        return act()
    except NeetoCalError as error:
        return error


# Settings

HOSTS = [
    "acme.neetocal.com",
    "ACME.neetocal.com",
    "127.0.0.1",
    "localhost",
    "[::1]",
    "acme.neetocal.com:8443",
    "a" * 63,
]
TRICKS = [
    "@evil.example",
    "#evil.example",
    "%2fevil.example",
    "\n",
    "\\evil.example",
    "?x",
    "/x",
    ":99999",
    "é",
    "。",
    " ",
]
addresses = st.builds(
    lambda scheme, host, trick: f"{scheme}{host}{trick}",
    st.sampled_from(["https://", "http://", "https:", "ftp://", ""]),
    st.sampled_from(HOSTS) | st.text(max_size=20),
    st.sampled_from(["", "/", *TRICKS]) | st.text(max_size=5),
)
VALID: dict[str, st.SearchStrategy[Any]] = {
    "workspace": st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True),
    "api_key": st.just(KEY),
    "base_url": addresses,
    "api_version": st.sampled_from(["v1", "v2"]),
    "adopt": st.sampled_from(["yes", "No", "1", True]),
    "max_attempts": st.integers(1, 999) | st.sampled_from([3.0, "7"]),
    "timeout": st.floats(0.1, 1000),
    "max_requests_per_second": st.floats(0.1, 1000),
    "log": st.sampled_from(["off", "debug"]),
}
configs = st.fixed_dictionaries(
    {"workspace": VALID["workspace"] | st.text(max_size=5), "api_key": VALID["api_key"] | st.text(max_size=5)},
    optional={name: VALID[name] | st.text() for name in sorted(VALID.keys() - {"workspace", "api_key"})},
)


@DRAWN
@given(given=configs)
@example(given={"workspace": "acme", "api_key": KEY, "timeout": True})
@example(given={"workspace": "", "api_key": "A"})
def test_settings_are_valid_or_told(given: dict[str, Any]) -> None:
    """
    Either each problem is a sentence on its setting, or the requests go to the host that was given, and no other.
    """
    config = {SETTINGS[name].config_key: value for name, value in given.items()}
    loaded = outcome(lambda: load_settings(config.get))
    if isinstance(loaded, ConfigError):
        assert loaded.problems
        assert [text for text in (str(loaded), *loaded.problems) if not is_told(text)] == []
        # A key of one letter is redacted in the names of settings, too.
        names = [redacted(each.config_key, str(given.get("api_key", "")).strip()) for each in SETTINGS.values()]
        assert all(any(name in problem for name in names) for problem in loaded.problems)
        return

    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(404)

    at_once = replace(loaded, max_requests_per_second=None, timeout=30.0)
    client = Client(at_once, httpx.MockTransport(handler))
    with pytest.raises(NeetoCalError):
        links_of(client).get("8r3rs2k")
    client.close()
    host = urlsplit(str(given.get("base_url", "https://{workspace}.neetocal.com"))).netloc
    address = urlsplit(str(asked[0].url))
    assert host.replace("{workspace}", loaded.workspace).lower().removesuffix(f":{address.port}") == (
        f"[{address.hostname}]" if ":" in (address.hostname or "") else address.hostname
    )
    assert address.path == f"/api/external/{loaded.api_version}/meetings/8r3rs2k"
    assert (address.username, address.query, address.fragment) == (None, "", "")
    assert address.scheme == "https" or loaded.is_loopback
    assert repr(loaded).count(KEY) == 0


# Answers

WORDS = [
    "meeting",
    "meetings",
    "bookings",
    "durations",
    "spots",
    "templates",
    "team_members",
    "id",
    "sid",
    "slug",
    "hosts",
    "email",
    "error",
]
WORDS += ["errors", "notice", "message", "field_errors", "field", "pagination", "total_pages", "total_records", KEY]
WORDS += ["created_at", "deleted_at", "disabled", "kind", "duration", "is_default", "spot"]
texts = st.text(max_size=30) | st.sampled_from(
    [*WORDS, KEY * 3, "x" * 250 + KEY, "2026-01-01T00:00:00Z", "\x1b[2J", "\ud800"]
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
bodies = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | texts, inner, max_size=6),
    max_leaves=15,
)
MEETING = {"sid": "8r3rs2k", "id": "cc98d282", "slug": "intro", "name": "Intro"}
rows = st.dictionaries(st.sampled_from(WORDS), bodies, max_size=4).map(lambda odd: {**MEETING, **odd})
near = st.one_of(
    rows,
    rows.map(lambda row: {"meeting": row}),
    st.builds(
        lambda name, found, counts: {name: found, "pagination": counts},
        st.sampled_from(["meetings", "bookings", "durations", "spots", "templates", "team_members"]),
        st.lists(rows | bodies, max_size=3),
        st.dictionaries(st.sampled_from(["total_pages", "total_records"]), st.integers() | bodies) | bodies,
    ),
)
contents = st.one_of(
    (near | bodies).map(lambda body: json.dumps(body).encode()),
    st.binary(max_size=200),
    st.sampled_from(
        [b"", b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5000, b'{"meeting": {"sid": "8r', b"\xff\xfe", b"null"]
    ),
)
HEADERS = ["Retry-After", "Date", "Content-Type", "Content-Encoding", "Location", "Set-Cookie", "Content-Length"]
VALUES = [
    "application/json",
    "gzip",
    "br",
    "0",
    "1",
    "9" * 30,
    "Thu, 01 Jan 2026 00:00:00 GMT",
    "https://evil.example",
    "//[",
]
VALUES += [
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Mon, 01 Jan 0100 00:00:00 +2359",
    "Mon, 01 Jan 99999999999 00:00:00 GMT",
    KEY,
]
header_values = st.sampled_from(VALUES).map(str.encode) | st.binary(max_size=20)
headers = st.lists(st.tuples(st.sampled_from(HEADERS).map(str.encode), header_values), max_size=4)
statuses = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503]) | st.integers(
    100, 999
)
failures = st.builds(
    lambda kind, text: kind(text),
    st.sampled_from([httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError, httpx.DecodingError]),
    texts | st.text(min_size=300),
)
answers = st.tuples(statuses, headers, contents) | failures

CALLS: dict[str, Callable[[Client], Any]] = {
    "send_raw": lambda client: client.send_raw("POST", "meetings", {"slug": "intro"}),
    "send": lambda client: client.send("PUT", "meetings/8r3rs2k/enable", lambda _body: None),
    "pages": lambda client: list(client.pages("bookings", bookings_from_api, {"type": "upcoming"})),
    "links.create": lambda client: links_of(client).create({"slug": "intro", "hosts": ["ada@acme.example"]}),
    "links.get": lambda client: [links_of(client).get("8r3rs2k", strict=each) for each in (False, True)],
    "links.read": lambda client: links_of(client).read("8r3rs2k"),
    "links.read_to_update": lambda client: links_of(client).read_to_update("8r3rs2k"),
    "links.objects": lambda client: list(links_of(client).objects(search="intro", host_email="ada@acme.example")),
    "links.pages": lambda client: list(links_of(client).pages()),
    "links.find": lambda client: links_of(client).find({"slug": "intro"}),
    "links.matching": lambda client: list(links_of(client).matching({"slug": "intro"})),
    "count_upcoming": lambda client: count_upcoming(client, "8r3rs2k", "cc98d282"),
    "is_unbooked": lambda client: [is_unbooked(client, "cc98d282") for _ in range(3)],
    "links.update": lambda client: links_of(client).update("8r3rs2k", {"name": "Intro"}),
    "links.delete": lambda client: links_of(client).delete("8r3rs2k"),
    "require_workspace": lambda client: client.require_workspace(),
    "list_options": lambda client: list_options(client, "8r3rs2k", "spots"),
    "create_option": lambda client: create_option(client, "8r3rs2k", "durations", {"duration": 30}),
    "update_option": lambda client: update_option(client, "8r3rs2k", "spots", "7", {"spot": "zoom"}),
    "delete_option": lambda client: delete_option(client, "8r3rs2k", "durations", "7"),
    "templates.objects": lambda client: list(templates_of(client).objects(search="intro")),
    "templates.create": lambda client: templates_of(client).create({"slug": "intro", "name": "Intro"}),
    "templates.get": lambda client: templates_of(client).get("cc98d282"),
    "templates.find": lambda client: templates_of(client).find({"slug": "intro"}),
    "templates.update": lambda client: templates_of(client).update("cc98d282", {"name": "Intro"}),
    "templates.delete": lambda client: templates_of(client).delete("cc98d282"),
    "list_team_members": lambda client: list(list_team_members(client, email="ada@acme.example")),
}
UNASKED = {"close", "server_time", "shared", "invalidate"}
"""The methods that send nothing."""


def transport(drawn: list[Any]) -> httpx.MockTransport:
    """
    Return a server that gives these answers in turn, again and again.
    """
    turn = itertools.cycle(drawn)

    def handler(_request: httpx.Request) -> httpx.Response:
        answer = next(turn)
        if isinstance(answer, Exception):
            raise answer
        status, given_headers, content = answer
        return httpx.Response(status, headers=given_headers, stream=Body(content))

    return httpx.MockTransport(handler)


class Body(httpx.SyncByteStream):
    """
    The content of an answer as it comes over the wire, whatever its headers claim.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content


@DRAWN
@given(
    call=st.sampled_from(sorted(CALLS)),
    version=st.sampled_from(["v1", "v2"]),
    attempts=st.integers(1, 3),
    drawn=st.lists(answers, min_size=1, max_size=3),
)
def test_whatever_is_answered_only_our_errors_come_out(
    call: str, version: str, attempts: int, drawn: list[Any]
) -> None:
    """
    Each is a short line without the key, and the clock goes on whatever time a server shows.
    """
    client = Client(
        Settings(
            workspace="acme",
            api_key=KEY,
            base_url=f"https://acme-{next(NUMBERS)}.neetocal.com",
            api_version=version,
            max_attempts=attempts,
            timeout=0.05,
        ),
        transport(drawn),
    )

    came = outcome(lambda: CALLS[call](client))
    client.close()

    assert not isinstance(came, NeetoCalError) or is_told(str(came)), str(came)
    assert client.server_time(datetime.now(timezone.utc)).tzinfo


def test_every_method_is_called() -> None:
    """
    A new endpoint is among them.
    """
    members = {**vars(Client), **vars(Collection)}.items()
    methods = {name for name, value in members if callable(value) and name[0] != "_"}
    functions = {name for name in link_options.__all__ if re.fullmatch("[a-z]+_options?", name)}
    functions |= {"count_upcoming", "is_unbooked", "list_team_members"}

    assert methods | functions == {*(name.rpartition(".")[2] for name in CALLS), *UNASKED}
