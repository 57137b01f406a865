"""
Which engine is brought, and what it consists of.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

VERSION = "3.259.0"
"""
The version that is installed or built; `pulumi/go.mod` pins the same.
"""

OLDEST_VERSION = (3, 254, 0)
"""
The oldest engine that will do: from here on an import file may carry inputs and outputs.
"""

LANGUAGE_HOSTS = ("pulumi-language-python", "pulumi-language-yaml")
"""
What runs programs; YAML shows that our plugin serves other languages.
"""

EXECUTABLES = (
    "pulumi",
    *LANGUAGE_HOSTS,
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)
"""
What the engine needs beside each other to run these programs, with dynamic resources in Python.
"""

_GO_NAMES = {"x86_64": "amd64", "aarch64": "arm64", "i686": "386", "armv7l": "arm"}


def system() -> str:
    """
    Name this operating system as Go does: linux, darwin.
    """
    return platform.system().lower()


def machine() -> str:
    """
    Name this processor as Go does: amd64, arm64.
    """
    name = platform.machine().lower()
    return _GO_NAMES.get(name, name)


def is_whole(root: Path) -> bool:
    """
    Tell whether `root/bin` holds every executable, and none of them empty.
    """
    files = [root / "bin" / name for name in EXECUTABLES]
    return all(file.is_file() and file.stat().st_size and os.access(file, os.X_OK) for file in files)
