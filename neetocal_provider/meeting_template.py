"""
`MeetingTemplate`, a Pulumi resource: what links can be made from.

The class path of `MeetingTemplateProvider`, the type token and the property names are recorded in the state of every
user's stack; tests/test_public_api.py says what breaks when one of them moves.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from neetocal_provider.dynamic.provider import BaseResourceProvider
from neetocal_provider.dynamic.resource import DynamicResource
from neetocal_provider.resources.link_fields import Kind, Spot
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.sdk.resource import BaseResource

__all__ = ["MeetingTemplate", "MeetingTemplateBase", "MeetingTemplateProvider"]


class MeetingTemplateProvider(BaseResourceProvider):
    """
    The life of a meeting template, as Pulumi's dynamic host calls for it.

    Stored in every resource's state as its import path.
    """

    resource_type = MEETING_TEMPLATE


class MeetingTemplateBase(BaseResource):
    """
    A meeting template under either host: what a program gives and gets. See `MeetingTemplate`.
    """

    _schema = MEETING_TEMPLATE.schema

    slug: pulumi.Output[str]
    name: pulumi.Output[str]
    duration: pulumi.Output[int]
    hosts: pulumi.Output[Sequence[str] | None]
    description: pulumi.Output[str | None]
    start_time_increment: pulumi.Output[int | None]
    before_buffer_time: pulumi.Output[int | None]
    after_buffer_time: pulumi.Output[int | None]
    spot: pulumi.Output[str | None]
    spot_phone_call_number: pulumi.Output[str | None]
    spot_custom_text: pulumi.Output[str | None]
    spot_in_person_location: pulumi.Output[str | None]
    locked_time_zone: pulumi.Output[str | None]

    kind: pulumi.Output[str]
    """How the hosts are used, as it stands on neetoCal, declared or not."""

    def __init__(
        self,
        resource_name: str,
        *,
        slug: pulumi.Input[str],
        name: pulumi.Input[str],
        duration: pulumi.Input[int],
        hosts: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        description: pulumi.Input[str] | None = None,
        kind: pulumi.Input[Kind | str] | None = None,
        start_time_increment: pulumi.Input[int] | None = None,
        before_buffer_time: pulumi.Input[int] | None = None,
        after_buffer_time: pulumi.Input[int] | None = None,
        spot: pulumi.Input[Spot | str] | None = None,
        spot_phone_call_number: pulumi.Input[str] | None = None,
        spot_custom_text: pulumi.Input[str] | None = None,
        spot_in_person_location: pulumi.Input[str] | None = None,
        locked_time_zone: pulumi.Input[str] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._declare(resource_name, locals(), opts)


class MeetingTemplate(MeetingTemplateBase, DynamicResource, provider=MeetingTemplateProvider):
    """
    A neetoCal meeting template: what `SchedulingLink(template_id=template.id)` is made from. It needs version 2.

    A link copies its template once, when it is made: a template that changes or goes changes no link. The arguments
    that a program gives are managed; what it leaves out is left alone. The resource's id is the template's uuid.

    Args:
        resource_name: The resource's name in the stack.

        slug: The template's own slug; unique in the workspace.

        name: The name under which it is found.

        duration: The length of a meeting in minutes, 1 to 1440.

        hosts: The e-mail addresses of hosts, members of the workspace.

        description: What the meeting is about.

        kind: How the hosts are used: one_on_one, round_robin, multihost or grouped.

        start_time_increment: Minutes between the start times on offer, at least 3.

        before_buffer_time: Minutes kept free before a meeting, 0 to 1440.

        after_buffer_time: Minutes kept free after a meeting, 0 to 1440.

        spot: Where the meeting takes place, such as zoom, google_meet, phone_call or in_person.

        spot_phone_call_number: The number to call, where `spot` is phone_call.

        spot_custom_text: How to meet, where `spot` is custom.

        spot_in_person_location: Where to meet, where `spot` is in_person.

        locked_time_zone: The IANA time zone in which times are shown, wherever the visitor is.

        adopt: Whether a template that has the slug already is taken over, and changed to what is declared.

        opts: Pulumi's options of the resource.
    """
