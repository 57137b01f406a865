"""
The wire's floor: bare httpx, with the requests that our provider sends for the same work, and nothing else.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import httpx

from benchmarks.api import KEY

__all__ = ["Wire", "meetings"]

PAGE_SIZE = 100


def meetings(count: int) -> list[dict[str, Any]]:
    """
    Return the links that all contenders make.
    """
    plain = {"hosts": ["ada@acme.example"], "duration": 30}
    return [{**plain, "slug": f"intro-{number}", "name": f"Intro call {number}"} for number in range(count)]


class Wire:
    """
    Does by itself what the others need an engine for; remembers the links that it made.

    Args:
        at_once: how many requests are under way at most; None for as many as there are.
    """

    def __init__(self, url: str, at_once: int | None) -> None:
        self._address = f"{url}/api/external/v2/"
        self._at_once = at_once
        self._sids: list[str] = []

    def do(self, operation: str, links: int) -> float:
        """
        Run an operation by its name and return the seconds that it took.
        """
        return asyncio.run(self._timed(OPERATIONS[operation], links))

    async def _timed(self, operation: Callable[[Wire, int], Awaitable[None]], links: int) -> float:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self._turn = asyncio.Semaphore(self._at_once or max(links, 1) + 1)
        async with httpx.AsyncClient(
            base_url=self._address, headers={"X-Api-Key": KEY}, limits=limits, timeout=600, trust_env=False
        ) as self._http:
            started = time.perf_counter()
            await operation(self, links)
            return time.perf_counter() - started

    async def create(self, links: int) -> None:
        """
        A POST for each link.
        """
        answers = await self._all(self._ask("POST", "meetings", json=body) for body in meetings(links))
        self._sids = [answer.json()["meeting"]["sid"] for answer in answers]

    async def update(self, _links: int) -> None:
        """
        A PATCH for each link.
        """
        await self._all(self._ask("PATCH", f"meetings/{sid}", json={"duration": 45}) for sid in self._sids)

    async def list_pages(self, links: int) -> None:
        """
        A GET for each page of a hundred links.
        """
        pages = range(1, -(-links // PAGE_SIZE) + 1)
        await self._all(self._ask("GET", f"meetings?page_number={page}&page_size={PAGE_SIZE}") for page in pages)

    async def get(self, _links: int) -> None:
        """
        A GET for each link.
        """
        await self._all(self._ask("GET", f"meetings/{sid}") for sid in self._sids)

    async def destroy(self, _links: int) -> None:
        """
        For each link a look at its bookings, then a DELETE.
        """
        await self._all(self._destroyed(sid) for sid in self._sids)

    async def _destroyed(self, sid: str) -> None:
        await self._ask("GET", f"bookings?type=upcoming&meeting_sid={sid}&page_number=1&page_size={PAGE_SIZE}")
        await self._ask("DELETE", f"meetings/{sid}")

    async def _ask(self, method: str, path: str, json: Mapping[str, Any] | None = None) -> httpx.Response:
        async with self._turn:
            while True:
                # With hundreds of connections httpx may take longer than the five seconds for which the emulator keeps
                # one that is idle.
                with suppress(httpx.RemoteProtocolError):
                    return (await self._http.request(method, path, json=json)).raise_for_status()

    async def _all(self, asked: Iterable[Awaitable[Any]]) -> list[Any]:
        return await asyncio.gather(*asked)


OPERATIONS: Mapping[str, Callable[[Wire, int], Awaitable[None]]] = {
    "create": Wire.create,
    "update": Wire.update,
    "refresh": Wire.list_pages,
    "export": Wire.list_pages,
    "one GET for each": Wire.get,
    "destroy": Wire.destroy,
}
