"""
The conversation with the API: what is sent, what is read, and what becomes of everything else.

A function stands in for the server where a real one would not misbehave on request.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest

from neetocal_provider import errors
from neetocal_provider.api.client import Client, connect
from neetocal_provider.resources.link_options import create_option, delete_option, list_options
from neetocal_provider.settings import Settings
from tests.link import create, delete, diff, read, update
from tests.remote import links_of

SAMPLES = Path(__file__).parent / "samples"
KEY = "marker-key"
MEETING = {"id": "cc98d282", "sid": "8r3rs2k", "slug": "intro", "name": "Intro", "duration": 30, "disabled": False}

Handler = Callable[[httpx.Request], httpx.Response]


def client(handler: Handler, **settings: Any) -> Client:
    """
    Return a client whose requests a function answers.
    """
    address = {"workspace": "acme", "api_key": KEY, "base_url": "https://acme.neetocal.com"}
    return Client(Settings(**{**address, **settings}), httpx.MockTransport(handler))


def answering(status: int, body: Any = None, **rest: Any) -> Handler:
    """
    Return a function that always gives the same answer.
    """
    content = {} if body is None else {"json": body}
    return lambda _request: httpx.Response(status, **content, **rest)


def sample(name: str) -> Any:
    """
    Return a sample of the vendor's page.
    """
    return json.loads((SAMPLES / name).read_text())


def answer_sample() -> Any:
    """
    Return the answer that the vendor's page shows, with an id where it has a placeholder that can be none.
    """
    answer = sample("create-v1-response.json")
    answer["meeting"]["sid"] = "8r3rs2k"
    return answer


def test_every_argument_of_the_vendors_page_makes_its_request_sample() -> None:
    """
    A link that declares all that the page of version 1 shows sends what the page shows.

    The page shows options as the server returns them; their ids and times are the server's to make.
    """
    expected = sample("create-v1-request.json")
    for option in [*expected["durations"], *expected["spots"]]:
        for made_by_the_server in ("id", "created_at", "updated_at"):
            del option[made_by_the_server]
    sent = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=answer_sample())

    links_of(client(handler, api_version="v1")).create(
        {
            "template_id": "cc98d282-4cf6-414d-ba58-53fa94b9bca3",
            "slug": "meeting-with-oliver-smith",
            "name": "Meeting with Oliver Smith",
            "description": "Discuss project updates",
            "hosts": ["oliver@example.com", "jane@example.com"],
            "kind": "one_on_one",
            "duration": 30,
            "start_time_increment": 30,
            "is_multiple_durations_allowed": False,
            "is_multiple_spots_allowed": False,
            "spot_phone_call_number": "+1-555-0123",
            "spot_custom_text": "Custom meeting instructions",
            "spot_in_person_location": "123 Main St, Suite 100",
            "durations": [{"duration": 30, "is_default": True}],
            "spots": [{"spot": "zoom", "is_default": True}],
        }
    )

    (request,) = sent
    assert expected == json.loads(request.content)
    assert ("POST", "https://acme.neetocal.com/api/external/v1/meetings") == (request.method, str(request.url))
    assert request.headers["X-Api-Key"] == KEY
    assert request.headers["Content-Type"] == "application/json"


def test_the_vendors_response_sample_is_read() -> None:
    """
    The answer that the page of version 1 shows, which names no hosts, is understood.
    """
    meeting = links_of(client(answering(200, answer_sample()), api_version="v1")).create({})

    assert ("8r3rs2k", "<string>", True) == (meeting.id, meeting.outputs["meeting_id"], meeting.outputs["disabled"])
    assert meeting.values == {
        "slug": "<string>",
        "name": "<string>",
        "description": "<string>",
        "kind": "one_on_one",
        "duration": 123,
        "start_time_increment": 123,
        "is_multiple_durations_allowed": True,
        "is_multiple_spots_allowed": True,
        "spot": "custom",
        "spot_phone_call_number": "<string>",
        "spot_custom_text": "<string>",
        "spot_in_person_location": "<string>",
        "durations": [{"duration": 30, "is_default": False}],
        "spots": [{"spot": "jitsi", "is_default": False}],
    }


@pytest.mark.parametrize("body", [MEETING, {"meeting": MEETING}, {"message": "…", "meeting": MEETING}])
def test_a_link_is_read_bare_or_wrapped(body: Any) -> None:
    """
    The vendor's pages disagree on the envelope of GET.
    """
    assert links_of(client(answering(200, body))).get("8r3rs2k").values["slug"] == "intro"


@pytest.mark.parametrize("status", [200, 201, 203])
def test_any_success_creates(status: int) -> None:
    """
    Version 1 answers 200, version 2 most likely 201.
    """
    assert links_of(client(answering(status, {"meeting": MEETING}))).create({}).id == "8r3rs2k"


@pytest.mark.parametrize("texts", [("phone_call_number",), ("spot_phone_call_number",), ("phone_number",)])
def test_all_three_spellings_of_a_spots_text_are_read(texts: tuple[str]) -> None:
    """
    Nested spots, the spots endpoint and the vendor's command-line tool each spell them differently.
    """
    (spelling,) = texts
    row = {"id": "1", "spot": "phone_call", "is_default": True, spelling: "+1"}

    (option,) = list_options(client(answering(200, {"spots": [row]})), "8r3rs2k", "spots")

    assert option.content == {"spot": "phone_call", "is_default": True, "phone_call_number": "+1"}


def test_spots_are_sent_in_the_spelling_of_their_endpoint() -> None:
    """
    The spots endpoint documents other names than the nested list of a link.
    """
    sent = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(201, json={})

    create_option(client(handler), "8r3rs2k", "spots", {"spot": "phone_call", "phone_call_number": "+1"})

    assert sent == [
        {
            "spot": "phone_call",
            "is_default": False,
            "spot_phone_call_number": "+1",
            "spot_in_person_location": None,
            "spot_custom_text": None,
        }
    ]


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_delete_always_goes_to_version_2(version: str) -> None:
    """
    Version 1 documents no DELETE; its 404 must never look like a link that is gone.
    """
    seen = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.url.path))
        return httpx.Response(204)

    links_of(client(handler, api_version=version)).delete("8r3rs2k")

    assert seen == [("DELETE", "/api/external/v2/meetings/8r3rs2k")]


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ({"error": "Slug has already been taken"}, ("Slug has already been taken",)),
        ({"errors": ["Name is required", "Slug is required"]}, ("Name is required", "Slug is required")),
        ({"notice": "Rate limit exceeded"}, ("Rate limit exceeded",)),
        ({"field_errors": [{"field": "slug", "message": "is taken"}]}, ("slug is taken",)),
        ({"message": "Invalid"}, ("Invalid",)),
        ({"error": "x" * 1000}, ("x" * 255 + "…",)),
        ({"error": f"{KEY}\n\x1b[2J\u202e{KEY}"}, ("… [2J …",)),
        ({"errors": [str(number) for number in range(1000)]}, tuple("01234567")),
        ({"error": {"deep": 1}}, ()),
        ([], ()),
        (None, ()),
    ],
)
def test_all_five_error_bodies_are_read(body: Any, messages: tuple[str, ...]) -> None:
    """
    Whatever the shape, the user sees what the API said.
    """
    with pytest.raises(errors.InvalidRequestError) as caught:
        links_of(client(answering(422, body))).create({})

    assert caught.value.messages == messages
    assert (caught.value.status, caught.value.method, caught.value.path) == (422, "POST", "meetings")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.InvalidRequestError),
        (401, errors.AuthenticationError),
        (403, errors.AuthenticationError),
        (404, errors.NotFoundError),
        (409, errors.ConflictError),
        (402, errors.InvalidRequestError),
        (422, errors.InvalidRequestError),
        (429, errors.RateLimitedError),
        (500, errors.ServerError),
        (503, errors.ServerError),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[errors.APIError]) -> None:
    """
    Callers act on the class, so the class must follow from the status; a page of HTML changes nothing.
    """
    with pytest.raises(errors.APIError) as caught:
        links_of(client(answering(status, text="<html>…"), base_url="https://odd.neetocal.com", max_attempts=1)).get(
            "8r3rs2k"
        )

    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(200, text="<html>Log in</html>"), "the body is no JSON"),
        (httpx.Response(200), "the answer is no object but NoneType"),
        (httpx.Response(200, json=[]), "the answer is no object but list"),
        (httpx.Response(200, json={"meeting": None}), "meeting is no object but NoneType"),
        (httpx.Response(200, json={"meeting": {}}), "sid is no text but NoneType"),
        (httpx.Response(302, headers={"Location": "https://evil.example"}), "with a redirect"),
    ],
)
def test_an_answer_in_another_shape_is_one_clear_error(answer: httpx.Response, reason: str) -> None:
    """
    A proxy's page or a wrong address is told as such, with the settings to look at.
    """
    with pytest.raises(errors.UnexpectedResponseError, match=reason) as caught:
        links_of(client(lambda _request: answer)).get("8r3rs2k")

    assert "neetocal:baseUrl (environment: NEETOCAL_BASE_URL)" in str(caught.value)


@pytest.mark.parametrize(
    "odd", [{"hosts": [3]}, {"hosts": "ada@acme.example"}, {"hosts": None}, {"spots": "zoom"}, {"durations": [7]}]
)
def test_what_cannot_be_read_in_an_answer_counts_as_not_mentioned(odd: dict[str, Any]) -> None:
    """
    The sid is enough: an error at this point would lose a link that was just made.
    """
    meeting = links_of(client(answering(201, {"meeting": {"sid": "8r3rs2k", "slug": "intro", **odd}}))).create({})

    assert (meeting.id, meeting.outputs["meeting_id"], meeting.values) == ("8r3rs2k", "", {"slug": "intro"})


def test_a_redirected_delete_has_not_deleted() -> None:
    """
    Only a 2xx says that it was done; the key does not follow to another address.
    """
    with pytest.raises(errors.UnexpectedResponseError):
        links_of(client(answering(302, headers={"Location": "https://evil.example"}))).delete("8r3rs2k")


def test_a_deleted_link_that_is_still_answered_is_gone() -> None:
    """
    Deletion is soft; a server that answers the deleted record means the same as one that answers 404.
    """
    with pytest.raises(errors.NotFoundError):
        links_of(client(answering(200, {**MEETING, "deleted_at": "2026-01-01T00:00:00.000Z"}))).get("8r3rs2k")


@pytest.mark.parametrize("sid", ["", ".", "..", "../team-members", "a?b", "a#b", "a/b", "a%2fb", "a\n"])
def test_a_sid_cannot_lead_to_another_path(sid: str) -> None:
    """
    A sid from a damaged state is refused before anything is sent.
    """
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(204)

    with pytest.raises(errors.UnexpectedResponseError, match="is no id of neetoCal's"):
        links_of(client(handler)).delete(sid)
    with pytest.raises(errors.UnexpectedResponseError, match="is no id of neetoCal's"):
        delete_option(client(handler), "8r3rs2k", "spots", sid)

    assert asked == []


def test_a_key_that_a_server_quotes_is_not_shown() -> None:
    """
    No error holds the key, whoever wrote it.
    """
    with pytest.raises(errors.AuthenticationError) as caught:
        links_of(client(answering(401, {"error": f"API key {KEY} has expired"}))).get("8r3rs2k")

    assert caught.value.messages == ("API key … has expired",)
    assert KEY not in str(caught.value)


def test_threads_that_start_together_share_one_client() -> None:
    """
    One pool of connections for each workspace, also in the first moment.
    """
    settings = Settings(workspace="acme", api_key="k-shared", base_url="https://acme.neetocal.com")
    together = Barrier(8)

    def start(_number: int) -> int:
        together.wait()
        return id(connect(settings))

    with ThreadPoolExecutor(8) as threads:
        clients = set(threads.map(start, range(8)))

    assert len(clients) == 1


def test_a_404_is_believed_only_where_the_workspace_answers() -> None:
    """
    A renamed workspace must not make all its links look deleted.
    """
    with pytest.raises(errors.ConfigError, match="No workspace 'acme' answers"):
        client(answering(404)).require_workspace()


@pytest.mark.parametrize("mentioned", [{}, {"durations": []}, {"durations": "?"}])
@pytest.mark.parametrize("failure", [httpx.Response(500), httpx.Response(200, json={"durations": [{"duration": 7}]})])
def test_nothing_is_raised_once_a_link_exists(mentioned: dict[str, Any], failure: httpx.Response) -> None:
    """
    An error after the POST would lose the sid; what is left to do is told beside it, and the next preview sees it.
    """

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/meetings"):
            return httpx.Response(201, json={"meeting": {**MEETING, **mentioned}})
        return failure

    declared = {"slug": "intro", "durations": [{"duration": 30, "is_default": True}]}
    created = create(client(handler), declared)

    assert created.id == "8r3rs2k"
    assert created.problems or created.warnings
    assert "durations" in diff(created.outputs, declared, client(handler).settings).changed


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut")])
def test_a_create_of_which_no_answer_tells_says_that_the_link_may_exist(lost: httpx.TransportError) -> None:
    """
    Running it again would meet a taken slug, so the way out is another.
    """

    def handler(_request: httpx.Request) -> httpx.Response:
        raise lost

    with pytest.raises(errors.NeetoCalError, match=r"It may have been made all the same: .* NEETOCAL_ADOPT=1"):
        create(client(handler), {"slug": "intro"})


def test_a_create_that_never_left_does_not_frighten() -> None:
    """
    Where nobody listens, no link can have been made.
    """

    def handler(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(errors.TransportError) as caught:
        create(client(handler), {"slug": "intro"})

    assert "may have been made" not in str(caught.value)


def test_a_list_without_end_is_left() -> None:
    """
    A server that always has another page keeps no run from ending.
    """
    numbers = itertools.count()

    def handler(_request: httpx.Request) -> httpx.Response:
        row = {**MEETING, "sid": f"s{next(numbers)}"}
        return httpx.Response(200, json={"meetings": [row], "pagination": {"total_pages": 10**9}})

    with pytest.raises(errors.UnexpectedResponseError, match="is longer than 2000 pages of 100"):
        list(links_of(client(handler)).objects())


# When a 404 may be believed


def api(*, has_workspace: bool) -> tuple[Handler, list[tuple[str, str]]]:
    """
    Return an API that knows no link, in a workspace that answers or not, and the list of what it is asked.
    """
    asked: list[tuple[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.url.path.removeprefix("/api/external/")))
        if has_workspace and request.url.path.endswith("/meetings"):
            return httpx.Response(200, json={"meetings": [], "pagination": {}})
        return httpx.Response(404)

    return handler, asked


RECORDED = {"slug": "intro", "name": "Intro", "hosts": ["a@b"], "duration": 30, "workspace": "acme", "declared": []}
RECORDED |= {"meeting_id": "cc98d282", "disabled": False}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_link_is_gone_where_its_workspace_answers(version: str) -> None:
    """
    Read says gone, delete is done; version 1's own 404 has no say in a deletion.
    """
    handler, asked = api(has_workspace=True)

    assert read(client(handler, api_version=version), "8r3rs2k", RECORDED) is None
    delete(client(handler, api_version=version), "8r3rs2k", RECORDED)

    assert asked == [
        ("GET", f"{version}/meetings"),
        ("GET", f"{version}/meetings/8r3rs2k"),
        ("GET", f"{version}/meetings"),
        ("GET", "v2/bookings"),
        ("GET", "v2/meetings/8r3rs2k"),
        ("GET", "v2/meetings"),
    ]


def test_a_link_is_not_gone_where_its_workspace_does_not_answer() -> None:
    """
    At a wrong address every link looks deleted; none is dropped from the state for it.
    """
    handler, _asked = api(has_workspace=False)

    with pytest.raises(errors.ConfigError, match="whether it still exists is not known"):
        read(client(handler), "8r3rs2k", RECORDED)
    with pytest.raises(errors.ConfigError, match="whether it still exists is not known"):
        delete(client(handler), "8r3rs2k", RECORDED)


# What an update sends


def recording(answer: dict[str, Any]) -> tuple[Handler, list[tuple[str, str, Any]]]:
    """
    Return an API that answers every request with this link, and the list of what it is sent.
    """
    sent: list[tuple[str, str, Any]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        sent.append((request.method, request.url.path.rpartition("/external/")[2], body))
        return httpx.Response(200, json={"meeting": {**MEETING, **answer}})

    return handler, sent


def test_a_buffer_removed_under_version_1_stays() -> None:
    """
    Version 1 has no field for it; sending one would fail for ever.
    """
    handler, sent = recording({})
    olds = {**RECORDED, "after_buffer_time": 15, "declared": ["after_buffer_time"]}
    news = {name: RECORDED[name] for name in ("slug", "name", "hosts", "duration")}

    updated = update(client(handler, api_version="v1"), "8r3rs2k", olds, news)

    assert sent == []
    assert "after_buffer_time" not in updated.outputs


def test_a_place_that_stays_keeps_its_text() -> None:
    """
    A phone call without a number would be no place to meet.
    """
    handler, sent = recording({"hosts": [{"email": "a@b"}]})
    declared = {"spot": "phone_call", "spot_phone_call_number": "+1", "spot_custom_text": "x"}
    olds = {**RECORDED, **declared, "declared": list(declared), "kind": "grouped"}
    news = {name: RECORDED[name] for name in ("slug", "name", "hosts", "duration")}

    update(client(handler), "8r3rs2k", olds, {**news, "kind": "grouped"})

    present, (method, _path, body) = sent
    assert present[:2] == ("GET", "v2/meetings/8r3rs2k")
    assert (method, body) == ("PATCH", {"hosts": ["a@b"], "kind": "grouped", "spot_custom_text": None})


def test_options_that_no_answer_tells_are_left_to_do() -> None:
    """
    The patch is recorded although the options failed, and the next preview sees what is missing.
    """

    def handler(request: httpx.Request) -> httpx.Response:
        is_of_options = request.url.path.endswith("/durations")
        return httpx.Response(500) if is_of_options else httpx.Response(200, json={"meeting": MEETING})

    olds = {**RECORDED, "kind": "grouped", "name": "Before"}
    news = {name: RECORDED[name] for name in ("slug", "name", "hosts", "duration")} | {"kind": "grouped"}
    declared = {**news, "durations": [{"duration": 30, "is_default": True}]}
    updated = update(client(handler), "8r3rs2k", olds, declared)

    assert "was answered with 500" in updated.problems[0]
    assert updated.outputs["name"] == "Intro"
    assert diff(updated.outputs, declared, client(handler).settings).changed == ("durations",)


def test_a_secret_text_that_did_not_stick_is_not_shown() -> None:
    """
    Texts may be secrets; numbers and flags help to understand.
    """
    handler, _sent = recording({"description": "other", "duration": 15})
    olds = {**RECORDED, "kind": "grouped"}
    news = {**{name: RECORDED[name] for name in ("slug", "name", "hosts")}, "duration": 45, "description": "PIN 1234"}

    length, text = update(client(handler), "8r3rs2k", olds, news).problems

    assert length.startswith("duration is 15 instead of 45")
    assert text.startswith("description is not what was declared")
    assert "PIN" not in text
