"""
`python -m neetocal_emulator` is the command line.
"""

from __future__ import annotations

from neetocal_emulator.cli import main

main(prog_name="neetocal-emulator")
