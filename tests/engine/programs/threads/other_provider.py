"""
A dynamic provider of somebody else's, in a module, as its author would publish it.
"""

import os
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from pulumi.dynamic import CreateResult, ResourceProvider


class OtherProvider(ResourceProvider):
    """
    Sends one request for each resource, which the server can count.
    """

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Send the request.
        """
        address = f"{os.environ['NEETOCAL_BASE_URL']}/api/external/v2/team-members?other=true"
        request = Request(address, headers={"X-Api-Key": os.environ["NEETOCAL_API_KEY"]})  # noqa: S310 - the address is http
        build_opener(ProxyHandler({})).open(request).close()
        return CreateResult(props["number"], props)
