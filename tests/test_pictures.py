"""
The pictures of README and site: few, small, used, and without anything of the machine they were taken on.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.doc_blocks import PAGES, ROOT
from tools.drawings import DRAWINGS
from tools.pictures import as_svg

PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())
LARGEST = 150 * 1024


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small_and_used(path: Path) -> None:
    """
    Some page shows it, with words for those who cannot see it.
    """
    pages = "".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)

    assert path.stat().st_size < LARGEST
    assert re.search(rf"!\[[^\]]+\]\((docs/)?pictures/{path.name}\)", pages)


@pytest.mark.parametrize("path", [path for path in PICTURES if path.suffix == ".svg"], ids=lambda path: path.name)
def test_a_drawing_loads_nothing_and_names_no_machine(path: Path) -> None:
    """
    No fonts from elsewhere, no folders.
    """
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"(?:url\(|href=|src=)[\"']?https?:", text) == []
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", text)) <= {"8470"}
    assert "@font-face" not in text
    assert re.search(r"/(tmp|home|root|Users)/", text) is None


def test_the_drawing_of_the_layers_tells_the_core_from_what_knows_pulumi() -> None:
    """
    As the contracts in pyproject.toml do.
    """
    drawing = DRAWINGS["layers.svg"]()

    kinds = {name: kind for kind, name in re.findall(r'<rect class="(\w+)"[^>]*/><text[^>]*>(\w+)</text>', drawing)}
    assert (kinds["core"], kinds["settings"]) == ("box", "box")
    assert (kinds["sdk"], kinds["native"]) == ("edge", "edge")


def test_the_drawing_of_the_core_has_every_module() -> None:
    """
    A new one has its place in it, too.
    """
    modules = {path.stem for path in (ROOT / "neetocal_provider" / "core").glob("[!_]*.py")}

    assert {name for name in modules if f">{name}</text>" not in DRAWINGS["core.svg"]()} == set()


def test_what_differs_from_run_to_run_is_left_out() -> None:
    """
    Ports, and the lines that only say that something goes on.
    """
    shown = as_svg("pulumi up", "@ updating....\r\n\r\n\x1b[32mhttp://127.0.0.1:40123/intro\x1b[0m\r\n")

    assert "http://127.0.0.1:8470/intro" in shown
    assert "updating" not in shown


def test_a_long_text_is_cut_in_the_middle() -> None:
    """
    What is in the end counts most.
    """
    shown = as_svg("list", "\n".join(f"line-{number}" for number in range(100)))

    assert "line-0" in shown
    assert "line-99" in shown
    assert "line-50" not in shown
    assert len(DRAWINGS) < len(PICTURES)
