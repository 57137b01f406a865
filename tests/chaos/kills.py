"""
`kill -9` in the middle of a run, then what docs/troubleshooting.md tells users to do.

One life of a stack has three runs, each with its kill: a create of all links, an update that changes, removes and adds
links, a destroy. The moment is a number of requests that the API has seen, drawn over all that the run makes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neetocal_emulator import Emulator
from tests.chaos.processes import COMMANDS, end, has_ended, is_member, members, pids, wait_until
from tests.chaos.verdict import Verdict, judged
from tests.engine.stack import Stack

__all__ = ["OPERATIONS", "Kill", "Killed", "killed", "live", "lives", "recovered"]

PROGRAM = Path(__file__).parent.parent / "engine" / "programs" / "links"

OPERATIONS = ("create", "update", "destroy")

LATENCY = (0.01, 0.15)
"""Seconds for a request, so that several are under way at any moment."""

ADOPT = "NEETOCAL_ADOPT"

CANCEL = "pulumi cancel --yes"
GOING_ON = "pulumi up --refresh"
ADOPTING = f"{ADOPT}=1 pulumi up --refresh"
FORGETTING = "pulumi refresh --clear-pending-creates"
EMPTY_FILES = "find FOLDER/.pulumi -name '*.attrs' -empty -delete"
"""The commands after a crash, as docs/troubleshooting.md has them."""

BROKEN_STATE = "failed to load checkpoint: EOF"
"""What the engine says where it was killed while it wrote the file beside the state's that tells its type."""

GRACE = 15.0
"""Seconds in which a plugin notices that its engine is gone; on a busy machine."""

PATIENCE = 120.0
"""Seconds after which a run that does not end hangs."""


@dataclass(frozen=True, kw_only=True)
class Kill:
    """
    Which process is killed in which run, and after how many requests of that run.
    """

    operation: str
    target: str
    after: int

    def __str__(self) -> str:
        return f"{self.target} killed after {self.after} requests of {self.operation}"


@dataclass(frozen=True, kw_only=True)
class Killed:
    """
    What became of a run that was killed.

    Attributes:
        was_running: whether the process was still there at that moment.

        recovery: the commands that were needed.

        verdict: what is there afterwards.

        trouble: what else is wrong, such as a traceback or a plugin that is left behind; empty where nothing is.
    """

    kill: Kill
    was_running: bool
    recovery: tuple[str, ...]
    verdict: Verdict
    trouble: str

    @property
    def is_failure(self) -> bool:
        """
        Whether anything is not as promised.
        """
        return bool(self.trouble) or not self.verdict.is_exact


def lives(seed: int, kills: int, links: int) -> list[list[Kill]]:
    """
    Draw so many kills, three in a life; the targets take turns, and every combination comes up.
    """
    draw = random.Random(seed)  # noqa: S311 - so that a run repeats
    drawn = []
    for number in range(-(-kills // len(OPERATIONS))):
        life = []
        for place, operation in enumerate(OPERATIONS):
            # A destroy runs no program.
            targets = [target for target in COMMANDS if not (operation == "destroy" and target == "language host")]
            target = targets[(number + place) % len(targets)]
            life.append(Kill(operation=operation, target=target, after=draw.randint(0, _span(operation, links))))
        drawn.append(life)
    left_out = len(drawn) * len(OPERATIONS) - kills
    return [*drawn[:-1], drawn[-1][: len(OPERATIONS) - left_out]] if left_out else drawn


def live(folder: Path, life: list[Kill], links: int, latency: tuple[float, float] = LATENCY) -> Iterator[Killed]:
    """
    Live one life in a folder, with an emulator of its own.
    """
    with Emulator() as emulator:
        emulator.clock(offset_s=-3600)  # a new link that is not found is not called gone
        stack = Stack(PROGRAM, folder, emulator.environment())
        for kill in life:
            emulator.fault("latency", seconds=latency, seed=kill.after)
            yield killed(stack, emulator, kill, links)


def killed(stack: Stack, emulator: Emulator, kill: Kill, links: int) -> Killed:
    """
    Run an operation, kill a process in the middle of it, recover, and judge.
    """
    program = {} if kill.operation == "destroy" else _programs(links)[kill.operation]
    if program:
        stack.declare(**program)
    command = ("destroy" if kill.operation == "destroy" else "up", "--yes", "--skip-preview")
    was_running, left_behind = _interrupted(stack, emulator, kill, command)
    recovery, said = recovered(stack, command[0])
    emulator.clear_faults()
    sids = {link["outputs"]["slug"]: link["id"] for link in stack.resources().values()}
    verdict = judged(emulator.meetings(), sids, [link["slug"] for link in program.values()])
    return Killed(
        kill=kill,
        was_running=was_running,
        recovery=recovery,
        verdict=verdict,
        trouble="; ".join(filter(None, [said, left_behind, _unquiet(stack, is_empty=not program)])),
    )


def recovered(stack: Stack, verb: str) -> tuple[tuple[str, ...], str]:
    """
    Do what docs/troubleshooting.md says after a crash; return which commands that took, and what is still wrong.
    """
    command = (verb, "--yes", "--skip-preview", *(("--refresh",) if verb == "up" else ()))
    needed = [GOING_ON if verb == "up" else "pulumi destroy"]
    said = stack.attempted(*command)
    if BROKEN_STATE in said:
        needed.insert(0, EMPTY_FILES)
        stack.beside("find", str(stack.backend), "-name", "*.attrs", "-empty", "-delete")
        said = stack.attempted(*command)
    if "currently locked" in said:
        needed.insert(0, CANCEL)
        stack.shows("cancel", "--yes")
        said = stack.attempted(*command)
    if f"{ADOPT}=1" in said:
        needed.append(ADOPTING)
        stack.environment(**{ADOPT: "1"})
        said = stack.attempted(*command)
        stack.environment(**{ADOPT: None})
    if stack.state()["deployment"].get("pending_operations"):
        needed.append(FORGETTING)
        stack.shows("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    return tuple(needed), said


# The run, and its end


def _interrupted(stack: Stack, emulator: Emulator, kill: Kill, command: tuple[str, ...]) -> tuple[bool, str]:
    seen = len(emulator.requests)
    with stack.started(*command) as run:
        victims: list[int] = []

        def is_time() -> bool:
            # Listing processes takes time, so it is done beforehand; the engine has two language hosts in a row.
            if not any(is_member(pid, run.pid) for pid in victims):
                victims[:] = pids(kill.target, run.pid)
            return bool(victims) and len(emulator.requests) - seen >= kill.after

        was_running = wait_until(is_time, run)
        for pid in victims:
            end(pid)
        run.wait(PATIENCE)
    return was_running, _left_behind(run.pid)


def _left_behind(session: int) -> str:
    """
    Make sure that no plugin outlives its engine; end what does, and the language host, which is Pulumi's own.
    """
    is_gone = has_ended("plugin", session, GRACE)
    for pid in members(session):
        end(pid)
    return "" if is_gone else "a plugin outlived its engine"


def _unquiet(stack: Stack, *, is_empty: bool) -> str:
    """
    Return what a preview that looks at every link still has to do.
    """
    left = {} if is_empty else stack.preview("--refresh")
    changes = {what: count for what, count in left.items() if what not in ("same", "refresh")}
    return f"a preview is not quiet: {changes}" if changes else ""


# The programs


def _programs(links: int) -> dict[str, dict[str, dict[str, Any]]]:
    first = {f"link-{number}": _link(number) for number in range(links)}
    second = {f"link-{number}": _changed(number) for number in range(3, links + 3)}
    return {"create": first, "update": second}


def _link(number: int) -> dict[str, Any]:
    options = {"durations": [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}]}
    return {
        "slug": f"link-{number}",
        "name": f"Link {number}",
        "hosts": ["ada@acme.example"],
        "duration": 30,
        **(options if number % 5 == 0 else {}),
    }


def _changed(number: int) -> dict[str, Any]:
    changes: list[dict[str, Any]] = [
        {"name": f"Call {number}"},
        {"slug": f"call-{number}"},
        {"description": "Bring questions"},
    ]
    options = {"durations": [{"duration": 30, "is_default": False}, {"duration": 45, "is_default": True}]}
    return {**_link(number), **changes[number % 3], **(options if number % 5 == 0 else {})}


def _span(operation: str, links: int) -> int:
    """
    Return about how many requests a run makes.
    """
    return {"create": links, "update": 7 * links // 3, "destroy": 2 * links}[operation] - 1
