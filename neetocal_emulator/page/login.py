"""
How the official command line tool logs in: it takes a token, a person confirms that here, it asks whether that is done.

These routes are no part of the API: they need no key, are not in the journal, and no fault meets them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from neetocal_emulator.page.answers import html_answer, json_answer
from neetocal_emulator.page.public import expired_login_page, logged_in_page, login_page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from neetocal_emulator.backend import Backend

__all__ = ["LOGIN_PREFIX", "LOGIN_ROUTES"]

LOGIN_PREFIX = "/api/cli/v1"


async def begin(request: Request) -> Response:
    """
    Give out a token (LOGIN).
    """
    return json_answer({"login_token": _backend(request).logins.begin()})


async def confirm(request: Request) -> Response:
    """
    Ask for the workspace where there are several, and let the tool in.
    """
    backend = _backend(request)
    names = backend.store.names()
    token = request.query_params.get("token", "")
    workspace = request.query_params.get("workspace", names[0] if len(names) == 1 else "")
    if token not in backend.logins:
        return html_answer(expired_login_page(), 404)
    if workspace not in names:
        return html_answer(login_page(token, names))
    backend.logins.confirm(token, workspace)
    return html_answer(logged_in_page(workspace, backend.admin(workspace)))


async def status(request: Request) -> Response:
    """
    Say whether somebody has confirmed, and give out the session token then (SESSION_TOKEN).
    """
    backend = _backend(request)
    token = request.path_params["token"]
    if token not in backend.logins:
        return json_answer({"status": "expired"})
    workspace = backend.logins.workspace(token)
    if workspace is None:
        return json_answer({"status": "pending"})
    session = {"email": backend.admin(workspace), "session_token": backend.key(workspace)}
    return json_answer({"status": "authenticated", **session})


def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


LOGIN_ROUTES = [
    Route("/sessions", begin, methods=["POST"]),
    Route("/sessions/{token}/status", status, methods=["POST"]),
    Route("/login", confirm, methods=["GET"]),
]
