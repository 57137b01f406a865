"""
What nobody outside the vendor knows of neetoCal's API, and how to find it out: a question each, asked of a sandbox.

An answer is a reading: a word or two in our own vocabulary. `assumed` is the one that docs/api-notes.md assumes and
the emulator has by default, `copes` are those that do the provider no harm. Where the emulator has a switch for it,
its values are the readings.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from neetocal_provider.api.objects import error_messages
from neetocal_provider.api.retry import http_date
from neetocal_provider.core.create import says_taken
from neetocal_provider.schema.types import is_identifier
from neetocal_provider.verify.sandbox import NAME, NOBODY, InconclusiveError, Sandbox

__all__ = ["ANY", "QUESTIONS", "Question"]

ANY = ("*",)
"""Whatever the answer, the provider works."""

_SAME_TIME = 5.0
"""Seconds between two clocks that are one."""

Record = Mapping[str, Any]
Ask = Callable[[Sandbox], str]


@dataclass(frozen=True, kw_only=True)
class Question:
    """
    One question.

    Attributes:
        name: what docs/api-notes.md calls it.

        switch: the emulator's switch whose values are the readings; empty where it has none.

        without_switch: the readings that are no value of the switch.

        only: the version of the API that has such a thing; empty for both.
    """

    name: str
    text: str
    ask: Ask
    assumed: str
    in_v1: str = ""
    copes: tuple[str, ...] = ()
    switch: str = ""
    without_switch: tuple[str, ...] = ()
    only: str = ""

    def expected(self, api_version: str) -> str:
        """
        Return the reading that is assumed of this version.
        """
        return self.in_v1 if self.in_v1 and api_version == "v1" else self.assumed

    def is_tolerated(self, reading: str) -> bool:
        """
        Whether the provider works as well where this is the answer.
        """
        return self.copes == ANY or reading in (self.assumed, *self.copes)


QUESTIONS: list[Question] = []


def _question(
    name: str,
    text: str,
    assumed: str,
    *,
    in_v1: str = "",
    copes: tuple[str, ...] = (),
    switch: str = "",
    without_switch: tuple[str, ...] = (),
    only: str = "",
) -> Callable[[Ask], Ask]:
    def kept(ask: Ask) -> Ask:
        question = Question(
            name=name,
            text=text,
            ask=ask,
            assumed=assumed,
            in_v1=in_v1,
            copes=copes,
            switch=switch,
            without_switch=without_switch,
            only=only,
        )
        QUESTIONS.append(question)
        return ask

    return kept


def _kept(record: Record, **fields: Any) -> bool:
    return all(record.get(name) == value for name, value in fields.items())


# Making and reading a link


@_question("create-status", "What status does a create answer?", "201", in_v1="200", copes=("200", "202"))
def _(sandbox: Sandbox) -> str:
    return str(sandbox.post().status)


@_question("create-answer", "Is a new link answered under `meeting`?", "wrapped", copes=("bare",))
def _(sandbox: Sandbox) -> str:
    return _wrapping(sandbox.post().body)


@_question("one-link", "Is one link answered bare?", "bare", copes=("wrapped",), switch="get_meeting")
def _(sandbox: Sandbox) -> str:
    return _wrapping(sandbox.send("GET", f"meetings/{sandbox.link()['sid']}").body)


def _wrapping(body: Any) -> str:
    if not isinstance(body, dict):
        return "neither"
    return "wrapped" if isinstance(body.get("meeting"), dict) else "bare" if "sid" in body else "neither"


@_question("hosts-shown", "Which answers hold the hosts?", "everywhere", copes=ANY, switch="hosts_in_answers")
def _(sandbox: Sandbox) -> str:
    sid = sandbox.link()["sid"]
    listed = next((row for row in _listed(sandbox) if row.get("sid") == sid), None)
    if listed is None:
        raise InconclusiveError("the link is not in the list")
    if not sandbox.get(sid).get("hosts"):
        return "nowhere"
    return "everywhere" if listed.get("hosts") else "not_in_lists"


def _listed(sandbox: Sandbox) -> list[Record]:
    return sandbox.rows("meetings?page_number=1&page_size=100", "meetings")


@_question("numbers", "Are numbers answered as numbers?", "number", copes=("text",))
def _(sandbox: Sandbox) -> str:
    return {int: "number", str: "text"}.get(type(sandbox.link()["duration"]), "neither")


@_question("clock", "Is `created_at` by the clock of the Date header?", "the same clock")
def _(sandbox: Sandbox) -> str:
    answer = sandbox.post()
    record = answer.body.get("meeting", answer.body) if isinstance(answer.body, dict) else {}
    date = http_date(answer.headers.get("date", ""))
    try:
        made = datetime.fromisoformat(str(record.get("created_at")).replace("Z", "+00:00"))
    except ValueError as error:
        raise InconclusiveError("the answer holds no time") from error
    if date is None or made.tzinfo is None:
        raise InconclusiveError("the answer has no Date, or a time without a zone")
    return "the same clock" if abs((date - made).total_seconds()) <= _SAME_TIME else "another clock"


@_question("other-ids", "Is a link found by its uuid or slug, too?", "by its sid alone", copes=ANY)
def _(sandbox: Sandbox) -> str:
    link = sandbox.link()
    found = [name for name in ("id", "slug") if sandbox.send("GET", f"meetings/{link[name]}").is_success]
    return f"by its {' and '.join(found)}, too" if found else "by its sid alone"


# Refusals


@_question("taken-status", "What status refuses a taken slug?", "422", copes=("400", "409"), switch="slug_taken_status")
def _(sandbox: Sandbox) -> str:
    return str(_taken(sandbox).status)


@_question("taken-text", "Does a refused slug's text say that it is taken?", "says so", copes=("says nothing",))
def _(sandbox: Sandbox) -> str:
    messages = error_messages(_taken(sandbox).body)
    return "says so" if says_taken(messages) else "says something else" if messages else "says nothing"


_BODIES = ("error", "errors", "notice", "field_errors", "message")


@_question("error-body", "Under which key is an error's text?", "error", copes=_BODIES, switch="error_body")
def _(sandbox: Sandbox) -> str:
    body = _taken(sandbox).body
    return next((key for key in _BODIES if isinstance(body, dict) and key in body), "none of those that are known")


def _taken(sandbox: Sandbox) -> Any:
    answer = sandbox.post(slug=sandbox.link()["slug"])
    if answer.is_success:
        raise InconclusiveError("two links have the same slug")
    return answer


@_question("required", "Are name, hosts and duration required?", "refused", copes=ANY)
def _(sandbox: Sandbox) -> str:
    return _accepted({name: sandbox.post(without=name).is_success for name in ("name", "hosts", "duration")})


@_question("slug-rules", "Does the API refuse what the web app calls no slug?", "refused", copes=ANY)
def _(sandbox: Sandbox) -> str:
    slugs = {"capitals": sandbox.new_slug().upper(), "two hyphens": sandbox.new_slug().replace("-", "--", 1)}
    return _accepted({what: sandbox.post(slug=slug).is_success for what, slug in slugs.items()})


@_question("lengths", "Is a duration of 0 or 1441 minutes refused?", "refused", copes=ANY)
def _(sandbox: Sandbox) -> str:
    return _accepted({str(minutes): sandbox.post(duration=minutes).is_success for minutes in (0, 1441)})


@_question("start-times", "Is a start time increment of 1 minute refused?", "refused", copes=ANY)
def _(sandbox: Sandbox) -> str:
    return _accepted({"1": sandbox.post(start_time_increment=1).is_success})


@_question("buffers", "Is a buffer of 1441 minutes refused?", "refused", copes=ANY, only="v2")
def _(sandbox: Sandbox) -> str:
    return _accepted({"1441": sandbox.post(after_buffer_time=1441).is_success})


@_question("kinds", "Is an unknown kind refused?", "refused", copes=ANY)
def _(sandbox: Sandbox) -> str:
    return _accepted({"solo": sandbox.post(kind="solo").is_success})


@_question("time-zones", "Which time zones are taken?", "any text", copes=ANY)
def _(sandbox: Sandbox) -> str:
    if sandbox.post(locked_time_zone="Nowhere/Atlantis").is_success:
        return "any text"
    rails = sandbox.post(locked_time_zone="Eastern Time (US & Canada)")
    return "names of IANA and of Rails" if rails.is_success else "names of IANA alone"


def _accepted(tried: Mapping[str, bool]) -> str:
    accepted = [what for what, is_accepted in tried.items() if is_accepted]
    return f"accepted: {', '.join(accepted)}" if accepted else "refused"


# Hosts


@_question("strangers", "Must a host be a member?", "refused", copes=("accepted",), switch="unknown_hosts")
def _(sandbox: Sandbox) -> str:
    return "accepted" if sandbox.post(hosts=[NOBODY]).is_success else "refused"


@_question("host-case", "Do capitals in a host's address count?", "ignored", copes=ANY)
def _(sandbox: Sandbox) -> str:
    return "ignored" if sandbox.post(hosts=[sandbox.hosts[0].upper()]).is_success else "refused"


@_question("host-order", "Do hosts keep their order?", "kept", copes=ANY)
def _(sandbox: Sandbox) -> str:
    if len(sandbox.hosts) < 2:
        raise InconclusiveError("it takes two members: add --host")
    wanted = [address.lower() for address in reversed(sandbox.hosts[:2])]
    shown = sandbox.get(sandbox.link(hosts=wanted, kind="round_robin")["sid"]).get("hosts")
    if not shown:
        raise InconclusiveError("hosts are not shown")
    return "kept" if [str(host.get("email")).lower() for host in shown] == wanted else "changed"


# Changing a link


@_question(
    "patch-hosts",
    "May an update leave the hosts out?",
    "accepted",
    copes=("refused", "cleared"),
    switch="patch_without_hosts",
    without_switch=("cleared",),
)
def _(sandbox: Sandbox) -> str:
    sid = sandbox.link()["sid"]
    if not sandbox.send("PATCH", f"meetings/{sid}", {"name": NAME, "kind": "one_on_one"}).is_success:
        return "refused"
    return "cleared" if sandbox.get(sid).get("hosts") == [] else "accepted"


@_question("patch-kind", "Does an update without kind keep it?", "kept", copes=("reset",), switch="patch_without_kind")
def _(sandbox: Sandbox) -> str:
    sid = sandbox.link(kind="round_robin")["sid"]
    answer = sandbox.send("PATCH", f"meetings/{sid}", {"name": NAME, "hosts": sandbox.hosts[:1]})
    if not answer.is_success:
        return f"refused with {answer.status}"
    return {"round_robin": "kept", "one_on_one": "reset"}.get(sandbox.get(sid).get("kind", ""), "neither")


@_question("spot-on-create", "Does a create take `spot`?", "accepted", copes=("dropped",))
def _(sandbox: Sandbox) -> str:
    answer = sandbox.post(spot="zoom")
    return _stuck(sandbox, answer, spot="zoom")


@_question("patch-spot", "Does an update take `spot`?", "accepted", copes=("dropped",), switch="spot_in_patch")
def _(sandbox: Sandbox) -> str:
    return _stuck(sandbox, sandbox.patch(sandbox.link(spot="zoom")["sid"], spot="google_meet"), spot="google_meet")


@_question(
    "patch-multiple",
    "Does an update take `is_multiple_…_allowed`?",
    "dropped",
    copes=("accepted",),
    switch="create_only_fields_in_patch",
)
def _(sandbox: Sandbox) -> str:
    flags = {"is_multiple_durations_allowed": True, "is_multiple_spots_allowed": True}
    return _stuck(sandbox, sandbox.patch(sandbox.link()["sid"], **flags), **flags)


@_question("patch-disabled", "Does an update take `disabled`?", "dropped", copes=ANY)
def _(sandbox: Sandbox) -> str:
    return _stuck(sandbox, sandbox.patch(sandbox.link()["sid"], disabled=True), disabled=True)


@_question("patch-options", "Does an update take nested durations?", "dropped", copes=ANY)
def _(sandbox: Sandbox) -> str:
    sid = sandbox.link()["sid"]
    before = len(sandbox.rows(f"meetings/{sid}/durations", "durations"))
    answer = sandbox.patch(sid, durations=[{"duration": 75, "is_default": True}])
    if not answer.is_success:
        return f"refused with {answer.status}"
    return "dropped" if len(sandbox.rows(f"meetings/{sid}/durations", "durations")) == before else "accepted"


def _stuck(sandbox: Sandbox, answer: Any, **fields: Any) -> str:
    if not answer.is_success:
        return f"refused with {answer.status}"
    body = answer.body if isinstance(answer.body, dict) else {}
    sid = body.get("meeting", body).get("sid", "")
    return "accepted" if _kept(sandbox.get(sid), **fields) else "dropped"


_SENT = "\ufeffZoe\u0308  &  <co>"
_STORED = {
    "as_sent": _SENT,
    "tidied": " ".join(_SENT.split()),
    "html": f"<p>{_SENT}</p>",
    "escaped": html.escape(_SENT, quote=False),
    "composed": "Zo\u00eb  &  <co>",
}


@_question(
    "texts",
    "In which form are texts stored?",
    "as_sent",
    copes=("tidied", "html", "escaped", "composed", "another form"),
    switch="texts",
    without_switch=("another form",),
)
def _(sandbox: Sandbox) -> str:
    stored = sandbox.get(sandbox.link(description=_SENT)["sid"]).get("description")
    if not isinstance(stored, str) or not stored:
        return "not stored"
    return next((reading for reading, text in _STORED.items() if text == stored), "another form")


@_question("clearing", "What clears a text?", "null")
def _(sandbox: Sandbox) -> str:
    sid = sandbox.link(description="to be cleared")["sid"]
    for reading, value in (("null", None), ("an empty text", "")):
        sandbox.patch(sid, description=value)
        if not sandbox.get(sid).get("description"):
            return reading
    return "neither null nor an empty text"


# Durations and spots


@_question("fresh-options", "Has a new link a row for its own duration?", "no row", copes=("a row",))
def _(sandbox: Sandbox) -> str:
    return "a row" if sandbox.rows(f"meetings/{sandbox.link()['sid']}/durations", "durations") else "no row"


@_question(
    "nested-options",
    "Does a create take nested durations?",
    "honoured",
    copes=("ignored",),
    switch="nested_options_on_create",
)
def _(sandbox: Sandbox) -> str:
    options = [{"duration": 30, "is_default": True}, {"duration": 75, "is_default": False}]
    link = sandbox.link(is_multiple_durations_allowed=True, durations=options)
    minutes = [row.get("duration") for row in sandbox.rows(f"meetings/{link['sid']}/durations", "durations")]
    return "honoured" if 75 in minutes else "ignored"


@_question("spot-texts", "Which name has a place's text at /spots?", "spot_custom_text")
def _(sandbox: Sandbox) -> str:
    for name in ("spot_custom_text", "custom_text"):
        path = f"meetings/{sandbox.link(is_multiple_spots_allowed=True)['sid']}/spots"
        made = sandbox.send("POST", path, {"spot": "custom", name: "in the tower", "is_default": True})
        if made.is_success and any("in the tower" in str(row) for row in sandbox.rows(path, "spots")):
            return name
    return "none of those that are known"


@_question("same-places", "May two places be of one kind?", "allowed", copes=("refused",))
def _(sandbox: Sandbox) -> str:
    path = f"meetings/{sandbox.link(is_multiple_spots_allowed=True)['sid']}/spots"
    texts = ("in the tower", "in the cellar")
    bodies = [{"spot": "custom", "spot_custom_text": text, "is_default": text == texts[0]} for text in texts]
    return "allowed" if all(sandbox.send("POST", path, body).is_success for body in bodies) else "refused"


@_question(
    "default-option",
    "How does the default option move?",
    "conflict",
    copes=("swap", "locked"),
    switch="default_option",
)
def _(sandbox: Sandbox) -> str:
    path, old, new = _two_durations(sandbox)
    moved = sandbox.send("PUT", f"{path}/{new}", {"duration": 75, "is_default": True})
    if not moved.is_success:
        unset = sandbox.send("PUT", f"{path}/{old}", {"duration": 30, "is_default": False})
        return "conflict" if moved.status == 409 and unset.is_success else f"refused with {moved.status}"
    if [row.get("id") for row in sandbox.rows(path, "durations") if row.get("is_default")] != [new]:
        return "the old one stays one as well"
    return (
        "swap" if sandbox.send("PUT", f"{path}/{new}", {"duration": 75, "is_default": False}).is_success else "locked"
    )


@_question("option-deleted", "What status does deleting an option answer?", "204", in_v1="200", copes=("200",))
def _(sandbox: Sandbox) -> str:
    path, _old, new = _two_durations(sandbox)
    return str(sandbox.send("DELETE", f"{path}/{new}").status)


@_question("last-option", "Is deleting the last option refused?", "refused with 409", copes=ANY)
def _(sandbox: Sandbox) -> str:
    path, old, new = _two_durations(sandbox)
    sandbox.send("DELETE", f"{path}/{new}")
    answer = sandbox.send("DELETE", f"{path}/{old}")
    return "accepted" if answer.is_success else f"refused with {answer.status}"


def _two_durations(sandbox: Sandbox) -> tuple[str, str, str]:
    """
    Make a link with two durations and return their path and ids, the default's first.
    """
    path = f"meetings/{sandbox.link(is_multiple_durations_allowed=True)['sid']}/durations"
    if not any(row.get("is_default") for row in sandbox.rows(path, "durations")):
        sandbox.send("POST", path, {"duration": 30, "is_default": True})
    sandbox.send("POST", path, {"duration": 75, "is_default": False})
    rows = sandbox.rows(path, "durations")
    ids = sorted((not row.get("is_default"), str(row.get("id"))) for row in rows)
    if len(ids) != 2:
        raise InconclusiveError(f"a link that was given two durations has {len(ids)}")
    return path, ids[0][1], ids[1][1]


# Deleting a link


@_question("delete-status", "What status does deleting a link answer?", "204", copes=("200", "202"))
def _(sandbox: Sandbox) -> str:
    return str(sandbox.delete(sandbox.link()["sid"]).status)


@_question("delete-in-v1", "Can version 1 delete a link?", "no such endpoint", copes=ANY, only="v1")
def _(sandbox: Sandbox) -> str:
    answer = sandbox.send("DELETE", f"meetings/{sandbox.link()['sid']}", version="v1")
    return "it can" if answer.is_success else "no such endpoint"


@_question("deleted-link", "How is a deleted link answered?", "404", copes=("with deleted_at",))
def _(sandbox: Sandbox) -> str:
    sid = sandbox.link()["sid"]
    sandbox.delete(sid)
    answer = sandbox.send("GET", f"meetings/{sid}")
    body = answer.body if isinstance(answer.body, dict) else {}
    return "with deleted_at" if body.get("meeting", body).get("deleted_at") else str(answer.status)


@_question("deleted-twice", "How is a second delete answered?", "404", copes=("204", "200"))
def _(sandbox: Sandbox) -> str:
    sid = sandbox.link()["sid"]
    sandbox.delete(sid)
    return str(sandbox.delete(sid).status)


@_question("slug-again", "Is a deleted link's slug free at once?", "at once")
def _(sandbox: Sandbox) -> str:
    link = sandbox.link()
    sandbox.delete(link["sid"])
    answer = sandbox.post(slug=link["slug"])
    return "at once" if answer.is_success else f"refused with {answer.status}"


# Lists


@_question("list-order", "In which order are links listed?", "newest first", copes=ANY)
def _(sandbox: Sandbox) -> str:
    made = [sandbox.link()["sid"] for _ in range(2)]
    seen = [row["sid"] for row in _listed(sandbox) if row.get("sid") in made]
    if len(seen) < 2:
        raise InconclusiveError("both links are not on the first page")
    return "oldest first" if seen == made else "newest first"


@_question("page-size", "How many links does a page hold at most?", "100", copes=ANY)
def _(sandbox: Sandbox) -> str:
    answer = sandbox.send("GET", "meetings?page_number=1&page_size=1000")
    if not answer.is_success:
        return f"1000 are refused with {answer.status}"
    counts = answer.body.get("pagination") if isinstance(answer.body, dict) else None
    if not isinstance(counts, dict):
        raise InconclusiveError("the list does not tell")
    return str(counts.get("page_size"))


@_question("past-the-end", "What is a page past the end?", "an empty list", copes=ANY)
def _(sandbox: Sandbox) -> str:
    answer = sandbox.send("GET", "meetings?page_number=1000&page_size=100")
    if not answer.is_success:
        return f"refused with {answer.status}"
    rows = answer.body.get("meetings") if isinstance(answer.body, dict) else None
    return "an empty list" if rows == [] else "a list"


@_question(
    "no-page-number", "What is a list without page_number?", "first_page", copes=ANY, switch="list_without_page_number"
)
def _(sandbox: Sandbox) -> str:
    sandbox.link()
    sandbox.link()
    return "first_page" if len(sandbox.rows("meetings?page_size=1", "meetings")) == 1 else "everything"


@_question("search", "What does `search` find?", "slug, name, whatever the case", copes=ANY, only="v2")
def _(sandbox: Sandbox) -> str:
    link = sandbox.link()
    part = NAME[len("Throw-away ") :]
    texts = {"slug": link["slug"][2:], "name": part, "whatever the case": part.upper()}
    found = [what for what, text in texts.items() if link["sid"] in _sids(sandbox, f"search={quote(text)}")]
    return ", ".join(found) or "nothing"


@_question("host-filter", "Does `host_email` choose links?", "it does", copes=ANY, only="v2")
def _(sandbox: Sandbox) -> str:
    sid = sandbox.link()["sid"]
    is_chosen = sid in _sids(sandbox, f"host_email={quote(sandbox.hosts[0])}")
    return "it does" if is_chosen and sid not in _sids(sandbox, f"host_email={quote(NOBODY)}") else "it does not"


def _sids(sandbox: Sandbox, query: str) -> Iterable[Any]:
    return [row.get("sid") for row in sandbox.rows(f"meetings?{query}&page_number=1&page_size=100", "meetings")]


# Beside links


@_question("bookings", "Can a link's upcoming bookings be listed?", "they can")
def _(sandbox: Sandbox) -> str:
    sid = sandbox.link()["sid"]
    path = f"bookings?type=upcoming&meeting_sid={sid}&page_number=1&page_size=100"
    answer = sandbox.send("GET", path, version="v2")
    is_list = isinstance(answer.body, dict) and isinstance(answer.body.get("bookings"), list)
    return "they can" if answer.is_success and is_list else f"answered with {answer.status}"


@_question("templates", "Under which key are templates listed?", "templates", copes=("meeting_templates",))
def _(sandbox: Sandbox) -> str:
    path = "meeting-templates" if sandbox.api_version == "v2" else "meeting_templates"
    body = sandbox.send("GET", f"{path}?page_number=1&page_size=1").body
    keys = ("templates", "meeting_templates")
    return next((key for key in keys if isinstance(body, dict) and key in body), "another one")


@_question(
    "templates-in-list",
    "Are templates among the links?",
    "hidden",
    copes=("shown",),
    switch="templates_among_links",
)
def _(sandbox: Sandbox) -> str:
    path = "meeting-templates" if sandbox.api_version == "v2" else "meeting_templates"
    body = sandbox.send("GET", f"{path}?page_number=1&page_size=1").body
    answer = body if isinstance(body, dict) else {}
    rows = answer.get("templates") or answer.get("meeting_templates") or []
    sid = rows[0].get("sid") if rows and isinstance(rows[0], dict) else None
    if not isinstance(sid, str) or not is_identifier(sid):
        raise InconclusiveError("the workspace has no template: make one in the web app")
    is_listed = any(row.get("is_template") is True for row in _listed(sandbox))
    return "shown" if is_listed or sandbox.send("GET", f"meetings/{sid}").is_success else "hidden"


@_question("members", "Do answers tell which members are active?", "they do", copes=ANY)
def _(sandbox: Sandbox) -> str:
    path = "team-members" if sandbox.api_version == "v2" else "team_members"
    rows = sandbox.rows(f"{path}?page_number=1&page_size=1", "team_members")
    return "they do" if rows and "active" in rows[0] else "they do not"


# Members, availabilities and templates: only read, because people depend on them


@_question("one-member", "Is one member answered under `team_member`?", "wrapped", copes=("bare",))
def _(sandbox: Sandbox) -> str:
    rows = _rows(sandbox, "team-members?page_number=1&page_size=1", "team_members")
    if not rows:
        raise InconclusiveError("the workspace tells of no member")
    body = sandbox.send("GET", f"team-members/{rows[0].get('id')}", version="v2").body
    return _wrapped(body, "team_member")


@_question("member-filter", "Does `email` choose a member?", "it does", copes=ANY)
def _(sandbox: Sandbox) -> str:
    path = "team-members?page_number=1&page_size=1&email="
    found = _rows(sandbox, path + quote(sandbox.hosts[0]), "team_members")
    return "it does" if found and not _rows(sandbox, path + quote(NOBODY), "team_members") else "it does not"


@_question("hours", "In which form are times of availabilities answered?", "09:00 AM", copes=("09:00",))
def _(sandbox: Sandbox) -> str:
    path = "availabilities?page_number=1&page=1&page_size=100"
    periods = [period for row in _rows(sandbox, path, "availabilities") for period in row.get("periods") or ()]
    if not periods:
        raise InconclusiveError("no member has hours")
    times = [str(period.get(end)) for period in periods for end in ("start_time", "end_time")]
    forms = {"09:00 AM": r"\d\d:\d\d [AP]M", "09:00": r"\d\d:\d\d"}
    found = (form for form, pattern in forms.items() if all(re.fullmatch(pattern, each) for each in times))
    return next(found, "another form")


@_question(
    "template-flag",
    "Do answers on templates have `allow_multiple_add_on_services`?",
    "shown",
    copes=("hidden",),
    switch="add_on_flag_in_answers",
)
def _(sandbox: Sandbox) -> str:
    answer = sandbox.send("GET", "meeting-templates?page_number=1&page_size=1", version="v2")
    body = answer.body if isinstance(answer.body, dict) else {}
    rows = body.get("templates") or body.get("meeting_templates") or []
    if not rows:
        raise InconclusiveError("the workspace has no template: make one in the web app")
    return "shown" if isinstance(rows[0].get("allow_multiple_add_on_services"), bool) else "hidden"


_UNTRIED = "not asked: it would change "


@_question(
    "member-again",
    "What does adding a member again do?",
    "ignored",
    copes=("refused", "invited"),
    switch="member_again",
)
def _(_sandbox: Sandbox) -> str:
    raise InconclusiveError(f"{_UNTRIED}a member, or send an e-mail")


@_question("member-removed", "How is a removed member answered?", "gone", copes=("inactive",), switch="removed_members")
def _(_sandbox: Sandbox) -> str:
    raise InconclusiveError(f"{_UNTRIED}a member")


@_question(
    "patch-active",
    "Does an update of a member take `active`?",
    "dropped",
    copes=("accepted",),
    switch="active_in_patch",
)
def _(_sandbox: Sandbox) -> str:
    raise InconclusiveError(f"{_UNTRIED}a member")


@_question(
    "patch-hours-name",
    "Does an update of an availability take its name?",
    "accepted",
    copes=("dropped",),
    switch="availability_name_in_patch",
)
def _(_sandbox: Sandbox) -> str:
    raise InconclusiveError(f"{_UNTRIED}a member's hours, and no endpoint deletes those that are made")


@_question(
    "template-flag-on-create",
    "Does the create of a template take `allow_multiple_add_on_services`?",
    "dropped",
    copes=("accepted",),
    switch="add_on_flag_on_create",
)
def _(_sandbox: Sandbox) -> str:
    raise InconclusiveError(f"{_UNTRIED}the workspace's templates")


def _rows(sandbox: Sandbox, path: str, key: str) -> list[Record]:
    body = sandbox.send("GET", path, version="v2").body
    rows = body.get(key) if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise InconclusiveError(f"no list under `{key}`")
    return [row for row in rows if isinstance(row, dict)]


def _wrapped(body: Any, key: str, known_by: str = "id") -> str:
    if not isinstance(body, dict):
        return "neither"
    return "wrapped" if isinstance(body.get(key), dict) else "bare" if known_by in body else "neither"


# Calendar preferences and add-on services, of links made here


@_question("calendars", "Are calendar preferences under `calendar_preference`?", "wrapped", copes=("bare",))
def _(sandbox: Sandbox) -> str:
    answers = _preferences(sandbox)
    body = next((answer.body for answer in answers if answer.is_success), None)
    if not isinstance(body, dict):
        raise InconclusiveError("no integration is answered")
    return _wrapped(body, "calendar_preference", known_by="integration")


@_question(
    "calendars-unconnected",
    "How are preferences for an integration that is not connected answered?",
    "empty",
    copes=("not_found",),
    switch="unconnected_calendars",
)
def _(sandbox: Sandbox) -> str:
    answers = _preferences(sandbox)
    if any(answer.status == HTTPStatus.NOT_FOUND for answer in answers):
        return "not_found"
    found = [answer.body.get("calendar_preference", answer.body) for answer in answers if answer.is_success]
    if len(found) == len(answers) and all(each.get("available_calendars") for each in found):
        raise InconclusiveError("the host has connected all integrations")
    return "empty" if len(found) == len(answers) else f"answered with {[each.status for each in answers]}"


@_question("calendars-clearing", "What takes an event's text back?", "an empty text", copes=("null",))
def _(sandbox: Sandbox) -> str:
    path = f"meetings/{sandbox.link()['sid']}/calendar-preferences"
    for integration in _INTEGRATIONS:
        for reading, value in (("an empty text", ""), ("null", None)):
            body = {"override_event_layout": True, "body": "<p>to be cleared</p>"}
            if not sandbox.send("PATCH", f"{path}/{integration}", body, version="v2").is_success:
                break
            answer = sandbox.send("PATCH", f"{path}/{integration}", {"body": value}, version="v2")
            if answer.is_success and "to be cleared" not in str(answer.body):
                return reading
        else:
            return "neither an empty text nor null"
    raise InconclusiveError("no integration takes a text")


_INTEGRATIONS = ("google_calendar", "outlook", "icloud")


def _preferences(sandbox: Sandbox) -> list[Any]:
    path = f"meetings/{sandbox.link()['sid']}/calendar-preferences"
    return [sandbox.send("GET", f"{path}/{integration}", version="v2") for integration in _INTEGRATIONS]


@_question("service-answer", "Is a new add-on service under `add_on_service`?", "wrapped", copes=("bare",))
def _(sandbox: Sandbox) -> str:
    return _wrapped(_service(sandbox, _services(sandbox)).body, "add_on_service")


@_question("service-price", "How is a price of 25.5 answered?", "text", copes=("a number",))
def _(sandbox: Sandbox) -> str:
    answer = _service(sandbox, _services(sandbox), price=25.5)
    price = _object(answer.body, "add_on_service").get("price")
    is_kept = isinstance(price, (str, int, float)) and str(price).rstrip("0") == "25.5"
    return ("text" if isinstance(price, str) else "a number") if is_kept else "not kept"


@_question("service-put", "Does PUT on a service keep what it leaves out?", "kept")
def _(sandbox: Sandbox) -> str:
    path = _services(sandbox)
    made = _object(_service(sandbox, path, description="to be kept").body, "add_on_service")
    answer = sandbox.send("PUT", f"{path}/{made.get('id')}", {"duration": 5}, version="v2")
    if not answer.is_success:
        return f"refused with {answer.status}"
    # As it was answered before: the text may be stored in another form.
    return (
        "kept"
        if _object(answer.body, "add_on_service").get("description") == made.get("description", "to be kept")
        else "cleared"
    )


@_question("service-patch", "Does a service take PATCH, too?", "accepted", copes=("refused",), switch="service_patch")
def _(sandbox: Sandbox) -> str:
    path = _services(sandbox)
    made = _object(_service(sandbox, path).body, "add_on_service")
    answer = sandbox.send("PATCH", f"{path}/{made.get('id')}", {"duration": 5}, version="v2")
    return "accepted" if answer.is_success else "refused"


@_question("service-list", "Has the list of a link's services pages?", "whole", copes=("paged",), switch="service_list")
def _(sandbox: Sandbox) -> str:
    path = _services(sandbox)
    for name in ("one", "two"):
        _service(sandbox, path, name=name)
    rows = _rows(sandbox, f"{path}?page_number=1&page=1&page_size=1", "add_on_services")
    return {1: "paged", 2: "whole"}.get(len(rows), "neither")


@_question(
    "service-names",
    "Can two services of a link have one name?",
    "accepted",
    copes=("refused",),
    switch="repeated_names",
)
def _(sandbox: Sandbox) -> str:
    path = _services(sandbox)
    _service(sandbox, path)
    answer = sandbox.send("POST", path, {"name": NAME}, version="v2")
    return "accepted" if answer.is_success else "refused"


@_question(
    "service-prices",
    "Can a service of a free link have a price?",
    "accepted",
    copes=("refused",),
    switch="prices_on_free_links",
)
def _(sandbox: Sandbox) -> str:
    answer = sandbox.send("POST", _services(sandbox), {"name": NAME, "price": 1}, version="v2")
    return "accepted" if answer.is_success else "refused"


@_question("service-groups", "Can a group link have services?", "refused", copes=ANY)
def _(sandbox: Sandbox) -> str:
    path = _services(sandbox, kind="grouped")
    return "accepted" if sandbox.send("POST", path, {"name": NAME}, version="v2").is_success else "refused"


@_question("service-deleted", "What status does deleting a service answer?", "204", copes=("200", "202"))
def _(sandbox: Sandbox) -> str:
    path = _services(sandbox)
    made = _object(_service(sandbox, path).body, "add_on_service")
    return str(sandbox.send("DELETE", f"{path}/{made.get('id')}", version="v2").status)


def _services(sandbox: Sandbox, **fields: Any) -> str:
    return f"meetings/{sandbox.link(**fields)['sid']}/add-on-services"


def _service(sandbox: Sandbox, path: str, **fields: Any) -> Any:
    answer = sandbox.send("POST", path, {"name": NAME, **fields}, version="v2")
    if not answer.is_success:
        raise InconclusiveError(f"no service to try it on: a create was answered with {answer.status}")
    return answer


def _object(body: Any, key: str) -> Record:
    inner = body.get(key, body) if isinstance(body, dict) else {}
    return inner if isinstance(inner, dict) else {}


# Discount codes that nobody can use


@_question("code-status", "What status does a new discount code answer?", "201", copes=("200", "202"))
def _(sandbox: Sandbox) -> str:
    return str(sandbox.post_code().status)


@_question(
    "code-answers",
    "Which answers on codes have `kind` and `allowed_emails`?",
    "documented",
    copes=("whole", "others"),
    switch="discount_code_answers",
    without_switch=("others",),
)
def _(sandbox: Sandbox) -> str:
    made = sandbox.code()
    listed = next((row for row in sandbox.codes() if row.get("id") == made["id"]), None)
    if listed is None:
        raise InconclusiveError("the code is not in the list")
    held = ["kind" in made, "allowed_emails" in made, "kind" in listed, "allowed_emails" in listed]
    return "whole" if all(held) else "documented" if held == [True, False, False, False] else "others"


@_question(
    "code-expiry",
    "With which time is a code's last day answered?",
    "start_of_day",
    copes=("end_of_day", "another time"),
    switch="discount_code_expiry",
    without_switch=("another time",),
)
def _(sandbox: Sandbox) -> str:
    expires_at = str(sandbox.code(expires_at="31-12-2099").get("expires_at"))
    times = {"2099-12-31T00:00:00": "start_of_day", "2099-12-31T23:59:59": "end_of_day"}
    another = "another time" if expires_at.startswith(("2099-12-31", "2100-01-01")) else "another day"
    return times.get(expires_at[:19], another)


@_question("code-dates", "Is a code's last day taken as YYYY-MM-DD, too?", "it is", copes=ANY)
def _(sandbox: Sandbox) -> str:
    is_kept = str(sandbox.code(expires_at="2099-12-31").get("expires_at")).startswith("2099-12-31")
    return "it is" if is_kept else "it is not"


@_question(
    "code-links",
    "What becomes of a code's links that do not exist?",
    "refused",
    copes=("dropped",),
    switch="unknown_meeting_ids",
)
def _(sandbox: Sandbox) -> str:
    answer = sandbox.post_code(meeting_ids=[sandbox.link()["sid"], "nothere"])
    return "dropped" if answer.is_success else "refused"


@_question("code-sids", "Is a code's link answered with its name?", "it is")
def _(sandbox: Sandbox) -> str:
    link = sandbox.link()
    return "it is" if link["id"] in str(sandbox.code(meeting_ids=[link["sid"]]).get("meetings")) else "it is not"


@_question(
    "code-pages",
    "Under which name does the list of codes take the page?",
    "page",
    copes=("either",),
    switch="discount_code_pages",
)
def _(sandbox: Sandbox) -> str:
    made = {sandbox.code()["id"], sandbox.code()["id"]}
    pages = [sandbox.codes(f"{name}={number}&page_size=1") for name in ("page", "page_number") for number in (1, 2)]
    first, second, one, two = ([row.get("id") for row in page] for page in pages)
    if len({*map(str, (*first, *second))} & made) < 1 or first == second:
        return "neither"
    return "page" if one == two else "either"


@_question("code-update", "Does an update of a code keep what it leaves out?", "kept")
def _(sandbox: Sandbox) -> str:
    made = sandbox.code()
    answer = sandbox.send("PATCH", f"discount-codes/{made['id']}", {"value": 2}, version="v2")
    if not answer.is_success:
        return f"refused with {answer.status}"
    code = _object(answer.body, "discount_code")
    return "kept" if _kept(code, value=2, redeems_limit=1, code=made["code"]) else "cleared"


@_question("code-unlimited", "What takes a code's limit away?", "null")
def _(sandbox: Sandbox) -> str:
    path = f"discount-codes/{sandbox.code()['id']}"
    for reading, value in (("null", None), ("an empty text", "")):
        answer = sandbox.send("PATCH", path, {"redeems_limit": value}, version="v2")
        if answer.is_success and _object(answer.body, "discount_code").get("redeems_limit", 0) is None:
            return reading
    return "neither null nor an empty text"


@_question("code-taken", "What status refuses a taken code?", "422", copes=("400", "409"))
def _(sandbox: Sandbox) -> str:
    answer = sandbox.post_code(code=sandbox.code()["code"])
    return "two codes are the same" if answer.is_success else str(answer.status)


@_question("code-case", "Do codes that differ in letter case differ?", "they do", copes=ANY)
def _(sandbox: Sandbox) -> str:
    return "they do" if sandbox.post_code(code=sandbox.code()["code"].lower()).is_success else "they do not"


@_question("code-deleted", "What status does deleting a code answer?", "204", copes=("200", "202"))
def _(sandbox: Sandbox) -> str:
    return str(sandbox.delete_code(sandbox.code()["id"]).status)


@_question("v1", "Is version 1 still answered, and until when?", "it is, no date told", copes=ANY)
def _(sandbox: Sandbox) -> str:
    answer = sandbox.send("GET", "meetings?page_number=1&page_size=1", version="v1")
    if not answer.is_success:
        return f"answered with {answer.status}"
    until = answer.headers.get("sunset", "")
    return f"it is, until {until}" if until else "it is, no date told"


# What a run cannot find out


@_question("rate-limit", "How many requests are taken, and is Retry-After told?", "unknown", copes=ANY)
def _(_bench: Sandbox) -> str:
    raise InconclusiveError(
        "not asked: a burst of requests would disturb others; NEETOCAL_LOG=debug shows it when it happens"
    )


@_question("key-scope", "As whom does a key act, and what may it do?", "everything in its workspace", copes=ANY)
def _(_bench: Sandbox) -> str:
    raise InconclusiveError("not asked: no endpoint tells; the vendor's support does")
