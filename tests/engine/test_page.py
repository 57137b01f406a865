"""
The emulator's page beside a deployment: what the engine makes is there at once.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from neetocal_emulator import Emulator
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack


def test_a_deployed_link_is_on_the_page(tmp_path: Path, browser: Browser) -> None:
    """
    Nobody reloads anything: the page follows the emulator.
    """
    with Emulator(page=True) as emulator:
        stack = Stack(PROGRAMS / "readme", tmp_path, emulator.environment())
        page = browser.new_page()
        page.goto(emulator.url)
        expect(page.get_by_text("Product demo")).to_have_count(0)

        stack.deploy()

        expect(page.get_by_role("link", name="Product demo").first).to_be_visible()
        page.close()
