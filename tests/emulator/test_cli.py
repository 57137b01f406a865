"""
The command line, as a process.
"""

from __future__ import annotations

import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api

COMMAND = [sys.executable, "-m", "neetocal_emulator"]
SHOW = "import os; print(*(os.environ['NEETOCAL_' + n] for n in ('BASE_URL', 'API_KEY', 'WORKSPACE')))"


def ran(*arguments: str, url: str | None = None) -> subprocess.CompletedProcess[str]:
    """
    Run the command line to its end, with NEETOCAL_BASE_URL set to *url* or not at all.
    """
    command = [*COMMAND, *arguments]
    others = {name: value for name, value in os.environ.items() if name != "NEETOCAL_BASE_URL"}
    environment = {**others, "NEETOCAL_BASE_URL": url} if url else others
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)  # ours


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """
    Run the command line until the block ends; gives the process and its output.

    A session of its own has no terminal, as under a supervisor or in CI.
    """
    with subprocess.Popen(  # ours
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout
        finally:
            process.kill()


# run


def test_run_tells_the_command_where_to_go() -> None:
    """
    The command finds base URL, key and workspace in its environment.
    """
    result = ran("run", "--", sys.executable, "-c", SHOW)

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+ acme-demo-key acme\n", result.stdout)
    assert (result.returncode, result.stderr) == (0, "")


def test_run_serves_the_command() -> None:
    """
    The emulator answers while the command runs.
    """
    program = (
        "import os, urllib.request as u\n"
        "r = u.Request(os.environ['NEETOCAL_BASE_URL'] + '/api/external/v2/meetings')\n"
        "r.add_header('X-Api-Key', os.environ['NEETOCAL_API_KEY'])\n"
        "print(u.build_opener(u.ProxyHandler({})).open(r).status)"
    )

    assert ran("run", "--", sys.executable, "-c", program).stdout == "200\n"


@pytest.mark.parametrize(
    ("program", "status"), [("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", 128 + 9)]
)
def test_run_ends_as_the_command_ends(program: str, status: int) -> None:
    """
    The exit status is the command's, or 128 plus the signal that ended it.
    """
    assert status == ran("run", "--", sys.executable, "-c", program).returncode


def test_run_tells_what_it_cannot_start(tmp_path: Path) -> None:
    """
    A command that is missing is 127, one that may not be run 126, as in a shell.
    """
    missing = ran("run", "--", "no-such-command")
    forbidden = ran("run", "--", str(tmp_path))

    assert (missing.returncode, missing.stderr) == (127, "neetocal-emulator: no-such-command: command not found\n")
    assert (forbidden.returncode, "Permission denied" in forbidden.stderr) == (126, True)


def test_run_leaves_the_commands_options_alone() -> None:
    """
    What stands after the command is its own, dashes or not.
    """
    result = ran("run", sys.executable, "-c", "import sys; print(sys.argv[1:])", "--port", "-h")

    assert result.stdout == "['--port', '-h']\n"


def test_run_takes_a_free_port_when_its_port_is_taken(emulator: Emulator) -> None:
    """
    One line says so, and the command gets the address that is right.
    """
    result = ran("run", "--port", str(emulator.port), "--", sys.executable, "-c", SHOW)

    assert len(result.stderr.splitlines()) == 1
    assert f"port {emulator.port} is taken" in result.stderr
    assert not result.stdout.startswith(emulator.url + " ")


def test_run_keeps_its_state_in_a_file(tmp_path: Path) -> None:
    """
    A second run finds what the first left.
    """
    state = str(tmp_path / "state.db")
    seed = tmp_path / "seed.yaml"
    seed.write_text("workspaces: {mine: {api_keys: [k]}}")

    ran("run", "--state", state, "--seed", str(seed), "--", "true")

    assert ran("run", "--state", state, "--", sys.executable, "-c", SHOW).stdout.split(" ")[-1] == "mine\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_run_hands_signals_on(number: signal.Signals) -> None:
    """
    A signal to the emulator reaches the command, whose end ends the emulator.
    """
    program = (
        "import signal, sys\n"
        "for n in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):\n"
        "    signal.signal(n, lambda n, _: sys.exit(40 + n))\n"
        "print('ready', flush=True)\n"
        "signal.pause()"
    )
    with running("run", "--", sys.executable, "-c", program) as (process, output):
        line = output.readline()
        process.send_signal(number)
        status = process.wait(timeout=30)

    assert ("ready\n", 40 + number) == (line, status)


def test_a_missing_extra_is_named() -> None:
    """
    Who has installed the provider alone is told what brings the server.
    """
    code = "import sys; sys.modules['starlette'] = None; from neetocal_emulator.__main__ import main; main()"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == "error: there is no starlette: pip install 'neetocal-provider[emulator]' brings it.\n"


# serve


def test_serve_prints_what_to_paste(tmp_path: Path) -> None:
    """
    The address and the exports are shown, requests are answered, a signal ends it.
    """
    with running("serve", "--port", "0", "--state", str(tmp_path / "state.db")) as (process, output):
        url = output.readline().split()[3]
        health = httpx.get(f"{url}/_emulator/health", trust_env=False, verify=False)  # noqa: S501  # plain http
        process.send_signal(signal.SIGTERM)
        rest = output.read()
        status = process.wait(timeout=30)

    assert (health.status_code, status) == (200, 0)
    for line in [f"NEETOCAL_BASE_URL={url}", "NEETOCAL_API_KEY=acme-demo-key", "NEETOCAL_WORKSPACE=acme"]:
        assert f"  export {line}\n" in rest
    assert "globex: globex-demo-key\n" in rest


def test_serve_tells_bad_setups_in_a_sentence(emulator: Emulator, tmp_path: Path) -> None:
    """
    A taken port, a bad seed and a foreign state file end without a traceback.
    """
    foreign = tmp_path / "foreign.db"
    foreign.write_text("nothing that SQLite would know, and long enough to be read")
    seed = tmp_path / "seed.yaml"
    seed.write_text("nothing: 1")

    results = [
        ran("serve", "--port", str(emulator.port)),
        ran("serve", "--port", "0", "--seed", str(seed)),
        ran("serve", "--port", "0", "--state", str(foreign)),
    ]

    assert [result.returncode for result in results] == [1, 1, 1]
    assert [len(result.stderr.splitlines()) for result in results] == [1, 1, 1]
    assert "--port" in results[0].stderr


def test_serve_warns_when_others_can_reach_it() -> None:
    """
    Leaving the machine takes a flag and is warned about.
    """
    with running("serve", "--port", "0", "--host", "0.0.0.0") as (process, output):  # noqa: S104  # what is tested
        line = output.readline()
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        errors = process.stderr.read()

    assert " on http://127.0.0.1:" in line
    assert errors.startswith("Warning: on 0.0.0.0 everybody")


@pytest.mark.parametrize("host", ["", "192.0.2.1", "a..b"])
def test_serve_tells_an_impossible_host(host: str) -> None:
    """
    Another port would not help, and is not proposed.
    """
    result = ran("serve", "--port", "0", "--host", host)

    assert (result.returncode, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)
    assert result.stderr.startswith("Error: Cannot listen on ")
    assert "--port" not in result.stderr


@pytest.mark.parametrize(("flag", "is_shown"), [("--page", True), ("--no-page", False)])
def test_serve_shows_a_page_or_not(flag: str, is_shown: bool) -> None:
    """
    The page is there unless it is turned off.
    """
    with running("serve", "--port", "0", flag) as (process, output):
        url = output.readline().split()[3]
        page = httpx.get(url, trust_env=False)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)

    assert is_shown == (page.status_code == 200)


# reset, seed, requests


def test_reset_and_seed_reach_a_running_emulator(tmp_path: Path) -> None:
    """
    The address is an option or the variable that clients read; a bad seed changes nothing.
    """
    file = tmp_path / "seed.yaml"
    file.write_text("workspaces: {mine: {api_keys: [k]}}")
    bad = tmp_path / "bad.yaml"
    bad.write_text("workspaces: {mine: {api_keys: [k], meetings: [{}]}}")
    with Emulator() as emulator:
        api = Api(emulator.url)
        api.create()
        api.close()
        reset = ran("reset", "--url", emulator.url)
        after_reset = emulator.meetings()
        refused = ran("seed", str(bad), "--url", emulator.url)
        seeded = ran("seed", str(file), url=emulator.url)

        assert (reset.returncode, reset.stdout, after_reset) == (0, "Reset.\n", [])
        assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
        assert (seeded.returncode, seeded.stderr, emulator.workspaces) == (0, "", ["mine"])


def test_requests_shows_the_journal(emulator: Emulator, v2: Api) -> None:
    """
    A line for each request, or all of it as JSON.
    """
    v2.create()
    v2.get("/meetings", search="a b")
    emulator.fault("cut")
    with pytest.raises(httpx.TransportError):
        v2.get("/bookings")

    lines = ran("requests", "--url", emulator.url).stdout.splitlines()
    entries = json.loads(ran("requests", "--json", "--url", emulator.url).stdout)

    assert [re.split(r" {2,}", line)[1:2] + line.split()[-2:] for line in lines] == [
        ["201", "POST", "/api/external/v2/meetings"],
        ["200", "GET", "/api/external/v2/meetings?search=a+b"],
        ["cut", "GET", "/api/external/v2/bookings"],
    ]
    assert [each.to_dict() for each in emulator.requests] == [
        {**entry, "facts": tuple(entry["facts"]), "faults": tuple(entry["faults"])} for entry in entries
    ]


def test_nobody_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    """
    No emulator, something else, or no address at all: one line, without a traceback.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = f"http://127.0.0.1:{taken.getsockname()[1]}"
    file = tmp_path / "seed.yaml"
    file.write_text("{}")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        other = f"http://127.0.0.1:{server.server_port}"
        results = [
            ran("reset", "--url", free),
            ran("requests", url=free),
            ran("seed", str(file), "--url", other),
            ran("reset", "--url", "nonsense"),
            ran("reset", "--url", "file:///etc"),
        ]
        server.shutdown()

    assert [result.returncode for result in results] == [1] * 5
    assert [len(result.stderr.splitlines()) for result in results] == [1] * 5
    assert results[0].stderr.startswith(f"Error: No emulator answers at {free}: ")
    assert results[2].stderr == f"Error: What answers at {other} is no emulator. See --url.\n"


def test_the_help_shows_the_commands() -> None:
    """
    `python -m neetocal_emulator` calls itself by the console script's name.
    """
    result = ran("--help")

    assert result.stdout.startswith("Usage: neetocal-emulator ")
    assert all(f"\n  {command} " in result.stdout for command in ("serve", "run", "reset", "seed", "requests"))
