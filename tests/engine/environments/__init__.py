"""
The Pythons of this machine with the oldest and the newest Pulumi SDK, for programs that run on other ones than ours.

An environment is installed once, from the pinned and hashed list beside this file, and kept where the engine is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path

from tools.engine import cache

__all__ = ["MINORS", "ROOT", "SDKS", "pythons", "variables"]

ROOT = Path(__file__).parents[3]
SDKS = ("oldest", "newest")
_LISTS = Path(__file__).parent
MINORS = (10, 11, 12, 13)


@lru_cache
def pythons() -> dict[str, Path]:
    """
    Return the supported Pythons that are to be had here, by version.
    """
    found = {f"3.{minor}": next(_interpreters(minor), None) for minor in MINORS}
    return {version: path for version, path in found.items() if path}


def variables(python: Path, sdk: str) -> dict[str, str]:
    """
    Return the environment in which Pulumi runs programs with this Python and this SDK, installing them first.
    """
    environment = _installed(python, _LISTS / f"{sdk}.txt")
    return {
        "VIRTUAL_ENV": str(environment),
        "PATH": os.pathsep.join([str(environment / "bin"), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
    }


def _interpreters(minor: int) -> Iterator[Path]:
    """
    Yield the interpreters of a version that really run: a pyenv has commands for versions that are switched off.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [Path(sys.executable)] if sys.version_info.minor == minor else []
    candidates += [Path(found) for found in [shutil.which(f"python3.{minor}")] if found]
    candidates += sorted(pyenv.glob(f"versions/3.{minor}.*/bin/python3.{minor}"))
    for path in candidates:
        if subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            yield path


def _installed(python: Path, pinned: Path) -> Path:
    version = subprocess.run([python, "-VV"], capture_output=True, check=True).stdout
    key = hashlib.sha256(version + str(python).encode() + pinned.read_bytes()).hexdigest()[:16]
    target = cache.root(os.environ) / "environments" / key

    def make(folder: Path) -> None:
        # The language host asks pip for what is installed. A folder that is made elsewhere must be relocatable.
        _uv("venv", "--seed", "--relocatable", "--python", python, folder)
        _uv("pip", "install", "--require-hashes", "--python", folder, "-r", pinned)

    cache.fill(target, make, is_whole=lambda folder: (folder / "bin" / "python").exists(), waiting=nullcontext)
    return target


def _uv(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "uv", "--quiet", *arguments], check=True)
