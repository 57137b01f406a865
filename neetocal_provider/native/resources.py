"""
`SchedulingLink`, `MeetingTemplate` and `Provider` of the native provider: the same arguments, another type.

A stack moves here from the dynamic host, and back, without a change: each resource also goes by its name there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from neetocal_provider.meeting_template import MeetingTemplateBase
from neetocal_provider.scheduling_link import SchedulingLinkBase
from neetocal_provider.schema.resource import DYNAMIC_TYPE, TYPE
from neetocal_provider.sdk import provider
from neetocal_provider.sdk.provider_mismatch import refuse_foreign

__all__ = ["MeetingTemplate", "Provider", "SchedulingLink"]


class SchedulingLink(SchedulingLinkBase):
    """
    A neetoCal scheduling link; `neetocal_provider.SchedulingLink` tells what its arguments mean.
    """

    _type_under_other_host = f"{DYNAMIC_TYPE}SchedulingLink"

    def _register(self, resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        refuse_foreign(repr(resource_name), TYPE, opts)
        pulumi.CustomResource.__init__(self, f"{TYPE}SchedulingLink", resource_name, {**properties}, opts)


class MeetingTemplate(MeetingTemplateBase):
    """
    A neetoCal meeting template; `neetocal_provider.MeetingTemplate` tells what its arguments mean.
    """

    _type_under_other_host = f"{DYNAMIC_TYPE}MeetingTemplate"

    def _register(self, resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        refuse_foreign(repr(resource_name), TYPE, opts)
        pulumi.CustomResource.__init__(self, f"{TYPE}MeetingTemplate", resource_name, {**properties}, opts)


class Provider(provider.Provider):
    """
    A workspace of neetoCal; `neetocal_provider.Provider` tells what its arguments mean.
    """

    _package = "neetocal"

    @staticmethod
    def _property(key: str) -> str:
        return key.partition(":")[2]
