"""
`SchedulingLink`, a Pulumi resource: its arguments, its dynamic provider and the resource itself.

The class path of `SchedulingLinkProvider`, the type token and the property names are recorded in the state of every
user's stack; tests/test_public_api.py says what breaks when one of them moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import pulumi

from neetocal_provider.dynamic.provider import BaseResourceProvider
from neetocal_provider.dynamic.resource import DynamicResource
from neetocal_provider.resources.link_fields import Kind, Spot
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.sdk.resource import BaseResource, EntryArgs

__all__ = [
    "DurationArgs",
    "DurationArgsDict",
    "SchedulingLink",
    "SchedulingLinkArgsDict",
    "SchedulingLinkBase",
    "SchedulingLinkProvider",
    "SpotArgs",
    "SpotArgsDict",
]


# Arguments


class DurationArgs(EntryArgs):
    """
    A length that visitors can choose.

    Args:
        duration: minutes, 1 to 1440.

        is_default: whether it is the one chosen beforehand; exactly one of a link's durations is.
    """

    def __init__(self, duration: pulumi.Input[int], is_default: pulumi.Input[bool] = False) -> None:
        self.duration = duration
        self.is_default = is_default


class _DurationArgsRequired(TypedDict):
    duration: pulumi.Input[int]


class DurationArgsDict(_DurationArgsRequired, total=False):
    """
    The same as `DurationArgs`, for those who prefer dictionaries.
    """

    is_default: pulumi.Input[bool]


class SpotArgs(EntryArgs):
    """
    A place that visitors can choose.

    Args:
        spot: where to meet; `phone_call`, `in_person` and `custom` need their text below.

        is_default: whether it is the one chosen beforehand; exactly one of a link's spots is.

        phone_call_number: the number to call.

        in_person_location: where to go.

        custom_text: how to meet.
    """

    def __init__(
        self,
        spot: pulumi.Input[Spot | str],
        is_default: pulumi.Input[bool] = False,
        *,
        phone_call_number: pulumi.Input[str] | None = None,
        in_person_location: pulumi.Input[str] | None = None,
        custom_text: pulumi.Input[str] | None = None,
    ) -> None:
        self.spot = spot
        self.is_default = is_default
        self.phone_call_number = phone_call_number
        self.in_person_location = in_person_location
        self.custom_text = custom_text


class _SpotArgsRequired(TypedDict):
    spot: pulumi.Input[Spot | str]


class SpotArgsDict(_SpotArgsRequired, total=False):
    """
    The same as `SpotArgs`, for those who prefer dictionaries.
    """

    is_default: pulumi.Input[bool]
    phone_call_number: pulumi.Input[str]
    in_person_location: pulumi.Input[str]
    custom_text: pulumi.Input[str]


class SchedulingLinkArgsDict(TypedDict, total=False):
    """
    The arguments of `SchedulingLink` as a dictionary, for links that are described before they are made.
    """

    slug: pulumi.Input[str]
    name: pulumi.Input[str]
    hosts: pulumi.Input[Sequence[pulumi.Input[str]]]
    duration: pulumi.Input[int]
    template_id: pulumi.Input[str]
    description: pulumi.Input[str]
    kind: pulumi.Input[Kind | str]
    start_time_increment: pulumi.Input[int]
    before_buffer_time: pulumi.Input[int]
    after_buffer_time: pulumi.Input[int]
    is_multiple_durations_allowed: pulumi.Input[bool]
    is_multiple_spots_allowed: pulumi.Input[bool]
    spot: pulumi.Input[Spot | str]
    spot_phone_call_number: pulumi.Input[str]
    spot_custom_text: pulumi.Input[str]
    spot_in_person_location: pulumi.Input[str]
    locked_time_zone: pulumi.Input[str]
    durations: pulumi.Input[Sequence[pulumi.Input[DurationArgs | DurationArgsDict]]]
    spots: pulumi.Input[Sequence[pulumi.Input[SpotArgs | SpotArgsDict]]]
    force_destroy: pulumi.Input[bool]
    adopt: pulumi.Input[bool]


# Provider


class SchedulingLinkProvider(BaseResourceProvider):
    """
    The life of a scheduling link, as Pulumi's dynamic host calls for it.

    Stored in every resource's state as its import path.
    """

    resource_type = SCHEDULING_LINK


# Resource


class SchedulingLinkBase(BaseResource):
    """
    A scheduling link under either host: what a program gives and gets. See `SchedulingLink`.
    """

    _schema = SCHEDULING_LINK.schema

    slug: pulumi.Output[str]
    name: pulumi.Output[str]
    hosts: pulumi.Output[Sequence[str]]
    duration: pulumi.Output[int]
    template_id: pulumi.Output[str | None]
    description: pulumi.Output[str | None]
    start_time_increment: pulumi.Output[int | None]
    before_buffer_time: pulumi.Output[int | None]
    after_buffer_time: pulumi.Output[int | None]
    is_multiple_durations_allowed: pulumi.Output[bool | None]
    is_multiple_spots_allowed: pulumi.Output[bool | None]
    spot: pulumi.Output[str | None]
    spot_phone_call_number: pulumi.Output[str | None]
    spot_custom_text: pulumi.Output[str | None]
    spot_in_person_location: pulumi.Output[str | None]
    locked_time_zone: pulumi.Output[str | None]
    durations: pulumi.Output[Sequence[Mapping[str, Any]] | None]
    spots: pulumi.Output[Sequence[Mapping[str, Any]] | None]
    force_destroy: pulumi.Output[bool | None]

    url: pulumi.Output[str]
    """The public address at which visitors book."""

    meeting_id: pulumi.Output[str]
    """The link's uuid, under which other parts of neetoCal's API know it."""

    disabled: pulumi.Output[bool]
    """
    Whether the link takes no bookings; set by people in the web app, or by neetoCal.

    neetoCal disables a link if its last host has left, or if its payment provider is disconnected.
    """

    kind: pulumi.Output[str]
    """How the hosts are used, as it stood on neetoCal at the last operation, declared or not."""

    def __init__(
        self,
        resource_name: str,
        *,
        slug: pulumi.Input[str],
        name: pulumi.Input[str],
        hosts: pulumi.Input[Sequence[pulumi.Input[str]]],
        duration: pulumi.Input[int],
        template_id: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        kind: pulumi.Input[Kind | str] | None = None,
        start_time_increment: pulumi.Input[int] | None = None,
        before_buffer_time: pulumi.Input[int] | None = None,
        after_buffer_time: pulumi.Input[int] | None = None,
        is_multiple_durations_allowed: pulumi.Input[bool] | None = None,
        is_multiple_spots_allowed: pulumi.Input[bool] | None = None,
        spot: pulumi.Input[Spot | str] | None = None,
        spot_phone_call_number: pulumi.Input[str] | None = None,
        spot_custom_text: pulumi.Input[str] | None = None,
        spot_in_person_location: pulumi.Input[str] | None = None,
        locked_time_zone: pulumi.Input[str] | None = None,
        durations: pulumi.Input[Sequence[pulumi.Input[DurationArgs | DurationArgsDict]]] | None = None,
        spots: pulumi.Input[Sequence[pulumi.Input[SpotArgs | SpotArgsDict]]] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._declare(resource_name, locals(), opts)


class SchedulingLink(SchedulingLinkBase, DynamicResource, provider=SchedulingLinkProvider):
    """
    A neetoCal scheduling link: an address at which visitors book a meeting with its hosts.

    The arguments that a program gives are managed; what it leaves out is left alone. The resource's id is the link's
    sid. Which workspace the link lives in is a matter of the settings (`neetocal:workspace`), not of an argument.

    Args:
        resource_name: the resource's name in the stack.

        slug: The last part of the public address; unique in the workspace.

        name: The name that visitors see.

        hosts: The e-mail addresses of the hosts, members of the workspace.

        duration: The length of a meeting in minutes, 1 to 1440.

        template_id: The id of a meeting template to copy when the link is made; arguments given beside it win.

        description: What the meeting is about.

        kind: How the hosts are used: one_on_one, round_robin, multihost or grouped.

        start_time_increment: Minutes between the start times on offer, at least 3.

        before_buffer_time: Minutes kept free before a meeting, 0 to 1440.

        after_buffer_time: Minutes kept free after a meeting, 0 to 1440.

        is_multiple_durations_allowed: Whether visitors choose among `durations`.

        is_multiple_spots_allowed: Whether visitors choose among `spots`.

        spot: Where the meeting takes place, such as zoom, google_meet, phone_call or in_person.

        spot_phone_call_number: The number to call, where `spot` is phone_call.

        spot_custom_text: How to meet, where `spot` is custom.

        spot_in_person_location: Where to meet, where `spot` is in_person.

        locked_time_zone: The IANA time zone in which times are shown, wherever the visitor is.

        durations: The lengths that visitors choose from, exactly one of them the default.

        spots: The places that visitors choose from, exactly one of them the default.

        force_destroy: Whether the link may be deleted or replaced while it has upcoming bookings.

        adopt: Whether a link that has the slug already is taken over, and changed to what is declared.

        opts: Pulumi's options of the resource.
    """
