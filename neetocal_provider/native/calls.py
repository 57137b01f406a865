"""
One call of the engine's: what it can do for the resource that it is about, and how it ends where it fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import grpc
from google.protobuf.struct_pb2 import Struct

from neetocal_provider.native.engine_log import EngineLog
from neetocal_provider.native.values import to_struct, with_secrets
from neetocal_provider.sdk import plugin
from neetocal_provider.sdk.properties import provider_property, to_record

__all__ = ["Call", "refuse"]

Metadata = tuple[tuple[str, bytes], ...]


@dataclass
class Call:
    """
    A call for one resource, as its `operations.Host`.

    Attributes:
        urn: the resource's.

        olds: what the state holds of it, a dynamic host's own properties included.

        engine: where warnings go.

        given: the arguments with the engine's marks, so that what they hold as a secret stays one.

        failed: what is to be recorded in spite of an error, as the metadata of the answer.
    """

    urn: str
    olds: Mapping[str, Any]
    engine: EngineLog
    given: Struct
    failed: Metadata = field(default=())

    def warn(self, *sentences: str) -> None:
        """
        Show sentences to the user, beside the resource.
        """
        self.engine.warn(self.urn, *sentences)

    def record_partial_state(self, id_: str, outputs: Mapping[str, Any], problems: Sequence[str]) -> bool:
        """
        Let the answer tell what there is, as the engine's own partial state.
        """
        properties = to_struct({**to_record(outputs), **provider_property(self.olds)})
        self.failed = plugin.init_failed(id_, with_secrets(properties, self.given), problems)
        return True


async def refuse(context: Any, sentence: str, failed: Metadata = ()) -> NoReturn:
    """
    End a call with a sentence; the status is the one with which the engine reads what failed.
    """
    await context.abort(grpc.StatusCode.UNKNOWN, f"neetoCal: {sentence}", trailing_metadata=failed)
    raise AssertionError
