"""
The resources and the `Provider` of the native provider: the same arguments, another type.

A stack moves here from the dynamic host, and back, without a change: each resource also goes by its name there.
"""

from __future__ import annotations

from typing import Any

import pulumi

from neetocal_provider.add_on_service import AddOnServiceBase
from neetocal_provider.discount_code import DiscountCodeBase
from neetocal_provider.meeting_template import MeetingTemplateBase
from neetocal_provider.scheduling_link import SchedulingLinkBase
from neetocal_provider.schema.resource import DYNAMIC_TYPE, TYPE
from neetocal_provider.sdk import provider
from neetocal_provider.sdk.resource import BaseResource

__all__ = ["AddOnService", "DiscountCode", "MeetingTemplate", "Provider", "SchedulingLink"]


class NativeResource(BaseResource):
    """
    A resource of the native provider, whose type follows from its schema.
    """

    _type_prefix, _other_type_prefix = TYPE, DYNAMIC_TYPE

    def _construct(self, resource_name: str, properties: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        pulumi.CustomResource.__init__(self, f"{TYPE}{self._schema.name}", resource_name, properties, opts)


class SchedulingLink(SchedulingLinkBase, NativeResource):
    """
    A neetoCal scheduling link; `neetocal_provider.SchedulingLink` tells what its arguments mean.
    """


class MeetingTemplate(MeetingTemplateBase, NativeResource):
    """
    A neetoCal meeting template; `neetocal_provider.MeetingTemplate` tells what its arguments mean.
    """


class AddOnService(AddOnServiceBase, NativeResource):
    """
    An add-on service of a link; `neetocal_provider.AddOnService` tells what its arguments mean.
    """


class DiscountCode(DiscountCodeBase, NativeResource):
    """
    What visitors pay less with; `neetocal_provider.DiscountCode` tells what its arguments mean.
    """


class Provider(provider.Provider):
    """
    A workspace of neetoCal; `neetocal_provider.Provider` tells what its arguments mean.
    """

    _package = "neetocal"

    @staticmethod
    def _property(key: str) -> str:
        return key.partition(":")[2]
