"""
The official installer, run by Pulumi's Python SDK.
"""

from __future__ import annotations

from tools.engine.release import VERSION
from tools.engine.worksite import Worksite

ADDRESS = "https://get.pulumi.com/install.sh"
"""
What the SDK's `PulumiCommand.install` downloads first.
"""

REACHED_WITHIN_S = 8
_INSTALLED_WITHIN_S = 600

# Both run in a process of their own: a name lookup cannot be given a limit from inside, and this
# process must not pay for the import of the SDK.
_PROBE = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()"
_INSTALL = """
import subprocess, sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
try:
    PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
except subprocess.CalledProcessError as error:
    sys.exit((error.output or b"").decode(errors="replace") or str(error))
"""


def install(site: Worksite, *, address: str = ADDRESS, reached_within_s: float = REACHED_WITHIN_S) -> None:
    """
    Let the official installer fill the site.

    Raises:
        WayFailedError: it cannot be reached, which is known within `reached_within_s`, or it failed.
    """
    python = site.environment.python
    with site.progress.step("Looking for the official Pulumi installer"):
        site.run(
            [python, "-c", _PROBE, address],
            failure="the official installer cannot be reached",
            limit_s=reached_within_s,
        )
    site.programs.wait_for(site.environment.packages_there)
    with site.progress.step(f"Installing the Pulumi engine {VERSION}"):
        site.run(
            [python, "-c", _INSTALL, site.root, VERSION],
            failure="the official installer failed",
            limit_s=_INSTALLED_WITHIN_S,
        )
