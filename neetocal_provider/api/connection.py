"""
One request and what becomes of it: the only place that speaks HTTP.

Requests are retried where that does no harm (`retry`), at a rate that all threads share (`rate_limiter`), until the
settings say enough. Everything that can go wrong is raised as one of `errors`, and none of httpx's errors hangs on
one of ours: they hold the request, and with it the key.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address, ip_network
from json import loads
from typing import Any, TypeVar
from urllib.request import getproxies

import httpx

from neetocal_provider import log
from neetocal_provider.api import certificates
from neetocal_provider.api.deadline import OperationContext, current
from neetocal_provider.api.objects import error_messages
from neetocal_provider.api.rate_limiter import shared_rate_limiter
from neetocal_provider.api.retry import (
    http_date,
    is_worth_another,
    may_be_under_way,
    may_have_been_done,
    retry,
    retry_after,
)
from neetocal_provider.api.status_codes import Work, status
from neetocal_provider.errors import (
    AnswerLostError,
    APIError,
    AuthenticationError,
    ConfigError,
    NeetoCalError,
    TransportError,
    UnexpectedResponseError,
    excerpt,
)
from neetocal_provider.redaction import quotes
from neetocal_provider.settings import SETTINGS, Settings
from neetocal_provider.version import __version__

__all__ = ["ANSWER_SECONDS", "CONNECTIONS", "MAX_ANSWER", "Connection", "RawResponse"]

ANSWER_SECONDS, CONNECT_SECONDS = 30.0, 10.0
"""The vendor's own command-line tool waits 30 seconds for an answer."""

CONNECTIONS = 256
"""Open at once at most, as many as the native plugin has threads: none waits for another's."""

MAX_ANSWER = 10 * 1024 * 1024
"""Bytes: thousands of times what a page of links takes."""

MAX_DEPTH = 32
"""Lists and objects in one another: several times what an object takes."""

_MAX_EXCERPT, _MESSAGES = 256, 8
"""Characters of what a server says, and how much of it is told."""

_ENCODINGS = ("", "identity", "gzip")
"""One piece of a body in any other, or in several, could fill the memory when it is unpacked."""

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
class RawResponse:
    """
    What was answered, as it is, be it a refusal.

    Attributes:
        body: the JSON; None where there is none.

        headers: by their names in lower case.
    """

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def is_success(self) -> bool:
        """
        Whether the request was carried out.
        """
        return self.status < 300


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


_Understand = Callable[[str, httpx.Response, bytes], Read]
"""What becomes of the key that was sent, the answer and its body."""


class Connection:
    """
    A pool of connections to one workspace. Safe to share between threads.

    Args:
        settings: address, keys and version; used as they are.

        transport: what carries the requests; httpx's own by default.

    Raises:
        ConfigError: the environment names a proxy or certificates that cannot be used.
    """

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        self.settings = settings
        self._key = settings.api_key
        log.hide(settings.api_key)
        log.hide(settings.fallback_key)
        try:
            self._http = self._opened(transport)
        except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
            raise ConfigError(
                f"Requests cannot be sent from here ({self._excerpt(error)}): check HTTPS_PROXY, ALL_PROXY, NO_PROXY, "
                "SSL_CERT_FILE and SSL_CERT_DIR in the environment."
            ) from error
        self._rate_limiter = shared_rate_limiter(settings.base_url, settings.max_requests_per_second)
        self._clock_ahead = timedelta(0)

    def _opened(self, transport: httpx.BaseTransport | None) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self.settings.base_url}/api/external/",
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": f"neetocal-provider/{__version__}",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # the key alone says who asks
            transport=transport,
            # Reading authorities takes longer than a request, and a transport that is given has its own.
            verify=True if transport else _trust(self.settings.base_url),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            follow_redirects=False,  # the key would follow to another address
            # A proxy has no part in a conversation with this machine itself, and must not be shown the key.
            proxy=None if transport or self.settings.is_loopback else _proxy(self.settings.base_url),
            trust_env=False,
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

        Where the key is refused and the settings have another for the same address, that one is tried, and used from
        then on if it is accepted.

        Args:
            path: below the version's address, with its query.

            read: raises UnexpectedResponseError for what it cannot read.

            version: `v1` or `v2`; the configured one by default.

        Raises:
            AnswerLostError: a POST may or may not have been carried out.

            NeetoCalError: see `errors`.
        """
        request = self._request(method, path, body, version)
        return self._with_either_key(request, partial(self._understood, request, read))

    def send_raw(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, version: str = ""
    ) -> RawResponse:
        """
        Send a request, and again where that does no harm, and return what is answered, a refusal too.

        Raises:
            NeetoCalError: as `send` does, where there is no answer or one that tells nothing of the request.
        """
        request = self._request(method, path, body, version)
        return self._with_either_key(request, partial(self._as_it_is, request))

    def _request(self, method: str, path: str, body: Mapping[str, Any] | None, version: str) -> _Request:
        return _Request(
            method=method,
            path=path,
            version=version or self.settings.api_version,
            body=body,
            deadline=min(time.monotonic() + self.settings.timeout, current().deadline),
        )

    def _with_either_key(self, request: _Request, understand: _Understand[Read]) -> Read:
        key, another = self._key, self.settings.fallback_key
        try:
            return self._sent(request, key, understand)
        except AuthenticationError:
            if not another or key == another:
                raise
        found = self._sent(request, another, understand)
        self._key = another
        return found

    def _sent(self, request: _Request, key: str, understand: _Understand[Read]) -> Read:
        sent = 0

        def attempt(number: int) -> Read:
            nonlocal sent
            sent = number
            return understand(key, *self._answered(request, key, number))

        try:
            return retry(self.settings, lambda error: is_worth_another(error, request.method), attempt)
        except NeetoCalError as error:
            if request.method == "POST" and may_have_been_done(error, is_repeat=sent > 1):
                raise AnswerLostError(str(error), may_be_under_way=may_be_under_way(error)) from error
            raise

    def _answered(self, request: _Request, key: str, number: int) -> tuple[httpx.Response, bytes]:
        asked = time.monotonic()
        left = self._turn(request)
        try:
            response, content = self._exchange(request, key)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            self._tell(request, number, asked, left, f"no answer ({type(error).__name__})")
            failure = self._no_answer(request, error)
        else:
            self._take_note(response, left)
            self._tell(request, number, asked, left, _outcome(response, content))
            return response, content
        raise failure

    def _understood(
        self, request: _Request, read: Callable[[Any], Read], key: str, response: httpx.Response, content: bytes
    ) -> Read:
        self._refuse(status(response.status_code).error, request, key, response, content)
        try:
            return read(self._answer(response, content))
        except UnexpectedResponseError as error:
            sentence = self._unexpected(request, response, error)
            raise UnexpectedResponseError(
                sentence, is_broken_off=error.is_broken_off, status=response.status_code
            ) from error

    def _as_it_is(self, request: _Request, key: str, response: httpx.Response, content: bytes) -> RawResponse:
        said = status(response.status_code)
        if said.is_temporary or response.status_code == httpx.codes.UNAUTHORIZED:
            self._refuse(said.error, request, key, response, content)
        try:
            body = _json(content)
        except UnexpectedResponseError:
            body = None
        return RawResponse(status=response.status_code, body=body, headers=dict(response.headers))

    def _turn(self, request: _Request) -> float:
        context = current()
        if not context.left_s:
            raise _not_sent(request, context)
        try:
            return self._rate_limiter.acquire(request.deadline, context.cancelled.is_set)
        except TimeoutError as error:
            raise _not_sent(request, context, *error.args) from error

    def _exchange(self, request: _Request, key: str) -> tuple[httpx.Response, bytes]:
        """
        Return an answer with its whole body, unless that is too large or comes too slowly.
        """
        seconds = max(0.001, min(ANSWER_SECONDS, request.deadline - time.monotonic()))
        until = time.monotonic() + seconds
        timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        address, headers = f"{request.version}/{request.path}", {"X-Api-Key": key}
        content = bytearray()
        with self._http.stream(
            request.method, address, json=request.body, headers=headers, timeout=timeout
        ) as response:
            if response.headers.get("content-encoding", "").lower() not in _ENCODINGS:
                raise httpx.DecodingError("the answer is packed in a way that was not asked for")
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_ANSWER:
                    raise httpx.DecodingError(f"the answer is larger than {MAX_ANSWER // 2**20} MiB")
                if time.monotonic() > until:
                    raise httpx.ReadTimeout(f"the answer was not complete after {seconds:.0f} seconds")
        return response, bytes(content)

    def _take_note(self, response: httpx.Response, left: float) -> None:
        """
        Let an answer set the rate and the clock.
        """
        seconds = retry_after(response.headers)
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            self._rate_limiter.on_throttled(left, seconds)
        elif status(response.status_code).is_temporary and seconds is not None:
            self._rate_limiter.pause(seconds)
        else:
            self._rate_limiter.on_success()
        date = http_date(response.headers.get("date", ""))
        if date:
            self._clock_ahead = date - datetime.now(timezone.utc)

    def _tell(self, request: _Request, number: int, asked: float, left: float, outcome: str) -> None:
        """
        Write an attempt to the log, with neither key nor body, nor what is searched for.

        Args:
            asked: when there was something to send.

            left: when the rate limiter let it go.
        """
        log.LOGGER.debug(
            "%s %s/%s: %s in %.0f ms, attempt %d of %d, waited %.1f s, rate: %s",
            request.method,
            request.version,
            re.sub(r"\b(search|host_email|email)=[^&]*", r"\1=…", request.path),
            outcome,
            1000 * (time.monotonic() - left),
            number,
            self.settings.max_attempts,
            left - asked,
            self._rate_limiter,
        )

    def _refuse(
        self, kind: type[APIError] | None, request: _Request, key: str, response: httpx.Response, content: bytes
    ) -> None:
        """
        Raise what the status stands for, with what the body says; nothing is raised if it stands for no error.
        """
        if kind is None:
            return
        try:
            messages = error_messages(_json(content))
        except UnexpectedResponseError:
            messages = ()
        shown = tuple(filter(None, map(self._excerpt, messages[:_MESSAGES])))
        advice = self._key_advice(key) if kind is AuthenticationError else ""
        raise kind(
            method=request.method, path=request.place, status=response.status_code, messages=shown, advice=advice
        )

    def _key_advice(self, key: str) -> str:
        if key == self.settings.fallback_key:
            return AuthenticationError.advice_on_both
        return AuthenticationError.advice_on_recorded if self.settings.is_key_recorded else ""

    def _no_answer(self, request: _Request, error: Exception) -> TransportError:
        distrust = next((each for each in _chain(error) if isinstance(each, ssl.SSLCertVerificationError)), None)
        sentence = self._distrusted(distrust) if distrust else self._unanswered(request, error)
        return TransportError(
            sentence,
            may_have_arrived=not isinstance(error, _NEVER_SENT),
            is_lasting=distrust is not None or isinstance(error, _LASTING),
            is_late=isinstance(error, httpx.TimeoutException),
        )

    def _distrusted(self, error: ssl.SSLCertVerificationError) -> str:
        return (
            f"{self.settings.base_url} does not prove who it is ({error.verify_message.rstrip('.')}), so the API key "
            f"was not sent: {certificates.advice(error)}"
        )

    def _unanswered(self, request: _Request, error: Exception) -> str:
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

    def _answer(self, response: httpx.Response, content: bytes) -> Any:
        if response.is_redirect:
            raise UnexpectedResponseError("with a redirect")
        if status(response.status_code).work is not Work.DONE:
            raise UnexpectedResponseError(f"with {excerpt(response.reason_phrase, 40) or 'a status of its own'}")
        if quotes(content.decode(errors="replace"), self.settings.api_key, self.settings.fallback_key):
            raise UnexpectedResponseError("with the API key in the body")
        try:
            return _json(content)
        except UnexpectedResponseError as error:
            is_broken_off = "json" in response.headers.get("content-type", "").lower()
            raise UnexpectedResponseError(str(error), is_broken_off=is_broken_off) from error

    def _excerpt(self, foreign: object) -> str:
        """
        Return what somebody else says, briefly and without the keys, which a server may quote.
        """
        return excerpt(self.settings.redacted(str(foreign)), _MAX_EXCERPT)


def _not_sent(request: _Request, context: OperationContext, seconds: float = 0) -> TransportError:
    sentence = f"{request} was not sent: {_why_not_sent(context, seconds)}"
    return TransportError(sentence, may_have_arrived=False, is_lasting=True)


def _why_not_sent(context: OperationContext, seconds: float) -> str:
    if context.cancelled.is_set():
        return "the run is being cancelled; run the command again."
    if context.is_advisory:
        return _why_not_asked(seconds)
    if not context.left_s:
        return "the time that customTimeouts give the operation is over; run the command again, or give it more time."
    return (
        f"neetoCal takes no request for another {seconds:.0f} seconds, longer than {SETTINGS['timeout']} allows; run "
        "the command again later, or give it more time."
    )


def _why_not_asked(seconds: float) -> str:
    reason = f"neetoCal takes no request for another {seconds:.0f} seconds" if seconds else "no answer came in time"
    return f"{reason}, and a question that only informs doesn't wait longer."


def _outcome(response: httpx.Response, content: bytes) -> str:
    later = response.headers.get("retry-after")
    named = "" if later is None else f" and Retry-After {excerpt(later, 40)},"
    return f"{response.status_code} with {len(content)} bytes{named}"


def _trust(base_url: str) -> ssl.SSLContext:
    """
    Return what decides whom to believe: the usual authorities, or those of SSL_CERT_FILE or SSL_CERT_DIR.

    SSLKEYLOGFILE is not honoured: who has that file can read the key in a recording of the traffic.
    """
    if httpx.URL(base_url).scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody; reading authorities takes longer than a request
    context = httpx.create_ssl_context()
    context.keylog_filename = None  # type: ignore[assignment]  # as Python documents it
    return context


def _proxy(base_url: str) -> str | None:
    """
    Return the address of the environment's proxy for this address; None if there is none or NO_PROXY exempts the host.
    """
    address, proxies = httpx.URL(base_url), getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    port = address.port or (443 if address.scheme == "https" else 80)
    entries = re.split(r"[,\s]+", proxies.get("no", ""))
    if not proxy or any(_exempts(entry.lower(), address.host, port) for entry in entries):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _exempts(entry: str, host: str, port: int) -> bool:
    """
    Whether an entry of NO_PROXY, in any of the forms that curl and Go read, is about this host; others are not.
    """
    if entry == "*":
        return True
    found = re.fullmatch(r"\[([^\]]+)\](?::(\d+))?|([^:]+)(?::(\d+))?|(.+)", entry)
    if not found or int(found[2] or found[4] or port) != port:
        return False
    name = found[1] or found[3] or found[5]
    try:
        return ip_address(host) in ip_network(name, strict=False)
    except ValueError:  # one of them is a name
        domain = name.removeprefix("*").strip(".")
        return bool(domain) and f".{host.rstrip('.')}".endswith(f".{domain}")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _json(content: bytes) -> Any:
    """
    Return what a body holds; errors of the parser, which hold the body, are left behind.
    """
    if not content:
        return None
    try:
        body = loads(content.decode("utf-8-sig"))  # in no other encoding is it searched for the key
    except (ValueError, RecursionError):
        body = _NO_JSON
    if body is _NO_JSON:
        raise UnexpectedResponseError("the body is no JSON")
    if _is_deeper(body, MAX_DEPTH):
        raise UnexpectedResponseError("the body is nested too deeply")
    return body


_NO_JSON = object()


def _is_deeper(body: Any, most: int) -> bool:
    """
    Whether lists and objects are nested in each other more than so many times.
    """
    level = [body]
    for _ in range(most + 1):
        level = [item for item in level if isinstance(item, dict | list)]
        if not level:
            return False
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return True
