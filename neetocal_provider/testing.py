"""
Mocks for unit tests of programs: they check arguments as a preview does, fill in outputs and answer lookups.

They work for `neetocal_provider` and `neetocal_provider.native`, need no settings, engine or account, and send no
request. For tests on the real engine, see `neetocal_emulator`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from uuid import NAMESPACE_URL, uuid5

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN
from pulumi.runtime.rpc import unwrap_rpc_secret

from neetocal_provider.api.client import Client
from neetocal_provider.api.collection import Collection
from neetocal_provider.api.objects import Page, RemoteObject
from neetocal_provider.core import lifecycle
from neetocal_provider.core.operations import Operations
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.run import Run
from neetocal_provider.core.state import recorded
from neetocal_provider.errors import NeetoCalError, NotFoundError
from neetocal_provider.meeting_template import MeetingTemplateBase
from neetocal_provider.resources.functions import FUNCTIONS, invoke
from neetocal_provider.resources.lookups import LookupCache, TeamMember
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.registry import RESOURCE_TYPES
from neetocal_provider.resources.results import GetTeamMemberResult
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.scheduling_link import SchedulingLinkBase
from neetocal_provider.schema.resource import DYNAMIC_TYPE, TYPE, Failure, Schema
from neetocal_provider.schema.types import UNKNOWN
from neetocal_provider.sdk.program_run import PerRun
from neetocal_provider.sdk.properties import from_engine
from neetocal_provider.sdk.provider import stack_config
from neetocal_provider.sdk.resource import BaseResource
from neetocal_provider.settings import SETTINGS, Config, Settings, load_settings

__all__ = ["Mocks"]

_RESOURCE_TYPES = {
    f"{prefix}{name}": type_ for prefix in (TYPE, DYNAMIC_TYPE) for name, type_ in RESOURCE_TYPES.items()
}
_PROVIDERS = ("pulumi:providers:neetocal", "pulumi:providers:pulumi-python")

_DEFAULTS = {
    **{setting.config_key: setting.default for setting in SETTINGS.values()},
    SETTINGS["workspace"].config_key: "acme",
    SETTINGS["api_key"].config_key: "key-of-a-unit-test",
    SETTINGS["max_requests_per_second"].config_key: "100",
}
"""Settings that neither the test nor a `Provider` gives; the environment is ignored, which may lead to an account."""


class Mocks(pulumi.runtime.Mocks):
    """
    Mocks that treat links, templates and lookups as a workspace of neetoCal would.

    Links and templates with arguments that `pulumi preview` refuses fail the test, with the sentences of the preview.
    The others get their outputs: an id, `url`, `meeting_id`, `disabled`, `kind` and `workspace`. Lookups find what is
    given here, and fail for anything else as they do in a deployment. Either install them as any mocks of Pulumi's,
    `pulumi.runtime.set_mocks(Mocks(…))`, or let them `run` a program.

    Args:
        members: Members of the workspace: addresses, results of lookups, or mappings with the keys of the API's
            `GET /team-members`, of which only `email` is required.

        templates: Meeting templates, as mappings with the keys of the API's `GET /meeting-templates`; `name` and `slug`
            are required.

        links: Scheduling links that exist already, as mappings with the keys of the API's `GET /meetings`; `slug` is
            required.

        availabilities: Availabilities, as mappings with the keys of the API's `GET /availabilities`; `id` is required.

        slots: Free times of every link, as mappings with the keys `date` ("2026-12-24"), `start_time` and `end_time`
            ("09:30 AM") and `count`.

        config: Settings by their keys in the stack config, such as {"neetocal:apiVersion": "v1"}. Those that are
            missing come from `pulumi.runtime.set_config`, else from defaults: the workspace is "acme". The environment
            is ignored.

        others: Mocks for the resources and functions of other packages. Without it their outputs are their inputs.

    Raises:
        pulumi.RunError: from the test, if an argument or a lookup is refused.

        UnexpectedResponseError: A given member, template or link is not in the API's shape.
    """

    def __init__(
        self,
        *,
        members: Sequence[str | Mapping[str, Any] | GetTeamMemberResult] = (),
        templates: Sequence[Mapping[str, Any]] = (),
        links: Sequence[Mapping[str, Any]] = (),
        availabilities: Sequence[Mapping[str, Any]] = (),
        slots: Sequence[Mapping[str, Any]] = (),
        config: Mapping[str, str] | None = None,
        others: pulumi.runtime.Mocks | None = None,
    ) -> None:
        self._config = dict(config or {})
        self._others = others
        self._members = tuple(TeamMember.from_api(_member(each)) for each in members)
        self._existing = {
            type_.schema.name: _objects(type_, rows)
            for type_, rows in ((MEETING_TEMPLATE, templates), (SCHEDULING_LINK, links))
        }
        self._availabilities, self._slots = tuple(availabilities), tuple(slots)
        self._declared: PerRun[_Declared] = PerRun(_Declared)

    @property
    def scheduling_links(self) -> Mapping[str, Mapping[str, Any]]:
        """
        The links that the test has declared so far, by their names in the stack: `id`, arguments and outputs.
        """
        return self.resources(SchedulingLinkBase)

    @property
    def meeting_templates(self) -> Mapping[str, Mapping[str, Any]]:
        """
        The templates that the test has declared so far, by their names in the stack: `id`, arguments and outputs.
        """
        return self.resources(MeetingTemplateBase)

    def resources(self, resource: type[BaseResource]) -> Mapping[str, Mapping[str, Any]]:
        """
        Return what the test has declared so far by a class, of either import, by name: `id`, arguments and outputs.
        """
        return self._declared.get().of(resource._schema)

    @property
    def warnings(self) -> Sequence[str]:
        """
        What the lookups have warned of so far, such as an inactive member.
        """
        return self._declared.get().warnings

    def run(self, program: Callable[[], object], *, preview: bool = False) -> None:
        """
        Run a program under these mocks until all of its resources are registered and all of its outputs known.

        Args:
            program: Declares resources; for a file, `lambda: runpy.run_path("__main__.py")`.

            preview: Whether it runs as in a preview, in which the outputs that neetoCal assigns are unknown.

        Raises:
            pulumi.RunError: An argument or a lookup is refused.
        """
        _log_no_refusals()
        pulumi.runtime.set_mocks(self, preview=preview)
        pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """
        Check what is declared, and return its id and outputs.
        """
        type_ = _RESOURCE_TYPES.get(args.typ)
        if type_ is None:
            return self._other(args)
        if args.resource_id and not args.custom:
            return self._read(args, type_)
        return self._created(args, _given(args.inputs), type_)

    def call(self, args: MockCallArgs) -> Any:
        """
        Answer a lookup.
        """
        name = args.token.removeprefix(TYPE)
        if name not in FUNCTIONS:
            return self._others.call(args) if self._others else ({}, [])
        with _refusals(""):
            return invoke(LookupCache(self._workspace(""), self._declared.get().warnings.append), name, args.args)

    def _other(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        id_, outputs = self._others.new_resource(args) if self._others else (f"{args.name}_id", dict(args.inputs))
        if args.typ in _PROVIDERS:
            self._declared.get().providers[f"{args.typ}::{args.name}::{id_}"] = _given(args.inputs)
        return id_, outputs

    def _created(
        self, args: MockResourceArgs, news: dict[str, Any], type_: ResourceType
    ) -> tuple[str | None, dict[str, Any]]:
        declared = self._declared.get()
        on = _MockedOperations(
            resource_type=type_,
            config=self._config_of(args.provider),
            host=_Host(f"{args.typ}::{args.name}", declared.warnings),
            run=declared.run,
        )
        failures = on.check({}, news)
        if failures:
            raise pulumi.RunError("\n".join(_sentence(args, each, news) for each in failures))
        if pulumi.runtime.is_dry_run():
            id_, outputs = None, on.preview(news)
        else:
            id_, outputs = self._made(news, self._settings(args.provider), type_)
        declared.of(type_.schema)[args.name] = {"id": id_, **outputs}
        return id_, dict(_to_pulumi(outputs))

    def _made(self, news: Mapping[str, Any], settings: Settings, type_: ResourceType) -> tuple[str, dict[str, Any]]:
        templates = self._existing[MEETING_TEMPLATE.schema.name]
        copied = next((each.values for each in templates if each.id == news.get("template_id")), {})
        schema = type_.schema
        ids = _ids(f"{schema.noun} of", settings.workspace, *(news[name] for name in schema.identity))
        made = RemoteObject(
            id="/".join([*(str(news[name]) for name in type_.endpoints.parents), ids[type_.endpoints.id_key]]),
            is_deleted=False,
            values={**copied, **news},
            outputs={each.name: ids.get(each.answered_as, each.default) for each in schema.outputs},
        )
        return made.id, recorded(news, made, settings, schema).outputs

    def _read(self, args: MockResourceArgs, type_: ResourceType) -> tuple[str | None, dict[str, Any]]:
        with _refusals(f"The {type_.schema.noun} {args.name!r} could not be read: "):
            live = lifecycle.read(self._workspace(args.provider), type_, args.resource_id or "", {})
        outputs = live.outputs if live else {}
        return args.resource_id, outputs

    def _workspace(self, provider: str | None) -> _Workspace:
        settings = self._settings(provider)
        return _Workspace(settings, self._members, self._existing, self._availabilities, self._slots)

    def _settings(self, provider: str | None) -> Settings:
        with _refusals(""):
            return load_settings(self._config_of(provider))

    def _config_of(self, provider: str | None) -> Config:
        """
        Return the settings of a provider, given as Pulumi refers to it, `URN::ID`; empty for the stack's own.
        """
        reference = (provider or "").rpartition("$")[2]
        given = self._declared.get().providers.get(reference)
        own = {**stack_config(), **self._config} if given is None else given

        def find(key: str) -> Any:
            return own.get(key, own.get(key.partition(":")[2], _DEFAULTS[key]))

        return find


@dataclass
class _Declared:
    """
    What one test has declared; the next one begins with nothing.
    """

    run: Run = field(default_factory=Run)
    warnings: list[str] = field(default_factory=list)
    providers: dict[str, dict[str, Any]] = field(default_factory=dict)
    resources: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)

    def of(self, schema: Schema) -> dict[str, Mapping[str, Any]]:
        return self.resources.setdefault(schema.name, {})


@dataclass(frozen=True)
class _Host:
    urn: str
    warnings: list[str]

    def warn(self, *sentences: str) -> None:
        self.warnings.extend(sentences)

    def record_partial_state(self, id_: str, outputs: Mapping[str, Any], problems: Sequence[str]) -> bool:  # noqa: ARG002
        return False


class _MockedOperations(Operations):
    def _warn_of_adoption(self, settings: Settings, news: Mapping[str, Any]) -> None:
        """
        Ask nobody.
        """


class _Workspace(Client):
    """
    A client that answers from memory.
    """

    def __init__(
        self,
        settings: Settings,
        members: Sequence[TeamMember],
        existing: Mapping[str, Sequence[RemoteObject]],
        availabilities: Sequence[Mapping[str, Any]],
        slots: Sequence[Mapping[str, Any]],
    ) -> None:
        self.settings = settings
        self._members = members
        self._availabilities = availabilities
        self._slots = slots
        self._collections = {
            name: _Objects(self, type_, existing.get(name, ())) for name, type_ in RESOURCE_TYPES.items()
        }

    def shared(self, key: str, make: Callable[[], Any]) -> Any:  # noqa: ARG002
        return self._collections[key]

    def send(
        self,
        method: str,
        path: str,
        read: Callable[[Any], Any],
        body: Mapping[str, Any] | None = None,  # noqa: ARG002
        *,
        version: str = "",  # noqa: ARG002
    ) -> Any:
        """
        Answer an availability, or the slots of a month: collections have the objects.
        """
        name, _, query = path.partition("?")
        if "slots" in name.split("/"):
            asked = dict(parse_qsl(query))
            return read({"slots": _days(self._slots, f"{asked['year']}-{asked['month']:0>2}-")})
        for each in self._availabilities:
            if name == f"availabilities/{each['id']}":
                return read(each)
        raise NotFoundError(method=method, path=path, status=404)

    def pages(
        self,
        path: str,
        read: Callable[[Any], Page[Any]],
        filters: Mapping[str, str],
        *,
        version: str = "",  # noqa: ARG002
        page_parameter: str = "",  # noqa: ARG002
    ) -> Iterator[Page[Any]]:
        """
        Yield the availabilities or members; collections have the objects.
        """
        if path == "availabilities":
            yield read({path: [*self._availabilities]})
            return
        email = filters.get("email", "").lower()
        rows = tuple(member for member in self._members if email in ("", member.email.lower()))
        yield Page(rows=rows, total_records=len(rows), total_pages=1)

    def require_workspace(self, *, version: str = "") -> None:
        """
        It is there.
        """


class _Objects(Collection):
    """
    A collection that answers from memory.
    """

    def __init__(self, client: Client, type_: ResourceType, objects: Sequence[RemoteObject]) -> None:
        super().__init__(client, type_.schema, type_.endpoints)
        self._objects = objects

    def get(self, id_: str, *, version: str = "", strict: bool = True) -> RemoteObject:  # noqa: ARG002
        return self.read(id_)

    def read(self, id_: str) -> RemoteObject:
        found = next((each for each in self._objects if each.id == id_), None)
        if found is None:
            raise NotFoundError(method="GET", path=id_, status=404)
        return found

    def pages(self, parents: Any = None, **filters: str) -> Iterator[Page[RemoteObject]]:  # noqa: ARG002
        yield Page(rows=tuple(self._objects), total_records=len(self._objects), total_pages=1)


# Values


def _log_no_refusals() -> None:
    """
    Let the event loop of this thread, made if there is none, log no refusal once more when a task is collected: the run
    has raised it.
    """
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    handler = loop.get_exception_handler()
    if not isinstance(handler, _Handler):
        loop.set_exception_handler(_Handler(handler or type(loop).default_exception_handler))


@dataclass
class _Handler:
    others: Callable[[asyncio.AbstractEventLoop, dict[str, Any]], object]

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), pulumi.RunError):
            self.others(loop, context)


@contextmanager
def _refusals(beginning: str) -> Iterator[None]:
    """
    Let an error reach the test as Pulumi shows it to users.
    """
    try:
        yield
    except NeetoCalError as error:
        raise pulumi.RunError(f"{beginning}{error}") from None


def _sentence(args: MockResourceArgs, failure: Failure, news: Mapping[str, Any]) -> str:
    """
    Return a failed check as the engine words it in a preview.
    """
    value = f": property {failure.property} value {{{news.get(failure.property)}}}" if failure.property else ""
    return f"{args.typ} resource {args.name!r}{value} has a problem: {failure.reason}"


def _member(given: str | Mapping[str, Any] | GetTeamMemberResult) -> dict[str, Any]:
    row: Mapping[str, Any] = {"email": given} if isinstance(given, str) else {}
    row = asdict(given) if isinstance(given, GetTeamMemberResult) else row or given  # type: ignore[assignment]
    assigned = {"id": str(uuid5(NAMESPACE_URL, f"member {row.get('email')}")), "time_zone": "UTC"}
    return {**assigned, "organization_role": "Standard", **row}


def _objects(type_: ResourceType, rows: Sequence[Mapping[str, Any]]) -> tuple[RemoteObject, ...]:
    full = [{**_ids("", row.get("slug") or row.get("name")), **row} for row in rows]
    return tuple(RemoteObject.from_api(row, type_.schema, type_.endpoints) for row in full)


def _days(slots: Sequence[Mapping[str, Any]], month: str) -> list[dict[str, Any]]:
    """
    Return slots as the API answers them, a map for each date.
    """
    days: dict[str, dict[str, Any]] = {}
    for each in slots:
        if str(each["date"]).startswith(month):
            days.setdefault(each["date"], {})[each["start_time"]] = each
    return [{"date": date, "slots": of_day} for date, of_day in sorted(days.items())]


def _ids(*words: Any) -> dict[str, str]:
    """
    Return the ids that neetoCal assigns to an object, in both forms: the same in each run, others for other words.
    """
    id_ = str(uuid5(NAMESPACE_URL, " ".join(map(str, words))))
    return {"id": id_, "sid": id_[:8]}


def _given(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what the mock monitor passes on as the core knows it, secrets as plain values.
    """
    return from_engine({name: unwrap_rpc_secret(value) for name, value in inputs.items()})


def _to_pulumi(value: Any) -> Any:
    """
    Return outputs with whatever is not known yet as the mock monitor passes it on.
    """
    if isinstance(value, Mapping):
        return {key: _to_pulumi(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_pulumi(item) for item in value]
    return PULUMI_UNKNOWN if value is UNKNOWN else value
