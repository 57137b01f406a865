"""
What a process imports before its first request, and with it: modules are named and counted, since time isn't stable.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

import neetocal_provider
from neetocal_emulator import Emulator
from neetocal_provider import native
from neetocal_provider.scheduling_link import SchedulingLinkProvider


def ours(*names: str) -> set[str]:
    """
    Return modules of the provider by their absolute names; one that doesn't exist would never be imported either.
    """
    modules = {f"neetocal_provider.{name}" for name in names}
    assert [module for module in modules if find_spec(module) is None] == []
    return modules


REQUESTS = {"httpx", "stamina", "tenacity", "http.cookiejar", *ours("api.connection")}
"""What comes with the first request."""

NEVER = {"click", "rich", "pygments", "jsonschema", "zoneinfo", "difflib"}
"""What no declared link needs: the first three are httpx's own command line, if it can import them."""

OTHER_RESOURCES = ours(
    "team_links", "teams", "lookups", "resources.lookups", "cli.export", "meeting_template", "native"
)

SERVING = ours("dynamic.calls", "dynamic.host", "core.operations", "api.client", "api.objects")
"""What answers the host's calls."""

LINK = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}


def imported(code: str) -> set[str]:
    """
    Return the modules that a new process imports by some code, without those of `import pulumi`.
    """
    began, end = (
        "import json, pulumi, sys\nbefore = {*sys.modules}",
        "print(json.dumps([*sys.modules.keys() - before]))",
    )
    command = f"{began}\n{code}\n{end}"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    return {*json.loads(done.stdout)}


def in_packages(modules: set[str], names: set[str]) -> list[str]:
    """
    Return the modules that have one of these names or are below one.
    """
    return sorted(module for module in modules if any(f"{module}.".startswith(f"{name}.") for name in names))


def test_a_program_imports_what_it_names() -> None:
    """
    A link is declared without other resources, without what the host runs, and without anything that sends requests.
    """
    found = imported("from neetocal_provider import SchedulingLink")

    assert in_packages(found, REQUESTS | NEVER | OTHER_RESOURCES | SERVING) == []
    assert len(found) <= 33


def test_a_native_program_imports_what_it_names() -> None:
    """
    The same holds under the native provider.
    """
    found = imported("from neetocal_provider.native import SchedulingLink")

    assert in_packages(found, REQUESTS | NEVER | (OTHER_RESOURCES - ours("native")) | SERVING) == [
        "neetocal_provider.meeting_template"
    ]
    assert len(found) <= 41


def test_the_plugin_imports_what_it_serves() -> None:
    """
    The process of the native provider needs no resource class of a program before a team is declared in another
    language, and nothing of requests yet.
    """
    found = imported("import neetocal_provider.native.plugin")
    programs = {*ours("scheduling_link", "team_links", "teams", "lookups", "sdk.resource", "native.components")}
    programs.add("pulumi.provider.server")

    assert in_packages(found, REQUESTS | NEVER | programs) == []
    assert len(found) <= 59


class Host:
    """
    A process of Pulumi's dynamic host that writes each module it imports to a file.
    """

    def __init__(self, stub: ResourceProviderStub, log: Path) -> None:
        self._stub = stub
        self._log = log

    def ask(self, method: str, request: Any) -> Any:
        """
        Call a method as the engine does.
        """
        return getattr(self._stub, method)(request, timeout=60)

    def imported(self) -> set[str]:
        """
        Return the modules that calls have imported: those from the first module of this package on.
        """
        lines = [line for line in self._log.read_text().splitlines() if line.startswith("import time:")]
        names = [line.rpartition("|")[2].strip() for line in lines]
        return {*names[names.index("neetocal_provider.lazy") :]}


@contextmanager
def host(environment: Mapping[str, str], log: Path) -> Iterator[Host]:
    """
    Run the dynamic host.
    """
    command = [sys.executable, "-u", "-X", "importtime", "-m", "pulumi.dynamic"]
    with (
        log.open("w") as errors,
        subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        assert process.stdout
        address = f"127.0.0.1:{int(process.stdout.readline())}"
        with grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
            yield Host(ResourceProviderStub(channel), log)
        process.kill()


def test_the_host_imports_what_its_calls_need(
    emulator: Emulator, neetocal_environment: dict[str, str], tmp_path: Path
) -> None:
    """
    A preview loads nothing that sends requests; the first request loads httpx without its command line, and stamina.
    """
    declared = {**LINK, PROVIDER_KEY: serialize_provider(SchedulingLinkProvider())}
    link, old = (ParseDict({**declared, **other}, Struct()) for other in ({}, {"duration": 45, "workspace": "acme"}))
    with host(neetocal_environment, tmp_path / "imports.log") as served:
        served.ask("Configure", provider_pb2.ConfigureRequest())
        checked = served.ask("Check", provider_pb2.CheckRequest(news=link))
        served.ask("Diff", provider_pb2.DiffRequest(id="8r3rs2k", olds=old, news=link))
        previewed = served.imported()
        served.ask("Create", provider_pb2.CreateRequest(properties=link))
        sent = served.imported()

    assert [*checked.failures] == []
    assert in_packages(previewed, REQUESTS | NEVER | OTHER_RESOURCES) == []
    assert len(previewed) <= 59
    assert previewed >= SERVING
    assert len(emulator.meetings()) == 1
    assert sent >= REQUESTS
    assert in_packages(sent, NEVER | OTHER_RESOURCES) == []
    assert len(sent) <= 180  # those of httpx and stamina


@pytest.mark.parametrize("package", [neetocal_provider, native])
def test_the_names_that_are_loaded_late_are_those_that_type_checkers_see(package: Any) -> None:
    """
    Each public name is the object that the module defines from which type checkers import it, and `dir` lists it.
    """
    tree = ast.parse(inspect.getsource(package))
    typed = next(node for node in tree.body if isinstance(node, ast.If)).body
    seen = {alias.name: str(node.module) for node in typed if isinstance(node, ast.ImportFrom) for alias in node.names}

    assert {*seen, "__version__"} == {*package.__all__}
    assert {*package.__all__} <= {*dir(package)}
    for name, module in seen.items():
        assert getattr(package, name) is getattr(sys.modules[module], name)


def test_a_name_that_there_is_not_is_an_error() -> None:
    """
    As of any module, so that `hasattr` and imports of submodules work.
    """
    with pytest.raises(AttributeError, match="module 'neetocal_provider' has no attribute 'SchedulingLinks'"):
        neetocal_provider.SchedulingLinks  # type: ignore[attr-defined]  # noqa: B018 - the access is what is tested
    with pytest.raises(ImportError, match="SchedulingLinks"):
        exec("from neetocal_provider import SchedulingLinks")  # noqa: S102 - type checkers refuse it otherwise


def test_a_star_import_and_modules_work_as_without_delay() -> None:
    """
    A star import takes every public name, and a module that defines one is an attribute of the package.
    """
    code = "import neetocal_provider\nneetocal_provider.team_links.TeamLinks\nfrom neetocal_provider import *\n"

    assert in_packages(imported(f"{code}[TeamLinks, get_team_member]"), ours("lookups"))
