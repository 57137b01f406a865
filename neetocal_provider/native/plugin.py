"""
The program `pulumi-resource-neetocal`, which the engine starts for each provider of a run.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer, add_ResourceProviderServicer_to_server

from neetocal_provider.native.server import Plugin
from neetocal_provider.sdk.plugin import end_with_engine

__all__ = ["main", "serve"]

_LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes: what Pulumi's own SDKs allow."""

_PATIENCE_S = 30 * 60
"""Seconds for which a request may wait for its turn in the server."""

_GRACE_S = 60.0
"""Seconds for calls that are under way when the plugin is to end."""


def main() -> None:
    """
    Serve the provider.

    The engine's address is the argument that is no flag; flags are those of every plugin, and mean nothing here.
    """
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    # What goes wrong in a call is told in its answer.
    logging.getLogger("grpc").setLevel(logging.CRITICAL)
    asyncio.run(serve(partial(Plugin, addresses[-1] if addresses else "")))


async def serve(service: Callable[[], ResourceProviderServicer]) -> None:
    """
    Serve until the engine is gone or sends SIGINT: print the port, and nothing else, on standard output.

    Args:
        service: makes the service, in the loop that it runs in.
    """
    server = grpc.aio.server(
        options=[
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.server_max_unrequested_time_in_server", _PATIENCE_S),
        ]
    )
    add_ResourceProviderServicer_to_server(service(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    end_with_engine()
    # With this signal the engine ends its plugins. Ctrl-C does not reach them: the engine tells of it by Cancel.
    told = asyncio.Event()
    with suppress(NotImplementedError):  # on Windows, where the engine ends it at once
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, told.set)
    await told.wait()
    await server.stop(_GRACE_S)
    # Threads that register a component's links may still wait for the engine, which waits for this process.
    os._exit(0)
