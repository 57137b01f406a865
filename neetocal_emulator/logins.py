"""
Logins of the official command line tool that a person has begun, and confirmed or not yet.
"""

from __future__ import annotations

import secrets

__all__ = ["Logins"]

_MOST = 100


class Logins:
    """
    The latest logins by their tokens.
    """

    def __init__(self) -> None:
        """
        Begin without any.
        """
        self._workspaces: dict[str, str | None] = {}

    def __contains__(self, token: object) -> bool:
        return token in self._workspaces

    def begin(self) -> str:
        """
        Return the token of a new login, and forget the oldest beyond a hundred.
        """
        token = secrets.token_urlsafe(16)
        self._workspaces[token] = None
        if len(self._workspaces) > _MOST:
            del self._workspaces[next(iter(self._workspaces))]
        return token

    def confirm(self, token: str, workspace: str) -> None:
        """
        Let a login that has begun into a workspace.
        """
        self._workspaces[token] = workspace

    def workspace(self, token: str) -> str | None:
        """
        Return the workspace that a login was let into, or None.
        """
        return self._workspaces.get(token)

    def clear(self) -> None:
        """
        Forget all.
        """
        self._workspaces.clear()
