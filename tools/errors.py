"""
The catalogue of errors in docs/errors.md, made from the code: `python -m tools.errors docs/errors.md`.

Each example is run, against the emulator or, where that would not answer so, against a server of a few lines, and the
page shows what it says. Nothing in the environment is asked, so the page is the same everywhere.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, redirect_stderr, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any, TypeVar

import click
import grpc
import httpx
import pulumi
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import provider_pb2, resource_pb2, status_pb2
from pulumi.runtime.settings import Settings as RunSettings
from pulumi.runtime.settings import configure

import neetocal_provider
import neetocal_provider.native
from neetocal_emulator import Emulator
from neetocal_provider import errors
from neetocal_provider.add_on_service import AddOnServiceProvider
from neetocal_provider.api.client import Client, connect, disconnect
from neetocal_provider.api.deadline import operation_context
from neetocal_provider.cli import commands
from neetocal_provider.core.check import check
from neetocal_provider.discount_code import DiscountCodeProvider
from neetocal_provider.dynamic.provider import BaseResourceProvider
from neetocal_provider.native.components import TeamArguments
from neetocal_provider.native.values import to_struct
from neetocal_provider.resources.functions import invoke
from neetocal_provider.resources.lookups import LookupCache
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.scheduling_link import SchedulingLinkProvider
from neetocal_provider.schema.resource import TYPE
from neetocal_provider.sdk.plugin_search import scripts
from neetocal_provider.sdk.provider_mismatch import refuse_foreign
from neetocal_provider.settings import SETTINGS, Settings, load_settings
from neetocal_provider.testing import Mocks
from neetocal_provider.verify.runner import verify

__all__ = [
    "ARGUMENTS",
    "BAD_SETTINGS",
    "EXAMPLES",
    "Example",
    "arguments_table",
    "raise_sites",
    "run",
    "settings_table",
    "with_errors",
]

_BEGIN, _END = "<!-- errors: `python -m tools.errors docs/errors.md` -->\n", "<!-- end of errors -->"

LINK: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
HOSTED = {PROVIDER_KEY: "what Pulumi keeps there"}
ODD = {"sid": "8r3rs2k", "id": "cc98d282", "slug": "other", "name": "Other", "duration": 30}
HTML = "<html>Please log in</html>"


# The stage

Provider = TypeVar("Provider", bound=BaseResourceProvider)


class Stage:
    """
    An emulator, what the stack config says, and the provider as Pulumi's host runs it.
    """

    def __init__(self, emulator: Emulator, number: int) -> None:
        found = emulator.environment()
        self.emulator = emulator
        self.config: dict[str, Any] = {
            "neetocal:workspace": "acme",
            "neetocal:apiKey": found["NEETOCAL_API_KEY"],
            "neetocal:baseUrl": found["NEETOCAL_BASE_URL"],
            "neetocal:maxAttempts": "1",
            # A rate limiter of its own: no example waits for another's refusal.
            "neetocal:maxRequestsPerSecond": str(900 + number),
        }

    @property
    def provider(self) -> SchedulingLinkProvider:
        """
        The provider with the config as it is now.
        """
        return self.provider_of(SchedulingLinkProvider)

    def provider_of(self, kind: type[Provider]) -> Provider:
        """
        Return the provider of a resource type with the config as it is now.
        """
        provider = kind()
        provider.configure(ConfigureRequest(config=Config(self.config, "links")))
        return provider

    def close(self) -> None:
        """
        Close the connections that the provider keeps for the next operation.
        """
        disconnect()

    @property
    def client(self) -> Client:
        """
        A client with the config as it is now.
        """
        return connect(load_settings(self.config.get))

    def create(self, **arguments: Any) -> tuple[str, dict[str, Any]]:
        """
        Create a link and return its sid and outputs.
        """
        made = self.provider.create({**HOSTED, **LINK, **arguments})
        return made.id, dict(made.outs or {})

    def book(self) -> None:
        """
        Book the link.
        """
        visitor = {"name": "Grace", "email": "grace@visitor.example", "time_zone": "Europe/London"}
        url, key = self.config["neetocal:baseUrl"], self.config["neetocal:apiKey"]
        response = httpx.post(
            f"{url}/api/external/v2/bookings",
            json={"meeting_slug": "intro", **visitor},
            headers={"X-Api-Key": key},
            trust_env=False,
        )
        response.raise_for_status()

    @contextmanager
    def answered(self, *bodies: Any, status: int = 200, **headers: str) -> Iterator[None]:
        """
        Ask a server that gives these answers in turn, the last one for ever.
        """
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(list(bodies), status, headers))
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        self.config["neetocal:baseUrl"] = f"http://127.0.0.1:{server.server_port}"
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()


def _handler(bodies: list[Any], status: int, headers: Mapping[str, str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = bodies.pop(0) if len(bodies) > 1 else bodies[0]
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the names are the base's

        def log_message(self, *_told: Any) -> None:
            pass

    return Handler


# The examples


@dataclass(frozen=True)
class Example:
    """
    A way into an error: what happens, in words, and what makes it happen.
    """

    kind: type[Exception]
    when: str
    act: Callable[[Stage], None]


@dataclass(frozen=True)
class Outcome:
    """
    What an example says, and the raise statements that it came by: file and line.
    """

    text: str
    sites: frozenset[tuple[str, int]] = field(default_factory=frozenset)


EXAMPLES: list[Example] = []


def _example(kind: type[Exception], when: str) -> Callable[[Callable[[Stage], None]], Callable[[Stage], None]]:
    def kept(act: Callable[[Stage], None]) -> Callable[[Stage], None]:
        EXAMPLES.append(Example(kind, when, act))
        return act

    return kept


@_example(errors.NeetoCalError, "no answer tells whether a link was made, and none was found")
def _(stage: Stage) -> None:
    stage.emulator.fault("cut", method="POST", path="/meetings", moment="before")
    stage.create()


@_example(errors.NeetoCalError, "a create is answered with another link")
def _(stage: Stage) -> None:
    with stage.answered({"meeting": ODD}, {"meetings": []}, {"meetings": []}, {"meeting": ODD}):
        stage.create()


@_example(errors.NeetoCalError, "a link that is to be read or imported does not exist")
def _(stage: Stage) -> None:
    stage.provider.read("8r3rs2k", {})


@_example(errors.NeetoCalError, "a discount code that is to be imported does not exist")
def _(stage: Stage) -> None:
    stage.provider_of(DiscountCodeProvider).read("5d2f6c1e-8a34-4b7e-9c05-1f2e3d4c5b6a", {})


@_example(errors.NeetoCalError, "an import gives an id that can't be one")
def _(stage: Stage) -> None:
    stage.provider_of(AddOnServiceProvider).read("8r3rs2k", {})


@_example(errors.ConfigError, "a setting is missing when an operation needs it")
def _(stage: Stage) -> None:
    del stage.config["neetocal:apiKey"]
    stage.create()


@_example(errors.ConfigError, "a setting is missing when a link is refreshed or deleted")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    del stage.config["neetocal:apiKey"]
    stage.provider.read(sid, outputs)


@_example(errors.ConfigError, "the settings are for another workspace than the link's")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.config["neetocal:workspace"] = "globex"
    stage.provider.read(sid, outputs)


@_example(errors.ConfigError, "a link is not found, and its workspace is not either")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.emulator.fault("status", status=404)
    stage.provider.read(sid, outputs)


@_example(errors.ConfigError, "a link is not found, and something else answers for its workspace")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    with stage.answered({"meetings": []}, {**ODD, "sid": sid, "deleted_at": "2026-01-01"}, {"other": []}):
        stage.provider.read(sid, outputs)


@_example(errors.ConfigError, "the environment names a proxy that cannot be used")
def _(_stage: Stage) -> None:
    with _environment(HTTPS_PROXY="gopher://proxy.example"):
        Client(Settings(workspace="acme", api_key="acme-0123456789", base_url="https://acme.neetocal.com"))


@_example(errors.TransportError, "nobody answers")
def _(stage: Stage) -> None:
    stage.config["neetocal:baseUrl"] = "http://127.0.0.1:9"
    stage.create()


@_example(errors.TransportError, "neetoCal asks for a longer pause than the settings allow")
def _(stage: Stage) -> None:
    stage.emulator.fault("status", status=429, retry_after_s=900)
    stage.config["neetocal:maxAttempts"] = "2"
    stage.create()


@_example(errors.TransportError, "the time that `customTimeouts` give an operation of the native provider is over")
def _(stage: Stage) -> None:
    with operation_context(1e-9, Event()):
        stage.create()


@_example(errors.TransportError, "a run of the native provider is cancelled while neetoCal asks for a pause")
def _(stage: Stage) -> None:
    stage.emulator.fault("status", status=429, retry_after_s=9)
    stage.config["neetocal:maxAttempts"] = "1"
    with suppress(Exception):
        stage.create()  # is told to pause
    cancelled = Event()
    cancelled.set()
    with operation_context(0, cancelled):
        stage.create()


@_example(errors.AuthenticationError, "the key is wrong")
def _(stage: Stage) -> None:
    stage.config["neetocal:apiKey"] = "wrong"
    stage.create()


@_example(errors.AuthenticationError, "the key that the last `pulumi up` recorded is refused")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.config["neetocal:apiKey"] = "wrong"
    stage.provider.read(sid, outputs)


@_example(errors.AuthenticationError, "that key is refused, and so is NEETOCAL_API_KEY")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.config["neetocal:apiKey"] = "wrong"
    with _environment(NEETOCAL_API_KEY="wrong-as-well"):
        stage.provider.read(sid, outputs)


def _looked_up(stage: Stage, **arguments: Any) -> None:
    _found(stage, "getTeamMember", **arguments)


@_example(errors.NeetoCalError, "a function of the native provider gets an argument that it does not have")
def _(stage: Stage) -> None:
    _looked_up(stage, emial="ada@acme.example")


@_example(errors.NeetoCalError, "a function of the native provider gets a value of the wrong type")
def _(stage: Stage) -> None:
    _looked_up(stage, email=1)


@_example(errors.NeetoCalError, "a function of the native provider lacks an argument")
def _(stage: Stage) -> None:
    _looked_up(stage)


def _found(stage: Stage, function: str, **arguments: Any) -> None:
    invoke(LookupCache(stage.client, lambda _: None), function, arguments)


@_example(errors.NeetoCalError, "a program looks up an availability by what can't be its id")
def _(stage: Stage) -> None:
    _found(stage, "getAvailability", id="../meetings")


@_example(errors.NeetoCalError, "a program looks up an availability that does not exist")
def _(stage: Stage) -> None:
    _found(stage, "getAvailability", id="3f1d")


@_example(errors.NeetoCalError, "a program lists the availabilities of nobody")
def _(stage: Stage) -> None:
    _found(stage, "listAvailabilities", email="")


@_example(errors.NeetoCalError, "a program lists slots with invalid arguments")
def _(stage: Stage) -> None:
    _found(stage, "listSlots", link="8r3rs2k", month="12", time_zone="Europe/Lisbonn")


@_example(errors.NeetoCalError, "a program lists slots of a link that does not exist")
def _(stage: Stage) -> None:
    _found(stage, "listSlots", link="8r3rs2k", month="2026-12", time_zone="UTC")


@_example(errors.NeetoCalError, "a link that was created a moment ago is not found")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.emulator.remove_meeting(sid)
    stage.provider.read(sid, outputs)


@_example(errors.NotFoundError, "a link that is to be changed is gone")
def _(stage: Stage) -> None:
    stage.emulator.clock(offset_s=-3600)  # not a new one, which might only not be found yet
    sid, outputs = stage.create()
    stage.emulator.remove_meeting(sid)
    stage.provider.update(sid, outputs, {**LINK, "kind": "one_on_one", "name": "Introduction"})


@_example(errors.NotFoundError, "a link that is to be changed is answered as deleted")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    with stage.answered({**ODD, "sid": sid, "deleted_at": "2026-01-01T00:00:00Z"}):
        stage.provider.update(sid, {**outputs, "url": "", "name": "Before"}, LINK)


@_example(errors.ConflictError, "a request contradicts what exists")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.emulator.fault("status", status=409, method="PATCH")
    stage.provider.update(sid, outputs, {**LINK, "name": "Introduction"})


@_example(errors.InvalidRequestError, "neetoCal refuses a value")
def _(stage: Stage) -> None:
    stage.create(hosts=["nobody@acme.example"])


@_example(errors.RefusedError, "a host has left neetoCal, and an update of something else must send all hosts along")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.emulator.switch(unknown_hosts="accepted")
    stage.emulator.edit_meeting(sid, hosts=["ada@acme.example", "gone@acme.example"])
    stage.emulator.switch(unknown_hosts="refused")
    stage.provider.update(sid, outputs, {**LINK, "name": "Introduction"})


@_example(errors.RateLimitedError, "neetoCal refuses to work for now, at the last attempt too")
def _(stage: Stage) -> None:
    stage.emulator.fault("status", status=429, retry_after_s=0)
    stage.create()


@_example(errors.ServerError, "neetoCal fails")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.emulator.fault("status", status=500, method="PATCH")
    stage.provider.update(sid, outputs, {**LINK, "name": "Introduction"})


@_example(errors.UnexpectedResponseError, "another link is answered than the one that was asked for")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    with stage.answered(ODD):
        stage.provider.read(sid, outputs)


@_example(errors.UnexpectedResponseError, "a field of the answer is not what it should be")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    with stage.answered({**ODD, "sid": sid, "duration": "long", "disabled": "no"}):
        stage.provider.read(sid, outputs)


@_example(errors.UnexpectedResponseError, "the answer is nested beyond all measure")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    with stage.answered("[" * 100 + "]" * 100):
        stage.provider.read(sid, outputs)


@_example(errors.UnexpectedResponseError, "the answer quotes the API key")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.config["neetocal:apiKey"] = "a-key-of-sixteen-characters-or-more"
    with stage.answered({**ODD, "sid": sid, "description": stage.config["neetocal:apiKey"]}):
        stage.provider.read(sid, outputs)


@_example(errors.UnexpectedResponseError, "something else answers at the address, such as a page to log in")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    with stage.answered(HTML):
        stage.provider.read(sid, outputs)


@_example(errors.UnexpectedResponseError, "the address leads to another one")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    with stage.answered("", status=302, Location="https://www.neetocal.com"):
        stage.provider.read(sid, outputs)


@_example(errors.UnexpectedResponseError, "something in between does not let such a request pass")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    with stage.answered("", status=405):
        stage.provider.read(sid, outputs)


@_example(errors.UnexpectedResponseError, "an answer is JSON, but no link")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    with stage.answered({"meeting": {"name": "Intro"}}):
        stage.provider.read(sid, outputs)


@_example(errors.UnexpectedResponseError, "the state holds an id that is none")
def _(stage: Stage) -> None:
    _sid, outputs = stage.create()
    stage.provider.read("../team-members", outputs)


@_example(errors.UnexpectedResponseError, "the recorded id of a link holds what no id can")
def _(stage: Stage) -> None:
    _sid, outputs = stage.create()
    stage.provider.read("8r3rs2k?", outputs)


@_example(errors.UnexpectedResponseError, "a list does not come to an end")
def _(stage: Stage) -> None:
    stage.config["neetocal:maxRequestsPerSecond"] = "999999"
    pages = [{"meetings": [{**ODD, "sid": sid}], "pagination": {"total_pages": 10**9}} for sid in "ab" * 1001]
    with stage.answered(*pages), closing(stage.client) as client:
        SCHEDULING_LINK.collection(client).find({"slug": "intro"})


@_example(errors.AnswerLostError, "the answer to a new duration or place is lost each time")
def _(stage: Stage) -> None:
    sid, _outputs = stage.create()
    stage.emulator.fault("cut", method="POST", path="/meetings/*/spots", moment="before")
    stage.provider.update(sid, {**LINK, **_outputs}, {**LINK, "spots": [{"spot": "zoom", "is_default": True}]})


@_example(errors.RefusedError, "another link has the slug")
def _(stage: Stage) -> None:
    stage.create()
    stage.create(name="Another")


@_example(errors.RefusedError, "another link has the slug, and neetoCal doesn't return which")
def _(stage: Stage) -> None:
    stage.create()
    stage.emulator.fault("status", status=403, method="GET", path="/meetings")
    stage.create()


@_example(errors.RefusedError, "the slug is taken, but by no link that can be seen")
def _(stage: Stage) -> None:
    sid, outputs = stage.create(force_destroy=True)
    stage.book()
    stage.provider.delete(sid, outputs)
    stage.create()


@_example(errors.RefusedError, "a link with upcoming bookings is to be deleted")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.book()
    stage.provider.delete(sid, outputs)


@_example(errors.NotAppliedError, "neetoCal accepts a new link, and makes it otherwise")
def _(stage: Stage) -> None:
    with stage.answered({"meeting": {**ODD, "slug": "intro", "name": "Intro", "duration": 45}}):
        stage.create()


@_example(errors.NotAppliedError, "neetoCal accepts a change, and does not make it")
def _(stage: Stage) -> None:
    sid, outputs = stage.create()
    stage.provider.update(sid, outputs, {**HOSTED, **LINK, "is_multiple_spots_allowed": True})


@_example(click.ClickException, "the command finds no workspace to export")
def _(_stage: Stage) -> None:
    commands.main.main(["export", "--quiet"], standalone_mode=False)


@_example(click.ClickException, "the command is to export what version 1 of the API doesn't have")
def _(_stage: Stage) -> None:
    with _environment(NEETOCAL_WORKSPACE="acme", NEETOCAL_API_KEY="acme-demo-key"):
        commands.main.main(["export", "--kind", "meeting-template", "--api-version", "v1"], standalone_mode=False)


@_example(click.ClickException, "the command would overwrite a file")
def _(_stage: Stage) -> None:
    with _folder_with("scheduling_links.py"):
        commands.main.main(["export"], standalone_mode=False)


@_example(click.ClickException, "the plugin is to be installed without an engine")
def _(_stage: Stage) -> None:
    with _environment(PATH=""):
        commands.main.main(["plugin", "install"], standalone_mode=False)


@_example(errors.RefusedError, "the API is to be verified beside other links")
def _(stage: Stage) -> None:
    stage.create()
    with closing(stage.client) as client:
        verify(client)


@_example(errors.RefusedError, "the API is to be verified where no member is active")
def _(stage: Stage) -> None:
    with stage.answered({"meetings": []}, {"meetings": []}, {"team_members": []}), closing(stage.client) as client:
        verify(client)


@_example(click.BadParameter, "a team's name cannot be that of a file")
def _(_stage: Stage) -> None:
    commands.main.main(["export", "--team", "../x"], standalone_mode=False)


def _in_program(stage: Stage, act: Callable[[], object]) -> None:
    """
    Do something as a program of the stack does it, in which only the environment has settings.
    """

    def run_program() -> None:
        configure(RunSettings("links", "dev", monitor=stage))  # any object: nothing is registered
        with _environment(**{SETTINGS[name].variable: stage.config[SETTINGS[name].config_key] for name in _GIVEN}):
            act()

    copy_context().run(run_program)


_GIVEN = ("workspace", "api_key", "base_url", "max_attempts")


def _provider() -> neetocal_provider.Provider:
    """
    Return what is looked at of a provider that a program has declared.
    """
    provider = neetocal_provider.Provider.__new__(neetocal_provider.Provider)
    provider.package, provider._name = "pulumi-python", "eu"
    return provider


@_example(pulumi.RunError, "two providers of one workspace are to make links with the same slug")
def _(stage: Stage) -> None:
    class Unchecked(Mocks):
        def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
            return args.name, args.inputs

    def declare() -> None:
        neetocal_provider.SchedulingLink("sales", **LINK)
        neetocal_provider.native.SchedulingLink("support", **LINK)

    _in_program(stage, lambda: Unchecked().run(declare))


@_example(pulumi.RunError, "a link is given a provider of the other import")
def _(stage: Stage) -> None:
    options = pulumi.ResourceOptions(provider=_provider())
    _in_program(stage, lambda: refuse_foreign("'intro'", TYPE, options))


@_example(pulumi.RunError, "the engine does not find the plugin of the native provider")
def _(stage: Stage) -> None:
    def declare() -> None:
        Path("Pulumi.yaml").write_text("name: links\n", encoding="utf-8")
        os.environ.update(PATH="", PULUMI_HOME="none")
        refuse_foreign("'intro'", TYPE, None)

    with _folder_with("Pulumi.yaml"):
        _in_program(stage, declare)


@_example(pulumi.RunError, "a program looks up a template that is not there")
def _(stage: Stage) -> None:
    _in_program(stage, lambda: neetocal_provider.get_meeting_template(name="Intro cal"))


@_example(pulumi.RunError, "a program looks up a template by a name that several have")
def _(stage: Stage) -> None:
    with closing(stage.client) as client:
        for slug in ("one", "two"):
            MEETING_TEMPLATE.collection(client).create({"slug": slug, "name": "Twin", "duration": 30})
    _in_program(stage, lambda: neetocal_provider.get_meeting_template(name="Twin"))


@_example(pulumi.RunError, "a program looks up a team member who is not there")
def _(stage: Stage) -> None:
    _in_program(stage, lambda: neetocal_provider.get_team_member(email="adda@acme.example"))


@_example(pulumi.RunError, "a program looks up a link that is not there")
def _(stage: Stage) -> None:
    stage.create()
    _in_program(stage, lambda: neetocal_provider.get_scheduling_link(slug="intr"))


@_example(pulumi.RunError, "a program does not say what to look up")
def _(stage: Stage) -> None:
    _in_program(stage, neetocal_provider.get_scheduling_link)


@_example(pulumi.RunError, "a program looks something up without settings")
def _(stage: Stage) -> None:
    stage.config["neetocal:workspace"] = ""
    _in_program(stage, neetocal_provider.list_team_members)


@_example(pulumi.RunError, "a lookup is given a provider whose settings are known only later")
def _(stage: Stage) -> None:
    def look() -> None:
        provider = _provider()
        provider._plain_settings, provider._settings = None, pulumi.Output.__new__(pulumi.Output)
        neetocal_provider.list_team_members(opts=pulumi.InvokeOptions(provider=provider))

    _in_program(stage, look)


def _under_engine(**answer: Any) -> None:
    """
    Look something up through the native provider, with an engine that gives this answer.
    """
    response = resource_pb2.ResourceInvokeResponse(**answer)
    configure(RunSettings("links", "dev", monitor=SimpleNamespace(Invoke=lambda _request: response)))
    neetocal_provider.native.get_team_member(email="adda@acme.example")


@_example(pulumi.RunError, "a lookup of the native provider is given a provider whose settings are known only later")
def _(_stage: Stage) -> None:
    copy_context().run(_under_engine)


@_example(pulumi.RunError, "a lookup of the native provider fails")
def _(stage: Stage) -> None:
    try:
        _looked_up(stage, email="adda@acme.example")
    except errors.NeetoCalError as error:
        copy_context().run(_under_engine, failures=[provider_pb2.CheckFailure(reason=str(error))])


@_example(pulumi.RunError, "a lookup is given a provider that is none of ours")
def _(stage: Stage) -> None:
    other = pulumi.ProviderResource.__new__(pulumi.ProviderResource)
    other.package = "pulumi-python"
    options = pulumi.InvokeOptions(provider=other)
    _in_program(stage, lambda: neetocal_provider.list_team_members(opts=options))


@_example(pulumi.RunError, "a unit test declares what a preview refuses")
def _(_stage: Stage) -> None:
    arguments = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 3000}
    Mocks().new_resource(pulumi.runtime.MockResourceArgs(f"{TYPE}SchedulingLink", "intro", arguments, custom=True))


@_example(pulumi.RunError, "a unit test looks up an availability that it does not give")
def _(_stage: Stage) -> None:
    Mocks().call(pulumi.runtime.MockCallArgs(f"{TYPE}getAvailability", {"id": "3f1d"}, ""))


@_example(pulumi.RunError, "a unit test reads a link that it does not give")
def _(_stage: Stage) -> None:
    read = pulumi.runtime.MockResourceArgs(f"{TYPE}SchedulingLink", "intro", {}, resource_id="abc123")
    Mocks().new_resource(read)


def _under_failing_mocks(get_team_member: Callable[..., Any]) -> None:
    class Failing(Mocks):
        def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
            return {}, [("email", f"{args.args['email']} is no member.")]

    configure(RunSettings("links", "dev", monitor=MockMonitor(Failing())))
    get_team_member(email="adda@acme.example")


@_example(pulumi.RunError, "the mocks of a unit test let a lookup fail")
def _(_stage: Stage) -> None:
    copy_context().run(_under_failing_mocks, neetocal_provider.get_team_member)


@_example(pulumi.RunError, "the mocks of a unit test let a lookup of the native provider fail")
def _(_stage: Stage) -> None:
    copy_context().run(_under_failing_mocks, neetocal_provider.native.get_team_member)


@_example(pulumi.RunError, "a team's description cannot be")
def _(_stage: Stage) -> None:
    shape = {"name": "{nam}", "duration": 30}
    neetocal_provider.TeamLinks("sales", members=["ada@acme.example"], member_links={"intro": shape})  # type: ignore[dict-item]


@_example(pulumi.RunError, "a team is given a member that is none")
def _(_stage: Stage) -> None:
    neetocal_provider.TeamLinks("sales", members=[7])  # type: ignore[list-item]


@_example(pulumi.RunError, "a config of teams cannot be")
def _(_stage: Stage) -> None:
    neetocal_provider.declare_teams({"sales": {"members": ["ada@acme.example"], "linkz": {}}})


@_example(errors.ConfigError, "a team that a program in another language declares cannot be")
def _(_stage: Stage) -> None:
    demo = {"name": "Demo of {member}", "duration": 0, "members": ["adda"]}
    inputs = to_struct({"members": ["ada@acme.example"], "links": {"demo": demo}})
    TeamArguments(provider_pb2.ConstructRequest(name="sales", inputs=inputs))


WAYS_OUT: dict[type[Exception], str] = {
    errors.NeetoCalError: "Do what the message says; the causes have little in common.",
    errors.ConfigError: "Correct the settings that it names, in the stack config or in the environment.",
    errors.TransportError: "Do what the message says: fix the network or the address, wait, or allow more time. Then "
    "run the command again.",
    errors.UnexpectedResponseError: "Check whether a proxy, a login page or another service answers. If the address "
    "is right, report the message: the API has changed, or the provider has a bug.",
    errors.AnswerLostError: "Run the command again; what is there already is looked up first.",
    errors.RefusedError: "Choose one of the options that the message names. Nothing was changed in neetoCal.",
    errors.NotAppliedError: "Set the argument to the value that the link has, or change the link in the web app. The "
    "state matches neetoCal.",
    pulumi.RunError: "Correct the program or the config, or run the command that the message names.",
    click.ClickException: "Correct what the message names. Only `doctor` reads the stack config; other commands read "
    "flags and the environment.",
    click.BadParameter: "Correct the flag.",
}
"""What to do about a kind of error that has no `advice` of its own."""

BAD_SETTINGS: dict[str, str | None] = {
    "workspace": None,
    "api_key": "two words",
    "base_url": "http://acme.neetocal.com",
    "api_version": "v3",
    "adopt": "perhaps",
    "max_attempts": "0",
    "timeout": "long",
    "max_requests_per_second": "all",
    "log": "verbose",
}

ARGUMENTS: dict[str, list[Any]] = {
    "slug": ["Intro Call", "-intro"],
    "name": [" ", 3],
    "hosts": [[], ["ada"], "ada@acme.example"],
    "duration": [0, "long"],
    "template_id": [" "],
    "description": [3],
    "kind": ["solo"],
    "start_time_increment": [1],
    "before_buffer_time": [1441],
    "after_buffer_time": [-1],
    "is_multiple_durations_allowed": ["yes"],
    "is_multiple_spots_allowed": ["yes"],
    "spot": ["zom", "phone_call"],
    "spot_phone_call_number": [3],
    "spot_custom_text": [3],
    "spot_in_person_location": [3],
    "locked_time_zone": ["Lisbon"],
    "durations": [[], [{"duration": 30}], [{"duration": 0, "is_default": True}], [{"minutes": 30, "is_default": True}]],
    "spots": [[{"spot": "custom", "is_default": True}]],
    "force_destroy": ["yes"],
    "adopt": ["yes"],
}


# Running them

_NUMBERS = itertools.count()


def run(example: Example, emulator: Emulator) -> Outcome:
    """
    Run an example on a fresh emulator and return what it says, with what differs from run to run made the same.
    """
    emulator.renew()
    stage = Stage(emulator, next(_NUMBERS))
    reasons: list[str] = []
    try:
        with _environment(), redirect_stderr(StringIO()), closing(stage):
            _as_host(example, stage, reasons)
    except Exception as error:
        raised = list(_chain(error))
        if not any(type(each) is example.kind for each in raised):
            raise
        text = _listed(reasons) if reasons else _shown(error)
        return Outcome(_steady(text), frozenset(site for each in raised for site in _site(each)))
    raise AssertionError(f"nothing was raised when {example.when}")


def _as_host(example: Example, stage: Stage, reasons: list[str]) -> None:
    """
    Run an example as Pulumi's host would, in whose frame the provider looks for `request` and `context`.
    """

    def take(metadata: tuple[tuple[str, bytes]]) -> None:
        failed = provider_pb2.ErrorResourceInitFailed()
        status_pb2.Status.FromString(metadata[0][1]).details[0].Unpack(failed)
        reasons.extend(failed.reasons)

    def abort(_code: grpc.StatusCode, details: str) -> None:
        raise RuntimeError(details)

    request, context = SimpleNamespace(urn=""), SimpleNamespace(set_trailing_metadata=take, abort=abort)
    example.act(stage)
    del request, context


def _listed(reasons: list[str]) -> str:
    """
    Return reasons as the engine shows them.
    """
    return "\n".join(
        [f"{len(reasons)} error{'s' if len(reasons) > 1 else ''} occurred:", *(f"* {each}" for each in reasons)]
    )


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """
    Let no setting, and of proxies these alone, be in the environment.
    """
    kept = dict(os.environ)
    for name in list(os.environ):
        if name.startswith("NEETOCAL_") or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def _folder_with(name: str) -> Iterator[None]:
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        Path(name).touch()
        try:
            yield
        finally:
            os.chdir(before)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = [error]
    for each in seen:
        yield each
        seen += [cause for cause in (each.__cause__, each.__context__) if cause is not None and cause not in seen]


def _site(error: BaseException) -> Iterator[tuple[str, int]]:
    frames = traceback.extract_tb(error.__traceback__, limit=1000)
    if frames:
        path = Path(frames[-1].filename)
        yield _in_package(path) if path.is_relative_to(_PACKAGE) else path.name, frames[-1].lineno or 0


_PACKAGE = Path(inspect.getfile(neetocal_provider)).parent


def _in_package(path: Path) -> str:
    return path.relative_to(_PACKAGE).as_posix()


def _shown(error: Exception) -> str:
    if isinstance(error, click.ClickException):
        return f"Error: {error.format_message()}"
    return "".join(traceback.format_exception_only(error)).strip().removeprefix("neetocal_provider.errors.")


def _steady(text: str) -> str:
    for sid in re.findall(r"meetings/(\w+)|\(([a-z0-9]{7})\)|link ([a-z0-9]{7}) ", text):
        text = text.replace(next(filter(None, sid)), "8r3rs2k")
    for number, uuid in enumerate(dict.fromkeys(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", text))):
        text = text.replace(uuid, f"cc98d282-4cf6-414d-ba58-53fa94b9bca{number}")
    text = text.replace(str(scripts()), ".venv/bin")
    text = re.sub(r"another \d+ seconds", "another 900 seconds", text)
    text = re.sub(r"created it \d+ seconds", "created it 3 seconds", text)
    return re.sub(r"http://127\.0\.0\.1:\d{2,}", "http://127.0.0.1:8470", text)


def raise_sites() -> set[tuple[str, int]]:
    """
    Return file, in any folder of the provider, and line of each statement that raises an error which users see.
    """
    return {
        (_in_package(path), node.lineno)
        for path in _PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and _is_ours(node.exc)
    }


_INTERNAL = re.compile(r"AssertionError|AttributeError|TypeError|TimeoutError|InconclusiveError|_Sentence|httpx\.")
"""What is raised for ourselves, and turned into one of the others; and what any object of Python's raises."""


def _is_ours(raised: ast.expr | None) -> bool:
    return isinstance(raised, ast.Call) and not _INTERNAL.match(ast.unparse(raised.func))


# The page


def with_errors(page: str) -> str:
    """
    Return a page with the part between the marks made anew.
    """
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    return f"{before}{_BEGIN}\n{_catalogue()}\n{_END}{after}"


def _catalogue() -> str:
    with Emulator() as emulator:
        outcomes = {example.when: run(example, emulator).text for example in EXAMPLES}
    parts = []
    for kind in dict.fromkeys(example.kind for example in EXAMPLES):
        parts.append(f"### {kind.__name__}\n\n{_meaning(kind)}\n\nWhat to do: {_way_out(kind)}\n")
        parts += [_shown_example(example.when, outcomes[example.when]) for example in EXAMPLES if example.kind is kind]
    return "\n".join([*parts, settings_table(), arguments_table()])


def _meaning(kind: type[Exception]) -> str:
    if issubclass(kind, errors.NeetoCalError):
        return (inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " ").strip()
    return f"Raised {'in a program' if kind is pulumi.RunError else 'by the command `neetocal-provider`'}."


def _way_out(kind: type[Exception]) -> str:
    return getattr(kind, "advice", "") or WAYS_OUT[kind]


def _shown_example(when: str, text: str) -> str:
    return f"When {when}:\n\n```text\n{text}\n```\n"


def settings_table() -> str:
    """
    Return the part of the page on settings.
    """
    rows = [f"| `{SETTINGS[name].config_key}` | {_cell(_setting_problem(name))} |" for name in BAD_SETTINGS]
    head = "### Settings\n\nTold in the preview, all at once, for each resource.\n\n| Setting | Example |\n|---|---|\n"
    return head + "\n".join(rows) + "\n"


def _setting_problem(name: str) -> str:
    good = {"neetocal:workspace": "acme", "neetocal:apiKey": "acme-0123456789"}
    config = {**good, SETTINGS[name].config_key: BAD_SETTINGS[name]}
    with _environment():
        try:
            load_settings(config.get)
        except errors.ConfigError as error:
            return str(error)
    raise AssertionError(name)


def arguments_table() -> str:
    """
    Return the part of the page on arguments.
    """
    rows = [
        f"| `{name}` | `{json.dumps(value)}` | {_cell(reason)} |"
        for name, values in ARGUMENTS.items()
        for value in values
        for reason in _reasons(name, value)
    ]
    head = (
        "### Arguments\n\nTold in the preview, all at once, as `property duration value {0} has a problem: …`.\n\n"
        "| Argument | Value | Problem |\n|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def _reasons(name: str, value: Any) -> list[str]:
    return [
        failure.reason for failure in check(SCHEDULING_LINK, {**LINK, name: value}, "v2") if failure.property == name
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(with_errors(target.read_text(encoding="utf-8")), encoding="utf-8")
