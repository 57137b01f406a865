"""
`Provider`: settings of a workspace other than the stack's own, for some resources and lookups of a program.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi
from pulumi.runtime import get_config

from neetocal_provider.sdk.plugin_search import require_plugin
from neetocal_provider.sdk.program_run import PerRun
from neetocal_provider.settings import SETTINGS

__all__ = ["DECLARED", "Config", "Provider", "config_of", "stack_config"]

Config = Mapping[str, str]


class Provider(pulumi.ProviderResource):
    """
    A workspace of neetoCal, to be given as `ResourceOptions(provider=…)` to links, templates and teams, and as
    `InvokeOptions(provider=…)` to lookups.

    Settings that are not given come from the environment, else from the default; the stack config is not read. A
    `Provider` without any argument takes the stack config, as resources without a provider do. The
    key is a secret in the state of this resource and nowhere else: a new one updates the provider and touches no link.

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
        require_plugin(self._package)
        given = {
            "workspace": workspace,
            "api_key": api_key,
            "base_url": base_url,
            "api_version": api_version,
            "adopt": adopt,
            "max_attempts": max_attempts,
            "timeout": timeout,
            "max_requests_per_second": max_requests_per_second,
        }
        keyed: Mapping[str, pulumi.Input[Any]] = {
            SETTINGS[name].config_key: value for name, value in given.items() if value is not None
        } or stack_config()
        texts = {key: pulumi.Output.from_input(value).apply(_text) for key, value in keyed.items()}
        properties = {self._property(key): _hidden(key, text) for key, text in texts.items()}
        super().__init__(self._package, resource_name, properties, opts)
        DECLARED.get().append(self)
        # Not public, and secret: a program that exports its provider exports every public attribute.
        self._settings: pulumi.Output[Config] = pulumi.Output.secret(pulumi.Output.all(**texts))
        is_plain = not any(isinstance(value, pulumi.Output) for value in keyed.values())
        self._plain_settings = {key: _text(value) for key, value in keyed.items()} if is_plain else None

    def known(self) -> Config | pulumi.Output[Config]:
        """
        Return the given settings by their config keys, the key among them, for lookups; later where one is an `Output`.
        """
        return self._settings if self._plain_settings is None else self._plain_settings

    _package: ClassVar[str] = "pulumi-python"
    """Whose provider it is to the engine: that of the dynamic host."""

    @staticmethod
    def _property(key: str) -> str:
        """
        Return the name under which the host looks for a setting.
        """
        return key


DECLARED: PerRun[list[Provider]] = PerRun(list)
"""The providers that a program has declared so far."""


def _hidden(key: str, text: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.secret(text) if key == SETTINGS["api_key"].config_key else text


def stack_config() -> Config:
    """
    Return what the stack config says, by its keys.
    """
    keys = (setting.config_key for setting in SETTINGS.values())
    return {key: value for key in keys if (value := get_config(key)) is not None}


def config_of(provider: pulumi.ProviderResource | None) -> Config | pulumi.Output[Config] | None:
    """
    Return the settings of a provider by their config keys, those of the stack config where there is none.

    None where it is not one of ours, so that nothing is known of it.
    """
    if provider is None:
        return stack_config()
    if isinstance(provider, Provider):
        return provider.known()
    return None


def _text(value: object) -> str:
    """
    Return a setting as the stack config writes it.
    """
    return str(value).lower() if isinstance(value, bool) else str(value)
