"""
What the documentation has from the code is as the code is now.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.resources.registry import RESOURCE_TYPES
from neetocal_provider.verify.questions import QUESTIONS
from tools.drawings import DRAWINGS
from tools.reference import PAGES, page_of, renewed

DOCS = Path(__file__).parent.parent / "docs"
NOTES = (DOCS / "api-notes.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_it_would_be_written_now(page: str) -> None:
    """
    `python -m tools.reference` has nothing to change.
    """
    text = (DOCS / page).read_text(encoding="utf-8")

    assert renewed(page, text) == text


@pytest.mark.parametrize(("name", "type_"), RESOURCE_TYPES.items())
def test_every_output_is_in_the_reference(name: str, type_: ResourceType) -> None:
    """
    With what it means, on the page of its resource type.
    """
    table = (DOCS / page_of(name)).read_text(encoding="utf-8").partition("<!-- outputs")[2]

    assert [output for output in ("id", *type_.schema.computed) if f"| `{output}` |" not in table] == []


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_as_it_would_be_drawn_now(name: str) -> None:
    """
    `python -m tools.drawings` has nothing to change.
    """
    assert (DOCS / "pictures" / name).read_text(encoding="utf-8") == DRAWINGS[name]()


def test_every_question_is_in_the_notes() -> None:
    """
    Whoever reads an assumption finds what checks it, and the other way round.
    """
    checks = set(re.findall(r"`([a-z0-9-]+)`", "\n".join([*_checks().values(), NOTES.split("\n## ")[0]])))

    names = {question.name for question in QUESTIONS}
    assert names - checks == set()
    assert {name for cell in _checks().values() for name in re.findall(r"`([a-z0-9-]+)`", cell)} - names == set()


def test_every_assumption_can_be_checked() -> None:
    """
    By a question, or in another way that the row names.
    """
    assumed = [row for row in _rows() if not row[2].startswith("documented") or "assumed" in row[2]]

    assert [row[0] for row in assumed if not row[3]] == []


def _rows() -> list[list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in NOTES.splitlines() if line[:2] == "| "]
    return [row for row in cells if row[0] != "Subject"]


def _checks() -> dict[str, str]:
    return {" ".join(row[:2]): row[3] for row in _rows()}
