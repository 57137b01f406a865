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
from tools import extending

BLOCKS = list(blocks("docs/extending.md"))
SECTIONS = sorted({block.section for block in BLOCKS})
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*cache*", "__pycache__", ".demo", ".bench", ".hypothesis")

APPLY = ("git", "apply", "-C1", "--unidiff-zero", "--whitespace=nowarn", "-")
BASH = ("bash", "-eu", "-o", "pipefail", "-c")
WITHOUT_IT = """
if grep -rE 'AddOnService|ADD_ON_SERVICE' neetocal_provider --include='*.py'; then exit 1; fi
neetocal-provider schema pulumi > schemas/schema.json
lint-imports
pytest tests/native/test_schema.py tests/core/test_lost_answers.py
"""

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.one_host("dynamic", "the tests that the page names choose their providers themselves"),
]


@pytest.mark.parametrize("section", SECTIONS)
def test_an_example_works(section: str, tmp_path: Path) -> None:
    """
    The diffs fit today's tree, and the commands after them succeed.

    What the tree has already is taken out first, and in the end the tree is as it was.
    """
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    patch = "".join(block.text for block in BLOCKS if block.section == section and block.language == "diff")
    commands = [block.text for block in BLOCKS if block.section == section and block.language == "sh"]
    if section == extending.SECTION:
        take_out(copy, patch)

    run(copy, *APPLY, given=patch)
    for command in commands:
        run(copy, *BASH, command)

    if section == extending.SECTION:
        assert [path for path, content in before.items() if path.read_bytes() != content] == []


def take_out(copy: Path, patch: str) -> None:
    """
    Take the resource of the page out of a copy, and show that the rest of the provider works without it.
    """
    run(copy, *APPLY, "--reverse", given=patch)
    run(copy, *BASH, WITHOUT_IT)


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
