"""
Clients of the emulator.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api


@pytest.fixture
def v1(emulator: Emulator) -> Iterator[Api]:
    """
    Version 1 with acme's key.
    """
    api = Api(emulator.url, version="v1")
    yield api
    api.close()


@pytest.fixture
def v2(emulator: Emulator) -> Iterator[Api]:
    """
    Version 2 with acme's key.
    """
    api = Api(emulator.url)
    yield api
    api.close()


@pytest.fixture
def globex(emulator: Emulator) -> Iterator[Api]:
    """
    Version 2 with the other workspace's key.
    """
    api = Api(emulator.url, key="globex-demo-key")
    yield api
    api.close()
