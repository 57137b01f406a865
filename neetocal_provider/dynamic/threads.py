"""
Lets Pulumi's dynamic host run more than four calls at a time: the calls of this package, not those of other providers.

The host (`python -m pulumi.dynamic`) serves calls in a `ThreadPoolExecutor(max_workers=4)`. A call that it serves can
reach that executor: the frame at the bottom of the thread's stack, of `concurrent.futures.thread._worker`, holds a weak
reference to it.

Other dynamic providers of a program share the process. Their authors could rely on four calls at a time, for example
because an API throttles them or because each call starts a process. So the host's `get_provider` hands their providers
out with a limit: four of their calls run at a time, and the others wait, as they did in the executor's queue.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import thread
from concurrent.futures.thread import ThreadPoolExecutor
from functools import cache, wraps
from queue import SimpleQueue
from threading import Semaphore, current_thread, get_ident
from threading import enumerate as enumerate_threads
from types import ModuleType
from typing import Any

from pulumi.dynamic import ResourceProvider

from neetocal_provider.dynamic.host import main_module
from neetocal_provider.log import LOGGER

__all__ = ["THREADS", "add_threads"]

THREADS = 32
"""Calls that the host runs at a time; the engine asks for as many as its `--parallel` says."""

_UNCHANGED = 4
"""Calls that the host runs at a time by itself, and calls of other providers that run at a time in any case."""

_GetProvider = Callable[..., ResourceProvider]


@cache  # a host configures each provider class by itself, one after the other
def add_threads(ours: type[ResourceProvider]) -> None:
    """
    Let the host that serves the current call run up to 32 calls at a time; do nothing outside of a host.

    If the host isn't built as expected, it runs as many calls at a time as before, and the debug log says so.

    Args:
        ours: the base class of the providers that may use all threads.
    """
    host = main_module()
    if host is None:
        return
    executor = _executor()
    get_provider = getattr(host, "get_provider", None)
    if executor is None or not inspect.isfunction(get_provider):
        LOGGER.debug("the dynamic provider keeps to the threads that it has: Pulumi's thread pool isn't as expected")
        return
    _limit_others(host, get_provider, ours, executor)
    executor._max_workers = THREADS
    for _ in range(executor._work_queue.qsize()):
        executor.submit(_start_thread)
    LOGGER.debug("the dynamic provider runs up to %d calls at a time", THREADS)


def _start_thread() -> None:
    """
    Do nothing: for each task that is submitted, the executor starts a thread if none is idle.
    """


def _executor() -> ThreadPoolExecutor | None:
    """
    Return the executor that runs the current thread; None if it isn't the standard library's, as it is known.
    """
    worker = getattr(getattr(thread, "_worker", None), "__code__", None)
    frame = inspect.currentframe()
    while frame and frame.f_code is not worker:
        frame = frame.f_back
    reference = frame.f_locals.get("executor_reference") if frame else None
    executor = reference() if callable(reference) else None
    return executor if type(executor) is ThreadPoolExecutor and _is_as_expected(executor) else None


def _is_as_expected(executor: ThreadPoolExecutor) -> bool:
    names = vars(executor)
    return (
        names.get("_max_workers") == _UNCHANGED
        and isinstance(names.get("_work_queue"), SimpleQueue)
        and current_thread().name.startswith(f"{names.get('_thread_name_prefix')}_")
    )


def _limit_others(
    host: ModuleType, find: _GetProvider, ours: type[ResourceProvider], executor: ThreadPoolExecutor
) -> None:
    # The host's other threads may be in the midst of a call that has no permit. Each has one until its next call.
    # The executor's own list lacks a thread that has only just begun.
    unseen = {each.ident for each in enumerate_threads() if each.name.startswith(f"{executor._thread_name_prefix}_")}
    unseen.discard(get_ident())
    permits = Semaphore(_UNCHANGED - len(unseen))

    @wraps(find)
    def get_provider(*args: Any, **kwargs: Any) -> Any:
        if get_ident() in unseen:
            unseen.remove(get_ident())
            permits.release()
        provider = find(*args, **kwargs)
        return provider if isinstance(provider, ours) else _Limited(provider, permits)

    host.__dict__["get_provider"] = get_provider


class _Limited:
    """
    Another package's provider, each of whose calls needs a permit.
    """

    def __init__(self, provider: ResourceProvider, permits: Semaphore) -> None:
        self._provider = provider
        self._permits = permits

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._provider, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            with self._permits:
                return method(*args, **kwargs)

        return call
