"""
Where the objects of a resource type live in neetoCal's API, and how its answers hold them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from neetocal_provider.errors import UnexpectedResponseError

__all__ = ["Endpoints", "Rows", "is_identifier", "segment"]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """
    The list of all objects of a type.

    Attributes:
        path_v1: in version 1 of the API; empty if that is the same.

        keys: under which an answer may hold them.

        filters: the parameters of version 2 that leave some out; version 1 has none.
    """

    path: str
    path_v1: str = ""
    keys: tuple[str, ...]
    filters: tuple[str, ...] = ("search",)


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """
    The endpoints of a resource type.

    Attributes:
        path: to which one is posted, and below which it then is, under its id.

        rows: the list of all.

        envelope: keys that may hold the object in an answer; a bare one is read as well.

        id_key: under which an answer tells its id.

        flags: what answers say of each, if anything; one of which they say otherwise is something else.

        version: of the API, `v1` or `v2`, that alone has them; empty if both have.

        delete_version: the same for the deletion.

        reads_from_list: whether a list tells as much as an answer on one, so that many reads need not ask for each.
    """

    path: str
    rows: Rows
    envelope: tuple[str, ...]
    id_key: str = "id"
    flags: Mapping[str, bool] = field(default_factory=dict)
    version: str = ""
    delete_version: str = ""
    reads_from_list: bool = False

    def item(self, id_: str) -> str:
        """
        Return the path of the object with this id.

        Raises:
            UnexpectedResponseError: it can't be an id.
        """
        return f"{self.path}/{segment(id_)}"


def segment(identifier: str) -> str:
    """
    Return an id as a segment of a path; one from a damaged state or a strange answer cannot lead elsewhere.

    Raises:
        UnexpectedResponseError: it can't be an id.
    """
    if not is_identifier(identifier):
        raise UnexpectedResponseError(
            "Its id, or that of one of its options, is no id of neetoCal's: run `pulumi refresh`. If that fails, too, "
            "remove the resource from the state (`pulumi state delete`), then import it or declare adopt=True."
        )
    return identifier


def is_identifier(value: str) -> bool:
    """
    Whether a text can be a sid or the id of an option.
    """
    return re.fullmatch(r"[A-Za-z0-9_-]{1,255}", value) is not None
