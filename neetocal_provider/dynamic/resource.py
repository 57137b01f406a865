"""
How resources of the dynamic provider are registered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from pulumi.runtime.settings import SETTINGS, get_monitor

from neetocal_provider.sdk.program_run import mocks_in_use

__all__ = ["without_stack_trace"]


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
