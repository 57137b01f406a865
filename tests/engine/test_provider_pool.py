"""
A pool of providers: how many there are is nobody's business but the engine's.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neetocal_emulator import Emulator
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack

SEED = {
    "workspaces": {
        "acme": {"api_keys": ["acme-key"], "team_members": [{"email": "ada@acme.example"}]},
        "globex": {"api_keys": ["globex-key"], "team_members": [{"email": "omar@globex.example"}]},
    }
}
LINKS = 15


def resize(stack: Stack, size: int) -> None:
    """
    Let the program have a pool of this size; 0 for none.
    """
    (stack.folder / "size.json").write_text(json.dumps(size))


def providers(stack: Stack) -> dict[str, str]:
    """
    Return the name of each link's provider.
    """
    return {name: link["provider"].split("::")[-2] for name, link in stack.resources().items()}


@pytest.mark.matrix
@pytest.mark.one_host("dynamic", "the native provider works at any number of links in one process")
def test_a_pool_that_comes_grows_shrinks_and_goes_changes_no_link(tmp_path: Path) -> None:
    """
    Links are spread by their names, a larger pool moves some to its new provider, and links of another provider stay.
    """
    with Emulator(seed=SEED) as emulator:
        stack = Stack(PROGRAMS / "pool", tmp_path, emulator.environment("acme"))
        resize(stack, 3)
        assert stack.up() == {"create": LINKS}
        three = providers(stack)
        assert {*three.values()} == {"pool-0", "pool-1", "pool-2", "globex"}
        assert {name for name, provider in three.items() if provider == "globex"} == {"abroad-intro-omar", "there"}

        resize(stack, 4)
        assert stack.up() == {"same": LINKS}
        four = providers(stack)
        assert {four[name] for name in four if four[name] != three[name]} == {"pool-3"}

        for size in (2, 0):
            resize(stack, size)
            assert stack.up() == {"same": LINKS}
        assert "pool" not in str(providers(stack))
        resize(stack, 2)
        assert stack.up() == {"same": LINKS}
        assert stack.refresh() == {"refresh": LINKS}
        assert stack.destroy() == {"delete": LINKS}
        assert emulator.meetings("acme") == emulator.meetings("globex") == []
