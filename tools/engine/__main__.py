"""
Print the directory that holds a Pulumi engine, bringing one first if there is none.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from tools.engine.bring import WAYS, Way, provide
from tools.engine.errors import NoEngineError
from tools.engine.progress import Progress


def main(ways: Sequence[Way] = WAYS) -> int:
    """
    Write one line to stdout and the rest to stderr; return the exit status.
    """
    # A polite kill then cleans up as Ctrl-C does: the child ends, the half-filled folder goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    progress = Progress(sys.stderr)
    try:
        directory = provide(os.environ, progress, ways)
    except NoEngineError as error:
        progress.say(f"error: {error}")
        return 1
    except OSError as error:
        progress.say(
            f"error: the engine cannot be kept ({error}); NEETOCAL_ENGINE_CACHE can name a folder that takes it."
        )
        return 1
    except KeyboardInterrupt:
        progress.say("error: stopped before the engine was there; run it again to go on.")
        return 130
    sys.stdout.write(f"{directory}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
