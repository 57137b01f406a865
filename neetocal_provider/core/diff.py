"""
What separates an object from its program, found without a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.state import declared
from neetocal_provider.schema.fields import NO_DEFAULT, Field, Update
from neetocal_provider.schema.resource import Properties, Schema
from neetocal_provider.schema.types import has_unknown
from neetocal_provider.settings import Settings

__all__ = ["Diff", "diff", "is_identity_kept", "replacement_warnings", "resets"]


@dataclass(frozen=True)
class Diff:
    """
    What separates an object from its program.

    Attributes:
        changed: the properties to change, in the order of the schema's fields; empty when nothing is due.

        replaces: those among them for which the object must be made anew.

        warnings: in sentences, what the user should know before going on.
    """

    changed: tuple[str, ...]
    replaces: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def diff(type_: ResourceType, olds: Properties, news: Properties, settings: Settings) -> Diff:
    """
    Compare a recorded object with what the program declares now.

    Args:
        olds: outputs of an earlier create, update or read.

        news: checked arguments, some perhaps `UNKNOWN`.
    """
    schema = type_.schema
    was_declared = declared(olds, schema)
    changed = [field.name for field in schema.fields if _is_changed(field, olds, news, was_declared)]
    replaces = [name for name in changed if schema.by_name[name].update is Update.REPLACE]
    if olds.get("workspace") != settings.workspace:
        replaces.append("workspace")
        changed.append("workspace")
    else:
        derived = {each.name: each.derive(olds, settings) for each in schema.outputs if each.derive}
        changed += [name for name, value in derived.items() if olds.get(name) != value]
    warnings = (
        replacement_warnings(type_, olds, news, settings)
        if replaces
        else _warnings(type_, changed, olds, news, settings)
    )
    return Diff(tuple(changed), tuple(replaces), tuple(warnings))


def is_identity_kept(olds: Properties, news: Properties, settings: Settings, schema: Schema) -> bool:
    """
    Whether a replacement needs the old one's identity, such as its slug, so that the old one has to be deleted first.

    Args:
        olds: outputs of the old object, or its arguments.
    """
    is_kept = not any(
        has_unknown(news[name]) or schema.by_name[name].differs(olds[name], news[name]) for name in schema.identity
    )
    return is_kept and olds.get("workspace", settings.workspace) == settings.workspace


def replacement_warnings(type_: ResourceType, olds: Properties, news: Properties, settings: Settings) -> Iterator[str]:
    """
    Yield a sentence if a replacement can fail although the old object may be deleted.
    """
    if is_identity_kept(olds, news, settings, type_.schema):
        yield from type_.replacement_warnings(olds)


def resets(
    type_: ResourceType, changed: Sequence[str], olds: Properties, news: Properties, settings: Settings
) -> dict[str, Any]:
    """
    Return the documented defaults to which removed arguments go back.

    Version 1 cannot reset what it has no field for; what else stays, `ResourceType.keeps` says.
    """
    by_name = type_.schema.by_name
    removed = [by_name[name] for name in changed if name in by_name and name not in news]
    return {field.name: field.default for field in removed if not _why_it_stays(type_, field, olds, news, settings)}


def _is_changed(field: Field, olds: Properties, news: Properties, was_declared: set[str]) -> bool:
    if field.update is Update.CREATE_OPTION:
        return False
    if field.name not in news or field.name not in was_declared:
        return (field.name in was_declared) != (field.name in news)
    return has_unknown(news[field.name]) or field.differs(olds.get(field.name), news[field.name])


def _warnings(
    type_: ResourceType, changed: Sequence[str], olds: Properties, news: Properties, settings: Settings
) -> Iterator[str]:
    schema = type_.schema
    yield from type_.warnings(olds)
    for name in changed:
        field = None if name in news else schema.by_name.get(name)
        reason = _why_it_stays(type_, field, olds, news, settings) if field else ""
        if reason:
            yield (
                f"The {schema.named(olds)} is no longer told its {name}, which stays as it is: {reason}. "
                "Declare what it should be, or change it in the web app."
            )


def _why_it_stays(type_: ResourceType, field: Field, olds: Properties, news: Properties, settings: Settings) -> str:
    """
    Return why a removed argument does not go back to a default; empty where it does.
    """
    if field.is_local:
        return ""
    if reason := type_.keeps(field, olds, news):
        return reason
    if field.default is NO_DEFAULT:
        return "the API documents no default to go back to"
    if not field.exists_in(settings.api_version):
        return "version 1 of the API has no field for it"
    return ""
