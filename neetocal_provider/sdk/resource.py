"""
What links and templates are as resources of a program, under either host.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pulumi

from neetocal_provider.schema.resource import Schema
from neetocal_provider.sdk.provider_mismatch import refuse_other_import
from neetocal_provider.sdk.transforms import check_transforms

__all__ = ["BaseResource", "with_alias", "without_none"]

Alias = pulumi.Input[str | pulumi.Alias]


def without_none(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the arguments that a program gives a value.

    Pulumi makes an output, with futures and tasks of its own, of every property it is told of, also of one that is
    None; without those, a program that declares many links takes three quarters of the time.
    """
    return {name: value for name, value in arguments.items() if value is not None}


class BaseResource(pulumi.CustomResource):
    """
    A link or a template: an output for each argument, whether a program gives it or not.
    """

    _schema: ClassVar[Schema]

    _type_under_other_host: ClassVar[str]
    """The type that the resource has if the other import declares it."""

    if not TYPE_CHECKING:  # which would take any name for an attribute

        def __getattr__(self, name: str) -> pulumi.Output[None]:
            """
            Return the output of an argument that was left out: None, known with the resource.
            """
            if name in self._schema.by_name:
                return self.urn.apply(lambda _: None)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _register(self, resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        """
        Tell the engine of the resource; each host has a way of its own.
        """
        raise NotImplementedError

    def _get_providers(
        self, t: str, pkg: str | None, opts: pulumi.ResourceOptions
    ) -> tuple[pulumi.ProviderResource | None, Mapping[str, pulumi.ProviderResource]]:
        """
        Judge what transformations have made of the options: Pulumi's SDK asks this after them and before it registers.

        The options are the SDK's copy. The alias with the other host's type is added here and not by the constructor:
        of each alias that it gets there, the SDK also makes an URN, for engines that can't, and that takes thirteen
        outputs.
        """
        opts.aliases = with_alias(opts.aliases, self._type_under_other_host)
        refuse_other_import(repr(self._name), t, opts)
        check_transforms(opts)
        return super()._get_providers(t, pkg, opts)


def with_alias(given: Sequence[Alias] | None, type_: str) -> list[Alias]:
    """
    Return aliases with which the engine takes a resource of another type for this one, also under each alias that the
    program gives, so that a resource can be renamed and change its provider in one commit.
    """
    given = given or ()
    return [*given, pulumi.Alias(type_=type_), *(_of_type(alias, type_) for alias in given)]


def _of_type(alias: Alias, type_: str) -> Alias:
    """
    Return the alias with another type; the same one if the program chose the type itself.
    """
    if isinstance(alias, str):
        return _urn_of_type(alias, type_)
    if isinstance(alias, pulumi.Alias):
        own: Any = alias.type_  # `...` if the program does not choose it, which the annotation leaves out
        return _typed(alias, type_) if own in (..., None) else alias
    later: pulumi.Output[Any] = pulumi.Output.from_input(cast("Any", alias))
    return later.apply(lambda known: _of_type(known, type_))


def _typed(alias: pulumi.Alias, type_: str) -> pulumi.Alias:
    other = copy(alias)
    other.type_ = type_
    return other


def _urn_of_type(urn: str, type_: str) -> str:
    before, separator, name = urn.rpartition("::")
    stack, between, types = before.rpartition("::")
    parents, dollar, _own = types.rpartition("$")
    return f"{stack}{between}{parents}{dollar}{type_}{separator}{name}"
