"""
What resources are in a program, under either provider: a class for each resource type declares its arguments once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pulumi

from neetocal_provider.schema.resource import Schema
from neetocal_provider.schema.types import Options
from neetocal_provider.sdk.duplicates import refuse_duplicate
from neetocal_provider.sdk.provider_mismatch import refuse_foreign, refuse_other_import
from neetocal_provider.sdk.transforms import check_transforms

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["BaseResource", "EntryArgs", "with_alias"]

Alias = pulumi.Input[str | pulumi.Alias]


class EntryArgs:
    """
    One entry of an argument that lists several, such as a duration; a program may give a dictionary instead.
    """


class BaseResource(pulumi.CustomResource):
    """
    A resource of neetoCal: an output for each argument, whether a program gives it or not.

    A subclass for each resource type annotates the outputs and has the constructor; a class under each provider is a
    subclass of that one and of `DynamicResource` or `NativeResource`.
    """

    workspace: pulumi.Output[str]
    """The workspace in which it lives."""

    _schema: ClassVar[Schema]

    _type_prefix: ClassVar[str]
    """The beginning of its type under the provider of this class."""

    _other_type_prefix: ClassVar[str]
    """The same under the other provider, from which a stack can move here without a change."""

    if not TYPE_CHECKING:  # which would take any name for an attribute

        def __getattr__(self, name: str) -> pulumi.Output[None]:
            """
            Return the output of an argument that was left out: None, known with the resource.
            """
            if name in self._schema.by_name:
                return self.urn.apply(lambda _: None)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> Self:
        """
        Read an object of neetoCal that exists, without managing it: all of its properties are outputs.

        Args:
            resource_name: The resource's name in the stack.

            id: The object's id, such as the sid of a link.

            opts: Pulumi's options of the resource.
        """
        resource = cls.__new__(cls)
        with_id = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        unknown = dict.fromkeys(field.name for field in cls._schema.fields if not field.is_local)
        resource._register(resource_name, unknown, with_id)
        return resource

    def _declare(self, resource_name: str, arguments: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        """
        Register the resource with the arguments that a program gives.

        Pulumi makes an output, with futures and tasks of its own, of every property it is told of, also of one that is
        None; without those, a program that declares many links takes three quarters of the time.

        Args:
            arguments: All of them by name, None for each that the program leaves out; `EntryArgs` in lists. What isn't
                an argument is ignored, so that a constructor can give its `locals()`.

        Raises:
            pulumi.RunError: It can't use the provider of its options, or another resource has the same identity.
        """
        given = {name: arguments[name] for name in self._schema.by_name if arguments[name] is not None}
        serializable = {name: self._serializable(name, value) for name, value in given.items()}
        self._register(resource_name, serializable, opts)
        refuse_duplicate(self, self._schema)

    def _serializable(self, name: str, value: Any) -> Any:
        return _dictionaries(value) if isinstance(self._schema.by_name[name].type, Options) else value

    def _register(self, resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        """
        Register or read the resource, with None for what only neetoCal can tell: Pulumi makes attributes of the keys.
        """
        refuse_foreign(repr(resource_name), self._type_prefix, opts)
        self._construct(resource_name, {**dict.fromkeys(self._schema.computed), **properties}, opts)

    def _construct(self, resource_name: str, properties: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        """
        Call the constructor of Pulumi's SDK that the provider of this class has.
        """
        raise NotImplementedError

    def _get_providers(
        self, t: str, pkg: str | None, opts: pulumi.ResourceOptions
    ) -> tuple[pulumi.ProviderResource | None, Mapping[str, pulumi.ProviderResource]]:
        """
        Judge what transformations have made of the options: Pulumi's SDK asks this after them and before it registers.

        The options are the SDK's copy. The alias with the other provider's type is added here and not by the
        constructor: of each alias that it gets there, the SDK also makes an URN, for engines that can't, and that takes
        thirteen outputs.
        """
        opts.aliases = with_alias(opts.aliases, f"{self._other_type_prefix}{self._schema.name}")
        refuse_other_import(repr(self._name), t, opts)
        check_transforms(opts)
        return super()._get_providers(t, pkg, opts)


def _dictionaries(value: Any) -> Any:
    """
    Return entries as the dictionaries that Pulumi can serialize, also if they are in outputs.
    """
    if isinstance(value, EntryArgs):
        return {key: _dictionaries(item) for key, item in vars(value).items() if item is not None}
    if isinstance(value, pulumi.Output):
        return value.apply(_dictionaries)
    if isinstance(value, list | tuple):
        return [_dictionaries(item) for item in value]
    return value


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
