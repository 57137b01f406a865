"""
A stack under test: a copy of a Pulumi program with a backend of its own, driven through the command line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from neetocal_provider.resources.registry import RESOURCE_TYPES

Changes = dict[str, int]
"""How many resources of neetoCal a run touched, by what it did to them: create, same, update, replace, delete, …"""

_PARTS_OF_A_REPLACEMENT = {"create-replacement", "delete-replaced", "discard-replaced"}


HOSTS = ("dynamic", "native")
"""What programs can run under: Pulumi's dynamic host, or our own plugin."""

_HOST = ContextVar("host", default=HOSTS[0])

_PLUGINS = f"""
plugins:
  providers:
    - name: neetocal
      path: {Path(sys.executable).parent}
"""


def _at(backend: Path) -> dict[str, str]:
    """
    Return the environment in which the engine keeps its states in a folder, in it the stack `test`.
    """
    return {
        **os.environ,
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_STACK": "test",
    }


@cache
def _new_stack(project: str) -> Mapping[str, bytes]:
    """
    Return the files that `pulumi stack init` makes for a project, in `program` and `state`.

    It takes half a second, and nearly every test begins with it.
    """
    with TemporaryDirectory() as name:
        folder, backend = Path(name, "program"), Path(name, "state")
        folder.mkdir()
        backend.mkdir()
        (folder / "Pulumi.yaml").write_text(project)
        subprocess.run(
            ["pulumi", "stack", "init", "test", "--non-interactive"],
            cwd=folder,
            env=_at(backend),
            check=True,
            capture_output=True,
        )
        return {str(path.relative_to(name)): path.read_bytes() for path in Path(name).rglob("*") if path.is_file()}


@contextmanager
def stacks_under(host: str) -> Iterator[None]:
    """
    Let programs import our names from the package of this host; the rest of them is the same.
    """
    token = _HOST.set(host)
    try:
        yield
    finally:
        _HOST.reset(token)


class Stack:
    """
    Runs the Pulumi engine on a program in a temporary folder.

    After `up` a preview must be quiet: whatever a run leaves behind, the next one has nothing to do.

    Attributes:
        folder: of the program; `backend` is the one of the state.

        steps: operation and resource name of every step on a link in the last run, in the engine's order.

        said: what the engine and the provider said during the last run.
    """

    def __init__(self, program: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder, self.backend = folder / "program", folder / "state"
        shutil.copytree(program, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        self._environment = {**_at(self.backend), **environment}
        # A file: processes that outlive a killed engine keep a pipe open.
        self._told = self.folder / "told.txt"
        self.steps: list[tuple[str, str]] = []
        self.said = ""
        self.host = _HOST.get()
        project = self.folder / "Pulumi.yaml"
        for path, content in _new_stack(project.read_text()).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        project.write_text(f"{project.read_text()}{_PLUGINS}")

    def move_program(self, host: str) -> None:
        """
        Let the program run under a host from now on: only what it imports changes.
        """
        self.host = host
        package = {"dynamic": "neetocal_provider", "native": "neetocal_provider.native"}[host]
        for file in self.folder.glob("*.py"):
            text = file.read_text()
            file.write_text(
                re.sub(r"^(from|import) neetocal_provider(\.native)?(?=\s)", rf"\1 {package}", text, flags=re.M)
            )

    def declare(self, **links: Mapping[str, Any]) -> None:
        """
        Make these the links of the program; a name is the resource's.
        """
        (self.folder / "links.json").write_text(json.dumps(links))

    def config(self, key: str, value: str, *options: str) -> None:
        """
        Set a value of the stack config; without options it is written as the engine would write it.
        """
        if options:
            self._pulumi("config", "set", key, value, *options)
            return
        file = self.folder / "Pulumi.test.yaml"
        settings = yaml.safe_load(file.read_text())
        project = yaml.safe_load((self.folder / "Pulumi.yaml").read_text())["name"]
        settings.setdefault("config", {})[key if ":" in key else f"{project}:{key}"] = value
        file.write_text(yaml.safe_dump(settings))

    def environment(self, **variables: str | None) -> None:
        """
        Set, or with None remove, environment variables of the runs to come.
        """
        for name, value in variables.items():
            self._environment.pop(name, None)
            if value is not None:
                self._environment[name] = value

    def up(self, *options: str) -> Changes:
        """
        Deploy, and make sure that nothing is left to do.
        """
        changes = self.deploy(*options)
        self.expect_quiet()
        return changes

    def deploy(self, *options: str) -> Changes:
        """
        Deploy, whatever is left to do afterwards.
        """
        return self._run("up", "--yes", "--skip-preview", *options)

    def attempt(self, *options: str) -> str:
        """
        Deploy, whether that works or not, and return what the user sees of a failure; empty where there is none.
        """
        return self.attempted("up", "--yes", "--skip-preview", *options)

    def preview(self, *options: str) -> Changes:
        """
        Return what a deployment would do.
        """
        return self._run("preview", *options)

    def refresh(self, *options: str) -> Changes:
        """
        Take over into the state what has become of the links.
        """
        return self._run("refresh", "--yes", "--skip-preview", *options)

    def destroy(self, *options: str) -> Changes:
        """
        Remove all links.
        """
        return self._run("destroy", "--yes", "--skip-preview", *options)

    def expect_quiet(self) -> None:
        """
        Fail unless a preview has nothing to do.
        """
        steps, said = self.steps, self.said
        self.preview("--expect-no-changes")
        self.steps, self.said = steps, said

    def fails(self, *command: str) -> str:
        """
        Run a command of the engine that must fail and return what the user sees of it.
        """
        done = self._call(*command, "--non-interactive")
        if done.returncode == 0:
            pytest.fail(f"pulumi {' '.join(command)} was expected to fail, but said: {done.stdout}")
        return done.stdout + done.stderr

    def shows(self, *command: str) -> str:
        """
        Run a command of the engine that must succeed and return what the user sees of it.
        """
        return self._pulumi(*command)

    @contextmanager
    def started(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """
        Start a command of the engine, as the leader of a process group of its own; whoever asked waits for its end.

        `told` returns what it says.
        """
        self.move_program(self.host)
        with (
            self._told.open("w") as told,
            subprocess.Popen(
                ["pulumi", *command, "--non-interactive"],
                cwd=self.folder,
                env=self._environment,
                stdout=told,
                stderr=told,
                text=True,
                start_new_session=True,
            ) as run,
        ):
            yield run

    def told(self) -> str:
        """
        Return what the command said that was started last.
        """
        return self._told.read_text()

    def attempted(self, *command: str) -> str:
        """
        Run a command of the engine, and return what the user sees where it fails; empty where it does not.
        """
        done = self._call(*command, "--non-interactive")
        return done.stdout + done.stderr if done.returncode else ""

    def beside(self, *command: str) -> subprocess.CompletedProcess[str]:
        """
        Run any command in the program's folder, with the settings of the stack.
        """
        self.move_program(self.host)
        return subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, text=True, check=False
        )

    def resources(self) -> dict[str, Any]:
        """
        Return the links in the state by resource name, each with its `id`, `inputs` and `outputs`.
        """
        found = self.state()["deployment"].get("resources", [])
        return {_name(item["urn"]): item for item in found if _is_ours(item["urn"])}

    def outputs(self, name: str) -> dict[str, Any]:
        """
        Return the recorded outputs of one link.
        """
        outputs: dict[str, Any] = self.resources()[name]["outputs"]
        return outputs

    def stack_outputs(self) -> dict[str, Any]:
        """
        Return what the program exports.
        """
        outputs: dict[str, Any] = json.loads(self._pulumi("stack", "output", "--json"))
        return outputs

    def state(self, *options: str) -> dict[str, Any]:
        """
        Return the state as `pulumi stack export` shows it; without options it is read from the backend's file.
        """
        if options:
            exported: dict[str, Any] = json.loads(self._pulumi("stack", "export", *options))
            return exported
        (file,) = self.backend.glob(".pulumi/stacks/*/test.json")
        kept = json.loads(file.read_text())
        return {"version": kept["version"], "deployment": kept["checkpoint"].get("latest") or {}}

    def restore(self, state: Mapping[str, Any]) -> None:
        """
        Take an exported state for this stack's own.
        """
        file = self.folder / "state.json"
        file.write_text(json.dumps(state))
        self._pulumi("stack", "import", "--file", str(file))

    def _run(self, *command: str) -> Changes:
        events = [json.loads(line) for line in self._pulumi(*command, "--json").splitlines() if line.startswith("{")]
        steps = [event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event]
        self.steps = [(step["op"], _name(step["urn"])) for step in steps if _is_ours(step["urn"])]
        told = [event["diagnosticEvent"] for event in events if "diagnosticEvent" in event]
        # What the dynamic host warns of is no warning to the engine, but a line that begins so.
        self.said = "".join(
            f"{'warning: ' if each['severity'] == 'warning' else ''}{each['message']}"
            for each in told
            if each["severity"] != "debug"
        )
        return dict(Counter(operation for operation, _name in self.steps if operation not in _PARTS_OF_A_REPLACEMENT))

    def _pulumi(self, *command: str) -> str:
        done = self._call(*command, "--non-interactive")
        if done.returncode != 0:
            pytest.fail(f"pulumi {' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def _call(self, *command: str) -> subprocess.CompletedProcess[str]:
        return self.beside("pulumi", *command)


def _name(urn: str) -> str:
    return urn.split("::")[-1]


def _is_ours(urn: str) -> bool:
    return urn.split("::")[2].rpartition(":")[2] in RESOURCE_TYPES
