"""
uvicorn on a socket of our own, in a thread of its own.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING, TypeVar

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from neetocal_emulator.busy import wait_while_busy
from neetocal_emulator.errors import EmulatorError, SetupError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

__all__ = ["CUT", "LOOPBACK", "PortTakenError", "ServerThread", "is_loopback"]

LOOPBACK = "127.0.0.1"

CUT = "neetocal_emulator.cut"
"""
Where in the ASGI scope's state stands what ends the connection at once.
"""

_T = TypeVar("_T")


class PortTakenError(SetupError):
    """
    Raised when the port cannot be had, most often because somebody else has it.
    """


def is_loopback(host: str) -> bool:
    """
    Tell whether a host name or address stays on this machine.
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class ServerThread:
    """
    A running server; `call` does something between two requests.
    """

    def __init__(self, app: ASGIApp, *, host: str, port: int) -> None:
        """
        Listen on the port, or on a free one for 0; returns when requests are served.
        """
        self._socket = _listening(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        config = uvicorn.Config(
            app,
            http=_Protocol,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="neetocal-emulator", daemon=True)
        self._thread.start()
        self._ready.wait()

    def call(self, work: Callable[[], _T]) -> _T:
        """
        Run *work* on the server's thread, where no request can be half done, and return.
        """
        if self._loop is None or self._loop.is_closed():
            raise EmulatorError("The emulator has stopped.")
        waiting = wait_while_busy(lambda: _as_coroutine(work))
        return asyncio.run_coroutine_threadsafe(waiting, self._loop).result()

    def stop(self) -> None:
        """
        Answer what is being answered, then stop.
        """
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        # The socket listens already: who connects now is served as soon as the loop turns.
        self._loop.call_soon(self._ready.set)
        await self._server.serve(sockets=[self._socket])


class _Protocol(HttpToolsProtocol):
    """
    uvicorn's protocol, which lets the application end the connection.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """
        Begin with a connection.
        """
        super().connection_made(transport)
        self.app_state = {**self.app_state, CUT: transport.abort}


async def _as_coroutine(work: Callable[[], _T]) -> _T:
    return work()


def _listening(host: str, port: int) -> socket.socket:
    if not host:
        raise SetupError("Cannot listen on an empty host; 0.0.0.0 stands for all addresses.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off only on sockets that say they are TCP;
    # socket.create_server() leaves that out, which costs 40 ms per answer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except (OSError, OverflowError, UnicodeError) as error:
        listening.close()
        if _is_about_the_host(error):
            raise SetupError(f"Cannot listen on {host}, which is no address of this machine: {error}.") from error
        raise PortTakenError(f"Cannot listen on {host}, port {port}: {error}.") from error
    return listening


def _is_about_the_host(error: Exception) -> bool:
    """
    Tell whether another port would not help.
    """
    is_elsewhere = isinstance(error, OSError) and error.errno == errno.EADDRNOTAVAIL
    return is_elsewhere or isinstance(error, (socket.gaierror, UnicodeError))
