"""
What a host of Pulumi's asks of a resource, decided: the failures, warnings, refusals and requests that follow.

Two hosts stand on this, `dynamic.calls` under Pulumi's dynamic host and `native.server` as a provider of its own.
They hand values over in different ways and have the same things done. Knows no Pulumi.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

from neetocal_provider.api.client import Client, connect
from neetocal_provider.api.deadline import advisory
from neetocal_provider.core import check, diff, lifecycle
from neetocal_provider.errors import ConfigError, NeetoCalError, NotAppliedError
from neetocal_provider.log import LOGGER
from neetocal_provider.schema.fields import Schema, is_create_option
from neetocal_provider.schema.types import has_unknown
from neetocal_provider.settings import Config, Settings, load_settings, settings_for

__all__ = ["DiffResult", "Host", "OperationError", "Operations", "Run", "operation_errors"]

Properties = Mapping[str, Any]


class Host(Protocol):
    """
    What only a host can do for the call that it serves.
    """

    @property
    def urn(self) -> str:
        """
        Return the resource's name in the engine's words; empty where nobody tells.
        """
        ...

    def warn(self, *sentences: str) -> None:
        """
        Show sentences to the user, each on one line.
        """
        ...

    def record_partial_state(self, id_: str, outputs: Properties, problems: Sequence[str]) -> bool:
        """
        Let the state take these outputs although the call is about to fail, with a line for each problem.

        Returns:
            Whether that is possible.
        """
        ...


class OperationError(Exception):
    """
    Raised where an operation cannot be done, with the sentence that tells the user so.
    """


@contextmanager
def operation_errors(name: str, done: str) -> Iterator[None]:
    """
    Let expected errors reach the host as a sentence that begins with what could not be done, and into the log.

    Any other exception is a bug of ours, and stays as it is.

    Args:
        name: which resource it is about, as at the beginning of a sentence: "The link 'intro'".

        done: what is tried, as in "created".
    """
    LOGGER.debug("%s is to be %s", name, done)
    try:
        yield
    except NeetoCalError as error:
        LOGGER.debug("%s could not be %s:", name, done, exc_info=error)
        raise OperationError(_failure(name, done, str(error))) from error


def _failure(name: str, done: str, reason: str) -> str:
    return f"{name} could not be {done}: {reason}"


@dataclass
class Run:
    """
    What is remembered from one call to the next in a run of the engine. Safe to share between threads.
    """

    _lock: Lock = field(default_factory=Lock)
    _checked: dict[tuple[str, str, tuple[Any, ...]], str] = field(default_factory=dict)
    _existing: dict[str, tuple[str, Properties]] = field(default_factory=dict)
    _replaced: set[str] = field(default_factory=set)
    _kept: set[str] = field(default_factory=set)
    _reported: set[str] = field(default_factory=set)
    _silent: dict[Settings, str] = field(default_factory=dict)

    def duplicate(self, urn: str, noun: str, workspace: str, identity: tuple[Any, ...]) -> str:
        """
        Return the name of another resource of this kind that was checked with the same identity; empty for none.
        """
        if not urn or has_unknown(identity):
            return ""
        with self._lock:
            first = self._checked.setdefault((noun, workspace, identity), urn)
        return "" if first == urn else first.split("::")[-1]

    def remember(self, urn: str, id_: str, olds: Properties) -> None:
        """
        Keep what the engine says of a resource that exists: its id and outputs, or its inputs if that is all.
        """
        if urn and (id_ or urn not in self._existing):
            self._existing[urn] = (id_, olds)

    def existing(self, urn: str) -> tuple[str, Properties] | None:
        """
        Return what is remembered of a resource; None if nothing is.
        """
        return self._existing.get(urn)

    def replace(self, urn: str) -> bool:
        """
        Note that a resource is replaced; return whether that is new.
        """
        is_new = urn not in self._replaced
        self._replaced.add(urn)
        return is_new

    def replaces(self) -> bool:
        """
        Whether `replace` was called for any resource.
        """
        return bool(self._replaced)

    def advised(self, settings: Settings, question: Callable[[], str], otherwise: str) -> str:
        """
        Return the answer to a question that only informs; if none comes soon, `otherwise` and the reason.

        After one that took all its time, no further one is asked: a hundred links would wait a hundred times.
        """
        reason = self._silent.get(settings, "")
        if not reason:
            with advisory() as context:
                try:
                    return question()
                except NeetoCalError as error:
                    reason = str(error)
                    if context.is_over:
                        self._silent[settings] = reason
        return f"{otherwise} {reason}"

    def keep(self, id_: str) -> None:
        """
        Let this run delete nothing of this id.
        """
        self._kept.add(id_)

    def is_kept(self, id_: str) -> bool:
        """
        Whether `keep` was called for this id.
        """
        return id_ in self._kept

    def report(self, id_: str) -> None:
        """
        Let the refresh that is reading this resource show it as changed, though only an output is.

        The engine asks `diff` what a refresh has found, with the state as it is now, and shows nothing where that has
        nothing to do.
        """
        self._reported.add(id_)

    def is_reported(self, id_: str) -> bool:
        """
        Whether `report` was called for this id, and nobody has asked since.
        """
        is_asked_first = id_ in self._reported
        self._reported.discard(id_)
        return is_asked_first


@dataclass(frozen=True, kw_only=True)
class DiffResult:
    """
    What is due.

    Attributes:
        diff: what separates the resource from its program.

        delete_before_replace: whether the old one must go first.

        is_reported: whether it counts as changed although nothing is due.
    """

    diff: diff.Diff
    delete_before_replace: bool
    is_reported: bool


@dataclass(frozen=True, kw_only=True)
class Operations:
    """
    The life of a link or of a template, one method for each call of the engine.

    Properties are plain values under the names of `fields`, as `properties.from_engine` returns them.

    Attributes:
        schema: what is declared of the resource.

        config: the settings that the host was given; the environment stands behind them.

        former: those that it was given before, with which a link in another workspace may be reached.

        host: for the call that is being served.

        run: the same for all calls of a run.

    Raises:
        OperationError: a call cannot be done; its text tells the user why.
    """

    schema: Schema
    config: Config
    former: tuple[Config, ...] = ()
    host: Host
    run: Run

    def check(self, olds: Properties, news: Properties) -> list[check.Failure]:
        """
        Return everything that is wrong with the settings and the arguments, without a request.

        A link that a new one would take over is looked up, and so are the bookings of one that an option of Pulumi
        replaces: `diff` does not learn of that, but the engine then checks the resource again, without `olds`.
        """
        settings, problems = self._settings()
        failures = [check.Failure("", problem) for problem in problems]
        failures += check.check(news, settings.api_version if settings else "", self.schema)
        if settings and not failures:
            title, identity = self.schema.title, tuple(news[name] for name in self.schema.identity)
            duplicate = self.run.duplicate(self.host.urn, self.schema.noun, settings.workspace, identity)
            if duplicate:
                failures.append(
                    check.Failure(title, f"is the {title} of the resource {duplicate!r}, too: give one another")
                )
            elif olds:
                self.run.remember(self.host.urn, "", olds)
            else:
                self._warn_before_create(settings, news)
        return failures

    def diff(self, id_: str, olds: Properties, news: Properties) -> DiffResult:
        """
        Say whether a change is due, and whether it replaces the resource, without a request.

        Only where a link is to be replaced, its bookings are counted: where there are any, the old link is to go
        first, so that the refusal to delete it comes before a new one is made.
        """
        with operation_errors(self._named(olds, id_), "compared"):
            settings = load_settings(self.config)
            found = diff.diff(olds, news, settings, self.schema)
        self.host.warn(*found.warnings)
        self.run.remember(self.host.urn, id_, olds)
        if found.replaces:
            self.run.replace(self.host.urn)
        refusal = self._warn_of_replacement(settings, id_, olds, news) if found.replaces else ""
        return DiffResult(
            diff=found,
            delete_before_replace=diff.is_identity_kept(olds, news, settings, self.schema) or bool(refusal),
            is_reported=self.run.is_reported(id_),
        )

    def preview(self, news: Properties, olds: Properties | None = None) -> dict[str, Any]:
        """
        Return the outputs that a create, or an update of `olds`, will have as far as they are known, without a request.
        """
        with operation_errors(self._named(news), "previewed"):
            return lifecycle.preview_outputs(news, load_settings(self.config), self.schema, olds)

    def create(self, news: Properties) -> lifecycle.CreateResult:
        """
        Create it; where that is done but for a part, the host records what there is.
        """
        with operation_errors(self._named(news), "created"):
            created = lifecycle.create(self._client(), news, self.schema)
            self.host.warn(*created.warnings)
            if created.is_adopted:
                self.run.keep(created.sid)
            if created.problems:
                link = self._named(news, created.sid)
                sentences = [_failure(link, "made as declared", problem) for problem in created.problems]
                if self.host.record_partial_state(created.sid, created.outputs, sentences):
                    raise NotAppliedError(*created.problems)
                self.host.warn(*sentences)  # an error would lose the link's sid
        return created

    def read(self, id_: str, outputs: Properties, inputs: Properties) -> lifecycle.ReadResult | None:
        """
        Return it as it stands; None when it is gone.

        Args:
            outputs: as recorded; empty for one that the stack does not know.

            inputs: as recorded.
        """
        with operation_errors(self._named(outputs, id_), "read"):
            live = lifecycle.read(self._client(outputs), id_, outputs, self.schema)
        if live is None:
            return None
        if live.outputs.get("disabled") is not outputs.get("disabled", live.outputs.get("disabled")):
            self.run.report(id_)
        # What only the making of a link reads is no output, and would seem to have been removed.
        kept = {name: value for name, value in inputs.items() if is_create_option(name)}
        return lifecycle.ReadResult(outputs=live.outputs, inputs={**live.inputs, **kept})

    def update(self, id_: str, olds: Properties, news: Properties) -> lifecycle.UpdateResult:
        """
        Bring it to what the program declares; where only a part was taken, the host records what there is.
        """
        link = self._named(olds, id_)
        with operation_errors(link, "updated"):
            updated = lifecycle.update(self._client(), id_, olds, news, self.schema)
            self.host.warn(*updated.warnings)
            if updated.problems:
                sentences = [_failure(link, "updated", problem) for problem in updated.problems]
                self.host.record_partial_state(id_, updated.outputs, sentences)
                raise NotAppliedError(*updated.problems)
        return updated

    def delete(self, id_: str, outputs: Properties) -> None:
        """
        Delete it; what is gone already counts as deleted.

        What was taken over in this run, as when a resource was renamed, stays: it is the new resource's now.
        """
        if self.run.is_kept(id_):
            self.host.warn(f"The {self.schema.noun} {id_} stays: it was taken over in this run.")
            return
        with operation_errors(self._named(outputs, id_), "deleted"):
            lifecycle.delete(self._client(outputs), id_, outputs, self.schema)

    def _settings(self) -> tuple[Settings | None, tuple[str, ...]]:
        try:
            return load_settings(self.config), ()
        except ConfigError as error:
            return None, error.problems

    def _warn_before_create(self, settings: Settings, news: Properties) -> None:
        """
        Warn of a link that would be taken over, or would be replaced by an option of Pulumi.

        A link that is replaced with another one (`replace_with`) may be checked as if it were new.
        """
        existing = self.run.existing(self.host.urn)
        if existing is None and self.run.replaces() and not lifecycle.adopts(news, settings):
            self._refusal("", news)
        elif existing is None:
            self._warn_of_adoption(settings, news)
        elif self.run.replace(self.host.urn):
            self.host.warn(*diff.replacement_warnings(existing[1], news, settings, self.schema))
            self._warn_of_replacement(settings, *existing, news)

    def _warn_of_replacement(self, settings: Settings, id_: str, olds: Properties, news: Properties) -> str:
        """
        Warn of what stands in the way of a replacement; return why the old link will stay, empty if it will not.
        """
        refusal = self._refusal(id_, olds)
        if not diff.is_identity_kept(olds, news, settings, self.schema):
            self._warn_of_adoption(settings, news)
        return refusal

    def _refusal(self, id_: str, olds: Properties) -> str:
        """
        Return why a link cannot be deleted for another one, with a warning; empty if it can be.
        """
        try:
            client = self._client(olds)
        except ConfigError as error:
            refusal = str(error)
        else:
            with advisory():
                refusal = lifecycle.preview_refusal(client, id_, olds, self.schema)
        self.host.warn(*filter(None, [refusal]))
        return refusal

    def _warn_of_adoption(self, settings: Settings, news: Properties) -> None:
        if has_unknown([news.get(name) for name in self.schema.identity]) or not lifecycle.adopts(news, settings):
            return  # before a client is opened, which takes longer than all else that a preview asks
        found = self.run.advised(
            settings,
            lambda: lifecycle.preview_adoption(connect(settings), news, self.schema),
            f"Whether a {self.schema.noun} has the {self.schema.identified(news)}, which would be adopted, "
            "isn't known:",
        )
        self.host.warn(*filter(None, [found]))

    def _client(self, recorded: Properties | None = None) -> Client:
        """
        Return the client of the configured workspace, or of the one in which a recorded link lives.
        """
        if recorded is None:
            return connect(load_settings(self.config))
        return connect(settings_for(recorded.get("workspace"), self.config, *self.former))

    def _named(self, props: Properties, sid: str = "") -> str:
        """
        Return the beginning of a sentence on the resource; an imported one has no title yet, and a new one no id.
        """
        names = [repr(props[name]) for name in (self.schema.title,) if name in props] + [f"({sid})"] * bool(sid)
        return f"The {self.schema.noun} {' '.join(names)}"
