"""
What create, read, update and delete do to a link, without any knowledge of Pulumi.

Properties are plain values under the names of `fields`; an absent argument is a missing key. `check` and
`diff` decide what is wrong and what is due; here are the requests that follow from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from neetocal_provider.api.client import Client
from neetocal_provider.api.collection import collection_of
from neetocal_provider.api.deadline import advisory
from neetocal_provider.api.objects import Forms, RemoteObject, instant
from neetocal_provider.api.retry import is_answer_lost, retry
from neetocal_provider.api.status_codes import status
from neetocal_provider.core import options
from neetocal_provider.core.bookings import count_upcoming, is_unbooked
from neetocal_provider.core.diff import DECLARED, declared, diff, differs, disabled_warnings, resets
from neetocal_provider.core.normalization import (
    NORMALIZED,
    in_declared_words,
    learned,
    may_be_stored_as,
    normalized,
    recorded_forms,
    stored_items,
)
from neetocal_provider.errors import (
    AnswerLostError,
    APIError,
    ConflictError,
    InvalidRequestError,
    NeetoCalError,
    NotFoundError,
    RefusedError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
)
from neetocal_provider.schema.fields import NO_DEFAULT, OPTION_FIELDS, SCHEDULING_LINK, Field, Schema, Update
from neetocal_provider.schema.types import UNKNOWN, has_unknown
from neetocal_provider.settings import SETTINGS, Settings

__all__ = [
    "CreateResult",
    "ReadResult",
    "UpdateResult",
    "adopts",
    "create",
    "declaring",
    "delete",
    "preview_adoption",
    "preview_outputs",
    "preview_refusal",
    "read",
    "recorded",
    "says_taken",
    "update",
]

Properties = Mapping[str, Any]
Found = TypeVar("Found")

CREATED_AT = "created_at"
"""The property that tells when a link was created, by neetoCal's clock; states of older versions do not have it."""

Before = Mapping[str, Sequence[Any]]
"""By argument, the texts or options that neetoCal may have held before it was asked to hold others."""


# Create


@dataclass(frozen=True, kw_only=True)
class CreateResult:
    """
    A new link, or one that was taken over.

    Attributes:
        problems: a sentence for each field that neetoCal did not take; the create has failed unless there is none, and
            the next update tries again.

        warnings: in sentences, what else the user should know, such as why the link is not finished; the next update
            finishes it.
    """

    sid: str
    outputs: dict[str, Any]
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_adopted: bool = False


def create(client: Client, news: Properties, schema: Schema = SCHEDULING_LINK) -> CreateResult:
    """
    Create a link, or take over the one that has its slug where that is wanted.

    Once the link exists nothing is raised any more, but told in `problems`: an error would lose its sid.

    Raises:
        RefusedError: another link has the slug, and is not to be taken over.

        NeetoCalError: no link was created, or no answer tells.
    """
    try:
        meeting = _posted(client, news, schema)
    except (InvalidRequestError, ConflictError) as error:
        if not adopts(news, client.settings):
            with advisory():
                raise _identity_taken(_holder(client, news, error, schema), news, schema) from error
        return _taken_over(client, _holder(client, news, error, schema), news, schema)
    # What a template says of an argument isn't known, and is what a link that ignores the argument holds.
    before: Before = {} if "template_id" in news else {field.name: () for field in schema.fields}
    return _finished(client, meeting, news, schema, before)


def preview_adoption(client: Client, news: Properties, schema: Schema = SCHEDULING_LINK) -> str:
    """
    Return a sentence on the link that `create` takes over where it `adopts`; empty where there is none.

    Raises:
        NeetoCalError: there is no answer; `create` asks again.
    """
    held = _held(client, news, schema)
    if held is None:
        return ""
    return f"{_described(held, schema)} will be taken over and changed in {_adopted(news, held, schema)}"


def _held(client: Client, news: Properties, schema: Schema) -> RemoteObject | None:
    """
    Return what has the identity that is declared, whole: a list need not tell everything.
    """
    collection = collection_of(client, schema)
    held = collection.find(news)
    return held and _despite_lag(client, held.created_at, lambda: collection.get(held.sid))


def _posted(client: Client, news: Properties, schema: Schema) -> RemoteObject:
    """
    Make the link once: where the answer was lost, it is looked for before it is asked for again.
    """
    asked_at = datetime.now(timezone.utc)
    try:
        return _post(client, news, schema)
    except AnswerLostError:
        pass
    try:
        return _found_or_posted(client, news, asked_at, schema)
    except (AnswerLostError, TransportError, ServerError, UnexpectedResponseError) as error:
        raise NeetoCalError(
            f"{error} It may have been made all the same: run `pulumi up` again, with "
            f"{SETTINGS['adopt'].variable}=1 where it says that the {schema.title} is taken by a {schema.noun} "
            "that is yours."
        ) from error


def _found_or_posted(client: Client, news: Properties, asked_at: datetime, schema: Schema) -> RemoteObject:
    return retry(
        client.settings,
        is_answer_lost,
        lambda _: _found(client, news, asked_at, schema) or _post_again(client, news, asked_at, schema),
    )


def _post(client: Client, news: Properties, schema: Schema) -> RemoteObject:
    meeting = collection_of(client, schema).create(_told_to_api(news, schema))
    answered = [field for field in schema.answered if field.name in schema.identity]
    if any(differs(field, meeting.values.get(field.name), news[field.name]) for field in answered):
        raise AnswerLostError(f"The POST was answered with another {schema.noun} than {news[schema.title]!r}.")
    return meeting


def _post_again(client: Client, news: Properties, asked_at: datetime, schema: Schema) -> RemoteObject:
    try:
        return _post(client, news, schema)
    except (InvalidRequestError, ConflictError):
        # An earlier request may have done its work after it was looked for.
        found = _found(client, news, asked_at, schema)
        if found is None:
            raise
        return found


def _found(client: Client, news: Properties, asked_at: datetime, schema: Schema) -> RemoteObject | None:
    """
    Return the link that an earlier request made although its answer was lost; None where there is none.

    One that has the identity is ours if its fingerprint is what we asked for, and it is no older than our asking. Any
    other is somebody else's, and the next request will be told so.
    """
    held = _held(client, news, schema)
    if held is None or not _has_fingerprint(news, held, schema):
        return None
    is_new = held.created_at is not None and held.created_at >= client.server_time(asked_at) - _CLOCK_SLACK
    return held if is_new else None


def _has_fingerprint(news: Properties, held: RemoteObject, schema: Schema) -> bool:
    """
    Whether identity and fingerprint are as declared, or in a form that neetoCal may have given them.
    """
    names = {*schema.identity, *schema.fingerprint} & news.keys() & held.values.keys()
    return all(may_be_stored_as(schema.by_name[name], news[name], held.values[name]) for name in names)


_CLOCK_SLACK = timedelta(seconds=5)
"""The Date of an answer is told in whole seconds, and by a machine that need not be the one that made the link."""


def _finished(
    client: Client, meeting: RemoteObject, news: Properties, schema: Schema, before: Before, *notes: str
) -> CreateResult:
    """
    Give a link that exists its options, and tell what it does not hold as declared.
    """
    problems: tuple[str, ...] = ()
    if meeting.unreadable:
        notes = (
            *notes,
            f"The {schema.named(news)} was created, but neetoCal's answer cannot be read in full "
            f"({'; '.join(meeting.unreadable)}): run `pulumi refresh` to see what it holds.",
        )
    try:
        meeting = in_declared_words(meeting, _learned(news, meeting, before, schema), schema)
        meeting, _ = _with_options(client, meeting, news, OPTION_FIELDS, {}, meeting.forms)
        problems = tuple(_not_applied(news, meeting, schema))
    except Exception as error:  # noqa: BLE001 - whatever it is, the link's sid must reach the state
        meeting = _unfinished(meeting)
        notes = (
            *notes,
            f"The {schema.named(news)} was created, but not finished; run `pulumi up` again. {error}",
        )
    return CreateResult(
        sid=meeting.sid,
        outputs=recorded(news, meeting, client.settings, schema).outputs,
        problems=problems,
        warnings=(
            *notes,
            *disabled_warnings(news["slug"], disabled=meeting.outputs.get("disabled", False)),
            *_normalized_warnings(news, {}, meeting.forms, schema),
        ),
    )


# Forms


def _learned(sent: Properties, meeting: RemoteObject, before: Before, schema: Schema) -> Forms:
    """
    Return the forms in which neetoCal stores what was just sent, as its answer tells.
    """
    found = {
        field.name: learned(field, value, meeting.values[field.name], before.get(field.name))
        for field, value in _ordered(sent, schema)
        if field.name in meeting.values
    }
    return {name: pairs for name, pairs in found.items() if pairs}


def _normalized_warnings(news: Properties, known: Forms, forms: Forms, schema: Schema) -> Iterator[str]:
    names = [name for name in schema.by_name if any(pair not in known.get(name, ()) for pair in forms.get(name, ()))]
    if names:
        yield (
            f"neetoCal normalized {_listed(names)} of the {schema.named(news)}: it accepted the declared "
            "text and stores it in another form. The state records both, and no change is planned until one of them "
            "changes."
        )


# Adopt


def _holder(client: Client, news: Properties, refusal: APIError, schema: Schema) -> RemoteObject:
    """
    Return the one whose identity made neetoCal refuse another one, or raise what is known of the refusal.

    The vendor documents neither the status nor the text for a slug that is taken.
    """
    if not status(refusal.status).may_say_taken:
        raise refusal
    is_told = says_taken(refusal.messages)
    try:
        held = _held(client, news, schema) if is_told or not any(refusal.messages) else None
    except NeetoCalError as error:
        raise RefusedError(
            f"{refusal} Which {schema.noun} has the {schema.identified(news)} isn't known: {error}"
        ) from refusal
    if held is not None:
        return held
    if not is_told:
        raise refusal
    raise RefusedError(
        f"{refusal} No {schema.noun} in the list has the {schema.identified(news)}: {schema.rival} may have it, or a "
        f"deleted link that has upcoming bookings; choose another {schema.title}, or wait until they are over."
    ) from refusal


_TAKEN = re.compile(r"\b(taken|already|unique)\b|(?<!not )\b(exists|in use)\b", re.IGNORECASE)
_MISSING = re.compile(r"\b(no|none)\b[^.]*\bexists\b|\bnot already exist", re.IGNORECASE)
"""What says that something is missing, as "No user with this e-mail exists" and the vendor's "does not exist"."""


def says_taken(messages: Iterable[str]) -> bool:
    """
    Whether a refusal in these words is about something that is there already, not about something that is missing.
    """
    return any(_TAKEN.search(message) and not _MISSING.search(message) for message in messages)


def _identity_taken(held: RemoteObject, news: Properties, schema: Schema) -> RefusedError:
    differing = _listed(_differing(news, held, schema))
    is_exported = schema is SCHEDULING_LINK
    export = ", or import it with the file that `neetocal-provider export` writes" if is_exported else ""
    return RefusedError(
        f"The {schema.identified(news)} is taken: {_described(held, schema)} has it and differs in {differing}; to "
        f"manage that {schema.noun} here, declare adopt=True or set {SETTINGS['adopt'].variable}=1 for one run, which "
        f"changes it to what is declared{export}; to replace it, declare ResourceOptions(delete_before_replace=True); "
        f"else choose another {schema.title}."
    )


def _taken_over(client: Client, held: RemoteObject, news: Properties, schema: Schema) -> CreateResult:
    differing = _differing(news, held, schema)
    patch = {name: news[name] for name in differing if _is_patched(schema.by_name[name])}
    meeting = _patched(client, held, patch, schema) if patch else held
    note = f"{_described(held, schema)} was taken over and changed in {_adopted(news, held, schema)}"
    before = {field.name: stored_items(field, value) for field, value in _ordered(held.values, schema)}
    return replace(_finished(client, meeting, news, schema, before, note), is_adopted=True)


def adopts(news: Properties, settings: Settings) -> bool:
    """
    Whether `create` takes over what has the identity already.
    """
    adopt: bool = news.get("adopt", settings.adopt)
    return adopt


def _described(meeting: RemoteObject, schema: Schema) -> str:
    names = (*schema.fingerprint[:1], *schema.identity)
    return f"the {schema.noun} {meeting.sid} ({', '.join(repr(meeting.values.get(name)) for name in names)})"


def _differing(news: Properties, meeting: RemoteObject, schema: Schema) -> list[str]:
    live = meeting.values
    given = _ordered(news, schema)
    return [field.name for field, value in given if field.name in live and differs(field, live[field.name], value)]


def _adopted(news: Properties, held: RemoteObject, schema: Schema) -> str:
    """
    Return, as the end of a sentence, in which fields an adoption changes a link, and of which that is not known.

    What no answer shows is not written, except for options, which have endpoints of their own.
    """
    unseen = [field for field, _value in _ordered(news, schema) if field.name not in held.values]
    options = [field.name for field in unseen if field.update is Update.SUBRESOURCE]
    stays = [field.name for field in unseen if _is_patched(field)]
    note = f" neetoCal doesn't show its {', '.join(stays)}, so they stay as they are." if stays else ""
    return f"{_listed([*_differing(news, held, schema), *options])}.{note}"


def _ordered(props: Properties, schema: Schema) -> list[tuple[Field, Any]]:
    """
    Return the arguments in the order of their table: Pulumi hands them over in any.
    """
    return [(field, props[field.name]) for field in schema.fields if field.name in props]


def _told_to_api(props: Properties, schema: Schema) -> dict[str, Any]:
    return {field.name: value for field, value in _ordered(props, schema) if not field.is_local}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing that is declared"


# Read


@dataclass(frozen=True, kw_only=True)
class ReadResult:
    """
    A link as it stands: its properties, and the arguments that would declare it so.
    """

    outputs: dict[str, Any]
    inputs: dict[str, Any]


def read(client: Client, sid: str, props: Properties, schema: Schema = SCHEDULING_LINK) -> ReadResult | None:
    """
    Return the declared properties of a link as they stand on neetoCal, or None when the link is gone.

    Args:
        props: outputs recorded earlier; they tell what is declared. Without any, everything that neetoCal tells is
            returned, for a program that reads a link which it does not manage, and for an import.

    Raises:
        NeetoCalError: the link was never recorded and does not exist, or it was created a moment ago and is not found.

        ConfigError: nothing is found, but the workspace does not answer either.
    """
    try:
        meeting = _despite_lag(client, _created_at(props), lambda: collection_of(client, schema).read(sid))
    except NotFoundError as error:
        client.require_workspace()
        if DECLARED not in props:  # the engine would go on with a link that holds nothing
            raise NeetoCalError(
                f"There is no {schema.noun} with this id in the workspace {client.settings.workspace!r}: give the "
                f"{'sid of a link' if schema is SCHEDULING_LINK else 'uuid of a template'}."
            ) from error
        return None
    if DECLARED not in props:
        return _discovered(meeting, client.settings, schema)
    known = declared(props, schema)
    kept = {field.name: value for field, value in _ordered(props, schema) if field.name in known}
    meeting = in_declared_words(meeting, recorded_forms(props, schema), schema)
    return recorded(kept, meeting, client.settings, schema)


def recorded(
    news: Properties, meeting: RemoteObject, settings: Settings, schema: Schema = SCHEDULING_LINK
) -> ReadResult:
    """
    Return what the state keeps of a link: live values, in the program's own words where they mean the same.

    Args:
        news: what the program declares, or declared when the link was last recorded.
    """
    live = meeting.values
    kept = {
        name: live[name] if differs(schema.by_name[name], live.get(name, value), value) else value
        for name, value in _kept(news, schema).items()
    }
    always = {field.name: live.get(field.name, field.default) for field in schema.always_output}
    outputs = {**always, **kept, "workspace": settings.workspace, DECLARED: _optional(kept, schema)}
    outputs |= _outputs(kept, meeting.outputs, settings, schema)
    if meeting.created_at:
        outputs[CREATED_AT] = meeting.created_at.isoformat()
    return ReadResult(outputs=_with_forms(outputs, meeting.forms, schema), inputs=kept)


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


def _kept(news: Properties, schema: Schema) -> dict[str, Any]:
    """
    Return the arguments that the state keeps: all but those that only the making of a link reads.
    """
    return {field.name: value for field, value in _ordered(news, schema) if field.update is not Update.CREATE_OPTION}


def _optional(kept: Properties, schema: Schema) -> list[str]:
    return [name for name in kept if not schema.by_name[name].required]


def _discovered(meeting: RemoteObject, settings: Settings, schema: Schema) -> ReadResult:
    """
    Return a link that nobody declared yet: outputs as it stands, inputs that say what is special about it.

    What is as neetoCal makes it counts as not declared, as in the program that `neetocal-provider export` writes.
    """
    inputs = declaring(meeting.values, schema)
    told = [name for name in inputs if not schema.by_name[name].required]
    outputs = recorded(meeting.values, meeting, settings, schema).outputs
    return ReadResult(outputs={**outputs, DECLARED: told}, inputs=inputs)


def declaring(values: Properties, schema: Schema = SCHEDULING_LINK) -> dict[str, Any]:
    """
    Return the arguments that say of a link what is not as neetoCal makes it.
    """
    return {field.name: _told(field, values[field.name]) for field in schema.fields if _says(field, values)}


def _says(field: Field, values: Properties) -> bool:
    value = values.get(field.name)
    if field.required:
        return value is not None
    default = None if field.default is NO_DEFAULT else field.default
    return value is not None and differs(field, value, default)


def _told(field: Field, value: Any) -> Any:
    return [{"is_default": False, **option} for option in value] if field.name in OPTION_FIELDS else value


# Preview


def preview_outputs(
    news: Properties, settings: Settings, schema: Schema, olds: Properties | None = None
) -> dict[str, Any]:
    """
    Return the outputs that a create or an update will have, as far as they are known before it.

    Args:
        olds: outputs of the link that is to be updated; None for one that is to be made.
    """
    known = olds or {}
    kept = _kept(news, schema)
    stays = known.keys() - declared(known, schema)
    always = {field.name: known[field.name] if field.name in stays else UNKNOWN for field in schema.always_output}
    outputs = {**always, **kept, "workspace": settings.workspace, DECLARED: _optional(kept, schema)}
    outputs |= _outputs(kept, known, settings, schema)
    outputs |= {name: known[name] for name in (CREATED_AT,) if name in known}
    return _with_forms(outputs, recorded_forms(known, schema), schema)


# Update


@dataclass(frozen=True, kw_only=True)
class UpdateResult:
    """
    A link after an update, as it really stands.

    Attributes:
        problems: a sentence for each field that neetoCal did not take; the update has failed unless there is none.

        warnings: in sentences, what else the user should know.
    """

    outputs: dict[str, Any]
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def update(
    client: Client, sid: str, olds: Properties, news: Properties, schema: Schema = SCHEDULING_LINK
) -> UpdateResult:
    """
    Bring a link to what the program declares now.

    Only what changed is sent; where only the address of the workspace changed, nothing is.

    Raises:
        NeetoCalError: the link is as it was, or no answer tells.
    """
    settings = client.settings
    changed = [name for name in diff(olds, news, settings, schema).changed if name in schema.by_name]
    # What is not in here may have been changed by a person meanwhile: that is drift for the next preview to show.
    wanted = {**resets(changed, olds, news, settings, schema), **{name: news[name] for name in changed if name in news}}
    patch = {name: value for name, value in wanted.items() if _is_patched(schema.by_name[name])}
    known_forms = recorded_forms(olds, schema)
    before = _recorded_meeting(sid, olds, schema)
    if patch and schema is SCHEDULING_LINK and not patch.keys() >= _SENT_ALONG:
        # A person may have changed what the patch must carry.
        before = _despite_lag(client, before.created_at, lambda: collection_of(client, schema).read_to_update(sid))
    meeting = before
    if patch:
        answered = _patched(client, before, patch, schema)
        forms = _learned(patch, answered, _held_before(olds, before, schema), schema)
        meeting = in_declared_words(answered, {**known_forms, **forms}, schema)
    try:
        known = {name: olds[name] for name in declared(olds, schema) & OPTION_FIELDS.keys() if name in olds}
        names = OPTION_FIELDS.keys() & wanted.keys()
        meeting, settled = _with_options(client, meeting, news, names, known, known_forms)
        problems = tuple(_not_applied({**wanted, **settled}, meeting, schema))
    except NeetoCalError as error:
        if not patch:
            raise
        meeting, problems = _unfinished(meeting), (str(error),)
    newly_disabled = meeting.outputs.get("disabled", False) and olds.get("disabled") is False
    return UpdateResult(
        outputs=recorded(news, meeting, settings, schema).outputs,
        problems=problems,
        warnings=(
            *disabled_warnings(news["slug"], disabled=newly_disabled),
            *_normalized_warnings(news, known_forms, meeting.forms, schema),
        ),
    )


def _held_before(olds: Properties, present: RemoteObject, schema: Schema) -> Before:
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


def _is_patched(field: Field) -> bool:
    return field.update in (Update.PATCH, Update.VERIFIED_PATCH)


def _patched(client: Client, before: RemoteObject, patch: Properties, schema: Schema) -> RemoteObject:
    """
    Send the patch, of a link with its present hosts and kind: leaving them out might be refused, or reset the kind.

    Args:
        before: the link as neetoCal told it last; what it does not tell is left out, and hosts where there are none.

    Raises:
        RefusedError: neetoCal refuses a host whom the link has already.
    """
    along = _SENT_ALONG - patch.keys() if schema is SCHEDULING_LINK else set()
    present = {name: before.values[name] for name in sorted(along) if before.values.get(name)}
    try:
        return collection_of(client, schema).update(before.sid, {**present, **patch})
    except InvalidRequestError as error:
        hosts = present.get("hosts", ())
        told = "|".join([r"\bhosts?\b", *map(re.escape, hosts)])
        if "hosts" in along and re.search(told, " ".join(error.messages), re.IGNORECASE):
            raise _host_refused(error, hosts) from error
        raise


_SENT_ALONG = {"hosts", "kind"}
"""Fields that the API may want in each PATCH of a link."""


def _host_refused(error: InvalidRequestError, hosts: Iterable[str]) -> RefusedError:
    told = " ".join(error.messages).lower()
    named = [host for host in hosts if host.lower() in told] or list(hosts)
    if not named:
        return RefusedError(
            f"{error} neetoCal shows no hosts of the link, so none were sent, and nothing was changed: make this "
            "change in the web app and run `pulumi refresh`, or change it together with `hosts`."
        )
    return RefusedError(
        f"{error} The link has the host{'s' if len(named) > 1 else ''} {', '.join(named)}, who may have left neetoCal; "
        "nothing was changed: declare hosts who are active members of the workspace (without `ignore_changes` on "
        "`hosts`), or change the hosts in the web app, then run `pulumi up` again."
    )


def _recorded_meeting(sid: str, olds: Properties, schema: Schema) -> RemoteObject:
    return RemoteObject(
        sid=sid,
        created_at=_created_at(olds),
        is_deleted=False,
        values=_told_to_api(olds, schema),
        outputs={each.name: olds.get(each.name, each.default) for each in schema.outputs},
        forms=recorded_forms(olds, schema),
    )


def _with_options(
    client: Client,
    meeting: RemoteObject,
    news: Properties,
    names: Iterable[str],
    olds: Properties,
    forms: Forms,
) -> tuple[RemoteObject, dict[str, Any]]:
    """
    Return the link with these of its options changed, and what each of those should be now.

    Args:
        olds: options as recorded, for an update: what the program did not change in them stays as it is.

        forms: those in which neetoCal stores options, as far as they are known.
    """
    known = SCHEDULING_LINK.by_name  # only links have options
    stale = [name for name in names if name in news and differs(known[name], meeting.values.get(name), news[name])]
    settled = _despite_lag(
        client,
        meeting.created_at,
        lambda: {
            name: options.reconcile(client, meeting.sid, name, news[name], olds.get(name, ()), forms.get(name, ()))
            for name in stale
        },
    )
    found = {name: each.found for name, each in settled.items()}
    wanted = {name: each.wanted for name, each in settled.items()}
    used = {name: each.forms for name, each in settled.items()}
    return replace(meeting, values={**meeting.values, **found}, forms={**meeting.forms, **used}), wanted


def _unfinished(meeting: RemoteObject) -> RemoteObject:
    """
    Take options that no answer told for missing, so that the next preview sees what is left to do.
    """
    return replace(meeting, values={**dict.fromkeys(OPTION_FIELDS, ()), **meeting.values})


def _not_applied(wanted: Properties, meeting: RemoteObject, schema: Schema) -> Iterator[str]:
    """
    Yield a sentence for each field that the link does not hold as wanted; what no answer mentions is trusted.
    """
    for field, value in _ordered(wanted, schema):
        found = meeting.values.get(field.name, value)
        if not field.is_local and differs(field, found, value):
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


# Delete


def delete(client: Client, sid: str, props: Properties, schema: Schema = SCHEDULING_LINK) -> None:
    """
    Delete a link; one that is gone already counts as deleted.

    Raises:
        RefusedError: it has upcoming bookings, and `force_destroy` is not recorded.

        ConfigError: nothing is found, but the workspace does not answer either.
    """
    try:
        if schema is SCHEDULING_LINK and not props.get("force_destroy"):
            _refuse_booked(client, sid, props)
        collection_of(client, schema).delete(sid)
    except NotFoundError:
        client.require_workspace(version="v2")


def preview_refusal(client: Client, sid: str, props: Properties, schema: Schema = SCHEDULING_LINK) -> str:
    """
    Return a sentence on why `delete` would refuse to make way for a new link; empty if it would not.

    Args:
        sid: of the old link; empty if only its arguments are known, so that it is looked for by its slug.

        props: what is recorded of the old link, or its arguments.
    """
    if schema is not SCHEDULING_LINK or props.get("force_destroy") or has_unknown(props["slug"]):
        return ""
    link = f"link {props['slug']!r}{f' ({sid})' if sid else ''}"
    try:
        held = None if sid else collection_of(client, schema).find(props)
        known = (held.sid, {**props, **held.outputs}) if held else (sid, props)
        counted = _booked(client, *known) if known[0] else ""
    except NotFoundError:
        return ""
    except NeetoCalError as error:
        return (
            f"Whether the {link} has upcoming bookings isn't known: {error} It will be replaced only if it turns out "
            "to have none."
        )
    return f"The {link} has {counted} and will not be replaced: {_WAYS}." if counted else ""


def _refuse_booked(client: Client, sid: str, props: Properties) -> None:
    counted = _booked(client, sid, props)
    if counted:
        raise RefusedError(f"It has {counted}: {_WAYS}.")


def _booked(client: Client, sid: str, props: Properties) -> str:
    """
    Return in words how many upcoming bookings a link has; empty where it has none.
    """
    if is_unbooked(client, props["meeting_id"]):
        return ""
    try:
        bookings = count_upcoming(client, sid, props["meeting_id"])
    except NotFoundError:
        counted = "bookings that cannot be counted"
    else:
        counted = f"{bookings} upcoming booking{'s' if bookings > 1 else ''}" if bookings else ""
    if counted:
        # A link that is gone has nothing left to protect.
        _despite_lag(client, _created_at(props), lambda: collection_of(client, SCHEDULING_LINK).get(sid, version="v2"))
    return counted


_WAYS = (
    "cancel them in the web app; or declare force_destroy=True on it and run `pulumi up` before you delete or replace "
    "it; or let neetoCal keep it with ResourceOptions(retain_on_delete=True)"
)
"""What to do about a link with bookings."""


# Not found


_LAG = timedelta(seconds=30)
"""For how long a new link may be missing where links are read: from a replica that lags behind."""


def _despite_lag(client: Client, created_at: datetime | None, ask: Callable[[], Found]) -> Found:
    """
    Return what is answered on a link; a 404 on one that was created a moment ago is asked again, and not believed.

    Args:
        created_at: by neetoCal's clock, with which it is compared; None if it is not known.

    Raises:
        NotFoundError: the link is gone.

        ConfigError: the workspace does not answer either.

        NeetoCalError: the link is new, and still not found.
    """

    def is_lag(error: Exception) -> bool:
        return isinstance(error, NotFoundError) and error.status == _NOT_FOUND and _age(client, created_at) < _LAG

    try:
        return retry(client.settings, is_lag, lambda _: ask())
    except NotFoundError as error:
        if not is_lag(error):
            raise
        client.require_workspace()
        raise NeetoCalError(
            f"{error.method} {error.path} was answered with 404, although neetoCal created it "
            f"{_age(client, created_at).total_seconds():.0f} seconds ago: its servers may not all know of it "
            f"yet, so it isn't treated as deleted. Wait {_LAG.total_seconds():.0f} seconds, then run the command again."
        ) from error


_NOT_FOUND = 404
"""Unlike 410, which is said of what was known, also the answer of who does not know yet."""


def _age(client: Client, created_at: datetime | None) -> timedelta:
    """
    Return how far from now a link was created; any clock may be wrong.
    """
    return abs(client.server_time(datetime.now(timezone.utc)) - created_at) if created_at else timedelta.max


def _created_at(props: Properties) -> datetime | None:
    return instant(str(props.get(CREATED_AT, "")))
