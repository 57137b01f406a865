"""
What exists in the emulated workspaces, and the rules it obeys; knows no HTTP.
"""

from __future__ import annotations

from neetocal_emulator.store.store import Store
from neetocal_emulator.store.workspace import Workspace

__all__ = ["Store", "Workspace"]
