"""
The Pulumi engine on PATH, and whether it can take what this package writes.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

from neetocal_provider.errors import excerpt

__all__ = ["OLDEST", "engine_problem", "engine_version", "install_plugin", "stored_config"]

OLDEST = (3, 254)
"""The first version whose import files may hold inputs and outputs."""

_MAX_LENGTH = 256
"""Characters of what the engine says."""

_WAY_OUT = f"install {'.'.join(map(str, OLDEST))} or newer (https://www.pulumi.com/docs/install)"


def engine_version() -> str:
    """
    Return what `pulumi version` says, such as v3.259.0; empty where there is no `pulumi` on PATH.
    """
    command = shutil.which("pulumi")
    return _output(command, "version") if command else ""


def stored_config(stack: str = "") -> tuple[dict[str, str], str]:
    """
    Return the config of a stack of the project in this folder, secrets in plain text; and why it cannot be read.

    Without a project, and without a `pulumi`, there is no config, and nothing is wrong with that.

    Args:
        stack: its name; the selected one by default.
    """
    command = shutil.which("pulumi")
    here = Path.cwd()
    if command is None or not (stack or any((folder / "Pulumi.yaml").exists() for folder in (here, *here.parents))):
        return {}, ""
    chosen = ("--stack", stack) if stack else ()
    said = _output(command, "config", "--json", "--show-secrets", "--non-interactive", *chosen)
    try:
        found = json.loads(said)
    except ValueError:
        return {}, excerpt(said, _MAX_LENGTH)
    return {key: entry["value"] for key, entry in found.items() if isinstance(entry.get("value"), str)}, ""


def engine_problem() -> str:
    """
    Return a sentence on why `pulumi import` will not work here; empty where it will.
    """
    command = shutil.which("pulumi")
    if command is None:
        return f"There is no `pulumi` on PATH: {_WAY_OUT}."
    said = _output(command, "version")
    version = re.match(r"v?(\d+)\.(\d+)\.", said)
    if version is None:
        return f"`pulumi version` says {said[:80]!r}, which is no version: {_WAY_OUT}."
    if tuple(map(int, version.groups())) < OLDEST:
        return f"The `pulumi` on PATH is {said}, which cannot import these links: {_WAY_OUT}."
    return ""


def install_plugin(package: str, version: str, file: Path) -> str:
    """
    Let the engine's plugin folder have this file as the plugin of a package, in place of all other versions.

    Returns:
        Why that is not possible, in a sentence; empty if it is done.
    """
    command = shutil.which("pulumi")
    if command is None:
        return f"There is no `pulumi` on PATH: {_WAY_OUT}."
    removal = ("plugin", "rm", "resource", package, "--yes")
    installation = ("plugin", "install", "resource", package, version, "--file", str(file), "--reinstall")
    for arguments in (removal, installation):
        status, said = _done(command, *arguments)
        if status:
            return f"`pulumi {' '.join(arguments[:4])}` failed: {excerpt(said, _MAX_LENGTH)}"
    return ""


def _output(*command: str) -> str:
    return _done(*command)[1]


def _done(*command: str) -> tuple[int, str]:
    """
    Return the exit status of a command, and its output, else what it says of an error.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - no input
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, (done.stdout or done.stderr).strip()
