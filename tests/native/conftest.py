"""
The plugin as a process, and what speaks to it as the engine does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2

SECONDS = 60.0
"""For an answer, on a busy machine."""

SERVICE = provider_pb2.DESCRIPTOR.services_by_name["ResourceProvider"]


@dataclass(frozen=True)
class Plugin:
    """
    A running plugin.
    """

    process: subprocess.Popen[str]
    channel: grpc.Channel

    def send(self, method: str, message: bytes) -> str:
        """
        Send bytes to a method of the service, and return what the plugin says against it; empty where it says nothing.
        """
        described = SERVICE.methods_by_name[method]
        kind = self.channel.unary_stream if described.server_streaming else self.channel.unary_unary
        call = kind(f"/{SERVICE.full_name}/{method}", request_serializer=bytes, response_deserializer=bytes)
        try:
            answered = call(message, timeout=SECONDS)
            list(answered)
        except grpc.RpcError as error:
            return str(error.details())
        return ""

    def ask(self, method: str, request: Any, answer: type[Any]) -> Any:
        """
        Call a method as the engine does.
        """
        call = self.channel.unary_unary(
            f"/{SERVICE.full_name}/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=answer.FromString,
        )
        return call(request, timeout=SECONDS)

    @property
    def is_well(self) -> bool:
        """
        Whether it lives, and answers.
        """
        info = self.ask("GetPluginInfo", Empty(), plugin_pb2.PluginInfo)
        return self.process.poll() is None and bool(info.version)


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    """
    Give a plugin without an engine, of a workspace at whose address nobody answers.
    """
    command = Path(sys.executable).parent / "pulumi-resource-neetocal"
    environment = {
        **os.environ,
        "NEETOCAL_WORKSPACE": "acme",
        "NEETOCAL_API_KEY": "key-of-acme-0123456789",
        "NEETOCAL_BASE_URL": "http://127.0.0.1:9",
        "NEETOCAL_MAX_ATTEMPTS": "1",
    }
    with subprocess.Popen(
        [command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        address = f"127.0.0.1:{int(process.stdout.readline())}"
        with grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
            yield Plugin(process, channel)
        process.kill()
