"""
README and docs against the code.
"""

from __future__ import annotations

import ast
import inspect
import re
from itertools import groupby
from pathlib import Path

import neetocal_provider
from benchmarks.cells import CONTENDERS
from neetocal_provider import Kind, Spot, TeamLinks
from neetocal_provider.cli.commands import export
from neetocal_provider.settings import SETTINGS
from tests.chaos import engine_cells, kills
from tests.chaos.faults import FAULTS
from tests.chaos.operations import OPERATIONS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text()
REFERENCE = (ROOT / "docs" / "scheduling-link.md").read_text()


def rows(page: str) -> dict[str, list[str]]:
    """
    Return the cells of every table row of a page by the code word in its first cell.
    """
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:3] == "| `"]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_every_lookup_and_argument_of_a_team_is_documented() -> None:
    """
    By the names in the code.
    """
    lookups = (ROOT / "docs" / "lookups.md").read_text()
    teams = rows((ROOT / "docs" / "teams.md").read_text())

    public = [name for name in neetocal_provider.__all__ if name.startswith(("get_", "list_"))]
    assert [name for name in public if not name.endswith("_output") and f"`{name}(" not in lookups] == []
    arguments = inspect.signature(TeamLinks).parameters.keys() - {"resource_name", "opts"}
    assert teams.keys() == arguments


def test_every_word_is_in_the_reference() -> None:
    """
    Enumerations have all of theirs.
    """
    assert [word for word in (*Kind, *Spot) if f"`{word.value}`" not in REFERENCE] == []


def test_every_setting_is_in_the_readme() -> None:
    """
    Both names and the default.
    """
    documented = rows(README)

    for setting in SETTINGS.values():
        variable, default, _meaning = documented[setting.config_key]
        assert variable == f"`{setting.variable}`"
        assert default == (f"`{setting.default}`" if setting.default else "")


def test_every_option_of_the_export_has_its_row() -> None:
    """
    Nothing but the help itself is left out.
    """
    page = (ROOT / "docs" / "export.md").read_text()
    options = [parameter.opts[0] for parameter in export.params]

    assert [option for option in options if f"`{option}" not in page.split("\n## Options")[1].split("\n## ")[0]] == []


def test_what_users_do_after_a_crash_is_what_the_harness_does() -> None:
    """
    The commands that `make chaos` recovers with stand in both pages.
    """
    for command in (kills.CANCEL, kills.GOING_ON, kills.ADOPTING, kills.FORGETTING):
        assert f"\n{command} " in README.split("\n### After a crash")[1].split("\n## ")[0]
        assert f"\n{command} " in RELIABILITY.split("\n## After a crash")[1].split("\n## ")[0]
    assert kills.EMPTY_FILES in RELIABILITY


def test_every_fault_and_operation_is_in_the_tables() -> None:
    """
    A fault that is added is not forgotten in the measurements, and no cell is one that may never be.
    """
    for part, operations in (("faults", OPERATIONS), ("engine", engine_cells.OPERATIONS)):
        table = RELIABILITY.split(f"<!-- {part} -->")[1].split(f"<!-- end of {part} -->")[0]
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line[:2] == "| "]
        assert rows[0][1:] == list(operations)
        assert [row[0] for row in rows[2:]] == list(FAULTS)
        assert set(re.findall(r"[A-Z]{4,}", table)) & {"LOST", "DOUBLED", "UNCLEAR", "BROKEN"} == set()


def test_every_contender_of_the_benchmark_is_described() -> None:
    """
    By the name that it has in the tables and plots.
    """
    page = (ROOT / "docs" / "performance.md").read_text()

    assert [name for name in CONTENDERS if f"\n| {name} | " not in page] == []


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
