"""
A dynamic provider of somebody else's, in a module, as its author would publish it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from pulumi.dynamic import CreateResult, ResourceProvider

LOCK = Lock()
calls = 0


@contextmanager
def counted() -> Iterator[int]:
    """
    Count the calls that run at this time.
    """
    global calls
    with LOCK:
        calls += 1
        count = calls
    try:
        yield count
    finally:
        with LOCK:
            calls -= 1


class OtherProvider(ResourceProvider):
    """
    Sends one request for each resource, which says how many calls run at this time.
    """

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Send the request.
        """
        with counted() as count:
            address = f"{os.environ['NEETOCAL_BASE_URL']}/api/external/v2/team-members?calls={count}"
            request = Request(address, headers={"X-Api-Key": os.environ["NEETOCAL_API_KEY"]})  # noqa: S310 - the address is http
            build_opener(ProxyHandler({})).open(request).close()
        return CreateResult(props["number"], props)
