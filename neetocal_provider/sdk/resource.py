"""
What links and templates are as resources of a program, under either host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pulumi
from pulumi.runtime.settings import SETTINGS, get_monitor

from neetocal_provider.schema.resource import Schema
from neetocal_provider.sdk.aliases import with_alias
from neetocal_provider.sdk.program_run import mocks_in_use
from neetocal_provider.sdk.provider_mismatch import refuse_other_import
from neetocal_provider.sdk.transforms import check_transforms

__all__ = ["BaseResource", "without_none", "without_stack_trace"]


def without_none(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the arguments that a program gives a value.

    Pulumi makes an output, with futures and tasks of its own, of every property it is told of, also of one that is
    None; without those, a program that declares many links takes three quarters of the time.
    """
    return {name: value for name, value in arguments.items() if value is not None}


@contextmanager
def without_stack_trace(resource_name: str) -> Iterator[None]:
    """
    Let Pulumi's SDK register or read the resource of this name, within, without a stack trace.

    The engine would record the trace with every resource: half of the state of a link under the dynamic provider, which
    is written anew for each step, to say that a line of this package has declared it. The SDK keeps its monitor in a
    context variable, so other resources and other threads are registered as ever.
    """
    monitor = get_monitor()
    if monitor is None or mocks_in_use():
        yield
        return
    settings = cast("Any", SETTINGS)
    settings.monitor = monitor  # the SDK shares the first value that a thread sets with all others
    settings.monitor = _WithoutStackTrace(monitor, resource_name)
    try:
        yield
    finally:
        settings.monitor = monitor


class _WithoutStackTrace:
    """
    The engine's monitor, except that requests for one resource lose their stack trace.
    """

    def __init__(self, monitor: Any, resource_name: str) -> None:
        self._monitor = monitor
        self._resource_name = resource_name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._monitor, name)

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name is gRPC's
        return self._monitor.RegisterResource(self._stripped(request))

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - the name is gRPC's
        return self._monitor.ReadResource(self._stripped(request))

    def _stripped(self, request: Any) -> Any:
        if request.name == self._resource_name:
            for name in _TRACE & {*request.DESCRIPTOR.fields_by_name}:
                request.ClearField(name)
        return request


_TRACE = {"stackTrace", "sourcePosition"}


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
