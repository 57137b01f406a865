"""
Makes faults happen: inside the journal's middleware, around everything else.

So the journal has what went over the wire, and what a fault lets happen happens.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, Response

from neetocal_emulator.endpoints.answers import FACTS_HEADER
from neetocal_emulator.endpoints.routes import PREFIXES
from neetocal_emulator.error_bodies import shaped_body
from neetocal_emulator.errors import Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.middleware.journal import FAULTS, WORKSPACE, api_key
from neetocal_emulator.server import CUT

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from neetocal_emulator.backend import Backend
    from neetocal_emulator.faults import ActiveFault

__all__ = ["FaultMiddleware"]

_PIECES = 10
_GLANCE_S = 0.1


class _CutError(Exception):
    """
    Raised when there is no answer to go on with: a fault further in has cut the connection.
    """


class FaultMiddleware:
    """
    Wraps the application; what no fault strikes passes untouched.
    """

    def __init__(self, app: ASGIApp, backend: Backend, *, spared: tuple[str, ...]) -> None:
        """
        Wrap *app*; paths under *spared* are never struck.
        """
        self._app = app
        self._backend = backend
        self._spared = spared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve one request, well or badly.
        """
        app = self._app
        if self._backend.faults and not scope["path"].startswith(self._spared):
            for active in reversed(self._striking(scope)):
                app = _struck(app, active, self._backend)
        with suppress(_CutError):
            await app(scope, receive, send)

    def _striking(self, scope: Scope) -> list[ActiveFault]:
        faults = self._backend.faults
        # As the journal shows a request that never reaches its workspace.
        scope[WORKSPACE] = self._backend.store.owner(api_key(scope))
        striking = list(faults.striking(scope["method"], _below_version(scope["path"]), scope[WORKSPACE]))
        scope[FAULTS] = tuple(active.fault.kind for active in striking)
        return striking


@dataclass
class _Exchange:
    """
    One request on its way into the application.
    """

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send

    async def answer(self) -> Response:
        """
        Let the application do its work and return what it answers; raises _CutError when it does not.
        """
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(self.scope, self.receive, keep)
        if not messages:
            raise _CutError
        body = b"".join(message.get("body", b"") for message in messages)
        response = Response(body, messages[0]["status"])
        response.raw_headers = list(messages[0]["headers"])
        return response

    async def reply(self, response: Response) -> None:
        """
        Send this to the client.
        """
        await response(self.scope, self.receive, self.send)


_Effect = Callable[[_Exchange, "ActiveFault", "Backend"], Awaitable[None]]


def _struck(app: ASGIApp, active: ActiveFault, backend: Backend) -> ASGIApp:
    async def struck(scope: Scope, receive: Receive, send: Send) -> None:
        exchange = _Exchange(app, scope, receive, send)
        if active.fault.moment == "after":
            await exchange.answer()
        await _EFFECTS[active.fault.kind](exchange, active, backend)

    return struck


async def _status(exchange: _Exchange, active: ActiveFault, backend: Backend) -> None:
    default = HTTPStatus.TOO_MANY_REQUESTS if active.fault.kind == "rate_limit" else HTTPStatus.SERVICE_UNAVAILABLE
    status = active.fault.status or default
    fact = Fact.RATE_LIMIT if status == HTTPStatus.TOO_MANY_REQUESTS else Fact.ERROR_BODY
    headers = {FACTS_HEADER: fact.name}
    seconds = active.retry_after_s(exchange.scope[WORKSPACE])
    if seconds is not None:
        headers["retry-after"] = _retry_after(seconds, is_date=active.fault.retry_after_form == "date")
    body = shaped_body([Problem(fact, _phrase(status))], backend.switches)
    await exchange.reply(JSONResponse(body, status, headers))


async def _latency(exchange: _Exchange, active: ActiveFault, backend: Backend) -> None:
    await _pause(active.drawn_seconds(), active, backend)
    await exchange.app(exchange.scope, exchange.receive, exchange.send)


async def _cut(exchange: _Exchange, _: ActiveFault, __: Backend) -> None:
    exchange.scope["state"][CUT]()
    while (await exchange.receive())["type"] != "http.disconnect":
        pass


async def _html(exchange: _Exchange, active: ActiveFault, _: Backend) -> None:
    status = active.fault.status or HTTPStatus.BAD_GATEWAY
    title = f"{status:d} {_phrase(status)}"
    page = f"<html>\n<head><title>{title}</title></head>\n<body><center><h1>{title}</h1></center></body>\n</html>\n"
    await exchange.reply(HTMLResponse(page, status))


async def _truncated_json(exchange: _Exchange, _: ActiveFault, __: Backend) -> None:
    answer = await exchange.answer()
    body = bytes(answer.body)
    short = Response(body[: len(body) // 2], answer.status_code)
    short.raw_headers = [
        (name, str(len(short.body)).encode()) if name == b"content-length" else (name, value)
        for name, value in answer.raw_headers
    ]
    await exchange.reply(short)


async def _slow_body(exchange: _Exchange, active: ActiveFault, backend: Backend) -> None:
    answer = await exchange.answer()
    body = bytes(answer.body)
    pause = active.drawn_seconds() / _PIECES
    step = max(1, -(-len(body) // _PIECES))
    await exchange.send(
        {"type": "http.response.start", "status": answer.status_code, "headers": answer.raw_headers},
    )
    for number in range(_PIECES):
        await _pause(pause, active, backend)
        piece = body[number * step : (number + 1) * step]
        await exchange.send({"type": "http.response.body", "body": piece, "more_body": number < _PIECES - 1})


async def _wrong_content_type(exchange: _Exchange, active: ActiveFault, _: Backend) -> None:
    answer = await exchange.answer()
    answer.headers["content-type"] = active.fault.content_type
    await exchange.reply(answer)


_EFFECTS: dict[str, _Effect] = {
    "status": _status,
    "rate_limit": _status,
    "latency": _latency,
    "cut": _cut,
    "html": _html,
    "truncated_json": _truncated_json,
    "slow_body": _slow_body,
    "wrong_content_type": _wrong_content_type,
}


async def _pause(seconds: float, active: ActiveFault, backend: Backend) -> None:
    """
    Wait until the time is over, the fault is removed or the emulator is about to stop.
    """
    end = time.monotonic() + seconds
    while active in backend.faults and not backend.is_closing and (left := end - time.monotonic()) > 0:
        await asyncio.sleep(min(left, _GLANCE_S))


def _below_version(path: str) -> str:
    for prefix in PREFIXES.values():
        if path.startswith(f"{prefix}/"):
            return path[len(prefix) :]
    return path


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _retry_after(seconds: float, *, is_date: bool) -> str:
    # The client waits in real time, whatever the emulator's clock shows.
    return formatdate(math.ceil(time.time() + seconds), usegmt=True) if is_date else str(math.ceil(seconds))
