"""
Where the workspace, the key, the address and the API version come from.

Every setting is looked up in the same order: stack config, environment, default.
Values are validated together, so that one run names everything that is wrong.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from neetocal_provider.errors import ConfigError, printable
from neetocal_provider.redaction import redacted

__all__ = [
    "API_VERSIONS",
    "DEMO_KEY",
    "LOGS",
    "SETTINGS",
    "Setting",
    "Settings",
    "load_settings",
    "settings_for",
    "without_userinfo",
]

Config = Callable[[str], Any]
"""
Looks a key such as `neetocal:workspace` up in the stack config; None when it is not set.

Stack config is text; a provider that a program makes itself may have been given a number or a flag.
"""

API_VERSIONS = ("v2", "v1")

LOGS = ("off", "debug")

DEMO_KEY = "-demo-key"
"""How keys of an emulator end, and no real one: such a key may be sent unencrypted, as to another container."""

_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """
    One setting, by both its names.
    """

    config_key: str
    variable: str
    purpose: str
    default: str | None = None

    def find(self, config: Config) -> str | None:
        """
        Return the configured value, else the environment's, else the default.
        """
        return self.locate(config)[0]

    def locate(self, config: Config) -> tuple[str | None, str]:
        """
        Return the value with the place where it was found, in words.

        An empty environment variable counts as unset, as in the vendor's own tools.
        """
        configured = config(self.config_key)
        if configured is not None:
            return _as_text(configured), "stack config"
        exported = os.environ.get(self.variable)
        if exported:
            return exported, f"environment ({self.variable})"
        return self.default, "" if self.default is None else "default"

    def __str__(self) -> str:
        return f"{self.config_key} (environment: {self.variable})"


SETTINGS = {
    "workspace": Setting(
        config_key="neetocal:workspace",
        variable="NEETOCAL_WORKSPACE",
        purpose="the subdomain of the workspace, as in https://SUBDOMAIN.neetocal.com",
    ),
    "api_key": Setting(
        config_key="neetocal:apiKey",
        variable="NEETOCAL_API_KEY",
        purpose="an API key of that workspace; in stack config always as a secret",
    ),
    "base_url": Setting(
        config_key="neetocal:baseUrl",
        variable="NEETOCAL_BASE_URL",
        purpose=f"the address of the workspace; plain http only on loopback, or with a key that ends with {DEMO_KEY}",
        default="https://{workspace}.neetocal.com",
    ),
    "api_version": Setting(
        config_key="neetocal:apiVersion",
        variable="NEETOCAL_API_VERSION",
        purpose="the version of the API: v2, or the deprecated v1",
        default="v2",
    ),
    "adopt": Setting(
        config_key="neetocal:adopt",
        variable="NEETOCAL_ADOPT",
        purpose="whether links that exist already are taken over where a new one would need their slug",
        default="false",
    ),
    "max_attempts": Setting(
        config_key="neetocal:maxAttempts",
        variable="NEETOCAL_MAX_ATTEMPTS",
        purpose="how often a request is sent at most that is refused for now or gets no answer",
        default="6",
    ),
    "timeout": Setting(
        config_key="neetocal:timeout",
        variable="NEETOCAL_TIMEOUT",
        purpose="for how many seconds a request is tried at most, pauses included",
        default="300",
    ),
    "max_requests_per_second": Setting(
        config_key="neetocal:maxRequestsPerSecond",
        variable="NEETOCAL_MAX_REQUESTS_PER_SECOND",
        purpose="how many requests leave at most in a second; without it, as many as neetoCal takes",
    ),
    "log": Setting(
        config_key="neetocal:log",
        variable="NEETOCAL_LOG",
        purpose="debug shows each request, without keys, bodies and addresses, and the traceback of each failure",
        default="off",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """
    Validated settings of one workspace.

    `base_url` has no trailing slash. The keys are left out of `repr`, so that no log can hold them.

    Attributes:
        is_key_recorded: whether the key may be that of the last `pulumi up` rather than today's.

        fallback_key: another key of the same workspace, to be tried where `api_key` is refused; empty for none.
    """

    workspace: str
    api_key: str = field(repr=False)
    base_url: str
    api_version: str = "v2"
    adopt: bool = False
    max_attempts: int = 6
    timeout: float = 300.0
    max_requests_per_second: float | None = None
    log: str = "off"
    is_key_recorded: bool = False
    fallback_key: str = field(default="", repr=False)

    def redacted(self, text: str) -> str:
        """
        Return the text without the keys.
        """
        return redacted(text, self.api_key, self.fallback_key)

    @property
    def is_loopback(self) -> bool:
        """
        Whether the address is this machine's own, as an emulator's is.
        """
        return _is_loopback(urlsplit(self.base_url).hostname or "")

    def public_url(self, slug: str) -> str:
        """
        Return the address at which visitors book the link with this slug.

        Source: the `url` of a one-off link in the vendor's reference; see docs/api-notes.md, "Public address".
        """
        return f"{self.base_url}/{slug}"


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def load_settings(config: Config) -> Settings:
    """
    Return the settings of this run, read anew by each call.

    Raises:
        ConfigError: a setting is missing or malformed; `.problems` has one sentence for each.
    """
    return _validated(**{name: setting.find(config) for name, setting in SETTINGS.items()})


@lru_cache
def _validated(**found: str | None) -> Settings:
    """
    Return the settings that have these values; each operation of a run asks for the same ones.
    """
    problems = [problem for name, check in _CHECKS.items() for problem in check(SETTINGS[name], found[name])]
    problems += _unencrypted_problems(found["base_url"] or "", found["api_key"] or "")
    if problems:
        # A key that was given for something else is no less a key.
        raise ConfigError(*(redacted(problem, found["api_key"] or "") for problem in problems))
    values = {name: value or "" for name, value in found.items()}
    return Settings(
        workspace=values["workspace"],
        api_key=values["api_key"],
        base_url=values["base_url"].replace("{workspace}", values["workspace"]).rstrip("/"),
        api_version=values["api_version"],
        adopt=_FLAGS[values["adopt"].lower()],
        max_attempts=int(values["max_attempts"]),
        timeout=float(values["timeout"]),
        max_requests_per_second=float(values["max_requests_per_second"] or 0) or None,
        log=values["log"],
    )


def settings_for(workspace: str | None, config: Config, *former: Config) -> Settings:
    """
    Return the settings with which a recorded link, which lives in this workspace, can be reached.

    `pulumi refresh` and `pulumi destroy` hand over the stack config of the last `pulumi up`, while the environment is
    that of the run. So where the config's key is refused, the environment's may still open the workspace.

    A key opens one workspace only. When the configured one is another, the former settings or the environment may
    still hold the right ones: that is how a link is removed from a workspace that the stack has moved away from.

    Raises:
        ConfigError: none leads to this workspace.
    """
    current = _recorded_settings(config)
    if workspace in (None, current.workspace):
        return current
    for other in (*former, lambda _key: None):  # the last leaves it to the environment
        found = _settings_if_valid(other)
        if found is not None and found.workspace == workspace:
            return found
    raise ConfigError(
        f"This link lives in workspace {workspace!r}, but {SETTINGS['workspace']} is {current.workspace!r}: give "
        f"{SETTINGS['workspace'].variable} and {SETTINGS['api_key'].variable} of {workspace!r} in the environment "
        "for this run, or remove the link in the web app and run `pulumi state delete` on it."
    )


def _recorded_settings(config: Config) -> Settings:
    try:
        current = load_settings(config)
    except ConfigError as error:
        raise ConfigError(
            *error.problems,
            "`pulumi refresh` and `pulumi destroy` take the stack config as the last `pulumi up` recorded it: after a "
            "change add --run-program.",
        ) from error
    if config(SETTINGS["api_key"].config_key) is None:
        return current
    return replace(current, is_key_recorded=True, fallback_key=_fallback_key(current, config))


def _fallback_key(current: Settings, config: Config) -> str:
    """
    Return the environment's key where it is another one and meant for the same place; else an empty text.

    What the environment says of workspace and address must be what the stack says, or nothing.
    """

    def only_where_the_environment_is_silent(key: str) -> str | None:
        is_given = any(os.environ.get(setting.variable) for setting in SETTINGS.values() if setting.config_key == key)
        return None if is_given else config(key)

    found = _settings_if_valid(only_where_the_environment_is_silent)
    if found is None or (found.workspace, found.base_url) != (current.workspace, current.base_url):
        return ""
    return found.api_key if found.api_key != current.api_key else ""


def _settings_if_valid(config: Config) -> Settings | None:
    try:
        return load_settings(config)
    except ConfigError:
        return None


# One check for each setting


def _workspace_problems(setting: Setting, value: str | None) -> Iterator[str]:
    if value is None:
        yield _missing(setting)
    elif not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", value):
        yield (
            f"{setting} is {_shown(value)}, which is not a workspace: give the subdomain alone, in lower-case letters, "
            "digits and hyphens, such as acme for https://acme.neetocal.com."
        )


def _api_key_problems(setting: Setting, value: str | None) -> Iterator[str]:
    if value is None:
        yield _missing(setting, option="--secret ")
    elif not re.fullmatch(r"[\x21-\x7e]+", value):
        yield (
            f"{setting} is empty or has spaces, line ends or other characters that no key has (it is not shown here): "
            "copy it again from Admin panel > API keys."
        )


def _base_url_problems(setting: Setting, value: str | None) -> Iterator[str]:
    address = _parse(value or "")
    if address is None:
        shown = _shown(without_userinfo(value or ""))
        yield (
            f"{setting} is {shown}, which is not an address: give scheme and host alone, such as "
            "https://acme.neetocal.com."
        )


def _unencrypted_problems(base_url: str, api_key: str) -> Iterator[str]:
    address = _parse(base_url)
    if address is None or address.scheme == "https" or api_key.endswith(DEMO_KEY):
        return
    if not _is_loopback(address.hostname or ""):
        yield (
            f"{SETTINGS['base_url']} is {_shown(base_url)}, which would send the API key unencrypted to "
            f"{address.hostname}: use https://, or plain http for an emulator, either on 127.0.0.1 or with a key that "
            f"ends with {DEMO_KEY}."
        )


def _api_version_problems(setting: Setting, value: str | None) -> Iterator[str]:
    if value not in API_VERSIONS:
        yield f"{setting} is {_shown(value)}, which is no version of the API: use v2, or v1 where v2 cannot be used."


def _adopt_problems(setting: Setting, value: str | None) -> Iterator[str]:
    if (value or "").lower() not in _FLAGS:
        yield f"{setting} is {_shown(value)}, which is neither yes nor no: use true or false."


def _max_attempts_problems(setting: Setting, value: str | None) -> Iterator[str]:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", value or ""):
        yield f"{setting} is {_shown(value)}, which is no number of attempts: give a whole number from 1 to 999."


def _seconds_problems(setting: Setting, value: str | None) -> Iterator[str]:
    if not _is_positive(value or ""):
        yield f"{setting} is {_shown(value)}, which is no time: give a number of seconds above 0, such as 300."


def _rate_problems(setting: Setting, value: str | None) -> Iterator[str]:
    if value is not None and not _is_positive(value):
        yield f"{setting} is {_shown(value)}, which is no rate: give a number of requests a second above 0, such as 5."


def _log_problems(setting: Setting, value: str | None) -> Iterator[str]:
    if value not in LOGS:
        yield f"{setting} is {_shown(value)}, which is no log: use debug, or off."


def _shown(value: str | None) -> str:
    """
    Return a value that is no good, for a sentence; not what may be a key, nor a part of what is long.
    """
    if value and (len(value) > _SHOWN or re.fullmatch("[A-Za-z0-9_-]{20,}", value)):
        return f"a text of {len(value)} characters that may be a key"
    return printable(repr(value))


_SHOWN = 100
"""Characters of a value that are shown at most."""


def _is_positive(value: str) -> bool:
    return re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value) is not None and float(value) > 0


_CHECKS: dict[str, Callable[[Setting, str | None], Iterator[str]]] = {
    "workspace": _workspace_problems,
    "api_key": _api_key_problems,
    "base_url": _base_url_problems,
    "api_version": _api_version_problems,
    "adopt": _adopt_problems,
    "max_attempts": _max_attempts_problems,
    "timeout": _seconds_problems,
    "max_requests_per_second": _rate_problems,
    "log": _log_problems,
}


def _missing(setting: Setting, option: str = "") -> str:
    return (
        f"{setting.config_key} is not set: run `pulumi config set {option}{setting.config_key} …` "
        f"or set {setting.variable}; it is {setting.purpose}."
    )


def without_userinfo(value: str) -> str:
    """
    Return an address without the name and the password that it may hold.
    """
    return re.sub("//.*@", "//…@", value, flags=re.DOTALL)


def _parse(value: str) -> SplitResult | None:
    """
    Return the parts of an address that is scheme and host (and port) and nothing else, or None.
    """
    label = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    host = rf"({label}(\.{label})*|\[[0-9A-Fa-f:.]+\])"
    if not re.fullmatch(rf"https?://{host}(:[0-9]{{1,5}})?/?", value.replace("{workspace}", "workspace")):
        return None
    try:
        address = urlsplit(value)
        _ = address.port  # raises where the port is no number below 65536
        if ":" in (address.hostname or "") or _ends_in_a_number(address.hostname or ""):
            ipaddress.ip_address(address.hostname or "")
    except ValueError:
        return None
    return address if address.hostname else None


def _ends_in_a_number(host: str) -> bool:
    """
    Whether a resolver may take a name for an address in one of its odd spellings, such as 127.1, 0x7f.1 or 2130706433.
    """
    return re.fullmatch("[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]) is not None


def _is_loopback(host: str) -> bool:
    """
    Whether a host is this machine for every program that reads it; an IPv4 address inside an IPv6 one is not.
    """
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None
