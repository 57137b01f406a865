"""
Print what to put first on PATH for a Pulumi engine, bringing one first if there is none.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.engine.bring import WAYS, Way, provide
from tools.engine.errors import NoEngineError
from tools.engine.programs import Programs, side_by_side
from tools.engine.progress import Progress


def main(arguments: Sequence[str] = (), ways: Sequence[Way] = WAYS) -> int:
    """
    Write one line to stdout and the rest to stderr; return the exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.engine", description=__doc__)
    parser.add_argument("--yaml", action="store_true", help="also build the language host of programs in YAML")
    with_yaml = parser.parse_args(arguments).yaml
    # A polite kill then cleans up as Ctrl-C does: the child ends, the half-filled folder goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    progress = Progress(sys.stderr)
    directories: list[Path] = []

    def bring(programs: Programs) -> None:
        directories.extend(provide(os.environ, progress, ways, with_yaml=with_yaml, programs=programs))

    try:
        # In a thread, so that an interrupt finds this one waiting.
        side_by_side(Programs(), [bring])
    except NoEngineError as error:
        progress.say(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        progress.say("error: stopped before the engine was there; run it again to go on.")
        return 130
    sys.stdout.write(f"{os.pathsep.join(map(str, directories))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
