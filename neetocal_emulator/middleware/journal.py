"""
Bounds the body and records the exchange; only the check of the origin comes before it.

It stands outside of starlette's own error handling, so that a 500 is recorded too.
An entry is written before the last bytes of the answer go out: whoever has the
answer finds the entry.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

from neetocal_emulator.endpoints.answers import FACTS_HEADER, refused
from neetocal_emulator.errors import Problem, TooLargeError
from neetocal_emulator.facts import Fact
from neetocal_emulator.journal import Entry
from neetocal_emulator.store.clock import written

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from neetocal_emulator.backend import Backend

__all__ = ["FAULTS", "WORKSPACE", "JournalMiddleware", "api_key"]

WORKSPACE = "neetocal_emulator.workspace"
"""
Where in the ASGI scope the router notes whose key it was.
"""

FAULTS = "neetocal_emulator.faults"
"""
Where in the ASGI scope the middleware of faults notes the kinds of fault that struck.
"""

_MAX_BODY = 1024 * 1024


class JournalMiddleware:
    """
    Wraps the application; control routes are bounded as well, but leave no trace.
    """

    def __init__(self, app: ASGIApp, backend: Backend, *, unrecorded: tuple[str, ...], unbounded: str) -> None:
        """
        Wrap *app*; paths under *unrecorded* are kept out of the journal, the path *unbounded* takes bodies of any size.
        """
        self._app = app
        self._backend = backend
        self._unrecorded = unrecorded
        self._unbounded = unbounded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve one request.
        """
        if scope["type"] != "http" or scope["path"] == self._unbounded:
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(self._backend, scope, send, is_left_out=scope["path"].startswith(self._unrecorded))
        try:
            exchange.body = await _read_body(receive)
            await self._app(scope, _replay(exchange.body, receive), exchange.send)
        except ClientDisconnect:
            # Half a request is no request: nothing is done, and nobody is there to be told.
            return
        except TooLargeError as error:
            await refused(error, self._backend.switches)(scope, receive, exchange.send)
        finally:
            exchange.record()


class _Exchange:
    """
    One request with its answer, as it passes by.
    """

    def __init__(self, backend: Backend, scope: Scope, send: Send, *, is_left_out: bool) -> None:
        self.body = b""
        self._backend = backend
        self._resets = backend.resets
        self._scope = scope
        self._send = send
        self._started = time.perf_counter()
        self._at = written(backend.store.clock.instant())
        self._status: int | None = None
        self._answer = b""
        self._facts: tuple[str, ...] = ()
        self._is_left_out = is_left_out

    async def send(self, message: Message) -> None:
        """
        Look at a message of the answer and pass it on.
        """
        if not self._is_left_out:
            self._look_at(message)
        await self._send(message)

    def record(self) -> None:
        """
        Write the entry, once; a request from before a reset has none.
        """
        if self._is_left_out or self._resets != self._backend.resets:
            return
        self._is_left_out = True
        self._backend.journal.add(
            Entry(
                method=self._scope["method"],
                path=self._scope["path"],
                query_string=self._scope["query_string"].decode("latin-1"),
                body=self.body,
                status=self._status,
                answer=self._answer,
                workspace=self._scope.get(WORKSPACE),
                api_key=api_key(self._scope),
                facts=self._facts,
                faults=self._scope.get(FAULTS, ()),
                at=self._at,
                duration_ms=round((time.perf_counter() - self._started) * 1000, 3),
            )
        )

    def _look_at(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            header = dict(message["headers"]).get(FACTS_HEADER.encode(), b"")
            self._facts = tuple(header.decode().split())
        elif message["type"] == "http.response.body":
            self._answer += message.get("body", b"")
            if not message.get("more_body"):
                self.record()


def api_key(scope: Scope) -> str | None:
    """
    Return the key that a request carries (SESSION_TOKEN).
    """
    headers = dict(scope["headers"])
    key = headers.get(b"x-api-key") or headers.get(b"session-token")
    return key.decode("latin-1") if key else None


async def _read_body(receive: Receive) -> bytes:
    """
    Read the whole body.
    """
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= _MAX_BODY:
            chunks.append(chunk)
        if not message.get("more_body"):
            break
    if size > _MAX_BODY:
        # The rest was read all the same: a client that is still sending would miss the answer.
        raise TooLargeError(Problem(Fact.BODY_SIZE, "Request body is larger than 1 MiB"))
    return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
