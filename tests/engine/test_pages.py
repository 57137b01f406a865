"""
The pages under docs/, done as they say: walked from top to bottom, and their programs deployed.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from neetocal_emulator import Emulator
from tests.doc_blocks import MARK, PAGES, WALKED, blocks, expected, is_program, script
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack

pytestmark = pytest.mark.matrix

PROGRAMS_OF_PAGES = [block for block in blocks(*PAGES) if is_program(block)]


@pytest.fixture
def api_version() -> str:
    """
    Run pages under version 2, as they are written.
    """
    return "v2"


@pytest.mark.parametrize("page", WALKED)
def test_a_page_can_be_walked(page: str, tmp_path: Path, emulator: Emulator) -> None:
    """
    Every file is written, every command succeeds, and what each is said to say is in its output, in order.
    """
    walked = [block for block in blocks(page) if not block.not_run]
    (tmp_path / "backend").mkdir()
    environment = {
        **os.environ,
        **emulator.environment(),
        "PULUMI_BACKEND_URL": (tmp_path / "backend").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    (tmp_path / "links").mkdir()

    done = subprocess.run(
        ["bash", "-eu"],
        input=script(walked).replace("http://127.0.0.1:8470", emulator.url),
        cwd=tmp_path / "links",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for block, said in zip(walked, done.stdout.split(MARK), strict=True):
        rest = said
        for line in expected(block):
            assert line in rest, f"{block}: {line!r} is not in\n{rest}"
            rest = rest.split(line, 1)[1]


def test_the_programs_of_all_pages_deploy(tmp_path: Path, emulator: Emulator) -> None:
    """
    One after the other, in a stack with the config that they ask for.
    """
    emulator.switch(unknown_hosts="accepted")
    stack = Stack(PROGRAMS / "readme", tmp_path, emulator.environment())
    stack.config("euKey", "globex-demo-key", "--secret")
    stack.config("teams", '{"sales": {"members": ["ada@acme.example"]}}')

    for block in PROGRAMS_OF_PAGES:
        (stack.folder / "readme.py").write_text(block.text)
        stack.up()

    assert len(PROGRAMS_OF_PAGES) >= 5
