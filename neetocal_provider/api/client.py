"""
The conversation with neetoCal's API, in both its versions.

One method for each endpoint, and no knowledge of Pulumi or of HTTP beyond verbs and paths: `connection` carries the
requests. Everything that can go wrong is raised as one of `errors`. Safe to share between threads.

Sources: the vendor's API reference, version 2 (current) and 1 (deprecated); docs/api-notes.md lists what differs and
what is assumed.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

from neetocal_provider.api.list_cache import BookedLinks, ListCache
from neetocal_provider.api.objects import (
    Booking,
    Option,
    Page,
    RemoteObject,
    TeamMember,
    bookings_from_api,
    is_complete,
    is_identifier,
    meetings_from_api,
    options_from_api,
    team_members_from_api,
    templates_from_api,
    to_option_payload,
    to_payload,
)
from neetocal_provider.errors import ConfigError, NotFoundError, UnexpectedResponseError
from neetocal_provider.schema.fields import SCHEDULING_LINK, Schema
from neetocal_provider.settings import SETTINGS, Settings

if TYPE_CHECKING:
    import httpx

    from neetocal_provider.api.connection import RawResponse

__all__ = ["Client", "Collection", "connect", "disconnect"]

PAGE_SIZE = 100
"""Records: the vendor's own command-line tool calls 100 the most that a page holds."""

MAX_PAGES = 2000
"""Pages of a list that are read: a server that never comes to an end must not keep a run from ending."""

Row = TypeVar("Row")
Existing = TypeVar("Existing", bound="RemoteObject | None")


@dataclass(frozen=True, kw_only=True)
class Collection:
    """
    What can be done with links and templates alike; each is the method of `Client` with the same verb.
    """

    create: Callable[[Mapping[str, Any]], RemoteObject]
    get: Callable[[str], RemoteObject]
    read: Callable[[str], RemoteObject]
    find: Callable[[str], RemoteObject | None]
    update: Callable[[str, Mapping[str, Any]], RemoteObject]
    delete: Callable[[str], None]


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
        self._list_cache = self._new_list_cache()
        self._update_list_cache = self._new_list_cache(alone=1)
        self._booked_links = BookedLinks(self._upcoming_bookings, PAGE_SIZE)

    def _invalidate(self, sid: str) -> None:
        """
        Take nothing any more from a list that was read before this link is changed.
        """
        for cache in (self._list_cache, self._update_list_cache):
            cache.invalidate(sid)

    def _new_list_cache(self, *, alone: int = 0) -> ListCache:
        return ListCache(
            self.list_meeting_pages,
            lambda meeting: is_complete(meeting, SCHEDULING_LINK, self.settings.api_version),
            alone=alone,
        )

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

    def create_meeting(self, values: Mapping[str, Any]) -> RemoteObject:
        """
        Create a scheduling link; only the given fields are sent.

        What the answer says of it may be unreadable in part (`RemoteObject.unreadable`): the link exists all the same.

        Raises:
            InvalidRequestError: a value was refused, for instance a slug that is taken.

            AnswerLostError: the link may or may not exist now; `find_meeting` tells.

        API: POST /meetings.
        """
        return self._connection.send("POST", "meetings", RemoteObject.from_api, to_payload(values))

    def get_meeting(self, sid: str, *, version: str = "", strict: bool = True) -> RemoteObject:
        """
        Return a scheduling link as it stands.

        Args:
            strict: whether all of the answer must be readable; if not, `RemoteObject.unreadable` says what isn't.

        Raises:
            NotFoundError: no link has this sid; `require_workspace` tells whether the workspace answers at all.

            UnexpectedResponseError: something in the answer is not what it should be.

        API: GET /meetings/{sid}.
        """

        def read(body: Any) -> RemoteObject:
            found = RemoteObject.from_api(body)
            return found.require_readable(sid) if strict else found

        return self._existing("GET", _meeting(sid), read, version=version)

    def read_meeting(self, sid: str) -> RemoteObject:
        """
        Return a scheduling link as it stands, from the workspace's list where that costs less; see `list_cache`.

        A link that the list does not show is asked for by itself before it counts as gone.

        Raises:
            NotFoundError: no link has this sid.

        API: GET /meetings, GET /meetings/{sid}.
        """
        return self._list_cache.pop(sid) or self.get_meeting(sid)

    def read_meeting_to_update(self, sid: str) -> RemoteObject:
        """
        Return a scheduling link as it stood at most a minute ago, for an update that must send present values along.

        The first is asked for by itself; further ones are looked for in a list that is begun after it.

        Raises:
            NotFoundError: no link has this sid.

        API: GET /meetings, GET /meetings/{sid}.
        """
        return self._update_list_cache.pop(sid) or self.get_meeting(sid)

    def list_meetings(self, *, search: str = "", host: str = "") -> Iterator[RemoteObject]:
        """
        Yield the links of the workspace, in no particular order, asking for one page after the other.

        API: GET /meetings, see `list_meeting_pages`.
        """
        for page in self.list_meeting_pages(search=search, host=host):
            yield from page.rows

    def list_meeting_pages(self, *, search: str = "", host: str = "") -> Iterator[Page[RemoteObject]]:
        """
        Yield the links of the workspace page by page, for those who want to know how many there are.

        Templates, deleted links and links that an earlier page had are left out; of the others, what cannot be read is
        missing.
        Version 1 knows neither filter; where the server ignores one, links that do not match are among the
        answers, so look again.

        Args:
            search: a part of the name or slug.

            host: a host's e-mail address.

        API: GET /meetings.
        """
        filters = {"search": search, "host_email": host} if self.settings.api_version == "v2" else {}
        return _records(self._pages("meetings", meetings_from_api, filters), is_template=False)

    def find_meeting(self, slug: str) -> RemoteObject | None:
        """
        Return the link with this slug, or None where no list holds it.

        The search of version 2 is tried first; what it does is known from clients alone, so an empty answer is not
        believed and the whole list is read.

        API: GET /meetings.
        """
        searches = (slug, "") if self.settings.api_version == "v2" else ("",)
        found = (meeting for text in searches for meeting in self.list_meetings(search=text))
        return next((meeting for meeting in found if meeting.values.get("slug") == slug), None)

    def list_templates(self, *, search: str = "") -> Iterator[RemoteObject]:
        """
        Yield the meeting templates of the workspace; see `list_meeting_pages` for `search`.

        API: GET /meeting-templates, in version 1 GET /meeting_templates.
        """
        is_v2 = self.settings.api_version == "v2"
        path, filters = ("meeting-templates", {"search": search}) if is_v2 else ("meeting_templates", {})
        for page in _records(self._pages(path, templates_from_api, filters), is_template=True):
            yield from page.rows

    def create_template(self, values: Mapping[str, Any]) -> RemoteObject:
        """
        Create a meeting template; only the given fields are sent. Version 2 alone has this and the following.

        Raises:
            InvalidRequestError: a value was refused, for instance a slug that is taken.

            AnswerLostError: the template may or may not exist now; `find_template` tells.

        API: POST /meeting-templates.
        """
        return self._connection.send(
            "POST", "meeting-templates", RemoteObject.template_from_api, to_payload(values), version="v2"
        )

    def get_template(self, id_: str) -> RemoteObject:
        """
        Return a template as it stands.

        Raises:
            NotFoundError: no template has this uuid.

        API: GET /meeting-templates/{id}.
        """
        return self._existing(
            "GET",
            _template(id_),
            lambda body: RemoteObject.template_from_api(body).require_readable(id_, is_template=True),
            version="v2",
        )

    def find_template(self, slug: str) -> RemoteObject | None:
        """
        Return the template with this slug, or None where no list holds it.

        API: GET /meeting-templates.
        """
        found = (each for text in (slug, "") for each in self.list_templates(search=text))
        return next((each for each in found if each.values.get("slug") == slug), None)

    def update_template(self, id_: str, values: Mapping[str, Any]) -> RemoteObject:
        """
        Change some fields of a template and return it as it now stands; `None` clears a field.

        API: PATCH /meeting-templates/{id}.
        """
        path, read = (
            _template(id_),
            lambda body: RemoteObject.template_from_api(body).require_readable(id_, is_template=True),
        )
        found = self._existing("PATCH", path, _unless_empty(read), to_payload(values), version="v2")
        return found or self.get_template(id_)

    def delete_template(self, id_: str) -> None:
        """
        Delete a template; links that were made from it stay as they are.

        API: DELETE /meeting-templates/{id}.
        """
        self._connection.send("DELETE", _template(id_), _nothing, version="v2")

    def collection(self, schema: Schema) -> Collection:
        """
        Return the endpoints of links, or those of templates.
        """
        if schema is SCHEDULING_LINK:
            return Collection(
                create=self.create_meeting,
                get=self.get_meeting,
                read=self.read_meeting,
                find=self.find_meeting,
                update=self.update_meeting,
                delete=self.delete_meeting,
            )
        return Collection(
            create=self.create_template,
            get=self.get_template,
            read=self.get_template,
            find=self.find_template,
            update=self.update_template,
            delete=self.delete_template,
        )

    def list_team_members(self, *, email: str = "") -> Iterator[TeamMember]:
        """
        Yield the members of the workspace, inactive ones included.

        Args:
            email: only the member with this address; version 1 knows no such filter and yields all.

        API: GET /team-members, in version 1 GET /team_members.
        """
        is_v2 = self.settings.api_version == "v2"
        path, filters = ("team-members", {"email": email}) if is_v2 else ("team_members", {})
        for page in self._pages(path, team_members_from_api, filters):
            yield from page.rows

    def count_upcoming_bookings(self, sid: str, meeting_id: str) -> int:
        """
        Return how many bookings of a link are not over yet.

        Always speaks version 2, as `delete_meeting` does: version 1 cannot ask for one link's bookings. Where the
        server ignores that filter, the bookings of the workspace are counted one by one.

        Args:
            sid: the link's.

            meeting_id: its uuid, under which bookings know it; empty where it is not known.

        API: GET /bookings.
        """
        pages = self._pages("bookings", bookings_from_api, {"type": "upcoming", "meeting_sid": sid}, version="v2")
        first = next(pages)
        if all(_may_be_of(meeting_id, row) for row in first.rows):
            return first.total_records
        return sum(_may_be_of(meeting_id, row) for page in itertools.chain([first], pages) for row in page.rows)

    def is_unbooked(self, meeting_id: str) -> bool:
        """
        Return whether the list of the workspace's bookings shows that a link has no upcoming ones; see `list_cache`.

        If False, nothing is known, and `count_upcoming_bookings` asks for the link's bookings. No error is raised.

        Args:
            meeting_id: the link's uuid, under which bookings know it; empty if it is not known.

        API: GET /bookings.
        """
        return self._booked_links.has_none(meeting_id)

    def _upcoming_bookings(self, page_number: int, page_size: int) -> Page[Booking]:
        query = {"type": "upcoming", "page_number": page_number, "page_size": page_size}
        return self._connection.send("GET", f"bookings?{urlencode(query)}", bookings_from_api, version="v2")

    def update_meeting(self, sid: str, values: Mapping[str, Any]) -> RemoteObject:
        """
        Change some fields of a scheduling link and return it as it now stands; `None` clears a field.

        Raises:
            NotFoundError: no link has this sid.

            InvalidRequestError: a value was refused.

        API: PATCH /meetings/{sid}.
        """
        self._invalidate(sid)
        path, read = _meeting(sid), lambda body: RemoteObject.from_api(body).require_readable(sid)
        return self._existing("PATCH", path, _unless_empty(read), to_payload(values)) or self.get_meeting(sid)

    def delete_meeting(self, sid: str) -> None:
        """
        Delete a scheduling link.

        Version 1 documents no such endpoint, so this always speaks version 2.

        Raises:
            NotFoundError: no link has this sid.

        API: DELETE /meetings/{sid}.
        """
        self._invalidate(sid)
        self._connection.send("DELETE", _meeting(sid), _nothing, version="v2")

    def require_workspace(self, *, version: str = "") -> None:
        """
        Make sure that neetoCal answers for this workspace, so that a 404 on one of its links can be believed.

        Raises:
            ConfigError: it does not; the address may be wrong, or the workspace renamed.

        API: GET /meetings.
        """
        try:
            self._connection.send("GET", "meetings?page_number=1&page_size=1", _list_of_meetings, version=version)
        except (NotFoundError, UnexpectedResponseError) as error:
            raise ConfigError(
                f"No workspace {self.settings.workspace!r} answers at {self.settings.base_url}, so whether the link "
                f"still exists is not known: check {SETTINGS['base_url']} and {SETTINGS['workspace']}. {error}"
            ) from error

    def list_options(self, sid: str, name: str) -> tuple[Option, ...]:
        """
        Return all durations or spots of a link; `name` is one of the two.

        API: GET /meetings/{sid}/durations, GET /meetings/{sid}/spots.
        """
        return self._connection.send("GET", f"{_meeting(sid)}/{name}", lambda body: options_from_api(name, body))

    def create_option(self, sid: str, name: str, content: Mapping[str, Any]) -> None:
        """
        Add a duration or a spot to a link.

        Raises:
            ConflictError: it would be a second default.

            AnswerLostError: it may or may not exist now; `list_options` tells.

        API: POST /meetings/{sid}/durations, POST /meetings/{sid}/spots.
        """
        self._invalidate(sid)
        self._connection.send("POST", f"{_meeting(sid)}/{name}", _nothing, to_option_payload(name, content))

    def update_option(self, sid: str, name: str, option_id: str, content: Mapping[str, Any]) -> None:
        """
        Give a duration or a spot another content.

        Raises:
            ConflictError: it would be a second default, or leave none.

        API: PUT /meetings/{sid}/durations/{id}, PUT /meetings/{sid}/spots/{id}.
        """
        self._invalidate(sid)
        self._connection.send(
            "PUT", f"{_meeting(sid)}/{name}/{_segment(option_id)}", _nothing, to_option_payload(name, content)
        )

    def delete_option(self, sid: str, name: str, option_id: str) -> None:
        """
        Remove a duration or a spot from a link.

        Raises:
            ConflictError: it is the last one.

        API: DELETE /meetings/{sid}/durations/{id}, DELETE /meetings/{sid}/spots/{id}.
        """
        self._invalidate(sid)
        self._connection.send("DELETE", f"{_meeting(sid)}/{name}/{_segment(option_id)}", _nothing)

    def _existing(
        self,
        method: str,
        path: str,
        read: Callable[[Any], Existing],
        body: Mapping[str, Any] | None = None,
        version: str = "",
    ) -> Existing:
        """
        Return what exists; deletion is soft, and a server may answer the deleted record.
        """
        meeting = self._connection.send(method, path, read, body, version=version)
        if meeting is not None and meeting.is_deleted:
            raise NotFoundError(method=method, path=path, status=410, messages=("deleted",))
        return meeting

    def _pages(
        self,
        path: str,
        read: Callable[[Any], Page[Row]],
        filters: Mapping[str, str],
        version: str = "",
    ) -> Iterator[Page[Row]]:
        """
        Yield the pages of a list, at least one, until the last or one that is the same once more.

        A list that does not say how many pages it has ends with an empty one.

        Raises:
            UnexpectedResponseError: there are more than any workspace has.
        """
        before: tuple[Row, ...] | None = None
        count = 0
        for number in range(1, MAX_PAGES + 1):
            query = {**filters, "page_number": str(number), "page_size": str(PAGE_SIZE)}
            address = f"{path}?{urlencode({name: text for name, text in query.items() if text})}"
            page = self._connection.send("GET", address, read, version=version)
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


def _meeting(sid: str) -> str:
    return f"meetings/{_segment(sid)}"


def _template(id_: str) -> str:
    return f"meeting-templates/{_segment(id_)}"


def _segment(identifier: str) -> str:
    """
    Return an id as a segment of a path; one from a damaged state or a strange answer cannot lead elsewhere.
    """
    if not is_identifier(identifier):
        raise UnexpectedResponseError(
            "Its id, or that of one of its options, is no id of neetoCal's: run `pulumi refresh`, then `pulumi up`."
        )
    return identifier


def _may_be_of(meeting_id: str, booking: Booking) -> bool:
    return not booking.meeting_id or not meeting_id or booking.meeting_id == meeting_id


def _records(pages: Iterable[Page[RemoteObject]], *, is_template: bool) -> Iterator[Page[RemoteObject]]:
    """
    Yield pages of links, or of templates, without rows that are something else, deleted, or were on a page before.

    A link that is made while the list is read moves others to the next page.
    """
    seen: set[str] = set()
    for page in pages:
        of_kind = (row for row in page.rows if row.is_template in (None, is_template) and not row.is_deleted)
        rows = {row.sid: row for row in of_kind if row.sid not in seen}
        seen |= rows.keys()
        yield replace(page, rows=tuple(rows.values()))


def _unless_empty(read: Callable[[Any], RemoteObject]) -> Callable[[Any], RemoteObject | None]:
    """
    Return what reads an answer, which may also be empty: what was changed is then to be asked for.
    """
    return lambda body: None if body is None else read(body)


def _nothing(_body: Any) -> None:
    """
    Leave an answer unread: the vendor documents an empty one or a message here.
    """


def _list_of_meetings(body: Any) -> None:
    if not (isinstance(body, Mapping) and isinstance(body.get("meetings"), list)):
        raise UnexpectedResponseError("there is no list of meetings")
