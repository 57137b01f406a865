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

from neetocal_provider.values import UNKNOWN

__all__ = ["hosted", "plain"]


def plain(props: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return properties as the core knows them: whole numbers as int, unknown values as `UNKNOWN`, nothing of a host's.
    """
    return {key: _plain(value) for key, value in props.items() if key != PROVIDER_KEY and value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if isinstance(value, Unknown) or value == PULUMI_UNKNOWN else value


def hosted(props: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what the dynamic host itself keeps among the properties; nothing where they come from another host.
    """
    return {PROVIDER_KEY: props[PROVIDER_KEY]} if PROVIDER_KEY in props else {}
