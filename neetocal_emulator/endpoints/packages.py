"""
Packages and their purchases over HTTP: to be seen, not made.
"""

from __future__ import annotations

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import listed
from neetocal_emulator.store import packages

__all__ = ["get_package", "get_purchase", "list_packages", "list_purchases"]


def list_packages(call: Call) -> Answer:
    """
    List the packages, page by page.
    """
    return listed(call, "packages", packages.listing(call.workspace))


def get_package(call: Call) -> Answer:
    """
    Show one package.
    """
    return Answer({"package": packages.find(call.workspace, call.path["package_id"])})


def list_purchases(call: Call) -> Answer:
    """
    List who bought a package, page by page.
    """
    return listed(call, "purchases", packages.purchases(call.workspace, call.path["package_id"]))


def get_purchase(call: Call) -> Answer:
    """
    Show one purchase.
    """
    return Answer({"purchase": packages.find_purchase(call.workspace, call.path["package_id"], call.path["id"])})
