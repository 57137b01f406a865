"""
Where a way to the engine does its work, and how it runs programs there.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.engine.errors import WayFailedError
from tools.engine.progress import Progress


@dataclass(frozen=True, kw_only=True)
class Worksite:
    """
    The folders of one try, and whom to tell.
    """

    root: Path
    """
    Becomes the cache folder; what is in its `bin/` when the way returns is the engine.
    """
    scratch: Path
    """
    Outlives a killed run, so that the next one need not start from nothing.
    """
    log: Path
    """
    Takes what the programs say; only the person at this machine reads it.
    """
    progress: Progress

    @property
    def bin(self) -> Path:
        """
        The folder for the executables.
        """
        return self.root / "bin"

    def run(
        self,
        command: Sequence[str | Path],
        *,
        failure: str,
        limit_s: float,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """
        Run a program to its end and return what it wrote to stdout; stderr goes to the log.

        Args:
            failure: what it means for the user when the program fails, as part of a sentence.
            limit_s: the program is killed after so many seconds.

        Raises:
            WayFailedError: it could not be started, failed, or took too long.
        """
        with self.log.open("a") as log:
            try:
                done = subprocess.run(
                    command,
                    cwd=cwd or self.root,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    errors="replace",
                    timeout=limit_s,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise WayFailedError(f"{failure} (not done within {limit_s:g} s)") from error
            except OSError as error:
                raise WayFailedError(f"{failure} ({error.strerror}: {command[0]})") from error
        if done.returncode:
            raise WayFailedError(f"{failure} (exit status {done.returncode})")
        return done.stdout
