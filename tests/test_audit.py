"""
`make audit`: what it says of the lock, and what where nobody can tell.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

PINNED = "httpx==0.28.1 --hash=sha256:" + "0" * 64 + "\n"
ADVISORY = {
    "id": "GHSA-made-up",
    "modified": "2026-01-01T00:00:00Z",
    "aliases": [],
    "summary": "Made up",
    "affected": [
        {
            "package": {"name": "httpx", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}],
        }
    ],
}


def audit(source: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """
    Audit a lock of one package with the advisories at an address.
    """
    lock = tmp_path / "requirements.lock"
    lock.write_text(PINNED)
    command = [sys.executable, "-m", "tools.audit", "--source", source, "--lock", str(lock)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def advisories() -> Iterator[tuple[str, list[Any]]]:
    """
    Give the address of a database of advisories, and the list of what it knows.
    """
    known: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"vulns": known} if known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query", known
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_clean_lock_passes(advisories: tuple[str, list[Any]], tmp_path: Path) -> None:
    """
    Exit status 0: nothing is known against it.
    """
    done = audit(advisories[0], tmp_path)

    assert (done.returncode, "No known vulnerabilities found" in done.stderr) == (0, True), done.stderr


def test_a_vulnerable_lock_fails(advisories: tuple[str, list[Any]], tmp_path: Path) -> None:
    """
    Exit status 1, with the advisory.
    """
    advisories[1].append(ADVISORY)

    done = audit(advisories[0], tmp_path)

    assert (done.returncode, "GHSA-made-up" in done.stdout) == (1, True), done.stderr


def test_a_lock_that_nobody_could_check_is_not_clean(tmp_path: Path) -> None:
    """
    Exit status 3, with a sentence that says so: nothing listens on the discard port.
    """
    done = audit("http://127.0.0.1:9/v1/query", tmp_path)

    assert done.returncode == 3
    assert "requirements.lock was not checked: the advisories at http://127.0.0.1:9/v1/query cannot be" in done.stderr
    assert done.stderr.count("\n") == 1
