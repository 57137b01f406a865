"""
What can go wrong between a program and neetoCal.

::

    NeetoCalError
    ├── ConfigError               a setting is missing or malformed; no request was made
    ├── TransportError            no answer: name lookup, refused, timed out
    ├── APIError                  answered with a status of 400 or above, see `status_codes`
    │   ├── AuthenticationError   401, 403
    │   ├── NotFoundError         404, 410
    │   ├── ConflictError         409, 423
    │   ├── InvalidRequestError   mostly 400 and 422
    │   ├── RateLimitedError      429, 425
    │   └── ServerError           mostly 500, 502, 503 and 504
    ├── UnexpectedResponseError   answered, but not with a documented status or shape
    ├── AnswerLostError           it is not known whether a POST was carried out
    ├── RefusedError              we refuse: the slug is another link's, or bookings hang on the link
    └── NotAppliedError           accepted, yet the link does not hold what was declared

The text of every error says in a sentence what happened and in another what to do, on one line; a user of `pulumi up`
sees nothing else but which link it happened to (`operations`). None holds an API key or a whole response body.
docs/errors.md shows each with an example.
"""

from __future__ import annotations

__all__ = [
    "MAX_LENGTH",
    "APIError",
    "AnswerLostError",
    "AuthenticationError",
    "ConfigError",
    "ConflictError",
    "InvalidRequestError",
    "NeetoCalError",
    "NotAppliedError",
    "NotFoundError",
    "RateLimitedError",
    "RefusedError",
    "ServerError",
    "TransportError",
    "UnexpectedResponseError",
    "excerpt",
    "printable",
]

MAX_LENGTH = 4000
"""Characters of a sentence block, should everything in it be as long as it may be."""


class NeetoCalError(Exception):
    """
    The root of every error this package raises on purpose.

    Its text is a line that any terminal can show, whatever an answer put into it.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__(excerpt(" ".join(sentences), MAX_LENGTH))


class ConfigError(NeetoCalError):
    """
    Raised when settings are missing, malformed or for another workspace, mostly before any request.

    `.problems` holds one sentence for each setting that is wrong.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = tuple(excerpt(problem, MAX_LENGTH) for problem in problems)


class TransportError(NeetoCalError):
    """
    Raised when no answer came.

    `.may_have_arrived` is False where no connection was made, so that neetoCal cannot have seen the request;
    `.is_lasting` is True where sending it again cannot help; `.is_late` where an answer may have been about to come.
    """

    def __init__(
        self, sentence: str, *, may_have_arrived: bool, is_lasting: bool = False, is_late: bool = False
    ) -> None:
        super().__init__(sentence)
        self.may_have_arrived = may_have_arrived
        self.is_lasting = is_lasting
        self.is_late = is_late


class APIError(NeetoCalError):
    """
    Raised when neetoCal answered with a status of 400 or above.

    `.messages` holds what the body said, in whichever of the known shapes; empty when it said nothing readable.
    """

    advice = "Correct what it names, in the program or in the web app, then run `pulumi up` again."
    """The way out, in a sentence."""

    def __init__(
        self, *, method: str, path: str, status: int, messages: tuple[str, ...] = (), advice: str = ""
    ) -> None:
        said = f": {'; '.join(messages)}" if messages else ""
        sentence = f"{method} {path} was answered with {status}{said}".rstrip(".")
        super().__init__(f"{sentence}. {advice or self.advice}")
        self.method = method
        self.path = path
        self.status = status
        self.messages = messages


class AuthenticationError(APIError):
    """
    Raised when the key is wrong, expired or not allowed to do this (401, 403).
    """

    advice = (
        "Give a valid key of this workspace: `pulumi config set --secret neetocal:apiKey` or NEETOCAL_API_KEY "
        "(keys are under Admin panel > API keys)."
    )
    advice_on_recorded = (
        "The refused key is the stack config's, which `pulumi refresh` and `pulumi destroy` take as the last "
        "`pulumi up` recorded it: after a change add --run-program, or set NEETOCAL_API_KEY to a valid key of this "
        "workspace (keys are under Admin panel > API keys)."
    )
    advice_on_both = (
        "The key that the last `pulumi up` recorded was refused, and so was NEETOCAL_API_KEY: set that to a valid key "
        "of this workspace, or add --run-program to use the stack config as it is now."
    )


class NotFoundError(APIError):
    """
    Raised when the address leads nowhere (404, 410): the link is gone, or the workspace does not exist.
    """

    advice = "Run `pulumi refresh` to see what is still there, then `pulumi up`."


class ConflictError(APIError):
    """
    Raised when the request contradicts what exists (409, 423), such as a second default option.
    """

    advice = "Run `pulumi refresh` to see what is there now, then `pulumi up`."


class InvalidRequestError(APIError):
    """
    Raised when a value was refused (mostly 400, 422); `.messages` says which.
    """


class RateLimitedError(APIError):
    """
    Raised when neetoCal refused to work for now (429, 425); nothing was done.
    """

    advice = (
        "Run the command again later, or allow more attempts with neetocal:maxAttempts (environment: "
        "NEETOCAL_MAX_ATTEMPTS) and more time with neetocal:timeout (environment: NEETOCAL_TIMEOUT)."
    )


class ServerError(APIError):
    """
    Raised when neetoCal or a server before it failed (most 5xx, 408); the request may have been carried out anyway.
    """

    advice = "Run `pulumi refresh`, then the command again."


class UnexpectedResponseError(NeetoCalError):
    """
    Raised when an answer's status or shape is not a documented one, as from a proxy or a wrong address.

    `.is_broken_off` is True where it claims to be JSON and is none, so that sending the request again may help;
    `.status` is the answer's, 0 if it is not known.
    """

    def __init__(self, sentence: str, *, is_broken_off: bool = False, status: int = 0) -> None:
        super().__init__(sentence)
        self.is_broken_off = is_broken_off
        self.status = status


class AnswerLostError(NeetoCalError):
    """
    Raised when no readable answer to a POST came, so that what it asks for may have been made or not.

    Sending it again might make a second one: look for the first. Where `.may_be_under_way` is True, not finding it does
    not mean that it will not be made.
    """

    def __init__(self, sentence: str, *, may_be_under_way: bool = False) -> None:
        super().__init__(sentence)
        self.may_be_under_way = may_be_under_way


class RefusedError(NeetoCalError):
    """
    Raised when going on would harm something that the program does not manage: another link, or people's bookings.
    """


class NotAppliedError(NeetoCalError):
    """
    Raised when neetoCal accepted a change but the link does not hold it afterwards; with a sentence for each field.
    """


def excerpt(text: str, most: int) -> str:
    """
    Return the beginning of a text, on one line.
    """
    line = " ".join(printable(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def printable(text: str) -> str:
    """
    Return a text without line ends and without what a terminal would obey or could not show.
    """
    return "".join(sign if sign.isprintable() else " " for sign in text)
