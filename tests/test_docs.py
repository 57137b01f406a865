"""
README and docs against the code.
"""

from __future__ import annotations

import ast
import inspect
import re
import runpy
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

import neetocal_provider
from benchmarks.cells import CONTENDERS
from neetocal_provider import Kind, Member, Provider, Spot, TeamLinks
from neetocal_provider.cli.commands import export
from neetocal_provider.resources.registry import RESOURCE_TYPES
from neetocal_provider.schema.resource import DYNAMIC_TYPE, TYPE
from neetocal_provider.settings import SETTINGS, load_settings
from tests.chaos import engine_cells, kills
from tests.chaos.faults import FAULTS
from tests.chaos.operations import OPERATIONS
from tests.doc_blocks import blocks
from tests.engine.environments import MINORS
from tools.engine.release import VERSION

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
FAULT_TESTS = (ROOT / "docs" / "fault-tests.md").read_text()
TROUBLESHOOTING = (ROOT / "docs" / "troubleshooting.md").read_text()
REFERENCE = (ROOT / "docs" / "scheduling-link.md").read_text()


def rows(page: str) -> dict[str, list[str]]:
    """
    Return the cells of every table row of a page by the code word in its first cell.
    """
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:3] == "| `"]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_every_function_and_argument_of_a_team_is_documented() -> None:
    """
    By the names in the code.
    """
    lookups = (ROOT / "docs" / "lookups.md").read_text()
    section = (ROOT / "docs" / "teams.md").read_text().split("\n## Arguments\n")[1].split("\n## ")[0]
    teams, members = (rows(part) for part in section.split("\nA `Member` has these keys:\n"))

    public = [name for name in neetocal_provider.__all__ if name.startswith(("get_", "list_"))]
    assert [name for name in public if not name.endswith("_output") and f"`{name}(" not in lookups] == []
    arguments = inspect.signature(TeamLinks).parameters.keys() - {"resource_name", "opts"}
    assert teams.keys() == arguments
    assert [*members] == [*inspect.signature(Member).parameters]


def test_every_word_is_in_the_reference() -> None:
    """
    Enumerations have all of theirs.
    """
    assert [word for word in (*Kind, *Spot) if f"`{word.value}`" not in REFERENCE] == []


def test_every_option_of_the_export_has_its_row() -> None:
    """
    Nothing but the help itself is left out.
    """
    page = (ROOT / "docs" / "export.md").read_text()
    options = [parameter.opts[0] for parameter in export.params]

    assert [option for option in options if f"`{option}" not in page.split("\n## Options")[1].split("\n## ")[0]] == []


def test_the_runbook_is_what_the_harness_does() -> None:
    """
    The commands that `make chaos` recovers with are those of the page, in their order.
    """
    runbook = TROUBLESHOOTING.split("\n## After a crash")[1].split("\n## ")[0]
    commands = (kills.CANCEL, kills.GOING_ON, kills.ADOPTING, kills.FORGETTING, kills.EMPTY_FILES)

    found = [runbook.find(f"\n{command}") for command in commands]
    assert -1 not in found
    assert found == sorted(found)


PULUMIS = {
    "the stack is currently locked",
    "pending operations",
    kills.BROKEN_STATE,
    "Resource monitor has terminated",
    "KeyError: '__provider'",
}
"""Messages of Pulumi's that the page on troubleshooting explains."""


def test_every_symptom_is_a_message_of_the_provider() -> None:
    """
    A text that users are asked to search for is in an example of docs/errors.md, or one of Pulumi's.
    """
    examples = (ROOT / "docs" / "errors.md").read_text()
    table = TROUBLESHOOTING.split("| The message contains |")[1].split("\n\n")[0]
    symptoms = {symptom for row in table.splitlines()[2:] for symptom in re.findall("`([^`]+)`", row.split("|")[1])}

    assert len(symptoms) > 20
    assert {symptom for symptom in symptoms if symptom not in examples} == PULUMIS


def test_every_fault_and_operation_is_in_the_tables() -> None:
    """
    A fault that is added is not forgotten in the measurements, and no cell is one that may never be.
    """
    for part, operations in (("faults", OPERATIONS), ("engine", engine_cells.OPERATIONS)):
        table = FAULT_TESTS.split(f"<!-- {part} -->")[1].split(f"<!-- end of {part} -->")[0]
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line[:2] == "| "]
        assert rows[0][1:] == list(operations)
        assert [row[0] for row in rows[2:]] == list(FAULTS)
        assert set(re.findall(r"[A-Z]{4,}", table)) & {"LOST", "DOUBLED", "UNCLEAR", "BROKEN"} == set()


def test_every_contender_of_the_benchmark_is_described() -> None:
    """
    By the name that it has in the tables and plots.
    """
    page = (ROOT / "docs" / "benchmarks.md").read_text()

    assert [name for name in CONTENDERS if f"\n| {name} | " not in page] == []


def test_every_argument_of_a_provider_is_documented() -> None:
    """
    With the setting that it stands for.
    """
    documented = rows((ROOT / "docs" / "settings.md").read_text())
    settings = {name: setting.config_key for name, setting in SETTINGS.items()}

    arguments = [*inspect.signature(Provider).parameters][1:-1]
    assert {name: documented[name][1].strip("`") for name in arguments} == {name: settings[name] for name in arguments}


def test_the_stack_config_of_the_page_is_valid() -> None:
    """
    All that it lacks is the key.
    """
    (block,) = (block for block in blocks("docs/settings.md") if block.title)

    settings = load_settings({**yaml.safe_load(block.text)["config"], "neetocal:apiKey": "acme-0123456789"}.get)

    assert (settings.workspace, settings.max_attempts, settings.timeout) == ("acme", 10, 600)


def test_the_policy_pack_of_the_page_knows_both_providers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It reports a link with `force_destroy` under the type of either, and nothing else.
    """
    pack: dict[str, Any] = {}
    pulumi_policy = SimpleNamespace(
        EnforcementLevel=SimpleNamespace(MANDATORY="mandatory"),
        PolicyPack=lambda **given: pack.update(given),
        ReportViolation=object,
        ResourceValidationArgs=object,
        ResourceValidationPolicy=lambda **given: SimpleNamespace(**given),
    )
    monkeypatch.setitem(sys.modules, "pulumi_policy", pulumi_policy)
    (program,) = (block for block in blocks("docs/policy.md") if block.language == "python")
    (tmp_path / "pack.py").write_text(program.text)
    runpy.run_path(str(tmp_path / "pack.py"))
    types = [f"{prefix}{name}" for prefix in (DYNAMIC_TYPE, TYPE) for name in RESOURCE_TYPES]

    reported: list[str] = []
    for kind in types:
        for props in ({"force_destroy": True}, {"force_destroy": False}, {}):
            pack["policies"][0].validate(
                SimpleNamespace(resource_type=kind, props=props), lambda _text, kind=kind: reported.append(kind)
            )

    assert reported == [f"{DYNAMIC_TYPE}SchedulingLink", f"{TYPE}SchedulingLink"]


def test_the_image_of_the_page_has_supported_versions() -> None:
    """
    Of Python, and of the engine that the tests use.
    """
    (image,) = (block.text for block in blocks("docs/docker.md") if block.language == "dockerfile")

    assert int(re.findall(r"^FROM python:3\.(\d+)-slim$", image, re.MULTILINE)[0]) in MINORS
    assert re.findall(r"--version (\S+)", image) == [VERSION]


CI_FILES = {".gitlab-ci.yml": "vendor.gitlab-ci", ".github/workflows/links.yml": "vendor.github-workflows"}


@pytest.mark.parametrize("title", CI_FILES)
def test_a_ci_file_of_the_page_is_valid(title: str, tmp_path: Path) -> None:
    """
    By the schema of its vendor, which comes with the checker.
    """
    (block,) = (block for block in blocks("docs/ci.md") if block.title == title)
    path = tmp_path / "ci.yml"
    path.write_text(block.text)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", CI_FILES[title], str(path)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_readme_shows_a_program_of_the_tests() -> None:
    """
    The program in the README is the one that tests/engine deploys.
    """
    program = (ROOT / "tests" / "engine" / "programs" / "readme" / "readme.py").read_text()

    assert program.split('"""\n', 2)[-1].strip() in README


def test_every_module_has_its_place() -> None:
    """
    CONTRIBUTING.md says what each module and folder of the provider is for, and the contracts say what it may import.
    """
    _, _, rest = (ROOT / "CONTRIBUTING.md").read_text().partition("\nneetocal_provider/ ")
    listed = re.findall(r"^  (\w+)(?:\.py|/) ", rest.partition("\nneetocal_emulator/ ")[0], re.MULTILINE)
    contracts = (ROOT / "pyproject.toml").read_text()

    assert {*listed} == members("neetocal_provider").keys()
    upwards = [
        (name, other) for place, name in enumerate(listed) for other in imported(name) & {*listed[:place]} - {name}
    ]
    assert upwards == []
    rows = contracts.split('containers = ["neetocal_provider"]')[1].split("\n]")[0]
    at_the_root = [name for name in listed if not re.search(rf"\b{name}\b", rows)]
    assert [name for name in at_the_root if not imported(name) & {"dynamic", "sdk"}] == []
    assert members("neetocal_emulator").keys() - {*re.findall(r"\bneetocal_emulator\.(\w+)", contracts)} == set()


def members(package: str) -> dict[str, list[Path]]:
    """
    Return the modules and folders at the top of a package, each with its files.
    """
    folder = ROOT / package
    files = sorted(path for path in folder.rglob("*.py") if path.parent != folder or path.name[0] != "_")
    parts = groupby(files, key=lambda path: path.relative_to(folder).parts[0].removesuffix(".py"))
    return {name: [*found] for name, found in parts}


def imported(name: str) -> set[str]:
    """
    Return the modules and folders at the top of the provider that one of them imports, anywhere in it.
    """
    nodes = (node for path in members("neetocal_provider")[name] for node in ast.walk(ast.parse(path.read_text())))
    modules = {
        module
        for node in nodes
        for module in (
            [f"{node.module}.{alias.name}" for alias in node.names]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    return {module.split(".")[1] for module in modules if module.startswith("neetocal_provider.")}
