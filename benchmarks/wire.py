"""
The requests of a refresh without the engine, by httpx alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import httpx

from benchmarks.api import KEY
from benchmarks.cells import ONE_BY_ONE, PAGES

__all__ = ["Wire", "meetings"]

PAGE_SIZE = 100
AT_ONCE = 10


def meetings(count: int) -> list[dict[str, Any]]:
    """
    Return the links that all contenders make.
    """
    plain = {"hosts": ["ada@acme.example"], "duration": 30}
    return [{**plain, "slug": f"intro-{number}", "name": f"Intro call {number}"} for number in range(count)]


class Wire:
    """
    Creates links and asks for all of them, ten requests at a time.

    Args:
        contender: whether a refresh asks for pages of the list (`PAGES`) or for each link (`ONE_BY_ONE`).
    """

    def __init__(self, url: str, contender: str) -> None:
        self._address = f"{url}/api/external/v2/"
        refresh = {PAGES: self.list_pages, ONE_BY_ONE: self.get}[contender]
        self._operations: Mapping[str, Callable[[int], Awaitable[None]]] = {"create": self.create, "refresh": refresh}
        self._sids: list[str] = []

    def do(self, operation: str, links: int) -> float:
        """
        Run an operation by its name and return the seconds that it took.
        """
        return asyncio.run(self._timed(self._operations[operation], links))

    async def _timed(self, operation: Callable[[int], Awaitable[None]], links: int) -> float:
        self._turn = asyncio.Semaphore(AT_ONCE)
        async with httpx.AsyncClient(
            base_url=self._address, headers={"X-Api-Key": KEY}, timeout=600, trust_env=False
        ) as self._http:
            started = time.perf_counter()
            await operation(links)
            return time.perf_counter() - started

    async def create(self, links: int) -> None:
        """
        A POST for each link.
        """
        answers = await self._all(self._ask("POST", "meetings", json=body) for body in meetings(links))
        self._sids = [answer.json()["meeting"]["sid"] for answer in answers]

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

    async def _ask(self, method: str, path: str, json: Mapping[str, Any] | None = None) -> httpx.Response:
        async with self._turn:
            return (await self._http.request(method, path, json=json)).raise_for_status()

    async def _all(self, asked: Iterable[Awaitable[Any]]) -> list[Any]:
        return await asyncio.gather(*asked)
