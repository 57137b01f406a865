"""
Control routes under /_emulator/: what a test does that the API cannot.

They need no key and are not recorded in the journal. A slip of the test is answered
with `{"error": "…"}` and 400 or 404, an edit that breaks a rule as the API does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from neetocal_emulator.busy import waits_while_busy
from neetocal_emulator.endpoints.bodies import read_object
from neetocal_emulator.faults import read_fault
from neetocal_emulator.store.clock import REAL_TIME, read_turn
from neetocal_emulator.switches import Switches

if TYPE_CHECKING:
    from starlette.requests import Request

    from neetocal_emulator.backend import Backend

__all__ = ["CONTROL_PREFIX", "CONTROL_ROUTES", "SEED_PATH"]

CONTROL_PREFIX = "/_emulator"

SEED_PATH = "/seed"
"""
The one path that takes bodies over 1 MiB: a seed may hold 100,000 links.
"""


def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


def _answer(data: object, status: int = 200) -> Response:
    # Journal entries may hold what strict JSON refuses, such as half a surrogate pair: escaped.
    return Response(json.dumps(data), status, media_type="application/json")


async def _body(request: Request) -> Mapping[str, Any]:
    return read_object(request.headers.get("content-type"), await request.body())


async def health(_: Request) -> Response:
    """
    Say that the emulator is up.
    """
    return _answer({"status": "ok"})


async def reset(request: Request) -> Response:
    """
    Go back to the seed; empty the journal, reset faults, switches and clock.
    """
    _backend(request).reset()
    return _answer({"status": "ok"})


async def seed(request: Request) -> Response:
    """
    Take the body as the seed from now on, and go back to it.
    """
    _backend(request).reset(await _body(request))
    return _answer({"status": "ok"})


async def requests(request: Request) -> Response:
    """
    Return the journal, oldest first.
    """
    entries = [entry.to_dict() for entry in _backend(request).journal.read()]
    return _answer({"requests": entries})


async def forget_requests(request: Request) -> Response:
    """
    Empty the journal.
    """
    _backend(request).journal.clear()
    return _answer({"requests": []})


async def switches(request: Request) -> Response:
    """
    Return the switches with the values that each can have.
    """
    body = {"switches": _backend(request).switches.to_dict(), "choices": Switches.choices()}
    return _answer(body)


async def change_switches(request: Request) -> Response:
    """
    Set the switches that the body names.
    """
    _backend(request).switch(await _body(request))
    return await switches(request)


async def faults(request: Request) -> Response:
    """
    Return the faults at work, with how many requests matched and were struck.
    """
    return _answer({"faults": _backend(request).faults.to_list()})


async def add_fault(request: Request) -> Response:
    """
    Let something go wrong from now on; the body has the options of `Fault`.
    """
    _backend(request).faults.add(read_fault(await _body(request)))
    return _answer({"faults": _backend(request).faults.to_list()}, 201)


async def clear_faults(request: Request) -> Response:
    """
    Let everything go right again.
    """
    _backend(request).faults.clear()
    return _answer({"faults": []})


async def clock(request: Request) -> Response:
    """
    Tell the time, whether the clock stands still, and how far ahead of real time it is.
    """
    return _answer(_backend(request).store.clock.to_dict())


async def change_clock(request: Request) -> Response:
    """
    Turn the clock: `at` or `offset_s`, and `frozen`; PUT starts from real time.
    """
    turn = read_turn(await _body(request))
    if request.method == "PUT":
        _backend(request).store.clock.set(REAL_TIME)
    _backend(request).store.clock.turn(turn)
    return await clock(request)


async def take_snapshot(request: Request) -> Response:
    """
    Remember everything that requests can see or change.
    """
    return _answer({"id": _backend(request).snapshot()}, 201)


async def restore_snapshot(request: Request) -> Response:
    """
    Go back to a snapshot.
    """
    _backend(request).restore(request.path_params["id"])
    return _answer({"status": "ok"})


async def release_snapshot(request: Request) -> Response:
    """
    Forget a snapshot.
    """
    _backend(request).release(request.path_params["id"])
    return Response(status_code=204)


async def workspaces(request: Request) -> Response:
    """
    Return the workspaces' names and keys.
    """
    store = _backend(request).store
    rows = [{"name": name, "api_keys": store.keys(name)} for name in store.names()]
    return _answer({"workspaces": rows})


async def meetings(request: Request) -> Response:
    """
    Return a workspace's live links, sorted by slug.
    """
    return _answer({"meetings": _backend(request).meetings(request.path_params["workspace"])})


async def edit_meeting(request: Request) -> Response:
    """
    Change any field of a link, as somebody in the web app can.
    """
    fields = await _body(request)
    params = request.path_params
    meeting = _backend(request).edit_meeting(params["sid"], fields, params["workspace"])
    return _answer({"meeting": meeting})


async def remove_meeting(request: Request) -> Response:
    """
    Delete a link, as somebody in the web app can.
    """
    _backend(request).remove_meeting(request.path_params["sid"], request.path_params["workspace"])
    return Response(status_code=204)


async def objects(request: Request) -> Response:
    """
    Return a workspace's objects of a collection.
    """
    params = request.path_params
    return _answer({"objects": _backend(request).objects(params["collection"], params["workspace"])})


async def edit_object(request: Request) -> Response:
    """
    Change fields of an object, as somebody in the web app can.
    """
    fields = await _body(request)
    params = request.path_params
    changed = _backend(request).edit_object(params["collection"], params["id"], fields, params["workspace"])
    return _answer({"object": changed})


async def remove_object(request: Request) -> Response:
    """
    Delete an object, as somebody in the web app can.
    """
    params = request.path_params
    _backend(request).remove_object(params["collection"], params["id"], params["workspace"])
    return Response(status_code=204)


_OBJECT = "/workspaces/{workspace}/{collection}/{id:path}"
_MEETING = "/workspaces/{workspace}/meetings/{sid}"

CONTROL_ROUTES = [
    Route("/health", health, methods=["GET"]),
    Route("/reset", waits_while_busy(reset), methods=["POST"]),
    Route(SEED_PATH, waits_while_busy(seed), methods=["POST"]),
    # The journal
    Route("/requests", requests, methods=["GET"]),
    Route("/requests", forget_requests, methods=["DELETE"]),
    # Behaviour
    Route("/switches", switches, methods=["GET"]),
    Route("/switches", change_switches, methods=["PATCH"]),
    Route("/faults", faults, methods=["GET"]),
    Route("/faults", add_fault, methods=["POST"]),
    Route("/faults", clear_faults, methods=["DELETE"]),
    Route("/clock", clock, methods=["GET"]),
    Route("/clock", change_clock, methods=["PUT", "PATCH"]),
    # Snapshots
    Route("/snapshots", take_snapshot, methods=["POST"]),
    Route("/snapshots/{id}/restore", waits_while_busy(restore_snapshot), methods=["POST"]),
    Route("/snapshots/{id}", release_snapshot, methods=["DELETE"]),
    # The web app's side
    Route("/workspaces", workspaces, methods=["GET"]),
    Route("/workspaces/{workspace}/meetings", meetings, methods=["GET"]),
    Route(_MEETING, waits_while_busy(edit_meeting), methods=["PATCH"]),
    Route(_MEETING, waits_while_busy(remove_meeting), methods=["DELETE"]),
    Route("/workspaces/{workspace}/{collection}", objects, methods=["GET"]),
    Route(_OBJECT, waits_while_busy(edit_object), methods=["PATCH"]),
    Route(_OBJECT, waits_while_busy(remove_object), methods=["DELETE"]),
]
