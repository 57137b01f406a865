"""
What several folders of tests share: an emulator, and a browser.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
import stamina
from playwright.sync_api import Browser, sync_playwright

from neetocal_emulator import Emulator

CHROMIUM = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """
    Let the tests of the engine be run under either host; see tests/engine/conftest.py.
    """
    parser.addoption("--host", choices=["dynamic", "native", "both"], help="what the tests of the engine run under")


def pytest_xdist_auto_num_workers() -> int:
    """
    Let `-n auto` start one worker more than there are processors: there is always one that waits for the engine.
    """
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_between_attempts() -> Iterator[None]:
    """
    Let attempts in this process follow each other at once; stamina counts them as ever.
    """
    stamina.set_testing(True, attempts=1000, cap=True)
    yield
    stamina.set_testing(False)


@pytest.fixture
def emulator(neetocal_emulator: Emulator) -> Iterator[Emulator]:
    """
    Give an emulator that holds its default seed: workspaces `acme` and `globex`, their members, no links.

    Whatever the test is about, each refusal that it met has named its facts.
    """
    yield neetocal_emulator
    refusals = [each for each in neetocal_emulator.requests if each.status in range(400, 500) and not each.faults]
    assert [each for each in refusals if not each.facts] == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """
    One browser for all tests of a file.

    While it is there, an event loop runs in this thread, so that `asyncio.run` refuses: it must not outlive its file.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("These tests need Debian's Chromium on PATH: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield browser
        browser.close()
