"""
Which engine is brought, and what it consists of.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

VERSION = "3.259.0"
"""
The version that is installed or built; `pulumi/go.mod` pins the same.
"""

OLDEST_VERSION = (3, 254, 0)
"""
The oldest engine that will do: from here on an import file may carry inputs and outputs.
"""

PYTHON_HOST = "pulumi-language-python"
"""
The language host that every use of this project needs.
"""

EXECUTABLES = (
    "pulumi",
    PYTHON_HOST,
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)
"""
What the engine needs beside each other to run programs in Python, with dynamic resources.
"""

YAML_HOST = "pulumi-language-yaml"
"""
The language host of programs in YAML; it is built only on request, into a folder of its own.
"""

YAML_HOST_VERSION = "1.25.0"
"""
The version that is built; `language-yaml/go.mod` pins the same.
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


def is_whole(root: Path, executables: Sequence[str] = EXECUTABLES) -> bool:
    """
    Tell whether `root/bin` holds every executable, and none of them empty.
    """
    files = [root / "bin" / name for name in executables]
    return all(file.is_file() and file.stat().st_size and os.access(file, os.X_OK) for file in files)
