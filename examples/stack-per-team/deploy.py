"""
Deploy a folder of teams, one stack for each, several at a time.

    python deploy.py teams/                deploy every team
    python deploy.py teams/ --preview      show what that would do
    python deploy.py teams/ --drift        change nothing; exit with 2 where somebody edited a link in the web app
    python deploy.py teams/ --destroy      remove every team's links

Pulumi rewrites the whole state of a stack after each step, so many small stacks are faster than a large one, and a team
that fails doesn't stop the others. It is safe to run again, also from several clones: Pulumi's lock lets one at a time
deploy a stack. Any Pulumi backend works: log in to it beforehand, or set PULUMI_BACKEND_URL. A team that is no longer
in the folder keeps its stack: destroy it by hand.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache, partial
from itertools import repeat
from os import environ
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi import automation
from pulumi.automation._stack import StackInitMode
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
    counts: dict[str, int] | None = None
    reason: str = ""

    @property
    def name(self) -> str:
        """
        The stack's name, and the team's: that of the file.
        """
        return self.file.stem

    @property
    def changes(self) -> str:
        """
        Numbers of changes in words, such as «3 create, 1 update».
        """
        if self.counts is None:
            return ""
        told = [f"{count} {kind}" for kind, count in sorted(self.counts.items()) if kind != "same"]
        return ", ".join(told) or "no change"

    def program(self) -> None:
        """
        Declare the team's links; Pulumi runs this.
        """
        teams = declare_teams({self.name: yaml.safe_load(self.file.read_text())}, str(self.file))
        pulumi.export("links", teams[self.name].urls)

    def note(self, event: automation.EngineEvent) -> None:
        """
        Keep what the engine says at the end of its work, and the first of its errors.
        """
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self.reason = self.reason or event.diagnostic_event.message.strip()
        if event.summary_event:
            changes: Mapping[Any, int] = event.summary_event.resource_changes
            self.counts = {str(getattr(kind, "value", kind)): count for kind, count in changes.items()}


# As few commands for each stack as it takes: every one starts a process of the engine.


class Workspace(automation.LocalWorkspace):
    """
    Where a team's program runs: all share one look for the engine.
    """

    def __init__(self, program: Callable[[], None] | None = None) -> None:
        project = automation.ProjectSettings(name=PROJECT, runtime="python")
        spare = {"GOGC": "400", **environ}["GOGC"]  # a small state is soon written: little garbage needs collecting
        super().__init__(program=program, project_settings=project, pulumi_command=engine(), env_vars={"GOGC": spare})

    def create_stack(self, stack_name: str) -> None:
        """
        Create the stack, unless another clone has created it in the meantime.
        """
        with suppress(automation.StackAlreadyExistsError):
            super().create_stack(stack_name)

    def select_stack(self, stack_name: str) -> None:
        """
        Leave the stack that is there as it is: every command names its own.
        """

    def stack_outputs(self, stack_name: str) -> automation.OutputMap:  # noqa: ARG002 - as its base asks
        """
        Return nothing: `pulumi stack output` shows them.
        """
        return {}


class Stack(automation.Stack):
    """
    A team's stack, of which the events tell all that is shown.
    """

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:  # noqa: ARG002 - as its base asks
        """
        Return nothing of the history.
        """
        return automation.UpdateSummary("", datetime.now(timezone.utc), "", {}, {}, "")


DRIFT = Stack.preview_refresh
"""Compare the links with what was deployed; change nothing."""


@lru_cache(maxsize=1)
def engine() -> automation.PulumiCommand:
    """
    Return the `pulumi` on PATH, its version looked at once.
    """
    return automation.PulumiCommand()


def existing() -> set[str]:
    """
    Return the names of the stacks that are there already, without that of an organization.
    """
    return {stack.name.split("/")[-1] for stack in Workspace().list_stacks()}


def work(team: Team, action: Callable[..., Any], mode: StackInitMode) -> None:
    """
    Do one team's part; a failure is noted, so that the other teams go on.
    """
    team.state = "working"
    with team.log.open("w") as log:
        try:
            stack = Stack(team.name, Workspace(team.program), mode)
            action(stack, on_output=partial(print, file=log), on_event=team.note)
            is_drifted = action is DRIFT and {"update", "delete"} & {*(team.counts or ())}
            team.state = "drifted" if is_drifted else "done"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this team's alone
            print(error, file=log)
            team.state, team.reason = "failed", team.reason or message(error)


def message(error: Exception) -> str:
    """
    Return what the engine reports as the error, without the other output of its command.
    """
    return str(error).rpartition("error: ")[2].strip()


def table(teams: list[Team]) -> Table:
    """
    Return what is shown while it runs.
    """
    shown = Table("Team", "State", "Changes", "Log")
    for team in teams:
        colour = {"failed": "red", "drifted": "yellow", "done": "green"}.get(team.state, "dim")
        log = str(team.log) if team.state == "failed" else ""
        shown.add_row(team.name, f"[{colour}]{team.state}[/]", team.changes, log)
    return shown


def main() -> int:
    """
    Read the command line, do the work and return the exit status.
    """
    parser = argparse.ArgumentParser(description="Deploy a folder of teams, one stack for each.")
    parser.add_argument("folder", type=Path, help="YAML files, one for each team")
    parser.add_argument("--at-once", type=int, default=4, metavar="N", help="stacks at a time; default: 4")
    parser.add_argument("--logs", type=Path, default=Path("logs"), help="where each team's output goes; default: logs")
    parser.set_defaults(action=Stack.up)
    choice = parser.add_mutually_exclusive_group()
    for option, action in (("--preview", Stack.preview), ("--drift", DRIFT), ("--destroy", Stack.destroy)):
        choice.add_argument(option, dest="action", action="store_const", const=action)
    arguments = parser.parse_args()
    arguments.logs.mkdir(parents=True, exist_ok=True)
    files = sorted(arguments.folder.glob("*.yaml"))
    teams = [Team(file, arguments.logs / f"{file.stem}.log") for file in files]
    if not teams:
        parser.error(f"there is no *.yaml in {arguments.folder}")
    try:
        run(teams, arguments.action, arguments.at_once)
    except automation.CommandError as error:  # such as nobody logged in
        parser.exit(1, f"error: {message(error)}\n")
    return status(teams)


def run(teams: list[Team], action: Callable[..., Any], at_once: int) -> None:
    """
    Do the work of all teams, some at a time, and show how far it is.
    """
    there = existing()
    modes = [StackInitMode.SELECT if team.name in there else StackInitMode.CREATE for team in teams]
    with Live(get_renderable=lambda: table(teams), refresh_per_second=4) as live:
        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(work, teams, repeat(action), modes))
        live.refresh()


def status(teams: list[Team]) -> int:
    """
    Name the teams that failed, and return the exit status.
    """
    failed = [f"{team.name} failed: {team.reason} (see {team.log})\n" for team in teams if team.state == "failed"]
    sys.stdout.write("\n" + "".join(failed))
    states = {team.state for team in teams}
    if "failed" in states:
        return 1
    return DRIFTED if "drifted" in states else 0


if __name__ == "__main__":
    sys.exit(main())
