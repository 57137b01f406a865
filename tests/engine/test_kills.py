"""
`kill -9` in the middle of a run: a short part of `make chaos`.
"""

from __future__ import annotations

from pathlib import Path

from tests.chaos.kills import Kill, live

LINKS = 8
LATENCY = (0.2, 0.4)
"""Seconds: long enough to find a process in the middle of a short run, also on a busy machine."""
LIFE = [
    Kill(operation="create", target="engine", after=5),
    Kill(operation="update", target="language host", after=3),
    Kill(operation="destroy", target="plugin", after=6),
]


def test_a_killed_run_is_finished_by_the_commands_of_the_runbook(tmp_path: Path) -> None:
    """
    Whatever is killed, there are exactly the declared links afterwards, the state knows them, and no plugin stays.
    """
    killed = list(live(tmp_path, LIFE, LINKS, LATENCY))

    assert [each for each in killed if each.is_failure or not each.was_running] == []
