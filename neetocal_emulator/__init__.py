"""
A stand-in for neetoCal's API: stateful, strict, on your own machine.

    from neetocal_emulator import Emulator

    with Emulator() as emulator:
        ...  # point a client at emulator.environment()
"""

from __future__ import annotations

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
