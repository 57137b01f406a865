"""
What is said about a certificate that is not trusted, from real handshakes with each kind.
"""

from __future__ import annotations

import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from neetocal_provider import errors
from neetocal_provider.api.connection import Connection
from neetocal_provider.settings import Settings

AUTHORITY = "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\nsubjectKeyIdentifier = hash\n"
SERVER = "subjectAltName = DNS:localhost\nauthorityKeyIdentifier = keyid\nsubjectKeyIdentifier = hash\n"

UNKNOWN = "or name the certificates of your network's own authority in SSL_CERT_FILE"
MALFORMED = "not formed as RFC 5280 demands, and Python 3.13 and newer refuse it"
CHECK_ADDRESS = "check neetocal:baseUrl (environment: NEETOCAL_BASE_URL)"


class Certificates:
    """
    Makes certificates in a folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str, extensions: str, issuer: str = "", *, days: int = 2) -> None:
        """
        Make the certificate `name.pem` with its key, signed by the issuer or by itself.
        """
        config = self.folder / f"{name}.cnf"
        config.write_text(f"[req]\ndistinguished_name = subject\n[subject]\n[extensions]\n{extensions}")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key"]
        self._openssl("req", *key, "-out", f"{name}.csr", "-subj", f"/CN={name}", "-config", config.name)
        signer = ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial"]
        signed = [*(signer if issuer else ["-signkey", f"{name}.key"]), "-days", str(days)]
        extended = ["-extfile", config.name, "-extensions", "extensions"]
        self._openssl("x509", "-req", "-in", f"{name}.csr", *signed, *extended, "-out", f"{name}.pem")

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Give a folder with the certificates of authorities and of servers.
    """
    made = Certificates(tmp_path_factory.mktemp("certificates"))
    made.make("authority", AUTHORITY)
    made.make("loose-authority", AUTHORITY.replace("critical, CA", "CA"))
    made.make("proper", SERVER, "authority")
    made.make("unlinked", SERVER.replace("= keyid", "= none"), "authority")
    made.make("of-loose", SERVER, "loose-authority")
    made.make("expired", SERVER, "authority", days=-1)
    made.make("other", SERVER.replace("localhost", "other.example"), "authority")
    return made.folder


class Handler(BaseHTTPRequestHandler):
    """
    Answers whatever is asked.
    """

    def do_GET(self) -> None:
        """
        Answer.
        """
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments: object) -> None:
        """
        Say nothing.
        """


def serving(folder: Path, *names: str) -> Iterator[int]:
    """
    Give the port of a server that shows these certificates, its own first.
    """
    chain = folder / f"chain-{'-'.join(names)}.pem"
    chain.write_text("".join((folder / f"{name}.pem").read_text() for name in names))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, folder / f"{names[0]}.key")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_request: None  # type: ignore[method-assign]  # a refused handshake is no news
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def port(request: pytest.FixtureRequest, certificates: Path) -> Iterator[int]:
    """
    Give the port of a server with the certificates of the parameter.
    """
    yield from serving(certificates, *request.param.split())


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Let Python be as strict as 3.13 and newer are, which set this flag themselves.
    """
    lenient = ssl.create_default_context

    def made(*arguments: Any, **options: Any) -> ssl.SSLContext:
        context = lenient(*arguments, **options)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    monkeypatch.setattr(ssl, "create_default_context", made)


def asked(host: str, port: int) -> Any:
    """
    Ask the server, and return its answer.
    """
    settings = Settings(workspace="acme", api_key="acme-demo-key", base_url=f"https://{host}:{port}")
    with closing(Connection(settings)) as connection:
        return connection.send("GET", "meetings", lambda body: body)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("port", "trusted", "host", "reason", "ways_out"),
    [
        ("proper", "loose-authority", "localhost", "unable to get local issuer certificate", (CHECK_ADDRESS, UNKNOWN)),
        ("proper authority", "loose-authority", "localhost", "in certificate chain", (CHECK_ADDRESS, UNKNOWN)),
        ("unlinked", "authority", "localhost", "Missing Authority Key Identifier", (MALFORMED, "use Python 3.12")),
        ("of-loose", "loose-authority", "localhost", "not marked critical", (MALFORMED, "use Python 3.12")),
        ("expired", "authority", "localhost", "certificate has expired", ("check the clock", "renew the certificate")),
        ("other", "authority", "localhost", "Hostname mismatch", (CHECK_ADDRESS, "is for another host")),
        ("proper", "authority", "127.0.0.1", "IP address mismatch", (CHECK_ADDRESS, "is for another host")),
    ],
    indirect=["port"],
)
def test_the_advice_fits_the_reason(
    certificates: Path,
    monkeypatch: pytest.MonkeyPatch,
    port: int,
    trusted: str,
    host: str,
    reason: str,
    ways_out: tuple[str, ...],
) -> None:
    """
    SSL_CERT_FILE is recommended against an unknown authority, and against nothing else.
    """
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / f"{trusted}.pem"))

    with pytest.raises(errors.TransportError) as caught:
        asked(host, port)

    sentence = str(caught.value)
    assert sentence.startswith(f"https://{host}:{port} does not prove who it is (")
    assert reason in sentence
    assert all(way_out in sentence for way_out in ways_out)
    assert (UNKNOWN in sentence) is (UNKNOWN in ways_out)
    assert ("SSL_CERT_FILE does not help" in sentence) is (UNKNOWN not in ways_out)
    assert caught.value.is_lasting


@pytest.mark.parametrize("port", ["unlinked", "of-loose"], indirect=True)
def test_python_3_12_takes_what_python_3_13_refuses(
    certificates: Path, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    """
    As the advice says.
    """
    is_strict = sys.version_info >= (3, 13)
    both = certificates / "both.pem"
    both.write_text("".join((certificates / f"{each}.pem").read_text() for each in ("authority", "loose-authority")))
    monkeypatch.setenv("SSL_CERT_FILE", str(both))

    with pytest.raises(errors.TransportError, match=MALFORMED) if is_strict else nullcontext():
        assert asked("localhost", port) == {}
