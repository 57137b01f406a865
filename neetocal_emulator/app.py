"""
The ASGI application: routes as lists, errors turned into answers in one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, Router

from neetocal_emulator.busy import waits_while_busy
from neetocal_emulator.endpoints.answers import answered, refused
from neetocal_emulator.endpoints.bodies import read_object
from neetocal_emulator.endpoints.call import Call
from neetocal_emulator.endpoints.control import CONTROL_PREFIX, CONTROL_ROUTES, SEED_PATH
from neetocal_emulator.endpoints.routes import PREFIXES, ROUTES
from neetocal_emulator.errors import (
    BusyError,
    NotFoundError,
    Problem,
    RefusedError,
    SetupError,
    UnknownTargetError,
    UnknownVerbError,
)
from neetocal_emulator.facts import Fact
from neetocal_emulator.middleware.faults import FaultMiddleware
from neetocal_emulator.middleware.journal import WORKSPACE, JournalMiddleware, api_key
from neetocal_emulator.middleware.trusted_origin import TrustedOriginMiddleware
from neetocal_emulator.openapi import OPENAPI_ROUTES
from neetocal_emulator.page import LOGIN_PREFIX, LOGIN_ROUTES, with_page
from neetocal_emulator.server import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from neetocal_emulator.backend import Backend
    from neetocal_emulator.endpoints.call import Endpoint, Version

__all__ = ["build_app"]


def build_app(backend: Backend, *, page: bool = True, host: str = LOOPBACK) -> ASGIApp:
    """
    Build the application that serves *backend* on *host*, with the web page or without.
    """
    app = Starlette(
        routes=[
            _mounted(CONTROL_PREFIX, [*CONTROL_ROUTES, *OPENAPI_ROUTES]),
            _mounted(LOGIN_PREFIX, LOGIN_ROUTES),
            *(_mounted(prefix, _routes(version)) for version, prefix in PREFIXES.items()),
        ],
        exception_handlers={
            RefusedError: _on_refusal,
            SetupError: _on_setup_error,
            BusyError: _on_busy,
            HTTPException: _on_unknown_path,
            Exception: _on_failure,
        },
    )
    app.state.backend = backend
    app.router.redirect_slashes = False
    ours = (f"{CONTROL_PREFIX}/", f"{LOGIN_PREFIX}/")
    with_faults = FaultMiddleware(app, backend, spared=ours)
    recorded = JournalMiddleware(with_faults, backend, unrecorded=ours, unbounded=f"{CONTROL_PREFIX}{SEED_PATH}")
    return TrustedOriginMiddleware(with_page(recorded, backend) if page else recorded, host=host)


def _mounted(prefix: str, routes: Sequence[BaseRoute]) -> Mount:
    return Mount(prefix, app=Router(routes, redirect_slashes=False))


def _routes(version: Version) -> list[Route]:
    """
    Make one route of all verbs on a path, so that another verb can be told them (UNKNOWN_VERB).
    """
    paths: dict[str, dict[str, Endpoint]] = {}
    for method, path, endpoint in ROUTES[version]:
        paths.setdefault(path, {})[method] = endpoint
    return [_route(path, endpoints, version) for path, endpoints in paths.items()]


def _route(path: str, endpoints: Mapping[str, Endpoint], version: Version) -> Route:

    async def handler(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        data = await request.body()
        backend: Backend = request.app.state.backend
        with backend.store.unlocked(api_key(request.scope), backend.switches, writes=method != "GET") as workspace:
            request.scope[WORKSPACE] = workspace.name
            call = Call(
                workspace=workspace,
                version=version,
                path=request.path_params,
                query=request.query_params,
                body=_body(request, data),
                base_url=f"{request.scope['scheme']}://{request.headers.get('host', '')}",
            )
            return answered(endpoints[method](call))

    return Route(path, waits_while_busy(handler), methods=list(endpoints))


def _body(request: Request, data: bytes) -> Mapping[str, object]:
    if request.method in {"GET", "HEAD"}:
        return {}
    return read_object(request.headers.get("content-type"), data)


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101  # by the table above
    return refused(error, request.app.state.backend.switches)


async def _on_setup_error(_: Request, error: Exception) -> Response:
    status = 404 if isinstance(error, UnknownTargetError) else 400
    return JSONResponse({"error": str(error)}, status)


async def _on_busy(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 503, {"retry-after": "1"})


async def _on_unknown_path(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # by the table above
    switches = request.app.state.backend.switches
    allowed = (error.headers or {}).get("Allow")
    if allowed is None:
        return refused(NotFoundError(Problem(Fact.UNKNOWN_PATH, "Not found")), switches)
    response = refused(UnknownVerbError(Problem(Fact.UNKNOWN_VERB, "Method not allowed")), switches)
    response.headers["Allow"] = ", ".join(sorted(allowed.split(", ")))
    return response


async def _on_failure(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "Internal server error"}, 500)
