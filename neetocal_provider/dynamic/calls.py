"""
What Pulumi's dynamic host asks of a resource, handed to the core and back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, Config, CreateResult, DiffResult, ReadResult, UpdateResult

from neetocal_provider import log
from neetocal_provider.core.operations import Operations
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.run import Run
from neetocal_provider.dynamic.host import (
    DynamicHost,
    changes,
    end_with_engine,
    errors_as_sentences,
    is_provider_changed,
    recorded_inputs,
)
from neetocal_provider.sdk.properties import from_engine, to_record
from neetocal_provider.settings import SETTINGS

__all__ = ["DynamicCalls", "serve"]

_RUN = Run()
"""A host lives as long as one run of the engine."""


def serve(resource_type: ResourceType, config: Config) -> DynamicCalls:
    """
    Return what answers the host's calls; keys are read from the stack config when an operation runs.

    Only Pulumi's host calls this, in a process of its own: there the log is ours to start, and the end to choose.
    """
    log.start(SETTINGS["log"].find(config.get))
    end_with_engine()
    return DynamicCalls(resource_type=resource_type, config=config)


@dataclass(frozen=True, kw_only=True)
class DynamicCalls:
    """
    One method for each call of the host; `Operations` decides.
    """

    resource_type: ResourceType
    config: Config

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """
        Report everything that is wrong with the settings and the arguments.
        """
        with errors_as_sentences():
            failures = self._operations().check(from_engine(olds), from_engine(news))
        return CheckResult(news, [CheckFailure(failure.property, failure.reason) for failure in failures])

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """
        Say whether a change is due, and whether it replaces the resource.
        """
        with errors_as_sentences():
            found = self._operations().diff(id_, from_engine(olds), from_engine(news))
        is_more = is_provider_changed(olds, news) or found.is_reported
        return DiffResult(
            changes=is_more or changes(found.diff.changed),
            replaces=list(found.diff.replaces),
            delete_before_replace=found.delete_before_replace,
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Create it.
        """
        with errors_as_sentences():
            created = self._operations(props).create(from_engine(props))
        return CreateResult(created.id, to_record(created.outputs))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """
        Return it as it stands, or an empty id when it is gone.
        """
        with errors_as_sentences():
            live = self._operations().read(id_, from_engine(props), recorded_inputs())
        return ReadResult(id_, to_record(live.outputs), live.inputs) if live else ReadResult("", {})

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """
        Bring it to what the program declares.
        """
        with errors_as_sentences():
            updated = self._operations(news).update(id_, from_engine(olds), from_engine(news))
        return UpdateResult(to_record(updated.outputs))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """
        Delete it; what is gone already counts as deleted.
        """
        with errors_as_sentences():
            self._operations().delete(id_, from_engine(props))

    def _operations(self, props: dict[str, Any] | None = None) -> Operations:
        host = DynamicHost(props or {})
        return Operations(resource_type=self.resource_type, config=self.config.get, host=host, run=_RUN)
