"""
One server-sent event when something has changed, and never more than five a second.

A stream looks at the backend's mark now and then: nobody has to tell it, and without
a stream nothing is looked at. What has changed, the listener asks for itself.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from neetocal_emulator.backend import Backend

__all__ = ["event_stream"]

_INTERVAL_S = 0.2
_ALIVE_EVERY = 50
"""
Looks without a change after which a comment is sent, so that a broken connection is noticed.
"""


def event_stream(backend: Backend) -> StreamingResponse:
    """
    Answer with events until the listener or the emulator goes away.
    """
    return StreamingResponse(_events(backend), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _events(backend: Backend) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    seen: object = None
    quiet = 0
    while not backend.is_closing:
        mark = backend.mark
        if mark != seen:
            yield "event: change\ndata:\n\n"
        elif quiet == _ALIVE_EVERY:
            yield ": still here\n\n"
        quiet = quiet + 1 if mark == seen and quiet < _ALIVE_EVERY else 0
        seen = mark
        await asyncio.sleep(_INTERVAL_S)
