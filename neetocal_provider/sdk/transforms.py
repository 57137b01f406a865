"""
Refuses a provider that a transform gives to a resource of this package and that the resource cannot use.

The engine runs transforms (`opts.transforms`, `pulumi.runtime.register_resource_transform`) after the constructor. It
hands a resource to whatever `provider` they return, and ignores `providers`, which only components have, without an
error.
"""

from __future__ import annotations

from typing import cast

import pulumi
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.settings import _get_callbacks
from pulumi.runtime.sync_await import _sync_await

from neetocal_provider.schema.resource import DYNAMIC_TYPE, REFUSED, TYPE
from neetocal_provider.sdk.program_run import PerRun, mocks_in_use
from neetocal_provider.sdk.provider import DECLARED
from neetocal_provider.sdk.provider_mismatch import foreign, is_own_package

__all__ = ["check_transforms"]


def check_transforms(opts: pulumi.ResourceOptions | None) -> None:
    """
    Judge the options of this package's resources once all transforms have run, if the program has any so far.

    The judgement is a transform of the stack itself; Pulumi runs those last, in the order in which they are registered.
    """
    if not _may_have_transforms(opts) or _JUDGED.get() or mocks_in_use():
        return
    callbacks = _sync_await(_get_callbacks())
    if callbacks is not None:
        callbacks.register_stack_transform(_judged)
        _JUDGED.get().append(True)


def _may_have_transforms(opts: pulumi.ResourceOptions | None) -> bool:
    """
    Whether transforms are known; those of a component are not, and only matter if there is a provider to give.
    """
    parent = opts.parent if opts else None
    is_in_component = isinstance(parent, pulumi.ComponentResource) and parent.pulumi_resource_type not in _WITHOUT
    return bool(_CallbackServicer._servicers or (opts and opts.transforms) or (is_in_component and DECLARED.get()))


_WITHOUT = {f"{TYPE}TeamLinks", "pulumi:pulumi:Stack"}
"""Components whose transforms are judged already, or that have none."""

_JUDGED: PerRun[list[bool]] = PerRun(list)
"""Holds something once the judgement is registered."""


async def _judged(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    if not args.custom or not args.type_.startswith((TYPE, DYNAMIC_TYPE)):
        return None
    reason = await _reason(args)
    if not reason:
        return None
    # An error here would reach the user as a traceback; `check` of the resource's own provider reports the sentence.
    args.opts.provider = args.opts.providers = None
    return pulumi.ResourceTransformResult({**args.props, REFUSED: reason}, args.opts)


async def _reason(args: pulumi.ResourceTransformArgs) -> str:
    """
    Return why the resource cannot use what it is given; empty if it can.
    """
    subject, package = repr(args.name), args.type_.partition(":")[0]
    used = args.opts.provider
    if used is not None and used.package != package:
        return foreign(subject, package, used.package, await _name(used))
    listed = cast("dict[str, pulumi.ProviderResource]", args.opts.providers or {})
    for given in listed.values():
        if given.package == package and (used is None or await _urn(given) != await _urn(used)):
            return (
                f"{subject} would not use {await _name(given)!r}: Pulumi ignores `providers` that a transform gives to "
                "a resource. Let the transform return it as `provider`."
            )
        if used is None and is_own_package(given.package):
            return foreign(subject, package, given.package, await _name(given))
    return ""


async def _urn(provider: pulumi.ProviderResource) -> str:
    return str(await provider.urn.future())


async def _name(provider: pulumi.ProviderResource) -> str:
    return (await _urn(provider)).split("::")[-1]
