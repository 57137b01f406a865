"""
What a host of Pulumi's asks of a resource, decided: the failures, warnings, refusals and requests that follow.

Two hosts stand on this, `dynamic.calls` under Pulumi's dynamic host and `native.server` as a provider of its own.
They hand values over in different ways and have the same things done. Knows no Pulumi.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from neetocal_provider.api.client import Client, connect
from neetocal_provider.api.deadline import advisory
from neetocal_provider.core import create, diff, lifecycle
from neetocal_provider.core.check import check
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.run import Run
from neetocal_provider.core.state import ReadResult, preview_outputs
from neetocal_provider.errors import ConfigError, NeetoCalError, NotAppliedError
from neetocal_provider.log import LOGGER
from neetocal_provider.schema.fields import Update
from neetocal_provider.schema.resource import Failure, Properties, Schema
from neetocal_provider.schema.types import has_unknown
from neetocal_provider.settings import Config, Settings, load_settings, settings_for

__all__ = ["DiffResult", "Host", "OperationError", "Operations", "operation_errors"]


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
    The life of a resource, one method for each call of the engine.

    Properties are plain values under the names of the schema, as `properties.from_engine` returns them.

    Attributes:
        resource_type: the resource's.

        config: the settings that the host was given; the environment stands behind them.

        former: those that it was given before, with which a resource in another workspace may be reached.

        host: for the call that is being served.

        run: the same for all calls of a run.

    Raises:
        OperationError: a call cannot be done; its text tells the user why.
    """

    resource_type: ResourceType
    config: Config
    former: tuple[Config, ...] = ()
    host: Host
    run: Run

    def check(self, olds: Properties, news: Properties) -> list[Failure]:
        """
        Return everything that is wrong with the settings and the arguments, without a request.

        What a new one would adopt is looked up, and so is what forbids to delete one that an option of Pulumi
        replaces: `diff` does not learn of that, but the engine then checks the resource again, without `olds`.
        """
        settings, problems = self._settings()
        failures = [Failure("", problem) for problem in problems]
        failures += check(self.resource_type, news, settings.api_version if settings else "")
        if settings and not failures:
            title = self.schema.title
            identity = tuple(
                news[name] if has_unknown(news[name]) else self.schema.by_name[name].type.canonical(news[name])
                for name in self.schema.identity
            )
            duplicate = self.run.duplicate(self.host.urn, self.schema.noun, settings.workspace, identity)
            if duplicate:
                failures.append(Failure(title, f"is the {title} of the resource {duplicate!r}, too: give one another"))
            elif olds:
                self.run.remember(self.host.urn, "", olds)
            else:
                self._warn_before_create(settings, news)
        return failures

    def diff(self, id_: str, olds: Properties, news: Properties) -> DiffResult:
        """
        Say whether a change is due, and whether it replaces the resource, without a request.

        Only if it is to be replaced, what forbids to delete it is asked for: then the old one is to go first, so that
        the refusal to delete it comes before a new one is made.
        """
        with operation_errors(self._named(olds, id_), "compared"):
            settings = load_settings(self.config)
            found = diff.diff(self.resource_type, olds, news, settings)
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
            return preview_outputs(news, load_settings(self.config), self.schema, olds)

    def create(self, news: Properties) -> create.CreateResult:
        """
        Create it; where that is done but for a part, the host records what there is.
        """
        with operation_errors(self._named(news), "created"):
            created = create.create(self._client(), self.resource_type, news, replaces=self._replaced(news))
            self.host.warn(*created.warnings)
            if created.is_adopted:
                self.run.keep(created.id)
            if created.problems:
                name = self._named(news, created.id)
                sentences = [_failure(name, "made as declared", problem) for problem in created.problems]
                if self.host.record_partial_state(created.id, created.outputs, sentences):
                    raise NotAppliedError(*created.problems)
                self.host.warn(*sentences)  # an error would lose its id
        return created

    def read(self, id_: str, outputs: Properties, inputs: Properties) -> ReadResult | None:
        """
        Return it as it stands; None when it is gone.

        Args:
            outputs: as recorded; empty for one that the stack does not know.

            inputs: as recorded.
        """
        with operation_errors(self._named(outputs, id_), "read"):
            live = lifecycle.read(self._client(outputs), self.resource_type, id_, outputs)
        if live is None:
            return None
        if outputs and any(self.resource_type.warnings(live.outputs)) != any(self.resource_type.warnings(outputs)):
            self.run.report(id_)
        # What only a create reads is no output, and would seem to have been removed.
        options = {field.name for field in self.schema.fields if field.update is Update.CREATE_OPTION}
        kept = {name: value for name, value in inputs.items() if name in options}
        return ReadResult(outputs=live.outputs, inputs={**live.inputs, **kept})

    def update(self, id_: str, olds: Properties, news: Properties) -> lifecycle.UpdateResult:
        """
        Bring it to what the program declares; where only a part was taken, the host records what there is.
        """
        name = self._named(olds, id_)
        with operation_errors(name, "updated"):
            updated = lifecycle.update(self._client(), self.resource_type, id_, olds, news)
            self.host.warn(*updated.warnings)
            if updated.problems:
                sentences = [_failure(name, "updated", problem) for problem in updated.problems]
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
            lifecycle.delete(self._client(outputs), self.resource_type, id_, outputs)

    @property
    def schema(self) -> Schema:
        """
        Return what is declared of the resource.
        """
        return self.resource_type.schema

    def _settings(self) -> tuple[Settings | None, tuple[str, ...]]:
        try:
            return load_settings(self.config), ()
        except ConfigError as error:
            return None, error.problems

    def _warn_before_create(self, settings: Settings, news: Properties) -> None:
        """
        Warn of what would be adopted, or would be replaced by an option of Pulumi.

        A resource that is replaced with another one (`replace_with`) may be checked as if it were new.
        """
        existing = self.run.existing(self.host.urn)
        if existing is None and self.run.replaces() and not create.adopts(news, settings):
            self._refusal("", news)
        elif existing is None:
            self._warn_of_adoption(settings, news)
        elif self.run.replace(self.host.urn):
            self.host.warn(*diff.replacement_warnings(self.resource_type, existing[1], news, settings))
            self._warn_of_replacement(settings, *existing, news)

    def _warn_of_replacement(self, settings: Settings, id_: str, olds: Properties, news: Properties) -> str:
        """
        Warn of what stands in the way of a replacement; return why the old one will stay, empty if it will not.
        """
        refusal = self._refusal(id_, olds)
        if not diff.is_identity_kept(olds, news, settings, self.schema):
            self._warn_of_adoption(settings, news)
        return refusal

    def _refusal(self, id_: str, olds: Properties) -> str:
        """
        Return why a resource cannot be deleted for another one, with a warning; empty if it can be.
        """
        try:
            client = self._client(olds)
        except ConfigError as error:
            refusal = str(error)
        else:
            with advisory():
                refusal = lifecycle.preview_refusal(client, self.resource_type, id_, olds)
        self.host.warn(*filter(None, [refusal]))
        return refusal

    def _warn_of_adoption(self, settings: Settings, news: Properties) -> None:
        is_asked = self.schema.is_unique and create.adopts(news, settings)
        if not is_asked or has_unknown([news.get(name) for name in self.schema.identity]):
            return  # before a client is opened, which takes longer than all else that a preview asks
        found = self.run.advised(
            settings,
            lambda: create.preview_adoption(connect(settings), self.resource_type, news),
            f"Whether a {self.schema.noun} has the {self.schema.identified(news)}, which would be adopted, "
            "isn't known:",
        )
        self.host.warn(*filter(None, [found]))

    def _replaced(self, news: Properties) -> str | None:
        """
        Return the id of the object that a new one of the same identity replaces; empty if the engine doesn't say it.
        """
        existing = self.run.existing(self.host.urn)
        if existing is None:
            return None
        id_, olds = existing
        return id_ if diff.is_identity_kept(olds, news, load_settings(self.config), self.schema) else None

    def _client(self, recorded: Properties | None = None) -> Client:
        """
        Return the client of the configured workspace, or of the one in which a recorded resource lives.
        """
        if recorded is None:
            return connect(load_settings(self.config))
        return connect(settings_for(recorded.get("workspace"), self.config, *self.former))

    def _named(self, props: Properties, id_: str = "") -> str:
        """
        Return the beginning of a sentence on the resource; an imported one has no title yet, and a new one no id.
        """
        names = [repr(props[name]) for name in (self.schema.title,) if name in props] + [f"({id_})"] * bool(id_)
        return f"The {self.schema.noun} {' '.join(names)}"
