"""
Objects that exist, as what declares them: arguments for a program, and records for `pulumi import --file`.

An object is exported as it is or not at all. What a preview of its program would refuse is left undeclared if the
argument is optional, with a note for the reader; if it is required, the object is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from neetocal_provider.api.client import Client
from neetocal_provider.api.objects import RemoteObject
from neetocal_provider.core.check import check
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.search import Progress, Query, find_all, find_below
from neetocal_provider.core.state import declaring, recorded
from neetocal_provider.errors import ConfigError
from neetocal_provider.resources.registry import RESOURCE_TYPES, parent_of
from neetocal_provider.schema.resource import DYNAMIC_TYPE, Schema
from neetocal_provider.settings import SETTINGS, Settings

__all__ = ["Export", "Exported", "Found", "Skipped", "export", "find"]

Found = Mapping[str, Sequence[RemoteObject]]
"""Objects by the name of their resource type."""

_MAX_LENGTH = 100
"""Characters of a value in a note."""


@dataclass(frozen=True, kw_only=True)
class Exported:
    """
    An object with the arguments that declare it.

    Attributes:
        name: the resource's; no two of an export have the same.

        notes: in sentences, what a reader of the program should know of it.
    """

    type_: ResourceType
    remote: RemoteObject
    name: str
    arguments: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def schema(self) -> Schema:
        """
        Return the schema of its resource type.
        """
        return self.type_.schema

    def to_import(self, settings: Settings, provider_property: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return the object's entry in an import file, with the state that a create would have left.

        Args:
            provider_property: what Pulumi's dynamic host keeps among the properties.
        """
        live = recorded(self.arguments, self.remote, settings, self.schema)
        return {
            "type": f"{DYNAMIC_TYPE}{self.schema.name}",
            "name": self.name,
            "id": self.remote.id,
            "inputs": {**live.inputs, **provider_property},
            "outputs": {**live.outputs, **provider_property},
        }


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """
    An object that no program can declare.

    Attributes:
        title: such as the slug of a link; the title of its parent and a slash come first if it has one.
    """

    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Export:
    """
    Objects by what became of them, both sorted by resource type and title.
    """

    resources: tuple[Exported, ...]
    skipped: tuple[Skipped, ...]


def find(client: Client, names: Collection[str], query: Query, progress: Progress) -> Found:
    """
    Return the objects of these resource types, and the parents of them, which the query filters.

    What belongs to a parent is not filtered further.

    Args:
        names: of resource types.
    """
    _require_version_2(names, client.settings)
    parents = [parent.schema.name for name in names if (parent := parent_of(RESOURCE_TYPES[name]))]
    found: dict[str, Sequence[RemoteObject]] = {}
    for name, type_ in RESOURCE_TYPES.items():
        if name in (*names, *parents):
            found[name] = _find(client, type_, found, query, progress)
    return found


def export(found: Found, settings: Settings, names: Collection[str] = RESOURCE_TYPES) -> Export:
    """
    Return what declares these objects.

    Args:
        names: of the resource types to export; objects of others give titles to what belongs to them.
    """
    titles = _titles(found)
    exported: dict[Hashable, Exported] = {}
    skipped = []
    resource_names = _UniqueNames()
    for type_, remote in _sorted({name: found[name] for name in found if name in names}, titles):
        title = titles[type_.schema.noun, remote.id]
        arguments, notes, reasons = _declared(type_, remote, settings.api_version)
        identity = None if reasons else _identity(arguments, type_.schema)
        if identity in exported:
            reasons = [_also_identifies(exported[identity])]
        if reasons:
            skipped.append(Skipped(title=title, reasons=tuple(reasons)))
        else:
            name = resource_names.take(title, type_.schema.noun)
            exported[identity] = Exported(
                type_=type_, remote=remote, name=name, arguments=arguments, notes=tuple(notes)
            )
    return Export(resources=tuple(exported.values()), skipped=tuple(skipped))


def _require_version_2(names: Collection[str], settings: Settings) -> None:
    nouns = [RESOURCE_TYPES[name].schema.noun for name in names if RESOURCE_TYPES[name].schema.needs_v2]
    if nouns and settings.api_version == "v1":
        raise ConfigError(
            f"Version 1 of the API has no {' and no '.join(f'{noun}s' for noun in nouns)}: set "
            f"{SETTINGS['api_version']} to v2."
        )


def _find(
    client: Client, type_: ResourceType, found: Found, query: Query, progress: Progress
) -> Sequence[RemoteObject]:
    parent = parent_of(type_)
    if parent:
        return find_below(client, type_, parent, found[parent.schema.name], progress)
    return find_all(client, type_, query, progress)


# Titles and names


def _titles(found: Found) -> dict[tuple[str, str], str]:
    """
    Return a title for each object, by noun and id; that of its parent is a part of it.
    """
    titles: dict[tuple[str, str], str] = {}
    for name, type_ in RESOURCE_TYPES.items():
        for remote in found.get(name, ()):
            parents = [(each, str(remote.values[each])) for each in type_.endpoints.parents]
            above = [titles.get((noun, id_), id_) for noun, id_ in parents]
            own = str(remote.values.get(type_.schema.title) or remote.id)
            titles[type_.schema.noun, remote.id] = "/".join([*above, own])
    return titles


def _sorted(found: Found, titles: Mapping[tuple[str, str], str]) -> Iterator[tuple[ResourceType, RemoteObject]]:
    for name, type_ in RESOURCE_TYPES.items():
        noun = type_.schema.noun
        for remote in sorted(found.get(name, ()), key=lambda each: (titles[noun, each.id], each.id)):
            yield type_, remote


def _identity(arguments: Mapping[str, Any], schema: Schema) -> tuple[Hashable, ...]:
    return (schema.name, *(schema.by_name[name].type.canonical(arguments[name]) for name in schema.identity))


def _also_identifies(first: Exported) -> str:
    return f"{first.schema.title} is that of the {first.schema.noun} {first.remote.id}, too"


class _UniqueNames:
    """
    The names of an export's resources.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, title: str, noun: str) -> str:
        """
        Return a name: the title in lower-case letters, digits, hyphens and underscores, with a number if that is taken.

        A slug is its own name.
        """
        plain = "-".join(_in_slug_letters(part) or _in_slug_letters(noun) for part in title.split("/"))
        numbered = (f"{plain}-{number}" for number in count(2))
        name = next(each for each in chain([plain], numbered) if each not in self._taken)
        self._taken.add(name)
        return name


def _in_slug_letters(text: str) -> str:
    return re.sub("[^a-z0-9_-]+", "-", text.lower()).strip("-")


# Arguments


def _declared(
    type_: ResourceType, remote: RemoteObject, api_version: str
) -> tuple[dict[str, Any], list[str], list[str]]:
    """
    Return the arguments that declare an object, notes on it, and reasons why no program can declare it.
    """
    fields = type_.schema.by_name
    arguments = declaring(remote.values, type_.schema)
    notes = [*type_.notes(remote), *(f"Not declared: {reason}." for reason in remote.unreadable)]
    while problems := _problems(type_, arguments, api_version):
        required = [f"{name} {reason}" for name, reason in problems if fields[name].required]
        if required:
            return arguments, notes, required
        for name in dict.fromkeys(name for name, _reason in problems):
            reasons = "; ".join(reason for each, reason in problems if each == name)
            notes.append(f"Not declared: {name} is {_cut(repr(arguments.pop(name)))}, but {reasons}.")
    return arguments, notes, []


def _problems(type_: ResourceType, arguments: Mapping[str, Any], api_version: str) -> list[tuple[str, str]]:
    """
    Return the names of arguments that no program can give, each with a reason.
    """
    required = [field.name for field in type_.schema.fields if field.required]
    missing = [(name, "is not told by neetoCal") for name in required if name not in arguments]
    failures = check(type_, arguments, api_version)
    broken = [(each.property, each.reason) for each in failures if each.property in arguments]
    return missing + broken


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}…"
