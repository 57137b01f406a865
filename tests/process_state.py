"""
What belongs to a process as a whole, and so to everybody in it: looked at before and after work of ours.
"""

from __future__ import annotations

import asyncio
import atexit
import builtins
import contextlib
import gc
import locale
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import urllib.request
import warnings
from collections.abc import Callable
from typing import Any

from stamina.instrumentation import get_on_retry_hooks

__all__ = ["changed", "snapshot"]

_HOOKS = ("excepthook", "displayhook", "breakpointhook", "unraisablehook", "stdin", "stdout", "stderr")
_LISTS = ("path", "meta_path", "path_hooks", "warnoptions")
_LIMITS: tuple[Callable[[], Any], ...] = (
    sys.getrecursionlimit,
    sys.getswitchinterval,
    sys.gettrace,
    sys.getprofile,
    threading.stack_size,
    gc.isenabled,
    gc.get_threshold,
    socket.getdefaulttimeout,
    os.getcwd,
    asyncio.get_event_loop_policy,
    logging.getLoggerClass,
    logging.getLogRecordFactory,
    locale.localeconv,
)


def snapshot(ours: str = "neetocal_provider") -> dict[str, Any]:
    """
    Return what a process holds for everybody, by name.

    Args:
        ours: the name of the logger that may change.
    """
    loggers: dict[str, Any] = {"": logging.root} | {
        name: found
        for name, found in logging.root.manager.loggerDict.items()
        if name != ours and isinstance(found, logging.Logger)
    }
    return {
        "environment": dict(os.environ),
        **{f"signal {number}": signal.getsignal(number) for number in sorted(signal.valid_signals() - _unasked())},
        **{f"sys.{name}": getattr(sys, name) for name in _HOOKS},
        **{f"sys.{name}": list(getattr(sys, name)) for name in _LISTS},
        "sys.tracebacklimit": getattr(sys, "tracebacklimit", "unset"),
        "sys.dont_write_bytecode": sys.dont_write_bytecode,
        **{each.__qualname__: each() for each in _LIMITS},
        "umask": _umask(),
        "threads": {thread.name for thread in threading.enumerate()},
        "threading.excepthook": threading.excepthook,
        "event loop": _loop(),
        "exit functions": atexit._ncallbacks(),
        "collector": list(gc.callbacks),
        "warnings": list(warnings.filters),
        "warnings are shown by": warnings.showwarning,
        "builtins": {name: value for name, value in vars(builtins).items() if name != "_"},
        "opener": urllib.request._opener,  # type: ignore[attr-defined]
        "folder for temporary files": tempfile.tempdir,
        "logging": (logging.root.manager.disable, logging.lastResort, logging.raiseExceptions),
        **{f"logger {name!r}": _logger(found) for name, found in loggers.items()},
        "retries are reported to": len(get_on_retry_hooks()),
    }


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """
    Return what is another, by name; loggers that are new have nothing set.
    """
    fresh = (logging.NOTSET, (), (), True, False)
    names = before.keys() | after.keys()
    was = {name: before.get(name, fresh if name.startswith("logger") else None) for name in names}
    return {name: (was[name], after.get(name)) for name in names if was[name] != after.get(name)}


def _logger(logger: logging.Logger) -> tuple[Any, ...]:
    return logger.level, tuple(logger.handlers), tuple(logger.filters), logger.propagate, logger.disabled


def _loop() -> Any:
    """
    Return the event loop that this thread has; none is made.
    """
    with contextlib.suppress(AttributeError):
        return asyncio.get_event_loop_policy()._local._loop  # type: ignore[attr-defined]
    return None


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def _unasked() -> set[int]:
    return {signal.SIGKILL, signal.SIGSTOP}
