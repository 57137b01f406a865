"""
Whether the engine finds the plugin of the native provider: a program asks before it registers anything.

The engine looks for it under `plugins:` in Pulumi.yaml, on its PATH, then in its plugin folder. Without the plugin it
tries to download one, and the program ends with a traceback. Source: `GetPluginPath` in Pulumi's Go SDK
(common/workspace/plugins.go).
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi.automation import LocalWorkspace
from pulumi.runtime import get_root_directory
from pulumi.runtime.settings import get_monitor

from neetocal_provider.sdk.program_run import PerRun, mocks_in_use

__all__ = ["Engine", "PACKAGE", "PLUGIN", "assume_plugin", "installed_launchers", "require_plugin", "scripts"]

PACKAGE = "neetocal"

PLUGIN = f"pulumi-resource-{PACKAGE}"
"""The name of the program that the engine looks for."""


def scripts() -> Path:
    """
    Return the folder of this environment's commands, the plugin among them.
    """
    beside = Path(sys.executable).parent
    folders = (beside, sysconfig.get_path("scripts"), sysconfig.get_path("scripts", f"{os.name}_user"))
    return Path(next((folder for folder in folders if shutil.which(PLUGIN, path=str(folder))), beside))


def installed_launchers(variables: Mapping[str, str]) -> list[Path]:
    """
    Return the folders that an engine with these environment variables starts the plugin from.
    """
    given = variables.get("PULUMI_HOME")
    homes = [Path(given)] if given else [Path.home() / ".pulumi", Path(f"~{_user()}").expanduser() / ".pulumi"]
    return [folder for home in homes for folder in home.glob(f"plugins/resource-{PACKAGE}-v*") if folder.is_dir()]


def _user() -> str:
    """
    Return the name of this user, whose home the engine may look up instead of reading HOME; empty on Windows.
    """
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""


def require_plugin(package: str) -> None:
    """
    Refuse to register a resource of the native provider, or to look something up, if the engine has no plugin for it.

    If the engine's environment cannot be known, the engine is left to find out.

    Args:
        package: Pulumi's name of the package; others than the native provider's need no plugin.

    Raises:
        pulumi.RunError: the engine does not find the plugin.
    """
    if package != PACKAGE or get_monitor() is None or mocks_in_use() or _IS_FOUND.get():
        return
    raise pulumi.RunError(
        f"neetocal_provider.native needs {PLUGIN}, which the Pulumi engine finds neither on its PATH nor in its plugin "
        f"folder: run `{scripts() / 'neetocal-provider'} plugin install` once, or name the folder {scripts()} under "
        "`plugins:` in Pulumi.yaml."
    )


def assume_plugin() -> None:
    """
    Don't look for the plugin in this run: it is the plugin itself that registers resources.
    """
    _IS_FOUND.set(True)


@dataclass(frozen=True, kw_only=True)
class Engine:
    """
    What is known of an engine that may run this program.

    Attributes:
        variables: its environment.

        project: what its Pulumi.yaml says; None if that cannot be read.
    """

    variables: Mapping[str, str]
    project: Mapping[str, Any] | None

    def finds_plugin(self) -> bool:
        """
        Whether it finds the plugin, or may.
        """
        if self.project is None or PACKAGE in self.variables.get("PULUMI_DEBUG_PROVIDERS", ""):
            return True
        if any(PACKAGE in str(self.project.get(section)) for section in ("plugins", "packages")):
            return True
        is_path_ignored = self.variables.get("PULUMI_IGNORE_AMBIENT_PLUGINS", "").lower() in ("1", "t", "true")
        on_path = None if is_path_ignored else shutil.which(PLUGIN, path=self.variables.get("PATH", ""))
        return on_path is not None or bool(installed_launchers(self.variables))


def _is_found() -> bool:
    is_known = False
    for engine in chain(_of_command_line(), _of_automation_api()):
        if engine.finds_plugin():
            return True
        is_known = True
    return not is_known


_IS_FOUND = PerRun(_is_found)


def _of_command_line() -> Iterator[Engine]:
    """
    Yield the engine that has started this process through a language host.

    Language hosts that don't say where the project is leave the program to its folder, or to one below.
    """
    root = get_root_directory()
    below = [Path(root)] if root else [Path.cwd(), *Path.cwd().parents]
    for folder in below:
        file = _project_file(folder)
        if file:
            project = _read(file)
            yield Engine(variables=_outside_of_environment(project) if root else os.environ, project=project)
            return


def _outside_of_environment(project: Mapping[str, Any] | None) -> Mapping[str, str]:
    """
    Return the variables as they were before the language host put the virtual environment of Pulumi.yaml on the PATH.
    """
    runtime = (project or {}).get("runtime")
    options = runtime.get("options") if isinstance(runtime, Mapping) else None
    is_activated = isinstance(options, Mapping) and (
        options.get("virtualenv") or options.get("toolchain") in ("uv", "poetry")
    )
    first, _, others = os.environ.get("PATH", "").partition(os.pathsep)
    if is_activated and Path(first).parent == Path(os.environ.get("VIRTUAL_ENV", "")):
        return {**os.environ, "PATH": others}
    return os.environ


def _of_automation_api() -> Iterator[Engine]:
    """
    Yield the engines that this process itself may have started, for programs that are functions of it.

    A workspace of the Automation API is known to nobody but the program that has it.
    """
    for each in gc.get_objects():
        if issubclass(type(each), LocalWorkspace):
            home = {"PULUMI_HOME": each.pulumi_home} if each.pulumi_home else {}
            file = _project_file(Path(each.work_dir))
            yield Engine(variables={**os.environ, **home, **each.env_vars}, project=_read(file) if file else {})


def _project_file(folder: Path) -> Path | None:
    files = (folder / f"Pulumi.{ending}" for ending in ("yaml", "yml", "json"))
    return next((file for file in files if file.exists()), None)


def _read(file: Path) -> Mapping[str, Any] | None:
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return None
    return found if isinstance(found, Mapping) else None
