"""
What Pulumi's dynamic host does to values and errors, and how to undo it.

The host (`python -m pulumi.dynamic`) hands every number over as a float and an unknown value as an object or, in older
SDKs, as a text; it prints a whole Python traceback for every exception and keeps the pickled provider among the
properties.
"""

from __future__ import annotations

import base64
import pickletools
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.output import Unknown
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN

from neetocal_provider.errors import NeetoCalError
from neetocal_provider.values import UNKNOWN

__all__ = ["errors_as_sentences", "is_provider_changed", "plain", "warn"]


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
def errors_as_sentences() -> Iterator[None]:
    """
    Let expected errors reach the user as their text alone.

    The host formats exceptions with `traceback.format_exc`, which honours `sys.tracebacklimit` and names the class.
    Any other exception is a bug of ours, and keeps its traceback.
    """
    try:
        yield
    except NeetoCalError as error:
        sys.tracebacklimit = 0
        raise _Sentence(str(error)) from None
    except Exception:
        sys.tracebacklimit = 1000  # Python's default
        raise


class _Sentence(Exception):  # noqa: N818 - the name is what users read, see below
    pass


# The class is printed with its module unless that is `builtins`; so the line reads "neetoCal: …".
_Sentence.__module__ = "builtins"
_Sentence.__qualname__ = "neetoCal"


def warn(sentence: str) -> None:
    """
    Show a sentence to the user: the engine prints what the host writes to standard error.
    """
    sys.stderr.write(f"warning: {sentence}\n")
    sys.stderr.flush()
