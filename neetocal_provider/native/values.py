"""
Values on their way between the engine's messages and the core.

The engine marks secrets, outputs and unknown values inside of what it sends. This plugin asks it to leave the marks of
secrets out (`acceptSecrets` is false), and the engine then marks again what comes back under the same names; settings
are sent with the marks all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN

from neetocal_provider.schema.types import UNKNOWN
from neetocal_provider.sdk.properties import MARK, SECRET, from_engine

__all__ = ["from_struct", "secret", "to_struct", "unmarked"]

_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def from_struct(struct: Struct) -> dict[str, Any]:
    """
    Return properties as the core knows them.
    """
    return from_engine(unmarked(struct))


def unmarked(struct: Struct) -> dict[str, Any]:
    """
    Return all that a message holds, without marks.
    """
    return {key: _from_value(value) for key, value in struct.fields.items()}


def _from_value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    if kind == "struct_value":
        found = unmarked(value.struct_value)
        is_marked = found.get(MARK) in (SECRET, _OUTPUT)
        return found.get("value", PULUMI_UNKNOWN) if is_marked else found
    return None if kind in (None, "null_value") else getattr(value, kind)


def secret(value: Value) -> Value:
    """
    Return a value marked as a secret; one that is marked already, or not known yet, as it is.
    """
    if value.string_value in ("", PULUMI_UNKNOWN):
        return value
    return Value(struct_value=Struct(fields={MARK: Value(string_value=SECRET), "value": value}))


def to_struct(props: Mapping[str, Any]) -> Struct:
    """
    Return properties as a message for the engine.
    """
    return Struct(fields={key: _to_value(value) for key, value in props.items()})


def _to_value(value: Any) -> Value:
    if value is None:
        return Value(null_value=NULL_VALUE)
    if value is UNKNOWN:
        return Value(string_value=PULUMI_UNKNOWN)
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, int | float):
        return Value(number_value=value)
    if isinstance(value, Mapping):
        return Value(struct_value=to_struct(value))
    if isinstance(value, list | tuple):
        return Value(list_value=ListValue(values=[_to_value(item) for item in value]))
    return Value(string_value=str(value))
