"""
One workspace inside an open transaction: what every verb of the store works on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from neetocal_emulator.store.clock import Clock
    from neetocal_emulator.store.identity import Identifiers
    from neetocal_emulator.store.list_index import WorkspaceLists
    from neetocal_emulator.switches import Switches

__all__ = ["Workspace"]


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """
    A customer's data, reachable until the transaction ends.
    """

    name: str
    organization_id: str
    connection: sqlite3.Connection
    switches: Switches
    clock: Clock
    identifiers: Identifiers
    lists: WorkspaceLists
