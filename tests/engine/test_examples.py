"""
The projects under examples/, each deployed to the emulator as its page says.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from neetocal_emulator import Emulator
from tests.emulator.api import Api
from tests.engine.stack import Stack

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
INTRO = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}

pytestmark = pytest.mark.matrix


@pytest.fixture
def api_version() -> str:
    """
    Run the examples under version 2, as they are written.
    """
    return "v2"


def example(name: str, folder: Path, emulator: Emulator) -> Stack:
    """
    Return a stack of one of the examples.
    """
    return Stack(EXAMPLES / name, folder, emulator.environment())


def slugs(emulator: Emulator, workspace: str = "acme") -> list[str]:
    """
    Return the slugs of a workspace's links, sorted.
    """
    return [meeting["slug"] for meeting in emulator.meetings(workspace)]


HELD_TO_THE_SCHEMA = {"native-go", "native-typescript"}
"""Their SDKs are made by language hosts that cannot be had everywhere; tests/native/test_examples.py reads them."""


def test_every_example_is_in_the_table_and_is_tested() -> None:
    """
    One row for each folder, and a test below that deploys it.
    """
    folders = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())

    assert sorted(re.findall(r"^\| \[([\w-]+)\]", (EXAMPLES / "README.md").read_text(), re.MULTILINE)) == folders
    deployed = re.findall(r'(?:example\(|EXAMPLES / )"([\w-]+)"', Path(__file__).read_text())
    assert {*folders} - {*deployed} == HELD_TO_THE_SCHEMA


def test_a_single_link(tmp_path: Path, emulator: Emulator) -> None:
    """
    One link, and its address.
    """
    stack = example("single-link", tmp_path, emulator)

    assert stack.up() == {"create": 1}
    assert stack.stack_outputs() == {"book a demo": f"{emulator.url}/sales-demo"}


def test_a_team_from_the_stacks_file(tmp_path: Path, emulator: Emulator) -> None:
    """
    The teams of Pulumi.dev.yaml.
    """
    stack = example("team-from-config", tmp_path, emulator)
    (stack.folder / "Pulumi.test.yaml").write_text((stack.folder / "Pulumi.dev.yaml").read_text())

    assert stack.up() == {"create": 5}
    assert slugs(emulator) == ["ada-intro", "ben-intro", "chiara-intro", "sales-demo", "sales-onboarding"]


def test_templates_and_members(tmp_path: Path, emulator: Emulator) -> None:
    """
    One link made from the template for each member in Europe.
    """
    stack = example("templates-and-members", tmp_path, emulator)

    assert stack.up() == {"create": 8}
    assert {(meeting["spot"], meeting["after_buffer_time"]) for meeting in emulator.meetings()} == {("google_meet", 10)}
    assert "ines-intro" in slugs(emulator)
    assert "grace-intro" not in slugs(emulator)


def test_services_and_codes(tmp_path: Path, emulator: Emulator) -> None:
    """
    Two services on a link, and a code for it.
    """
    stack = example("services-and-codes", tmp_path, emulator)

    assert stack.up() == {"create": 4}
    prices = {each["name"]: each["price"] for each in emulator.objects("add-on-services")}
    assert (prices["Written report"], prices["Follow-up call"]) == ("49.9", "25.0")
    (code,) = (each for each in emulator.objects("discount-codes") if each["code"] == "SPRING")
    assert [each["name"] for each in code["meetings"]] == ["Consultation"]


def test_several_workspaces(tmp_path: Path, emulator: Emulator) -> None:
    """
    The second workspace's key is a secret of the stack's config.
    """
    stack = example("several-workspaces", tmp_path, emulator)
    stack.config("globexKey", "globex-demo-key", "--secret")

    assert stack.up() == {"create": 4}
    assert slugs(emulator) == ["intro"]
    assert slugs(emulator, "globex") == ["intro", "omar-help", "priya-help"]


def test_a_link_in_another_resource(tmp_path: Path, emulator: Emulator) -> None:
    """
    The page shows the address, and changes with the link.
    """
    stack = example("link-in-another-resource", tmp_path, emulator)

    assert stack.up() == {"create": 1}
    page = stack.folder / "contact.html"
    assert page.read_text() == f'<a href="{emulator.url}/demo">Book a Product demo</a>\n'
    stack.destroy()
    assert not page.exists()


def test_adopting_a_workspace(tmp_path: Path, emulator: Emulator, api: Api) -> None:
    """
    The three commands of its page, as they stand there.
    """
    for number in range(3):
        assert api.post("/meetings", {**INTRO, "slug": f"intro-{number}"}).is_success
    stack = example("adopt-a-workspace", tmp_path, emulator)
    (commands,) = re.findall(r"```sh\n(.*?)```", (stack.folder / "README.md").read_text(), re.DOTALL)

    done = stack.beside("bash", "-ec", commands)

    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(stack.resources()) == ["intro-0", "intro-1", "intro-2"]


def test_the_nightly_drift_check(tmp_path: Path, emulator: Emulator, api: Api) -> None:
    """
    The workflow's last step passes while nobody edits, and fails when somebody has.
    """
    stack = example("nightly-drift", tmp_path, emulator)
    workflow = yaml.safe_load((stack.folder / ".github" / "workflows" / "nightly-drift.yml").read_text())
    command = workflow["jobs"]["drift"]["steps"][-1]["run"].replace("--stack dev", "--stack test")
    stack.up()
    assert stack.beside("bash", "-ec", command).returncode == 0

    (sid,) = (meeting["sid"] for meeting in emulator.meetings() if meeting["slug"] == "grace-help")
    assert api.patch(f"/meetings/{sid}", {"name": "Edited"}).is_success

    done = stack.beside("bash", "-ec", command)
    assert done.returncode != 0
    assert "Edited" in done.stdout


@pytest.mark.one_host("dynamic", "deploy.py declares the links of the dynamic provider")
def test_a_stack_for_each_team(tmp_path: Path, emulator: Emulator, api: Api) -> None:
    """
    Safe to run again; a failing team stops no other; drift is told by the exit status.
    """
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLES / "stack-per-team", folder)
    (tmp_path / "state").mkdir()
    backend = {"PULUMI_BACKEND_URL": (tmp_path / "state").as_uri(), "PULUMI_CONFIG_PASSPHRASE": "test"}

    def deploy(*options: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "deploy.py", "teams", *options],
            cwd=folder,
            env={**os.environ, **emulator.environment(), **backend},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    assert deploy()[0] == 0
    members = ["ada-intro", "ben-intro", "chiara-intro", "grace-help", "hugo-help"]
    assert slugs(emulator) == [*members, "sales-demo", "support-call-back"]
    assert deploy("--drift")[0] == 0
    (folder / "teams" / "broken.yaml").write_text("members: [ada]\n")
    status, said = deploy()
    assert status == 1
    assert "\nbroken failed: teams/broken.yaml.broken.members[0] is wrong: 'ada' does not" in said
    assert "members[0] is wrong: 'ada' does not match" in (folder / "logs" / "broken.log").read_text()
    assert "no change" in said
    (folder / "teams" / "broken.yaml").unlink()

    assert api.patch(f"/meetings/{emulator.meetings()[0]['sid']}", {"name": "Edited"}).is_success
    status, said = deploy("--drift")
    assert (status, "drifted" in said) == (2, True)
    assert deploy("--destroy")[0] == 0
    assert slugs(emulator) == []


@pytest.mark.one_host("native", "Pulumi's dynamic host serves Python alone")
def test_a_link_in_yaml(tmp_path: Path, emulator: Emulator) -> None:
    """
    The others need an SDK that their own hosts make; tests/native/test_examples.py holds all to the schema.
    """
    stack = example("native-yaml", tmp_path, emulator)

    assert stack.up() == {"create": 1}
    assert stack.stack_outputs() == {"book a demo": f"{emulator.url}/sales-demo"}


@pytest.mark.one_host("native", "Pulumi's dynamic host serves Python alone")
def test_a_team_in_yaml(tmp_path: Path, emulator: Emulator) -> None:
    """
    Its links, and all their addresses.
    """
    stack = example("native-team-yaml", tmp_path, emulator)

    assert stack.up() == {"create": 3}
    helps = {name: f"{emulator.url}/{name}-help" for name in ("ada", "ben")}
    assert stack.stack_outputs() == {"team": {"call-back": f"{emulator.url}/support-call-back", "help": helps}}
