"""
What NEETOCAL_LOG=debug shows of the work, and what it keeps to itself.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import httpx
import pytest
import stamina
from click.testing import CliRunner

from neetocal_emulator import Emulator
from neetocal_provider import log
from neetocal_provider.api.client import Client
from neetocal_provider.api.connection import Connection
from neetocal_provider.cli.commands import main
from neetocal_provider.core.operations import operation_errors
from neetocal_provider.errors import InvalidRequestError, NeetoCalError
from neetocal_provider.settings import Settings, load_settings
from tests.remote import links_of
from tests.test_connection import KEY, OK, Server, as_it_is


@pytest.fixture(autouse=True)
def _back_to_silence() -> Iterator[None]:
    # Other tests have keys of one letter, which would be left out of every word.
    log._KEYS.clear()
    yield
    log.LOGGER.handlers = []
    log.LOGGER.setLevel(logging.NOTSET)
    stamina.instrumentation.set_on_retry_hooks(None)


@pytest.fixture
def _debug() -> None:
    log.start("debug")


def failed(connection: Connection, path: str, body: dict[str, str] | None = None) -> None:
    """
    Send a request that fails, as an operation on a link.
    """
    with pytest.raises(Exception, match="could not be created"), operation_errors("The link 'intro'", "created"):
        connection.send("POST" if body else "GET", path, as_it_is, body)


@pytest.mark.usefixtures("_debug")
def test_each_attempt_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Method, path, outcome, milliseconds, attempt, pause and rate; Retry-After where an answer has it.
    """
    later = httpx.Response(429, headers={"Retry-After": "0"}, json={})
    server = Server(later, httpx.ReadTimeout("slow"), OK)

    server.connection().send("GET", "meetings/8r3rs2k", as_it_is)

    lines = [
        r"GET v2/meetings/8r3rs2k: 429 with 2 bytes and Retry-After 0, in \d+ ms, attempt 1 of 6, waited 0.0 s, rate: "
        r"\d\.\d requests a second",
        r"tried again in \d\.\d s because of RateLimitedError",
        r"GET v2/meetings/8r3rs2k: no answer \(ReadTimeout\) in \d+ ms, attempt 2 of 6, waited \d\.\d s, rate: .*",
        r"tried again in \d\.\d s because of TransportError",
        r"GET v2/meetings/8r3rs2k: 200 with 13 bytes in \d+ ms, attempt 3 of 6, waited \d\.\d s, rate: .*",
    ]
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == len(lines)
    for line, expected in zip(shown, lines, strict=True):
        assert re.fullmatch(rf"\d\d:\d\d:\d\d\.\d\d\d \[MainThread\] {expected}", line), line


@pytest.mark.usefixtures("_debug")
def test_a_failure_shows_its_traceback_each_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    An expected failure switches the host's own tracebacks off, but not the log's.
    """
    monkeypatch.setattr("sys.tracebacklimit", 0, raising=False)
    for _ in range(2):
        failed(Server(httpx.Response(422)).connection(), "meetings")

        shown = capsys.readouterr().err
        assert "The link 'intro' is to be created" in shown
        assert "The link 'intro' could not be created:\nTraceback (most recent call last):\n  File " in shown
        assert InvalidRequestError.__name__ in shown


@pytest.mark.usefixtures("_debug")
@pytest.mark.parametrize(
    "quoting",
    [
        httpx.Response(422, json={"error": f"{KEY} may not invite ada@acme.example"}),
        httpx.Response(401, json={"errors": ["x" * 250 + KEY] * 9}),
        httpx.Response(429, headers={"Retry-After": KEY}),
        httpx.RemoteProtocolError(f"illegal status line: bytearray(b'{KEY} ada@acme.example')"),
        httpx.Response(200, text=f"{KEY} ada@acme.example"),
    ],
    ids=repr,
)
def test_neither_keys_nor_bodies_nor_addresses_are_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, quoting: httpx.Response | Exception
) -> None:
    """
    Not in a line, not in a traceback, whoever quotes them.
    """
    monkeypatch.setattr("sys.tracebacklimit", None, raising=False)
    # Another attempt after a 429, and another request to the same server, would wait for two seconds.
    is_throttled = isinstance(quoting, httpx.Response) and quoting.status_code == httpx.codes.TOO_MANY_REQUESTS
    for_one, for_other = [Server(quoting).connection(max_attempts=1 if is_throttled else 3) for _ in range(2)]
    failed(for_one, "meetings?host_email=ada%40acme.example&search=ben@acme.example&page_number=1")
    failed(for_other, "meetings", {"hosts": "eve@acme.example"})

    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert "page_number=1" in shown
    assert [part for part in (KEY, KEY[:6], "acme.example", "ada", "eve") if part in shown] == []


def test_without_it_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Neither by us, nor by stamina, whose own hook would warn of each attempt.
    """
    log.start("off")
    server = Server(httpx.Response(503), OK)

    server.connection().send("GET", "meetings", as_it_is)

    assert capsys.readouterr().err == ""
    assert not log.LOGGER.isEnabledFor(logging.DEBUG)


def test_a_program_that_imports_us_keeps_its_hooks() -> None:
    """
    Only processes of our own are ours to set up.
    """
    hooks = stamina.instrumentation.get_on_retry_hooks()

    Server(OK).connection().send("GET", "meetings", as_it_is)

    assert stamina.instrumentation.get_on_retry_hooks() == hooks
    assert logging.getLogger("stamina").handlers == []


@pytest.mark.usefixtures("_debug")
def test_a_whole_life_against_the_emulator_is_told(
    emulator: Emulator, neetocal_environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The key is in the environment, and nowhere in the log.
    """
    settings: Settings = load_settings(lambda _key: None)
    client = Client(settings)
    with pytest.raises(NeetoCalError):
        links_of(client).create({"hosts": ["nobody@acme.example"]})
    assert links_of(client).find({"slug": "intro"}) is None
    client.close()

    shown = capsys.readouterr().err
    assert "POST v2/meetings: 4" in shown
    assert "GET v2/meetings?search=…&page_number=1&page_size=100: 200" in shown
    assert neetocal_environment["NEETOCAL_API_KEY"] not in shown
    assert emulator.url not in shown


def test_the_command_shows_it_too(neetocal_environment: dict[str, str]) -> None:
    """
    On standard error, before the sentence that everybody sees.
    """
    wrong = {**neetocal_environment, "NEETOCAL_API_KEY": "marker-of-a-wrong-key"}

    quiet, loud = [
        CliRunner().invoke(main, ["export"], env={**wrong, "NEETOCAL_LOG": level}) for level in ("", "debug")
    ]

    sentence = "Error: The links could not be exported: GET meetings was answered with 401: Could not authenticate"
    assert (quiet.exit_code, loud.exit_code) == (1, 1)
    assert quiet.stderr.startswith(sentence)
    assert sentence in loud.stderr
    assert "GET v2/meetings?page_number=1&page_size=100: 401" in loud.stderr
    assert "Traceback (most recent call last):" in loud.stderr
    assert "marker-of-a-wrong-key" not in loud.output


def test_the_command_tells_a_log_that_does_not_exist(neetocal_environment: dict[str, str]) -> None:
    """
    As any other setting that is wrong.
    """
    done = CliRunner().invoke(main, ["export"], env={**neetocal_environment, "NEETOCAL_LOG": "verbose"})

    assert done.exit_code == 1
    assert "neetocal:log (environment: NEETOCAL_LOG) is 'verbose', which is no log: use debug, or off." in done.stderr


def test_a_mistake_of_ours_is_told_whole_and_without_keys() -> None:
    """
    The plugin answers with it where the engine would see nothing else.
    """
    log.hide("key-of-acme-0123456789")
    try:
        raise KeyError("key-of-acme-0123456789 of ada@acme.example")  # noqa: TRY301 - to have a traceback
    except KeyError as error:
        said = log.describe_bug(error)

    assert said.startswith("Traceback (most recent call last):\n")
    assert said.endswith("KeyError: '… of …@…'")
