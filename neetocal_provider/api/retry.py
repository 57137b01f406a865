"""
Which requests are sent again, when, and how often.

A request that was refused for now (429, 425) did no work and is always sent again; so is one that never left. Where an
answer was lost, or a server in between failed, as with 502, 503 and 504, whatever leads to the same end when it is done
twice is sent again: GET, PUT, PATCH and DELETE. A POST is not, because it might make two of something: its answer
counts as lost (`AnswerLostError`), and who sent it looks for what it made before asking again. `status_codes` has the
table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from neetocal_provider import log
from neetocal_provider.api.deadline import ADVISORY_ATTEMPTS, current
from neetocal_provider.api.status_codes import Status, Work, status
from neetocal_provider.errors import AnswerLostError, APIError, TransportError, UnexpectedResponseError
from neetocal_provider.settings import Settings

if TYPE_CHECKING:
    import stamina

__all__ = [
    "http_date",
    "is_answer_lost",
    "is_worth_another",
    "may_be_under_way",
    "may_have_been_done",
    "retry",
    "retry_after",
    "retry_context",
]

Done = TypeVar("Done")

_FIRST_WAIT, _MAX_WAIT, _JITTER = 0.5, 30.0, 0.5
"""Seconds between attempts; each wait is twice the one before. If an answer names a time, the rate limiter waits."""

_MIN_TIMEOUT = 0.001
"""Seconds: to stamina, no time at all is a mistake."""

_IDEMPOTENT = frozenset({"GET", "PUT", "PATCH", "DELETE"})


def retry_context(settings: Settings, on: Callable[[Exception], bool]) -> Iterable[stamina.Attempt]:
    """
    Yield a context for each attempt; an error in it leads to the next one, until settings or deadline say enough.

    Args:
        on: whether an error is worth another attempt.
    """
    import stamina  # only who sends something waits for the import

    log.hook_retries()
    context = current()
    left = max(_MIN_TIMEOUT, context.left_s)
    return stamina.retry_context(
        on=lambda error: not context.is_over and on(error),
        attempts=min(settings.max_attempts, ADVISORY_ATTEMPTS) if context.is_advisory else settings.max_attempts,
        timeout=min(settings.timeout, left),
        wait_initial=_FIRST_WAIT,
        wait_max=min(_MAX_WAIT, left),
        wait_jitter=_JITTER,
    )


def retry(settings: Settings, on: Callable[[Exception], bool], work: Callable[[int], Done]) -> Done:
    """
    Return what work returns, which is given the number of the attempt; it is done again as `retry_context` says.
    """
    for attempt in retry_context(settings, on):
        with attempt:
            return work(attempt.num)
    raise AssertionError  # the last attempt returns or raises


def is_worth_another(error: Exception, method: str) -> bool:
    """
    Whether a request of this method that ended so is sent again as it is.
    """
    if isinstance(error, TransportError) and not error.may_have_arrived:
        return not error.is_lasting
    said = _said(error)
    if said and said.is_temporary and said.work is Work.NOT_DONE:
        return True
    return method in _IDEMPOTENT and (
        isinstance(error, TransportError)
        or (said is not None and said.is_temporary)
        or (isinstance(error, UnexpectedResponseError) and error.is_broken_off)
    )


def may_have_been_done(error: Exception, *, is_repeat: bool = False) -> bool:
    """
    Whether a request that ended so may have done its work all the same.

    Where it is a repeat, the work may be why it was refused: the request before it had done it, whatever was answered.
    """
    if isinstance(error, TransportError):
        return error.may_have_arrived
    said = _said(error)
    return said is not None and (said.work is not Work.NOT_DONE or (said.may_say_taken and is_repeat))


def may_be_under_way(error: Exception) -> bool:
    """
    Whether somebody may still be at work on a request that ended so.
    """
    if isinstance(error, TransportError):
        return error.is_late
    said = _said(error)
    return said is not None and said.work is Work.UNDER_WAY


def _said(error: Exception) -> Status | None:
    """
    Return what the answer's status says; None if there was no answer.
    """
    return status(error.status) if isinstance(error, APIError | UnexpectedResponseError) else None


def is_answer_lost(error: Exception) -> bool:
    """
    Whether it is not known what became of a POST.
    """
    return isinstance(error, AnswerLostError)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """
    Return the seconds of a Retry-After header, in either of its forms; None where there is none that can be read.

    A date is compared with the server's own clock, where the answer shows that.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    until = http_date(value)
    if until is None:
        return None
    now = http_date(headers.get("date", "")) or datetime.now(timezone.utc)
    return max(0.0, (until - now).total_seconds())


def http_date(text: str) -> datetime | None:
    """
    Return the time that a header such as Date holds; None where it cannot be read, or is no time to reckon with.
    """
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    is_sound = _FIRST_YEAR <= found.year < _AFTER_ALL_YEARS
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)) if is_sound else None


_FIRST_YEAR, _AFTER_ALL_YEARS = 1970, 9000
