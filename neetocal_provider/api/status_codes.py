"""
What the status of an answer says of the request, in one table: `STATUSES`.

docs/http.md shows what follows from each row for create, read, update, delete and lists. A status that is not in the
table is an unexpected response: an error that changes nothing in the state.

Sources: the vendor's page of response codes and the captions of its v1 reference; for the others RFC 9110, RFC 6585,
IANA's registry of status codes, and for 520 to 530 Cloudflare's documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from neetocal_provider.errors import (
    APIError,
    AuthenticationError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    RateLimitedError,
    ServerError,
)

__all__ = ["STATUSES", "Status", "Work", "status"]


class Work(Enum):
    """
    Whether the request was carried out.
    """

    DONE = "done"
    NOT_DONE = "not done"
    UNKNOWN = "done or not"
    UNDER_WAY = "may still be under way"


@dataclass(frozen=True, kw_only=True)
class Status:
    """
    What an answer with a certain status means.

    Attributes:
        work: whether the request was carried out. If it is not known, what repeats without harm is repeated alone.

        error: what is raised; if None, the body is read if the work is done, else UnexpectedResponseError is raised.

        is_temporary: whether the same request may be answered otherwise in a moment.

        may_say_taken: whether this is how a slug that is taken may be refused.
    """

    work: Work
    error: type[APIError] | None = None
    is_temporary: bool = False
    may_say_taken: bool = False


_UNEXPECTED = Status(work=Work.UNKNOWN)

_ROWS: tuple[tuple[tuple[int, ...], Status], ...] = (
    ((200, 201, 203, 204, 205), Status(work=Work.DONE)),
    ((202,), Status(work=Work.UNDER_WAY)),
    ((400, 422), Status(work=Work.NOT_DONE, error=InvalidRequestError, may_say_taken=True)),
    ((402, 413, 414, 431, 451), Status(work=Work.NOT_DONE, error=InvalidRequestError)),
    ((401, 403), Status(work=Work.NOT_DONE, error=AuthenticationError)),
    ((404, 410), Status(work=Work.NOT_DONE, error=NotFoundError)),
    ((409,), Status(work=Work.NOT_DONE, error=ConflictError, may_say_taken=True)),
    ((423,), Status(work=Work.NOT_DONE, error=ConflictError)),
    ((425, 429), Status(work=Work.NOT_DONE, error=RateLimitedError, is_temporary=True)),
    # Not as neetoCal answers: a server in between, or another one, does not take such a request.
    (
        (405, 406, 407, 411, 412, 415, 416, 417, 421, 424, 426, 428, 505, 506, 510, 511),
        Status(work=Work.NOT_DONE),
    ),
    ((500, 501, 507, 508), Status(work=Work.UNKNOWN, error=ServerError)),
    (
        (502, 503, 520, 521, 523, 525, 526, 527, 529, 530),
        Status(work=Work.UNKNOWN, error=ServerError, is_temporary=True),
    ),
    # Somebody gave up waiting. 408 means that the request did not arrive, but servers in between also use it for 504.
    ((408, 504, 522, 524), Status(work=Work.UNDER_WAY, error=ServerError, is_temporary=True)),
)

STATUSES: Mapping[int, Status] = {code: row for codes, row in _ROWS for code in codes}


def status(code: int) -> Status:
    """
    Return what a status means, also one that is not in the table.
    """
    return STATUSES.get(code, _UNEXPECTED)
