"""
What several folders of tests share: an emulator, and a browser.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections.abc import Iterator

import pytest
import stamina
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright

from neetocal_emulator import Emulator

RINGS = ("main", "matrix", "all")
"""`make test` runs the first, `make test-matrix` the second."""

# However slow the machine is: what takes longer than these waits is broken.
expect.set_options(timeout=30_000)
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

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
    Let either ring of tests be run, and the tests of the engine under either provider; see tests/engine/conftest.py.
    """
    parser.addoption("--ring", choices=RINGS, default=RINGS[0], help="which tests to run: main, matrix or all")
    parser.addoption("--host", choices=["dynamic", "native", "both"], help="what the tests of the engine run under")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Leave out the tests of the other ring, unless a provider is chosen.
    """
    ring = config.getoption("--ring")
    if ring == "all" or config.getoption("--host"):
        return
    out = [item for item in items if (item.get_closest_marker("matrix") is not None) is not (ring == "matrix")]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


def pytest_collection_finish() -> None:
    """
    Leave the tests and modules, which stay to the end, out of each garbage collection that follows.
    """
    gc.collect()
    gc.freeze()


def pytest_xdist_auto_num_workers() -> int:
    """
    Let `-n auto` start two workers for each processor: while one waits for the engine, the other one works.
    """
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """
    Let SIGINT have its usual meaning in what the tests start, though a shell has started them in the background.

    The engine ends its plugins by it, and waits five seconds for each that ignores it.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
