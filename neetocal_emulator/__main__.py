"""
`python -m neetocal_emulator` is the command line, and so is the command `neetocal-emulator`.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """
    Run the command, or say which extra brings what it needs.
    """
    try:
        from neetocal_emulator import cli
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        sys.exit(f"error: there is no {missing}: pip install 'neetocal-provider[emulator]' brings it.")
    cli.main(prog_name="neetocal-emulator")


if __name__ == "__main__":
    main()
