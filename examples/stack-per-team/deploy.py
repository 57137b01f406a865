"""
Deploy a folder of teams, one stack for each, several at a time.

    python deploy.py teams/                deploy every team
    python deploy.py teams/ --preview      show what that would do
    python deploy.py teams/ --drift        change nothing; exit with 2 where somebody edited a link in the web app
    python deploy.py teams/ --destroy      remove every team's links

A stack's state is written anew for every step, so many small stacks are much faster than a large one, and what goes
wrong with one team does not stop the others. It is safe to run again. Any backend of Pulumi's works: log in to it
beforehand, or set PULUMI_BACKEND_URL. A team that is no longer in the folder keeps its stack: destroy it by hand.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi import automation
from rich.console import Console
from rich.live import Live
from rich.table import Table

from neetocal_provider import declare_teams

PROJECT = "team-links"
DRIFTED = 2


@dataclass
class Team:
    """
    A team's file, and how far its stack has come.
    """

    file: Path
    log: Path
    state: str = "waiting"
    changes: str = ""
    is_failed: bool = False
    is_drifted: bool = False

    @property
    def name(self) -> str:
        """
        The stack's name, and the team's: that of the file.
        """
        return self.file.stem

    def program(self) -> None:
        """
        Declare the team's links; Pulumi runs this.
        """
        teams = declare_teams({self.name: yaml.safe_load(self.file.read_text())}, str(self.file))
        pulumi.export("links", teams[self.name].urls)


class Workspace(automation.LocalWorkspace):
    """
    Where a team's program runs: all share one look for the engine, and nobody asks for the outputs afterwards.
    """

    def __init__(self, program: Callable[[], None]) -> None:
        project = automation.ProjectSettings(name=PROJECT, runtime="python")
        super().__init__(program=program, project_settings=project, pulumi_command=engine())

    def stack_outputs(self, stack_name: str) -> automation.OutputMap:  # noqa: ARG002 - as its base asks
        """
        Return nothing: two commands less for each stack. `pulumi stack output` shows them.
        """
        return {}


@lru_cache(maxsize=1)
def engine() -> automation.PulumiCommand:
    """
    Return the `pulumi` on PATH, its version looked at once.
    """
    return automation.PulumiCommand()


def deploy(stack: automation.Stack, team: Team, tell: Callable[[str], Any]) -> None:
    """
    Make the team's links what its file says.
    """
    team.changes = counted(stack.up(on_output=tell).summary.resource_changes)


def preview(stack: automation.Stack, team: Team, tell: Callable[[str], Any]) -> None:
    """
    Show what a deployment would do.
    """
    team.changes = counted(stack.preview(on_output=tell).change_summary)


def drift(stack: automation.Stack, team: Team, tell: Callable[[str], Any]) -> None:
    """
    Compare the links with what was deployed.
    """
    changes = stack.preview_refresh(on_output=tell).change_summary
    team.changes = counted(changes)
    team.is_drifted = bool({str(getattr(kind, "value", kind)) for kind in changes} & {"update", "delete"})


def destroy(stack: automation.Stack, team: Team, tell: Callable[[str], Any]) -> None:
    """
    Remove the team's links.
    """
    team.changes = counted(stack.destroy(on_output=tell).summary.resource_changes)


def counted(changes: Any) -> str:
    """
    Return numbers of changes in words, such as «3 create, 1 update».
    """
    found = {str(getattr(kind, "value", kind)): count for kind, count in (changes or {}).items()}
    return ", ".join(f"{count} {kind}" for kind, count in sorted(found.items()) if kind != "same") or "no change"


def work(team: Team, action: Callable[..., None]) -> None:
    """
    Do one team's part; a failure is noted, so that the other teams go on.
    """
    team.state = "working"
    with team.log.open("w") as log:
        try:
            stack = automation.Stack.create_or_select(team.name, Workspace(team.program))
            action(stack, team, log.write)
            team.state = "drifted" if team.is_drifted else "done"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this team's alone
            log.write(str(error))
            team.state, team.is_failed = "failed", True


def table(teams: list[Team]) -> Table:
    """
    Return what is shown while it runs.
    """
    shown = Table("Team", "State", "Changes", "Log")
    for team in teams:
        colour = {"failed": "red", "drifted": "yellow", "done": "green"}.get(team.state, "dim")
        shown.add_row(team.name, f"[{colour}]{team.state}[/]", team.changes, str(team.log) if team.is_failed else "")
    return shown


def main() -> int:
    """
    Read the command line, do the work and return the exit status.
    """
    parser = argparse.ArgumentParser(description="Deploy a folder of teams, one stack for each.")
    parser.add_argument("folder", type=Path, help="YAML files, one for each team")
    parser.add_argument("--at-once", type=int, default=4, metavar="N", help="stacks at a time; default: 4")
    parser.add_argument("--logs", type=Path, default=Path("logs"), help="where each team's output goes; default: logs")
    choice = parser.add_mutually_exclusive_group()
    for action in (preview, drift, destroy):
        choice.add_argument(f"--{action.__name__}", dest="action", action="store_const", const=action)
    arguments = parser.parse_args()
    arguments.logs.mkdir(parents=True, exist_ok=True)
    files = sorted(arguments.folder.glob("*.yaml"))
    teams = [Team(file, arguments.logs / f"{file.stem}.log") for file in files]
    if not teams:
        parser.error(f"there is no *.yaml in {arguments.folder}")
    console = Console()
    with Live(get_renderable=lambda: table(teams), console=console, refresh_per_second=4) as live:
        with ThreadPoolExecutor(arguments.at_once) as threads:
            list(threads.map(lambda team: work(team, arguments.action or deploy), teams))
        live.refresh()
    for team in teams:
        if team.is_failed:
            console.print(f"{team.name} failed: {team.log.read_text().strip().splitlines()[-1]} (see {team.log})")
    if any(team.is_failed for team in teams):
        return 1
    return DRIFTED if any(team.is_drifted for team in teams) else 0


if __name__ == "__main__":
    sys.exit(main())
