"""
The tool that sets up the environment and the engine side by side: what it installs, shows and stops.
"""

from __future__ import annotations

import io
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine.errors import NoEngineError, StoppedError, WayFailedError
from tools.engine.programs import Programs, side_by_side
from tools.engine.progress import Progress
from tools.setup import EnvironmentFailedError, VirtualEnvironment, set_up

LIMIT_S = 60


class Watched(io.StringIO):
    """
    A stream that reports when a text has been written.
    """

    def __init__(self, awaited: str = "", *, is_terminal: bool = False) -> None:
        super().__init__()
        self.seen = threading.Event()
        self._awaited = awaited
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        """
        Tell what the test wants it to be.
        """
        return self._is_terminal

    def write(self, text: str) -> int:
        """
        Keep the text, and look for the awaited one.
        """
        count = super().write(text)
        if self._awaited in self.getvalue():
            self.seen.set()
        return count


# Progress


def test_on_a_terminal_each_step_has_one_live_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Two steps are two lines, redrawn in place, with what is done of how much.
    """
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    heard = Watched("1 of 4 packages", is_terminal=True)
    progress = Progress(heard, every_s=0.001)

    with progress.step("Building") as build, progress.step("Installing"):
        build.expect(4, "packages")
        build.advance()
        assert heard.seen.wait(LIMIT_S)

    screen = heard.getvalue()
    assert "\x1b[2A\r\x1b[J" in screen
    assert re.search(r"Building +\d\.\d s  1 of 4 packages +████░{12}\nInstalling +\d\.\d s\n", screen)
    assert re.search(r"Building: done after \d\.\d s\n$", screen)


def test_a_live_line_fits_into_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A line that wrapped could not be redrawn.
    """
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "30")
    heard = Watched(is_terminal=True)

    with Progress(heard).step("A title that is longer than the terminal is wide") as step:
        step.expect(4, "packages")

    assert heard.getvalue().splitlines()[0] == "A title that is longer than t"


@pytest.mark.parametrize(("is_terminal", "term"), [(False, "xterm"), (True, "dumb")], ids=["log", "dumb terminal"])
def test_elsewhere_one_line_lists_what_is_under_way(
    is_terminal: bool, term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A log gets plain lines: the beginning, all steps in one line at a time, the end.
    """
    monkeypatch.setenv("TERM", term)
    heard = Watched("1 modules; Installing", is_terminal=is_terminal)
    progress = Progress(heard, every_s=0.001)

    with progress.step("Building") as build, progress.step("Installing"):
        build.expect(0, "modules")
        build.advance()
        assert heard.seen.wait(LIMIT_S)

    said = heard.getvalue()
    assert [line for line in said.splitlines() if line.endswith("...")] == ["Building ...", "Installing ..."]
    assert said.startswith("Building ...\n")
    assert re.search(r"^Building: \d\.\d s, 1 modules; Installing: \d\.\d s$", said, re.MULTILINE)
    assert "\x1b" not in said


def test_a_log_gets_a_line_a_minute() -> None:
    """
    On a terminal it is several times a second, so that the clock moves.
    """
    assert Progress(Watched()).every_s == 60
    assert Progress(Watched(is_terminal=True)).every_s < 1


def test_a_step_that_fails_does_not_say_done() -> None:
    """
    A failure ends the step with its time too, but in another word.
    """
    heard = Watched()

    with pytest.raises(WayFailedError), Progress(heard).step("Building"):
        raise WayFailedError("no")

    assert re.search(r"Building: stopped after \d\.\d s\n$", heard.getvalue())


# Side by side


@pytest.fixture
def run(tmp_path: Path) -> Callable[[Programs, str], str]:
    """
    Run a shell command as a task does.
    """

    def run(programs: Programs, text: str) -> str:
        return programs.run(["/bin/sh", "-c", text], failure="it failed", limit_s=LIMIT_S, log=tmp_path / "log")

    return run


@pytest.mark.parametrize("ignores", ["", "trap '' INT; "], ids=["interruptible", "ignores the interrupt"])
def test_a_failure_is_shown_and_the_other_task_is_stopped(
    tmp_path: Path, run: Callable[[Programs, str], str], ignores: str
) -> None:
    """
    The failure is reported first; then the other's program ends, and what that has started.
    """
    started = tmp_path / "started"
    os.mkfifo(started)
    reported: list[str] = []
    stopped: list[type[BaseException]] = []

    def endless(programs: Programs) -> None:
        try:
            run(programs, f"{ignores}(echo up > {started}; read _ < {started}); :")
        except StoppedError:
            stopped.append(StoppedError)
            raise

    def failing(programs: Programs) -> None:
        started.read_text()
        run(programs, "exit 3")

    with pytest.raises(WayFailedError, match=r"it failed \(exit status 3\)"):
        side_by_side(Programs(), [endless, failing], on_failure=lambda error: reported.append(f"{error} {stopped}"))

    assert reported == ["it failed (exit status 3) []"]
    assert stopped == [StoppedError]
    with pytest.raises(OSError, match="No such device"):
        os.open(started, os.O_WRONLY | os.O_NONBLOCK)  # nobody reads there any more


def test_a_task_that_waits_for_the_other_is_stopped() -> None:
    """
    Who waits for the packages of the environment does not wait for ever if they cannot be installed.
    """
    there = threading.Event()

    def failing(_: Programs) -> None:
        raise WayFailedError("no")

    with pytest.raises(WayFailedError):
        side_by_side(Programs(), [lambda programs: programs.wait_for(there), failing])


def test_nothing_starts_after_a_stop(run: Callable[[Programs, str], str]) -> None:
    """
    A task that is between two programs ends too, and so does one that begins later.
    """
    programs = Programs()
    part = programs.part()
    programs.stop()

    for each in (programs, part, programs.part()):
        with pytest.raises(StoppedError):
            run(each, "exit 0")


def test_tasks_that_succeed_run_at_the_same_time(tmp_path: Path, run: Callable[[Programs, str], str]) -> None:
    """
    Each of two tasks ends only after the other has begun.
    """
    os.mkfifo(tmp_path / "pipe")

    side_by_side(
        Programs(),
        [
            lambda programs: run(programs, f"echo up > {tmp_path / 'pipe'}"),
            lambda programs: run(programs, f"cat {tmp_path / 'pipe'}"),
        ],
    )


# The virtual environment


@pytest.fixture
def venv(tmp_path: Path) -> VirtualEnvironment:
    """
    The environment of a project that pins nothing.
    """
    for name in ("requirements.lock", "requirements.dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text("")
    return VirtualEnvironment(root=tmp_path, folder=tmp_path / ".venv", progress=Progress(io.StringIO()))


def test_what_is_installed_already_is_left_alone(venv: VirtualEnvironment) -> None:
    """
    A second run installs nothing; a lock that has changed makes the environment anew.
    """
    venv.create(Programs())
    venv.install(Programs(), "requirements.lock")
    assert venv.has("requirements.lock")
    assert not venv.has("requirements.lock", "requirements.dev.lock")

    kept = venv.folder / "kept"
    kept.touch()
    venv.create(Programs())
    assert kept.exists()

    (venv.root / "requirements.lock").write_text("# another\n")
    venv.create(Programs())
    assert not kept.exists()
    assert not venv.has("requirements.lock")


def test_what_pip_says_when_it_fails_is_shown(venv: VirtualEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The error ends with pip's own, and the lock is not taken for installed.
    """
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    (venv.root / "requirements.lock").write_text(f"nothing-of-that-name==1 \\\n    --hash=sha256:{'0' * 64}\n")
    venv.create(Programs())

    with pytest.raises(EnvironmentFailedError, match=r"\(exit status 1\)\n(.*\n)*ERROR: .*nothing-of-that-name"):
        venv.install(Programs(), "requirements.lock")

    assert not venv.has("requirements.lock")


GO = """#!/bin/sh
case "$1" in
  version) echo "go version go1.99.0 any/thing" ;;
  *) read _ < "{silent}" ;;
esac
"""


def test_if_the_packages_fail_the_engine_is_stopped(
    venv: VirtualEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A Go that never ends does not keep the error, and no half-filled folder stays in the cache.
    """
    os.mkfifo(tmp_path / "silent")
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "go").write_text(GO.format(silent=tmp_path / "silent"))
    (tmp_path / "path" / "go").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("NEETOCAL_ENGINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    (venv.root / "requirements.lock").write_text(f"nothing-of-that-name==1 \\\n    --hash=sha256:{'0' * 64}\n")
    heard = Watched()

    with pytest.raises(EnvironmentFailedError):
        set_up(venv, dev=False, engine=True, yaml=False, progress=Progress(heard))

    assert heard.getvalue().count("error: ") == 1
    assert f"error: the virtual environment {venv.folder} cannot be filled" in heard.getvalue()
    assert not [file for file in (tmp_path / "cache").iterdir() if file.is_dir()]


def test_if_the_engine_fails_that_is_said(
    venv: VirtualEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The error of the engine ends the setup.
    """
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("NEETOCAL_ENGINE_CACHE", str(tmp_path / "file" / "below"))
    heard = Watched()

    with pytest.raises(NoEngineError):
        set_up(venv, dev=False, engine=True, yaml=False, progress=Progress(heard))

    assert "error: the engine cannot be kept" in heard.getvalue()
