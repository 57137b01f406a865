"""
Set up what the Makefile's targets need: the virtual environment in .venv, and the Pulumi engine beside it.

`python -m tools.setup` installs what the demonstration needs; `--dev` adds the tools of development, `--engine` the
engine, `--yaml` the engine with the language host of programs in YAML. What is there already is left alone. It needs
the standard library alone, because it runs before there is an environment.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.engine.bring import provide
from tools.engine.errors import EngineToolError, WayFailedError
from tools.engine.programs import Programs, Task, side_by_side
from tools.engine.progress import Progress, Step
from tools.engine.worksite import Environment

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = "requirements.lock"
DEV_LOCK = "requirements.dev.lock"
_LIMIT_S = 3600


class EnvironmentFailedError(EngineToolError):
    """
    The virtual environment cannot be made, or its packages cannot be installed.
    """


@dataclass(frozen=True, kw_only=True)
class VirtualEnvironment:
    """
    A virtual environment, and copies of the files that it was installed from.
    """

    root: Path
    """
    The clone that it belongs to, which holds the locks and `pyproject.toml`.
    """
    folder: Path
    progress: Progress

    @property
    def python(self) -> Path:
        """
        Its interpreter.
        """
        return self.folder / "bin" / "python"

    def create(self, programs: Programs) -> None:
        """
        Make it unless it is there; make it anew if a lock has changed, because packages may have to go.
        """
        outdated = any(self._is_recorded(lock) and not self.has(lock) for lock in (LOCK, DEV_LOCK))
        if self.python.exists() and self._record("created").exists() and not outdated:
            return
        with self.progress.step("Creating the virtual environment"):
            self._run(programs, [sys.executable, "-m", "venv", "--clear", self.folder], "cannot be created")
        self._record("created").parent.mkdir()
        self._record("created").touch()

    def has(self, *names: str) -> bool:
        """
        Tell whether it was installed from these files as they are now.
        """
        return all(
            self._is_recorded(name) and self._record(name).read_bytes() == (self.root / name).read_bytes()
            for name in names
        )

    def install(self, programs: Programs, lock: str) -> None:
        """
        Install what a lock pins.
        """
        if self.has(lock):
            return
        total = len(re.findall(r"^\S+==", (self.root / lock).read_text(), re.MULTILINE))
        with self.progress.step(f"Installing {lock}") as step:
            step.expect(total, "packages")
            self._pip(programs, ["--require-hashes", "-r", self.root / lock], step)
        self._copy(lock)

    def install_project(self, programs: Programs) -> None:
        """
        Install the project itself, so that an edit of its code needs nothing more.
        """
        if self.has("pyproject.toml"):
            return
        with self.progress.step("Installing the project") as step:
            self._pip(programs, ["--no-deps", "--no-build-isolation", "-e", self.root], step)
        self._copy("pyproject.toml")

    def _pip(self, programs: Programs, arguments: Sequence[str | Path], step: Step) -> None:
        def count(line: str) -> None:
            if re.match(r"Collecting|Requirement already|Ignoring", line):
                step.advance()

        pip: list[str | Path] = [
            self.python,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--progress-bar",
            "off",
        ]
        self._run(programs, [*pip, *arguments], "cannot be filled", count)

    def _run(
        self,
        programs: Programs,
        command: Sequence[str | Path],
        failure: str,
        count: Callable[[str], None] = lambda _: None,
    ) -> None:
        lines: list[str] = []

        def on_line(line: str) -> None:
            lines.append(line)
            count(line)

        try:
            programs.run(
                command,
                failure=f"the virtual environment {self.folder} {failure}",
                limit_s=_LIMIT_S,
                log=self.root / ".setup.log",
                cwd=self.root,
                on_line=on_line,
            )
        except WayFailedError as error:
            said = "".join(lines[-8:]).rstrip()
            raise EnvironmentFailedError(f"{error}\n{said}") from error

    def _copy(self, name: str) -> None:
        self._record(name).write_bytes((self.root / name).read_bytes())

    def _is_recorded(self, name: str) -> bool:
        return self._record(name).exists()

    def _record(self, name: str) -> Path:
        return self.folder / ".installed" / name


def set_up(venv: VirtualEnvironment, *, dev: bool, engine: bool, yaml: bool, progress: Progress) -> None:
    """
    Install what is missing: the environment and the engine side by side.

    Raises:
        EngineToolError: one of the two failed, and the other was stopped.
    """

    def report(error: BaseException) -> None:
        progress.say(f"error: {error}")

    programs = Programs()
    side_by_side(programs, [venv.create], on_failure=report)
    environment = Environment(python=venv.python, packages_there=threading.Event())

    def packages(part: Programs) -> None:
        venv.install(part, LOCK)
        environment.packages_there.set()
        venv.install_project(part)
        if dev:
            with environment.pip:  # which this lock may replace
                venv.install(part, DEV_LOCK)

    def pulumi(part: Programs) -> None:
        provide(os.environ, progress, with_yaml=yaml, programs=part, environment=environment)

    tasks: list[Task] = [packages, *([pulumi] if engine or yaml else [])]
    side_by_side(programs, tasks, on_failure=report)


def main(arguments: Sequence[str]) -> int:
    """
    Set up what is asked for; return the exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.setup", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also install the tools of development")
    parser.add_argument("--engine", action="store_true", help="also bring the Pulumi engine")
    parser.add_argument("--yaml", action="store_true", help="also bring the engine with the host of programs in YAML")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    progress = Progress(sys.stderr)
    venv = VirtualEnvironment(root=ROOT, folder=VENV, progress=progress)
    try:
        set_up(venv, dev=asked.dev, engine=asked.engine, yaml=asked.yaml, progress=progress)
    except EngineToolError:
        return 1
    except KeyboardInterrupt:
        progress.say("error: interrupted; run it again to go on.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
