"""
What the plugin and the command tell of their work where `NEETOCAL_LOG=debug` asks for it.

Requests are told by `connection` and failures by whoever shows them, all to the logger `neetocal_provider`. `start` is
for processes of our own: in a program that imports this package, loggers and hooks are the program's to set.
"""

from __future__ import annotations

import logging
import sys
import traceback
from threading import Event
from typing import TYPE_CHECKING, Any

from neetocal_provider.errors import NeetoCalError, printable
from neetocal_provider.redaction import redacted, without_addresses

if TYPE_CHECKING:
    from stamina.instrumentation import RetryDetails, RetryHook

__all__ = ["LOGGER", "describe_bug", "hide", "hook_retries", "start"]

LOGGER = logging.getLogger("neetocal_provider")

_FORMAT = "%(asctime)s.%(msecs)03d [%(threadName)s] %(message)s"


def start(level: str | None, handler: logging.Handler | None = None) -> None:
    """
    Write the log from now on if the level is `debug`, and nothing else of this package's retries.

    The dynamic host is shared with the program's other dynamic providers: retries of theirs are reported as before.

    Args:
        handler: what writes it; to standard error by default.
    """
    _UNHOOKED.set()
    if level == "debug":
        used = handler or _StandardError()
        used.setFormatter(_Redacted(_FORMAT, "%H:%M:%S"))
        LOGGER.setLevel(logging.DEBUG)
        LOGGER.handlers = [used]
        LOGGER.propagate = False  # to the handlers of others, which redact nothing


def hook_retries() -> None:
    """
    Let the log show retries, if it was started; `retry` calls this before the first one, which imports stamina.
    """
    if _UNHOOKED.is_set():
        from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks

        hooks = get_on_retry_hooks()
        if _tell_of_retry not in hooks:
            set_on_retry_hooks([_tell_of_retry, *map(_of_others, hooks)])
        _UNHOOKED.clear()


_UNHOOKED = Event()
"""Set from `start` to the first retry."""


def describe_bug(error: BaseException) -> str:
    """
    Return what is known of an error that nobody expected, its traceback included, as the log would show it.
    """
    record = LOGGER.makeRecord(LOGGER.name, logging.ERROR, "", 0, "", (), None)
    record.exc_info = (type(error), error, error.__traceback__)
    return _Redacted("%(message)s").format(record).strip()


def hide(key: str) -> None:
    """
    Let no line of the log hold this key.
    """
    _KEYS.add(key)


_KEYS: set[str] = set()


def _of_others(hook: RetryHook) -> RetryHook:
    """
    Return a hook of somebody else's that hears of their retries alone.
    """
    return lambda details: None if isinstance(details.caused_by, NeetoCalError) else hook(details)


def _tell_of_retry(details: RetryDetails) -> None:
    if isinstance(details.caused_by, NeetoCalError):
        LOGGER.debug("tried again in %.1f s because of %s", details.wait_for, type(details.caused_by).__name__)


class _Redacted(logging.Formatter):
    """
    Leaves out keys and e-mail addresses, whoever put them into a line.
    """

    def format(self, record: logging.LogRecord) -> str:
        keys = tuple(_KEYS)
        text = "\n".join(redacted(printable(line), *keys) for line in super().format(record).splitlines())
        return without_addresses(text)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        # A limit of our own: an earlier failure has switched tracebacks off for the process.
        return "".join(traceback.format_exception(*ei, limit=1000)).rstrip()


class _StandardError(logging.Handler):
    """
    Writes to whatever standard error is at the time, a record in one piece.
    """

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")
        sys.stderr.flush()
