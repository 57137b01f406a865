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
    Let a test run under both providers, or under the one that `--host` names or that alone can promise it.
    """
    only = _only_host(metafunc.definition)
    chosen = metafunc.config.getoption("--host")
    hosts = [host for host in HOSTS if only in (None, host) and chosen in (None, "both", host)] or [_NONE]
    metafunc.parametrize("host", hosts, indirect=True)


_NONE = "none"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Leave out what no chosen provider can promise; and, if none is chosen, version 1 under the native one.

    The versions differ in the core, on which both providers stand.
    """
    is_chosen = config.getoption("--host") is not None
    out = [item for item in items if _is_of_engine(item) and not _is_to_run(item, is_chosen=is_chosen)]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]
    if not is_chosen:
        for item in filter(_is_of_engine, items):
            if not _is_first_cell(item):
                item.add_marker(pytest.mark.matrix)


def _is_of_engine(item: pytest.Item) -> bool:
    return Path(__file__).parent in item.path.parents


def _is_to_run(item: pytest.Item, *, is_chosen: bool) -> bool:
    host = _params(item).get("host")
    return host != _NONE and (is_chosen or host != "native" or _params(item).get("api_version") != "v1")


def _is_first_cell(item: pytest.Item) -> bool:
    """
    Whether this is the test under version 2 of the API and the dynamic provider, or the only one that can promise it.
    """
    params = _params(item)
    return params.get("host") == (_only_host(item) or HOSTS[0]) and params.get("api_version") != "v1"


def _only_host(node: pytest.Item) -> str | None:
    return next((str(mark.args[0]) for mark in node.iter_markers("one_host")), None)


def _params(item: pytest.Item) -> dict[str, object]:
    return getattr(getattr(item, "callspec", None), "params", {})


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
