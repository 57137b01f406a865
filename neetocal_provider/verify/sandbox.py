"""
Throw-away links in somebody's workspace: how they are made, what was said of them, and that none of them stays.

What is written down of a conversation has the names of fields and no values: no key, no address, nothing of people.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from neetocal_provider.api.client import Client
from neetocal_provider.api.connection import RawResponse
from neetocal_provider.api.objects import error_messages
from neetocal_provider.errors import (
    AnswerLostError,
    APIError,
    NeetoCalError,
    NotFoundError,
    UnexpectedResponseError,
    excerpt,
)
from neetocal_provider.redaction import without_addresses
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.types import has_same_letters, is_identifier

__all__ = ["NAME", "NOBODY", "SLUG", "Exchange", "InconclusiveError", "Sandbox"]

SLUG, NAME = "verify-api", "Throw-away link of neetocal-provider verify-api"

NOBODY = "verify-api@example.com"
"""An address that nobody has: the domain is reserved for examples."""

_COLLECTIONS = "meetings|durations|spots|add-on-services|discount-codes|team-members|availabilities|meeting-templates"

_MAX_LENGTH = 256
"""Characters of what a server says."""

_KEYS = 5
"""The names in an answer that are written down: enough to see how it is wrapped."""

JsonObject = Mapping[str, Any]


class InconclusiveError(Exception):
    """
    Raised when a question cannot be answered; its text says why.
    """


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """
    One request and its answer, as they may stand in a bug report.

    Attributes:
        request: version, verb and path, with `{id}` in place of ids.

        sent: the names in its body.

        keys: the first names in the answer's body.

        said: why it was refused; empty where it was not.
    """

    request: str
    sent: tuple[str, ...]
    status: int
    keys: tuple[str, ...]
    said: str


class Sandbox:
    """
    Throw-away links of one run.

    Args:
        others: sids of the links that were there before, none of which is ever deleted.

    Attributes:
        hosts: addresses of members who may host them; at least one.

        exchanges: what was asked and answered since `start`.
    """

    def __init__(self, client: Client, hosts: Sequence[str], others: Collection[str] = ()) -> None:
        self.client = client
        self.hosts = list(hosts)
        self.exchanges: list[Exchange] = []
        self._others = others
        self._token = secrets.token_hex(4)
        self._asked: list[str] = []
        self._unsure: set[str] = set()
        self._made: dict[str, str] = {}
        self._codes_asked = 0
        self._codes: dict[str, str] = {}

    @property
    def api_version(self) -> str:
        """
        The version of the API that is asked.
        """
        return self.client.settings.api_version

    def start(self) -> None:
        """
        Begin with the next question.
        """
        self.exchanges = []

    def new_slug(self) -> str:
        """
        Return a slug that nobody else has.
        """
        return f"{SLUG}-{self._token}-{len(self._asked) + 1}"

    def send(self, method: str, path: str, body: JsonObject | None = None, *, version: str = "") -> RawResponse:
        """
        Send a request and write down what came of it.
        """
        answer = self.client.send_raw(method, path, body, version=version)
        place = re.sub(rf"({_COLLECTIONS})/[^/?]+", r"\1/{id}", path)
        said = "; ".join(error_messages(answer.body)) if not answer.is_success else ""
        exchange = Exchange(
            request=self.public(f"{method} {version or self.api_version}/{place}"),
            sent=tuple(body or ()),
            status=answer.status,
            keys=tuple(map(self.public, answer.body))[:_KEYS] if isinstance(answer.body, dict) else (),
            said=self.public(said),
        )
        self.exchanges.append(exchange)
        return answer

    def public(self, text: str) -> str:
        """
        Return a text of somebody else's without keys and addresses, on one line.
        """
        return excerpt(without_addresses(self.client.settings.redacted(text)), _MAX_LENGTH)

    # Links

    def post(self, *, without: str = "", **fields: Any) -> RawResponse:
        """
        Try to make a link with these fields, and the required ones but for the one named.
        """
        body = {"slug": self.new_slug(), "name": NAME, "hosts": self.hosts[:1], "duration": 30, **fields}
        body.pop(without, None)
        # Before it is sent: whatever becomes of the answer, the link is looked for in the end.
        slug = str(body["slug"])
        self._asked.append(slug)
        answer = self._posted(slug, body)
        record = _object(answer.body)
        sid = record.get("sid")
        is_new = isinstance(sid, str) and is_identifier(sid) and sid not in self._others
        if answer.is_success and is_new and self._is_ours(record):
            self._made[record["sid"]] = slug
        return answer

    def _posted(self, slug: str, body: JsonObject) -> RawResponse:
        self._unsure.add(slug)
        try:
            answer = self.send("POST", "meetings", body)
        except NeetoCalError as error:
            if not (isinstance(error, AnswerLostError) and error.may_be_under_way):
                self._unsure.discard(slug)  # the list tells whether it was made
            raise
        self._unsure.discard(slug)
        return answer

    def link(self, **fields: Any) -> JsonObject:
        """
        Make a link and return it as it was answered.

        Raises:
            InconclusiveError: it was not made.
        """
        answer = self.post(**fields)
        record = _object(answer.body)
        if record.get("sid") not in self._made:
            raise InconclusiveError(f"no link to try it on: a create was answered with {answer.status}")
        return record

    def get(self, sid: str) -> JsonObject:
        """
        Return a link as it stands.
        """
        answer = self.send("GET", f"meetings/{sid}")
        if not answer.is_success:
            raise InconclusiveError(f"the link could not be read: {answer.status}")
        return _object(answer.body)

    def patch(self, sid: str, **fields: Any) -> RawResponse:
        """
        Change fields of a link; hosts and kind are sent as the provider sends them.
        """
        return self.send("PATCH", f"meetings/{sid}", {"hosts": self.hosts[:1], "kind": "one_on_one", **fields})

    def delete(self, sid: str) -> RawResponse:
        """
        Delete a link that was made here, as often as asked.
        """
        answer = self.send("DELETE", f"meetings/{sid}", version="v2")
        if answer.is_success:
            self._made.pop(sid, None)
        return answer

    def rows(self, path: str, key: str) -> list[JsonObject]:
        """
        Return what a list holds under this key.
        """
        answer = self.send("GET", path)
        found = answer.body.get(key) if isinstance(answer.body, dict) else None
        if not answer.is_success or not isinstance(found, list):
            raise InconclusiveError(f"the list could not be read: {answer.status}")
        return [row for row in found if isinstance(row, dict)]

    # Discount codes

    def post_code(self, **fields: Any) -> RawResponse:
        """
        Try to make a discount code that only `NOBODY` can use.
        """
        self._codes_asked += 1
        body = {
            "code": f"{self._code_prefix}{self._codes_asked}",
            "kind": "fixed",
            "value": 1,
            "redeems_limit": 1,
            "allowed_emails": [NOBODY],
            **fields,
        }
        answer = self.send("POST", "discount-codes", body, version="v2")
        made = answer.body.get("discount_code") if isinstance(answer.body, dict) else None
        if answer.is_success and isinstance(made, dict):
            self._keep_code(made)
        return answer

    def code(self, **fields: Any) -> JsonObject:
        """
        Make a discount code and return it as it was answered.

        Raises:
            InconclusiveError: it was not made, or not answered.
        """
        answer = self.post_code(**fields)
        made = answer.body.get("discount_code") if isinstance(answer.body, dict) else None
        if not answer.is_success or not isinstance(made, dict) or str(made.get("id")) not in self._codes:
            raise InconclusiveError(f"no discount code to try it on: a create was answered with {answer.status}")
        return made

    def codes(self, query: str = "page=1&page_number=1&page_size=100") -> list[JsonObject]:
        """
        Return a page of the discount codes.
        """
        answer = self.send("GET", f"discount-codes?{query}", version="v2")
        found = answer.body.get("discount_codes") if isinstance(answer.body, dict) else None
        if not answer.is_success or not isinstance(found, list):
            raise InconclusiveError(f"the list could not be read: {answer.status}")
        return [row for row in found if isinstance(row, dict)]

    def delete_code(self, code_id: str) -> RawResponse:
        """
        Delete a discount code that was made here.
        """
        answer = self.send("DELETE", f"discount-codes/{code_id}", version="v2")
        if answer.is_success or answer.status == HTTPStatus.NOT_FOUND:
            self._codes.pop(code_id, None)
        return answer

    @property
    def _code_prefix(self) -> str:
        return f"{SLUG}-{self._token}-code-".upper()

    def _keep_code(self, made: JsonObject) -> None:
        code_id, code = made.get("id"), str(made.get("code")).upper()
        if isinstance(code_id, str) and is_identifier(code_id) and code.startswith(self._code_prefix):
            self._codes[code_id] = code

    # Cleaning up

    def sweep(self) -> None:
        """
        Delete the links and discount codes of which it is known that they were made.
        """
        for code_id in list(self._codes):
            self.delete_code(code_id)
        for sid in list(self._made):
            self._remove(sid)

    def clear(self) -> tuple[str, ...]:
        """
        Delete all links and discount codes that were made here, also those whose answer never came.

        Returns:
            The slugs and codes of those that could not be deleted, and of those that may still be made, because nobody
            knows what became of the request.
        """
        try:
            self.sweep()
            for meeting in list(SCHEDULING_LINK.collection(self.client).objects()) if self._asked else ():
                if meeting.id not in self._others and self._is_ours(meeting.values):
                    slug = str(meeting.values["slug"])
                    self._made[meeting.id] = slug
                    self._unsure.discard(slug)
                    self._remove(meeting.id)
            for row in self.codes() if self._codes_asked else ():
                self._keep_code(row)
            self.sweep()
        except (NeetoCalError, InconclusiveError, KeyboardInterrupt):
            self._unsure.add(f"{SLUG}-{self._token}-…")
        return tuple(sorted({*self._made.values(), *self._codes.values(), *self._unsure}))

    def _is_ours(self, values: JsonObject) -> bool:
        slugs = {_plain(slug) for slug in self._asked}
        return _plain(str(values.get("slug"))) in slugs and has_same_letters(str(values.get("name", NAME)), NAME)

    def _remove(self, sid: str) -> None:
        try:
            SCHEDULING_LINK.collection(self.client).delete(sid)
        except (APIError, UnexpectedResponseError) as error:
            if not isinstance(error, NotFoundError):
                return  # it stays among those that were made
        self._made.pop(sid, None)


def _plain(slug: str) -> str:
    """
    Return a slug as neetoCal may have written it down.
    """
    return re.sub("-+", "-", slug.lower())


def _object(body: Any) -> JsonObject:
    """
    Return the link in an answer, bare or wrapped; empty where there is none.
    """
    if not isinstance(body, dict):
        return {}
    inner = body.get("meeting", body)
    return inner if isinstance(inner, dict) else {}
