"""
Where a way to the engine does its work, and how it runs programs there.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.engine.programs import Programs
from tools.engine.progress import Progress


def _set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass(frozen=True, kw_only=True)
class Environment:
    """
    The virtual environment that a way may use; its packages may still be on their way.
    """

    python: Path = Path(sys.executable)
    packages_there: threading.Event = field(default_factory=_set)
    """
    Set as soon as Pulumi's SDK can be imported.
    """
    pip: threading.Lock = field(default_factory=threading.Lock)
    """
    Held while pip runs that may be replaced, or that replaces it.
    """


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
    programs: Programs = field(default_factory=Programs)
    environment: Environment = field(default_factory=Environment)

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
        on_line: Callable[[str], None] = lambda _: None,
    ) -> str:
        """
        Run a program here; see `Programs.run`.
        """
        return self.programs.run(
            command,
            failure=failure,
            limit_s=limit_s,
            log=self.log,
            cwd=cwd or self.root,
            env=env,
            on_line=on_line,
        )
