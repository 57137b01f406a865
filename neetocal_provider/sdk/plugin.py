"""
What a plugin of the engine's needs whoever wrote it: to end with the engine, and to tell what a failed call has made.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Sequence
from threading import Thread

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, status_pb2

__all__ = ["end_with_engine", "init_failed"]

_UNKNOWN = 2
"""gRPC's status of that name, which a call with such a detail must have; the engine ignores details of another."""


def init_failed(id_: str, properties: Struct, problems: Sequence[str]) -> tuple[tuple[str, bytes], ...]:
    """
    Return the trailing metadata of a call that made something and failed all the same.

    The engine records the properties, shows the problems and tries again in the next run, whatever `diff` says.
    """
    detail = provider_pb2.ErrorResourceInitFailed(id=id_, properties=properties, reasons=problems)
    status = status_pb2.Status(code=_UNKNOWN, message=" ".join(problems))
    status.details.add().Pack(detail)
    return (("grpc-status-details-bin", status.SerializeToString()),)


def end_with_engine() -> None:
    """
    Let this process end as soon as the engine has.

    A plugin does not notice when its engine was killed: it would stay for ever, and go on sending requests again of
    which nobody records what becomes, in the midst of those of the next run. What it writes to is a pipe that only the
    engine reads, so the end of the pipe is the end of the engine.
    """
    if hasattr(select, "poll"):
        Thread(target=_end_with, args=(sys.stdout.fileno(),), daemon=True).start()


def _end_with(pipe: int) -> None:
    watch = select.poll()
    watch.register(pipe, 0)  # errors, such as that nobody reads any more, are told unasked
    watch.poll()
    os._exit(1)
