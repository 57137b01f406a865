"""
Two resources that want one slug of one workspace through different providers: told by the program itself.

Each provider of a program is a process of its own, where `check` sees the resources of that provider alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from neetocal_provider.schema.resource import Schema
from neetocal_provider.sdk.program_run import PerRun
from neetocal_provider.sdk.provider import config_of
from neetocal_provider.settings import SETTINGS

__all__ = ["refuse_duplicate"]


def refuse_duplicate(resource: pulumi.Resource, schema: Schema, slug: pulumi.Output[str]) -> None:
    """
    Refuse the resource if another one of this program is registered with its slug in the same workspace.

    A transform can change the slug that the constructor was given, and `ignore_changes` keeps the recorded one.

    Args:
        slug: the resource's output, which holds what was registered.

    Raises:
        pulumi.RunError: it is; the program ends with this error as soon as both slugs are known.
    """
    declared = _DECLARED.get()
    declared.processes.add(_process(resource))
    declared.unwatched.append((resource, schema, slug))
    if len(declared.processes) > 1:
        for each in declared.unwatched:
            _watch(*each)
        declared.unwatched.clear()


@dataclass
class _Declared:
    """
    The resources of a run. While one process provides them all, no slug is watched: that takes an output for each.
    """

    processes: set[Hashable] = field(default_factory=set)
    unwatched: list[tuple[pulumi.Resource, Schema, pulumi.Output[str]]] = field(default_factory=list)


_DECLARED: PerRun[_Declared] = PerRun(_Declared)


def _watch(resource: pulumi.Resource, schema: Schema, slug: pulumi.Output[str]) -> None:
    """
    Compare a slug with those of the others as soon as it is known.
    """
    config = config_of(_provider(resource))
    if isinstance(config, pulumi.Output):
        pulumi.Output.all(slug=slug, config=config).apply(
            lambda known: _refuse(resource, schema, known["slug"], known["config"])
        )
    elif config is not None:
        slug.apply(lambda known: _refuse(resource, schema, known, config))


def _refuse(resource: pulumi.Resource, schema: Schema, slug: str | None, config: Mapping[str, Any]) -> None:
    if slug is None:
        return
    workspace = SETTINGS["workspace"].find(config.get)
    first = _TAKEN.get().setdefault((schema.noun, workspace, slug), resource)
    if _process(first) != _process(resource):
        one, other = sorted([first.pulumi_resource_name, resource.pulumi_resource_name])  # known in any order
        raise pulumi.RunError(
            f"The {schema.noun}s {one!r} and {other!r} both have the slug {slug!r} in the workspace {workspace!r}: "
            "give one of them another."
        )


def _provider(resource: pulumi.Resource) -> pulumi.ProviderResource | None:
    return resource.get_provider(resource.pulumi_resource_type)


def _process(resource: pulumi.Resource) -> Hashable:
    """
    Return what tells the process that provides a resource from the others: each import has one without a `Provider`.
    """
    return resource.pulumi_resource_type.partition(":")[0], _provider(resource)


_TAKEN: PerRun[dict[tuple[str, str | None, str], pulumi.Resource]] = PerRun(dict)
"""The first resource that has a slug, by noun, workspace and slug."""
