"""
The emulator against a plain model of what it should hold: random operations, no difference.

The model is written from the facts, without the store's code: dicts and a few rules.
Most operations run on the endpoints themselves, in the transactions that HTTP requests
have; some hundred run over HTTP.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from starlette.datastructures import QueryParams
from starlette.routing import compile_path

from neetocal_emulator import Emulator
from neetocal_emulator.backend import Backend
from neetocal_emulator.endpoints.answers import answered
from neetocal_emulator.endpoints.call import Call, Endpoint, Version
from neetocal_emulator.endpoints.routes import ROUTES
from neetocal_emulator.error_bodies import error_body, status_of
from neetocal_emulator.errors import RefusedError
from neetocal_emulator.store.clock import read_turn
from tests.emulator.test_meetings import SAMPLE

Answer = tuple[int, Any]
Json = dict[str, Any]

PEOPLE = ("ada@x.example", "ben@x.example", "chi@x.example")
SEED: Json = {
    "random_seed": 1,
    "workspaces": {
        "x": {
            "api_keys": ["k"],
            "team_members": [
                {"email": PEOPLE[0], "first_name": "Ada", "organization_role": "Admin"},
                {"email": PEOPLE[1], "first_name": "Ben"},
            ],
        }
    },
}
MONDAY = datetime(2026, 3, 2, 6, tzinfo=timezone.utc)


# Two ways to the same application


class InProcess:
    """
    The endpoints by themselves.
    """

    def __init__(self) -> None:
        self.backend = Backend(seed=SEED)
        self._routes: dict[Version, list[tuple[str, re.Pattern[str], Endpoint]]] = {
            version: [(method, compile_path(path)[0], endpoint) for method, path, endpoint in bindings]
            for version, bindings in ROUTES.items()
        }

    def ask(self, version: Version, method: str, target: str, body: Mapping[str, object]) -> Answer:
        """
        Answer a request in a transaction of its own, as the adapter of HTTP does.
        """
        url = urlsplit(target)
        status = 404
        for verb, path, endpoint in self._routes[version]:
            match = path.match(url.path)
            if verb == method and match:
                return self._answer(endpoint, version, match.groupdict(), QueryParams(parse_qsl(url.query)), body)
            status = 405 if match else status
        return status, None

    def reset(self) -> None:
        """
        Go back to the seed.
        """
        self.backend.reset()

    def set_time(self, at: datetime) -> None:
        """
        Stop the clock at a time.
        """
        self.backend.store.clock.turn(read_turn({"at": at, "frozen": True}))

    def edit(self, sid: str, fields: Json) -> Json:
        """
        Change a link as somebody in the web app can.
        """
        return self.backend.edit_meeting(sid, fields)

    def _answer(
        self,
        endpoint: Endpoint,
        version: Version,
        path: Mapping[str, str],
        query: QueryParams,
        body: Mapping[str, object],
    ) -> Answer:
        switches = self.backend.switches
        try:
            with self.backend.store.unlocked("k", switches) as workspace:
                call = Call(workspace=workspace, version=version, path=path, query=query, body=body, base_url="")
                answer = endpoint(call)
        except RefusedError as error:
            return status_of(error, switches), error_body(error, switches)
        return answer.status, json.loads(bytes(answered(answer).body) or b"null")


class OverHttp:
    """
    A running emulator.
    """

    def __init__(self, emulator: Emulator, client: httpx.Client) -> None:
        self._emulator = emulator
        self._client = client

    def ask(self, version: Version, method: str, target: str, body: Mapping[str, object]) -> Answer:
        """
        Send a request.
        """
        response = self._client.request(method, f"/api/external/{version}{target}", json=body or None)
        return response.status_code, response.json() if response.content else None

    def reset(self) -> None:
        """
        Go back to the seed.
        """
        self._emulator.reset()

    def set_time(self, at: datetime) -> None:
        """
        Stop the clock at a time.
        """
        self._emulator.clock(at=at, frozen=True)

    def edit(self, sid: str, fields: Json) -> Json:
        """
        Change a link as somebody in the web app can.
        """
        return self._emulator.edit_meeting(sid, **fields)


# The model's rules about values


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_slug(value: object) -> bool:
    return (
        isinstance(value, str)
        and re.fullmatch(r"(?!-)(?!.*--)[a-z0-9_-]+(?<!-)", value) is not None
        and value not in {"admin", "settings"}
    )


def _is_between(lowest: int, highest: int) -> Callable[[object], bool]:
    def is_between(value: object) -> bool:
        if isinstance(value, str) and value.isdigit():
            value = int(value)
        return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest

    return is_between


VALID: dict[str, Callable[[object], bool]] = {
    "slug": _is_slug,
    "name": _is_text,
    "duration": _is_between(1, 1440),
    "hosts": lambda value: isinstance(value, list) and bool(value),
    "description": lambda value: value is None or isinstance(value, str),
    "kind": lambda value: value in ("one_on_one", "round_robin", "multihost", "grouped"),
    "start_time_increment": _is_between(3, 10**9),
    "spot": lambda value: value in ("zoom", "custom", "phone_call", "jitsi"),
    "before_buffer_time": _is_between(0, 1440),
    "is_multiple_durations_allowed": lambda value: isinstance(value, bool),
    "durations": lambda value: sum(bool(each.get("is_default")) for each in value) < 2,  # type: ignore[attr-defined]
}
REQUIRED = {"slug", "name", "hosts", "duration"}
CREATE_ONLY = {"is_multiple_durations_allowed", "durations"}
SPOT_TEXTS = {"custom": "spot_custom_text", "phone_call": "spot_phone_call_number"}

HOSTS = st.lists(st.sampled_from([*PEOPLE, "ADA@x.example", "who@x.example"]), max_size=3)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "slug": st.sampled_from(["a", "b-c", "d_e", "f"]) | st.sampled_from(["-a", "A", "admin", "a--b", "", None]),
    "name": st.sampled_from(["One", "Two words", "One more"]) | st.sampled_from(["", " ", 7]),
    "duration": st.sampled_from([30, 60, "45", 1440]) | st.sampled_from([0, 1441, True, None, "x"]),
    "hosts": HOSTS,
    "description": st.sampled_from(["", "Text", None, 5]),
    "kind": st.sampled_from(["one_on_one", "grouped", "round_robin", "alone"]),
    "start_time_increment": st.sampled_from([3, 15, 2]),
    "spot": st.sampled_from(["zoom", "custom", "moon"]),
    "before_buffer_time": st.sampled_from([0, 10, -1]),
    "is_multiple_durations_allowed": st.sampled_from([True, True, False, "yes"]),
    "durations": st.lists(
        st.fixed_dictionaries({"duration": st.sampled_from([15, 30])}, optional={"is_default": st.booleans()}),
        max_size=3,
    ),
    "disabled": st.just(True),
    "colour": st.just("red"),
}
GOOD: dict[str, st.SearchStrategy[Any]] = {
    "slug": st.sampled_from(["a", "b-c", "d_e", "f"]),
    "name": st.sampled_from(["One", "Two words", "One more"]),
    "duration": st.sampled_from([30, 60, "45"]),
    "hosts": st.lists(st.sampled_from(PEOPLE[:2]), min_size=1, max_size=2),
}
GOOD_OPTIONAL: dict[str, st.SearchStrategy[Any]] = {
    "description": st.sampled_from(["Text", None]),
    "kind": st.sampled_from(["one_on_one", "grouped"]),
    "spot": st.just("zoom"),
    "before_buffer_time": st.just(10),
    "is_multiple_durations_allowed": st.booleans(),
    "durations": st.just([{"duration": 15, "is_default": True}, {"duration": 30}]),
    "disabled": st.just(True),
}
ANYTHING = st.fixed_dictionaries({}, optional=FIELDS)


def mostly(good: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """
    Draw three times out of four what may well be accepted, else anything.
    """
    return st.integers(0, 3).flatmap(lambda number: good if number else ANYTHING)


CREATES = mostly(st.fixed_dictionaries(GOOD, optional=GOOD_OPTIONAL))
CHANGES = mostly(st.fixed_dictionaries({}, optional={**GOOD, **GOOD_OPTIONAL}))
DEFAULT = {"is_default": st.booleans()}
DURATIONS = st.fixed_dictionaries(
    {"duration": st.sampled_from([10, 20, "25"])}, optional=DEFAULT
) | st.fixed_dictionaries({}, optional={"duration": st.just(0), **DEFAULT})
SPOTS = st.fixed_dictionaries(
    {"spot": st.just("custom"), "spot_custom_text": st.just("Here")}, optional=DEFAULT
) | st.fixed_dictionaries(
    {},
    optional={
        "spot": st.sampled_from(["zoom", "zoom", "phone_call", "moon"]),
        "spot_custom_text": st.sampled_from(["There", "", None]),
        "phone_number": st.just("+1"),
        **DEFAULT,
    },
)
WORDS = st.sampled_from(["", "ONE", "-"])
VERSIONS: st.SearchStrategy[Version] = st.sampled_from(["v1", "v2"])
# Which of the links, options and so on, taken modulo how many there are; the last is nobody's.
NOBODY = 12
PICKS = st.integers(0, NOBODY)


class LinksMachine(RuleBasedStateMachine):
    """
    Does something to the emulator and to the model, and compares.
    """

    server: ClassVar[InProcess | OverHttp]
    operations: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.server.reset()
        self.now = MONDAY
        self.server.set_time(self.now)
        self.links: dict[str, Json] = {}
        self.deleted: dict[str, Json] = {}
        self.bookings: dict[str, Json] = {}
        self.members: dict[str, Json] = {}
        for member in self.ask("v2", "GET", "/team-members")[1]["team_members"]:
            self.members[member["email"]] = member

    def ask(self, version: Version, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """
        Ask the emulator.
        """
        return self.server.ask(version, method, path, body or {})

    # Links

    @initialize(count=st.integers(0, 3))
    def begin(self, count: int) -> None:
        """
        Begin with a few links.
        """
        for slug in ("a", "b-c", "d_e")[:count]:
            self.create("v2", {"slug": slug, "name": "One", "hosts": [PEOPLE[1]], "duration": 30})

    @rule(version=VERSIONS, body=CREATES)
    def create(self, version: Version, body: Json) -> None:
        """
        A create is refused, or makes the link that was asked for.
        """
        status, answer = self.ask(version, "POST", "/meetings", body)

        known = self.known(version, body, VALID)
        is_good = REQUIRED <= set(known) and self.is_good(known) and self.is_free(known["slug"], None)
        assert status == ((201 if version == "v2" else 200) if is_good else 422), answer
        if is_good:
            link = {**deepcopy(SAMPLE), **self.read(known)}
            link["durations"] = [
                {"duration": each["duration"], "is_default": each.get("is_default", False)}
                for each in known.get("durations", [])
            ]
            for option, shown in zip(link["durations"], answer["meeting"]["durations"], strict=True):
                option["id"] = shown["id"]
            self.links[answer["meeting"]["sid"]] = link
            assert self.shown(link) == plain(answer["meeting"])

    @rule(
        version=VERSIONS,
        method=st.sampled_from(["PATCH", "PUT"]),
        pick=PICKS,
        body=CHANGES,
    )
    def change(self, version: Version, method: str, pick: int, body: Json) -> None:
        """
        An update changes what it names and the version knows, all of it or nothing.
        """
        sid = picked(self.links, pick)
        status, answer = self.ask(version, method, f"/meetings/{sid}", body)

        known = self.known(version, body, set(VALID) - CREATE_ONLY)
        if sid not in self.links:
            assert status == 404
        elif not self.is_good(known) or not self.is_free(known.get("slug", self.links[sid]["slug"]), sid):
            assert status == 422
        else:
            self.links[sid].update(self.read(known))
            assert (status, plain(answer["meeting"])) == (200, self.shown(self.links[sid]))

    @precondition(lambda self: len(self.links) > 1)
    @rule(version=VERSIONS, pick=PICKS)
    def delete(self, version: Version, pick: int) -> None:
        """
        Only v2 deletes, and only what is there.
        """
        sid = picked(self.links, pick)
        status, _ = self.ask(version, "DELETE", f"/meetings/{sid}")

        if version == "v1" or sid not in self.links:
            assert status == (405 if version == "v1" else 404)
        else:
            self.deleted[sid] = self.links.pop(sid)
            assert status == 204

    @precondition(lambda self: bool(self.links))
    @rule(pick=PICKS, is_disabled=st.sampled_from([False, False, True]), lead_time=st.sampled_from([0, 240]))
    def edit(self, pick: int, is_disabled: bool, lead_time: int) -> None:
        """
        The web app changes what the API cannot.
        """
        sid = list(self.links)[pick % len(self.links)]
        edited = self.server.edit(sid, {"disabled": is_disabled, "lead_time": lead_time})

        self.links[sid].update(disabled=is_disabled, lead_time=lead_time)
        assert plain(edited) == self.shown(self.links[sid])

    # Options

    @precondition(lambda self: bool(self.links))
    @rule(version=VERSIONS, pick=PICKS, kind=st.sampled_from(["duration", "spot"]), data=st.data())
    def add_option(self, version: Version, pick: int, kind: str, data: st.DataObject) -> None:
        """
        An option is added when it is whole and no second default.
        """
        sid = picked(self.links, pick)
        body = data.draw(DURATIONS if kind == "duration" else SPOTS)
        status, answer = self.ask(version, "POST", f"/meetings/{sid}/{kind}s", body)

        if sid not in self.links:
            assert status == 404
            return
        option, is_good = finished(kind, {"is_default": False}, body)
        options = self.links[sid][f"{kind}s"]
        if not is_good:
            assert status == 422
        elif option["is_default"] and any(each["is_default"] for each in options):
            assert status == 409
        else:
            option["id"] = answer[kind]["id"]
            options.append(option)
            assert (status, own(answer[kind])) == (201 if version == "v2" else 200, option)

    @precondition(lambda self: any(each["durations"] or each["spots"] for each in self.links.values()))
    @rule(version=VERSIONS, pick=PICKS, number=PICKS, kind=st.sampled_from(["duration", "spot"]), data=st.data())
    def change_option(self, version: Version, pick: int, number: int, kind: str, data: st.DataObject) -> None:
        """
        An option's change leaves it whole, and leaves one default.
        """
        sid = picked({sid: link for sid, link in self.links.items() if link[f"{kind}s"]}, pick)
        options = self.links.get(sid, {}).get(f"{kind}s", [])
        before = options[number % len(options)] if options else {"id": "nothere"}
        body = data.draw(DURATIONS if kind == "duration" else SPOTS)
        status, answer = self.ask(version, "PUT", f"/meetings/{sid}/{kind}s/{before['id']}", body)

        if not options:
            assert status == 404
            return
        option, is_good = finished(kind, before, body)
        others = [each for each in options if each["id"] != before["id"]]
        if not is_good:
            assert status == 422
        elif option["is_default"] and any(each["is_default"] for each in others):
            assert status == 409
        else:
            options[options.index(before)] = option
            assert (status, own(answer[kind])) == (200, option)

    @precondition(lambda self: any(each["durations"] or each["spots"] for each in self.links.values()))
    @rule(version=VERSIONS, pick=PICKS, number=PICKS, kind=st.sampled_from(["duration", "spot"]))
    def remove_option(self, version: Version, pick: int, number: int, kind: str) -> None:
        """
        An option goes unless it is the last.
        """
        sid = picked({sid: link for sid, link in self.links.items() if link[f"{kind}s"]}, pick)
        options = self.links.get(sid, {}).get(f"{kind}s", [])
        option = options[number % len(options)] if options else {"id": "nothere"}
        status, _ = self.ask(version, "DELETE", f"/meetings/{sid}/{kind}s/{option['id']}")

        if len(options) < 2:
            assert status == (409 if options else 404)
        else:
            options.remove(option)
            assert status == (204 if version == "v2" else 200)

    # Team members

    @rule(version=VERSIONS, email=st.sampled_from([*PEOPLE, "nobody"]), is_admin=st.booleans())
    def add_member(self, version: Version, email: str, is_admin: bool) -> None:
        """
        Who is new joins, who is there stays as is.
        """
        body = {"emails": [email], **({"organization_role": "Admin"} if is_admin else {})}
        status, _ = self.ask(version, "POST", members_path(version), body)

        if "@" not in email:
            assert status == 422
            return
        assert status == (201 if version == "v2" else 200)
        (found,) = self.ask("v2", "GET", f"/team-members?email={email}")[1]["team_members"]
        role = "Admin" if is_admin else "Standard"
        expected = self.members.setdefault(email, {**found, "first_name": "", "organization_role": role})
        assert found == expected

    @rule(version=VERSIONS, email=st.sampled_from(PEOPLE), name=st.sampled_from(["Zoë", "Max", ""]))
    def rename_member(self, version: Version, email: str, name: str) -> None:
        """
        Links show a host's new name.
        """
        member_id = self.members.get(email, {"id": "nothere"})["id"]
        status, answer = self.ask(version, "PATCH", f"{members_path(version)}/{member_id}", {"first_name": name})

        if email not in self.members or not name:
            assert status == (422 if email in self.members else 404)
        else:
            self.members[email]["first_name"] = name
            assert (status, answer) == (200, {"team_member": self.members[email]})

    @rule(version=VERSIONS, email=st.sampled_from(PEOPLE))
    def remove_member(self, version: Version, email: str) -> None:
        """
        Who leaves is host no more; a link without hosts is disabled; an admin stays.
        """
        member = self.members.get(email, {"id": "nothere", "organization_role": "Standard"})
        status, _ = self.ask(version, "DELETE", f"{members_path(version)}/{member['id']}")

        admins = [each for each in self.members.values() if each["organization_role"] == "Admin"]
        if email not in self.members:
            assert status == 404
        elif admins == [member]:
            assert status == 422
        else:
            assert status == (204 if version == "v2" else 200)
            del self.members[email]
            for link in (each for each in self.links.values() if email in each["hosts"]):
                link["hosts"] = [each for each in link["hosts"] if each != email]
                link["disabled"] = link["disabled"] or not link["hosts"]

    # Bookings and time

    @rule(version=VERSIONS, pick=PICKS, day=st.integers(0, 6), hour=st.integers(8, 10))
    def book(self, version: Version, pick: int, day: int, hour: int) -> None:
        """
        A slot ahead is booked once, or by a whole group.
        """
        sid = picked(self.links, pick)
        slug = self.links.get(sid, {"slug": "nothere"})["slug"]
        start = MONDAY.replace(hour=hour) + timedelta(days=day)
        body = {"meeting_slug": slug, "name": "Eve", "email": "eve@y.example", "time_zone": "UTC"}
        slot = {"slot_date": start.strftime("%Y-%m-%d"), "slot_start_time": start.strftime("%I:%M %p")}
        status, answer = self.ask(version, "POST", "/bookings", {**body, **slot})

        if sid not in self.links:
            assert status == 404
            return
        link = self.links[sid]
        end = start + timedelta(minutes=link["duration"])
        is_taken = link["kind"] != "grouped" and any(
            each["start"] < end and start < each["end"] for each in self.live_bookings(sid)
        )
        if link["disabled"] or start < self.now or is_taken:
            assert status == 422
        else:
            assert status == (201 if version == "v2" else 200)
            self.bookings[answer["sid"]] = {"link": sid, "start": start, "end": end, "is_cancelled": False}
            assert answer["host_email"] == (link["hosts"] or [""])[0]

    @precondition(lambda self: bool(self.bookings))
    @rule(version=VERSIONS, pick=PICKS)
    def cancel(self, version: Version, pick: int) -> None:
        """
        A booking is cancelled once.
        """
        sid = picked(self.bookings, pick)
        if version == "v1":
            status, _ = self.ask("v1", "POST", f"/bookings/{sid}/cancel")
        else:
            status, _ = self.ask("v2", "PATCH", f"/bookings/{sid}", {"status": "cancelled"})

        booking = self.bookings.get(sid)
        assert status == (404 if booking is None else 422 if booking["is_cancelled"] else 200)
        if booking:
            booking["is_cancelled"] = True

    @rule(hours=st.sampled_from([1, 5, 20]))
    def wait(self, hours: int) -> None:
        """
        Time goes by.
        """
        self.now += timedelta(hours=hours)
        self.server.set_time(self.now)

    # What can be seen

    @rule(
        version=VERSIONS, size=st.integers(1, 3), host=st.sampled_from(PEOPLE), word=st.sampled_from(["", "ONE", "-"])
    )
    def walk_pages(self, version: Version, size: int, host: str, word: str) -> None:
        """
        Pages together are the whole list, newest first, and v2 filters it.
        """
        expected = [
            sid
            for sid, link in reversed(self.links.items())
            if version == "v1" or (host in link["hosts"] and word.lower() in f"{link['name']}\n{link['slug']}".lower())
        ]
        found: list[str] = []
        for number in range(1, len(expected) // size + 2):
            query = f"page_number={number}&page_size={size}&host_email={host}&search={word}"
            _, answer = self.ask(version, "GET", f"/meetings?{query}")
            assert answer["pagination"]["total_records"] == len(expected)
            found += [each["sid"] for each in answer["meetings"]]

        assert found == expected

    @rule(version=VERSIONS)
    def list_bookings(self, version: Version) -> None:
        """
        Upcoming, past and cancelled bookings are told apart by the clock.
        """
        kinds: dict[str, Callable[[Json], bool]] = {
            "upcoming": lambda each: not each["is_cancelled"] and each["end"] > self.now,
            "past": lambda each: not each["is_cancelled"] and each["end"] <= self.now,
            "cancelled": lambda each: bool(each["is_cancelled"]),
        }
        for kind, is_wanted in kinds.items():
            _, answer = self.ask(version, "GET", f"/bookings?page_size=100&type={kind}")
            expected = [sid for sid, booking in reversed(self.bookings.items()) if is_wanted(booking)]
            assert expected[:100] == [each["sid"] for each in answer["bookings"]]

    @invariant()
    def the_list_is_the_models(self) -> None:
        """
        Every link is as the model has it, whatever was done; counts what was done.
        """
        type(self).operations += 1
        _, answer = self.ask("v2", "GET", "/meetings?page_number=1&page_size=100")
        assert [self.shown(link) for link in reversed(self.links.values())] == [
            plain(each) for each in answer["meetings"]
        ]

    # The model's own

    def known(self, version: Version, body: Json, names: Any) -> Json:
        """
        Leave out what this request does not know.
        """
        ignored = {"before_buffer_time"} if version == "v1" else set()
        return {name: value for name, value in body.items() if name in names and name not in ignored}

    def is_good(self, fields: Json) -> bool:
        """
        Tell whether every value may be, hosts included.
        """
        strangers = {each.lower() for each in fields.get("hosts", [])} - set(self.members)
        return all(VALID[name](value) for name, value in fields.items()) and not strangers

    def is_free(self, slug: object, sid: str | None) -> bool:
        """
        Tell whether no other link has the slug or, deleted, needs it for its bookings.
        """
        others = [link for other, link in self.links.items() if other != sid]
        waiting = [link for other, link in self.deleted.items() if list(self.live_bookings(other, ahead=True))]
        return slug not in {link["slug"] for link in (*others, *waiting)}

    def live_bookings(self, sid: str, *, ahead: bool = False) -> Iterator[Json]:
        """
        Return a link's bookings that are not cancelled, all or those that are not over.
        """
        for booking in self.bookings.values():
            if booking["link"] == sid and not booking["is_cancelled"] and (booking["end"] > self.now or not ahead):
                yield booking

    def read(self, fields: Json) -> Json:
        """
        Return values as they are kept: digits as numbers, hosts once and in lower case.
        """
        kept = {name: value for name, value in fields.items() if name != "durations"}
        if "duration" in kept:
            kept["duration"] = int(kept["duration"])
        if "hosts" in kept:
            kept["hosts"] = list(dict.fromkeys(each.lower() for each in kept["hosts"]))
        return kept

    def shown(self, link: Json) -> Json:
        """
        Return a link as the API shows it.
        """
        names = {email: member["first_name"] or email for email, member in self.members.items()}
        return {
            **link,
            "hosts": [{"name": names[email], "email": email} for email in link["hosts"]],
            "durations": [dict(option) for option in link["durations"]],
            "durations_possible": [option["duration"] for option in link["durations"]]
            if link["is_multiple_durations_allowed"]
            else [],
            "spots": [
                {name.removeprefix("spot_"): value for name, value in option.items()} for option in link["spots"]
            ],
        }


def finished(kind: str, before: Json, body: Json) -> tuple[Json, bool]:
    """
    Return an option after a request, and whether it may be so.
    """
    body = {"spot_phone_call_number" if name == "phone_number" else name: value for name, value in body.items()}
    option = {**before, **body}
    if kind == "duration":
        is_good = VALID["duration"](option.get("duration"))
        return ({**option, "duration": int(option["duration"])} if is_good else option), is_good
    needed = SPOT_TEXTS.get(option.get("spot", ""))
    texts = dict.fromkeys(("spot_phone_call_number", "spot_custom_text", "spot_in_person_location"))
    if needed:
        texts[needed] = option.get(needed)
    is_good = VALID["spot"](option.get("spot")) and (needed is None or bool(option.get(needed)))
    return {**option, **texts}, is_good


def plain(meeting: Json) -> Json:
    """
    Leave out of a link what only the emulator can know.
    """
    unknown = {"id", "sid", "organization_id", "created_at", "updated_at"}
    kept = {name: value for name, value in meeting.items() if name not in unknown}
    return {**kept, **{plural: [own(option) for option in kept[plural]] for plural in ("durations", "spots")}}


def own(option: Json) -> Json:
    """
    Leave the times out of an option.
    """
    return {name: value for name, value in option.items() if name not in {"created_at", "updated_at"}}


def picked(things: Mapping[str, object], pick: int) -> str:
    """
    Return one of the keys, or at times one that nobody has.
    """
    return list(things)[pick % len(things)] if things and pick != NOBODY else "nothere"


def members_path(version: Version) -> str:
    """
    Return the members' path, which the versions spell differently.
    """
    return "/team-members" if version == "v2" else "/team_members"


def run(server: InProcess | OverHttp, *, examples: int, steps: int) -> int:
    """
    Run the machine against a server; returns how many operations there were.
    """
    machine = type("Machine", (LinksMachine,), {"server": server, "operations": 0})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return int(machine.operations)  # type: ignore[attr-defined]


@contextmanager
def over_http() -> Iterator[OverHttp]:
    """
    Start an emulator with the model's seed.
    """
    with (
        Emulator(seed=SEED) as emulator,
        httpx.Client(base_url=emulator.url, headers={"X-Api-Key": "k"}, trust_env=False) as client,
    ):
        yield OverHttp(emulator, client)


def test_ten_thousand_operations_leave_no_difference() -> None:
    """
    Whatever is done in whatever order, the emulator holds what the model holds.
    """
    server = InProcess()

    operations = run(server, examples=140, steps=100)

    server.backend.close()
    assert operations >= 10_000


def test_some_operations_over_http_leave_no_difference() -> None:
    """
    It is the same over the wire.
    """
    with over_http() as server:
        assert run(server, examples=12, steps=60) >= 300
