"""
Create an object once: adopt what has its identity, and find what was made although the answer was lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from neetocal_provider.api.client import Client
from neetocal_provider.api.collection import Collection
from neetocal_provider.api.deadline import advisory
from neetocal_provider.api.objects import RemoteObject
from neetocal_provider.api.retry import is_answer_lost, retry
from neetocal_provider.api.status_codes import status
from neetocal_provider.core.lag import despite_lag
from neetocal_provider.core.normalization import in_declared_words, may_be_stored_as, stored_items
from neetocal_provider.core.readback import (
    Before,
    listed,
    not_applied,
    stored_forms,
    stored_forms_warnings,
    unfinished,
)
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.state import ordered, recorded, sent
from neetocal_provider.errors import (
    AnswerLostError,
    APIError,
    ConflictError,
    InvalidRequestError,
    NeetoCalError,
    RefusedError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
)
from neetocal_provider.schema.fields import Update
from neetocal_provider.schema.resource import Properties, Schema
from neetocal_provider.settings import SETTINGS, Settings

__all__ = ["CreateResult", "adopts", "create", "preview_adoption", "says_taken"]


@dataclass(frozen=True, kw_only=True)
class CreateResult:
    """
    A new object, or one that was adopted.

    Attributes:
        problems: a sentence for each field that neetoCal did not take; the create has failed unless there is none, and
            the next update tries again.

        warnings: in sentences, what else the user should know, such as why the object is not finished; the next update
            finishes it.
    """

    id: str
    outputs: dict[str, Any]
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_adopted: bool = False


def create(client: Client, type_: ResourceType, news: Properties, *, replaces: str | None = None) -> CreateResult:
    """
    Create an object, or adopt the one that has its identity if that is wanted.

    Once the object exists nothing is raised any more, but reported in `problems`: an error would lose its id.

    Args:
        replaces: the id of the object of the same identity that the resource had before, empty if it isn't known; None
            if there is none.

    Raises:
        RefusedError: another object has the identity, and is not to be adopted.

        NeetoCalError: no object was created, or no answer tells.
    """
    try:
        remote = _posted(client, type_, news)
    except (InvalidRequestError, ConflictError) as error:
        if not type_.schema.is_unique:
            raise
        if not adopts(news, client.settings):
            with advisory():
                raise _identity_taken(_holder(client, type_, news, error), news, type_.schema, replaces) from error
        return _adopted(client, type_, _holder(client, type_, news, error), news)
    # What the other says of an argument isn't known, and is what a copy that ignores the argument holds.
    before = {} if type_.is_copy(news) else {field.name: () for field in type_.schema.fields}
    return _finished(client, type_, remote, news, before)


def preview_adoption(client: Client, type_: ResourceType, news: Properties) -> str:
    """
    Return a sentence on the object that `create` adopts if it `adopts`; empty if there is none.

    Raises:
        NeetoCalError: there is no answer; `create` asks again.
    """
    held = _held(client, type_, news)
    if held is None:
        return ""
    changed = _adopted_fields(news, held, type_.schema)
    return f"{_described(held, type_.schema)} will be taken over and changed in {changed}"


def adopts(news: Properties, settings: Settings) -> bool:
    """
    Whether `create` adopts what has the identity already.
    """
    adopt: bool = news.get("adopt", settings.adopt)
    return adopt


# Create


def _posted(client: Client, type_: ResourceType, news: Properties) -> RemoteObject:
    """
    Create the object once: if the answer was lost, it is looked for before it is asked for again.
    """
    asked_at = datetime.now(timezone.utc)
    try:
        return _post(client, type_, news)
    except AnswerLostError as error:
        lost = error
    try:
        return _found_or_posted(client, type_, news, asked_at, lost)
    except (AnswerLostError, TransportError, ServerError, UnexpectedResponseError) as error:
        raise NeetoCalError(f"{error} It may have been made all the same: {_way_on(type_.schema)}") from error


def _way_on(schema: Schema) -> str:
    if not schema.is_unique:
        return (
            f"look for the {schema.noun} in the web app, and import it or delete it there before you run `pulumi up` "
            "again, which makes another one."
        )
    return (
        f"run `pulumi up` again, with {SETTINGS['adopt'].variable}=1 where it says that the {schema.title} is taken by "
        f"a {schema.noun} that is yours."
    )


def _found_or_posted(
    client: Client, type_: ResourceType, news: Properties, asked_at: datetime, lost: AnswerLostError
) -> RemoteObject:
    """
    Return what the lost request made, or post again, unless that could make a second one which neetoCal allows.
    """

    def attempt(_: int) -> RemoteObject:
        nonlocal lost
        found = _found(client, type_, news, asked_at, lost)
        if found is not None:
            return found
        if lost.may_be_under_way and not type_.schema.is_unique:
            raise lost
        try:
            return _post_again(client, type_, news, asked_at, lost)
        except AnswerLostError as error:
            lost = error
            raise

    return retry(client.settings, is_answer_lost, attempt)


def _post(client: Client, type_: ResourceType, news: Properties) -> RemoteObject:
    schema = type_.schema
    remote = type_.collection(client).create(sent(news, schema))
    answered = [field for field in schema.answered if field.name in schema.identity]
    if not all(may_be_stored_as(field, news[field.name], remote.values.get(field.name)) for field in answered):
        raise AnswerLostError(
            f"The POST was answered with another {schema.noun} than {news[schema.title]!r}.", may_be_under_way=True
        )
    return remote


def _post_again(
    client: Client, type_: ResourceType, news: Properties, asked_at: datetime, lost: AnswerLostError
) -> RemoteObject:
    try:
        return _post(client, type_, news)
    except (InvalidRequestError, ConflictError):
        # An earlier request may have done its work after it was looked for.
        found = _found(client, type_, news, asked_at, lost)
        if found is None:
            raise
        return found


_CLOCK_SLACK = timedelta(seconds=5)
"""The Date of an answer has whole seconds, and is of a machine that need not be the one that made the object."""


def _found(
    client: Client, type_: ResourceType, news: Properties, asked_at: datetime, lost: AnswerLostError
) -> RemoteObject | None:
    """
    Return the object that an earlier request made although its answer was lost; None if there is none.

    One that has the identity is ours if its fingerprint is what we asked for, and it is no older than our asking. Any
    other is somebody else's, and the next request will be refused for it. If neetoCal allows several, one whose name
    has only the same letters may be ours or that of another resource, so that the lost answer stays lost.
    """
    schema, is_doubtful = type_.schema, False
    since = client.server_time(asked_at) - _CLOCK_SLACK
    for held in _all_held(client, type_, news):
        is_new = held.created_at is not None and held.created_at >= since
        is_alike = is_new and _may_hold(news, held, schema, (*schema.identity, *schema.fingerprint))
        if is_alike and (schema.is_unique or not {*schema.identity}.intersection(_differing(news, held, schema))):
            return held
        if schema.is_unique:
            break
        is_doubtful = is_doubtful or is_alike
    if is_doubtful:
        raise lost
    return None


def _may_hold(news: Properties, held: RemoteObject, schema: Schema, names: Iterable[str]) -> bool:
    """
    Whether these arguments are as declared, or in a form that neetoCal may have given them.
    """
    told = {*names} & news.keys() & held.values.keys()
    return all(may_be_stored_as(schema.by_name[name], news[name], held.values[name]) for name in told)


def _held(client: Client, type_: ResourceType, news: Properties) -> RemoteObject | None:
    """
    Return what has the identity that is declared, whole: a list need not tell everything.
    """
    return next(_all_held(client, type_, news), None)


def _all_held(client: Client, type_: ResourceType, news: Properties) -> Iterator[RemoteObject]:
    """
    Yield what has the identity that is declared; where neetoCal allows several, also one whose name it normalized.
    """
    collection, schema = type_.collection(client), type_.schema
    rows = collection.matching(news) if schema.is_unique else collection.objects(news)
    for held in rows:
        if schema.is_unique or _may_hold(news, held, schema, schema.identity):
            yield _whole(client, collection, held)


def _whole(client: Client, collection: Collection, held: RemoteObject) -> RemoteObject:
    return despite_lag(client, held.created_at, lambda: collection.get(held.id))


def _finished(
    client: Client, type_: ResourceType, remote: RemoteObject, news: Properties, before: Before, *notes: str
) -> CreateResult:
    """
    Do for an object that exists what a create does not, and report what it does not hold as declared.
    """
    schema = type_.schema
    problems: tuple[str, ...] = ()
    if remote.unreadable:
        notes = (
            *notes,
            f"The {schema.named(news)} was created, but neetoCal's answer cannot be read in full "
            f"({'; '.join(remote.unreadable)}): run `pulumi refresh` to see what it holds.",
        )
    try:
        remote = in_declared_words(remote, stored_forms(news, remote, before, schema), schema)
        remote, _ = type_.finish(client, remote, news, news.keys())
        problems = tuple(not_applied(news, remote, schema))
    except Exception as error:  # noqa: BLE001 - whatever it is, the object's id must reach the state
        remote = unfinished(remote, schema)
        notes = (
            *notes,
            f"The {schema.named(news)} was created, but not finished; run `pulumi up` again. {error}",
        )
    outputs = recorded(news, remote, client.settings, schema).outputs
    return CreateResult(
        id=remote.id,
        outputs=outputs,
        problems=problems,
        warnings=(*notes, *type_.warnings(outputs), *stored_forms_warnings(news, {}, remote.forms, schema)),
    )


# Adopt


def _holder(client: Client, type_: ResourceType, news: Properties, refusal: APIError) -> RemoteObject:
    """
    Return the one whose identity made neetoCal refuse another one, or raise what is known of the refusal.

    The vendor documents neither the status nor the text for a slug that is taken.
    """
    if not status(refusal.status).may_say_taken:
        raise refusal
    schema = type_.schema
    is_told = says_taken(refusal.messages)
    try:
        held = _held(client, type_, news) if is_told or not any(refusal.messages) else None
    except NeetoCalError as error:
        raise RefusedError(
            f"{refusal} Which {schema.noun} has the {schema.identified(news)} isn't known: {error}"
        ) from refusal
    if held is not None:
        return held
    if not is_told:
        raise refusal
    unlisted = f": {schema.unlisted}." if schema.unlisted else "."
    raise RefusedError(
        f"{refusal} No {schema.noun} in the list has the {schema.identified(news)}{unlisted}"
    ) from refusal


_TAKEN = re.compile(r"\b(taken|already|unique)\b|(?<!not )\b(exists|in use)\b", re.IGNORECASE)
_MISSING = re.compile(r"\b(no|none)\b[^.]*\bexists\b|\bnot already exist", re.IGNORECASE)
"""What says that something is missing, as "No user with this e-mail exists" and the vendor's "does not exist"."""


def says_taken(messages: Iterable[str]) -> bool:
    """
    Whether a refusal in these words is about something that is there already, not about something that is missing.
    """
    return any(_TAKEN.search(message) and not _MISSING.search(message) for message in messages)


def _identity_taken(held: RemoteObject, news: Properties, schema: Schema, replaces: str | None) -> RefusedError:
    if replaces in ("", held.id):
        return RefusedError(
            f"The {schema.identified(news)} is taken: {_described(held, schema)}, which this resource replaces, still "
            f"has it. Declare ResourceOptions(delete_before_replace=True), so that it is deleted first."
        )
    differing = listed(_differing(news, held, schema))
    command = f"neetocal-provider export --kind {schema.kind}"
    export = f", or import it with the file that `{command}` writes" if schema.is_exportable else ""
    argument = "declare adopt=True or " if "adopt" in schema.by_name else ""
    return RefusedError(
        f"The {schema.identified(news)} is taken: {_described(held, schema)} has it and differs in {differing}; to "
        f"manage that {schema.noun} here, {argument}set {SETTINGS['adopt'].variable}=1 for one run, which "
        f"changes it to what is declared{export}; else choose another {schema.title}."
    )


def _adopted(client: Client, type_: ResourceType, held: RemoteObject, news: Properties) -> CreateResult:
    schema = type_.schema
    patch = {name: news[name] for name in _differing(news, held, schema) if schema.by_name[name].is_patched}
    remote = type_.update(client, held, patch) if patch else held
    note = f"{_described(held, schema)} was taken over and changed in {_adopted_fields(news, held, schema)}"
    before = {field.name: stored_items(field, value) for field, value in ordered(held.values, schema)}
    return replace(_finished(client, type_, remote, news, before, note), is_adopted=True)


def _described(held: RemoteObject, schema: Schema) -> str:
    names = (*schema.fingerprint[:1], *schema.identity)
    return f"the {schema.noun} {held.id} ({', '.join(repr(held.values.get(name)) for name in names)})"


def _differing(news: Properties, held: RemoteObject, schema: Schema) -> list[str]:
    live = held.values
    given = ordered(news, schema)
    return [field.name for field, value in given if field.name in live and field.differs(live[field.name], value)]


def _adopted_fields(news: Properties, held: RemoteObject, schema: Schema) -> str:
    """
    Return, as the end of a sentence, in which fields an adoption changes an object, and of which that is not known.

    What no answer shows is not written, except for what has endpoints of its own.
    """
    unseen = [field for field, _value in ordered(news, schema) if field.name not in held.values]
    options = [field.name for field in unseen if field.update is Update.SUBRESOURCE]
    stays = [field.name for field in unseen if field.is_patched]
    note = f" neetoCal doesn't show its {', '.join(stays)}, so they stay as they are." if stays else ""
    return f"{listed([*_differing(news, held, schema), *options])}.{note}"
