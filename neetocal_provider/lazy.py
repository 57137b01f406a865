"""
Names of a package that are imported when somebody asks for them (PEP 562).

A program waits for what it names, and a process that serves one resource does not import the others.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

__all__ = ["attach"]


def attach(
    package: str, names: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], Sequence[str]]]:
    """
    Return the `__getattr__` and the `__dir__` of a package.

    Args:
        package: the package's `__name__`.

        names: by absolute module name, the public names that it defines. Those modules of the package itself are
            attributes of it, too, as after an import.
    """
    modules = {name: module for module, defined in names.items() for name in defined}
    submodules = {module.rpartition(".")[2]: module for module in names if module.rpartition(".")[0] == package}

    def get(name: str) -> Any:
        if name in submodules:
            return import_module(submodules[name])
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        value = getattr(import_module(modules[name]), name)
        setattr(sys.modules[package], name, value)  # so that it is asked for once
        return value

    def names_of_package() -> Sequence[str]:
        return sorted({*vars(sys.modules[package]), *modules, *submodules})

    return get, names_of_package
