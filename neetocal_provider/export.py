"""
Links that exist, as what declares them: arguments for a program, and records for `pulumi import --file`.

A link is exported as it is or not at all. What a preview of its program would refuse is left undeclared where the
argument is optional, with a note for the reader; where it is required, the link is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from neetocal_provider.checks import check
from neetocal_provider.client import Client
from neetocal_provider.errors import NotFoundError
from neetocal_provider.fields import BY_NAME, DYNAMIC_TYPE, FIELDS
from neetocal_provider.lifecycle import declaring, recorded
from neetocal_provider.models import RemoteObject, is_complete
from neetocal_provider.settings import Settings

__all__ = ["RESOURCE_TYPE", "Export", "Exported", "Progress", "Query", "Skipped", "export", "find_meetings"]

RESOURCE_TYPE = f"{DYNAMIC_TYPE}SchedulingLink"
"""The type under which the engine records links; see tests/test_public_api.py."""

Progress = Callable[[str, int, int], None]
"""Takes what is being done, and how many links of how many it is done for."""

_MAX_REQUESTS = 4
"""Requests: as many as Pulumi's dynamic host makes."""

_MAX_LENGTH = 100
"""Characters of a value in a note."""

_REQUIRED = tuple(field.name for field in FIELDS if field.required)


# What the workspace holds


@dataclass(frozen=True, kw_only=True)
class Query:
    """
    Which links to export: those that have the text in name or slug and at least one of the hosts.
    """

    search: str = ""
    hosts: tuple[str, ...] = ()

    def matches(self, meeting: RemoteObject) -> bool:
        """
        Whether a link is asked for, as far as is known of it.
        """
        texts = [str(meeting.values.get(name) or "") for name in ("name", "slug")]
        hosts = meeting.values.get("hosts")
        return any(self.search.casefold() in text.casefold() for text in texts) and (
            not self.hosts or hosts is None or not _lowered(self.hosts).isdisjoint(_lowered(hosts))
        )


def find_meetings(client: Client, query: Query, progress: Progress) -> list[RemoteObject]:
    """
    Return the links that are asked for.

    One request for each hundred links, and one for each link of which a list does not tell everything.
    """
    found: dict[str, RemoteObject] = {}
    # Version 1 cannot filter.
    for host in query.hosts if query.hosts and client.settings.api_version == "v2" else ("",):
        seen = 0
        for page in client.list_meeting_pages(search=query.search, host=host):
            found |= {meeting.sid: meeting for meeting in page.rows}
            seen += len(page.rows)
            progress(f"Listing {host}".strip(), seen, max(seen, page.total_records))
    matching = [meeting for meeting in found.values() if query.matches(meeting)]
    return [meeting for meeting in _completed(client, matching, progress) if query.matches(meeting)]


def _completed(client: Client, meetings: Sequence[RemoteObject], progress: Progress) -> Iterator[RemoteObject]:
    version = client.settings.api_version
    partial = [meeting for meeting in meetings if not is_complete(meeting, version)]
    yield from (meeting for meeting in meetings if is_complete(meeting, version))
    with ThreadPoolExecutor(_MAX_REQUESTS) as pool:
        for done, meeting in enumerate(pool.map(lambda each: _whole(client, each), partial), 1):
            progress("Reading", done, len(partial))
            if meeting:
                yield meeting


def _whole(client: Client, meeting: RemoteObject) -> RemoteObject | None:
    try:
        found = client.get_meeting(meeting.sid, strict=False)
    except NotFoundError:
        return None  # deleted since it was listed
    return None if found.is_template else found


def _lowered(addresses: Iterable[str]) -> set[str]:
    return {address.strip().lower() for address in addresses}


# What declares it


@dataclass(frozen=True, kw_only=True)
class Exported:
    """
    A link with the arguments that declare it.

    `notes` tells in sentences what a reader of the program should know of it.
    """

    meeting: RemoteObject
    arguments: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """
        The resource's name: the slug, which is unique and valid as one.
        """
        return str(self.arguments["slug"])

    def to_import(self, settings: Settings, provider_property: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return the link's entry in an import file, with the state that a create would have left.

        Args:
            provider_property: what Pulumi's dynamic host keeps among the properties.
        """
        live = recorded(self.arguments, self.meeting, settings)
        return {
            "type": RESOURCE_TYPE,
            "name": self.name,
            "id": self.meeting.sid,
            "inputs": {**live.inputs, **provider_property},
            "outputs": {**live.outputs, **provider_property},
        }


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """
    A link that no program of ours can declare.
    """

    slug: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Export:
    """
    Links by what became of them, both sorted by slug.
    """

    links: tuple[Exported, ...]
    skipped: tuple[Skipped, ...]


def export(meetings: Iterable[RemoteObject], settings: Settings) -> Export:
    """
    Return what declares these links.
    """
    links: dict[str, Exported] = {}
    skipped = []
    for meeting in sorted(meetings, key=lambda each: (str(each.values.get("slug")), each.sid)):
        made = _exported(meeting, settings.api_version)
        if isinstance(made, Exported) and made.name in links:
            made = Skipped(slug=made.name, reasons=(f"slug is that of the link {links[made.name].meeting.sid}, too",))
        if isinstance(made, Exported):
            links[made.name] = made
        else:
            skipped.append(made)
    return Export(links=tuple(links.values()), skipped=tuple(skipped))


def _exported(meeting: RemoteObject, api_version: str) -> Exported | Skipped:
    arguments = declaring(meeting.values)
    notes = ["Disabled: nobody can book it until somebody enables it in the web app."] if meeting.disabled else []
    notes += [f"Not declared: {reason}." for reason in meeting.unreadable]
    while problems := _problems(arguments, api_version):
        required = [f"{name} {reason}" for name, reason in problems if BY_NAME[name].required]
        if required:
            return Skipped(slug=str(meeting.values.get("slug") or meeting.sid), reasons=tuple(required))
        for name in dict.fromkeys(name for name, _reason in problems):
            reasons = "; ".join(reason for each, reason in problems if each == name)
            notes.append(f"Not declared: {name} is {_cut(repr(arguments.pop(name)))}, but {reasons}.")
    return Exported(meeting=meeting, arguments=arguments, notes=tuple(notes))


def _problems(arguments: Mapping[str, Any], api_version: str) -> list[tuple[str, str]]:
    """
    Return the names of arguments that no program can give, each with a reason.
    """
    missing = [(name, "is not told by neetoCal") for name in _REQUIRED if name not in arguments]
    broken = [(each.property, each.reason) for each in check(arguments, api_version) if each.property in arguments]
    return missing + broken


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}…"
