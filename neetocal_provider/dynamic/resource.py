"""
What resources are under Pulumi's dynamic host: registered with the class of their provider, which the state names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, cast

import pulumi
from pulumi.runtime.settings import SETTINGS, get_monitor

from neetocal_provider.dynamic.provider import BaseResourceProvider
from neetocal_provider.schema.resource import DYNAMIC_TYPE, TYPE
from neetocal_provider.sdk.plugin_search import PACKAGE
from neetocal_provider.sdk.program_run import mocks_in_use
from neetocal_provider.sdk.resource import BaseResource

__all__ = ["DynamicResource", "without_stack_trace"]


class DynamicResource(BaseResource, pulumi.dynamic.Resource):
    """
    A resource under the dynamic provider, whose type follows from its schema.

    A subclass names the class of its provider: `class SchedulingLink(…, DynamicResource, provider=…)`. One of a program
    has that of its base, and the type that it chooses.
    """

    _provider_class: ClassVar[type[BaseResourceProvider]]
    _type_prefix, _other_type_prefix = DYNAMIC_TYPE, TYPE

    def __init_subclass__(cls, *, provider: type[BaseResourceProvider] | None = None, **kwargs: Any) -> None:
        if provider is not None:
            cls._provider_class = provider
            kwargs |= {"module": PACKAGE, "name": cls._schema.name}
        super().__init_subclass__(**kwargs)

    def _construct(self, resource_name: str, properties: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        with without_stack_trace(resource_name):
            pulumi.dynamic.Resource.__init__(self, self._provider_class(), resource_name, properties, opts)


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
