"""
What links and templates are as resources of a program, under either host.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi

from neetocal_provider.fields import Schema
from neetocal_provider.own_provider import refuse_other_import

__all__ = ["Record", "given", "untraced"]


def given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the arguments that a program gives a value.

    Pulumi makes an output, with futures and tasks of its own, of every property it is told of, also of one that is
    None; without those, a program that declares many links takes three quarters of the time.
    """
    return {name: value for name, value in arguments.items() if value is not None}


@contextmanager
def untraced() -> Iterator[None]:
    """
    Let Pulumi's SDK find no stack trace of what is registered within.

    The engine would record it with every resource: half of the state of a link under the dynamic host, which is written
    anew for each step, to say that a line of ours has declared it. Any number of threads may be within.
    """
    with _COUNTING:
        _LIMITS.append(getattr(sys, "tracebacklimit", _PYTHONS_LIMIT))
        sys.tracebacklimit = 1
    try:
        yield
    finally:
        with _COUNTING:
            before = _LIMITS.pop()
            if not _LIMITS:
                sys.tracebacklimit = before


_COUNTING = Lock()
_PYTHONS_LIMIT = 1000
_LIMITS: list[int | None] = []
"""What the limit was for each registration that is under way; the first is what it was before all of them."""


class Record(pulumi.CustomResource):
    """
    A link or a template: an output for each argument, whether a program gives it or not.
    """

    _schema: ClassVar[Schema]

    if not TYPE_CHECKING:  # which would take any name for an attribute

        def __getattr__(self, name: str) -> pulumi.Output[None]:
            """
            Return the output of an argument that was left out: None, known with the resource.
            """
            if name in self._schema.by_name:
                return self.urn.apply(lambda _: None)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _register(self, resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        """
        Tell the engine of the resource; each host has a way of its own.
        """
        raise NotImplementedError

    def _get_providers(
        self, t: str, pkg: str | None, opts: pulumi.ResourceOptions
    ) -> tuple[pulumi.ProviderResource | None, Mapping[str, pulumi.ProviderResource]]:
        """
        Judge what transformations have made of the options: Pulumi's SDK asks this after them and before it registers.
        """
        refuse_other_import(repr(self._name), t, opts)
        return super()._get_providers(t, pkg, opts)
