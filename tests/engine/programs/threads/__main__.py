"""
Links, and then as many resources of another dynamic provider; they share one host.
"""

import os

from other_provider import OtherProvider  # type: ignore[import-not-found]  # a module of this folder
from pulumi import ResourceOptions
from pulumi.dynamic import Resource

from neetocal_provider import SchedulingLink


class Other(Resource, module="other", name="Other"):
    """
    A resource of somebody else's.
    """

    def __init__(self, name: str, opts: ResourceOptions) -> None:
        super().__init__(OtherProvider(), name, {"number": name}, opts)


count = int(os.environ["COUNT"])
links = [
    SchedulingLink(f"link-{number}", slug=f"link-{number}", name="Link", hosts=["ada@acme.example"], duration=30)
    for number in range(count)
]
for number in range(count):
    Other(f"other-{number}", ResourceOptions(depends_on=links))
