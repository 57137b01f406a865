"""
Links and as many resources of another dynamic provider, which share one host.
"""

import os

from other_provider import OtherProvider  # type: ignore[import-not-found]  # a module of this folder
from pulumi.dynamic import Resource

from neetocal_provider import SchedulingLink


class Other(Resource, module="other", name="Other"):
    """
    A resource of somebody else's.
    """

    def __init__(self, name: str) -> None:
        super().__init__(OtherProvider(), name, {"number": name})


for number in range(int(os.environ["COUNT"])):
    Other(f"other-{number}")
    SchedulingLink(f"link-{number}", slug=f"link-{number}", name="Link", hosts=["ada@acme.example"], duration=30)
