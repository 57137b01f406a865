"""
Whether neetoCal answers as docs/api-notes.md assumes, asked with throw-away links in a workspace of the user's.

Only links that were made here are ever deleted, and all of them are, whatever happens: after errors and Ctrl-C, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from neetocal_provider.api.client import Client
from neetocal_provider.errors import NeetoCalError, RefusedError, TransportError
from neetocal_provider.resources.lookups import list_team_members
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.verify.questions import QUESTIONS, Question
from neetocal_provider.verify.sandbox import SLUG, Exchange, InconclusiveError, Sandbox
from neetocal_provider.version import __version__

__all__ = ["Report", "Result", "Verdict", "verify"]

Progress = Callable[[str, int, int], None]


class Verdict(str, Enum):
    """
    What an answer means for an assumption.
    """

    HOLDS = "holds"
    TOLERATED = "differs, which does no harm"
    BROKEN = "differs, please report it"
    INCONCLUSIVE = "not told"


@dataclass(frozen=True, kw_only=True)
class Result:
    """
    What was found out about a question.

    Attributes:
        found: the reading; where there is none, the reason.

        switch: the emulator's switch for it, empty if it has none or none with this reading.

        exchanges: the requests behind it.
    """

    name: str
    question: str
    assumed: str
    found: str
    verdict: Verdict
    switch: str
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """
    All that was found out.

    Attributes:
        left: slugs of links, and discount codes, that could not be deleted.

        stopped: why not all questions were asked; empty where they were.
    """

    api_version: str
    results: tuple[Result, ...]
    left: tuple[str, ...]
    stopped: str = ""

    @property
    def switches(self) -> dict[str, str | int]:
        """
        The emulator's switches that imitate this account, where they are not the usual ones.
        """
        told = [each for each in self.results if each.switch and each.verdict is Verdict.TOLERATED]
        return {each.switch: int(each.found) if each.found.isdigit() else each.found for each in told}

    @property
    def troubles(self) -> tuple[str, ...]:
        """
        What keeps the provider from being used with this account, or is left to do there, a sentence each.
        """
        broken = ", ".join(each.name for each in self.results if each.verdict is Verdict.BROKEN)
        told = {
            f"Please report what --json prints: {broken}.": broken,
            f"Not all questions were asked. {self.stopped}": self.stopped,
            f"Look in the web app for what could not be deleted: {', '.join(self.left)}.": self.left,
        }
        return tuple(sentence for sentence, is_true in told.items() if is_true)

    def to_json(self) -> dict[str, Any]:
        """
        Return what a bug report needs: no key, no address, no name of a workspace.
        """
        return {"neetocal_provider": __version__, **asdict(self), "switches": self.switches}


def verify(
    client: Client, *, hosts: Sequence[str] = (), beside_others: bool = False, progress: Progress = lambda *_told: None
) -> Report:
    """
    Ask all questions, and remove what was made for them.

    Args:
        hosts: members who may host the links; the first two active members of the workspace by default.

        beside_others: whether it may hold other links.

    Raises:
        RefusedError: there are other links, or no member to host one; nothing was made.
    """
    if not beside_others:
        _require_empty(client)
    others = frozenset(meeting.id for meeting in SCHEDULING_LINK.collection(client).objects())
    sandbox = Sandbox(client, hosts or _members(client), others)
    questions = [each for each in QUESTIONS if each.only in ("", sandbox.api_version)]
    results: list[Result] = []
    stopped = ""
    try:
        for result in _asked(sandbox, questions):
            results.append(result)
            progress("Asking", len(results), len(questions))
    except TransportError as error:
        stopped = sandbox.public(str(error))
    except KeyboardInterrupt:
        stopped = "It was interrupted."
    finally:
        left = sandbox.clear()
    return Report(api_version=sandbox.api_version, results=tuple(results), left=left, stopped=stopped)


def _require_empty(client: Client) -> None:
    first = next(SCHEDULING_LINK.collection(client).pages())
    if first.rows:
        ours = sum(str(row.values.get("slug", "")).startswith(SLUG) for row in first.rows)
        leftovers = f" {ours} of them were left by an earlier run: delete them in the web app." if ours else ""
        raise RefusedError(
            f"The workspace {client.settings.workspace!r} holds links ({first.total_records}), and this makes and "
            f"deletes links of its own: use an empty workspace, or give --beside-others to run it here.{leftovers}"
        )


def _members(client: Client) -> list[str]:
    active = [member.email for member in list_team_members(client) if member.active]
    if not active:
        raise RefusedError("The workspace tells of no active member who could host a link: give one with --host.")
    return active[:2]


def _asked(sandbox: Sandbox, questions: Sequence[Question]) -> Iterator[Result]:
    for question in questions:
        sandbox.start()
        found, is_told = _reading(sandbox, question)
        expected = question.expected(sandbox.api_version)
        verdict = _verdict(question, found, expected) if is_told else Verdict.INCONCLUSIVE
        yield Result(
            name=question.name,
            question=question.text,
            assumed=expected,
            found=sandbox.public(found),
            verdict=verdict,
            switch="" if found in question.without_switch else question.switch,
            exchanges=tuple(sandbox.exchanges),
        )
        sandbox.sweep()


def _reading(sandbox: Sandbox, question: Question) -> tuple[str, bool]:
    """
    Return the answer and True, or why there is none and False.
    """
    try:
        return question.ask(sandbox), True
    except InconclusiveError as error:
        return str(error), False
    except (AttributeError, KeyError, TypeError) as error:
        return f"an answer has another shape than all that are known ({type(error).__name__})", False
    except TransportError:
        raise
    except NeetoCalError as error:
        return str(error), False


def _verdict(question: Question, found: str, expected: str) -> Verdict:
    if found == expected:
        return Verdict.HOLDS
    return Verdict.TOLERATED if question.is_tolerated(found) else Verdict.BROKEN
