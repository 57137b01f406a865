"""
The key shows nowhere: neither in the state nor in what anybody says, whatever goes wrong.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack
from tests.spellings import MARKER, echoes, shows

PLAIN: dict[str, Any] = {"name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
LOUDEST = ("-v=9", "--logtostderr", "--logflow")


class Echo(BaseHTTPRequestHandler):
    """
    An API that quotes the key of every request: a link's slug says how it goes wrong.
    """

    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object) -> None:
        """
        Say nothing.
        """

    def do_POST(self) -> None:
        """
        Fail as the slug says; `fine` makes a link.
        """
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(asked["slug"], asked)

    def do_PATCH(self) -> None:
        """
        Refuse the key.
        """
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer("status-401", {})

    def do_GET(self) -> None:
        """
        Fail whatever is asked.
        """
        self._answer({"fine": "html-200", "odd": "headers"}.get(self.path.rpartition("/")[2], "status-500"), {})

    def _answer(self, slug: str, asked: dict[str, Any]) -> None:
        key = self.headers["X-Api-Key"]
        quoted = "; ".join(echoes(key).values())
        kind, _, status = slug.partition("-")
        if kind == "cut":
            self.close_connection = True
        elif kind == "headers":
            self.wfile.write(f"HTTP/1.1 200 OK\r\nX-Api-Key {key}\r\n\r\n".encode())
            self.close_connection = True
        elif kind == "html":
            self._send(int(status), "text/html", f"<html>{self.headers}{quoted}")
        elif kind == "status":
            self._send(int(status), "application/json", json.dumps({"errors": [quoted, *echoes(key).values()]}))
        else:
            odd = {"description": quoted} if kind == "quoting" else {"description": 7} if kind == "odd" else {}
            meeting = {**asked, "sid": slug, "id": slug, **odd}
            self._send(201, "application/json", json.dumps({"meeting": meeting}))

    def _send(self, status: int, kind: str, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("X-Your-Key", self.headers["X-Api-Key"])
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())


SLUGS = ["fine", "status-401", "status-422", "status-500", "cut", "headers", "html-200", "html-502", "quoting", "odd"]


@pytest.fixture
def address() -> Iterator[str]:
    """
    Give the address of an API that quotes every key.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["environment", "config"])
def stack(request: pytest.FixtureRequest, tmp_path: Path, address: str) -> Stack:
    """
    Give a stack with a link for each way to fail, and its key in the environment or in the stack config.
    """
    environment = {
        "NEETOCAL_BASE_URL": address,
        "NEETOCAL_WORKSPACE": "acme",
        "NEETOCAL_MAX_ATTEMPTS": "1",
        "NEETOCAL_LOG": "debug",
    }
    stack = Stack(PROGRAMS / "links", tmp_path, environment)
    stack.environment(NEETOCAL_API_KEY=MARKER if request.param == "environment" else None)
    if request.param == "config":
        stack.config("neetocal:apiKey", MARKER, "--secret")
    stack.declare(**{slug: {"slug": slug, **PLAIN} for slug in SLUGS})
    return stack


def loudest(stack: Stack, *command: str) -> str:
    """
    Run a command of the engine that fails, at the highest verbosity, and return all its output.
    """
    done = stack.beside("pulumi", *command, "--yes", "--skip-preview", "--non-interactive", *LOUDEST)
    assert done.returncode != 0
    return done.stdout + done.stderr


def without_the_engines_own(said: str, *, is_in_config: bool) -> str:
    """
    Return an output without the lines in which the engine itself logs what it hands a provider of the stack config.
    """
    call = r"(Marshaling .*\.Configure\(\)|Unmarshaling .*\.CheckConfig\([^)]*\))\.inputs\]: value="
    engines = re.compile(call.replace(" .*", r" property for RPC\[Provider\[[^\]]*\]"))
    kept = [line for line in said.splitlines() if not engines.search(line)]
    assert is_in_config or not shows(said, MARKER)
    return "\n".join(kept)


def damaged(stack: Stack) -> None:
    """
    Take from the state of a link what the provider relies on, so that comparing it is a bug with a traceback.
    """
    state = stack.state()
    for resource in state["deployment"]["resources"]:
        resource.get("outputs", {}).pop("slug", None)
    stack.restore(state)


def test_the_key_shows_nowhere_whatever_goes_wrong(stack: Stack, request: pytest.FixtureRequest) -> None:
    """
    Output at the highest verbosity, state, exports; but for where Pulumi keeps the secrets of a stack config.
    """
    is_in_config = "config" in request.node.callspec.id

    said = [loudest(stack, "up", "--continue-on-error")]
    said += [loudest(stack, "refresh"), loudest(stack, "destroy", "--continue-on-error")]
    stack.declare(fine={"slug": "fine", **PLAIN, "name": "Another"})
    damaged(stack)
    said.append(loudest(stack, "up"))

    whole = "\n".join(without_the_engines_own(each, is_in_config=is_in_config) for each in said)
    assert shows(whole, MARKER) == []
    for proof in (
        "answered with 401",
        "answered with 422",
        "answered with 500",
        "No answer from",
        "not as neetoCal do",
    ):
        assert proof in whole
    assert "Traceback (most recent call last)" in said[-1]
    assert "KeyError: 'slug'" in said[-1]

    assert stack.resources().keys() == {"fine", "odd"}
    files = [path.read_bytes().decode(errors="replace") for path in stack.folder.parent.rglob("*") if path.is_file()]
    assert shows("\n".join(files), MARKER) == []
    assert shows(json.dumps(stack.state()), MARKER) == []
    revealed = stack.state("--show-secrets")["deployment"]["resources"]
    holders = {resource["type"] for resource in revealed if shows(json.dumps(resource), MARKER)}
    provider = {"dynamic": "pulumi-python", "native": "neetocal"}[stack.host]
    assert holders == ({f"pulumi:providers:{provider}"} if is_in_config else set())
