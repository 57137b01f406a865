"""
Bring a link's durations or spots to what the program declares, through their own endpoints.

The API refuses a second default and the removal of the last option, and nobody knows whether naming a new default
moves the flag or must wait until the old one has lost it. Hence the order: add what is missing, move the default,
remove what is too much. A place whose text changed keeps its row, since a server may allow only one of each. Each
step leaves a link that can be booked, and the whole can be repeated after a failure at any point, because it starts
from what is really there.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from neetocal_provider.api.client import Client
from neetocal_provider.api.endpoints import segment
from neetocal_provider.api.objects import Pairs, RemoteObject, nothing_from_api
from neetocal_provider.api.retry import retry
from neetocal_provider.core.lag import despite_lag
from neetocal_provider.core.normalization import learned, recorded_forms, translated
from neetocal_provider.core.state import declared as declared_names
from neetocal_provider.errors import AnswerLostError, ConflictError, NotFoundError
from neetocal_provider.resources.link_fields import BY_NAME, OPTION_FIELDS
from neetocal_provider.schema.resource import Properties, Schema
from neetocal_provider.schema.types import (
    is_identifier,
    read_list,
    read_object,
    read_text,
    read_whole_number,
    unreadable,
)

__all__ = [
    "Option",
    "Reconciled",
    "create_option",
    "delete_option",
    "list_options",
    "reconcile",
    "reconcile_all",
    "update_option",
]

Content = Mapping[str, Any]


def reconcile_all(
    client: Client,
    schema: Schema,
    remote: RemoteObject,
    news: Properties,
    names: Sequence[str],
    olds: Properties | None,
) -> tuple[RemoteObject, Properties]:
    """
    Return a link with these of its options changed, and what each of those should be now.

    Args:
        olds: outputs before an update, which leaves as they are those of its recorded options that the program did not
            change; None for a new link.
    """
    kept = declared_names(olds, schema) & olds.keys() if olds is not None else set()
    known = {name: olds[name] for name in kept} if olds is not None else {}
    forms = remote.forms if olds is None else recorded_forms(olds, schema)
    settled = despite_lag(
        client,
        remote.created_at,
        lambda: {
            name: reconcile(client, remote.id, name, news[name], known.get(name, ()), forms.get(name, ()))
            for name in names
        },
    )
    found = {name: each.found for name, each in settled.items()}
    wanted = {name: each.wanted for name, each in settled.items()}
    used = {name: each.forms for name, each in settled.items()}
    return replace(remote, values={**remote.values, **found}, forms={**remote.forms, **used}), wanted


@dataclass(frozen=True, kw_only=True)
class Option:
    """
    One of a link's durations or spots as the API holds it.

    `content` has our keys, as in a program: minutes or place, `is_default`, and the texts that are set.
    """

    id: str
    content: Content

    @classmethod
    def from_api(cls, name: str, body: Any) -> Option:
        """
        Read one row of `durations` or `spots` from their own endpoint's answer.
        """
        content = OPTION_FIELDS[name].option_from_api(body, name)
        return cls(id=_id(body, name), content=content)


def list_options(client: Client, sid: str, name: str) -> tuple[Option, ...]:
    """
    Return all durations or spots of a link; `name` is one of the two.

    API: GET /meetings/{sid}/durations, GET /meetings/{sid}/spots.
    """

    def read(body: Any) -> tuple[Option, ...]:
        return tuple(Option.from_api(name, row) for row in read_list(read_object(body, "the answer").get(name), name))

    return client.send("GET", _path(sid, name), read)


def create_option(client: Client, sid: str, name: str, content: Content) -> None:
    """
    Add a duration or a spot to a link.

    Raises:
        ConflictError: it would be a second default.

        AnswerLostError: it may or may not exist now; `list_options` tells.

    API: POST /meetings/{sid}/durations, POST /meetings/{sid}/spots.
    """
    _change(client, "POST", _path(sid, name), OPTION_FIELDS[name].option_to_api(content))


def update_option(client: Client, sid: str, name: str, option_id: str, content: Content) -> None:
    """
    Give a duration or a spot another content.

    Raises:
        ConflictError: it would be a second default, or leave none.

    API: PUT /meetings/{sid}/durations/{id}, PUT /meetings/{sid}/spots/{id}.
    """
    _change(client, "PUT", _path(sid, name, option_id), OPTION_FIELDS[name].option_to_api(content))


def delete_option(client: Client, sid: str, name: str, option_id: str) -> None:
    """
    Remove a duration or a spot from a link.

    Raises:
        ConflictError: it is the last one.

    API: DELETE /meetings/{sid}/durations/{id}, DELETE /meetings/{sid}/spots/{id}.
    """
    _change(client, "DELETE", _path(sid, name, option_id), None)


def _change(client: Client, method: str, path: str, body: Content | None) -> None:
    client.send(method, path, nothing_from_api, body)


def _path(sid: str, name: str, *option_id: str) -> str:
    return "/".join(["meetings", segment(sid), name, *map(segment, option_id)])


def _id(row: Mapping[str, Any], name: str) -> str:
    found = row.get("id")
    if found is None:
        return ""
    is_number = isinstance(found, int) and not isinstance(found, bool)
    id_ = str(read_whole_number(found, "id")) if is_number else read_text(found, "id")
    if not is_identifier(id_):
        unreadable(f"id in {name} is no id of neetoCal's")
    return id_


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """
    A link's options after a change.

    Attributes:
        found: the options as they are on neetoCal, in the program's words.

        wanted: the options as they should be.

        forms: those among `found` that neetoCal stores in another form.
    """

    found: list[Content]
    wanted: list[Content]
    forms: Pairs


def reconcile(
    client: Client,
    sid: str,
    name: str,
    declared: Sequence[Content],
    recorded: Sequence[Content] = (),
    forms: Pairs = (),
) -> Reconciled:
    """
    Make the link's options those declared and return them as they are on neetoCal afterwards.

    Args:
        name: `durations` or `spots`.

        declared: at least one option, exactly one of them the default.

        recorded: the options that the preview compared with; what is the same in both stays as it is on neetoCal.
            Without any, the options become exactly those declared.

        forms: the forms in which neetoCal stores some of them, as far as they are known.

    Raises:
        NeetoCalError: a step failed; calling this again goes on from there.
    """
    return retry(
        client.settings,
        _is_told_by_the_list,
        lambda attempt: _reconciled(client, sid, name, declared, recorded, forms, is_repeat=attempt > 1),
    )


def _merged(
    name: str, declared: Sequence[Content], recorded: Sequence[Content], present: Sequence[Content]
) -> list[Content]:
    """
    Return the present options with what the program changed in them since they were recorded.
    """
    if not recorded or not present:
        return list(declared)
    first = OPTION_FIELDS[name].first
    added = _without(name, declared, recorded)
    removed = _without(name, recorded, declared)
    changed = {content[first] for content in added} & {content[first] for content in removed}
    foreign = _without(name, present, [*declared, *recorded])
    overruled = [content for content in foreign if content[first] in changed]
    kept = _without(name, present, [*removed, *overruled, *added])
    merged = [*kept, *added] or list(declared)
    default = _default(name, declared)
    if default == _default(name, recorded):
        default = _default(name, present) or default
    if default not in [_identity(name, content) for content in merged]:
        default = _identity(name, next((each for each in merged if each in declared), merged[0]))
    return [{**content, "is_default": _identity(name, content) == default} for content in merged]


def _without(name: str, contents: Sequence[Content], others: Sequence[Content]) -> list[Content]:
    pool = [_identity(name, content) for content in others]
    return [content for content in contents if not _take(pool, _identity(name, content))]


def _default(name: str, contents: Sequence[Content]) -> Hashable:
    return next((_identity(name, content) for content in contents if content.get("is_default")), None)


def _is_told_by_the_list(error: Exception) -> bool:
    """
    Whether the next list says if an option was added whose answer was lost.

    One that may still be under way would come on top of a second one: that is left to the next run.
    """
    return isinstance(error, AnswerLostError) and not error.may_be_under_way


def _reconciled(
    client: Client,
    sid: str,
    name: str,
    declared: Sequence[Content],
    recorded: Sequence[Content],
    forms: Pairs,
    *,
    is_repeat: bool,
) -> Reconciled:
    stored = list_options(client, sid, name)
    if is_repeat:  # an option may have been added whose answer was lost
        foreign = _without(name, [row.content for row in stored], [*declared, *recorded])
        forms = [*forms, *learned(BY_NAME[name], _without(name, declared, recorded), foreign, None)]
    rows = _in_declared_words(name, stored, forms)
    wanted = _merged(name, declared, recorded, [row.content for row in rows])
    missing = _missing(name, wanted, rows)
    if missing:
        spare = _surplus(name, wanted, rows)
        has_default = any(row.content.get("is_default") for row in rows)
        for content in missing:
            _add(client, sid, name, content, spare, has_default=has_default)
        before, stored = stored, list_options(client, sid, name)
        forms = [*_learned(name, missing, before, stored, wanted, forms), *forms]
        rows = _in_declared_words(name, stored, forms)
    if not _missing(name, wanted, rows):  # otherwise the server took something else: nothing is removed for it
        _move_default(client, sid, name, wanted, rows)
        for row in _surplus(name, wanted, rows):
            with suppress(NotFoundError):  # gone already, such as by a request whose answer was lost
                delete_option(client, sid, name, row.id)
    contents = [row.content for row in list_options(client, sid, name)]
    found, used = translated(BY_NAME[name], contents, forms)
    return Reconciled(found=found, wanted=wanted, forms=used)


def _in_declared_words(name: str, rows: Sequence[Option], forms: Pairs) -> list[Option]:
    contents, _ = translated(BY_NAME[name], [row.content for row in rows], forms)
    return [replace(row, content=content) for row, content in zip(rows, contents, strict=True)]


def _learned(
    name: str,
    sent: Sequence[Content],
    before: Sequence[Option],
    after: Sequence[Option],
    wanted: Sequence[Content],
    forms: Pairs,
) -> Pairs:
    """
    Return the forms in which neetoCal stores options that were just sent: they are among the rows that nobody wants.
    """
    surplus = [row.id for row in _surplus(name, wanted, _in_declared_words(name, after, forms))]
    stored = [row.content for row in after if row.id in surplus]
    return learned(BY_NAME[name], sent, stored, [row.content for row in before])


def _add(client: Client, sid: str, name: str, content: Content, spare: list[Option], *, has_default: bool) -> None:
    """
    Turn the row of the same length or place into this option, or add it; which one is the default stays as it is.
    """
    first = OPTION_FIELDS[name].first
    row = next((row for row in spare if row.content.get(first) == content[first]), None)
    if row:
        spare.remove(row)
        is_default = row.content.get("is_default", False)
        update_option(client, sid, name, row.id, {**content, "is_default": is_default})
    else:
        is_default = not has_default and content.get("is_default", False)
        create_option(client, sid, name, {**content, "is_default": is_default})


def _move_default(client: Client, sid: str, name: str, declared: Sequence[Content], rows: Sequence[Option]) -> None:
    wanted = next(_identity(name, content) for content in declared if content.get("is_default"))
    target = next(row for row in rows if _identity(name, row.content) == wanted)
    others = [row for row in rows if row.content.get("is_default") and row is not target]
    for row in others:
        # A server that keeps exactly one default refuses this, and moves the flag by itself below.
        with suppress(ConflictError):
            update_option(client, sid, name, row.id, {**row.content, "is_default": False})
    if others or not target.content.get("is_default"):
        update_option(client, sid, name, target.id, {**target.content, "is_default": True})


def _missing(name: str, declared: Sequence[Content], rows: Sequence[Option]) -> list[Content]:
    """
    Return the declared options that no row holds, the default first.
    """
    present = [_identity(name, row.content) for row in rows]
    missing = [content for content in declared if not _take(present, _identity(name, content))]
    return sorted(missing, key=lambda content: not content.get("is_default"))


def _surplus(name: str, declared: Sequence[Content], rows: Sequence[Option]) -> list[Option]:
    wanted = [_identity(name, content) for content in declared]
    return [row for row in rows if not _take(wanted, _identity(name, row.content))]


def _take(pool: list[Hashable], item: Hashable) -> bool:
    """
    Remove one such item from the pool; False where there is none.
    """
    with suppress(ValueError):
        pool.remove(item)
        return True
    return False


def _identity(name: str, content: Content) -> Hashable:
    """
    Return what makes an option itself, whether or not it is the default.
    """
    return OPTION_FIELDS[name].canonical_option({**content, "is_default": False})
