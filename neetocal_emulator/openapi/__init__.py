"""
The emulated API described in OpenAPI, one document for each version.

The pages are written by hand from the facts and share nothing with the code, so that
holding the one against the other finds mistakes on both sides.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from neetocal_emulator.endpoints.call import Version

__all__ = ["OPENAPI_ROUTES", "description"]


def description(version: Version) -> dict[str, Any]:
    """
    Return the OpenAPI document of one version, with the components that both share.
    """
    document, shared = _page(version), _page("shared")
    for kind, components in shared["components"].items():
        own = document["components"].setdefault(kind, {})
        document["components"][kind] = {**components, **own}
    return document


def _page(name: str) -> dict[str, Any]:
    text = resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    page: dict[str, Any] = yaml.safe_load(text)
    return page


@cache
def _json(version: Version) -> bytes:
    return json.dumps(description(version), indent=2).encode()


def _v1(_: Request) -> Response:
    return Response(_json("v1"), media_type="application/json")


def _v2(_: Request) -> Response:
    return Response(_json("v2"), media_type="application/json")


# Mounted beside the control routes.
OPENAPI_ROUTES = [
    Route("/openapi/v1.json", _v1, methods=["GET"]),
    Route("/openapi/v2.json", _v2, methods=["GET"]),
]
