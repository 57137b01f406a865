"""
What is known of an engine, and whether it finds the plugin by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from neetocal_provider.sdk.plugin_search import Engine, scripts

NAMED = {"providers": [{"name": "neetocal", "path": ".venv/bin"}]}
OTHERS = {"providers": [{"name": "random", "path": "bin"}]}
ON_PATH = {"PATH": str(scripts())}


@pytest.mark.parametrize(
    ("variables", "project", "is_found"),
    [
        ({}, {"name": "links"}, False),
        ({}, {"name": "links", "plugins": OTHERS}, False),
        ({}, {"name": "links", "plugins": NAMED}, True),
        ({}, {"name": "links", "packages": {"neetocal": ".venv/bin/pulumi-resource-neetocal"}}, True),
        ({}, None, True),
        (ON_PATH, {}, True),
        ({**ON_PATH, "PULUMI_IGNORE_AMBIENT_PLUGINS": "true"}, {}, False),
        ({**ON_PATH, "PULUMI_IGNORE_AMBIENT_PLUGINS": "false"}, {}, True),
        ({"PULUMI_DEBUG_PROVIDERS": "neetocal:12345"}, {}, True),
        ({"PULUMI_DEBUG_PROVIDERS": "random:12345"}, {}, False),
    ],
)
def test_a_plugin_is_missing_only_where_the_engine_looks_for_it(
    tmp_path: Path, variables: dict[str, str], project: dict[str, Any] | None, is_found: bool
) -> None:
    """
    What Pulumi.yaml or the environment leaves open is taken for found.
    """
    engine = Engine(variables={"PULUMI_HOME": str(tmp_path), **variables}, project=project)

    assert engine.finds_plugin() is is_found


@pytest.mark.parametrize(("name", "is_found"), [("resource-neetocal-v0.1.0", True), ("resource-neeto-v0.1.0", False)])
def test_the_plugin_folder_counts_if_it_holds_the_plugin(tmp_path: Path, name: str, is_found: bool) -> None:
    """
    In any version, as the engine takes it.
    """
    (tmp_path / "plugins" / name).mkdir(parents=True)

    assert Engine(variables={"PULUMI_HOME": str(tmp_path)}, project={}).finds_plugin() is is_found
