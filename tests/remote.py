"""
The links and the templates of a workspace, as the core asks for them and reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neetocal_provider.api.client import Client
from neetocal_provider.api.collection import Collection
from neetocal_provider.api.objects import RemoteObject
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK

__all__ = ["link_from_api", "links_of", "templates_of"]


def links_of(client: Client) -> Collection:
    """
    Return the scheduling links.
    """
    return SCHEDULING_LINK.collection(client)


def templates_of(client: Client) -> Collection:
    """
    Return the meeting templates.
    """
    return MEETING_TEMPLATE.collection(client)


def link_from_api(row: Mapping[str, Any]) -> RemoteObject:
    """
    Return a link that is answered so.
    """
    return RemoteObject.from_api(row, SCHEDULING_LINK.schema, SCHEDULING_LINK.endpoints)
