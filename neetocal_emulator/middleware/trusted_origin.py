"""
Rejects requests of web pages from elsewhere.

Any web page can send requests to this machine, and a name of its own that resolves to
127.0.0.1 would let it read the answers, too; the headers Origin and Host give both away.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import JSONResponse

from neetocal_emulator.server import is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["TrustedOriginMiddleware"]


class TrustedOriginMiddleware:
    """
    Wraps everything; what it refuses nobody else sees.
    """

    def __init__(self, app: ASGIApp, *, host: str) -> None:
        """
        Wrap *app*, which is served on *host*; only on loopback it is known what Host may name.
        """
        self._app = app
        self._is_local = is_loopback(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve one request, or refuse it.
        """
        problem = self._problem(scope) if scope["type"] == "http" else None
        app = self._app if problem is None else JSONResponse({"error": problem}, 403)
        await app(scope, receive, send)

    def _problem(self, scope: Scope) -> str | None:
        host = origin = None
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"origin":
                origin = value
        if self._is_local and host is not None and not _names_loopback(host):
            return "Host names another machine; serve with --host to be reached by other names."
        if origin is not None and origin.lower() != b"%s://%s" % (scope["scheme"].encode(), (host or b"").lower()):
            return "Origin is another site; web pages cannot use the emulator."
        return None


@lru_cache(maxsize=64)
def _names_loopback(host: bytes) -> bool:
    try:
        name = urlsplit(f"//{host.decode('latin-1')}").hostname
    except ValueError:
        return False
    return name is not None and is_loopback(name)
