"""
What an endpoint gets and gives.

An endpoint is a plain function from `Call` to `Answer`. It runs inside one
transaction and never awaits, so that nothing can come between its reads and its
writes; the adapter in `app.py` does what is asynchronous.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from neetocal_emulator.store import Workspace

__all__ = ["Answer", "Call", "Endpoint", "Version"]

Version = Literal["v1", "v2"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """
    One authenticated request.
    """

    workspace: Workspace
    version: Version
    path: Mapping[str, str]
    query: QueryParams
    body: Mapping[str, object]
    base_url: str

    @property
    def created_status(self) -> int:
        """
        The status of a create (CREATED_STATUS).
        """
        return 201 if self.version == "v2" else 200

    def fields(self, names: Collection[str], v2_only: Collection[str]) -> frozenset[str]:
        """
        Return the documented fields of this version.
        """
        return frozenset(names) | (frozenset(v2_only) if self.version == "v2" else frozenset())


@dataclass(frozen=True)
class Answer:
    """
    What goes back; a body of None is no body.
    """

    body: object = None
    status: int = field(default=200, kw_only=True)


Endpoint = Callable[[Call], Answer]
