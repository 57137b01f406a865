"""
How a resource moves from one host to the other: under each it also goes by the name that it has under the other.
"""

from __future__ import annotations

import pulumi

__all__ = ["formerly"]


def formerly(opts: pulumi.ResourceOptions | None, type_: str) -> pulumi.ResourceOptions:
    """
    Return options with which the engine takes a resource of another type for this one.
    """
    alias = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=type_)])
    return pulumi.ResourceOptions.merge(opts, alias)
