"""
Properties as Pulumi's engine hands them over, and as the core knows them.

The engine knows no whole numbers, and marks unknown values, secrets and outputs in ways of its own; the dynamic host
undoes some of that, in a way that differs between SDKs, and keeps the pickled provider among the properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.output import Unknown
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN

from neetocal_provider.schema.resource import NORMALIZED
from neetocal_provider.schema.types import UNKNOWN

__all__ = ["MARK", "SECRET", "from_engine", "provider_property", "to_record"]

MARK = "4dabf18193072939515e22adb298388d"
"""The key by which the engine tells a marked value from an object; the kind of mark is its value."""

SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the kind of mark, not a secret


def from_engine(props: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return properties as the core knows them: whole numbers as int, unknown values as `UNKNOWN`, nothing of a host's.
    """
    return {key: _from_engine(value) for key, value in props.items() if key != PROVIDER_KEY and value is not None}


def _from_engine(value: Any) -> Any:
    if isinstance(value, Mapping):
        return from_engine(value)
    if isinstance(value, list | tuple):
        return [_from_engine(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if isinstance(value, Unknown) or value == PULUMI_UNKNOWN else value


def provider_property(props: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what the dynamic host itself keeps among the properties; nothing where they come from another host.
    """
    return {PROVIDER_KEY: props[PROVIDER_KEY]} if PROVIDER_KEY in props else {}


def to_record(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return outputs as the engine is to record them: what may hold a secret argument under another name is a secret.

    The engine itself makes an output a secret if the argument of the same name is one.
    """
    if NORMALIZED not in outputs:
        return {**outputs}
    return {**outputs, NORMALIZED: {MARK: SECRET, "value": outputs[NORMALIZED]}}
