"""
What read, update and delete do to an object, without any knowledge of Pulumi.

`check` and `diff` decide what is wrong and what is due; here are the requests that follow from it. `create` has those
of a new object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from neetocal_provider.api.client import Client
from neetocal_provider.core.diff import diff, resets
from neetocal_provider.core.lag import despite_lag
from neetocal_provider.core.normalization import in_declared_words, recorded_forms
from neetocal_provider.core.readback import (
    held_before,
    not_applied,
    stored_forms,
    stored_forms_warnings,
    unfinished,
)
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.state import (
    ReadResult,
    created_at,
    declared,
    discovered,
    ordered,
    recorded,
    recorded_object,
)
from neetocal_provider.errors import NeetoCalError, NotFoundError, RefusedError
from neetocal_provider.schema.resource import DECLARED, Properties
from neetocal_provider.schema.types import has_unknown

__all__ = ["UpdateResult", "delete", "preview_refusal", "read", "update"]


# Read


def read(client: Client, type_: ResourceType, id_: str, props: Properties) -> ReadResult | None:
    """
    Return the declared properties of an object as they stand on neetoCal, or None when the object is gone.

    Args:
        props: outputs recorded earlier; they tell what is declared. Without any, everything that neetoCal tells is
            returned, for a program that reads an object which it does not manage, and for an import.

    Raises:
        NeetoCalError: the object was never recorded and does not exist, or it was created a moment ago and is not
            found.

        ConfigError: nothing is found, but the workspace does not answer either.
    """
    schema = type_.schema
    if DECLARED not in props and not type_.endpoints.is_id(id_):
        raise NeetoCalError(f"{id_!r} is not the id of a {schema.noun}: give the {schema.id_words}.")
    try:
        remote = despite_lag(client, created_at(props), lambda: type_.collection(client).read(id_))
    except NotFoundError as error:
        client.require_workspace()
        if DECLARED not in props:  # the engine would go on with an object that holds nothing
            raise NeetoCalError(
                f"There is no {schema.noun} with this id in the workspace {client.settings.workspace!r}: give the "
                f"{schema.id_words}."
            ) from error
        return None
    if DECLARED not in props:
        return discovered(remote, client.settings, schema)
    known = declared(props, schema)
    kept = {field.name: value for field, value in ordered(props, schema) if field.name in known}
    remote = in_declared_words(remote, recorded_forms(props, schema), schema)
    return recorded(kept, remote, client.settings, schema)


# Update


@dataclass(frozen=True, kw_only=True)
class UpdateResult:
    """
    An object after an update, as it really stands.

    Attributes:
        problems: a sentence for each field that neetoCal did not take; the update has failed unless there is none.

        warnings: in sentences, what else the user should know.
    """

    outputs: dict[str, Any]
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def update(client: Client, type_: ResourceType, id_: str, olds: Properties, news: Properties) -> UpdateResult:
    """
    Bring an object to what the program declares now.

    Only what changed is sent; if only the address of the workspace changed, nothing is.

    Raises:
        NeetoCalError: the object is as it was, or no answer tells.
    """
    settings, schema = client.settings, type_.schema
    changed = [name for name in diff(type_, olds, news, settings).changed if name in schema.by_name]
    # What is not in here may have been changed by a person meanwhile: that is drift for the next preview to show.
    wanted = {**resets(type_, changed, olds, news, settings), **{name: news[name] for name in changed if name in news}}
    patch = {name: value for name, value in wanted.items() if schema.by_name[name].is_patched}
    known_forms = recorded_forms(olds, schema)
    remote = recorded_object(id_, olds, schema)
    if patch:
        present = type_.present(client, remote, patch)
        answered = type_.update(client, present, patch)
        forms = stored_forms(patch, answered, held_before(olds, present, schema), schema)
        remote = in_declared_words(answered, {**known_forms, **forms}, schema)
    try:
        remote, settled = type_.finish(client, remote, news, wanted.keys(), olds)
        problems = tuple(not_applied({**wanted, **settled}, remote, schema))
    except NeetoCalError as error:
        if not patch:
            raise
        remote, problems = unfinished(remote, schema), (str(error),)
    outputs = recorded(news, remote, settings, schema).outputs
    return UpdateResult(
        outputs=outputs,
        problems=problems,
        warnings=(
            *(type_.warnings(outputs) if not any(type_.warnings(olds)) else ()),
            *stored_forms_warnings(news, known_forms, remote.forms, schema),
        ),
    )


# Delete


def delete(client: Client, type_: ResourceType, id_: str, props: Properties) -> None:
    """
    Delete an object; one that is gone already counts as deleted.

    Raises:
        RefusedError: something hangs on it, such as upcoming bookings, and `force_destroy` is not recorded.

        ConfigError: nothing is found, but the workspace does not answer either.
    """
    try:
        reason = "" if props.get("force_destroy") else type_.in_use(client, id_, props)
        if reason:
            raise RefusedError(f"It has {reason}: {_ways(type_)}.")
        type_.collection(client).delete(id_)
    except NotFoundError:
        client.require_workspace(version="v2")


def preview_refusal(client: Client, type_: ResourceType, id_: str, props: Properties) -> str:
    """
    Return a sentence on why `delete` would refuse to make way for a new object; empty if it would not.

    Args:
        id_: of the old object; empty if only its arguments are known, so that it is looked for by its identity.

        props: what is recorded of the old object, or its arguments.
    """
    schema = type_.schema
    if not type_.dependents or props.get("force_destroy") or has_unknown([props[name] for name in schema.identity]):
        return ""
    name = f"{schema.named(props)}{f' ({id_})' if id_ else ''}"
    try:
        held = None if id_ else type_.collection(client).find(props)
        known = (held.id, {**props, **held.outputs}) if held else (id_, props)
        reason = type_.in_use(client, *known) if known[0] else ""
    except NotFoundError:
        return ""
    except NeetoCalError as error:
        return (
            f"Whether the {name} has {type_.dependents} isn't known: {error} It will be replaced only if it turns out "
            "to have none."
        )
    return f"The {name} has {reason} and will not be replaced: {_ways(type_)}." if reason else ""


def _ways(type_: ResourceType) -> str:
    return (
        f"{type_.release}; or declare force_destroy=True on it and run `pulumi up` before you delete or replace it; or "
        "let neetoCal keep it with ResourceOptions(retain_on_delete=True)"
    )
