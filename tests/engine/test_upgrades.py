"""
Stacks of users survive another version of this package, of Python and of Pulumi's SDK.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

import neetocal_emulator
from neetocal_emulator import Emulator
from tests.emulator.api import LINK
from tests.engine.conftest import PROGRAMS, Asked
from tests.engine.environments import ROOT, SDKS, pythons, variables
from tests.engine.stack import Stack
from tests.engine.upgrades.record import BASE_URL, FOLDER

VERSIONS = sorted(folder.name for folder in FOLDER.iterdir() if (folder / "state.json").exists())
PYTHONS = pythons()
# All on one worker, so that each environment is installed once.
_MARKS = (pytest.mark.matrix, pytest.mark.xdist_group("environments"))
ENVIRONMENTS = [
    pytest.param("", "", id="installed"),
    *(pytest.param(python, sdk, marks=_MARKS, id=f"{python}-{sdk}") for python in PYTHONS for sdk in SDKS),
]


def recorded(version: str, name: str, url: str) -> Any:
    """
    Return what is kept of a version, at this emulator's address.
    """
    return json.loads((FOLDER / version / f"{name}.json").read_text().replace(BASE_URL, url))


def seeded(meetings: list[dict[str, Any]]) -> dict[str, Any]:
    """
    Return the emulator's default seed with these links in it.
    """
    seed: dict[str, Any] = yaml.safe_load((Path(neetocal_emulator.__file__).parent / "default_seed.yaml").read_text())
    seed["workspaces"]["acme"]["meetings"] = meetings
    return seed


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("python", "sdk"), ENVIRONMENTS)
def test_a_recorded_state_comes_up_unchanged(
    tmp_path: Path, emulator: Emulator, asked: Asked, version: str, python: str, sdk: str
) -> None:
    """
    No link is touched; a refresh finds it as it is, and destroying it works.
    """
    seed = seeded(recorded(version, "seed", emulator.url))
    assert httpx.post(f"{emulator.url}/_emulator/seed", json=seed).is_success
    others = variables(PYTHONS[python], sdk) if python else {}
    stack = Stack(PROGRAMS / "links", tmp_path, {**emulator.environment(), **others})
    links = recorded(version, "links", emulator.url)
    stack.declare(**links)
    stack.restore(recorded(version, "state", emulator.url))

    assert stack.up() == {"same": len(links)}
    assert asked() == []
    assert stack.refresh() == {"refresh": len(links)}
    stack.expect_quiet()
    assert stack.destroy() == {"delete": len(links)}

    assert emulator.meetings() == []


@pytest.mark.one_host("dynamic", "the plugin unpickles nothing, so no module is missing")
def test_one_deployment_heals_a_state_whose_module_has_moved(stack: Stack, asked: Asked) -> None:
    """
    It touches no link and asks for nothing; before it, whatever reads the provider from the state fails.
    """
    stack.declare(intro=LINK, other={**LINK, "slug": "other"})
    stack.deploy()
    state = stack.state()
    for resource in state["deployment"]["resources"]:
        for kept in (resource.get("inputs", {}), resource.get("outputs", {})):
            if "__provider" in kept:
                kept["__provider"] = moved(kept["__provider"])
    stack.restore(state)
    asked()

    assert "No module named 'neetocal_provider.scheduling_lost'" in stack.fails("refresh", "--yes", "--skip-preview")
    assert stack.preview() == {"update": 2}
    assert stack.up() == {"update": 2}

    assert asked() == []
    assert stack.refresh("--expect-no-changes") == {"refresh": 2}
    assert stack.destroy() == {"delete": 2}


def moved(provider: str) -> str:
    """
    Return the pickle of the same class at a path that is no longer there, of the same length.
    """
    here, gone = b"neetocal_provider.scheduling_link", b"neetocal_provider.scheduling_lost"
    pickled = base64.b64decode(provider)
    assert here in pickled
    return base64.b64encode(pickled.replace(here, gone)).decode()


def test_every_released_version_is_among_them() -> None:
    """
    A release without its state could break every stack of its users unnoticed.
    """
    changelog = (ROOT / "CHANGELOG.md").read_text()
    released = [line.split("[")[1].split("]")[0] for line in changelog.splitlines() if line.startswith("## [")]

    assert set(released) - {"Unreleased"} <= set(VERSIONS)
    assert VERSIONS


def test_the_oldest_sdk_is_the_one_that_we_promise() -> None:
    """
    The lower bound in the package's metadata is what is tried.
    """
    metadata = (ROOT / "pyproject.toml").read_text()
    pinned = (ROOT / "tests" / "engine" / "environments" / "oldest.in").read_text().strip()

    assert f'"{pinned.replace("==", ">=").removesuffix(".0")},<4"' in metadata
