"""
One request and what becomes of it: the only place that speaks HTTP.

Requests are repeated where that does no harm (`retries`), at a pace that all threads share (`pace`), until the
settings say enough. Everything that can go wrong is raised as one of `errors`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from json import loads
from typing import Any, TypeVar

import httpx

from neetocal_provider import log
from neetocal_provider.errors import (
    AnswerLostError,
    APIError,
    ConfigError,
    NeetoCalError,
    TransportError,
    UnexpectedResponseError,
    error_class,
    excerpt,
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

_LONGEST_EXCERPT, _MESSAGES = 256, 8
"""Characters of what a server says, and how much of it is told."""

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


@dataclass(frozen=True, kw_only=True)
class _Request:
    """
    What is asked: `path` is below the version's address, with its query, and `deadline` in `time.monotonic`'s seconds.
    """

    method: str
    path: str
    version: str
    body: Mapping[str, Any] | None
    deadline: float

    @property
    def place(self) -> str:
        """
        The path without its query, which may hold people's addresses.
        """
        return self.path.partition("?")[0]

    def __str__(self) -> str:
        return f"{self.method} {self.place}"


class Connection:
    """
    A pool of connections to one workspace. Safe to share between threads.

    Args:
        settings: address, key and version; used as they are.

        transport: what carries the requests; httpx's own by default.

    Raises:
        ConfigError: the environment names a proxy or certificates that cannot be used.
    """

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        self.settings = settings
        log.hide(settings.api_key)
        try:
            self._http = self._opened(transport)
        except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
            raise ConfigError(
                f"Requests cannot be sent from here ({self._excerpt(error)}): check HTTPS_PROXY, ALL_PROXY, NO_PROXY, "
                "SSL_CERT_FILE and SSL_CERT_DIR in the environment."
            ) from error
        self._pace = shared_pace(settings.base_url, settings.max_requests_per_second)
        self._clock_ahead = timedelta(0)

    def _opened(self, transport: httpx.BaseTransport | None) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self.settings.base_url}/api/external/",
            headers={
                "Accept": "application/json",
                "User-Agent": f"neetocal-provider/{__version__}",
                "X-Api-Key": self.settings.api_key,
            },
            transport=transport,
            # A proxy has no part in a conversation with this machine itself, and must not be shown the key.
            trust_env=not self.settings.is_loopback,
        )

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
        request = _Request(
            method=method,
            path=path,
            version=version or self.settings.api_version,
            body=body,
            deadline=time.monotonic() + self.settings.timeout,
        )
        try:
            for attempt in attempts(self.settings, lambda error: is_worth_another(error, method)):
                with attempt:
                    response, content = self._answered(request, attempt.num)
                    return self._understood(request, read, response, content)
        except NeetoCalError as error:
            if method == "POST" and may_have_been_done(error):
                raise AnswerLostError(str(error)) from error
            raise
        raise AssertionError  # the last attempt returns or raises

    def _answered(self, request: _Request, number: int) -> tuple[httpx.Response, bytes]:
        asked = time.monotonic()
        left = self._turn(request)
        try:
            response, content = self._exchange(request)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            self._tell(request, number, asked, left, f"no answer ({type(error).__name__})")
            raise TransportError(
                self._no_answer(request, error),
                may_have_arrived=not isinstance(error, _NEVER_SENT),
                is_lasting=isinstance(error, _LASTING),
            ) from error
        self._take_note(response, left)
        self._tell(request, number, asked, left, _outcome(response, content))
        return response, content

    def _understood(
        self, request: _Request, read: Callable[[Any], Read], response: httpx.Response, content: bytes
    ) -> Read:
        if response.status_code >= 400:
            raise self._api_error(request, response.status_code, content)
        try:
            return read(_answer(response, content))
        except UnexpectedResponseError as error:
            sentence = self._unexpected(request, response, error)
            raise UnexpectedResponseError(sentence, is_broken_off=error.is_broken_off) from error

    def _turn(self, request: _Request) -> float:
        try:
            return self._pace.wait(request.deadline)
        except TimeoutError as error:
            sentence = (
                f"{request} was not sent: neetoCal takes no request for another {error.args[0]:.0f} seconds, longer "
                f"than {SETTINGS['timeout']} allows; run the command again later, or give it more time."
            )
            raise TransportError(sentence, may_have_arrived=False, is_lasting=True) from error

    def _exchange(self, request: _Request) -> tuple[httpx.Response, bytes]:
        """
        Return an answer with its whole body, unless that is too large or comes too slowly.
        """
        seconds = max(0.001, min(ANSWER_SECONDS, request.deadline - time.monotonic()))
        until = time.monotonic() + seconds
        timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        address = f"{request.version}/{request.path}"
        content = bytearray()
        with self._http.stream(request.method, address, json=request.body, timeout=timeout) as response:
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

    def _tell(self, request: _Request, number: int, asked: float, left: float, outcome: str) -> None:
        """
        Write an attempt to the log, with neither key nor body, nor what is searched for.

        Args:
            asked: when there was something to send.

            left: when the pace let it go.
        """
        log.LOGGER.debug(
            "%s %s/%s: %s in %.0f ms, attempt %d of %d, waited %.1f s, pace: %s",
            request.method,
            request.version,
            re.sub(r"(search|host_email)=[^&]*", r"\1=…", request.path),
            outcome,
            1000 * (time.monotonic() - left),
            number,
            self.settings.max_attempts,
            left - asked,
            self._pace,
        )

    def _api_error(self, request: _Request, status: int, content: bytes) -> APIError:
        try:
            messages = error_messages(_json(content))
        except UnexpectedResponseError:
            messages = ()
        shown = tuple(self._excerpt(message) for message in messages[:_MESSAGES])
        return error_class(status)(method=request.method, path=request.place, status=status, messages=shown)

    def _no_answer(self, request: _Request, error: Exception) -> str:
        start = " or start the emulator (`neetocal-emulator serve`)" if self.settings.is_loopback else ""
        reason = self._excerpt(error).rstrip(".") or type(error).__name__
        return (
            f"No answer from {self.settings.base_url} to {request} ({reason}): check the network and "
            f"{SETTINGS['base_url']}{start}, then run the command again."
        )

    def _unexpected(self, request: _Request, response: httpx.Response, error: UnexpectedResponseError) -> str:
        return (
            f"{self.settings.base_url} answered {response.status_code} to {request}, but not as neetoCal does "
            f"({error}): check {SETTINGS['base_url']} and {SETTINGS['workspace']}, then run the command again."
        )

    def _excerpt(self, foreign: object) -> str:
        """
        Return what somebody else says, briefly and without the key, which a server may quote.
        """
        return excerpt(str(foreign).replace(self.settings.api_key, "…"), _LONGEST_EXCERPT)


def _outcome(response: httpx.Response, content: bytes) -> str:
    later = response.headers.get("retry-after")
    named = "" if later is None else f" and Retry-After {excerpt(later, 40)},"
    return f"{response.status_code} with {len(content)} bytes{named}"


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
