"""
What the plugin tells the user, through the engine: warnings beside the resource that they are about, and the debug log.

The engine hides what a plugin writes to standard error.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from threading import get_ident
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from neetocal_provider.errors import MAX_LENGTH, excerpt

__all__ = ["EngineHandler", "EngineLog"]

_SECONDS = 10.0
"""After which a sentence is given up: an engine that is gone reads nothing."""


class EngineLog:
    """
    The engine's log service. Safe to use from any thread while the loop that made it runs.

    Args:
        address: host and port of the engine; where it is empty, everything goes to standard error.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._loop = asyncio.get_running_loop()
        self._loops_thread = get_ident()
        # The stub's types are those of a channel that waits.
        self._stub: Any = engine_pb2_grpc.EngineStub(_channel(address)) if address else None

    def warn(self, urn: str, *sentences: str) -> None:
        """
        Show sentences as warnings of a resource, each on one line.
        """
        for sentence in sentences:
            self._tell(engine_pb2.WARNING, urn, excerpt(sentence, MAX_LENGTH))

    def inform(self, text: str) -> None:
        """
        Show a text, of one or several lines, beside the stack.
        """
        self._tell(engine_pb2.INFO, "", text)

    def _tell(self, severity: Any, urn: str, text: str) -> None:
        """
        Return once the engine has a text, so that texts keep their order; the loop itself must not wait.
        """
        sent = asyncio.run_coroutine_threadsafe(self._sent(severity, urn, text), self._loop)
        if get_ident() != self._loops_thread:
            sent.result()

    async def _sent(self, severity: Any, urn: str, text: str) -> None:
        request = engine_pb2.LogRequest(severity=severity, message=text, urn=urn)
        with suppress(grpc.RpcError):
            if self._stub:
                await self._stub.Log(request, timeout=_SECONDS)
                return
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class EngineHandler(logging.Handler):
    """
    Writes the debug log to the engine, a record in one piece.
    """

    def __init__(self, engine: EngineLog) -> None:
        super().__init__()
        self._engine = engine

    def emit(self, record: logging.LogRecord) -> None:
        """
        Show a record as its formatter writes it.
        """
        self._engine.inform(self.format(record))


def _channel(address: str) -> grpc.aio.Channel:
    """
    Return a channel to the engine, which is on this machine: a proxy of the environment has no part in it.
    """
    return grpc.aio.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)])
