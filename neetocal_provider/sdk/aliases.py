"""
How a resource moves from one host to the other: under each it also goes by the name that it has under the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, cast

import pulumi

__all__ = ["with_alias"]


Alias = pulumi.Input[str | pulumi.Alias]


def with_alias(given: Sequence[Alias] | None, type_: str) -> list[Alias]:
    """
    Return aliases with which the engine takes a resource of another type for this one, also under each alias that the
    program gives, so that a resource can be renamed and change its provider in one commit.
    """
    given = given or ()
    return [*given, pulumi.Alias(type_=type_), *(_of_type(alias, type_) for alias in given)]


def _of_type(alias: Alias, type_: str) -> Alias:
    """
    Return the alias with another type; the same one if the program chose the type itself.
    """
    if isinstance(alias, str):
        return _urn_of_type(alias, type_)
    if isinstance(alias, pulumi.Alias):
        own: Any = alias.type_  # `...` if the program does not choose it, which the annotation leaves out
        return _typed(alias, type_) if own in (..., None) else alias
    later: pulumi.Output[Any] = pulumi.Output.from_input(cast("Any", alias))
    return later.apply(lambda known: _of_type(known, type_))


def _typed(alias: pulumi.Alias, type_: str) -> pulumi.Alias:
    other = copy(alias)
    other.type_ = type_
    return other


def _urn_of_type(urn: str, type_: str) -> str:
    before, separator, name = urn.rpartition("::")
    stack, between, types = before.rpartition("::")
    parents, dollar, _own = types.rpartition("$")
    return f"{stack}{between}{parents}{dollar}{type_}{separator}{name}"
