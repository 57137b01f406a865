"""
The emulator as a test holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neetocal_emulator.app import build_app
from neetocal_emulator.backend import Backend
from neetocal_emulator.errors import EmulatorError
from neetocal_emulator.faults import read_fault
from neetocal_emulator.server import LOOPBACK, ServerThread
from neetocal_emulator.store.clock import read_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType
    from typing import TypeVar

    from typing_extensions import Self

    from neetocal_emulator.journal import Request

    T = TypeVar("T")

__all__ = ["Emulator"]


class Emulator:
    """
    A server that answers as neetoCal's API does, on a port of this machine.

        with Emulator() as emulator:
            emulator.url                # http://127.0.0.1:PORT
            emulator.environment()      # what a client reads: base URL, key, workspace
            emulator.meetings()         # the links, as the API shows them
            emulator.requests           # what was asked since the last reset
            emulator.fault("status", status=503, times=1)   # the next request fails
            emulator.clock(at="2026-03-02T09:00:00Z", frozen=True)
            emulator.reset()            # back to the seed
    """

    def __init__(
        self,
        *,
        seed: Mapping[str, Any] | Path | str | None = None,
        state: Path | str | None = None,
        port: int = 0,
        host: str = LOOPBACK,
        switches: Mapping[str, object] | None = None,
        page: bool = False,
    ) -> None:
        """
        Say what to run; `start()` or `with` runs it.

        Args:
            seed: a dict, or the path of a YAML file; None is the seed of the package.

            state: an SQLite file that outlives the emulator; None keeps all in memory.
                A file that holds data already is not seeded again.

            port: 0 takes a free one.

            host: leave it, unless other machines shall reach and change everything in here.

            switches: how to behave where the documentation is silent, see `Switches`.

            page: whether to serve the web page at `/` too.
        """
        self._seed = seed
        self._state = state
        self._port = port
        self._host = host
        self._switches = switches
        self._page = page
        self._backend: Backend | None = None
        self._server: ServerThread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """
        Start serving; returns when requests are answered.
        """
        if self._server is not None:
            raise EmulatorError("The emulator is running already.")
        backend = Backend(seed=self._seed, state=self._state, switches=self._switches)
        try:
            app = build_app(backend, page=self._page, host=self._host)
            self._server = ServerThread(app, host=self._host, port=self._port)
        except BaseException:
            backend.close()
            raise
        self._backend = backend

    def stop(self) -> None:
        """
        Stop serving and close the state; once more does nothing.
        """
        if self._server is not None and self._backend is not None:
            self._backend.is_closing = True  # the page's event streams end by themselves
            self._server.stop()
            self._backend.close()
            self._server = self._backend = None

    @property
    def url(self) -> str:
        """
        Where it listens, for example http://127.0.0.1:8470.
        """
        if self._server is None:
            raise _not_running()
        host = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(self._host, self._host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def port(self) -> int:
        """
        The port it listens on.
        """
        if self._server is None:
            raise _not_running()
        return self._server.port

    @property
    def workspaces(self) -> list[str]:
        """
        The workspaces' names, in the seed's order.
        """
        return self._do(lambda backend: backend.store.names())

    @property
    def requests(self) -> list[Request]:
        """
        The API's requests since the start or the last reset, oldest first.
        """
        return self._do(lambda backend: backend.journal.read())

    def environment(self, workspace: str | None = None) -> dict[str, str]:
        """
        Return the variables that point a client here; None is the first workspace.
        """

        def read(backend: Backend) -> dict[str, str]:
            name = backend.workspace_name(workspace)
            return {"NEETOCAL_API_KEY": backend.key(name), "NEETOCAL_WORKSPACE": name}

        return {"NEETOCAL_BASE_URL": self.url, **self._do(read)}

    def reset(self) -> None:
        """
        Go back to the seed: the latest that `POST /_emulator/seed` gave, else the one it was made with.

        Journal and faults are emptied, switches are as at the start, the clock shows real time.
        """
        self._do(lambda backend: backend.reset())

    def renew(self) -> None:
        """
        Go back to the seed that it was made with, as `reset()` does, and release all snapshots.
        """
        self._do(lambda backend: backend.renew())

    def switch(self, **switches: object) -> None:
        """
        Change behaviour switches, see `Switches`.
        """
        self._do(lambda backend: backend.switch(switches))

    def fault(self, kind: str, **options: object) -> None:
        """
        Let something go wrong from now on; kinds and options are those of `Fault`.

            emulator.fault("status", status=503, moment="after", method="POST", path="/meetings", times=1)
            emulator.fault("latency", seconds=(0.1, 0.5), probability=0.2, seed=7)
        """
        fault = read_fault({**options, "kind": kind})
        self._do(lambda backend: backend.faults.add(fault))

    def clear_faults(self) -> None:
        """
        Let everything go right again; `reset()` does so too.
        """
        self._do(lambda backend: backend.faults.clear())

    @property
    def faults(self) -> list[dict[str, Any]]:
        """
        The faults at work, with how many requests matched and were struck.
        """
        return self._do(lambda backend: backend.faults.to_list())

    def clock(
        self,
        *,
        at: datetime | str | None = None,
        offset_s: float | None = None,
        frozen: bool | None = None,
    ) -> datetime:
        """
        Turn the emulator's clock, and return the time it shows.

        What is not given stays as it is; `reset()` goes back to real time.

        Args:
            at: put the clock to this time; a str is ISO 8601, and UTC without a zone.

            offset_s: put it ahead of real time, or behind for a negative number.

            frozen: True stops the clock, False lets it run on from where it stands.
        """
        turn = read_turn({"at": at, "offset_s": offset_s, "frozen": frozen})

        def turned(backend: Backend) -> datetime:
            backend.store.clock.turn(turn)
            return backend.store.clock.instant()

        return self._do(turned)

    def snapshot(self) -> str:
        """
        Remember everything that requests can see or change; `restore()` takes what this returns.

        Switches and the clock are part of it, the journal and the faults are not. There can be a hundred at a time.
        """
        return self._do(lambda backend: backend.snapshot())

    def restore(self, snapshot: str) -> None:
        """
        Go back to a snapshot, as often as wanted.
        """
        self._do(lambda backend: backend.restore(snapshot))

    def release(self, snapshot: str) -> None:
        """
        Forget a snapshot, which is a copy of everything in memory.
        """
        self._do(lambda backend: backend.release(snapshot))

    def meetings(self, workspace: str | None = None) -> list[dict[str, Any]]:
        """
        Return the live links as the API shows them, hosts included, sorted by slug.
        """
        return self._do(lambda backend: backend.meetings(workspace))

    def edit_meeting(
        self,
        sid: str,
        workspace: str | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """
        Change any field of a link, as somebody in the web app can.

        Hosts are given as e-mails, durations and spots as objects.
        """
        return self._do(lambda backend: backend.edit_meeting(sid, fields, workspace))

    def remove_meeting(self, sid: str, workspace: str | None = None) -> None:
        """
        Delete a link, as somebody in the web app can.
        """
        self._do(lambda backend: backend.remove_meeting(sid, workspace))

    def objects(self, collection: str, workspace: str | None = None) -> list[dict[str, Any]]:
        """
        Return all that a workspace has of a collection, with every field that is kept.

        Args:
            collection: `team-members`, `availabilities`, `add-on-services`, `calendar-preferences`, `discount-codes`,
                `templates`, or `invitations`, the e-mails that adding members has sent.
        """
        return self._do(lambda backend: backend.objects(collection, workspace))

    def edit_object(
        self,
        collection: str,
        object_id: str,
        workspace: str | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """
        Change fields of one object of a collection, as somebody in the web app can.

        Args:
            object_id: the id in the API's path; for what belongs to a link, with the link's sid: `8r3rs2k/outlook`.
        """
        return self._do(lambda backend: backend.edit_object(collection, object_id, fields, workspace))

    def remove_object(self, collection: str, object_id: str, workspace: str | None = None) -> None:
        """
        Delete one object of a collection, as somebody in the web app can.
        """
        self._do(lambda backend: backend.remove_object(collection, object_id, workspace))

    def _do(self, work: Callable[[Backend], T]) -> T:
        if self._server is None or self._backend is None:
            raise _not_running()
        backend = self._backend
        return self._server.call(lambda: work(backend))


def _not_running() -> EmulatorError:
    return EmulatorError("The emulator is not running; use it in a with statement.")
