"""
A link's address in another resource: here a page of a web site, as well a DNS record or an e-mail template.
"""

from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

from neetocal_provider import SchedulingLink


class PageProvider(ResourceProvider):
    """
    Writes a page to the disk.
    """

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Write the page.
        """
        Path(props["path"]).write_text(props["html"])
        return CreateResult(props["path"], props)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """
        Say what changed.
        """
        return DiffResult(
            changes=_olds["html"] != _news["html"], replaces=["path"] if _olds["path"] != _news["path"] else []
        )

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """
        Write the page anew.
        """
        Path(_news["path"]).write_text(_news["html"])
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """
        Remove the page.
        """
        Path(_props["path"]).unlink(missing_ok=True)


class Page(Resource, module="site", name="Page"):
    """
    A page of a web site.
    """

    def __init__(self, name: str, *, path: str, html: pulumi.Input[str]) -> None:
        super().__init__(PageProvider(), name, {"path": path, "html": html})


demo = SchedulingLink("demo", slug="demo", name="Product demo", hosts=["ada@acme.example"], duration=45)

Page("contact", path="contact.html", html=pulumi.Output.format('<a href="{0}">Book a {1}</a>\n', demo.url, demo.name))
