"""
Links that a workspace holds, by a text or by their hosts, each with all that its answer says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from neetocal_provider.api.client import Client
from neetocal_provider.api.objects import RemoteObject, is_complete
from neetocal_provider.errors import NotFoundError
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK

__all__ = ["Progress", "Query", "find_meetings"]

Progress = Callable[[str, int, int], None]
"""Takes what is being done, and how many links of how many it is done for."""

_MAX_REQUESTS = 4
"""Requests: as many as Pulumi's dynamic host makes."""


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
        for page in SCHEDULING_LINK.collection(client).pages(search=query.search, host_email=host):
            found |= {meeting.id: meeting for meeting in page.rows}
            seen += len(page.rows)
            progress(f"Listing {host}".strip(), seen, max(seen, page.total_records))
    matching = [meeting for meeting in found.values() if query.matches(meeting)]
    return [meeting for meeting in _completed(client, matching, progress) if query.matches(meeting)]


def _completed(client: Client, meetings: Sequence[RemoteObject], progress: Progress) -> Iterator[RemoteObject]:
    version = client.settings.api_version
    partial = [meeting for meeting in meetings if not is_complete(meeting, SCHEDULING_LINK.schema, version)]
    yield from (meeting for meeting in meetings if is_complete(meeting, SCHEDULING_LINK.schema, version))
    with ThreadPoolExecutor(_MAX_REQUESTS) as pool:
        for done, meeting in enumerate(pool.map(lambda each: _whole(client, each), partial), 1):
            progress("Reading", done, len(partial))
            if meeting:
                yield meeting


def _whole(client: Client, meeting: RemoteObject) -> RemoteObject | None:
    try:
        found = SCHEDULING_LINK.collection(client).get(meeting.id, strict=False)
    except NotFoundError:
        return None  # deleted since it was listed
    return None if found.is_other else found


def _lowered(addresses: Iterable[str]) -> set[str]:
    return {address.strip().lower() for address in addresses}
