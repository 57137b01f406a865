"""
The worked examples of docs/extending.md: each done as the page says, in a copy of the repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.doc_blocks import ROOT, blocks

BLOCKS = list(blocks("docs/extending.md"))
SECTIONS = sorted({block.section for block in BLOCKS})
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*cache*", "__pycache__", ".demo", ".bench", ".hypothesis")

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.one_host("dynamic", "the tests that the page names choose their providers themselves"),
]


@pytest.mark.parametrize("section", SECTIONS)
def test_an_example_works(section: str, tmp_path: Path) -> None:
    """
    The diffs fit today's tree, and the commands after them succeed.
    """
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    patch = "".join(block.text for block in BLOCKS if block.section == section and block.language == "diff")
    commands = [block.text for block in BLOCKS if block.section == section and block.language == "sh"]

    run(copy, "git", "apply", "-C1", "--whitespace=nowarn", "-", given=patch)
    for command in commands:
        run(copy, "bash", "-eu", "-o", "pipefail", "-c", command)


def run(folder: Path, *command: str, given: str = "") -> None:
    """
    Run a command that must succeed in a copy of the repository.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    environment = {**inherited, "PYTHONPATH": str(folder), "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    done = subprocess.run(
        command, cwd=folder, env=environment, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)} failed:\n{done.stdout[-6000:]}{done.stderr[-6000:]}")
