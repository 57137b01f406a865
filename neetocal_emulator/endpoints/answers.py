"""
How answers and refusals become HTTP responses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from starlette.responses import JSONResponse, Response

from neetocal_emulator.error_bodies import error_body, status_of

if TYPE_CHECKING:
    from neetocal_emulator.endpoints.call import Answer
    from neetocal_emulator.errors import RefusedError
    from neetocal_emulator.switches import Switches

__all__ = ["FACTS_HEADER", "answered", "refused"]

FACTS_HEADER = "x-emulator-facts"


def answered(answer: Answer) -> Response:
    """
    Turn an endpoint's answer into a response.
    """
    if answer.body is None:
        return Response(status_code=answer.status)
    return Response(orjson.dumps(answer.body), answer.status, media_type="application/json")


def refused(error: RefusedError, switches: Switches) -> Response:
    """
    Turn a refusal into a response that names the facts it rests on.
    """
    facts = " ".join(dict.fromkeys(problem.fact.name for problem in error.problems))
    return JSONResponse(error_body(error, switches), status_of(error, switches), {FACTS_HEADER: facts})
