"""
Pages of a list: which one is asked for, and what the answer says about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neetocal_emulator.endpoints.call import Answer
from neetocal_emulator.errors import MalformedError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store.rules import LARGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import QueryParams

    from neetocal_emulator.endpoints.call import Call
    from neetocal_emulator.switches import Switches

__all__ = ["Page", "asked_page", "listed"]

_DEFAULT_SIZE = 30
_LARGEST_SIZE = 100


@dataclass(frozen=True)
class Page:
    """
    A page by number and size; a size of None is everything on one page.
    """

    number: int
    size: int | None

    @property
    def offset(self) -> int:
        """
        How many records come before this page; past the end there is nothing (PAGE_PAST_END).
        """
        return (self.number - 1) * (self.size or 0)

    def pagination(self, total: int) -> dict[str, int]:
        """
        Return the counts that accompany a list (PAGING).
        """
        size = self.size or max(total, 1)
        return {
            "total_records": total,
            "total_pages": -(-total // size),
            "current_page_number": self.number,
            "page_size": size,
        }


def listed(call: Call, key: str, rows: Sequence[object], *, only: str = "") -> Answer:
    """
    Answer the page that is asked for out of all rows of a list.

    Args:
        only: the one name that the page's number goes by; "" for page_number or page.
    """
    page = asked_page(call.query, call.workspace.switches, only=only)
    end = len(rows) if page.size is None else page.offset + page.size
    return Answer({key: rows[page.offset : end], "pagination": page.pagination(len(rows))})


def asked_page(query: QueryParams, switches: Switches, *, only: str = "") -> Page:
    """
    Read which page is asked for (PAGING, PAGE_ALIAS, PAGE_SIZE_LIMIT, LIST_WITHOUT_PAGE).
    """
    asked = query.get(only) if only else query.get("page_number", query.get("page"))
    size = min(_positive("page_size", query.get("page_size"), _DEFAULT_SIZE), _LARGEST_SIZE)
    if asked is None and switches.list_without_page_number == "everything":
        return Page(1, None)
    return Page(_positive("page_number", asked, 1), size)


def _positive(name: str, text: str | None, default: int) -> int:
    if text is None:
        return default
    digits = text.lstrip("0")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(LARGEST))
    if not is_number or int(digits) > LARGEST:
        raise MalformedError(Problem(Fact.PAGE_INVALID, f"must be between 1 and {LARGEST}", name))
    return int(digits)
