"""
The provider behind each of our resources: what Pulumi's dynamic host asks, handed to the core and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from neetocal_provider import checks, differences, dynamic_host, lifecycle, log
from neetocal_provider.client import Client, connect
from neetocal_provider.errors import ConfigError, NotAppliedError
from neetocal_provider.fields import Schema, is_for_making
from neetocal_provider.settings import SETTINGS, Settings, load_settings, settings_for
from neetocal_provider.values import has_unknown

__all__ = ["RecordProvider"]


class RecordProvider(ResourceProvider):
    """
    The life of a link or of a template, as Pulumi's dynamic host calls for it.

    Subclasses are stored in every resource's state as their import path: nothing may be set on an instance before
    `configure`.
    """

    serialize_as_secret_always = False

    schema: ClassVar[Schema]
    """What is declared of the resource."""

    def configure(self, req: ConfigureRequest) -> None:
        """
        Keep the stack config at hand; keys are read from it when an operation runs.

        Only Pulumi's host calls this, in a process of its own: there the log is ours to start, and the end to choose.
        """
        self._config = req.config
        log.start(SETTINGS["log"].find(self._config.get))
        dynamic_host.end_with_engine()

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """
        Report everything that is wrong with the settings and the arguments, without a request.

        Only where a new one may take over one that exists, that one is looked up, so that the preview tells of it.
        """
        given = dynamic_host.plain(news)
        settings, problems = self._settings()
        failures = [CheckFailure("", problem) for problem in problems]
        found = checks.check(given, settings.api_version if settings else "", self.schema)
        failures += [CheckFailure(failure.property, failure.reason) for failure in found]
        if settings and not failures:
            twin = dynamic_host.twin(self.schema.noun, settings.workspace, given["slug"])
            if twin:
                failures.append(CheckFailure("slug", f"is the slug of the resource {twin!r}, too: give one another"))
            elif dynamic_host.is_new(olds):
                self._warn_of_adoption(settings, given)
        return CheckResult(news, failures)

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """
        Say whether a change is due, and whether it replaces the resource, without a request.

        Only where a link is to be replaced, its bookings are counted: where there are any, the old link is to go
        first, so that the refusal to delete it comes before a new one is made.
        """
        before, after = dynamic_host.plain(olds), dynamic_host.plain(news)
        with dynamic_host.errors_as_sentences(self._named(olds, id_), "compared"):
            settings = load_settings(self._config.get)
            found = differences.diff(before, after, settings, self.schema)
        dynamic_host.warn(*found.warnings)
        refusal = self._refusal(id_, before) if found.replaces else ""
        dynamic_host.warn(*filter(None, [refusal]))
        if found.replaces and not found.delete_before_replace:
            self._warn_of_adoption(settings, after)
        is_to_show = dynamic_host.is_to_show(id_)
        return DiffResult(
            changes=bool(found.changed) or dynamic_host.is_provider_changed(olds, news) or is_to_show,
            replaces=list(found.replaces),
            delete_before_replace=found.delete_before_replace or bool(refusal),
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Create it.
        """
        with dynamic_host.errors_as_sentences(self._named(props), "created"):
            made = lifecycle.create(self._client(), dynamic_host.plain(props), self.schema)
            dynamic_host.warn(*made.warnings)
            if made.is_adopted:
                dynamic_host.keep(made.sid)
            if made.problems:
                outputs = {**made.outputs, **dynamic_host.hosted(props)}
                link = self._named(props, made.sid)
                told = [dynamic_host.failure(link, "made as declared", problem) for problem in made.problems]
                if dynamic_host.record_in_spite_of_error(made.sid, outputs, told):
                    raise NotAppliedError(*made.problems)
                dynamic_host.warn(*told)  # an error would lose the link's sid
        return CreateResult(made.sid, made.outputs)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """
        Return it as it stands, or an empty id when it is gone.
        """
        with dynamic_host.errors_as_sentences(self._named(props, id_), "read"):
            live = lifecycle.read(self._client(props), id_, dynamic_host.plain(props), self.schema)
        if live is None:
            return ReadResult("", {})
        if live.outputs.get("disabled") is not props.get("disabled", live.outputs.get("disabled")):
            dynamic_host.show(id_)
        # What only the making of a link reads is no output, and would seem to have been removed.
        kept = {name: value for name, value in dynamic_host.recorded_inputs().items() if is_for_making(name)}
        return ReadResult(id_, live.outputs, {**live.inputs, **kept})

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """
        Bring it to what the program declares.
        """
        link = self._named(olds, id_)
        with dynamic_host.errors_as_sentences(link, "updated"):
            before, after = dynamic_host.plain(olds), dynamic_host.plain(news)
            updated = lifecycle.update(self._client(), id_, before, after, self.schema)
            dynamic_host.warn(*updated.warnings)
            if updated.problems:
                outputs = {**updated.outputs, **dynamic_host.hosted(news)}
                told = [dynamic_host.failure(link, "updated", problem) for problem in updated.problems]
                dynamic_host.record_in_spite_of_error(id_, outputs, told)
                raise NotAppliedError(*updated.problems)
        return UpdateResult(updated.outputs)

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """
        Delete it; what is gone already counts as deleted.

        What was taken over in this run, as when a resource was renamed, stays: it is the new resource's now.
        """
        if dynamic_host.is_kept(id_):
            dynamic_host.warn(f"The {self.schema.noun} {id_} stays: it was taken over in this run.")
            return
        with dynamic_host.errors_as_sentences(self._named(props, id_), "deleted"):
            lifecycle.delete(self._client(props), id_, dynamic_host.plain(props), self.schema)

    def _settings(self) -> tuple[Settings | None, tuple[str, ...]]:
        try:
            return load_settings(self._config.get), ()
        except ConfigError as error:
            return None, error.problems

    def _refusal(self, id_: str, olds: Mapping[str, Any]) -> str:
        try:
            client = self._client(olds)
        except ConfigError as error:
            return str(error)
        return lifecycle.foresee_refusal(client, id_, olds, self.schema)

    def _warn_of_adoption(self, settings: Settings, news: Mapping[str, Any]) -> None:
        if has_unknown(news.get("slug")) or not lifecycle.adopts(news, settings):
            return  # before a client is opened, which takes longer than all else that a preview asks
        with suppress(ConfigError):  # no way out of here; the operation itself says so
            dynamic_host.warn(*filter(None, [lifecycle.foresee_adoption(connect(settings), news, self.schema)]))

    def _client(self, recorded: Mapping[str, Any] | None = None) -> Client:
        """
        Return the client of the configured workspace, or of the one in which a recorded link lives.
        """
        if recorded is None:
            return connect(load_settings(self._config.get))
        return connect(settings_for(recorded.get("workspace"), self._config.get))

    def _named(self, props: Mapping[str, Any], sid: str = "") -> str:
        """
        Return the beginning of a sentence on the resource; an imported one has no slug yet, and a new one no sid.
        """
        names = [repr(props[name]) for name in ("slug",) if name in props] + [f"({sid})"] * bool(sid)
        return f"The {self.schema.noun} {' '.join(names)}"
