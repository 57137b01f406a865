"""
All objects of a resource type in a workspace, or those with a text or a host, each with all that its answer says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from neetocal_provider.api.client import Client
from neetocal_provider.api.objects import RemoteObject, is_complete
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.errors import NotFoundError
from neetocal_provider.schema.resource import Schema
from neetocal_provider.schema.types import Emails, Text

__all__ = ["Progress", "Query", "find_all", "find_below"]

Progress = Callable[[str, int, int], None]
"""Takes what is being done, and how many objects of how many it is done for."""

_MAX_REQUESTS = 4
"""Requests: as many as Pulumi's dynamic host makes."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """
    A filter of objects: those that have the text in a required one, such as name or slug, and at least one of the
    hosts.
    """

    search: str = ""
    hosts: tuple[str, ...] = ()

    def matches(self, remote: RemoteObject, schema: Schema) -> bool:
        """
        Whether an object is asked for, as far as is known of it.
        """
        texts = [each.name for each in schema.fields if each.required and isinstance(each.type, Text)]
        is_found = any(self.search.casefold() in str(remote.values.get(name) or "").casefold() for name in texts)
        hosts = [remote.values.get(each.name) for each in schema.fields if isinstance(each.type, Emails)]
        return is_found and all(self._names_one(each) for each in hosts)

    def _names_one(self, hosts: Iterable[str] | None) -> bool:
        return not self.hosts or hosts is None or not _lowered(self.hosts).isdisjoint(_lowered(hosts))


def find_all(client: Client, type_: ResourceType, query: Query, progress: Progress) -> list[RemoteObject]:
    """
    Return the objects of a resource type that are asked for.

    One request for each hundred, and one for each of which a list doesn't tell everything.
    """
    schema, found = type_.schema, dict[str, RemoteObject]()
    # Version 1 cannot filter.
    has_filter = "host_email" in type_.endpoints.rows.filters and client.settings.api_version == "v2"
    for host in query.hosts if query.hosts and has_filter else ("",):
        seen = 0
        for page in type_.collection(client).pages(search=query.search, host_email=host):
            found |= {remote.id: remote for remote in page.rows}
            seen += len(page.rows)
            progress(f"Listing {schema.noun}s {host}".strip(), seen, max(seen, page.total_records))
    matching = [remote for remote in found.values() if query.matches(remote, schema)]
    return [remote for remote in _completed(client, type_, matching, progress) if query.matches(remote, schema)]


def find_below(
    client: Client, type_: ResourceType, above: ResourceType, parents: Sequence[RemoteObject], progress: Progress
) -> list[RemoteObject]:
    """
    Return the objects of a resource type that belong to these parents, whose resource type is `above`.

    One request for each parent, and one for each object of which a list doesn't tell everything.
    """
    found: list[RemoteObject] = []
    with ThreadPoolExecutor(_MAX_REQUESTS) as pool:
        for done, below in enumerate(pool.map(lambda each: _below(client, type_, above, each), parents), 1):
            found += below
            progress(f"Listing {type_.schema.noun}s", done, len(parents))
    return [*_completed(client, type_, found, progress)]


def _below(client: Client, type_: ResourceType, above: ResourceType, parent: RemoteObject) -> list[RemoteObject]:
    parents = dict(zip(type_.endpoints.parents, parent.id.split("/"), strict=True))
    try:
        return [*type_.collection(client).objects(parents)]
    except NotFoundError:
        if _whole(client, above, parent):
            raise
        return []  # the parent was deleted since it was listed


def _completed(
    client: Client, type_: ResourceType, found: Sequence[RemoteObject], progress: Progress
) -> Iterator[RemoteObject]:
    schema, version = type_.schema, client.settings.api_version
    partial = [remote for remote in found if not is_complete(remote, schema, version)]
    yield from (remote for remote in found if is_complete(remote, schema, version))
    with ThreadPoolExecutor(_MAX_REQUESTS) as pool:
        for done, remote in enumerate(pool.map(lambda each: _whole(client, type_, each), partial), 1):
            progress(f"Reading {schema.noun}s", done, len(partial))
            if remote:
                yield remote


def _whole(client: Client, type_: ResourceType, remote: RemoteObject) -> RemoteObject | None:
    try:
        found = type_.collection(client).get(remote.id, strict=False)
    except NotFoundError:
        return None  # deleted since it was listed
    return None if found.is_other else found


def _lowered(addresses: Iterable[str]) -> set[str]:
    return {address.strip().lower() for address in addresses}
