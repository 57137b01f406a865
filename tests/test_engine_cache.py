"""
The folder that all clones share: what parallel, killed and failed runs leave there.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest

from tools.engine import cache
from tools.engine.errors import WayFailedError

ROOT = Path(__file__).parents[1]
LIMIT_S = 60

FILL = """
import contextlib, pathlib, sys
from tools.engine import cache

def say(word):
    print(word, flush=True)

def make(folder):
    say("making")
    (folder / "half").write_text("")
    sys.stdin.readline()
    (folder / "whole").write_text(sys.argv[2])

@contextlib.contextmanager
def waiting():
    say("waiting")
    yield

target = pathlib.Path(sys.argv[1])
cache.fill(target, make, is_whole=lambda folder: (folder / "whole").exists(), waiting=waiting)
say("there")
"""


def start(target: Path, content: str) -> subprocess.Popen[str]:
    """
    Start a run of its own that fills a folder, step by step as the test wants.
    """
    return subprocess.Popen(
        [sys.executable, "-c", FILL, target, content],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Mapping[str, subprocess.Popen[str]]]:
    """
    Two runs that want the same folder: the first is making it, the second waits for the first.
    """
    target = tmp_path / "cache" / "1.0"
    with ExitStack() as stack:
        processes = {}
        for name, word in (("first", "making"), ("second", "waiting")):
            processes[name] = start(target, name)
            stack.enter_context(processes[name])
            stack.callback(processes[name].kill)
            assert hear(processes[name]) == word
        yield processes


def hear(process: subprocess.Popen[str]) -> str:
    """
    Wait for the next word of a run.
    """
    assert process.stdout is not None
    return process.stdout.readline().strip()


def let_finish(process: subprocess.Popen[str]) -> str:
    """
    Let a run that is making the folder go on to its end, and return what it says.
    """
    return process.communicate("go on\n", timeout=LIMIT_S)[0]


def folders(cached: Path) -> list[str]:
    """
    List the folders in a cache, half-filled ones too.
    """
    return sorted(file.name for file in cached.iterdir() if file.is_dir())


def test_of_two_runs_one_fills_and_one_waits(runs: Mapping[str, subprocess.Popen[str]], tmp_path: Path) -> None:
    """
    The second run takes what the first made, and does not make it again.
    """
    assert not (tmp_path / "cache" / "1.0").exists()
    assert let_finish(runs["first"]) == "there\n"
    assert runs["second"].communicate(timeout=LIMIT_S)[0] == "there\n"

    assert (tmp_path / "cache" / "1.0" / "whole").read_text() == "first"
    assert folders(tmp_path / "cache") == ["1.0"]


def test_a_killed_run_hands_over_to_the_one_that_waits(
    runs: Mapping[str, subprocess.Popen[str]], tmp_path: Path
) -> None:
    """
    The kernel releases the lock of a killed run; the next one removes what it left and fills the folder.
    """
    runs["first"].kill()
    assert hear(runs["second"]) == "making"
    assert len(folders(tmp_path / "cache")) == 1
    assert let_finish(runs["second"]) == "there\n"

    assert (tmp_path / "cache" / "1.0" / "whole").read_text() == "second"
    assert folders(tmp_path / "cache") == ["1.0"]


def test_a_killed_waiter_disturbs_nobody(runs: Mapping[str, subprocess.Popen[str]], tmp_path: Path) -> None:
    """
    The run that fills the folder goes on when one that waits for it dies.
    """
    runs["second"].kill()
    runs["second"].wait(timeout=LIMIT_S)

    assert let_finish(runs["first"]) == "there\n"
    assert folders(tmp_path / "cache") == ["1.0"]


def fill(target: Path, content: str) -> None:
    """
    Fill a cache folder in this process.
    """

    def make(folder: Path) -> None:
        (folder / "whole").write_text(content)

    cache.fill(target, make, is_whole=lambda folder: (folder / "whole").exists(), waiting=nullcontext)


def test_a_filled_folder_is_left_alone(tmp_path: Path) -> None:
    """
    The second run on a machine finds the folder and makes nothing.
    """
    fill(tmp_path / "1.0", "old")
    fill(tmp_path / "1.0", "new")

    assert (tmp_path / "1.0" / "whole").read_text() == "old"


def test_a_folder_that_lost_a_file_is_made_again(tmp_path: Path) -> None:
    """
    Something that cleans caches file by file does not leave a broken engine for ever.
    """
    (tmp_path / "1.0").mkdir()
    (tmp_path / "1.0" / "rest").write_text("")
    fill(tmp_path / "1.0", "new")

    assert [file.name for file in (tmp_path / "1.0").iterdir()] == ["whole"]


def test_a_failure_leaves_no_folder(tmp_path: Path) -> None:
    """
    What was made up to the failure is removed, and the next run can start.
    """

    def make(folder: Path) -> None:
        (folder / "half").write_text("")
        raise WayFailedError("no")

    with pytest.raises(WayFailedError):
        cache.fill(tmp_path / "1.0", make, is_whole=lambda _: False, waiting=nullcontext)

    assert folders(tmp_path) == []
    fill(tmp_path / "1.0", "new")


@pytest.mark.parametrize(
    ("environ", "root"),
    [
        ({"NEETOCAL_ENGINE_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, "/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/neetocal_provider/engine"),
        ({"XDG_CACHE_HOME": ""}, str(Path.home() / {"darwin": "Library/Caches"}.get(sys.platform, ".cache"))),
    ],
    ids=["ours", "the desktop's", "the system's"],
)
def test_where_the_cache_is(environ: dict[str, str], root: str) -> None:
    """
    Our own variable goes first, then the usual one, then the system's habit.
    """
    assert str(cache.root(environ)).startswith(root)
