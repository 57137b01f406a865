"""
The command `neetocal-provider`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neetocal_provider.lazy import attach

if TYPE_CHECKING:
    from neetocal_provider.cli.commands import main
else:  # or type checkers would take any name for an attribute
    __getattr__, __dir__ = attach(__name__, {"neetocal_provider.cli.commands": ("main",)})

__all__ = ["main"]
