"""
The page's routes, in front of the application.

Only GET and HEAD outside of the API come here; what is not the page's goes on to
the application: the API, the control routes, and clients that miss the API's prefix.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from importlib import resources
from pathlib import PurePath
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route, Router

from neetocal_emulator.errors import NotFoundError, UnknownTargetError
from neetocal_emulator.page.answers import HEADERS, html_answer, json_answer
from neetocal_emulator.page.events import event_stream
from neetocal_emulator.page.exchange import exchange
from neetocal_emulator.page.labels import described
from neetocal_emulator.page.overview import Question, overview
from neetocal_emulator.page.public import ASSETS, choice_page, link_page, missing_page
from neetocal_emulator.store import records

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from neetocal_emulator.backend import Backend
    from neetocal_emulator.store.documents import Meeting

__all__ = ["with_page"]

_API = "/api/"
_TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}


def with_page(app: ASGIApp, backend: Backend) -> ASGIApp:
    """
    Serve the page of *backend*, and everything else from *app*.
    """
    site = _Site(app, backend)
    routes = [
        Route("/", site.home),
        Route("/_emulator/events", site.events),
        Route("/_emulator/overview", site.overview),
        Route("/_emulator/requests/{number:int}", site.request),
        Route(f"{ASSETS}/{{name}}", site.asset),
        Route("/{slug}", site.public),
    ]
    router = Router(routes, redirect_slashes=False, default=app)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and not scope["path"].startswith(_API)
        await (router if is_ours else app)(scope, receive, send)

    return serve


class _Site:
    """
    The endpoints; what they answer with may be the application behind them.
    """

    def __init__(self, app: ASGIApp, backend: Backend) -> None:
        self._app = app
        self._backend = backend
        # Tells the page that numbers and revisions start anew.
        self._run = secrets.token_hex(4)
        self._files = _files()

    async def home(self, _: Request) -> Response:
        """
        Show the page.
        """
        return self._files["index.html"]

    async def asset(self, request: Request) -> ASGIApp:
        """
        Give the page its style, script and icon.
        """
        return self._files.get(request.path_params["name"], self._app)

    async def events(self, _: Request) -> Response:
        """
        Tell whenever something has changed.
        """
        return event_stream(self._backend)

    async def overview(self, request: Request) -> Response:
        """
        Tell what a workspace holds and what was asked of it.
        """
        try:
            return json_answer(overview(self._backend, Question.asked(request.query_params), self._run))
        except UnknownTargetError as error:
            return json_answer({"error": str(error)}, 404)

    async def request(self, request: Request) -> Response:
        """
        Tell one request of the journal with its answer, the key masked.
        """
        entry = self._backend.journal.find(request.path_params["number"])
        if entry is None:
            return json_answer({"error": "This request is no longer in the journal."}, 404)
        return json_answer(exchange(entry))

    async def public(self, request: Request) -> ASGIApp:
        """
        Show a link as a visitor would see it.
        """
        slug = request.path_params["slug"]
        holders = self._holders(slug, request.query_params.get("workspace"))
        if len(holders) > 1:
            return html_answer(choice_page(slug, holders), 300)
        for workspace, meeting in holders.items():
            return html_answer(link_page(described(meeting), workspace))
        if "text/html" in request.headers.get("accept", ""):
            return html_answer(missing_page(slug), 404)
        # No browser: a client that has forgotten the API's prefix, which the journal shall show.
        return self._app

    def _holders(self, slug: str, workspace: str | None) -> dict[str, Meeting]:
        """
        Find the link in one workspace, or in all for None.
        """
        backend = self._backend
        found = {}
        for name in backend.store.names():
            if workspace in {None, name}:
                with suppress(NotFoundError), backend.store.named(name, backend.switches, writes=False) as opened:
                    found[name] = records.find_by_slug(opened, slug)
        return found


def _files() -> dict[str, Response]:
    """
    Read the package's files into answers; they are few and small.
    """
    folder = resources.files("neetocal_emulator.page").joinpath("assets")
    return {file.name: _file(file.name, file.read_bytes()) for file in folder.iterdir()}


def _file(name: str, data: bytes) -> Response:
    return Response(data, headers=HEADERS, media_type=_TYPES.get(PurePath(name).suffix))
