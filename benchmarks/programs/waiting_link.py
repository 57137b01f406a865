"""
The resource of the plugin `pulumi-resource-waiting`, with the arguments of a link.
"""

from typing import Any

import pulumi


class WaitingLink(pulumi.CustomResource):
    """
    A resource of which nothing is made.
    """

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **props: Any) -> None:
        super().__init__("waiting:index:Link", resource_name, props, opts)
