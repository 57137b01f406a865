"""
Try the ways to an engine in turn.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from tools.engine import cache, go_build, installer, on_path
from tools.engine.errors import NoEngineError, WayFailedError
from tools.engine.programs import Programs
from tools.engine.progress import Progress
from tools.engine.release import (
    OLDEST_VERSION,
    VERSION,
    YAML_HOST,
    YAML_HOST_VERSION,
    is_whole,
    machine,
    system,
)
from tools.engine.worksite import Environment, Worksite

Way = Callable[[Worksite], None]

WAYS: tuple[Way, ...] = (installer.install, go_build.build)


def provide(
    environ: Mapping[str, str],
    progress: Progress,
    ways: Sequence[Way] = WAYS,
    *,
    with_yaml: bool = False,
    yaml_way: Way = go_build.build_yaml_host,
    programs: Programs | None = None,
    environment: Environment | None = None,
) -> list[Path]:
    """
    Return the directories to put first on PATH: that of an engine and, if there is one, of its YAML host.

    The engine is the one on PATH, else the cached one, else a new one.

    Args:
        with_yaml: build the language host of programs in YAML if the engine finds none.
        environment: the virtual environment that the ways use; by default that of this process.

    Raises:
        NoEngineError: nothing worked.
    """

    def worksite(target: Path, folder: Path) -> Worksite:
        log = target.parent / f"{target.name}.log"
        log.write_text("")
        return Worksite(
            root=folder,
            scratch=target.parent / f".{target.name}.scratch",
            log=log,
            progress=progress,
            programs=programs or Programs(),
            environment=environment or Environment(),
        )

    try:
        engine = _engine(environ, progress, ways, worksite)
        yaml_host = _yaml_host(environ, progress, engine, yaml_way if with_yaml else None, worksite)
    except OSError as error:
        raise NoEngineError(
            f"the engine cannot be kept ({error}); NEETOCAL_ENGINE_CACHE can name a folder that takes it."
        ) from error
    return [engine, *yaml_host]


def _engine(
    environ: Mapping[str, str],
    progress: Progress,
    ways: Sequence[Way],
    worksite: Callable[[Path, Path], Worksite],
) -> Path:
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
        lambda folder: _make(worksite(target, folder), ways, [objection]),
        is_whole=is_whole,
        waiting=lambda: progress.step(f"Waiting for another run that installs Pulumi {VERSION}"),
    )
    return target / "bin"


def _yaml_host(
    environ: Mapping[str, str],
    progress: Progress,
    engine: Path,
    way: Way | None,
    worksite: Callable[[Path, Path], Worksite],
) -> list[Path]:
    """
    Return the folder of the YAML host unless the engine finds one without it; it is built if there is a `way`.
    """
    if on_path.has_host(engine / "pulumi", YAML_HOST, environ.get("PATH", "")):
        return []
    target = cache.root(environ) / f"{YAML_HOST}-{YAML_HOST_VERSION}-{system()}-{machine()}"
    whole = partial(is_whole, executables=[YAML_HOST])
    if way is not None:
        cache.fill(
            target,
            lambda folder: _make_yaml_host(worksite(target, folder), way),
            is_whole=whole,
            waiting=lambda: progress.step(f"Waiting for another run that builds {YAML_HOST}"),
        )
    return [target / "bin"] if whole(target) else []


def _make_yaml_host(site: Worksite, way: Way) -> None:
    site.bin.mkdir(exist_ok=True)
    try:
        way(site)
    except WayFailedError as error:
        raise NoEngineError(
            f"there is no {YAML_HOST}: {error} (details in {site.log}); install Pulumi yourself and put it on PATH, "
            "or run this again if the network allows it."
        ) from error
    shutil.rmtree(site.scratch, ignore_errors=True)


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
