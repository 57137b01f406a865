"""
What can be told of a release without building it: `make release-check` does the rest.
"""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

from neetocal_provider import __version__
from tests.engine.environments import MINORS
from tools.release import ReleaseError, check_contents, published

ROOT = Path(__file__).parent.parent
WORKFLOWS = [*(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "examples").glob("*/.github/workflows/*.yml")]


def test_version_changelog_and_tag_are_one() -> None:
    """
    The newest version that the changelog tells of is this one, and so is the tag, where this commit has one.
    """
    told = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    tags = subprocess.run(
        ["git", "tag", "--points-at", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()

    assert told[0] in ("Unreleased", __version__)
    assert [version for version in told if version != "Unreleased"][:1] in ([], [__version__])
    assert [tag for tag in tags if tag.startswith("v")] in ([], [f"v{__version__}"])
    assert not tags or __version__ in told


def test_the_metadata_names_what_is_supported() -> None:
    """
    Pythons, types and licence, as an index shows them.
    """
    told = metadata("neetocal-provider")

    shown = [each.rpartition(" ")[2] for each in told.get_all("Classifier") or [] if "Python :: 3." in each]
    assert shown == [f"3.{minor}" for minor in MINORS]
    assert "Typing :: Typed" in (told.get_all("Classifier") or [])
    assert (told["License-Expression"], told["Version"]) == ("Apache-2.0", __version__)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_one(path: Path) -> None:
    """
    By the schema of workflows, which comes with the checker.
    """
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_can_do_no_more_than_it_must(path: Path) -> None:
    """
    It reads, unless a job says otherwise; no token for publishing is kept anywhere.
    """
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert workflow["permissions"] == {"contents": "read"}
    assert "password" not in path.read_text(encoding="utf-8")
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_the_workflow_tests_every_python() -> None:
    """
    As they are named in the metadata.
    """
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))

    wanted = [f"3.{minor}" for minor in MINORS]
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == wanted
    assert workflow["jobs"]["sdks"]["steps"][1]["with"]["python-version"].split() == wanted


def test_a_package_without_its_types_is_refused() -> None:
    """
    So is one that holds somebody's state.
    """
    check_contents("good.whl", {"a/py.typed"}, ("a/py.typed",))
    with pytest.raises(ReleaseError, match=re.escape("bad.whl lacks ['a/py.typed'] and holds ['.demo/x', 'b.sqlite']")):
        check_contents("bad.whl", {".demo/x", "b.sqlite"}, ("a/py.typed",))


def test_the_bill_of_materials_is_about_what_is_published() -> None:
    """
    What is in the environment for another reason is left out, and so is where it was made.
    """
    website = {"type": "website", "url": "https://www.example.com"}
    mirror = {"type": "distribution", "url": "https://mirror.example/x"}
    bill: dict[str, Any] = {
        "metadata": {"component": {"name": "neetocal-provider", "bom-ref": "root"}},
        "components": [
            {"name": "pip", "bom-ref": "pip"},
            {"name": "httpx", "bom-ref": "httpx", "externalReferences": [website, mirror]},
            {"name": "anyio", "bom-ref": "anyio"},
        ],
        "dependencies": [
            {"ref": "root", "dependsOn": ["httpx"]},
            {"ref": "httpx", "dependsOn": ["anyio"]},
            {"ref": "pip"},
        ],
    }

    told = published(bill)

    assert told["metadata"]["component"]["version"] == __version__
    assert [(each["name"], each["externalReferences"]) for each in told["components"]] == [
        ("httpx", [website]),
        ("anyio", []),
    ]
    assert [each["ref"] for each in told["dependencies"]] == ["root", "httpx"]
