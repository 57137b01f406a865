"""
`SchedulingLink`, `MeetingTemplate` and `Provider` of the native provider: the same arguments, another type.

A stack moves here from the dynamic host, and back, without a change: each resource also goes by its name there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from neetocal_provider import lifecycle
from neetocal_provider.meeting_template import AnyMeetingTemplate
from neetocal_provider.moving import formerly
from neetocal_provider.native.schema import DYNAMIC_TYPE, TYPE
from neetocal_provider.scheduling_link import AnySchedulingLink

__all__ = ["MeetingTemplate", "Provider", "SchedulingLink"]


class SchedulingLink(AnySchedulingLink):
    """
    A neetoCal scheduling link; `neetocal_provider.SchedulingLink` tells what its arguments mean.
    """

    def _register(self, resource_name: str, arguments: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        # None where only neetoCal can tell: Pulumi makes attributes of the keys it finds here.
        properties = {**dict.fromkeys(lifecycle.COMPUTED), **arguments}
        known = formerly(opts, f"{DYNAMIC_TYPE}SchedulingLink")
        pulumi.CustomResource.__init__(self, f"{TYPE}SchedulingLink", resource_name, properties, known)


class MeetingTemplate(AnyMeetingTemplate):
    """
    A neetoCal meeting template; `neetocal_provider.MeetingTemplate` tells what its arguments mean.
    """

    def _register(self, resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        known = formerly(opts, f"{DYNAMIC_TYPE}MeetingTemplate")
        pulumi.CustomResource.__init__(self, f"{TYPE}MeetingTemplate", resource_name, {**properties}, known)


class Provider(pulumi.ProviderResource):
    """
    A workspace of neetoCal, to be given as `ResourceOptions(provider=…)` and `InvokeOptions(provider=…)`.

    What is not given here comes from the environment, else from the default; the stack config is not looked at. The
    key is a secret in the state of this resource and nowhere else.

    Args:
        resource_name: The provider's name in the stack.

        workspace: The subdomain of the workspace, as in https://SUBDOMAIN.neetocal.com.

        api_key: An API key of that workspace.

        base_url: The address of the workspace; https://{workspace}.neetocal.com by default.

        api_version: v2, or the deprecated v1.

        adopt: Whether links that exist already are taken over where a new one would need their slug.

        max_attempts: How often a request is sent at most that is refused for now or gets no answer.

        timeout: For how many seconds a request is tried at most, pauses included.

        max_requests_per_second: How many requests leave at most in a second.

        opts: Pulumi's options of the resource.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        workspace: pulumi.Input[str] | None = None,
        api_key: pulumi.Input[str] | None = None,
        base_url: pulumi.Input[str] | None = None,
        api_version: pulumi.Input[str] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        max_attempts: pulumi.Input[int] | None = None,
        timeout: pulumi.Input[float] | None = None,
        max_requests_per_second: pulumi.Input[float] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        given = {
            "workspace": workspace,
            "apiKey": None if api_key is None else pulumi.Output.secret(api_key),
            "baseUrl": base_url,
            "apiVersion": api_version,
            "adopt": adopt,
            "maxAttempts": max_attempts,
            "timeout": timeout,
            "maxRequestsPerSecond": max_requests_per_second,
        }
        super().__init__("neetocal", resource_name, given, opts)
