"""
New objects that neetoCal's servers do not all know of yet: a 404 on one is asked again, and not believed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from neetocal_provider.api.client import Client
from neetocal_provider.api.retry import retry
from neetocal_provider.errors import NeetoCalError, NotFoundError

__all__ = ["despite_lag"]

Found = TypeVar("Found")

_LAG = timedelta(seconds=30)
"""For how long a new object may be missing where objects are read: from a replica that lags behind."""

_NOT_FOUND = 404
"""Unlike 410, which is said of what was known, also the answer of who does not know yet."""


def despite_lag(client: Client, created_at: datetime | None, ask: Callable[[], Found]) -> Found:
    """
    Return what is answered on an object; a 404 on one that was created a moment ago is asked again, and not believed.

    Args:
        created_at: by neetoCal's clock, with which it is compared; None if it is not known.

    Raises:
        NotFoundError: the object is gone.

        ConfigError: the workspace does not answer either.

        NeetoCalError: the object is new, and still not found.
    """

    def is_lag(error: Exception) -> bool:
        return isinstance(error, NotFoundError) and error.status == _NOT_FOUND and _age(client, created_at) < _LAG

    try:
        return retry(client.settings, is_lag, lambda _: ask())
    except NotFoundError as error:
        if not is_lag(error):
            raise
        client.require_workspace()
        raise NeetoCalError(
            f"{error.method} {error.path} was answered with 404, although neetoCal created it "
            f"{_age(client, created_at).total_seconds():.0f} seconds ago: its servers may not all know of it "
            f"yet, so it isn't treated as deleted. Wait {_LAG.total_seconds():.0f} seconds, then run the command again."
        ) from error


def _age(client: Client, created_at: datetime | None) -> timedelta:
    """
    Return how far from now an object was created; any clock may be wrong.
    """
    return abs(client.server_time(datetime.now(timezone.utc)) - created_at) if created_at else timedelta.max
