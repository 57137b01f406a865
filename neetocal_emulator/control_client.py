"""
A running emulator in another process, reached through its control routes.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from neetocal_emulator.errors import RemoteError

__all__ = ["ControlClient"]

_TIMEOUT_S = 60
# Never through a proxy: an emulator is near.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ControlClient:
    """
    What can be told to a running emulator; every method raises RemoteError.
    """

    def __init__(self, url: str) -> None:
        """
        Say where it listens; nothing is asked yet.
        """
        self._url = url.rstrip("/")

    def reset(self) -> None:
        """
        Bring it back to its seed.
        """
        self._ask("POST", "/reset")

    def seed(self, seed: object) -> None:
        """
        Give it another seed, and bring it there.
        """
        self._ask("POST", "/seed", seed)

    def requests(self) -> list[dict[str, Any]]:
        """
        Return what it was asked since its last reset, oldest first.
        """
        entries: list[dict[str, Any]] = self._ask("GET", "/requests")["requests"]
        return entries

    def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        # First of all a harmless question: the address may be the real API's.
        if self._answer("GET", "/health").get("status") != "ok":
            raise self._no_emulator()
        return self._answer(method, path, body)

    def _answer(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        try:
            request = urllib.request.Request(  # noqa: S310  # refused just below unless it is HTTP
                f"{self._url}/_emulator{path}", data, {"Content-Type": "application/json"}, method=method
            )
            if request.type not in {"http", "https"}:
                raise self._no_emulator()
            with _OPENER.open(request, timeout=_TIMEOUT_S) as response:
                return self._object(response.read())
        except urllib.error.HTTPError as error:
            with error:
                text = self._object(error.read()).get("error", error.reason)
            raise RemoteError(f"The emulator at {self._url} refused: {text}") from error
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise RemoteError(f"No emulator answers at {self._url}: {reason}. Is it running? See --url.") from error

    def _object(self, data: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(data)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise self._no_emulator()
        return answer

    def _no_emulator(self) -> RemoteError:
        return RemoteError(f"What answers at {self._url} is no emulator. See --url.")
