"""
Answers of the page: HTML that a browser trusts no further than it must, and JSON that nobody keeps.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import HTMLResponse, Response

__all__ = ["HEADERS", "html_answer", "json_answer"]

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def html_answer(text: str, status: int = 200) -> Response:
    """
    Answer with a page.
    """
    return HTMLResponse(text, status, HEADERS)


def json_answer(data: dict[str, Any], status: int = 200) -> Response:
    """
    Answer with an object.
    """
    return Response(json.dumps(data), status, {"Cache-Control": "no-store"}, "application/json")
