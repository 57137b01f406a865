"""
What check, diff, create, read, update and delete decide, without any knowledge of Pulumi.

Properties are plain values under the names of `fields`; an absent argument is a missing key, and a value that a
preview does not know is `UNKNOWN`. The rule behind everything here: declared means managed, undeclared means left
alone.

`check` and `diff` make no request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from neetocal_provider import options
from neetocal_provider.client import Client
from neetocal_provider.errors import (
    NeetoCalError,
    NotAppliedError,
    NotFoundError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
)
from neetocal_provider.fields import BY_NAME, FIELDS, OPTION_FIELDS, STAYS, Field, Kind, Spot, Update
from neetocal_provider.models import Meeting
from neetocal_provider.settings import SETTINGS, Settings
from neetocal_provider.values import UNKNOWN, has_unknown

__all__ = ["COMPUTED", "Created", "Diff", "Failure", "Live", "check", "create", "delete", "diff", "read", "update"]

Properties = Mapping[str, Any]

COMPUTED = ("url", "meeting_id", "disabled", "kind", "workspace")
"""The properties that a link has whether declared or not."""

DECLARED = "declared"
"""The property that names the optional arguments which the program gave; what it does not name is left alone."""


# Check


@dataclass(frozen=True)
class Failure:
    """
    One reason why an argument cannot be used, worded to follow its name, its value and "has a problem:".
    """

    property: str
    reason: str


def check(news: Properties, api_version: str) -> list[Failure]:
    """
    Return a failure for every documented rule that the arguments break; values not known yet pass.
    """
    failures = [Failure(field.name, reason) for field in FIELDS for reason in _problems(field, news.get(field.name))]
    failures += _version_problems(news, api_version)
    failures += _spot_problems(news)
    return failures


def _problems(field: Field, value: Any) -> Iterator[str]:
    if value is None:
        if field.required:
            yield "is required"
    elif value is not UNKNOWN:
        yield from field.value.problems(value)


def _version_problems(news: Properties, api_version: str) -> Iterator[Failure]:
    for field in FIELDS:
        if field.name in news and not _has_field(api_version, field):
            yield Failure(
                field.name,
                f"cannot be set through version 1 of the API: set {SETTINGS['api_version']} to v2, "
                "or leave the argument out",
            )


def _has_field(api_version: str, field: Field) -> bool:
    return api_version != "v1" or not field.needs_v2


_SPOT_TEXTS = {
    Spot.PHONE_CALL.value: "spot_phone_call_number",
    Spot.CUSTOM.value: "spot_custom_text",
    Spot.IN_PERSON.value: "spot_in_person_location",
}


def _spot_problems(news: Properties) -> Iterator[Failure]:
    needed = _SPOT_TEXTS.get(str(news.get("spot")))
    # A template may bring the text along.
    if needed and not news.get(needed) and "template_id" not in news:
        yield Failure("spot", f"needs {needed} beside it")


# Diff


@dataclass(frozen=True)
class Diff:
    """
    What separates a link from its program.

    Attributes:
        changed: the properties to change, in the order of `fields`; empty when nothing is due.

        replaces: those among them for which the link must be made anew.

        delete_before_replace: whether the old link must go first, because the new one takes over its slug.
    """

    changed: tuple[str, ...]
    replaces: tuple[str, ...] = ()
    delete_before_replace: bool = False


def diff(olds: Properties, news: Properties, settings: Settings) -> Diff:
    """
    Compare a recorded link with what the program declares now.

    Args:
        olds: outputs of an earlier create, update or read.

        news: checked arguments, some perhaps `UNKNOWN`.
    """
    changed = [field.name for field in FIELDS if _is_changed(field, olds, news)]
    replaces = [name for name in changed if BY_NAME[name].update is Update.REPLACE]
    if olds.get("workspace") != settings.workspace:
        replaces.append("workspace")
        changed.append("workspace")
    elif olds.get("url") != settings.public_url(olds["slug"]):
        changed.append("url")
    takes_over_slug = "slug" not in changed and "workspace" not in changed
    return Diff(tuple(changed), tuple(replaces), bool(replaces) and takes_over_slug)


def _is_changed(field: Field, olds: Properties, news: Properties) -> bool:
    was_declared = field.name in _declared(olds)
    if field.name not in news or not was_declared:
        return was_declared != (field.name in news)
    return has_unknown(news[field.name]) or _differs(field.name, olds.get(field.name), news[field.name])


def _differs(name: str, one: Any, other: Any) -> bool:
    canonical = BY_NAME[name].value.canonical
    return canonical(one) != canonical(other)


def _declared(props: Properties) -> set[str]:
    return {field.name for field in FIELDS if field.required} | set(props.get(DECLARED, ()))


# Create, read, update, delete


@dataclass(frozen=True, kw_only=True)
class Created:
    """
    A new link. `warnings` tells, in sentences, what of it could not be made as declared; the next update tries again.
    """

    sid: str
    outputs: dict[str, Any]
    warnings: tuple[str, ...] = ()


def create(client: Client, news: Properties) -> Created:
    """
    Create a link.

    Once the link exists nothing is raised any more: an error would lose its sid, and with it the link.

    Raises:
        NeetoCalError: no link was created, or no answer tells.
    """
    meeting = _posted(client, news)
    try:
        meeting = _with_options(client, meeting, news, OPTION_FIELDS)
        warnings = tuple(_not_applied(news, meeting))
    except Exception as error:  # noqa: BLE001 - whatever it is, the link's sid must reach the state
        # What no answer tells is recorded as missing, so that the next preview sees what is left to do.
        meeting = replace(meeting, values={**dict.fromkeys(OPTION_FIELDS, ()), **meeting.values})
        warnings = (f"The link {news['slug']!r} was created, but not finished; run `pulumi up` again. {error}",)
    return Created(sid=meeting.sid, outputs=_outputs(news, meeting, client.settings), warnings=warnings)


def _posted(client: Client, news: Properties) -> Meeting:
    try:
        return client.create_meeting(news)
    except (TransportError, ServerError, UnexpectedResponseError) as error:
        if isinstance(error, TransportError) and not error.may_have_arrived:
            raise
        raise NeetoCalError(
            f"{error} The link {news['slug']!r} may have been made all the same: look for it in the web app, "
            "and delete it there before you run `pulumi up` again."
        ) from error


@dataclass(frozen=True, kw_only=True)
class Live:
    """
    A link as it stands: its properties, and the arguments that would declare it so.
    """

    outputs: dict[str, Any]
    inputs: dict[str, Any]


def read(client: Client, sid: str, props: Properties) -> Live | None:
    """
    Return the declared properties of a link as they stand on neetoCal, or None when the link is gone.

    Args:
        props: outputs recorded earlier; they tell what is declared.

    Raises:
        ConfigError: nothing is found, but the workspace does not answer either.
    """
    try:
        meeting = client.get_meeting(sid)
    except NotFoundError:
        client.require_workspace()
        return None
    declared = {name: props[name] for name in BY_NAME if name in _declared(props) and name in props}
    outputs = _outputs(declared, meeting, client.settings)
    return Live(outputs=outputs, inputs={name: outputs[name] for name in declared})


def update(client: Client, sid: str, olds: Properties, news: Properties) -> dict[str, Any]:
    """
    Bring a link to what the program declares now and return its outputs.

    Only what changed is sent; where only the address of the workspace changed, nothing is.

    Raises:
        NotAppliedError: neetoCal accepted the change, but the link does not hold it.
    """
    changed = [BY_NAME[name] for name in diff(olds, news, client.settings).changed if name in BY_NAME]
    # What is not in here may have been changed by a person meanwhile: that is drift for the next preview to show.
    wanted = {
        **_resets(changed, olds, news, client.settings),
        **{f.name: news[f.name] for f in changed if f.name in news},
    }
    patch = {name: value for name, value in wanted.items() if _is_patched(BY_NAME[name])}
    meeting = _patched(client, sid, patch, news) if patch else _recorded(sid, olds)
    meeting = _with_options(client, meeting, news, OPTION_FIELDS.keys() & wanted.keys())
    problems = list(_not_applied(wanted, meeting))
    if problems:
        raise NotAppliedError(" ".join(problems))
    return _outputs(news, meeting, client.settings)


def delete(client: Client, sid: str) -> None:
    """
    Delete a link; one that is gone already counts as deleted.

    Raises:
        ConfigError: nothing is found, but the workspace does not answer either.
    """
    try:
        client.delete_meeting(sid)
    except NotFoundError:
        client.require_workspace(version="v2")


def _is_patched(field: Field) -> bool:
    return field.update in (Update.PATCH, Update.VERIFIED_PATCH)


def _resets(changed: list[Field], olds: Properties, news: Properties, settings: Settings) -> dict[str, Any]:
    """
    Return the documented defaults to which removed arguments go back.

    A link made from a template keeps its values: there the default is the template's, which may be gone. A place that
    stays keeps the text without which it means nothing, and version 1 cannot reset what it has no field for.
    """
    if "template_id" in olds:
        return {}
    kept = {None if "spot" in news else _SPOT_TEXTS.get(str(olds.get("spot")))}
    kept |= {field.name for field in FIELDS if field.default is STAYS or not _has_field(settings.api_version, field)}
    return {field.name: field.default for field in changed if field.name not in news and field.name not in kept}


def _patched(client: Client, sid: str, patch: Properties, news: Properties) -> Meeting:
    """
    Send the patch with the hosts and the kind: leaving them out might be refused, or reset the kind to its default.

    A kind that is not declared is asked for first, since a person may have changed it in the web app.
    """
    wanted = {**news, **patch}
    if "kind" not in wanted:
        wanted["kind"] = client.get_meeting(sid).values.get("kind", Kind.ONE_ON_ONE.value)
    return client.update_meeting(sid, {**patch, "hosts": wanted["hosts"], "kind": wanted["kind"]})


def _recorded(sid: str, olds: Properties) -> Meeting:
    return Meeting(
        sid=sid,
        meeting_id=olds["meeting_id"],
        disabled=olds["disabled"],
        is_deleted=False,
        values={name: olds[name] for name in BY_NAME if name in olds},
    )


def _with_options(client: Client, meeting: Meeting, news: Properties, names: Iterable[str]) -> Meeting:
    """
    Return the link with these of its options as declared, whatever the answer so far says of them.
    """
    stale = [name for name in names if name in news and _differs(name, meeting.values.get(name), news[name])]
    settled = {name: options.reconcile(client, meeting.sid, name, news[name]) for name in stale}
    return replace(meeting, values={**meeting.values, **settled})


def _not_applied(wanted: Properties, meeting: Meeting) -> Iterator[str]:
    """
    Yield a sentence for each field that the link does not hold as wanted; what no answer mentions is trusted.
    """
    for name, value in wanted.items():
        found = meeting.values.get(name, value)
        if _differs(name, found, value):
            # Texts may be secrets, and addresses are people's.
            shown = f"{found!r} instead of {value!r}" if isinstance(value, bool | int) else "not what was declared"
            yield f"{name} is {shown} after neetoCal accepted it: {_way_out(BY_NAME[name])}."


def _way_out(field: Field) -> str:
    if field.update is Update.VERIFIED_PATCH:
        return (
            "the API may take this field only when a link is made; change it in the web app and run `pulumi refresh`, "
            "or make the link anew with `pulumi destroy --target` on it and `pulumi up`"
        )
    return "run `pulumi refresh` to see what it holds, and declare that or change it in the web app"


def _outputs(declared: Properties, meeting: Meeting, settings: Settings) -> dict[str, Any]:
    """
    Return everything that the state keeps of a link: live values, in the program's own words where they mean the same.
    """
    live = meeting.values
    kept = {
        name: live[name] if _differs(name, live.get(name, value), value) else value for name, value in declared.items()
    }
    return {
        **kept,
        "kind": kept.get("kind", live.get("kind", Kind.ONE_ON_ONE.value)),
        "url": settings.public_url(kept["slug"]),
        "meeting_id": meeting.meeting_id,
        "disabled": meeting.disabled,
        "workspace": settings.workspace,
        DECLARED: [name for name in declared if not BY_NAME[name].required],
    }
