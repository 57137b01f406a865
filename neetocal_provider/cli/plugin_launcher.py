"""
The launcher in Pulumi's plugin folder, by which the engine finds the plugin of an environment that is not on its PATH.
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from neetocal_provider.cli.pulumi_cli import install_plugin
from neetocal_provider.sdk.plugin_search import PACKAGE, PLUGIN, scripts
from neetocal_provider.version import __version__

__all__ = ["install"]

_SCRIPT = """#!/bin/sh
# Written by `neetocal-provider plugin install`.
plugin={plugin}
if [ ! -x "$plugin" ]; then
    echo "$plugin is gone: run \\`neetocal-provider plugin install\\` in the environment of the program." >&2
    exit 1
fi
exec "$plugin" "$@"
"""


def install() -> str:
    """
    Let the engine start the plugin of this environment, in place of any other that its plugin folder has.

    Returns:
        Why that is not possible, in a sentence; empty if it is done.
    """
    plugin = shutil.which(PLUGIN, path=str(scripts()))
    if plugin is None:
        return f"There is no {PLUGIN} in {scripts()}: install neetocal-provider there again."
    if os.name == "nt":  # the command holds the path of its Python, so a copy of it is a launcher
        return install_plugin(PACKAGE, __version__, Path(plugin))
    with TemporaryDirectory() as folder:
        launcher = Path(folder, PLUGIN)
        launcher.write_text(_SCRIPT.format(plugin=shlex.quote(plugin)), encoding="utf-8")
        launcher.chmod(0o755)
        return install_plugin(PACKAGE, __version__, launcher)
