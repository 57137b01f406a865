"""
What a resource type needs to be declared, and what declaring a resource does beside it.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import resource_pb2, source_pb2
from pulumi.runtime.settings import Settings, configure, get_monitor

import neetocal_provider
from neetocal_provider import native
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.dynamic.resource import without_stack_trace
from neetocal_provider.resources.registry import RESOURCE_TYPES
from neetocal_provider.testing import Mocks


class Monitor:
    """
    Keeps what the engine is told, and answers with the request.
    """

    supports = "everything"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name is gRPC's
        """
        Return the request.
        """
        return request

    ReadResource = RegisterResource


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    """
    Give the monitor of a run, which the SDK keeps for all threads.
    """
    for _ in range(2):  # the SDK shares what is set where nothing was
        configure(Settings("links", "dev"))
    found = Monitor()
    configure(Settings("links", "dev", monitor=found))
    yield found
    for _ in range(2):
        configure(Settings("links", "dev"))


def traced(kind: type[Any], name: str) -> Any:
    """
    Return a request as the SDK makes it for a resource of this name.
    """
    frame = source_pb2.SourcePosition(uri="file:///program.py", line=7)
    trace = source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=frame)])
    return kind(name=name, type="a:b:C", sourcePosition=frame, stackTrace=trace)


@pytest.mark.parametrize("kind", [resource_pb2.RegisterResourceRequest, resource_pb2.ReadResourceRequest])
def test_one_resource_is_registered_without_a_stack_trace(monitor: Monitor, kind: type[Any]) -> None:
    """
    Others that are registered meanwhile keep theirs, and afterwards nothing is left of it.
    """
    method = kind.__name__.removesuffix("Request")

    with without_stack_trace("intro"):
        ours, other = [getattr(get_monitor(), method)(traced(kind, name)) for name in ("intro", "theirs")]
        assert get_monitor().supports == "everything"  # type: ignore[union-attr] # which is ours

    assert ours == kind(name="intro", type="a:b:C")
    assert other == traced(kind, "theirs")
    assert get_monitor() is monitor


def test_other_threads_notice_nothing(monitor: Monitor) -> None:
    """
    Neither one that registers at the same time, nor one that begins in the midst of a registration.
    """
    with ThreadPoolExecutor() as pool, without_stack_trace("intro"):
        assert pool.submit(get_monitor).result() is monitor
        pool.submit(lambda: without_stack_trace("other").__enter__()).result()
        assert pool.submit(copy_context().run, get_monitor).result() is not monitor

    with ThreadPoolExecutor() as pool:
        assert pool.submit(get_monitor).result() is monitor


@pytest.mark.parametrize("limit", [7, None])
def test_the_limit_of_tracebacks_is_the_programs(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch, limit: int | None
) -> None:
    """
    It belongs to the process, and so to everybody's errors.
    """
    monkeypatch.setattr(sys, "tracebacklimit", limit, raising=False)

    with without_stack_trace("intro"):
        assert sys.tracebacklimit == limit
    with pytest.raises(KeyError), without_stack_trace("intro"):
        raise KeyError

    assert sys.tracebacklimit == limit
    assert get_monitor() is monitor


@pytest.mark.parametrize(("name", "type_"), RESOURCE_TYPES.items())
def test_a_resource_type_has_a_class_under_each_provider(name: str, type_: ResourceType) -> None:
    """
    Of one base, and with its type token; the dynamic one has its provider class and describes each argument.
    """
    dynamic, other = getattr(neetocal_provider, name), getattr(native, name)
    described = inspect.getdoc(dynamic) or ""

    assert dynamic.__base__ is other.__base__
    assert dynamic._schema is type_.schema
    assert dynamic._resource_type_name == f"dynamic/neetocal:{name}"
    assert dynamic._provider_class.resource_type is type_
    assert [field.name for field in type_.schema.fields if f"    {field.name}: " not in described] == []


def test_the_monitor_of_mocks_stays() -> None:
    """
    Pulumi's mocks, and those of this package, ask whether it is theirs.
    """
    mocks = MockMonitor(Mocks())

    def program() -> None:
        configure(Settings("links", "dev", monitor=mocks))
        with without_stack_trace("intro"):
            assert get_monitor() is mocks

    copy_context().run(program)
