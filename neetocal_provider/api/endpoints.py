"""
Where the objects of a resource type live in neetoCal's API, and how its answers hold them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from string import Formatter
from typing import Any

from neetocal_provider.errors import UnexpectedResponseError
from neetocal_provider.schema.types import is_identifier

__all__ = ["Endpoints", "Rows", "segment"]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """
    The list of all objects of a type.

    Attributes:
        path_v1: its path in version 1 of the API; empty if that is `Endpoints.path`, as it is in version 2.

        keys: under which an answer may hold them.

        filters: the parameters of version 2 that leave some out; version 1 has none.

        page: the parameter for the number of a page.
    """

    path_v1: str = ""
    keys: tuple[str, ...]
    filters: tuple[str, ...] = ("search",)
    page: str = "page_number"


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """
    The endpoints of a resource type.

    Attributes:
        path: to which one is posted, and below which it then is, under its id. Braces are filled with parents, as in
            `meetings/{link}/add-on-services`; the id of a resource is then that of its parent, a slash and its own.

        rows: the list of all.

        envelope: keys that may hold the object in an answer; a bare one is read as well.

        id_key: under which an answer tells its id.

        flags: what answers say of each, if anything; one of which they say otherwise is something else.

        version: of the API, `v1` or `v2`, that alone has them; empty if both have.

        delete_version: the same for the deletion.

        has_get: whether one can be asked for by itself; if not, the list is read.

        update_method: PATCH or PUT, which both leave what they don't mention as it is.

        reads_from_list: whether a list tells as much as an answer on one, so that many reads need not ask for each.
    """

    path: str
    rows: Rows
    envelope: tuple[str, ...]
    id_key: str = "id"
    flags: Mapping[str, bool] = field(default_factory=dict)
    version: str = ""
    delete_version: str = ""
    has_get: bool = True
    update_method: str = "PATCH"
    reads_from_list: bool = False

    @cached_property
    def parents(self) -> tuple[str, ...]:
        """
        Return the names of the arguments that fill the braces of the path.
        """
        return tuple(name for _, name, _, _ in Formatter().parse(self.path) if name is not None)

    def collection(self, props: Mapping[str, Any], path: str = "") -> str:
        """
        Return the path of the objects with these parents.

        Args:
            path: another one than `path` to fill.

        Raises:
            UnexpectedResponseError: a parent can't be an id.
        """
        return (path or self.path).format(**{name: segment(props[name]) for name in self.parents})

    def item(self, id_: str) -> str:
        """
        Return the path of the object with this id.

        Raises:
            UnexpectedResponseError: it can't be an id.
        """
        parents, own = self.split(id_)
        return f"{self.collection(parents)}/{segment(own)}"

    def is_id(self, id_: str) -> bool:
        """
        Whether a text can be the id of an object: it has as many parts as the path has parents, and one more.
        """
        parts = id_.split("/")
        return len(parts) == len(self.parents) + 1 and all(map(is_identifier, parts))

    def split(self, id_: str) -> tuple[dict[str, str], str]:
        """
        Return the parents that an id begins with, by name, and the object's own id.

        Raises:
            UnexpectedResponseError: it has not as many parts.
        """
        *parents, own = id_.split("/")
        if len(parents) != len(self.parents):
            raise UnexpectedResponseError(_NO_ID)
        return dict(zip(self.parents, parents, strict=True)), own


_NO_ID = (
    "Its id, or that of one of its options, is no id of neetoCal's: run `pulumi refresh`. If that fails, too, remove "
    "the resource from the state (`pulumi state delete`), then import it or declare adopt=True."
)


def segment(identifier: str) -> str:
    """
    Return an id as a segment of a path; one from a damaged state or a strange answer cannot lead elsewhere.

    Raises:
        UnexpectedResponseError: it can't be an id.
    """
    if not is_identifier(identifier):
        raise UnexpectedResponseError(_NO_ID)
    return identifier
