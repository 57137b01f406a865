"""
Waiting for a state file that another process holds, while other requests are answered.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, TypeVar

from neetocal_emulator.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["wait_while_busy", "waits_while_busy"]

_LONGEST_S = 1.0
_PAUSE_S = 0.02

_T = TypeVar("_T")


async def wait_while_busy(work: Callable[[], Awaitable[_T]]) -> _T:
    """
    Do the work, again and again for a second while the file is held; then raise BusyError.
    """
    end = time.monotonic() + _LONGEST_S
    while True:
        try:
            return await work()
        except BusyError:
            if time.monotonic() >= end:
                raise
        await asyncio.sleep(_PAUSE_S)


def waits_while_busy(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """
    Make an endpoint wait; it opens one transaction to write, and does nothing before that.
    """

    async def waiting(request: Request) -> Response:
        return await wait_while_busy(lambda: endpoint(request))

    return waiting
