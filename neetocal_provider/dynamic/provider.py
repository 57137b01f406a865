"""
The provider behind each resource under Pulumi's dynamic host: the class that the state names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

if TYPE_CHECKING:
    from neetocal_provider.core.resource_type import ResourceType

__all__ = ["BaseResourceProvider"]


class BaseResourceProvider(ResourceProvider):
    """
    The lifecycle of a link or of a template, as Pulumi's dynamic host calls for it; `dynamic.calls` answers.

    Subclasses are stored in every resource's state as their import path: nothing may be set on an instance before
    `configure`.
    """

    serialize_as_secret_always = False

    resource_type: ClassVar[ResourceType]
    """The resource's: what is declared of it, where it lives, and what is special about it."""

    def configure(self, req: ConfigureRequest) -> None:
        """
        Load what answers the calls. A program, which only stores the class, does without.
        """
        from neetocal_provider.dynamic.calls import serve
        from neetocal_provider.dynamic.threads import add_threads

        self._calls = serve(self.resource_type, req.config)
        add_threads(BaseResourceProvider)

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """
        Report everything that is wrong with the settings and the arguments.
        """
        return self._calls.check(olds, news)

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """
        Return whether something changes, and whether it replaces the resource.
        """
        return self._calls.diff(id_, olds, news)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Create it.
        """
        return self._calls.create(props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """
        Return it as it stands, or an empty id if it is gone.
        """
        return self._calls.read(id_, props)

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """
        Bring it to what the program declares.
        """
        return self._calls.update(id_, olds, news)

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """
        Delete it; a resource that is gone is treated as deleted.
        """
        self._calls.delete(id_, props)
