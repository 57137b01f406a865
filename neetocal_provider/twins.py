"""
Two resources that want one slug of one workspace through different providers: told by the program itself.

Each provider of a program is a process of its own, where `check` sees the resources of that provider alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from neetocal_provider.fields import Schema
from neetocal_provider.program_run import PerRun
from neetocal_provider.provider import config_of
from neetocal_provider.settings import SETTINGS

__all__ = ["refuse_twin"]


def refuse_twin(resource: pulumi.Resource, schema: Schema, slug: pulumi.Output[str]) -> None:
    """
    Refuse the resource if another one of this program is registered with its slug in the same workspace.

    A transform can change the slug that the constructor was given, and `ignore_changes` keeps the recorded one.

    Args:
        slug: the resource's output, which holds what was registered.

    Raises:
        pulumi.RunError: it is; the program ends with this error as soon as both slugs are known.
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
    if _provider(first) is not _provider(resource):
        one, other = sorted([first.pulumi_resource_name, resource.pulumi_resource_name])  # known in any order
        raise pulumi.RunError(
            f"The {schema.noun}s {one!r} and {other!r} both have the slug {slug!r} in the workspace {workspace!r}: "
            "give one of them another."
        )


def _provider(resource: pulumi.Resource) -> pulumi.ProviderResource | None:
    return resource.get_provider(resource.pulumi_resource_type)


_TAKEN: PerRun[dict[tuple[str, str | None, str], pulumi.Resource]] = PerRun(dict)
"""The first resource that has a slug, by noun, workspace and slug."""
