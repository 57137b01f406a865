"""
The stack under test, and what it asks the API.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api
from tests.engine.stack import HOSTS, Stack, stacks_under

Asked = Callable[[], list[tuple[str, str]]]

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(scope="session", autouse=True)
def _engine() -> None:
    if shutil.which("pulumi") is None:
        pytest.exit(
            'there is no Pulumi engine on PATH: use `make test`, or `eval "$(make -s env)"` first', returncode=1
        )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """
    Run a test under the hosts that `--host` names; without it under the dynamic one, and marked ones under both.

    `both_hosts` marks what `make test` tries under both; `one_host(name, why)` what only one of them can promise.
    """
    only = next((mark.args[0] for mark in metafunc.definition.iter_markers("one_host")), None)
    marked = next(metafunc.definition.iter_markers("both_hosts"), None)
    by_default = (only,) if only else HOSTS if marked else HOSTS[:1]
    chosen = metafunc.config.getoption("--host")
    hosts = {None: by_default, "both": HOSTS}.get(chosen, (chosen,))
    left = [host for host in hosts if only in (None, host)] or [_NONE]
    if left != [HOSTS[0]] and "host" in metafunc.fixturenames:
        metafunc.parametrize("host", left, indirect=True)


_NONE = "none"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Leave out what no chosen host can promise; and, where none is chosen, version 1 under the plugin.

    The versions differ in the core, on which both hosts stand.
    """
    is_chosen = config.getoption("--host") is not None
    out = [item for item in items if isinstance(item, pytest.Function) and not _is_to_run(item, is_chosen=is_chosen)]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


def _is_to_run(item: pytest.Function, *, is_chosen: bool) -> bool:
    params = getattr(getattr(item, "callspec", None), "params", {})
    host = params.get("host")
    return host != _NONE and (is_chosen or host != "native" or params.get("api_version") != "v1")


@pytest.fixture(autouse=True)
def host(request: pytest.FixtureRequest) -> Iterator[str]:
    """
    Let the stacks of the test run under a host.
    """
    name: str = getattr(request, "param", HOSTS[0])
    with stacks_under(name):
        yield name


@pytest.fixture
def asked(emulator: Emulator) -> Asked:
    """
    Give a function that returns method and path of what the API was asked since its last call.
    """
    seen = 0

    def read() -> list[tuple[str, str]]:
        nonlocal seen
        new = emulator.requests[seen:]
        seen += len(new)
        return [(request.method, request.path.removeprefix("/api/external/")) for request in new]

    return read


@pytest.fixture
def api(emulator: Emulator) -> Iterator[Api]:
    """
    Version 2 of the API, for what people do beside the program.
    """
    client = Api(emulator.url)
    yield client
    client.close()


@pytest.fixture(params=["v2", "v1"])
def api_version(request: pytest.FixtureRequest) -> str:
    """
    Run the test once for each version of the API.
    """
    version: str = request.param
    return version


@pytest.fixture
def stack(tmp_path: Path, emulator: Emulator, api_version: str) -> Stack:
    """
    Give a stack whose program declares the links of `links.json`, deployed to workspace `acme`.
    """
    environment = {**emulator.environment(), "NEETOCAL_API_VERSION": api_version}
    return Stack(PROGRAMS / "links", tmp_path, environment)
