"""
The key is in nothing that a failure leaves behind; `tests/engine/test_key.py` holds the real engine to it.
"""

from __future__ import annotations

import json
import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pulumi.dynamic import ConfigureRequest
from pulumi.dynamic.config import Config
from pulumi.dynamic.dynamic import serialize_provider

from neetocal_provider import errors
from neetocal_provider.api.client import Client
from neetocal_provider.redaction import redacted
from neetocal_provider.scheduling_link import SchedulingLinkProvider
from neetocal_provider.settings import Settings, load_settings
from tests.link import create, read, update
from tests.remote import links_of
from tests.spellings import MARKER, echoes, shows

DECLARED = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
OUTPUTS = {**DECLARED, "workspace": "acme", "meeting_id": "1", "disabled": False, "declared": [], "url": "?"}
MEETING = {**DECLARED, "sid": "8r3rs2k", "id": "1"}

Answer = Callable[[httpx.Request], httpx.Response]

OPERATIONS: dict[str, Callable[[Client], object]] = {
    "create": lambda client: create(client, DECLARED),
    "read": lambda client: read(client, "8r3rs2k", OUTPUTS),
    "update": lambda client: update(client, "8r3rs2k", OUTPUTS, {**DECLARED, "name": "Another"}),
}


def raising(error: Exception) -> Answer:
    """
    Return a server that no answer comes from.
    """

    def handler(request: httpx.Request) -> httpx.Response:
        if isinstance(error, httpx.RequestError):
            error.request = request
        raise error

    return handler


def answering(status: int, **content: Any) -> Answer:
    """
    Return a server that always gives this answer.
    """
    return lambda _request: httpx.Response(status, **content)


def failures(quoted: str) -> Iterator[tuple[str, Answer]]:
    """
    Yield servers that fail in every way there is, with this text wherever they can put one.
    """
    for status in (200, 301, 400, 401, 403, 404, 409, 422, 500, 503):
        for body in ({"error": quoted}, {"errors": [quoted]}, {"field_errors": [{"field": quoted, "message": quoted}]}):
            yield f"{status} {list(body)}", answering(status, json=body)
        yield f"{status} html", answering(status, html=quoted, headers={"Location": "/"})
        yield f"{status} bytes", answering(status, content=quoted.encode() + b"\xff")
    for wrong in ({"name": quoted}, {"hosts": quoted}, {"sid": quoted}, {quoted: quoted}, {"description": quoted}):
        yield f"link {list(wrong)}", answering(200, json={"meeting": {**MEETING, **wrong}})
    for kind in (httpx.RemoteProtocolError, httpx.LocalProtocolError, httpx.ConnectError, httpx.ReadTimeout):
        yield kind.__name__, raising(kind(f"illegal header line: {quoted}"))
    yield "UnicodeError", raising(UnicodeEncodeError("ascii", quoted, 0, 1, quoted))


def left_behind(error: BaseException) -> str:
    """
    Return what a crash report may show of an exception: texts, reprs and attributes of its whole chain.
    """
    report = traceback.TracebackException.from_exception(error)
    told = ["".join(report.format()), str(error), repr(error), repr(vars(error))]
    told += [left_behind(inner) for inner in {error.__cause__, error.__context__} if inner is not None]
    return "\n".join(told)


@pytest.mark.parametrize("quoted", echoes(MARKER).values(), ids=echoes(MARKER))
def test_no_failure_leaves_the_key_behind(quoted: str) -> None:
    """
    Whatever a server quotes and however it spells it, neither an error nor its chain nor an output has it.
    """
    found = {}
    for number, (name, server) in enumerate(failures(quoted)):
        address = f"https://key-{number}.neetocal.com"
        settings = Settings(workspace="acme", api_key=MARKER, base_url=address, max_attempts=2)
        client = Client(settings, httpx.MockTransport(server))
        for verb, operation in OPERATIONS.items():
            try:
                told = repr(operation(client))
            except errors.NeetoCalError as error:
                told = left_behind(error)
            found[verb, name] = shows(told, MARKER)

    assert {failure: spellings for failure, spellings in found.items() if spellings} == {}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_an_answer_in_another_encoding_is_refused(encoding: str) -> None:
    """
    JSON between systems is UTF-8; in anything else the key would not be found.
    """
    body = json.dumps({"meeting": {**MEETING, "description": MARKER}}).encode(encoding)
    settings = Settings(workspace="acme", api_key=MARKER, base_url=f"https://{encoding}.neetocal.com")

    with pytest.raises(errors.UnexpectedResponseError, match="the body is no JSON") as caught:
        links_of(Client(settings, httpx.MockTransport(answering(200, content=body)))).get("8r3rs2k")
    assert shows(left_behind(caught.value), MARKER) == []


def test_both_keys_are_taken_out() -> None:
    """
    The one of the environment is no less secret.
    """
    another = "another-key-0123456789"
    address = "https://both.neetocal.com"
    settings = Settings(workspace="acme", api_key=MARKER, base_url=address, fallback_key=another)

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"error": f"{MARKER} {another} {request.headers['x-api-key']}"})

    with pytest.raises(errors.AuthenticationError) as caught:
        links_of(Client(settings, httpx.MockTransport(handler))).get("8r3rs2k")

    assert caught.value.messages == ("… … …",)
    assert another not in repr(settings)


@pytest.mark.parametrize("text", ["", "k", "short", "no key in here", "Cache-Control"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    """
    An empty key is in every text, and must not be looked for.
    """
    assert redacted(text, "", MARKER) == text


def test_a_short_key_is_hidden_wherever_it_stands() -> None:
    """
    An emulator takes any key; that words beside it are garbled is the price.
    """
    assert redacted("key=k, key%3Dk, 'Traceback'", "k") == "…ey=…, …ey%3D…, 'Tracebac…'"


def test_a_key_in_the_place_of_another_setting_is_not_shown() -> None:
    """
    Somebody may paste it twice, or put it into an address.
    """
    for setting in ("workspace", "baseUrl", "apiVersion", "adopt", "timeout"):
        given: dict[str, str] = {"neetocal:workspace": "acme", "neetocal:apiKey": MARKER, f"neetocal:{setting}": MARKER}
        with pytest.raises(errors.ConfigError) as caught:
            load_settings(given.get)

        assert shows(left_behind(caught.value), MARKER) == []

    address = {**given, "neetocal:timeout": "1", "neetocal:baseUrl": "https://user:secret@acme.neetocal.com"}
    with pytest.raises(errors.ConfigError) as caught:
        load_settings(address.get)

    assert "secret" not in str(caught.value)


def test_the_key_is_in_no_pickle_and_no_repr() -> None:
    """
    The provider that goes into the state is its path; neither it nor what holds the key shows it.
    """
    provider = SchedulingLinkProvider()
    pickled = serialize_provider(provider)
    config: dict[str, Any] = {"neetocal:workspace": "acme", "neetocal:apiKey": MARKER}
    provider.configure(ConfigureRequest(Config(config, "links")))
    settings = load_settings(config.get)
    client = Client(settings)

    assert shows(f"{pickled} {provider!r} {settings!r} {client!r} {vars(client)!r}", MARKER) == []
    with pytest.raises(TypeError):
        pickle.dumps(client)
    client.close()
