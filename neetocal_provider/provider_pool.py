"""
`ProviderPool`: several processes for the links of one workspace, where four at a time are too few.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pulumi

from neetocal_provider.fields import DYNAMIC_TYPE
from neetocal_provider.provider import Provider, stack_config
from neetocal_provider.settings import SETTINGS

__all__ = ["ProviderPool"]

_NOT_GIVEN = {"log", "max_requests_per_second"}


class ProviderPool:
    """
    Providers with the stack's own settings, each of which works at four resources at a time; worth it where the API is
    slow and links are many, see docs/performance.md.

    Hand `spread` to the engine, for all resources of a program or for those of a team:

        pulumi.runtime.register_stack_transformation(pool.spread)
        TeamLinks("sales", …, opts=pulumi.ResourceOptions(transformations=[pool.spread]))

    A pool that comes, goes, grows or shrinks changes no link. The processes share `neetocal:maxRequestsPerSecond`
    equally; what one of them learns of neetoCal's rate limit the others do not know.

    Args:
        resource_name: The beginning of the providers' names in the stack.

        size: How many there are, at least 1.

        opts: Pulumi's options of each provider.
    """

    def __init__(self, resource_name: str, *, size: int, opts: pulumi.ResourceOptions | None = None) -> None:
        if size < 1:
            raise pulumi.RunError(f"The pool {resource_name!r} has the size {size}: give it at least 1.")
        settings = _settings(size)
        self.providers = [Provider(f"{resource_name}-{number}", **settings, opts=opts) for number in range(size)]

    def spread(self, args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        """
        Give a link or a template that has no provider of its own one of the pool's, chosen by its name.
        """
        if not args.type_.startswith(DYNAMIC_TYPE) or _has_provider(args):
            return None
        # Each waits for all providers: otherwise those of the first would all be declared before any of the second.
        spread = pulumi.ResourceOptions(provider=self._chosen(args.name), depends_on=self.providers)
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, spread))

    def _chosen(self, name: str) -> Provider:
        """
        Return the provider whose name and the resource's have the highest hash, so that few change when the pool does.
        """
        return max(
            self.providers,
            key=lambda each: hashlib.sha256(f"{each.pulumi_resource_name}/{name}".encode()).digest(),
        )


def _settings(size: int) -> dict[str, Any]:
    config = stack_config()
    given = {name: config.get(setting.config_key) for name, setting in SETTINGS.items() if name not in _NOT_GIVEN}
    ceiling = SETTINGS["max_requests_per_second"].find(config.get)
    return {**given, "max_requests_per_second": _share(ceiling, size)}


def _share(ceiling: str | None, size: int) -> float | str | None:
    try:
        return None if ceiling is None else float(ceiling) / size
    except ValueError:
        return ceiling  # each provider refuses it with the rest of its settings


def _has_provider(args: pulumi.ResourceTransformationArgs) -> bool:
    parent = args.opts.parent
    return bool(args.opts.provider or args.opts.providers or (parent and parent.get_provider(args.type_)))
