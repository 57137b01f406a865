"""
Requests as such: keys, bodies, paths, and the journal of them.
"""

from __future__ import annotations

import json

import httpx
import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import LINK, Api

JSON = {"Content-Type": "application/json"}


# Keys


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": ""}, {"X-Api-Key": "wrong"}, {"Session-Token": "wrong"}])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_no_key_no_answer(emulator: Emulator, version: str, headers: dict[str, str]) -> None:
    """
    A missing or unknown key is answered with the documented text.
    """
    response = httpx.get(f"{emulator.url}/api/external/{version}/meetings", headers=headers)

    assert (response.status_code, response.json()) == (401, {"error": "Could not authenticate, invalid API Key"})


def test_a_session_token_is_as_good_as_a_key(emulator: Emulator) -> None:
    """
    The official tool sends its token in another header (SESSION_TOKEN).
    """
    headers = {"Session-Token": "acme-demo-key"}

    assert httpx.get(f"{emulator.url}/api/external/v2/meetings", headers=headers).status_code == 200


def test_the_key_is_checked_before_the_body(emulator: Emulator) -> None:
    """
    Without a key nobody learns what is wrong with a request.
    """
    response = httpx.post(f"{emulator.url}/api/external/v2/meetings", content=b"{", headers=JSON)

    assert response.status_code == 401


# Paths


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/external/v3/meetings", "/api/external/v2/meetings/"])
def test_an_unknown_path_is_404_in_json(emulator: Emulator, path: str) -> None:
    """
    What does not exist is answered with an error object.
    """
    response = httpx.get(f"{emulator.url}{path}")

    assert (response.status_code, response.json()) == (404, {"error": "Not found"})


def test_an_unknown_verb_is_told_the_others(v2: Api) -> None:
    """
    A verb that a path does not have is 405, and the answer names those it has.
    """
    response = v2.delete("/meetings")

    assert (response.status_code, response.json()) == (405, {"error": "Method not allowed"})
    assert (response.headers["allow"], response.headers["x-emulator-facts"]) == ("GET, HEAD, POST", "UNKNOWN_VERB")


# Bodies


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"{", "MALFORMED_JSON"),
        (b"\xff", "MALFORMED_JSON"),
        (b'{"duration": NaN}', "MALFORMED_JSON"),
        (b'{"duration": 1e400}', "MALFORMED_JSON"),
        (b'{"duration": -1e400}', "MALFORMED_JSON"),
        (b"[" * 100_000, "MALFORMED_JSON"),
        (b'{"duration": ' + b"9" * 5000 + b"}", "MALFORMED_JSON"),
        (b"[]", "BODY_IS_OBJECT"),
        (b"null", "BODY_IS_OBJECT"),
        (b'{"name": "\\ud800"}', "CHARACTERS"),
        (b'{"na\\u0000me": 1}', "CHARACTERS"),
    ],
)
def test_a_body_that_cannot_be_read_is_400(v2: Api, content: bytes, fact: str) -> None:
    """
    What is no JSON object of storable text is refused, and never a 500.
    """
    response = v2.raw("POST", "/meetings", content, JSON)

    # How many digits Python reads differs between its versions; the rule for durations comes next.
    assert (response.status_code, response.headers["x-emulator-facts"]) in {(400, fact), (422, "REQUIRED_ON_CREATE")}
    assert response.status_code == 400 or b"999" in content


def test_a_body_of_another_type_is_400(v2: Api) -> None:
    """
    JSON has to be announced as JSON.
    """
    response = v2.raw("POST", "/meetings", json.dumps(LINK).encode(), {"Content-Type": "text/plain"})

    assert (response.status_code, response.json()) == (400, {"error": "Content-Type must be application/json"})


@pytest.mark.parametrize("length", [1024 * 1024 + 1, 5_000_000])
def test_a_body_over_a_mebibyte_is_413(v2: Api, length: int) -> None:
    """
    Too large a body is read to its end and refused, so that the client gets the answer.
    """
    response = v2.raw("POST", "/meetings", b" " * length, JSON)

    assert (response.status_code, response.json()) == (413, {"error": "Request body is larger than 1 MiB"})


def test_a_body_of_a_mebibyte_is_read(v2: Api) -> None:
    """
    The limit itself is within the limit.
    """
    body = json.dumps(LINK).encode()

    assert v2.raw("POST", "/meetings", body.ljust(1024 * 1024), JSON).status_code == 201


# The journal


def test_the_journal_shows_what_was_asked_and_answered(emulator: Emulator, v2: Api) -> None:
    """
    An entry has the request, the answer, whose key it was, and the key only masked.
    """
    meeting = v2.create()
    v2.get("/meetings", search="a b", **{"host_email[]": ["x", "y"]})

    create, listing = emulator.requests

    assert (create.method, create.path, create.body, create.status) == ("POST", "/api/external/v2/meetings", LINK, 201)
    assert {"message": "Meeting created successfully", "meeting": meeting} == create.answer
    assert (create.workspace, create.api_key) == ("acme", "****-key")
    assert (listing.query, listing.body) == ({"search": ["a b"], "host_email[]": ["x", "y"]}, None)


def test_the_journal_shows_refusals_with_their_facts(emulator: Emulator, v2: Api) -> None:
    """
    A refused request names the facts; one without a key belongs to no workspace.
    """
    v2.post("/meetings", {**LINK, "kind": "x"})
    httpx.get(f"{emulator.url}/api/external/v2/meetings")

    refused, stranger = emulator.requests

    assert (refused.status, refused.facts, refused.workspace) == (422, ("KIND_VALUES",), "acme")
    assert (stranger.status, stranger.workspace, stranger.api_key) == (401, None, None)


def test_control_requests_are_not_in_the_journal(emulator: Emulator) -> None:
    """
    What a test does to the emulator is not what its client did.
    """
    httpx.get(f"{emulator.url}/_emulator/health")

    assert emulator.requests == []


@pytest.mark.parametrize("depth", [100, 101, 500, 5_000, 100_000])
def test_a_deeply_nested_body_can_be_told(emulator: Emulator, v2: Api, depth: int) -> None:
    """
    Beyond a hundred levels the journal has the body's text, and can always be read.
    """
    body = "[" * depth + "]" * depth
    v2.raw("POST", "/meetings", body.encode(), JSON)

    (entry,) = httpx.get(f"{emulator.url}/_emulator/requests").json()["requests"]

    assert entry["body"] == (json.loads(body) if depth == 100 else body)
    assert entry == json.loads(json.dumps(emulator.requests[0].to_dict()))
