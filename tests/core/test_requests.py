"""
The requests of each operation, which tests/core/requests.txt lists; `python -m tests.core.test_requests` writes it.

Whoever changes that file changes what neetoCal is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest
import stamina

from neetocal_emulator import Emulator
from neetocal_emulator.journal import Request
from neetocal_provider.api.client import disconnect
from neetocal_provider.core.operations import OperationError, Operations
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.run import Run
from neetocal_provider.resources.add_on_service import ADD_ON_SERVICE
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.fields import Update
from tests.core.engine import Screen
from tests.emulator.api import LINK, Api

FILE = Path(__file__).with_name("requests.txt")

Resource = tuple[str, Mapping[str, Any]]
"""Id and outputs."""

T = TypeVar("T")

ACME_TEMPLATE = "5d2f6c1e-8a34-4b7e-9c05-1f2e3d4c5b6a"
VISITOR = {"name": "Grace", "email": "grace@visitor.example", "time_zone": "Europe/London"}
BEN = ["ben@acme.example"]
DURATIONS = [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}]
SPOTS = [{"spot": "zoom", "is_default": True}, {"spot": "custom", "is_default": False, "custom_text": "Ask us."}]

ALL_ARGUMENTS: Mapping[str, Any] = {
    **LINK,
    "template_id": ACME_TEMPLATE,
    "description": "What it is about.",
    "kind": "one_on_one",
    "start_time_increment": 15,
    "before_buffer_time": 5,
    "after_buffer_time": 5,
    "is_multiple_durations_allowed": True,
    "is_multiple_spots_allowed": True,
    "spot": "custom",
    "spot_custom_text": "Ask us.",
    "spot_phone_call_number": "+44 20 7946 0000",
    "spot_in_person_location": "Room 1",
    "locked_time_zone": "Europe/London",
    "durations": DURATIONS,
    "spots": SPOTS,
    "force_destroy": True,
    "adopt": False,
}

CHANGES: Mapping[Update, tuple[Mapping[str, Any], ...]] = {
    Update.PATCH: ({"name": "New"}, {"hosts": BEN}, {"description": "New."}),
    Update.VERIFIED_PATCH: ({"kind": "round_robin"}, {"spot": "zoom"}, {"is_multiple_spots_allowed": True}),
    Update.SUBRESOURCE: ({"durations": DURATIONS}, {"spots": SPOTS}, {"durations": DURATIONS, "name": "New"}),
    Update.REPLACE: ({"template_id": ACME_TEMPLATE},),
    Update.STATE_ONLY: ({"force_destroy": True},),
    Update.CREATE_OPTION: ({"adopt": True},),
}
"""Changed arguments for each way in which a change reaches what exists."""


class Recorder:
    """
    Makes the calls of the engine for resources of one type, and writes down the requests of each.

    Attributes:
        sections: by title, a line for each request: call, method, path, query and keys of the body.
    """

    def __init__(self, emulator: Emulator, type_: ResourceType, api_version: str) -> None:
        found = emulator.environment()
        self._config: dict[str, Any] = {
            "neetocal:workspace": "acme",
            "neetocal:apiKey": found["NEETOCAL_API_KEY"],
            "neetocal:baseUrl": found["NEETOCAL_BASE_URL"],
            "neetocal:apiVersion": api_version,
        }
        self._run = Run()
        self._lines: list[str] | None = None
        self.emulator = emulator
        self.type = type_
        self.api_version = api_version
        self.sections: dict[str, str] = {}

    def declared(self, **arguments: Any) -> dict[str, Any]:
        """
        Return the arguments of a resource, without those that its type or the version of the API doesn't have.
        """
        known = self.type.schema.by_name
        given = {**LINK, **dict.fromkeys(self.type.endpoints.parents, self._link()), **arguments}.items()
        return {name: value for name, value in given if name in known and known[name].exists_in(self.api_version)}

    def _link(self) -> str:
        """
        Return the sid of a link that is not the type's own; empty if the type needs none.
        """
        if not self.type.endpoints.parents:
            return ""
        with closing(Api(self.emulator.url)) as api:
            found = self.emulator.meetings()
            return str(found[0]["sid"] if found else api.create()["sid"])

    @contextmanager
    def section(self, title: str) -> Iterator[None]:
        """
        Write down the requests of one operation, made by a new run of the engine; then reset the emulator.

        An operation that fails ends its section.
        """
        self._begin()
        lines: list[str] = []
        self._lines = lines
        with suppress(OperationError):
            yield
        self._lines = None
        repeated = [(text, len([*same])) for text, same in groupby(lines)]
        self.sections[title] = "\n".join(f"{text}{f'  ({n} times)' if n > 1 else ''}" for text, n in repeated)
        self._begin()
        self.emulator.reset()

    def create(self, **arguments: Any) -> Resource:
        """
        Deploy a new resource.
        """
        news = self.declared(**arguments)
        self._call("check", lambda on: on.check({}, news))
        made = self._call("create", lambda on: on.create(news))
        return made.id, made.outputs

    def update(self, resource: Resource, **arguments: Any) -> None:
        """
        Deploy other arguments of a resource; its slug stays, so that one that is replaced is deleted first.
        """
        id_, olds = resource
        news = self.declared(**arguments)
        self._call("check", lambda on: on.check(olds, news))
        if self._call("diff", lambda on: on.diff(id_, olds, news)).diff.replaces:
            self.delete(resource)
            self._call("create", lambda on: on.create(news))
        else:
            self._call("update", lambda on: on.update(id_, olds, news))

    def read(self, *resources: Resource) -> None:
        """
        Refresh resources, or import those without outputs.
        """
        self._call("read", lambda on: [on.read(id_, outputs, outputs) for id_, outputs in resources])

    def delete(self, resource: Resource) -> None:
        """
        Destroy a resource.
        """
        self._call("delete", lambda on: on.delete(*resource))

    def _begin(self) -> None:
        disconnect()
        self._run = Run()

    def _call(self, name: str, call: Callable[[Operations], T]) -> T:
        operations = Operations(resource_type=self.type, config=self._config.get, host=Screen(), run=self._run)
        if self._lines is None:
            return call(operations)
        seen = len(self.emulator.requests)
        try:
            return call(operations)
        finally:
            requests = map(described, self.emulator.requests[seen:])
            self._lines += [f"  {name:6}  {request}" for request in requests] or [f"  {name:6}  -"]


def described(request: Request) -> str:
    """
    Return method, path, query and keys of the body, without the identifiers that differ from run to run.
    """
    path = request.path.removeprefix("/api/external/")
    path = re.sub(r"(meetings|meeting-templates)/[^/]+", r"\1/{id}", path)
    path = re.sub(r"(durations|spots)/[^/]+", r"\1/{option}", path)
    path = re.sub(r"add-on-services/[^/]+", r"add-on-services/{service}", path)
    query = {name: ["{id}"] if name == "meeting_sid" else values for name, values in request.query.items()}
    asked = f"{path}?{urlencode(query, doseq=True, safe='{}')}" if query else path
    return f"{request.method:6}  {asked}  {keys(request.body)}".rstrip()


def keys(body: Any) -> str:
    """
    Return the keys of a body, and those of the objects in its lists.
    """
    return ", ".join(f"{key}{keys_of_items(value)}" for key, value in sorted((body or {}).items()))


def keys_of_items(value: Any) -> str:
    """
    Return the keys of all objects in a list; empty for anything else.
    """
    found = {key for item in value if isinstance(item, dict) for key in item} if isinstance(value, list) else set()
    return f"[{', '.join(sorted(found))}]" if found else ""


# The operations


def creates(on: Recorder) -> None:
    """
    Create.
    """
    with on.section("create"):
        on.create()
    with on.section("create with all arguments"):
        on.create(**ALL_ARGUMENTS)
    for moment, title in {"after": "carried out", "before": "not carried out"}.items():
        path = re.sub("{.*?}", "*", on.type.endpoints.path)
        on.emulator.fault("cut", method="POST", path=f"/{path}", times=1, moment=moment)
        with on.section(f"create whose answer is lost: {title}"):
            on.create()


def rejected_creates(on: Recorder) -> None:
    """
    Create, if hosts are unknown, or if nothing has the slug of what may be adopted.
    """
    with on.section("create that is rejected for its hosts"):
        on.create(hosts=["nobody@acme.example"])
    with on.section("create with `adopt`: nothing has the slug"):
        on.create(adopt=True)


def adoptions(on: Recorder) -> None:
    """
    Create, if something has the slug.
    """
    on.create()
    with on.section("create: the slug is taken"):
        on.create(name="New")
    differing: Mapping[str, Mapping[str, Any]] = {
        "nothing differs": {},
        "the name differs": {"name": "New"},
        "hosts and durations differ": {"hosts": BEN, "durations": DURATIONS},
    }
    for title, arguments in differing.items():
        on.create()
        with on.section(f"create with `adopt`: {title}"):
            on.create(adopt=True, **arguments)


def reads(on: Recorder) -> None:
    """
    Refresh and import.
    """
    for count in (1, 150):
        resources = [on.create(slug=f"intro-{number}") for number in range(count)]
        with on.section(f"refresh of {count}"):
            on.read(*resources)
    id_, _outputs = on.create()
    with on.section("import"):
        on.read((id_, {}))
    on.emulator.clock(offset_s=-3600)  # a new one that isn't found is asked for again
    gone = on.create()
    on.delete(gone)
    with on.section("refresh: it is gone"):
        on.read(gone)


def updates(on: Recorder) -> None:
    """
    Update of each kind of argument.
    """
    for kind in Update:
        for change in CHANGES[kind]:
            if {*change} <= on.declared(**change).keys():
                resource = on.create()
                with on.section(f"update: {' and '.join(change)} ({kind.name})"):
                    on.update(resource, **change)
    several = {"kind": "multihost", "description": "What it is about."}
    resource = on.create(**several)
    with on.section("update: hosts and kind"):
        on.update(resource, **{**several, "hosts": BEN, "kind": "round_robin"})
    resource = on.create(**several)
    with on.section("update: kind and description are removed"):
        on.update(resource)


def option_updates(on: Recorder) -> None:
    """
    Update of the durations that a link has.
    """
    (half, hour) = DURATIONS
    for title, durations in {
        "the default is another": [{**half, "is_default": False}, {**hour, "is_default": True}],
        "one is removed": [half],
        "one is another": [half, {**hour, "duration": 90}],
    }.items():
        resource = on.create(durations=DURATIONS)
        with on.section(f"update: durations, {title}"):
            on.update(resource, durations=durations)


def deletes(on: Recorder) -> None:
    """
    Delete, if nobody has booked.
    """
    resource = on.create()
    with on.section("delete"):
        on.delete(resource)
    gone = on.create()
    on.delete(gone)
    with on.section("delete: it is gone"):
        on.delete(gone)


def protected_deletes(on: Recorder) -> None:
    """
    Delete and replace of links that are booked, or have `force_destroy`.
    """
    for force_destroy, is_booked, what in (
        (True, False, "with `force_destroy`"),
        (False, True, "of a booked link"),
        (True, True, "of a booked link with `force_destroy`"),
    ):
        for title, change in {"delete": {}, "replace": {"template_id": ACME_TEMPLATE}}.items():
            resource = on.create(force_destroy=force_destroy)
            if is_booked:
                book(on.emulator)
            with on.section(f"{title} {what}"):
                if change:
                    on.update(resource, force_destroy=force_destroy, **change)
                else:
                    on.delete(resource)


def book(emulator: Emulator) -> None:
    """
    Book the link as a visitor does.
    """
    api = Api(emulator.url)
    api.post("/bookings", {"meeting_slug": LINK["slug"], **VISITOR}).raise_for_status()
    api.close()


OF_ALL = (creates, reads, updates, deletes)
OF_TEMPLATES = (creates, rejected_creates, adoptions, reads, updates, deletes)
OF_LINKS = (*OF_TEMPLATES, option_updates, protected_deletes)
OPERATIONS = {
    "links, v2": (SCHEDULING_LINK, "v2", OF_LINKS),
    "links, v1": (SCHEDULING_LINK, "v1", OF_LINKS),
    "templates, v2": (MEETING_TEMPLATE, "v2", OF_TEMPLATES),
    "services, v2": (ADD_ON_SERVICE, "v2", OF_ALL),
}
"""By resource type and configured version of the API; version 1 has no templates, and some requests are always v2."""


# The file


def sections(name: str, emulator: Emulator) -> dict[str, str]:
    """
    Return the requests of each operation on a resource type in a version of the API, by the title of their section.
    """
    type_, api_version, operations = OPERATIONS[name]
    on = Recorder(emulator, type_, api_version)
    for operation in operations:
        operation(on)
    return {f"{name}: {title}": requests for title, requests in on.sections.items()}


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_makes_the_requests_of_the_file(emulator: Emulator, name: str) -> None:
    """
    These and no others, in the same order.
    """
    listed = dict(section.split("\n", 1) for section in FILE.read_text(encoding="utf-8").strip().split("\n\n"))

    assert sections(name, emulator) == {title: each for title, each in listed.items() if title.startswith(f"{name}: ")}


def main() -> None:
    """
    Write the file.
    """
    stamina.set_testing(True, attempts=1000, cap=True)  # no waiting between attempts
    with Emulator() as emulator:
        found = [each for name in OPERATIONS for each in sections(name, emulator).items()]
    FILE.write_text("\n".join(f"{title}\n{requests}\n" for title, requests in found), encoding="utf-8")


if __name__ == "__main__":
    main()
