"""
One request and what becomes of it: the only place that speaks HTTP.

Requests are repeated where that does no harm (`retries`), at a pace that all threads share (`pace`), until the
settings say enough. Everything that can go wrong is raised as one of `errors`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from json import loads
from typing import Any, TypeVar

import httpx

from neetocal_provider.errors import (
    AnswerLostError,
    APIError,
    NeetoCalError,
    TransportError,
    UnexpectedResponseError,
    error_class,
)
from neetocal_provider.models import error_messages
from neetocal_provider.pace import shared_pace
from neetocal_provider.retries import attempts, http_date, is_worth_another, may_have_been_done, retry_after
from neetocal_provider.settings import SETTINGS, Settings
from neetocal_provider.version import __version__

__all__ = ["ANSWER_SECONDS", "LARGEST_ANSWER", "Connection"]

ANSWER_SECONDS, CONNECT_SECONDS = 30.0, 10.0
"""The vendor's own command-line tool waits 30 seconds for an answer."""

LARGEST_ANSWER = 10 * 1024 * 1024
"""Bytes: thousands of times what a page of links takes."""

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
    UnicodeError,
)

_LASTING = (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError)
"""What sending again cannot mend."""

Read = TypeVar("Read")


class Connection:
    """
    A pool of connections to one workspace. Safe to share between threads.

    Args:
        settings: address, key and version; used as they are.

        transport: what carries the requests; httpx's own by default.
    """

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        self.settings = settings
        self._http = httpx.Client(
            base_url=f"{settings.base_url}/api/external/",
            headers={
                "Accept": "application/json",
                "User-Agent": f"neetocal-provider/{__version__}",
                "X-Api-Key": settings.api_key,
            },
            transport=transport,
            # A proxy has no part in a conversation with this machine itself, and must not be shown the key.
            trust_env=not settings.is_loopback,
        )
        self._pace = shared_pace(settings.base_url, settings.max_requests_per_second)
        self._clock_ahead = timedelta(0)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._http.close()

    def server_time(self, moment: datetime) -> datetime:
        """
        Return what the server's clock showed at a moment of ours, judged by the Date of its latest answer.
        """
        return moment + self._clock_ahead

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

            NeetoCalError: see `errors`.
        """
        address = f"{version or self.settings.api_version}/{path}"
        deadline = time.monotonic() + self.settings.timeout
        try:
            for attempt in attempts(self.settings, lambda error: is_worth_another(error, method)):
                with attempt:
                    response, content = self._answered(method, path, address, body, deadline)
                    return self._understood(method, path, read, response, content)
        except NeetoCalError as error:
            if method == "POST" and may_have_been_done(error):
                raise AnswerLostError(str(error)) from error
            raise
        raise AssertionError  # the last attempt returns or raises

    def _answered(
        self, method: str, path: str, address: str, body: Mapping[str, Any] | None, deadline: float
    ) -> tuple[httpx.Response, bytes]:
        left = self._turn(method, path, deadline)
        try:
            response, content = self._exchange(method, address, body, deadline)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise TransportError(
                self._no_answer(method, path, error),
                may_have_arrived=not isinstance(error, _NEVER_SENT),
                is_lasting=isinstance(error, _LASTING),
            ) from error
        self._take_note(response, left)
        return response, content

    def _understood(
        self, method: str, path: str, read: Callable[[Any], Read], response: httpx.Response, content: bytes
    ) -> Read:
        if response.status_code >= 400:
            raise self._api_error(method, path, response.status_code, content)
        try:
            return read(_answer(response, content))
        except UnexpectedResponseError as error:
            sentence = self._unexpected(method, path, response, error)
            raise UnexpectedResponseError(sentence, is_broken_off=error.is_broken_off) from error

    def _turn(self, method: str, path: str, deadline: float) -> float:
        try:
            return self._pace.wait(deadline)
        except TimeoutError as error:
            sentence = (
                f"{method} {path} was not sent: neetoCal takes no request for another {error.args[0]:.0f} seconds, "
                f"longer than {SETTINGS['timeout']} allows; run the command again later, or give it more time."
            )
            raise TransportError(sentence, may_have_arrived=False, is_lasting=True) from error

    def _exchange(
        self, method: str, address: str, body: Mapping[str, Any] | None, deadline: float
    ) -> tuple[httpx.Response, bytes]:
        """
        Return an answer with its whole body, unless that is too large or comes too slowly.
        """
        seconds = max(0.001, min(ANSWER_SECONDS, deadline - time.monotonic()))
        until = time.monotonic() + seconds
        timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        content = bytearray()
        with self._http.stream(method, address, json=body, timeout=timeout) as response:
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > LARGEST_ANSWER:
                    raise httpx.DecodingError(f"the answer is larger than {LARGEST_ANSWER // 2**20} MiB")
                if time.monotonic() > until:
                    raise httpx.ReadTimeout(f"the answer was not complete after {seconds:.0f} seconds")
        return response, bytes(content)

    def _take_note(self, response: httpx.Response, left: float) -> None:
        """
        Let an answer set the pace and the clock.
        """
        seconds = retry_after(response.headers)
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            self._pace.refused(left, seconds)
        elif response.status_code == httpx.codes.SERVICE_UNAVAILABLE and seconds is not None:
            self._pace.pause(seconds)
        else:
            self._pace.accepted()
        date = http_date(response.headers.get("date", ""))
        if date:
            self._clock_ahead = date - datetime.now(timezone.utc)

    def _api_error(self, method: str, path: str, status: int, content: bytes) -> APIError:
        try:
            messages = error_messages(_json(content))
        except UnexpectedResponseError:
            messages = ()
        # A server may quote the key that it refuses.
        messages = tuple(message.replace(self.settings.api_key, "…") for message in messages)
        return error_class(status)(method=method, path=path, status=status, messages=messages)

    def _no_answer(self, method: str, path: str, error: Exception) -> str:
        start = " or start the emulator (`neetocal-emulator serve`)" if self.settings.is_loopback else ""
        reason = str(error).rstrip(".") or type(error).__name__
        return (
            f"No answer from {self.settings.base_url} to {method} {path} ({reason}): check the network and "
            f"{SETTINGS['base_url']}{start}, then run the command again."
        )

    def _unexpected(self, method: str, path: str, response: httpx.Response, error: UnexpectedResponseError) -> str:
        return (
            f"{self.settings.base_url} answered {response.status_code} to {method} {path}, but not as neetoCal does "
            f"({error}): check {SETTINGS['base_url']} and {SETTINGS['workspace']}, then run the command again."
        )


def _answer(response: httpx.Response, content: bytes) -> Any:
    if not response.is_success:  # a redirect is not followed: it would carry the key to another address
        raise UnexpectedResponseError("with a redirect")
    try:
        return _json(content)
    except UnexpectedResponseError as error:
        is_broken_off = "json" in response.headers.get("content-type", "").lower()
        raise UnexpectedResponseError(str(error), is_broken_off=is_broken_off) from error


def _json(content: bytes) -> Any:
    if not content:
        return None
    try:
        return loads(content)
    except (ValueError, RecursionError) as error:
        raise UnexpectedResponseError("the body is no JSON") from error
