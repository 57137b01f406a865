"""
A stand-in for neetoCal's API: stateful, strict, on your own machine.

    from neetocal_emulator import Emulator

    with Emulator() as emulator:
        ...  # point a client at emulator.environment()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neetocal_emulator.emulator import Emulator
    from neetocal_emulator.errors import EmulatorError, SeedError, SetupError, StateError, SwitchError
    from neetocal_emulator.journal import Request
    from neetocal_emulator.switches import Switches

__all__ = [
    "Emulator",
    "EmulatorError",
    "Request",
    "SeedError",
    "SetupError",
    "StateError",
    "SwitchError",
    "Switches",
]

_MODULES = {"Emulator": "emulator", "Request": "journal", "Switches": "switches"}


def __getattr__(name: str) -> object:
    # On first use only: pytest imports our plugin, and with it this module, in every
    # project that has the package installed, the server's dependencies or not.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)
