"""
The conversation with neetoCal's API, in both its versions.

What any resource type needs of a workspace, without knowledge of Pulumi or of HTTP beyond verbs and paths: `connection`
carries the requests, and `collection` has the endpoints of a resource type. Everything that can go wrong is raised as
one of `errors`. Safe to share between threads.

Sources: the vendor's API reference, version 2 (current) and 1 (deprecated); docs/api-notes.md lists what differs and
what is assumed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

from neetocal_provider.api.objects import Page
from neetocal_provider.errors import ConfigError, NotFoundError, UnexpectedResponseError
from neetocal_provider.settings import SETTINGS, Settings

if TYPE_CHECKING:
    import httpx

    from neetocal_provider.api.connection import RawResponse

__all__ = ["Client", "connect", "disconnect"]

PAGE_SIZE = 100
"""Records: the vendor's own command-line tool calls 100 the most that a page holds."""

MAX_PAGES = 2000
"""Pages of a list that are read: a server that never comes to an end must not keep a run from ending."""

Row = TypeVar("Row")
Read = TypeVar("Read")
Shared = TypeVar("Shared")


class Client:
    """
    A pool of connections to one workspace.

    Args:
        settings: address, key and version; used as they are.

        transport: what carries the requests; httpx's own by default.
    """

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        with _without_httpx_command():  # only who sends something waits for the import
            from neetocal_provider.api.connection import Connection

        self.settings = settings
        self._connection = Connection(settings, transport)
        self._shared: dict[str, Any] = {}
        self._sharing = Lock()

    def close(self) -> None:
        """
        Close the connections.
        """
        self._connection.close()

    def server_time(self, moment: datetime) -> datetime:
        """
        Return what neetoCal's clock showed at a moment of ours, judged by its latest answer.
        """
        return self._connection.server_time(moment)

    def send_raw(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, version: str = ""
    ) -> RawResponse:
        """
        Send any request and return what is answered as it is, for who wants to know how neetoCal answers.

        Raises:
            AnswerLostError: a POST may or may not have been carried out.
        """
        return self._connection.send_raw(method, path, body, version=version)

    def send(
        self,
        method: str,
        path: str,
        read: Callable[[Any], Read],
        body: Mapping[str, Any] | None = None,
        *,
        version: str = "",
    ) -> Read:
        """
        Send a request, and again where that does no harm, and return what `read` makes of the answer's JSON.

        Args:
            path: below the version's address, with its query.

            read: raises UnexpectedResponseError for what it cannot read.

            version: `v1` or `v2`; the configured one by default.

        Raises:
            AnswerLostError: a POST may or may not have been carried out.

            APIError: it was refused.
        """
        return self._connection.send(method, path, read, body, version=version)

    def pages(
        self,
        path: str,
        read: Callable[[Any], Page[Row]],
        filters: Mapping[str, str],
        *,
        version: str = "",
        page_parameter: str = "page_number",
    ) -> Iterator[Page[Row]]:
        """
        Yield the pages of a list, at least one, until the last or one that is the same once more.

        A list that does not say how many pages it has ends with an empty one.

        Args:
            filters: parameters of the query; empty ones are left out.

            page_parameter: the one for the number of the page.

        Raises:
            UnexpectedResponseError: there are more than any workspace has.
        """
        before: tuple[Row, ...] | None = None
        count = 0
        for number in range(1, MAX_PAGES + 1):
            query = {**filters, page_parameter: str(number), "page_size": str(PAGE_SIZE)}
            address = f"{path}?{urlencode({name: text for name, text in query.items() if text})}"
            page = self.send("GET", address, read, version=version)
            count += len(page.rows)
            if page.rows == before:
                return
            if count > MAX_PAGES * PAGE_SIZE:
                break
            yield page
            if number >= page.total_pages if page.total_pages is not None else not page.rows:
                return
            before = page.rows
        raise UnexpectedResponseError(
            f"The list of {path} is longer than {MAX_PAGES} pages of {PAGE_SIZE}: check {SETTINGS['base_url']}, then "
            "run the command again."
        )

    def shared(self, key: str, make: Callable[[], Shared]) -> Shared:
        """
        Return what all threads share under this key, made when it is first asked for.
        """
        with self._sharing:
            if key not in self._shared:
                self._shared[key] = make()
            found: Shared = self._shared[key]
            return found

    def require_workspace(self, *, version: str = "") -> None:
        """
        Make sure that neetoCal answers for this workspace, so that a 404 on one of its objects can be believed.

        Raises:
            ConfigError: it does not; the address may be wrong, or the workspace renamed.

        API: GET /meetings.
        """
        try:
            self._connection.send("GET", "meetings?page_number=1&page_size=1", _list_of_meetings, version=version)
        except (NotFoundError, UnexpectedResponseError) as error:
            raise ConfigError(
                f"No workspace {self.settings.workspace!r} answers at {self.settings.base_url}, so whether it "
                f"still exists is not known: check {SETTINGS['base_url']} and {SETTINGS['workspace']}. {error}"
            ) from error


@contextmanager
def _without_httpx_command() -> Iterator[None]:
    """
    Let httpx be imported without its command line, which takes four fifths of the time: click, and rich and pygments
    if they are installed.

    To httpx they seem not to be; `httpx.main`, which only its own command calls, then says so.
    """
    name = "httpx._main"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = cast("ModuleType", None)  # which Python's import takes for a module that there isn't
    try:
        yield
    finally:
        sys.modules.pop(name, None)


def connect(settings: Settings) -> Client:
    """
    Return the client of these settings, the same one for all threads of the process.
    """
    with _CONNECTING:
        if settings not in _CONNECTED:
            _CONNECTED[settings] = Client(settings)
        return _CONNECTED[settings]


def disconnect() -> None:
    """
    Close the connections of all clients that `connect` has returned; none of them is used any more.
    """
    with _CONNECTING:
        while _CONNECTED:
            _CONNECTED.popitem()[1].close()


_CONNECTING = Lock()
_CONNECTED: dict[Settings, Client] = {}


def _list_of_meetings(body: Any) -> None:
    if not (isinstance(body, Mapping) and isinstance(body.get("meetings"), list)):
        raise UnexpectedResponseError("there is no list of meetings")
