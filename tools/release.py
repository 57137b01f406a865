"""
What is published, tried as a stranger would get it: `python -m tools.release` checks it and leaves it in dist/.

The packages are built, their metadata and contents are checked, and they are installed with the pinned dependencies
into an environment outside this folder, where a program is type-checked and examples/single-link is deployed to the
emulator by a real engine. What that environment holds is written down as a CycloneDX bill of materials.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from neetocal_provider.version import __version__

__all__ = ["ReleaseError", "check_contents", "main", "published"]

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
EXAMPLE = ROOT / "examples" / "single-link"
DEPLOYMENT = """
pulumi stack init dev
pulumi up --yes --skip-preview
pulumi preview --expect-no-changes
pulumi destroy --yes --skip-preview
"""

IN_WHEEL = (
    "neetocal_provider/py.typed",
    "neetocal_emulator/py.typed",
    f"neetocal_provider-{__version__}.dist-info/licenses/LICENSE",
    "neetocal_emulator/default_seed.yaml",
)
IN_SDIST = ("LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md", "pyproject.toml", "docs/errors.md")


class ReleaseError(Exception):
    """
    Raised when something that is to be published is not as it should be.
    """


@dataclass(frozen=True, kw_only=True)
class Packages:
    """
    What was built.
    """

    wheel: Path
    sdist: Path


def main() -> int:
    """
    Build and check everything; return the exit status.
    """
    try:
        packages = build()
        check_metadata(packages)
        with TemporaryDirectory(prefix="neetocal-release-") as folder:
            place = Path(folder)
            python = install(place)
            check_types(python, place)
            deploy(python, place)
            write_bill(python)
    except (ReleaseError, subprocess.CalledProcessError) as error:
        _say(f"error: {error}\n{getattr(error, 'stdout', '') or ''}{getattr(error, 'stderr', '') or ''}")
        return 1
    _say("In dist/: " + ", ".join(sorted(path.name for path in DIST.iterdir())))
    return 0


def build() -> Packages:
    """
    Build the source distribution, and the wheel from that.
    """
    _say("Building sdist and wheel")
    shutil.rmtree(DIST, ignore_errors=True)
    _run(sys.executable, "-m", "uv", "build", "--quiet", "--no-build-isolation", "--out-dir", DIST, ROOT)
    (DIST / ".gitignore").unlink(missing_ok=True)
    return Packages(wheel=_only("*.whl"), sdist=_only("*.tar.gz"))


def _only(pattern: str) -> Path:
    found = list(DIST.glob(pattern))
    if len(found) != 1 or __version__ not in found[0].name:
        raise ReleaseError(
            f"one {pattern} of version {__version__} was to be built, not {[each.name for each in found]}"
        )
    return found[0]


def check_metadata(packages: Packages) -> None:
    """
    Check what an index shows, what the wheel holds and what must not be missing.
    """
    _say("Checking metadata and contents")
    _run(sys.executable, "-m", "twine", "check", "--strict", packages.wheel, packages.sdist)
    # W009: two packages are meant to be in it.
    _run(sys.executable, "-m", "check_wheel_contents", "--ignore", "W009", packages.wheel)
    with zipfile.ZipFile(packages.wheel) as wheel:
        check_contents(packages.wheel.name, set(wheel.namelist()), IN_WHEEL)
    with tarfile.open(packages.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
        check_contents(packages.sdist.name, names, IN_SDIST)


def check_contents(package: str, names: set[str], wanted: tuple[str, ...]) -> None:
    """
    Raise where a package lacks something, or holds what is nobody's business.
    """
    missing = [name for name in wanted if name not in names]
    strange = [name for name in sorted(names) if name.endswith((".db", ".sqlite", ".env", ".pyc")) or ".demo/" in name]
    if missing or strange:
        raise ReleaseError(f"{package} lacks {missing} and holds {strange}")


def install(place: Path) -> Path:
    """
    Install the wheel with the pinned dependencies into an environment of its own, and return its Python.
    """
    _say("Installing them into an environment outside this folder")
    _run(sys.executable, "-m", "uv", "venv", "--quiet", "--seed", place / "venv")
    python = place / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    pinned = ["--constraint", ROOT / "requirements.lock", "--find-links", DIST]
    _run(*install, *pinned, f"neetocal-provider=={__version__}")
    _run(python, "-c", "import neetocal_provider; neetocal_provider.SchedulingLink", cwd=place)
    _run(*install, *pinned, f"neetocal-provider[emulator]=={__version__}")
    _run(python, "-m", "pip", "check", cwd=place)
    found = _run(python, "-c", "import neetocal_provider; print(neetocal_provider.__file__)", cwd=place).strip()
    if place not in Path(found).parents:
        raise ReleaseError(f"the package is not that of the environment: {found}")
    return python


def check_types(python: Path, place: Path) -> None:
    """
    Check a program that uses the installed package, in strict mode.
    """
    _say("Checking a program's types against the installed package")
    shutil.copytree(EXAMPLE, place / "single-link")
    program = place / "single-link" / "__main__.py"
    _run(sys.executable, "-m", "mypy", "--strict", "--python-executable", python, program, cwd=place)


def deploy(python: Path, place: Path) -> None:
    """
    Deploy the example to the emulator with a real engine, preview it again, and remove it.
    """
    _say("Deploying examples/single-link with nothing else around")
    (place / "state").mkdir()
    command = [python.parent / "neetocal-emulator", "run", "--", "bash", "-euc", DEPLOYMENT]
    said = _run(*command, cwd=place / "single-link", env=_nothing_else(python, place))
    if "book a demo" not in said:
        raise ReleaseError(f"the deployment did not show the link's address: {said}")


def _nothing_else(python: Path, place: Path) -> dict[str, str]:
    engine = shutil.which("pulumi")
    if engine is None:
        raise ReleaseError("there is no pulumi on PATH: use `make release-check`, which brings it")
    path = [python.parent, Path(engine).parent, "/usr/local/bin", "/usr/bin", "/bin"]
    return {
        "HOME": str(place),
        "PATH": os.pathsep.join(map(str, path)),
        "VIRTUAL_ENV": str(python.parent.parent),
        "PULUMI_BACKEND_URL": (place / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "release",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def write_bill(python: Path) -> None:
    """
    Write down what the environment holds, as CycloneDX 1.6.
    """
    _say("Writing the bill of materials")
    target = DIST / f"neetocal_provider-{__version__}.cdx.json"
    options = ["--pyproject", ROOT / "pyproject.toml", "--mc-type", "library", "--spec-version", "1.6"]
    options += ["--output-reproducible", "--output-file", target]
    _run(sys.executable, "-m", "cyclonedx_py", "environment", *options, python)
    bill = json.loads(target.read_text(encoding="utf-8"))
    bill = published(bill)
    names = {component["name"] for component in bill["components"]}
    if not {"pulumi", "httpx", "starlette"} <= names:
        raise ReleaseError(f"the bill of materials holds only {sorted(names)}")
    target.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")


def published(bill: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a bill of an environment as one of what is published: what that needs, and not where it was made.
    """
    main = {**bill["metadata"]["component"], "version": __version__}
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    needed = [main["bom-ref"]]
    for ref in needed:
        needed += [each for each in needs.get(ref, []) if each not in needed]
    components = [
        {**each, "externalReferences": list(_public(each.get("externalReferences", ())))}
        for each in bill["components"]
        if each["bom-ref"] in needed
    ]
    dependencies = [each for each in bill["dependencies"] if each["ref"] in needed]
    metadata = {**bill["metadata"], "component": main}
    return {**bill, "metadata": metadata, "components": components, "dependencies": dependencies}


def _public(references: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for reference in references:
        if reference["url"].startswith("https://") and reference["type"] != "distribution":
            yield reference


def _run(*command: object, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """
    Run a program and return what it wrote; what it says is told where it fails.
    """
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, check=True)
    return done.stdout


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
