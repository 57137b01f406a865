"""
The folder by version that all clones of this repository share.

A folder appears there whole or not at all: it is made beside its place and then renamed. Who makes
it holds a lock that the kernel takes back when the process dies, so a killed run blocks nobody.
"""

from __future__ import annotations

import fcntl
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path


def root(environ: Mapping[str, str]) -> Path:
    """
    Find the folder that holds one engine per version.

    `NEETOCAL_ENGINE_CACHE` names it outright; otherwise it is in the user's cache directory.
    """
    if chosen := environ.get("NEETOCAL_ENGINE_CACHE"):
        return Path(chosen).expanduser().absolute()
    if xdg := environ.get("XDG_CACHE_HOME"):
        caches = Path(xdg).absolute()
    else:
        caches = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return caches / "neetocal_provider" / "engine"


def fill(
    target: Path,
    make: Callable[[Path], None],
    *,
    is_whole: Callable[[Path], bool],
    waiting: Callable[[], AbstractContextManager[object]],
) -> None:
    """
    Have `make` fill a folder that becomes `target`, unless it is there already.

    Args:
        make: fills the empty folder it is given; what it raises ends the call, with nothing left.
        is_whole: tells whether a folder needs nothing more; cleaners of caches delete single files.
        waiting: a context that is entered while another process is at it.
    """
    if is_whole(target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with _lock(target.parent / f".{target.name}.lock", waiting):
        _remove_leftovers(target)
        if is_whole(target):
            return
        made = _folder_beside(target)
        try:
            make(made)
            # What is there is not whole, and nothing can be renamed onto a folder that is not empty.
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)
        finally:
            shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _lock(path: Path, waiting: Callable[[], AbstractContextManager[object]]) -> Iterator[None]:
    # Never deleted: two processes could then hold "the" lock on two different files.
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with waiting():
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _folder_beside(target: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent))


def _remove_leftovers(target: Path) -> None:
    for folder in target.parent.glob(f".{target.name}.*.tmp"):
        shutil.rmtree(folder, ignore_errors=True)
