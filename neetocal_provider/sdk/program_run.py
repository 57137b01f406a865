"""
What belongs to one run of a program, and whether that is a unit test under Pulumi's mocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockMonitor
from pulumi.runtime.settings import SETTINGS, get_monitor

__all__ = ["PerRun", "mocked_call", "mocks_in_use"]

Value = TypeVar("Value")


class PerRun(Generic[Value]):
    """
    A value of which each run of a program has its own.

    The SDK's manager of requests is new in each run; under mocks it may stay, and each `pulumi.runtime.test` begins by
    replacing the list of requests that it waits for.

    Args:
        make: Returns the value of a new run.
    """

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._values: WeakKeyDictionary[Any, tuple[list[Any], Value]] = WeakKeyDictionary()

    def get(self) -> Value:
        """
        Return the value of the current run.
        """
        manager = cast("Any", SETTINGS).rpc_manager
        found = self._values.get(manager)
        if found is None or found[0] is not manager.rpcs:
            return self.set(self._make())
        return found[1]

    def set(self, value: Value) -> Value:
        """
        Give the current run this value, and return it.
        """
        manager = cast("Any", SETTINGS).rpc_manager
        self._values[manager] = (manager.rpcs, value)
        return value


def mocks_in_use() -> pulumi.runtime.Mocks | None:
    """
    Return the mocks under which the program runs (`pulumi.runtime.set_mocks`); None under the engine.
    """
    monitor = get_monitor()
    return monitor.mocks if isinstance(monitor, MockMonitor) else None


def mocked_call(mocks: pulumi.runtime.Mocks) -> Callable[[str, Mapping[str, Any]], Any]:
    """
    Return what asks mocks for a function, by its token and arguments.
    """
    return lambda token, args: mocks.call(MockCallArgs(token=token, args={**args}, provider=""))
