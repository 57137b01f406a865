"""
What the core does, of a scheduling link unless a test names another resource type last.
"""

from __future__ import annotations

from neetocal_provider.api.client import Client
from neetocal_provider.core import check as checks
from neetocal_provider.core import create as creates
from neetocal_provider.core import diff as diffs
from neetocal_provider.core import lifecycle
from neetocal_provider.core.create import CreateResult
from neetocal_provider.core.diff import Diff
from neetocal_provider.core.lifecycle import UpdateResult
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.state import ReadResult
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.resource import Failure, Properties
from neetocal_provider.settings import Settings

__all__ = ["check", "create", "delete", "diff", "preview_adoption", "preview_refusal", "read", "update"]


def check(news: Properties, api_version: str, type_: ResourceType = SCHEDULING_LINK) -> list[Failure]:
    """
    Return what is wrong with arguments.
    """
    return checks.check(type_, news, api_version)


def diff(olds: Properties, news: Properties, settings: Settings, type_: ResourceType = SCHEDULING_LINK) -> Diff:
    """
    Compare outputs with arguments.
    """
    return diffs.diff(type_, olds, news, settings)


def create(client: Client, news: Properties, type_: ResourceType = SCHEDULING_LINK) -> CreateResult:
    """
    Create it.
    """
    return creates.create(client, type_, news)


def preview_adoption(client: Client, news: Properties, type_: ResourceType = SCHEDULING_LINK) -> str:
    """
    Say what would be adopted.
    """
    return creates.preview_adoption(client, type_, news)


def read(client: Client, id_: str, props: Properties, type_: ResourceType = SCHEDULING_LINK) -> ReadResult | None:
    """
    Read it.
    """
    return lifecycle.read(client, type_, id_, props)


def update(
    client: Client, id_: str, olds: Properties, news: Properties, type_: ResourceType = SCHEDULING_LINK
) -> UpdateResult:
    """
    Update it.
    """
    return lifecycle.update(client, type_, id_, olds, news)


def delete(client: Client, id_: str, props: Properties, type_: ResourceType = SCHEDULING_LINK) -> None:
    """
    Delete it.
    """
    lifecycle.delete(client, type_, id_, props)


def preview_refusal(client: Client, id_: str, props: Properties, type_: ResourceType = SCHEDULING_LINK) -> str:
    """
    Say why it would not be deleted.
    """
    return lifecycle.preview_refusal(client, type_, id_, props)
