"""
What separates a link from its program, found without a request.

The rule behind everything here: declared means managed, undeclared means left alone. So the state keeps the names of
the optional arguments that the program gave, under `DECLARED`; what it does not name is never compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neetocal_provider.schema.fields import NO_DEFAULT, SCHEDULING_LINK, SPOT_TEXTS, Field, Schema, Update
from neetocal_provider.schema.types import has_unknown
from neetocal_provider.settings import Settings

__all__ = [
    "DECLARED",
    "Diff",
    "declared",
    "diff",
    "differs",
    "disabled_warnings",
    "is_identity_kept",
    "replacement_warnings",
    "resets",
]

Properties = Mapping[str, Any]

DECLARED = "declared"
"""The property that names the optional arguments which the program gave."""


@dataclass(frozen=True)
class Diff:
    """
    What separates a link from its program.

    Attributes:
        changed: the properties to change, in the order of `fields`; empty when nothing is due.

        replaces: those among them for which the link must be made anew.

        warnings: in sentences, what the user should know before going on.
    """

    changed: tuple[str, ...]
    replaces: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def diff(olds: Properties, news: Properties, settings: Settings, schema: Schema = SCHEDULING_LINK) -> Diff:
    """
    Compare a recorded link with what the program declares now.

    Args:
        olds: outputs of an earlier create, update or read.

        news: checked arguments, some perhaps `UNKNOWN`.
    """
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
        replacement_warnings(olds, news, settings, schema)
        if replaces
        else _warnings(changed, olds, news, settings, schema)
    )
    return Diff(tuple(changed), tuple(replaces), tuple(warnings))


def is_identity_kept(olds: Properties, news: Properties, settings: Settings, schema: Schema) -> bool:
    """
    Whether a replacement needs the old one's identity, such as its slug, so that the old one has to be deleted first.

    Args:
        olds: outputs of the old link, or its arguments.
    """
    is_kept = not any(
        has_unknown(news[name]) or differs(schema.by_name[name], olds[name], news[name]) for name in schema.identity
    )
    return is_kept and olds.get("workspace", settings.workspace) == settings.workspace


def replacement_warnings(
    olds: Properties, news: Properties, settings: Settings, schema: Schema = SCHEDULING_LINK
) -> Iterator[str]:
    """
    Yield a sentence if a replacement can fail although the old link may be deleted.
    """
    if olds.get("force_destroy") and is_identity_kept(olds, news, settings, schema):
        yield (
            f"The link {olds['slug']!r} will be deleted before it is made anew; if it has upcoming bookings, neetoCal "
            "refuses its slug until they are over: declare another slug, or cancel them first."
        )


def differs(field: Field, one: Any, other: Any) -> bool:
    """
    Whether two values of a field mean something different.
    """
    return field.type.canonical(one) != field.type.canonical(other)


def declared(props: Properties, schema: Schema = SCHEDULING_LINK) -> set[str]:
    """
    Return the names of the fields that the program gave when these outputs were recorded.
    """
    return {field.name for field in schema.fields if field.required} | set(props.get(DECLARED, ()))


def resets(
    changed: Sequence[str],
    olds: Properties,
    news: Properties,
    settings: Settings,
    schema: Schema = SCHEDULING_LINK,
) -> dict[str, Any]:
    """
    Return the documented defaults to which removed arguments go back.

    A link made from a template keeps its values: there the default is the template's, which may be gone. A place that
    stays keeps the text without which it means nothing, and version 1 cannot reset what it has no field for.
    """
    removed = [schema.by_name[name] for name in changed if name in schema.by_name and name not in news]
    return {field.name: field.default for field in removed if not _why_it_stays(field, olds, news, settings)}


def disabled_warnings(name: str, *, disabled: bool) -> Iterator[str]:
    """
    Yield a sentence where nobody can book a link.
    """
    if disabled:
        yield (
            f"The link {name!r} is disabled and cannot be booked, most likely because its last host left, its "
            "payment provider was disconnected, or somebody disabled it: remove the cause and enable it in the web "
            "app, since the API documents no field for that."
        )


def _is_changed(field: Field, olds: Properties, news: Properties, was_declared: set[str]) -> bool:
    if field.update is Update.CREATE_OPTION:
        return False
    if field.name not in news or field.name not in was_declared:
        return (field.name in was_declared) != (field.name in news)
    return has_unknown(news[field.name]) or differs(field, olds.get(field.name), news[field.name])


def _warnings(
    changed: Sequence[str], olds: Properties, news: Properties, settings: Settings, schema: Schema
) -> Iterator[str]:
    yield from disabled_warnings(olds["slug"], disabled=olds.get("disabled") is True)
    for name in changed:
        field = None if name in news else schema.by_name.get(name)
        reason = _why_it_stays(field, olds, news, settings) if field else ""
        if reason:
            yield (
                f"The {schema.named(olds)} is no longer told its {name}, which stays as it is: {reason}. "
                "Declare what it should be, or change it in the web app."
            )


def _why_it_stays(field: Field, olds: Properties, news: Properties, settings: Settings) -> str:
    """
    Return why a removed argument does not go back to a default; empty where it does.
    """
    if field.is_local:
        return ""
    if "template_id" in olds:
        return "it was made from a template, and what that says of it may have changed since"
    if field.default is NO_DEFAULT:
        return "the API documents no default to go back to"
    if not field.exists_in(settings.api_version):
        return "version 1 of the API has no field for it"
    if "spot" not in news and SPOT_TEXTS.get(str(olds.get("spot"))) == field.name:
        return "its place means nothing without it"
    return ""
