"""
The engine that is on PATH already.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.engine.errors import WayFailedError
from tools.engine.release import OLDEST_VERSION, PYTHON_HOST

_LIMIT_S = 20


def candidate(path: str) -> Path | None:
    """
    Find the first `pulumi` on a search path, good or not.
    """
    found = shutil.which("pulumi", path=path)
    return Path(found).absolute() if found else None


def check(pulumi: Path, path: str) -> Path:
    """
    Return the directory of a `pulumi` that will do.

    Raises:
        WayFailedError: it is too old, broken, or lacks the language host of Python.
    """
    version = _version(pulumi)
    if version < OLDEST_VERSION:
        raise WayFailedError(f"{pulumi} is {_dotted(version)}, older than {_dotted(OLDEST_VERSION)}")
    if not has_host(pulumi, PYTHON_HOST, path):
        raise WayFailedError(f"{pulumi} has no {PYTHON_HOST} beside it or on PATH")
    return pulumi.parent


def has_host(pulumi: Path, host: str, path: str) -> bool:
    """
    Tell whether a `pulumi` finds a language host, for example `pulumi-language-yaml`.
    """
    # The engine looks beside itself too, behind any symbolic link.
    beside = [str(pulumi.parent), str(pulumi.resolve().parent)]
    return shutil.which(host, path=os.pathsep.join([*beside, path])) is not None


def _version(pulumi: Path) -> tuple[int, ...]:
    try:
        said = subprocess.run(
            [pulumi, "version"],
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LIMIT_S,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise WayFailedError(f"{pulumi} does not work (`pulumi version` failed)") from error
    numbers = re.match(r"v?(\d+)\.(\d+)\.(\d+)", said.strip())
    if numbers is None:
        raise WayFailedError(f"{pulumi} does not work (`pulumi version` names no version)")
    return tuple(int(number) for number in numbers.groups())


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)
