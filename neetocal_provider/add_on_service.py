"""
`AddOnService`: what visitors can book on top of a link.
"""

from __future__ import annotations

import pulumi

from neetocal_provider.dynamic.provider import BaseResourceProvider
from neetocal_provider.dynamic.resource import DynamicResource
from neetocal_provider.resources.add_on_service import ADD_ON_SERVICE
from neetocal_provider.sdk.resource import BaseResource

__all__ = ["AddOnService", "AddOnServiceBase", "AddOnServiceProvider"]


class AddOnServiceProvider(BaseResourceProvider):
    """
    The life of an add-on service under the dynamic provider; its import path is in every state.
    """

    resource_type = ADD_ON_SERVICE


class AddOnServiceBase(BaseResource):
    """
    An add-on service under either provider: what a program gives and gets. See `AddOnService`.
    """

    _schema = ADD_ON_SERVICE.schema

    link: pulumi.Output[str]
    name: pulumi.Output[str]
    description: pulumi.Output[str | None]
    duration: pulumi.Output[int | None]
    price: pulumi.Output[str | None]
    position: pulumi.Output[int | None]

    def __init__(
        self,
        resource_name: str,
        *,
        link: pulumi.Input[str],
        name: pulumi.Input[str],
        description: pulumi.Input[str] | None = None,
        duration: pulumi.Input[int] | None = None,
        price: pulumi.Input[str] | None = None,
        position: pulumi.Input[int] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._declare(resource_name, locals(), opts)


class AddOnService(AddOnServiceBase, DynamicResource, provider=AddOnServiceProvider):
    """
    What visitors can book on top of a link. Its id is the link's sid, a slash and its own uuid.

    Args:
        resource_name: the resource's name in the stack.

        link: The sid of the link on top of which it can be booked.

        name: The name that visitors see.

        description: What the service is about.

        duration: Minutes it adds, 0 to 1440.

        price: What it costs, as text such as "25.50".

        position: Its place among the link's services.

        opts: Pulumi's options of the resource.
    """
