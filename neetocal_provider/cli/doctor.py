"""
Whether everything is in place: settings and where each came from, the key, the versions, the clock.

Nothing is changed, on neetoCal or here, and the key is not told.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version

from neetocal_provider.api.client import Client
from neetocal_provider.cli.pulumi_cli import engine_problem, engine_version
from neetocal_provider.errors import ConfigError, NeetoCalError, excerpt
from neetocal_provider.redaction import redacted
from neetocal_provider.settings import SETTINGS, Settings, load_settings, without_userinfo

__all__ = ["Finding", "examine"]

_MAX_LENGTH = 100
"""Characters of a setting that are shown."""

_CLOCK_TOLERANCE = 60.0
"""Seconds between neetoCal's clock and ours that do no harm."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """
    One thing that was looked at.

    Attributes:
        value: what was found; of a key only whether there is one.

        source: where a setting came from: stack config, environment or default; empty for everything else.

        problem: in a sentence, what is wrong with it and what to do; empty where nothing is.
    """

    name: str
    value: str
    source: str = ""
    problem: str = ""


def examine(config: Mapping[str, str], unread: str = "") -> list[Finding]:
    """
    Return what there is to say, settings first.

    Args:
        config: the stack config's values by their keys, such as `neetocal:workspace`.

        unread: why the stack config could not be read, in the engine's words; empty where it could.
    """
    if unread:
        problem = f"The stack config cannot be read, so only the environment counts here. {unread}"
        return [Finding(name="Stack config", value="not read", problem=problem), *examine(config)]
    settings: Settings | None = None
    problems: Mapping[str, str] = {}
    try:
        settings = load_settings(config.get)
    except ConfigError as error:
        problems = {problem.split(" ")[0]: problem for problem in error.problems}
    found = [*_settings(config, problems), *_versions()]
    return [*found, *_workspace(settings)] if settings else found


def _settings(config: Mapping[str, str], problems: Mapping[str, str]) -> Iterator[Finding]:
    key = SETTINGS["api_key"].find(config.get) or ""
    for setting in SETTINGS.values():
        value, source = setting.locate(config.get)
        shown = _shown(value, key) if value else "not set"
        yield Finding(name=setting.config_key, value=shown, source=source, problem=problems.get(setting.config_key, ""))


def _shown(value: str, key: str) -> str:
    """
    Return a setting without what may be secret in it, on one line; of the key itself only that it is there.
    """
    return "set" if value == key else excerpt(redacted(without_userinfo(value), key), _MAX_LENGTH)


def _versions() -> Iterator[Finding]:
    yield Finding(name="Pulumi CLI", value=engine_version() or "not found", problem=engine_problem())
    yield Finding(name="Pulumi SDK", value=_installed("pulumi"))
    yield Finding(name="neetocal-provider", value=_installed("neetocal-provider"))
    yield Finding(name="Python", value=platform.python_version())


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _workspace(settings: Settings) -> Iterator[Finding]:
    with closing(Client(settings)) as client:
        started = time.monotonic()
        try:
            client.require_workspace()
        except NeetoCalError as error:
            yield Finding(name="API", value=f"{settings.base_url} ({settings.api_version})", problem=str(error))
            return
        milliseconds = 1000 * (time.monotonic() - started)
        now = datetime.now(timezone.utc)
        ahead = (client.server_time(now) - now).total_seconds()
    yield Finding(
        name="API", value=f"{settings.base_url} ({settings.api_version}) answered after {milliseconds:.0f} ms"
    )
    yield Finding(name="Key", value=f"accepted by workspace {settings.workspace}")
    is_off = abs(ahead) > _CLOCK_TOLERANCE
    yield Finding(
        name="Clock",
        value=f"{abs(ahead):.0f} s {'behind' if ahead > 0 else 'ahead of'} neetoCal's" if is_off else "as neetoCal's",
        problem="Set this machine's clock: times in logs will be wrong." if is_off else "",
    )
