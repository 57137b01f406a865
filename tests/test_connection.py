"""
One request and what becomes of it: what is sent again, how often, and what is refused.

A function stands in for the server where a real one would not misbehave on request.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from neetocal_provider import errors
from neetocal_provider.connection import _NEVER_SENT, LARGEST_ANSWER, Connection
from neetocal_provider.settings import Settings

KEY = "marker-key"
NUMBERS = itertools.count()

Answer = httpx.Response | Exception | Callable[[], httpx.Response]


class Server:
    """
    A server that gives these answers in turn, the last one for ever.
    """

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.address = f"https://acme-{next(NUMBERS)}.neetocal.com"
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """
        Answer a request.
        """
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    def connection(self, **settings: Any) -> Connection:
        """
        Connect to it, as a workspace of its own, so that no other test sets its pace.
        """
        address = {"workspace": "acme", "api_key": KEY, "base_url": self.address}
        return Connection(Settings(**{**address, **settings}), httpx.MockTransport(self))


def as_it_is(body: Any) -> Any:
    """
    Read an answer without asking for anything.
    """
    return body


OK = httpx.Response(200, json={"fine": True})
BROKEN_OFF = httpx.Response(200, text='{"meeting": {"si', headers={"Content-Type": "application/json"})
LOST: list[Answer] = [
    httpx.ReadTimeout("slow"),
    httpx.RemoteProtocolError("cut"),
    httpx.ReadError("reset"),
    httpx.Response(502),
    httpx.Response(503, text="<html>busy</html>"),
    httpx.Response(504),
    BROKEN_OFF,
]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("lost", LOST, ids=repr)
def test_what_may_be_done_twice_is_sent_again(method: str, lost: Answer) -> None:
    """
    Whatever hid the answer, the next one counts.
    """
    server = Server(lost, lost, OK)

    assert server.connection().send(method, "meetings/8r3rs2k", as_it_is) == {"fine": True}
    assert [request.method for request in server.asked] == [method] * 3


@pytest.mark.parametrize(
    "lost", [*LOST, httpx.Response(500), httpx.Response(200, text="<html>Log in</html>")], ids=repr
)
def test_a_post_whose_answer_was_lost_is_not_sent_again(lost: Answer) -> None:
    """
    It might make a second link: who sent it must look for the first.
    """
    server = Server(lost, OK)

    with pytest.raises(errors.AnswerLostError):
        server.connection().send("POST", "meetings", as_it_is, {})

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "unsent",
    [httpx.Response(429, headers={"Retry-After": "0"}), httpx.ConnectError("refused"), httpx.ConnectTimeout("silent")],
)
def test_a_post_that_did_no_work_is_sent_again(unsent: Answer) -> None:
    """
    A refusal for now, or no connection at all: nothing was made.
    """
    server = Server(unsent, OK)

    assert server.connection().send("POST", "meetings", as_it_is, {}) == {"fine": True}
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500, 501])
def test_what_will_not_change_is_told_at_once(status: int) -> None:
    """
    A mistake is no better the second time, and a 500 may be one of ours.
    """
    server = Server(httpx.Response(status), OK)

    with pytest.raises(errors.APIError):
        server.connection().send("GET", "meetings", as_it_is)

    assert len(server.asked) == 1


@pytest.mark.parametrize("attempts", [1, 2, 6])
def test_attempts_are_bounded(attempts: int) -> None:
    """
    `neetocal:maxAttempts` counts the first one too.
    """
    server = Server(httpx.Response(503))

    with pytest.raises(errors.ServerError):
        server.connection(max_attempts=attempts).send("GET", "meetings", as_it_is)

    assert len(server.asked) == attempts


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_time_beyond_the_budget_is_not_waited_for(status: int, form: str) -> None:
    """
    The error says how long neetoCal asked for, and which setting allows it.
    """
    now = datetime.now(timezone.utc)
    dates = {"Date": http(now), "Retry-After": http(now + timedelta(seconds=900))}
    headers = {"Retry-After": "900"} if form == "seconds" else dates
    server = Server(httpx.Response(status, headers=headers), OK)

    with pytest.raises(errors.TransportError, match=r"for another (899|900) seconds, longer than neetocal:timeout"):
        server.connection().send("GET", "meetings", as_it_is)

    assert len(server.asked) == 1


def http(moment: datetime) -> str:
    """
    Return a time as headers write it.
    """
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize("odd", ["", "soon", "-3", "1e9", "٣", "Thu, 99 Foo 2026", "9" * 500])
def test_an_odd_retry_after_does_no_harm(odd: str) -> None:
    """
    What cannot be read counts as not said, and an endless time as longer than the budget.
    """
    header = [(b"Retry-After", odd.encode())]
    server = Server(httpx.Response(503, headers=header), OK)

    try:
        assert server.connection().send("GET", "meetings", as_it_is) == {"fine": True}
    except errors.TransportError as error:
        assert "999999999 seconds" in str(error)  # noqa: PT017 - only the endless time may end so


def test_a_pause_is_for_everybody() -> None:
    """
    Another connection to the same workspace knows of the refusal without being refused itself.
    """
    server = Server(httpx.Response(429, headers={"Retry-After": "900"}), OK)
    for _ in range(2):
        with pytest.raises(errors.TransportError, match="was not sent"):
            server.connection().send("GET", "meetings", as_it_is)

    assert len(server.asked) == 1


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadTimeout])
def test_a_network_that_stays_down_is_one_sentence(kind: type[httpx.RequestError]) -> None:
    """
    After all attempts the last failure is told, with the address and the way out.
    """
    server = Server(kind("down"))

    with pytest.raises(errors.TransportError, match=r"No answer from https://acme-\d+\.neetocal\.com to GET meetings"):
        server.connection().send("GET", "meetings", as_it_is)

    assert len(server.asked) == 6


def _leaves(kind: type[Exception]) -> list[type[Exception]]:
    children = [leaf for child in kind.__subclasses__() for leaf in _leaves(child)]
    return children or [kind]


@pytest.mark.parametrize("kind", _leaves(httpx.RequestError), ids=lambda kind: kind.__name__)
def test_every_failure_of_the_network_becomes_ours(kind: type[httpx.RequestError]) -> None:
    """
    No class of httpx's errors reaches a user.
    """
    with pytest.raises(errors.TransportError, match=r"No answer from https://acme") as caught:
        Server(kind("broken")).connection().send("GET", "meetings", as_it_is)

    assert (caught.value.__cause__, caught.value.__context__) == (None, None)  # httpx's errors hold the request
    assert caught.value.may_have_arrived is not issubclass(kind, _NEVER_SENT)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("size", [LARGEST_ANSWER, LARGEST_ANSWER + 1])
def test_an_answer_is_read_up_to_10_mib(size: int) -> None:
    """
    A server that never ends must not fill the memory.
    """
    body = json.dumps("a" * (size - 2)).encode()
    connection = Server(lambda: httpx.Response(200, content=body)).connection()

    if size <= LARGEST_ANSWER:
        assert len(connection.send("GET", "meetings", as_it_is)) == size - 2
    else:
        with pytest.raises(errors.TransportError, match="larger than 10 MiB"):
            connection.send("GET", "meetings", as_it_is)


def test_the_servers_clock_is_read_from_its_answers() -> None:
    """
    A link's age can be told although our clock is wrong.
    """
    ahead = timedelta(hours=5)
    date = datetime.now(timezone.utc) + ahead
    connection = Server(httpx.Response(200, json={}, headers={"Date": http(date)})).connection()
    now = datetime.now(timezone.utc)
    assert connection.server_time(now) == now

    connection.send("GET", "meetings", as_it_is)

    assert abs(connection.server_time(now) - now - ahead) < timedelta(seconds=2)


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 99999999999 00:00:00 GMT"])
def test_a_clock_beyond_all_reckoning_is_not_believed(date: str) -> None:
    """
    A server may show any time; ours goes on.
    """
    server = Server(httpx.Response(503, headers={"Date": date, "Retry-After": date}), OK)
    connection = server.connection()
    now = datetime.now(timezone.utc)

    assert connection.send("GET", "meetings", as_it_is) == {"fine": True}
    assert connection.server_time(now) == now


def test_a_proxy_that_cannot_be_used_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The environment is the user's, so what is wrong with it is told like any other setting.
    """
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy.example")

    with pytest.raises(errors.ConfigError, match=r"Unknown scheme for proxy URL .* check HTTPS_PROXY"):
        Connection(Settings(workspace="acme", api_key=KEY, base_url="https://acme.neetocal.com"))
