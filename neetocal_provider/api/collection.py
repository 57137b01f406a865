"""
What can be done with the objects of one resource type, in both versions of neetoCal's API: a method for each endpoint.

Everything that can go wrong is raised as one of `errors`.

Sources: the vendor's API reference, version 2 (current) and 1 (deprecated); docs/api-notes.md lists what differs and
what is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from neetocal_provider.api.client import Client
from neetocal_provider.api.endpoints import Endpoints
from neetocal_provider.api.list_cache import ListCache
from neetocal_provider.api.objects import Page, RemoteObject, is_complete, nothing_from_api, page_from_api, to_payload
from neetocal_provider.errors import NotFoundError
from neetocal_provider.schema.resource import Properties, Schema

__all__ = ["Collection"]

Existing = TypeVar("Existing", bound="RemoteObject | None")


class Collection:
    """
    The objects of one resource type in a workspace. Safe to share between threads.

    Args:
        client: carries the requests.
    """

    def __init__(self, client: Client, schema: Schema, endpoints: Endpoints) -> None:
        self._client = client
        self._schema = schema
        self._endpoints = endpoints
        has_list = endpoints.reads_from_list
        self._list_caches = (self._new_list_cache(), self._new_list_cache(alone=1)) if has_list else ()

    def create(self, values: Mapping[str, Any]) -> RemoteObject:
        """
        Create an object; only the given fields are sent.

        What the answer says of it may be unreadable in part (`RemoteObject.unreadable`): it exists all the same.

        Raises:
            InvalidRequestError: a value was refused, for instance a slug that is taken.

            AnswerLostError: the object may or may not exist now; `find` tells.

        API: POST on `Endpoints.path`.
        """
        path, payload = self._endpoints.collection(values), to_payload(values, self._schema)
        return self._client.send("POST", path, self._reader(values), payload, version=self._endpoints.version)

    def get(self, id_: str, *, version: str = "", strict: bool = True) -> RemoteObject:
        """
        Return an object as it stands.

        Args:
            version: `v1` or `v2`; by default the one that has the endpoint, else the configured one.

            strict: whether all of the answer must be readable; if not, `RemoteObject.unreadable` says what isn't.

        Raises:
            NotFoundError: none has this id; `require_workspace` tells whether the workspace answers at all.

            UnexpectedResponseError: something in the answer is not what it should be.

        API: GET on `Endpoints.item`, or as `pages`.
        """
        if not self._endpoints.has_get:
            return self._listed(id_, strict=strict)
        read = self._strict_reader(id_) if strict else self._reader(self._endpoints.split(id_)[0])
        return self._existing("GET", self._endpoints.item(id_), read, version=version)

    def _listed(self, id_: str, *, strict: bool) -> RemoteObject:
        parents, _own = self._endpoints.split(id_)
        for remote in self.objects(parents):
            if remote.id == id_:
                return remote.require_readable(id_, self._schema) if strict else remote
        raise NotFoundError(method="GET", path=self._endpoints.collection(parents), status=404, messages=())

    def read(self, id_: str) -> RemoteObject:
        """
        Return an object as it stands, from the workspace's list where that costs less; see `list_cache`.

        One that the list does not show is asked for by itself before it counts as gone.

        Raises:
            NotFoundError: none has this id.

        API: as `pages` and `get`.
        """
        listed = self._list_caches[0].pop(id_) if self._list_caches else None
        return listed or self.get(id_)

    def read_to_update(self, id_: str) -> RemoteObject:
        """
        Return an object as it stood at most a minute ago, for an update that must send present values along.

        The first is asked for by itself; further ones are looked for in a list that is begun after it.

        Raises:
            NotFoundError: none has this id.

        API: as `read`.
        """
        listed = self._list_caches[1].pop(id_) if self._list_caches else None
        return listed or self.get(id_)

    def objects(self, parents: Properties | None = None, **filters: str) -> Iterator[RemoteObject]:
        """
        Yield the objects of the workspace, in no particular order, asking for one page after the other; see `pages`.
        """
        for page in self.pages(parents, **filters):
            yield from page.rows

    def pages(self, parents: Properties | None = None, **filters: str) -> Iterator[Page[RemoteObject]]:
        """
        Yield the objects of the workspace page by page, for those who want to know how many there are.

        Deleted ones, ones that an earlier page had and whatever else the list holds are left out; of the others, what
        cannot be read is missing.

        Args:
            parents: what fills the braces of the path; other properties among them do no harm.

            filters: parameters that leave some out, such as `search`, a part of the name or slug, and `host_email` of
                links. One that the version of the API doesn't have is not sent, and a server may ignore one, so objects
                that do not match may be among the answers: look again.

        API: GET on `Endpoints.rows`.
        """
        rows = self._endpoints.rows
        is_v1 = self._client.settings.api_version == "v1"
        known = {} if is_v1 else {name: filters[name] for name in rows.filters if name in filters}
        path_v1 = rows.path_v1 if is_v1 else ""
        path = self._endpoints.collection(parents or {}, path_v1)
        read, version = self._page_reader(parents or {}), "v1" if path_v1 else self._endpoints.version
        return _distinct(self._client.pages(path, read, known, version=version, page_parameter=rows.page))

    def find(self, props: Properties) -> RemoteObject | None:
        """
        Return the first object with the identity of these properties, or None if no list holds it; see `matching`.
        """
        return next(self.matching(props), None)

    def matching(self, props: Properties) -> Iterator[RemoteObject]:
        """
        Yield the objects with the identity of these properties, perhaps one more than once.

        A search for them is tried first, if there is any; what that does is known from clients alone, so an empty
        answer is not believed and the whole list is read.

        API: as `pages`.
        """
        identity = {name: props[name] for name in self._schema.identity}
        is_searched = "search" in self._endpoints.rows.filters and self._client.settings.api_version != "v1"
        for text in (props[self._schema.title], "") if is_searched else ("",):
            for each in self.objects(props, search=text):
                if all(each.values.get(name) == value for name, value in identity.items()):
                    yield each

    def update(self, id_: str, values: Mapping[str, Any]) -> RemoteObject:
        """
        Change some fields of an object and return it as it now stands; `None` clears a field.

        Raises:
            NotFoundError: none has this id.

            InvalidRequestError: a value was refused.

        API: PATCH or PUT on `Endpoints.item`.
        """
        self.invalidate(id_)
        path, payload = self._endpoints.item(id_), to_payload(values, self._schema)
        read = _unless_empty(self._strict_reader(id_))
        return self._existing(self._endpoints.update_method, path, read, payload) or self.get(id_)

    def delete(self, id_: str) -> None:
        """
        Delete an object.

        Raises:
            NotFoundError: none has this id.

        API: DELETE on `Endpoints.item`.
        """
        self.invalidate(id_)
        version = self._endpoints.delete_version or self._endpoints.version
        self._client.send("DELETE", self._endpoints.item(id_), nothing_from_api, version=version)

    def invalidate(self, id_: str) -> None:
        """
        Take nothing any more from a list that was read before this object is changed.
        """
        for cache in self._list_caches:
            cache.invalidate(id_)

    def _new_list_cache(self, *, alone: int = 0) -> ListCache:
        version = self._client.settings.api_version
        return ListCache(self.pages, lambda remote: is_complete(remote, self._schema, version), alone=alone)

    def _existing(
        self,
        method: str,
        path: str,
        read: Callable[[Any], Existing],
        body: Mapping[str, Any] | None = None,
        *,
        version: str = "",
    ) -> Existing:
        """
        Return what exists; deletion is soft, and a server may answer the deleted object.
        """
        remote = self._client.send(method, path, read, body, version=version or self._endpoints.version)
        if remote is not None and remote.is_deleted:
            raise NotFoundError(method=method, path=path, status=410, messages=("deleted",))
        return remote

    def _reader(self, parents: Properties) -> Callable[[Any], RemoteObject]:
        """
        Return what reads an answer on an object with these parents.
        """
        above = {name: parents[name] for name in self._endpoints.parents}
        return lambda body: RemoteObject.from_api(body, self._schema, self._endpoints, above)

    def _strict_reader(self, id_: str) -> Callable[[Any], RemoteObject]:
        """
        Return what reads an answer on the object with this id, all of which must be readable.
        """
        read = self._reader(self._endpoints.split(id_)[0])
        return lambda body: read(body).require_readable(id_, self._schema)

    def _page_reader(self, parents: Properties) -> Callable[[Any], Page[RemoteObject]]:
        read = self._reader(parents)
        return lambda body: page_from_api(body, self._endpoints.rows.keys, read)


def _distinct(pages: Iterable[Page[RemoteObject]]) -> Iterator[Page[RemoteObject]]:
    """
    Yield pages without rows that are something else, deleted, or were on a page before.

    An object that is made while the list is read moves others to the next page.
    """
    seen: set[str] = set()
    for page in pages:
        rows = {row.id: row for row in page.rows if row.id not in seen and not (row.is_other or row.is_deleted)}
        seen |= rows.keys()
        yield replace(page, rows=tuple(rows.values()))


def _unless_empty(read: Callable[[Any], RemoteObject]) -> Callable[[Any], RemoteObject | None]:
    """
    Return what reads an answer, which may also be empty: what was changed is then to be asked for.
    """
    return lambda body: None if body is None else read(body)
