"""
Refuses a provider that a resource or a lookup of this package cannot use: Pulumi's SDK ignores it without an error.

An ignored provider means the workspace of the stack itself, so a link would be created in the wrong workspace.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from neetocal_provider.sdk.plugin_search import require_plugin
from neetocal_provider.sdk.provider import Provider

__all__ = ["foreign", "is_own_package", "refuse_foreign", "refuse_other_import"]

_IMPORTS = {"pulumi-python": "neetocal_provider", "neetocal": "neetocal_provider.native"}
"""By Pulumi's name of a package, the import that has its resources, lookups and `Provider`."""


def refuse_foreign(subject: str, type_: str, opts: pulumi.ResourceOptions | pulumi.InvokeOptions | None) -> None:
    """
    Refuse options of a program that give, or inherit, a provider that cannot be used.

    A list or a parent may hold providers of other packages beside the right one, and those of other vendors.

    Args:
        subject: what the error begins with: the resource's name in quotes, or the lookup.

        type_: the type token whose package the provider must have.

        opts: the options that the program gave.

    Raises:
        pulumi.RunError: the provider belongs to another package, or the engine has no plugin for the native one.
    """
    package = _package(type_)
    require_plugin(package)
    if opts is None:
        return
    if opts.provider is not None and opts.provider.package != package:
        _refuse(subject, package, opts.provider)
    refuse_other_import(subject, type_, opts)


def refuse_other_import(subject: str, type_: str, opts: pulumi.ResourceOptions | pulumi.InvokeOptions) -> None:
    """
    Refuse options that hold, or inherit, a provider of the other import and none that can be used.

    Pulumi's SDK merges `provider` and `providers` into each other, so this can't tell which of them was given.

    Args:
        subject: what the error begins with: the resource's name in quotes, or the lookup.

        type_: the type token whose package the provider must have.

        opts: the options, also as transformations have changed them.

    Raises:
        pulumi.RunError: the provider belongs to the other import.
    """
    package = _package(type_)
    given = _given(opts)
    if any(each.package == package for each in given):
        return
    for each in given:
        if isinstance(each, Provider):
            _refuse(subject, package, each)
    if opts.parent is not None and opts.parent.get_provider(type_) is None:
        _refuse_inherited(subject, package, opts.parent)


def _refuse_inherited(subject: str, package: str, parent: pulumi.Resource) -> None:
    for other in _IMPORTS.keys() - {package}:
        provider = parent.get_provider(f"{other}:index:Resource")
        if isinstance(provider, Provider):
            _refuse(subject, package, provider)


def _refuse(subject: str, package: str, provider: pulumi.ProviderResource) -> None:
    is_ours = isinstance(provider, Provider)
    raise pulumi.RunError(foreign(subject, package, provider.package, provider.pulumi_resource_name, is_ours=is_ours))


def is_own_package(package: str) -> bool:
    """
    Whether a provider of this package can be a `Provider` of this project, of either import.
    """
    return package in _IMPORTS


def foreign(subject: str, package: str, other: str, name: str, *, is_ours: bool = True) -> str:
    """
    Return the sentence with which a provider of another package is refused.

    Args:
        package: the one that the provider must have; `other` is the one that it has.

        name: the provider's.

        is_ours: whether it is a `Provider` of this project if it has a package of ours.
    """
    kind = f"{_IMPORTS[other]}.Provider" if is_ours and is_own_package(other) else f"provider of {other!r}"
    return (
        f"{subject} comes from {_IMPORTS[package]} and cannot use {name!r}, a {kind}: "
        f"give it a {_IMPORTS[package]}.Provider."
    )


def _given(opts: pulumi.ResourceOptions | pulumi.InvokeOptions) -> list[pulumi.ProviderResource]:
    many = getattr(opts, "providers", None) or ()
    listed = many.values() if isinstance(many, Mapping) else many
    return [each for each in (opts.provider, *listed) if each is not None]


def _package(type_: str) -> str:
    return type_.partition(":")[0]
