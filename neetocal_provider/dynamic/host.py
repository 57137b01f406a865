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
import pickletools
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

import grpc
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime.rpc import deserialize_properties, serialize_properties

from neetocal_provider import log
from neetocal_provider.core.operations import OperationError
from neetocal_provider.errors import MAX_LENGTH, excerpt
from neetocal_provider.sdk import plugin
from neetocal_provider.sdk.properties import from_engine, provider_property, to_record

__all__ = [
    "DynamicHost",
    "changes",
    "end_with_engine",
    "errors_as_sentences",
    "is_provider_changed",
    "main_module",
    "recorded_inputs",
]


def is_provider_changed(olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """
    Whether the state holds the pickle of another provider class than the program's.

    Only module and name count: another Python may pickle the same class in another format.

    Counting that as a change lets one `pulumi up`, which sends nothing for it, heal a state whose module has moved;
    otherwise `refresh` and `destroy`, which read the pickle from the state, would fail for ever.
    """
    is_same_pickle = olds.get(PROVIDER_KEY) == news.get(PROVIDER_KEY)
    return not is_same_pickle and _class_path(olds) != _class_path(news)


def _class_path(props: Mapping[str, Any]) -> list[str]:
    try:
        operations = list(pickletools.genops(base64.b64decode(props.get(PROVIDER_KEY, ""))))
    except ValueError:
        return []
    return [word for _code, word, _position in operations if isinstance(word, str)]


def changes(changed: Collection[str]) -> bool | None:
    """
    Return whether something changes; None if the engine can find the same by itself.

    The dynamic provider's answer to Diff has no names of properties, without which `replace_on_changes` and
    `hide_diffs` have no effect. If the answer is unknown, the engine compares the inputs and names those that
    differ. That is the same answer only if each of them is a change for this package, too: two forms of one value are
    not.
    """
    differing = _changed_inputs() if changed else set()
    return None if differing and differing <= {*changed} else bool(changed)


def _changed_inputs() -> set[str]:
    """
    Return the names of the inputs that differ from the recorded ones in the current Diff; empty outside of a host.
    """
    call = _call()
    recorded = getattr(call["request"], "old_inputs", None) if call else None
    if call is None or not recorded:
        return set()
    olds, news = (deserialize_properties(each, keep_unknowns=True) for each in (recorded, call["request"].news))
    return {name for name in olds.keys() | news.keys() if olds.get(name) != news.get(name)}


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """
    Let an operation that cannot be done reach the user as its sentence.

    Any other exception is a bug of ours: its traceback is reported, without keys and addresses.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, the host would print it as it is
        reported = str(error) if isinstance(error, OperationError) else log.describe_bug(error)
        _end_call(f"neetoCal: {reported}")
        raise _Sentence(reported) from None


class _Sentence(Exception):  # noqa: N818 - the name is what is printed, see below
    pass


# The class is printed with its module unless that is `builtins`; so the line reads "neetoCal: …".
_Sentence.__module__ = "builtins"
_Sentence.__qualname__ = "neetoCal"


def _end_call(sentence: str) -> None:
    """
    End the call that is being served with this sentence; do nothing outside of a host.

    Newer hosts catch every exception and end the call themselves, with a traceback: of this one call, they
    say the sentence instead. Older ones leave the exception to gRPC, which keeps what an ended call has said.
    """
    call = _call()
    if call is None:
        return
    context, end = call["context"], call["context"].abort
    context.abort = lambda _code, _details: end(grpc.StatusCode.UNKNOWN, sentence)
    with suppress(Exception):  # which gRPC raises to leave the method; our own does that
        end(grpc.StatusCode.UNKNOWN, sentence)


@cache
def end_with_engine() -> None:
    """
    Let this process end as soon as the engine has, if it is a host.
    """
    if main_module():
        plugin.end_with_engine()


def main_module() -> ModuleType | None:
    """
    Return the module that is the host if this process is one.
    """
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    return main if spec and spec.name == "pulumi.dynamic.__main__" else None


# What the host knows and does not tell: read in the frame of its own method, which holds the request and its context


def recorded_inputs() -> dict[str, Any]:
    """
    Return the inputs that the state holds of the resource that is being read; empty outside of a host.
    """
    call = _call()
    inputs = getattr(call["request"], "inputs", None) if call else None
    return from_engine(deserialize_properties(inputs)) if inputs else {}


def _urn() -> str:
    call = _call()
    return str(getattr(call["request"], "urn", "")) if call else ""


@dataclass(frozen=True)
class DynamicHost:
    """
    What the dynamic host can do for the call that it serves.

    Args:
        props: the new properties, among which it keeps its own.

        urn: the resource's; empty outside of a host.
    """

    props: Mapping[str, Any]
    urn: str = field(default_factory=_urn)

    def warn(self, *sentences: str) -> None:
        """
        Show sentences to the user, each on one line: the engine prints what the host writes to standard error.
        """
        for sentence in sentences:
            sys.stderr.write(f"warning: {excerpt(sentence, MAX_LENGTH)}\n")
        sys.stderr.flush()

    def record_partial_state(self, id_: str, outputs: Mapping[str, Any], problems: Sequence[str]) -> bool:
        """
        Let the state take these outputs although the operation is about to raise, with a line for each problem.

        The host knows no such failure, but the engine does: its detail goes into the trailing metadata of the call,
        which stay when the host turns the exception into a status. The next run tries again, whatever `diff` says.

        Returns:
            Whether that is possible: False outside of a host.
        """
        call = _call()
        if call is None:
            return False
        state = {**to_record(outputs), **provider_property(self.props)}
        with closing(asyncio.new_event_loop()) as loop:  # `asyncio.run` would take this thread's own loop from it
            properties = loop.run_until_complete(serialize_properties(state, {}))
        call["context"].set_trailing_metadata(plugin.init_failed(id_, properties, problems))
        return True


def _call() -> Mapping[str, Any] | None:
    """
    Return the local names of the host's method that serves the current request; None outside of a host.
    """
    frame = inspect.currentframe()
    while frame and not ("request" in frame.f_locals and "context" in frame.f_locals):
        frame = frame.f_back
    return frame.f_locals if frame else None
