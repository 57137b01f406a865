"""
A provider that does nothing: what is left is the engine's own time, and that of Pulumi's dynamic host.
"""

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult


class IdleLinkProvider(ResourceProvider):
    """
    Asks nobody, and takes everything as done.
    """

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Name it after its slug.
        """
        return CreateResult(props["slug"], props)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """
        Compare the only field that the benchmark changes.
        """
        return DiffResult(changes=_olds["duration"] != _news["duration"])

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """
        Take what is declared.
        """
        return UpdateResult(_news)


class IdleLink(Resource):
    """
    A resource with the arguments of a link.
    """

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **props: Any) -> None:
        super().__init__(IdleLinkProvider(), resource_name, props, opts)
