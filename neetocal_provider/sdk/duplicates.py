"""
Two resources with one identity in one workspace and different providers: refused by the program itself.

Each provider of a program is a process of its own, where `check` sees the resources of that provider alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from neetocal_provider.schema.resource import Schema
from neetocal_provider.sdk.program_run import PerRun
from neetocal_provider.sdk.provider import config_of
from neetocal_provider.settings import SETTINGS

__all__ = ["refuse_duplicate"]


def refuse_duplicate(resource: pulumi.Resource, schema: Schema) -> None:
    """
    Refuse the resource if another one of this program is registered with its identity in the same workspace.

    The identity is that of its outputs: a transform can change what the constructor was given, and `ignore_changes`
    keeps what was recorded.

    Raises:
        pulumi.RunError: it is; the program ends with this error as soon as both identities are known.
    """
    declared = _DECLARED.get()
    declared.processes.add(_process(resource))
    declared.unwatched.append((resource, schema))
    if len(declared.processes) > 1:
        for each in declared.unwatched:
            _watch(*each)
        declared.unwatched.clear()


@dataclass
class _Declared:
    """
    The resources of a run. While one process provides them all, none is watched: that takes an output for each.
    """

    processes: set[Hashable] = field(default_factory=set)
    unwatched: list[tuple[pulumi.Resource, Schema]] = field(default_factory=list)


_DECLARED: PerRun[_Declared] = PerRun(_Declared)


def _watch(resource: pulumi.Resource, schema: Schema) -> None:
    """
    Compare an identity with those of the others as soon as all of it is known.
    """
    config = config_of(_provider(resource))
    identity: pulumi.Output[list[Any]] = pulumi.Output.all(*(getattr(resource, name) for name in schema.identity))
    if isinstance(config, pulumi.Output):
        pulumi.Output.all(identity, config).apply(lambda known: _refuse(resource, schema, *known))
    elif config is not None:
        identity.apply(lambda known: _refuse(resource, schema, known, config))


def _refuse(resource: pulumi.Resource, schema: Schema, identity: Sequence[Any], config: Mapping[str, Any]) -> None:
    if None in identity:
        return
    workspace = SETTINGS["workspace"].find(config.get)
    values = dict(zip(schema.identity, identity, strict=True))
    same = tuple(schema.by_name[name].type.canonical(value) for name, value in values.items())
    first = _TAKEN.get().setdefault((schema.noun, workspace, same), resource)
    if _process(first) != _process(resource):
        one, other = sorted([first.pulumi_resource_name, resource.pulumi_resource_name])  # known in any order
        have = " and the ".join(f"{name} {value!r}" for name, value in values.items())
        raise pulumi.RunError(
            f"The {schema.noun}s {one!r} and {other!r} both have the {have} in the workspace {workspace!r}: "
            "give one of them another."
        )


def _provider(resource: pulumi.Resource) -> pulumi.ProviderResource | None:
    return resource.get_provider(resource.pulumi_resource_type)


def _process(resource: pulumi.Resource) -> Hashable:
    """
    Return what tells the process that provides a resource from the others: each import has one without a `Provider`.
    """
    return resource.pulumi_resource_type.partition(":")[0], _provider(resource)


_TAKEN: PerRun[dict[tuple[str, str | None, tuple[Hashable, ...]], pulumi.Resource]] = PerRun(dict)
"""The first resource that has an identity, by noun, workspace and identity."""
