"""
What an answer shows of what was sent: the forms in which neetoCal stores it, and what it did not take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from neetocal_provider.api.objects import Forms, RemoteObject
from neetocal_provider.core.normalization import learned, recorded_forms, stored_items
from neetocal_provider.core.state import ordered
from neetocal_provider.schema.fields import Field, Update
from neetocal_provider.schema.resource import Properties, Schema

__all__ = ["Before", "held_before", "listed", "not_applied", "stored_forms", "stored_forms_warnings", "unfinished"]

Before = Mapping[str, Sequence[Any]]
"""By argument, the texts or options that neetoCal may have held before it was asked to hold others."""


def held_before(olds: Properties, present: RemoteObject, schema: Schema) -> Before:
    """
    Return what neetoCal held by the state and, if it was just asked, by its answer.
    """
    forms = recorded_forms(olds, schema)
    return {
        field.name: [
            *stored_items(field, olds.get(field.name), forms.get(field.name, ())),
            *stored_items(field, present.values.get(field.name)),
        ]
        for field in schema.fields
        if field.name in {*olds, *present.values}
    }


def stored_forms(sent: Properties, remote: RemoteObject, before: Before, schema: Schema) -> Forms:
    """
    Return the forms in which neetoCal stores what was just sent, as its answer tells.
    """
    found = {
        field.name: learned(field, value, remote.values[field.name], before.get(field.name))
        for field, value in ordered(sent, schema)
        if field.name in remote.values
    }
    return {name: pairs for name, pairs in found.items() if pairs}


def stored_forms_warnings(news: Properties, known: Forms, forms: Forms, schema: Schema) -> Iterator[str]:
    """
    Yield a sentence if neetoCal stores arguments in forms that were not known yet.
    """
    names = [name for name in schema.by_name if any(pair not in known.get(name, ()) for pair in forms.get(name, ()))]
    if names:
        yield (
            f"neetoCal normalized {listed(names)} of the {schema.named(news)}: it accepted the declared "
            "text and stores it in another form. The state records both, and no change is planned until one of them "
            "changes."
        )


def not_applied(wanted: Properties, remote: RemoteObject, schema: Schema) -> Iterator[str]:
    """
    Yield a sentence for each field that the object does not hold as wanted; what no answer mentions is trusted.
    """
    for field, value in ordered(wanted, schema):
        found = remote.values.get(field.name, value)
        if not field.is_local and field.differs(found, value):
            # Texts may be secrets, and addresses are people's.
            shown = f"{found!r} instead of {value!r}" if isinstance(value, bool | int) else "not what was declared"
            yield f"{field.name} is {shown} after neetoCal accepted it: {_way_out(field, schema)}."


def _way_out(field: Field, schema: Schema) -> str:
    if field.update is Update.VERIFIED_PATCH:
        return (
            f"the API may take this field only when a {schema.noun} is made; change it in the web app and run "
            f"`pulumi refresh`, or make the {schema.noun} anew with `pulumi destroy --target` on it and `pulumi up`"
        )
    return "declare what it holds, or change it in the web app"


def unfinished(remote: RemoteObject, schema: Schema) -> RemoteObject:
    """
    Take what has endpoints of its own, and no answer told, for missing, so that the next preview sees what is left.
    """
    missing = {field.name: () for field in schema.fields if field.update is Update.SUBRESOURCE}
    return replace(remote, values={**missing, **remote.values})


def listed(names: Iterable[str]) -> str:
    """
    Return names as a part of a sentence.
    """
    return ", ".join(names) or "nothing that is declared"
