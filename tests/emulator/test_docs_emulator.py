"""
The emulator's pages, held to the code: their examples are run, their tables are complete.
"""

from __future__ import annotations

import os
import re
import subprocess
import textwrap
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import yaml

from neetocal_emulator import Emulator, Switches
from neetocal_emulator.endpoints.control import CONTROL_PREFIX, CONTROL_ROUTES
from neetocal_emulator.facts import with_facts
from neetocal_emulator.faults import Fault
from neetocal_emulator.openapi import OPENAPI_ROUTES
from neetocal_emulator.seed import Seed, WorkspaceSeed
from tests.emulator.api import Api

pytest_plugins = ["pytester"]
DOCS = Path(__file__).parents[2] / "docs"
RULES = (DOCS / "emulator.md").read_text(encoding="utf-8")
PAGE = "".join((DOCS / f"emulator-{part}.md").read_text(encoding="utf-8") for part in ("start", "control"))
EXAMPLES = [block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "curl" in block]
MARK = "----- the next example -----"


def rows(heading: str) -> dict[str, list[str]]:
    """
    Return the cells of the tables under a heading by the word in their first cell.
    """
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in section.splitlines()
        if line[:1] == "|"
    ]
    return {row[0].strip("`"): row[1:] for row in cells if row[0].startswith("`")}


def words(cell: str) -> list[str]:
    """
    Return what stands in code quotes.
    """
    return re.findall(r"`([^`]+)`", cell)


def test_the_examples_answer_as_the_page_says() -> None:
    """
    All are run in the pages' order, in one shell, and what each is said to answer is in its output, in order.
    """
    script = f"\necho '{MARK}'\n".join(EXAMPLES)
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}

    with Emulator() as emulator:
        script = script.replace("http://127.0.0.1:8470", emulator.url)
        done = subprocess.run(
            ["bash", "-eu"], input=script, env=environment, capture_output=True, text=True, check=False
        )

    assert (done.returncode, done.stderr) == (0, "")
    answers = done.stdout.split(MARK)
    assert len(answers) == len(EXAMPLES)
    for example, answer in zip(EXAMPLES, answers, strict=True):
        rest = answer
        for promised in re.findall(r"^# (.*)$", example, re.MULTILINE):
            _before, found, rest = rest.partition(promised)
            assert found, f"{promised!r} is not in the answer: {answer}"


def test_every_example_tells_its_answer() -> None:
    """
    No call of curl is shown without the answer, but for one whose output is kept in a variable.
    """
    commands = [
        command
        for example in EXAMPLES
        for command in re.split(r"(?m)^(?=\S*=?\$?\(?curl|[A-Z]+=)", example)
        if "curl" in command
    ]

    assert len(commands) > 30
    assert [command for command in commands if "\n# " not in command and "=$(curl" not in command] == []


def test_every_control_route_is_listed_and_shown() -> None:
    """
    The table has each verb and path of the code, no more, and each is used in an example.
    """
    routes = {
        f"{method} {CONTROL_PREFIX}{route.path}"
        for route in (*CONTROL_ROUTES, *OPENAPI_ROUTES)
        for method in (route.methods or set()) - {"HEAD"}
    }
    shown = (
        "".join(EXAMPLES).replace("$NEETOCAL_BASE_URL/_emulator", "$CONTROL").replace("acme/meetings/$SID", "{w}/{s}")
    )
    shown = shown.replace("acme/calendar-preferences", "acme/{collection")

    assert set(rows("Control routes")) == routes
    for route in CONTROL_ROUTES:
        last = route.path.rstrip("}").split("/")[-1]
        assert f"/{last}" in shown or route.path.endswith(("{sid}", "{id}", "{id:path}")), route.path


def test_every_switch_has_its_row() -> None:
    """
    All values are there, the default first, and a reason.
    """
    documented = rows("Switches")

    assert {name: words(row[0]) for name, row in documented.items()} == {
        name: [str(value) for value in values] for name, values in Switches.choices().items()
    }
    assert all(row[1] for row in documented.values())


def test_every_option_of_a_fault_is_listed() -> None:
    """
    Kinds have their options, and every fault's options have a row of their own.
    """
    documented = rows("Faults")
    kinds = set(get_args(get_type_hints(Fault)["kind"]))
    options = set(documented) - kinds | {word for kind in kinds for word in words(documented[kind][-1])}

    assert set(get_type_hints(Fault)) == options


def test_the_python_of_the_page_runs(pytester: pytest.Pytester) -> None:
    """
    The test passes with a program that makes the link, and the lines on `Emulator` run with a link to edit.
    """
    a_test, lines = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    program = "requests.post(url, json=LINK, headers={'X-Api-Key': os.environ['NEETOCAL_API_KEY']}).raise_for_status()"
    link = {"slug": "sales-demo", "name": "Demo", "hosts": ["ada@acme.example"], "duration": 30}
    pytester.makepyfile(
        "import os, requests\n"
        f"LINK = {link}\n"
        "def run_my_program():\n"
        "    url = os.environ['NEETOCAL_BASE_URL'] + '/api/external/v2/meetings'\n"
        f"    {program}\n\n{a_test}"
    )

    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)
    with Emulator() as emulator, closing(Api(emulator.url)) as api:
        sid = api.create(**link)["sid"]
        inner = lines.split("as emulator:\n")[1]
        exec(textwrap.dedent(inner), {"emulator": emulator, "sid": sid})  # noqa: S102 - the page's own lines
        assert emulator.meetings() == []


def test_every_key_of_a_seed_is_told() -> None:
    """
    Each key of the code has a row and stands in the seed on the page, and that seed works.
    """
    examples = map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
    (seed,) = (example for example in examples if "workspaces" in example)
    keys = {field.name for kind in (Seed, WorkspaceSeed) for field in fields(kind)} - {"name"}

    with Emulator(seed=seed) as emulator:
        assert emulator.meetings()[0]["disabled"] is True
    assert {*seed, *seed["workspaces"]["acme"]} == keys
    assert set(rows("Workspaces, keys and the seed")) == keys


def test_the_table_of_facts_is_current() -> None:
    """
    `python -m neetocal_emulator.facts docs/emulator.md` has nothing to change.
    """
    assert with_facts(RULES) == RULES
