"""
Try the ways to an engine in turn.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.engine import cache, go_build, installer, on_path
from tools.engine.errors import NoEngineError, WayFailedError
from tools.engine.progress import Progress
from tools.engine.release import OLDEST_VERSION, VERSION, is_whole, machine, system
from tools.engine.worksite import Worksite

Way = Callable[[Worksite], None]

WAYS: tuple[Way, ...] = (installer.install, go_build.build)


def provide(environ: Mapping[str, str], progress: Progress, ways: Sequence[Way]) -> Path:
    """
    Return the directory of an engine: the one on PATH, else the cached one, else a new one.

    Raises:
        NoEngineError: nothing worked.
    """
    path = environ.get("PATH", "")
    pulumi = on_path.candidate(path)
    if pulumi is None:
        objection = "there is no pulumi on PATH"
    else:
        try:
            return on_path.check(pulumi, path)
        except WayFailedError as error:
            objection = str(error)
            progress.say(f"Not using the pulumi on PATH: {objection}.")
    target = cache.root(environ) / f"{VERSION}-{system()}-{machine()}"
    cache.fill(
        target,
        lambda folder: _make(_worksite(target, folder, progress), ways, [objection]),
        is_whole=is_whole,
        waiting=lambda: progress.step(
            f"Waiting for another run that is bringing the Pulumi engine {VERSION}", "as long as that one takes"
        ),
    )
    return target / "bin"


def _worksite(target: Path, folder: Path, progress: Progress) -> Worksite:
    log = target.parent / f"{target.name}.log"
    log.write_text("")
    return Worksite(root=folder, scratch=target.parent / f".{target.name}.scratch", log=log, progress=progress)


def _make(site: Worksite, ways: Sequence[Way], objections: list[str]) -> None:
    """
    Fill the site by the first way that works; `objections` says what was tried before.
    """
    for way in ways:
        site.bin.mkdir(exist_ok=True)
        try:
            way(site)
            _check(site)
        except WayFailedError as error:
            site.progress.say(f"That way is closed: {error}.")
            objections.append(str(error))
            shutil.rmtree(site.bin, ignore_errors=True)
        else:
            shutil.rmtree(site.scratch, ignore_errors=True)
            return
    oldest = ".".join(str(number) for number in OLDEST_VERSION)
    raise NoEngineError(
        f"there is no Pulumi engine: {'; '.join(objections)} (details in {site.log}); "
        f"install Pulumi {oldest} or newer yourself and put it on PATH, or run this again where the network allows it."
    )


def _check(site: Worksite) -> None:
    if not is_whole(site.root):
        raise WayFailedError("the engine that was brought is not complete")
    failure = "the engine that was brought does not run on this machine"
    quietly = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    said = site.run([site.bin / "pulumi", "version"], failure=failure, limit_s=60, env=quietly).strip()
    if said != f"v{VERSION}":
        raise WayFailedError(f"the engine that was brought is {said}, not v{VERSION}")
