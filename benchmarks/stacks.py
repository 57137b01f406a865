"""
Measure many small stacks against a large one: the same links, as `examples/stack-per-team` deploys them.

    python -m benchmarks.stacks [--links 1000] [--stacks 20] [--at-once 4]

Needs the virtual environment and the engine on PATH, as `make env` prints them. Both deploy to the emulator at no
latency, with a local backend; the time is that of the whole command.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import yaml

from neetocal_emulator import Emulator

DEPLOY = Path(__file__).parent.parent / "examples" / "stack-per-team" / "deploy.py"


def main() -> None:
    """
    Measure both, and print the figures and their ratio.
    """
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0] if __doc__ else None)
    parser.add_argument("--links", type=int, default=1000)
    parser.add_argument("--stacks", type=int, default=20)
    parser.add_argument("--at-once", type=int, default=4)
    arguments = parser.parse_args()
    many = seconds(arguments.links, arguments.stacks, arguments.at_once)
    tell(f"{arguments.links} links in {arguments.stacks} stacks, {arguments.at_once} at a time: {many:6.1f} s")
    one = seconds(arguments.links, 1, 1)
    tell(f"{arguments.links} links in one stack: {one:6.1f} s")
    tell(f"ratio: {one / many:.1f}")


def seconds(links: int, stacks: int, at_once: int) -> float:
    """
    Deploy links in so many stacks and return how long it took.
    """
    members = [f"member-{number:05}@bench.example" for number in range(links)]
    seed = {"workspaces": {"bench": {"api_keys": ["k"], "team_members": [{"email": email} for email in members]}}}
    with tempfile.TemporaryDirectory() as name, Emulator(seed=seed) as emulator:
        folder = Path(name)
        (folder / "state").mkdir()
        _write_teams(folder / "teams", [members[number::stacks] for number in range(stacks)])
        started = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - our own example
            [sys.executable, DEPLOY, "teams", "--at-once", str(at_once)],
            cwd=folder,
            env={
                **os.environ,
                **emulator.environment(),
                "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
                "PULUMI_CONFIG_PASSPHRASE": "bench",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        taken = time.perf_counter() - started
        if done.returncode or len(emulator.meetings()) != links:
            sys.exit(f"{len(emulator.meetings())} of {links} links were deployed:\n{done.stdout}{done.stderr}")
        return taken


def _write_teams(folder: Path, teams: Sequence[Sequence[str]]) -> None:
    """
    Write a file for each team, whose members have a link each.
    """
    folder.mkdir()
    shape = {"intro": {"name": "Intro call with {first_name}", "duration": 30}}
    for number, members in enumerate(teams):
        text = yaml.safe_dump({"members": [*members], "member_links": shape})
        (folder / f"team-{number:03}.yaml").write_text(text)


def tell(line: str) -> None:
    """
    Print a line.
    """
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
