"""
What the state keeps of an object: its outputs, and which arguments are declared.

Declared means managed, undeclared means left alone. So the state keeps the names of the optional arguments that the
program gave, under `DECLARED`; what it does not name is never compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neetocal_provider.api.objects import Forms, RemoteObject, instant
from neetocal_provider.core.normalization import normalized, recorded_forms
from neetocal_provider.schema.fields import NO_DEFAULT, Field, Update
from neetocal_provider.schema.resource import CREATED_AT, DECLARED, NORMALIZED, Properties, Schema
from neetocal_provider.schema.types import UNKNOWN, Options
from neetocal_provider.settings import Settings

__all__ = [
    "ReadResult",
    "created_at",
    "declared",
    "declaring",
    "discovered",
    "ordered",
    "preview_outputs",
    "recorded",
    "recorded_object",
    "sent",
]


@dataclass(frozen=True, kw_only=True)
class ReadResult:
    """
    An object as it stands: its properties, and the arguments that would declare it so.
    """

    outputs: dict[str, Any]
    inputs: dict[str, Any]


def declared(props: Properties, schema: Schema) -> set[str]:
    """
    Return the names of the fields that the program gave when these outputs were recorded.
    """
    return {field.name for field in schema.fields if field.required} | set(props.get(DECLARED, ()))


def created_at(props: Properties) -> datetime | None:
    """
    Return when an object was created, by neetoCal's clock; None if its outputs don't tell.
    """
    return instant(str(props.get(CREATED_AT, "")))


def ordered(props: Properties, schema: Schema) -> list[tuple[Field, Any]]:
    """
    Return the arguments in the order of their table: Pulumi hands them over in any.
    """
    return [(field, props[field.name]) for field in schema.fields if field.name in props]


def sent(props: Properties, schema: Schema) -> dict[str, Any]:
    """
    Return the arguments that requests hold.
    """
    return {field.name: value for field, value in ordered(props, schema) if not field.is_local}


def recorded(news: Properties, remote: RemoteObject, settings: Settings, schema: Schema) -> ReadResult:
    """
    Return what the state keeps of an object: live values, in the program's own words where they mean the same.

    Args:
        news: what the program declares, or declared when the object was last recorded.
    """
    live = remote.values
    kept = {
        name: live[name] if schema.by_name[name].differs(live.get(name, value), value) else value
        for name, value in _kept(news, schema).items()
    }
    always = {field.name: live.get(field.name, field.default) for field in schema.always_output}
    outputs = {**always, **kept, "workspace": settings.workspace, DECLARED: _optional(kept, schema)}
    outputs |= _outputs(kept, remote.outputs, settings, schema)
    if remote.created_at:
        outputs[CREATED_AT] = remote.created_at.isoformat()
    return ReadResult(outputs=_with_forms(outputs, remote.forms, schema), inputs=kept)


def recorded_object(id_: str, olds: Properties, schema: Schema) -> RemoteObject:
    """
    Return an object as these outputs hold it.
    """
    return RemoteObject(
        id=id_,
        created_at=created_at(olds),
        is_deleted=False,
        values=sent(olds, schema),
        outputs={each.name: olds.get(each.name, each.default) for each in schema.outputs},
        forms=recorded_forms(olds, schema),
    )


def preview_outputs(
    news: Properties, settings: Settings, schema: Schema, olds: Properties | None = None
) -> dict[str, Any]:
    """
    Return the outputs that a create or an update will have, as far as they are known before it.

    Args:
        olds: outputs of what is to be updated; None for what is to be created.
    """
    known = olds or {}
    kept = _kept(news, schema)
    stays = known.keys() - declared(known, schema)
    always = {field.name: known[field.name] if field.name in stays else UNKNOWN for field in schema.always_output}
    outputs = {**always, **kept, "workspace": settings.workspace, DECLARED: _optional(kept, schema)}
    outputs |= _outputs(kept, known, settings, schema)
    outputs |= {name: known[name] for name in (CREATED_AT,) if name in known}
    return _with_forms(outputs, recorded_forms(known, schema), schema)


def discovered(remote: RemoteObject, settings: Settings, schema: Schema) -> ReadResult:
    """
    Return an object that nobody declared yet: outputs as it stands, inputs that say what is special about it.

    What is as neetoCal makes it counts as not declared, as in the program that `neetocal-provider export` writes.
    """
    inputs = declaring(remote.values, schema)
    outputs = recorded(remote.values, remote, settings, schema).outputs
    return ReadResult(outputs={**outputs, DECLARED: _optional(inputs, schema)}, inputs=inputs)


def declaring(values: Properties, schema: Schema) -> dict[str, Any]:
    """
    Return the arguments that say of an object what is not as neetoCal makes it.
    """
    return {field.name: _explicit(field, values[field.name]) for field in schema.fields if _is_special(field, values)}


def _is_special(field: Field, values: Properties) -> bool:
    value = values.get(field.name)
    if field.required:
        return value is not None
    default = None if field.default is NO_DEFAULT else field.default
    return value is not None and field.differs(value, default)


def _explicit(field: Field, value: Any) -> Any:
    return [{"is_default": False, **option} for option in value] if isinstance(field.type, Options) else value


def _kept(news: Properties, schema: Schema) -> dict[str, Any]:
    """
    Return the arguments that the state keeps: all but those that only a create reads.
    """
    return {field.name: value for field, value in ordered(news, schema) if field.update is not Update.CREATE_OPTION}


def _optional(kept: Properties, schema: Schema) -> list[str]:
    return [name for name in kept if not schema.by_name[name].required]


def _outputs(kept: Properties, known: Properties, settings: Settings, schema: Schema) -> dict[str, Any]:
    """
    Return the outputs of a resource with these arguments: derived, or as they are known.
    """
    return {
        each.name: each.derive(kept, settings) if each.derive else known.get(each.name, UNKNOWN)
        for each in schema.outputs
    }


def _with_forms(outputs: dict[str, Any], forms: Forms, schema: Schema) -> dict[str, Any]:
    found = normalized(outputs, forms, schema)
    return {**outputs, NORMALIZED: found} if found else outputs
