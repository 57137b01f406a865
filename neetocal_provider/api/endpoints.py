"""
Where the objects of a resource type live in neetoCal's API, and how its answers hold them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from neetocal_provider.errors import UnexpectedResponseError
from neetocal_provider.schema.fields import MEETING_TEMPLATE, SCHEDULING_LINK

__all__ = ["ENDPOINTS", "Endpoints", "Rows", "is_identifier", "segment"]


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
            "Its id, or that of one of its options, is no id of neetoCal's: run `pulumi refresh`, then `pulumi up`."
        )
    return identifier


def is_identifier(value: str) -> bool:
    """
    Whether a text can be a sid or the id of an option.
    """
    return re.fullmatch(r"[A-Za-z0-9_-]{1,255}", value) is not None


ENDPOINTS = {
    # Create and update wrap a link; the vendor's pages disagree on GET, see docs/api-notes.md, "GET one link". Version
    # 1 documents no DELETE.
    SCHEDULING_LINK.name: Endpoints(
        path="meetings",
        rows=Rows(path="meetings", keys=("meetings",), filters=("search", "host_email")),
        envelope=("meeting",),
        id_key="sid",
        flags={"is_template": False},
        delete_version="v2",
        reads_from_list=True,
    ),
    # The vendor's pages and its own tool know the list and the object by different keys.
    MEETING_TEMPLATE.name: Endpoints(
        path="meeting-templates",
        rows=Rows(path="meeting-templates", path_v1="meeting_templates", keys=("templates", "meeting_templates")),
        envelope=("meeting_template", "template", "meeting"),
        flags={"is_template": True},
        version="v2",
    ),
}
"""By the name of the resource type, its endpoints."""
