"""
A client of the emulator, as the provider makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client
from neetocal_provider.settings import Settings
from tests.emulator.api import Api

Connect = Callable[..., Client]
Fresh = Callable[[], Client]


@pytest.fixture
def core(emulator: Emulator) -> Iterator[Connect]:
    """
    Give a function that connects to the emulator's workspace `acme` in one version of the API.
    """

    environment = emulator.environment()
    clients: dict[str, Client] = {}

    def connected(api_version: str = "v2") -> Client:
        if api_version not in clients:
            settings = Settings(
                workspace="acme",
                api_key=environment["NEETOCAL_API_KEY"],
                base_url=environment["NEETOCAL_BASE_URL"],
                api_version=api_version,
            )
            clients[api_version] = Client(settings)
        return clients[api_version]

    yield connected
    for client in clients.values():
        client.close()


@pytest.fixture(params=["v2", "v1"])
def fresh(request: pytest.FixtureRequest, core: Connect) -> Iterator[Fresh]:
    """
    Give a function that connects as a new run of the engine does.
    """
    clients = []

    def connected() -> Client:
        clients.append(Client(core(request.param).settings))
        return clients[-1]

    yield connected
    for client in clients:
        client.close()


@pytest.fixture
def api(emulator: Emulator) -> Iterator[Api]:
    """
    Version 2 of the API, for what people do beside the program.
    """
    with closing(Api(emulator.url)) as api:
        yield api
