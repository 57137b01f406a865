"""
No block of a page is a mere claim: each is run, checked, or says why it is not.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.doc_blocks import PAGES, ROOT, WALKED, Block, blocks, is_program

BLOCKS = list(blocks(*PAGES))


def test_every_block_is_run_or_says_why_not() -> None:
    """
    Walked with its page, deployed as a program, run by a test that it names, or marked with a reason.
    """
    loose = [block for block in BLOCKS if not (_is_walked(block) or is_program(block) or block.run_by or block.not_run)]

    assert [str(block) for block in loose] == []


def _is_walked(block: Block) -> bool:
    return block.page in WALKED and (block.language == "sh" or block.title != "")


@pytest.mark.parametrize("named", sorted({block.run_by for block in BLOCKS if block.run_by}))
def test_the_test_that_runs_a_block_is_there(named: str) -> None:
    """
    Under the name that the page gives.
    """
    file, _, name = named.partition("::")

    assert name in _functions(ROOT / file)


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_a_reason_is_one() -> None:
    """
    It says more than that there is one, and a page that is walked has few.
    """
    reasons = [block for block in BLOCKS if block.not_run]

    assert [str(block) for block in reasons if len(block.not_run) < 20] == []
    assert max(Counter(block.page for block in reasons if block.page in WALKED).values()) <= 2


def test_every_walked_page_is_there() -> None:
    """
    A page that was renamed is not forgotten.
    """
    assert set(WALKED) <= set(PAGES)
