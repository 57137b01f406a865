"""
Whether the pinned dependencies have known vulnerabilities, by the Open Source Vulnerabilities database.

The exit status is that of pip-audit: 0 where none is known, 1 where some are; or 3 where the database cannot be
reached, so that nobody takes an unchecked lock for a clean one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.dev.lock"
SOURCE = "https://api.osv.dev/v1/query"
NOT_REACHED = 3


def main() -> int:
    """
    Check the lock and return the exit status.
    """
    parser = argparse.ArgumentParser(description="Check requirements.dev.lock for known vulnerabilities.")
    parser.add_argument("--source", default=SOURCE, help="where to ask; default: %(default)s")
    parser.add_argument("--lock", default=LOCK, type=Path, help="what to check; default: requirements.dev.lock")
    arguments = parser.parse_args()
    reason = _why_unreachable(arguments.source)
    if reason:
        sys.stderr.write(
            f"error: {arguments.lock.name} was not checked: the advisories at {arguments.source} cannot be reached "
            f"({reason}); run this where they can.\n"
        )
        return NOT_REACHED
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(arguments.lock), "--require-hashes"]
    command += ["--disable-pip", "--vulnerability-service", "osv", "--osv-url", arguments.source]
    return subprocess.run([*command, "--progress-spinner", "off"], check=False).returncode


def _why_unreachable(address: str) -> str:
    """
    Return why nobody answers at an address; empty where somebody does, whatever the answer.
    """
    request = urllib.request.Request(address, data=b"{}", method="POST")  # noqa: S310 - ours, or the caller's
    try:
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
    except urllib.error.HTTPError:
        return ""
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))
    return ""


if __name__ == "__main__":
    sys.exit(main())
