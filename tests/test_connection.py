"""
One request and what becomes of it: what is sent again, how often, and what is refused.

A function stands in for the server where a real one would not misbehave on request.
"""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import ssl
import subprocess
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from neetocal_emulator import Emulator
from neetocal_provider import errors
from neetocal_provider.api.connection import _NEVER_SENT, MAX_ANSWER, MAX_DEPTH, Connection
from neetocal_provider.settings import Settings, load_settings

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
        Connect to it, as a workspace of its own, so that no other test sets its rate.
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


@pytest.mark.parametrize("size", [MAX_ANSWER, MAX_ANSWER + 1])
def test_an_answer_is_read_up_to_10_mib(size: int) -> None:
    """
    A server that never ends must not fill the memory.
    """
    body = json.dumps("a" * (size - 2)).encode()
    connection = Server(lambda: httpx.Response(200, content=body)).connection()

    if size <= MAX_ANSWER:
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

    assert abs(connection.server_time(now) - now - ahead) < timedelta(minutes=5)


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


@pytest.mark.parametrize(
    ("no_proxy", "base_url", "is_exempt"),
    [
        ("localhost,127.0.0.0/8,::1/128", "https://acme.neetocal.com", False),
        ("[::1] fd00::/8, ,", "https://acme.neetocal.com", False),
        ("*", "https://acme.neetocal.com", True),
        ("neetocal.com", "https://acme.neetocal.com", True),
        (".neetocal.com", "https://acme.neetocal.com", True),
        ("*.NeetoCal.com:443", "https://acme.neetocal.com", True),
        ("neetocal.com:8443", "https://acme.neetocal.com", False),
        ("cal.com", "https://acme.neetocal.com", False),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.0.0.0/8", "https://11.1.2.3", False),
        ("[fd00::1]:443", "https://[fd00::1]", True),
        ("fd00::/8", "https://[fd00::1]", True),
    ],
)
def test_every_form_of_no_proxy_is_read(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, base_url: str, is_exempt: bool
) -> None:
    """
    A proxy that cannot be used stops the connections of hosts that are not exempt, and no other.
    """
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy.example")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    monkeypatch.setenv("no_proxy", no_proxy)

    with nullcontext() if is_exempt else pytest.raises(errors.ConfigError, match="Unknown scheme for proxy URL"):
        Connection(Settings(workspace="acme", api_key=KEY, base_url=base_url))


# What a server must not be able to do


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "x-unknown"])
def test_a_body_is_not_unpacked_in_a_way_that_was_not_asked_for(encoding: str) -> None:
    """
    A few bytes could fill the memory before anybody counts them.
    """

    def answer() -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": encoding}, stream=httpx.ByteStream(b"\0"))

    with pytest.raises(errors.TransportError, match="packed in a way that was not asked for"):
        Server(answer).connection().send("GET", "meetings", as_it_is)


def test_a_bomb_does_not_fill_the_memory() -> None:
    """
    A gigabyte of blanks that was packed into one megabyte is given up after ten megabytes.
    """
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(b" " * 2**20) for _ in range(1024)) + packer.flush()

    def answer() -> httpx.Response:
        stream = Pieces(bomb[start : start + 65536] for start in range(0, len(bomb), 65536))
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=stream)

    tracemalloc.start()
    with pytest.raises(errors.TransportError, match="larger than 10 MiB"):
        Server(answer).connection(max_attempts=1).send("GET", "meetings", as_it_is)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 200 * 2**20


class Pieces(httpx.SyncByteStream):
    """
    A body that comes piece by piece.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)


def test_a_packed_answer_is_read() -> None:
    """
    The one way of packing that is asked for.
    """
    packed = gzip.compress(b'{"fine": true}')
    server = Server(httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=packed))

    assert server.connection().send("GET", "meetings", as_it_is) == {"fine": True}
    assert server.asked[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, 500, 5000, 1_000_000])
@pytest.mark.parametrize("brackets", ["[]", '{"a":}'])
def test_an_answer_is_read_up_to_a_depth(depth: int, brackets: str) -> None:
    """
    Nesting cannot exhaust the stack of whoever reads it.
    """
    body = brackets[:-1] * depth + ("1" if "a" in brackets else "") + brackets[-1] * depth
    connection = Server(httpx.Response(200, text=body)).connection(max_attempts=1)

    if depth <= MAX_DEPTH:
        connection.send("GET", "meetings", as_it_is)
    else:
        with pytest.raises(errors.UnexpectedResponseError, match=r"nested too deeply|no JSON"):
            connection.send("GET", "meetings", as_it_is)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["https://evil.example/", "http://acme.neetocal.com/", "//evil.example", "/other"])
def test_a_redirect_is_not_followed(method: str, status: int, target: str) -> None:
    """
    Not even to the same host: the key goes where the settings say, and nowhere else.
    """
    server = Server(httpx.Response(status, headers={"Location": target}), OK)

    with pytest.raises(errors.NeetoCalError, match="with a redirect"):
        server.connection().send(method, "meetings", as_it_is)

    assert len(server.asked) == 1


# Connections


class Wire(httpx.HTTPTransport):
    """
    Carries requests, and remembers from which ports of ours they went.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ports: list[int] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send a request.
        """
        response = super().handle_request(request)
        _host, port = response.extensions["network_stream"].get_extra_info("client_addr")
        self.ports.append(port)
        return response


def test_connections_are_kept_open(emulator: Emulator) -> None:
    """
    By us and by the emulator, whatever the answer was: each thread that sends takes one, and no more.
    """
    environment, wire = emulator.environment(), Wire()
    settings = Settings(workspace="acme", api_key=environment["NEETOCAL_API_KEY"], base_url=emulator.url)

    with closing(Connection(settings, wire)) as connection, ThreadPoolExecutor(4) as threads:

        def asked(number: int) -> None:
            with suppress(errors.NotFoundError):
                connection.send("GET", "meetings" if number % 2 else "meetings/none", as_it_is)

        list(threads.map(asked, range(100)))

    assert len(wire.ports) == 100
    assert len(set(wire.ports)) <= 4


# Whom we believe


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[tuple[str, Path, list[bytes]]]:
    """
    Give the address of a server with a certificate of its own making, the certificate, and what it was told.
    """
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    told: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(bytes(self.headers))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_arguments: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_request: None  # type: ignore[method-assign]  # a refused handshake is no news
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://localhost:{server.server_port}", certificate, told
    server.shutdown()
    thread.join()
    server.server_close()


def ask(address: str) -> Any:
    """
    Ask a real server once.
    """
    settings = Settings(workspace="acme", api_key="acme-demo-key", base_url=address)
    with closing(Connection(settings)) as connection:
        return connection.send("GET", "meetings", as_it_is)


def test_a_server_that_does_not_prove_itself_is_not_told_the_key(impostor: tuple[str, Path, list[bytes]]) -> None:
    """
    One sentence, at once, with the ways out.
    """
    address, _certificate, told = impostor

    with pytest.raises(errors.TransportError) as caught:
        ask(address)

    sentence = str(caught.value)
    assert sentence.startswith(f"{address} does not prove who it is (self")
    assert "so the API key was not sent: check neetocal:baseUrl (environment: NEETOCAL_BASE_URL), or name" in sentence
    assert caught.value.is_lasting
    assert told == []


def test_an_authority_of_ones_own_is_believed(
    impostor: tuple[str, Path, list[bytes]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """
    SSL_CERT_FILE works as everywhere; SSLKEYLOGFILE gets nothing with which the traffic could be read.
    """
    address, certificate, _told = impostor
    keys = tmp_path / "keys.log"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))

    assert ask(address) == {}

    assert "TRAFFIC_SECRET" not in (keys.read_text() if keys.exists() else "")


def test_an_emulator_of_another_name_is_reached_with_its_own_key_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    As in a container, whose name this machine resolves; a real key is refused before anything is sent.
    """
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: resolve(host.replace("emulator", "127.0.0.1"), *rest, **more)
    )
    seed = {"workspaces": {"acme": {"api_keys": ["acme-demo-key", "acme-0123456789"], "team_members": []}}}
    # Loopback, in a spelling that the emulator takes for an address that others can reach, such as 0.0.0.0.
    with Emulator(seed=seed, host="127.1") as emulator:
        config = {"neetocal:workspace": "acme", "neetocal:baseUrl": f"http://emulator:{emulator.port}"}
        settings = load_settings({**config, "neetocal:apiKey": "acme-demo-key"}.get)
        with closing(Connection(settings)) as connection:
            assert connection.send("GET", "meetings", as_it_is)["meetings"] == []
        with pytest.raises(errors.ConfigError, match="which would send the API key unencrypted to emulator"):
            load_settings({**config, "neetocal:apiKey": "acme-0123456789"}.get)

        assert len(emulator.requests) == 1


def test_a_proxy_and_a_netrc_are_not_shown_the_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    On loopback no proxy of the environment has a part, and no password of a .netrc goes along.
    """
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Emulator() as emulator:
        assert ask(emulator.url)["meetings"] == []

    server = Server(OK)
    server.connection(base_url="http://127.0.0.1:9").send("GET", "meetings", as_it_is)
    assert "Authorization" not in server.asked[0].headers


# A key that was replaced


def test_a_refused_key_gives_way_to_the_other_one() -> None:
    """
    Also for a POST, which a refusal did not carry out; what worked is used from then on.
    """
    used = []

    def handler(request: httpx.Request) -> httpx.Response:
        used.append(request.headers["X-Api-Key"])
        return httpx.Response(200 if used[-1] == "new" else 401, json={})

    address = "https://rotated.neetocal.com"
    settings = Settings(workspace="acme", api_key="old", base_url=address, fallback_key="new", is_key_recorded=True)
    connection = Connection(settings, httpx.MockTransport(handler))
    for _ in range(2):
        connection.send("POST", "meetings", as_it_is, {})

    assert used == ["old", "new", "new"]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    ("fallback", "advice"),
    [("", errors.AuthenticationError.advice_on_recorded), ("new", errors.AuthenticationError.advice_on_both)],
)
def test_refused_keys_are_told_with_the_way_out(status: int, fallback: str, advice: str) -> None:
    """
    A recorded key may be an old one.
    """
    server = Server(httpx.Response(status))

    with pytest.raises(errors.AuthenticationError) as caught:
        server.connection(fallback_key=fallback, is_key_recorded=True).send("GET", "meetings", as_it_is)

    assert str(caught.value) == f"GET meetings was answered with {status}. {advice}"


@pytest.mark.parametrize("status", [404, 422, 500])
def test_no_other_failure_brings_the_other_key_out(status: int) -> None:
    """
    It is shown only to a server that refuses the first one.
    """
    server = Server(httpx.Response(status))

    with pytest.raises(errors.APIError):
        server.connection(fallback_key="new").send("GET", "meetings", as_it_is)

    assert [request.headers["X-Api-Key"] for request in server.asked] == [KEY]
