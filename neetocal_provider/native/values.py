"""
Values on their way between the engine's messages and the core.

The engine marks secrets, outputs and unknown values inside of what it sends: a plugin that constructs components must
accept the marks of secrets (`acceptSecrets`). The core knows no marks, so `with_secrets` marks again what goes back
under the same names, as the engine itself does for plugins that do not accept them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN

from neetocal_provider.schema.types import UNKNOWN
from neetocal_provider.sdk.properties import MARK, SECRET, from_engine

__all__ = ["Mark", "from_struct", "marks", "secret", "to_struct", "unmarked", "with_secrets"]

_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def from_struct(struct: Struct) -> dict[str, Any]:
    """
    Return properties as the core knows them.
    """
    return from_engine(unmarked(struct))


def unmarked(struct: Struct) -> dict[str, Any]:
    """
    Return all that a message holds, without marks, in the order of names: a message has none.
    """
    return {key: _from_value(struct.fields[key]) for key in sorted(struct.fields)}


def _from_value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    if kind == "struct_value":
        found = unmarked(value.struct_value)
        is_marked = found.get(MARK) in (SECRET, _OUTPUT)
        return found.get("value", PULUMI_UNKNOWN) if is_marked else found
    return None if kind in (None, "null_value") else getattr(value, kind)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """
    What the engine says of a value inside of properties.

    Attributes:
        path: where the value is, with marks left out.

        dependencies: URNs of the resources that it comes from.
    """

    path: tuple[str | int, ...]
    is_secret: bool
    dependencies: frozenset[str]


def marks(value: Value, path: tuple[str | int, ...] = ()) -> Iterator[Mark]:
    """
    Yield a mark for each value that is secret or comes from a resource, at any depth, in the order of names.
    """
    if value.HasField("list_value"):
        for index, item in enumerate(value.list_value.values):
            yield from marks(item, (*path, index))
    elif value.HasField("struct_value"):
        fields = value.struct_value.fields
        found = _mark(value.struct_value, path)
        if found:
            yield found
            yield from marks(fields["value"], path) if "value" in fields else ()
            return
        for key in sorted(fields):
            yield from marks(fields[key], (*path, key))


def _mark(struct: Struct, path: tuple[str | int, ...]) -> Mark | None:
    if MARK not in struct.fields:
        return None
    found = {key: _from_value(value) for key, value in struct.fields.items() if key != "value"}
    if found[MARK] not in (SECRET, _OUTPUT):
        return None
    return Mark(
        path=path,
        is_secret=found[MARK] == SECRET or found.get("secret") is True,
        dependencies=frozenset(map(str, found.get("dependencies") or ())),
    )


def secret(value: Value) -> Value:
    """
    Return a value marked as a secret; one that is marked already as it is.
    """
    fields = value.struct_value.fields
    if MARK in fields and fields[MARK].string_value == SECRET:
        return value
    return Value(struct_value=Struct(fields={MARK: Value(string_value=SECRET), "value": value}))


def with_secrets(properties: Struct, given: Struct) -> Struct:
    """
    Return properties in which those that hold a secret in `given` are secrets.
    """
    fields = dict(properties.fields)
    for key, value in given.fields.items():
        if key not in fields or not any(mark.is_secret for mark in marks(value)):
            continue
        if _is_plain_object(value) and _is_plain_object(fields[key]):
            fields[key] = Value(struct_value=with_secrets(fields[key].struct_value, value.struct_value))
        else:
            fields[key] = secret(fields[key])
    return Struct(fields=fields)


def _is_plain_object(value: Value) -> bool:
    return value.HasField("struct_value") and MARK not in value.struct_value.fields


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
