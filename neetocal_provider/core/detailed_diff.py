"""
Where exactly a resource differs from its program: paths such as `durations[1].duration`, for previews that show them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from enum import Enum
from typing import Any

from neetocal_provider.core.diff import Diff
from neetocal_provider.core.state import declared
from neetocal_provider.schema.resource import Properties, Schema
from neetocal_provider.schema.types import Emails, Identifiers, Options, has_unknown

__all__ = ["Change", "detailed_diff"]


class Change(Enum):
    """
    What is to happen at a path.
    """

    ADD = "is given"
    DELETE = "is no longer given"
    UPDATE = "becomes another"


Paths = Iterator[tuple[str, Change]]


def detailed_diff(found: Diff, olds: Properties, news: Properties, schema: Schema) -> dict[str, Change]:
    """
    Return by path what is to happen; the first part of each path is one of `found.changed`.

    Lists are compared as sets, as `diff` does, so only what is in one of them alone has a path: its index in the
    new list, or in the old one where it goes.
    """
    was_declared = declared(olds, schema)
    return {
        path: change
        for name in found.changed
        for path, change in _of_property(name, olds, news, schema, is_new=name not in was_declared)
    }


def _of_property(name: str, olds: Properties, news: Properties, schema: Schema, *, is_new: bool) -> Paths:
    if name not in schema.by_name:
        yield name, Change.UPDATE  # what follows from the settings, such as the address
    elif name not in news:
        yield name, Change.DELETE
    elif is_new or name not in olds:
        yield name, Change.ADD
    elif has_unknown(news[name]):
        yield name, Change.UPDATE
    else:
        yield from _of_value(name, schema.by_name[name].type, olds[name], news[name])


def _of_value(name: str, kind: Any, old: Any, new: Any) -> Paths:
    if isinstance(kind, Emails | Identifiers):
        for index, change in _of_items([kind.canonical([item]) for item in old], [kind.canonical([i]) for i in new]):
            yield f"{name}[{index}]", change
    elif isinstance(kind, Options):
        items = _of_items([kind.canonical_option(item) for item in old], [kind.canonical_option(item) for item in new])
        for index, change in items:
            if change is Change.UPDATE:
                yield from _of_option(f"{name}[{index}]", kind, old[index], new[index])
            else:
                yield f"{name}[{index}]", change
    else:
        yield name, Change.UPDATE


def _of_items(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, Change]]:
    """
    Yield the indices of what is in one list alone; where both have such an item at the same index, it is updated.
    """
    gone, come = _surplus(old, new), _surplus(new, old)
    for index in sorted({*gone, *come}):
        if index in gone and index in come:
            yield index, Change.UPDATE
        else:
            yield index, Change.ADD if index in come else Change.DELETE


def _surplus(items: Sequence[Hashable], others: Sequence[Hashable]) -> list[int]:
    pool = list(others)
    surplus = []
    for index, item in enumerate(items):
        if item in pool:
            pool.remove(item)
        else:
            surplus.append(index)
    return surplus


def _of_option(path: str, kind: Options, old: Properties, new: Properties) -> Paths:
    for key, value in kind.fields.items():
        before, after = old.get(key), new.get(key)
        if value.canonical(before) != value.canonical(after):
            missing = Change.ADD if before is None else Change.DELETE
            yield f"{path}.{key}", Change.UPDATE if None not in (before, after) else missing
