"""
What Pulumi's dynamic host does to values and errors, and how to undo it.

The host (`python -m pulumi.dynamic`) hands every number over as a float and an unknown value as an object or, in older
SDKs, as a text; it prints a whole Python traceback for every exception, keeps the pickled provider among the
properties, and neither says which resource a call is for nor lets a failed one record anything.
"""

from __future__ import annotations

import asyncio
import base64
import inspect
import os
import pickletools
import select
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Lock, Thread
from typing import Any

from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.output import Unknown
from pulumi.runtime.proto import provider_pb2, status_pb2
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN
from pulumi.runtime.rpc import deserialize_properties, serialize_properties

from neetocal_provider.errors import LONGEST, NeetoCalError, excerpt
from neetocal_provider.log import LOGGER
from neetocal_provider.values import UNKNOWN

__all__ = [
    "end_with_engine",
    "errors_as_sentences",
    "failure",
    "hosted",
    "is_kept",
    "is_new",
    "is_provider_changed",
    "is_to_show",
    "keep",
    "plain",
    "record_in_spite_of_error",
    "recorded_inputs",
    "show",
    "twin",
    "warn",
]


def plain(props: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return properties as the core knows them: whole numbers as int, unknown values as `UNKNOWN`, nothing of the host's.
    """
    return {key: _plain(value) for key, value in props.items() if key != PROVIDER_KEY and value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if isinstance(value, Unknown) or value == PULUMI_UNKNOWN else value


def hosted(props: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what the host itself keeps among the properties.
    """
    return {PROVIDER_KEY: props[PROVIDER_KEY]}


def is_provider_changed(olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """
    Whether the state holds the pickle of another provider class than the program's.

    Only module and name count: another Python may pickle the same class in another format.

    Counting that as a change lets one `pulumi up`, which sends nothing for it, heal a state whose module has moved;
    otherwise `refresh` and `destroy`, which read the pickle from the state, would fail for ever.
    """
    return _class_path(olds) != _class_path(news)


def _class_path(props: Mapping[str, Any]) -> list[str]:
    try:
        operations = list(pickletools.genops(base64.b64decode(props.get(PROVIDER_KEY, ""))))
    except ValueError:
        return []
    return [word for _code, word, _position in operations if isinstance(word, str)]


@contextmanager
def errors_as_sentences(link: str, done: str) -> Iterator[None]:
    """
    Let expected errors reach the user as a sentence that begins with what could not be done.

    The host formats exceptions with `traceback.format_exc`, which honours `sys.tracebacklimit` and names the class.
    Any other exception is a bug of ours, and keeps its traceback.

    Args:
        link: which it is about, as at the beginning of a sentence: "The link 'intro'".

        done: what is tried, as in "created".
    """
    LOGGER.debug("%s is to be %s", link, done)
    try:
        yield
    except NeetoCalError as error:
        LOGGER.debug("%s could not be %s:", link, done, exc_info=error)
        sys.tracebacklimit = 0
        raise _Sentence(failure(link, done, str(error))) from None
    except Exception:
        sys.tracebacklimit = 1000  # Python's default
        raise


def failure(link: str, done: str, reason: str) -> str:
    """
    Return the sentence on what could not be done to a link.
    """
    return f"{link} could not be {done}: {reason}"


class _Sentence(Exception):  # noqa: N818 - the name is what users read, see below
    pass


# The class is printed with its module unless that is `builtins`; so the line reads "neetoCal: …".
_Sentence.__module__ = "builtins"
_Sentence.__qualname__ = "neetoCal"


@cache
def end_with_engine() -> None:
    """
    Let this process end as soon as the engine has, if it is a host.

    A host does not notice when its engine was killed: it would stay for ever, and go on sending requests again of
    which nobody records what becomes, in the midst of those of the next run. What it writes to is a pipe that only the
    engine reads, so the end of the pipe is the end of the engine.
    """
    main = getattr(sys.modules["__main__"], "__spec__", None)
    if main and main.name == "pulumi.dynamic.__main__" and hasattr(select, "poll"):
        Thread(target=_end_with, args=(sys.stdout.fileno(),), daemon=True).start()


def _end_with(pipe: int) -> None:
    watch = select.poll()
    watch.register(pipe, 0)  # errors, such as that nobody reads any more, are told unasked
    watch.poll()
    os._exit(1)


def warn(*sentences: str) -> None:
    """
    Show sentences to the user, each on one line: the engine prints what the host writes to standard error.
    """
    for sentence in sentences:
        sys.stderr.write(f"warning: {excerpt(sentence, LONGEST)}\n")
    sys.stderr.flush()


# What the host knows and does not tell: read in the frame of its own method, which holds the request and its context


def twin(noun: str, workspace: str, slug: Any) -> str:
    """
    Return the name of another resource of this run and kind that was checked with the same slug; empty for none.
    """
    urn = _urn()
    if not urn or slug is UNKNOWN:
        return ""
    with _CHECKING:
        first = _CHECKED.setdefault((noun, workspace, slug), urn)
    return "" if first == urn else first.split("::")[-1]


def is_new(olds: Mapping[str, Any]) -> bool:
    """
    Whether a check is for a resource that does not exist; of one that is to be replaced, the host has no `olds` either.
    """
    urn = _urn()
    if olds:
        _EXISTING.add(urn)
    return not olds and urn not in _EXISTING


def keep(id_: str) -> None:
    """
    Let this run delete nothing of this id.
    """
    _KEPT.add(id_)


def is_kept(id_: str) -> bool:
    """
    Whether `keep` was called for this id in this run.
    """
    return id_ in _KEPT


def recorded_inputs() -> dict[str, Any]:
    """
    Return the inputs that the state holds of the resource that is being read; empty outside of a host.
    """
    call = _call()
    inputs = getattr(call["request"], "inputs", None) if call else None
    return plain(deserialize_properties(inputs)) if inputs else {}


def show(id_: str) -> None:
    """
    Let the refresh that is reading this resource show it as changed, though only an output is.

    The engine asks `diff` what a refresh has found, with the state as it is now, and shows nothing where that has
    nothing to do.
    """
    _TO_SHOW.add(id_)


def is_to_show(id_: str) -> bool:
    """
    Whether `show` was called for this id, and nobody has asked since.
    """
    is_asked_first = id_ in _TO_SHOW
    _TO_SHOW.discard(id_)
    return is_asked_first


def record_in_spite_of_error(id_: str, outputs: Mapping[str, Any], problems: Sequence[str]) -> bool:
    """
    Let the state take these outputs although the operation is about to raise, with a line for each problem.

    The host knows no such failure, but the engine does: its detail goes into the trailing metadata of the call, which
    stay when the host turns the exception into a status. The next run tries again, whatever `diff` says.

    Returns:
        Whether that is possible: False outside of a host.
    """
    call = _call()
    if call is None:
        return False
    properties = asyncio.run(serialize_properties(dict(outputs), {}))
    detail = provider_pb2.ErrorResourceInitFailed(id=id_, properties=properties, reasons=problems)
    status = status_pb2.Status(code=_ABORTED_WITH, message=" ".join(problems))
    status.details.add().Pack(detail)
    call["context"].set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    return True


_ABORTED_WITH = 2
"""gRPC's UNKNOWN, the status that the host gives every exception; the engine ignores details of another."""

_CHECKING = Lock()
_CHECKED: dict[tuple[str, str, Any], str] = {}
"""By kind, workspace and slug, the URN that was checked first; a host lives as long as one run of the engine."""

_EXISTING: set[str] = set()
"""The URNs of the resources that the state holds."""

_KEPT: set[str] = set()

_TO_SHOW: set[str] = set()


def _urn() -> str:
    call = _call()
    return str(getattr(call["request"], "urn", "")) if call else ""


def _call() -> Mapping[str, Any] | None:
    """
    Return the local names of the host's method that serves the current request; None outside of a host.
    """
    frame = inspect.currentframe()
    while frame and not ("request" in frame.f_locals and "context" in frame.f_locals):
        frame = frame.f_back
    return frame.f_locals if frame else None
