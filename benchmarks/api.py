"""
The emulator in a process of its own, as every contender meets it: with a latency, and with a journal.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

__all__ = ["KEY", "Api", "Asked", "serving"]

KEY = "bench-key"
SEED: dict[str, Any] = {
    "workspaces": {
        "bench": {"api_keys": [KEY], "team_members": [{"email": "ada@acme.example", "organization_role": "Admin"}]}
    }
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """
    What the API was asked: requests by method, and how many of them were under way at once at most.
    """

    requests: Mapping[str, int] = field(default_factory=dict)
    peak: int = 0


class Api:
    """
    A running emulator, to be set up and asked what it saw.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=f"{url}/_emulator", trust_env=False, timeout=120)

    def environment(self) -> dict[str, str]:
        """
        Return the variables that point a client here.
        """
        return {"NEETOCAL_BASE_URL": self.url, "NEETOCAL_API_KEY": KEY, "NEETOCAL_WORKSPACE": "bench"}

    def begin(self, latency_ms: int, meetings: Sequence[Mapping[str, Any]] = ()) -> None:
        """
        Go back to a workspace with these links, and from now on wait so long before every answer.
        """
        self._tell("/seed", {"workspaces": {"bench": {**SEED["workspaces"]["bench"], "meetings": meetings}}})
        if latency_ms:
            self._tell("/faults", {"kind": "latency", "seconds": latency_ms / 1000})

    def count(self) -> int:
        """
        Return how many requests there were.
        """
        return len(self._journal())

    def asked(self, since: int) -> Asked:
        """
        Return what was asked after so many requests.
        """
        journal = self._journal()[since:]
        return Asked(requests=dict(Counter(each["method"] for each in journal)), peak=_peak(journal))

    def close(self) -> None:
        """
        Close the connection to its control routes.
        """
        self._http.close()

    def _journal(self) -> list[dict[str, Any]]:
        journal: list[dict[str, Any]] = self._http.get("/requests").raise_for_status().json()["requests"]
        return journal

    def _tell(self, path: str, body: object) -> None:
        self._http.post(path, json=body).raise_for_status()


def _peak(journal: Sequence[Mapping[str, Any]]) -> int:
    """
    Return how many requests overlap at most; overlaps of less than a millisecond, to which the journal tells their
    begin, are not seen.
    """
    moments = []
    for each in journal:
        begin = 1000 * datetime.fromisoformat(each["at"].removesuffix("Z")).timestamp()
        moments += [(begin + 1, 1), (begin + max(1.0, each["duration_ms"]), -1)]
    peak, now = min(1, len(journal)), 0
    for _moment, step in sorted(moments):
        now += step
        peak = max(peak, now)
    return peak


@contextmanager
def serving() -> Iterator[Api]:
    """
    Serve in a process of its own, which takes its processor time from nobody's measurement but the machine's.
    """
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "seed.yaml"
        seed.write_text(json.dumps(SEED))
        command = [sys.executable, "-m", "neetocal_emulator", "serve", "--port", "0", "--seed", str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
            try:
                api = Api(str(process.stdout and process.stdout.readline().split()[3]))
                yield api
                api.close()
            finally:
                process.terminate()
