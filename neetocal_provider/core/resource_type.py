"""
A resource type as the core takes it: what is declared of it, where it lives, and what is special about it.
"""

from __future__ import annotations

from collections.abc import Collection as AbstractCollection
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neetocal_provider.api.endpoints import Endpoints
from neetocal_provider.schema.fields import Field
from neetocal_provider.schema.resource import Failure, Properties, Schema

if TYPE_CHECKING:
    from neetocal_provider.api.client import Client
    from neetocal_provider.api.collection import Collection
    from neetocal_provider.api.objects import RemoteObject

__all__ = ["ResourceType"]


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """
    A resource type: schema, endpoints and hooks.

    Every method but `collection` is a hook. Its default suits a type of which nothing is special; `resources` has the
    others. A program imports resource types and makes no request, so a hook imports what it needs of `api`.

    Attributes:
        dependents: what can hang on an object, such as "upcoming bookings", so that it isn't deleted unless
            `force_destroy` is declared; empty if nothing can. `in_use` finds it.

        release: what a user can do about that, as an imperative.
    """

    schema: Schema
    endpoints: Endpoints
    dependents: str = ""
    release: str = ""

    def collection(self, client: Client) -> Collection:
        """
        Return the objects of this type in the client's workspace, the same collection for all threads.
        """
        from neetocal_provider.api.collection import Collection

        return client.shared(self.schema.name, lambda: Collection(client, self.schema, self.endpoints))

    def problems(self, news: Properties) -> Iterator[Failure]:
        """
        Yield what is wrong with several arguments together; the rules of each alone are its `PropertyType`'s.
        """
        yield from ()

    def keeps(self, field: Field, olds: Properties, news: Properties) -> str:
        """
        Return why a removed argument doesn't go back to its default, to follow "because"; empty if it does.
        """
        return ""

    def is_copy(self, props: Properties) -> bool:
        """
        Whether an object begins as a copy of another, so that what it holds of undeclared arguments isn't known.
        """
        return False

    def present(self, client: Client, recorded: RemoteObject, patch: Properties) -> RemoteObject:
        """
        Return the object that an update starts from: as it is recorded, or as neetoCal answers it now.
        """
        return recorded

    def update(self, client: Client, present: RemoteObject, patch: Properties) -> RemoteObject:
        """
        Send a patch, and return the object as it now stands.
        """
        return self.collection(client).update(present.id, patch)

    def finish(
        self,
        client: Client,
        remote: RemoteObject,
        news: Properties,
        names: AbstractCollection[str],
        olds: Properties | None = None,
    ) -> tuple[RemoteObject, Properties]:
        """
        Make the requests that some arguments take after a create or a patch.

        Args:
            names: the arguments to bring to what is declared.

            olds: outputs before the update; None for what was just created or adopted.

        Returns:
            The object as it now stands, and those arguments as they should be.
        """
        return remote, {}

    def in_use(self, client: Client, id_: str, props: Properties) -> str:
        """
        Return how many `dependents` an object has, to follow "has"; empty if there are none.
        """
        return ""

    def warnings(self, props: Properties) -> Iterator[str]:
        """
        Yield in sentences what the outputs of an object should make its user know.
        """
        yield from ()

    def notes(self, remote: RemoteObject) -> Iterator[str]:
        """
        Yield in sentences what an exported program should say of an object beside its arguments.
        """
        yield from ()

    def replacement_warnings(self, olds: Properties) -> Iterator[str]:
        """
        Yield in sentences how a replacement can fail after the old object was deleted to make way for it.
        """
        yield from ()
