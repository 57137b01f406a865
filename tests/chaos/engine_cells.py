"""
A part of the cells by the real engine: every fault that lasts, while a stack creates, changes and deletes its links.

What the engine adds to the core is how an error reaches the user, and what the state keeps of it; that depends on the
fault, and not on which request it strikes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from neetocal_emulator import Emulator
from tests.chaos.cells import ADOPTED, ERROR, SUCCESS, Outcome, is_sentence
from tests.chaos.faults import BEYOND_PATIENCE, FAULTS
from tests.chaos.verdict import judged
from tests.engine.stack import Stack

__all__ = ["OPERATIONS", "lived"]

PROGRAM = Path(__file__).parent.parent / "engine" / "programs" / "links"
OPERATIONS = {
    "create": ("up", {"method": "POST", "path": "/meetings"}),
    "update": ("up", {"method": "PATCH", "path": "/meetings/*"}),
    "delete": ("destroy", {"method": "DELETE", "path": "/meetings/*"}),
}
HASTE = {"NEETOCAL_MAX_ATTEMPTS": "3", "NEETOCAL_TIMEOUT": "3"}


def lived(folder: Path, fault: str) -> Iterator[tuple[str, Outcome]]:
    """
    Create, change and delete two links under a fault, each followed by a clean run, and yield how each operation ended.
    """
    with Emulator() as emulator:
        stack = Stack(PROGRAM, folder, emulator.environment())
        for operation, (command, where) in OPERATIONS.items():
            program = _program(operation)
            if program:
                stack.declare(**program)
            patience = {"NEETOCAL_TIMEOUT": "1"} if fault in BEYOND_PATIENCE else {}
            stack.environment(**{**HASTE, **patience})
            emulator.fault(**FAULTS[fault], **where)
            said = stack.attempted(command, "--yes", "--skip-preview")
            emulator.clear_faults()
            stack.environment(**dict.fromkeys(HASTE))
            yield operation, _settled(stack, emulator, command, program, said)


def _settled(stack: Stack, emulator: Emulator, command: str, program: dict[str, Any], said: str) -> Outcome:
    problem = _unclear(said)
    if problem:
        return Outcome(word="unclear", detail=problem)
    told, runs = said, 0
    while runs == 0 or (runs == 1 and _asks_for_adoption(told) and not _asks_for_adoption(said)):
        stack.environment(NEETOCAL_ADOPT="1" if _asks_for_adoption(told) else None)
        told = stack.attempted(command, "--yes", "--skip-preview")
        runs += 1
    stack.environment(NEETOCAL_ADOPT=None)
    sids = {link["outputs"]["slug"]: link["id"] for link in stack.resources().values()}
    verdict = judged(emulator.meetings(), sids, [link["slug"] for link in program.values()])
    names = sorted(meeting["name"] for meeting in emulator.meetings())
    if verdict.doubled:
        return Outcome(word="doubled", detail=f"{verdict}")
    if told or not verdict.is_exact or names != sorted(link["name"] for link in program.values()):
        return Outcome(word="lost", detail=f"{verdict}; {names}; told: {said}; then: {told}")
    return Outcome(word=SUCCESS if not said else ERROR if runs == 1 else ADOPTED, detail=said)


def _asks_for_adoption(said: str) -> bool:
    return "NEETOCAL_ADOPT=1" in said


def _unclear(said: str) -> str:
    """
    Return what a user should not see of a failure; empty where every error is a sentence of ours, or the engine's own.
    """
    if "Traceback" in said:
        return said
    # A problem after which the state was recorded is listed by the engine below a line of its own.
    errors = re.findall(r"^ *(?:error: |\* )(?:neetoCal: )?(.+)$", said, re.MULTILINE)
    strange = [error for error in errors if not (is_sentence(error) or error in ENGINES_OWN)]
    return f"{strange} in {said}" if strange or (said and not errors) else ""


ENGINES_OWN = ("update failed", "1 error occurred:", "Resource deletion failed")


def _program(operation: str) -> dict[str, dict[str, Any]]:
    if operation == "delete":
        return {}
    verb = {"create": "Call", "update": "Talk"}[operation]
    return {
        slug: {"slug": slug, "name": f"{verb} {slug}", "hosts": ["ada@acme.example"], "duration": 30}
        for slug in ("intro", "demo")
    }
