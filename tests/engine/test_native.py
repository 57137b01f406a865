"""
What our own plugin does that Pulumi's dynamic host cannot: import, detailed diffs, time limits, cancelling, moving.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.resources.functions import FUNCTIONS
from neetocal_provider.resources.registry import RESOURCE_TYPES
from tests.chaos.processes import wait_until
from tests.emulator.api import LINK, Api
from tests.engine.conftest import PROGRAMS, Asked
from tests.engine.stack import Stack

pytestmark = pytest.mark.one_host("native", "the dynamic host has none of it")

TYPE = "neetocal:index:SchedulingLink"
IMPORT = ("import", TYPE, "intro")
QUIETLY = ("--yes", "--generate-code=false", "--protect=false")
DURATIONS = [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}]
IN_TIME = 60.0
"""Seconds for what takes one, on a busy machine."""


@pytest.fixture
def stack(tmp_path: Path, emulator: Emulator) -> Stack:
    """
    Give a stack of the links in `links.json`, under version 2.
    """
    return Stack(PROGRAMS / "links", tmp_path, emulator.environment())


# Settings that are known only later


def test_lookups_of_a_provider_that_is_known_later_are_unknown(stack: Stack, emulator: Emulator) -> None:
    """
    The preview of a new stack succeeds, for each lookup and for a team; the deployment then finds them.
    """
    (stack.folder / "links.py").write_text(LATER.replace("URL", emulator.url))

    stack.preview()
    stack.up()

    assert stack.stack_outputs()["found"] == ["ben@acme.example", "Intro call", "first", True, True]


def test_a_lookup_that_cannot_wait_says_so(stack: Stack, emulator: Emulator) -> None:
    """
    In one sentence, with the lookup to use.
    """
    plain = "\nnative.get_team_member(email='a@b.example', opts=opts)\n"
    (stack.folder / "links.py").write_text(LATER.replace("URL", emulator.url) + plain)

    said = stack.fails("preview")

    assert "known only later: use the lookup whose name ends in _output" in said
    assert "Traceback" not in said


LATER = """
import pulumi
import neetocal_provider as native

first = native.SchedulingLink("first", slug="first", name="F", hosts=["ada@acme.example"], duration=30)
key = first.id.apply(lambda _: "acme-demo-key")
later = native.Provider("later", workspace="acme", api_key=key, base_url="URL")
opts = pulumi.InvokeOptions(provider=later)
native.TeamLinks(
    "sales",
    members=["ada@acme.example"],
    member_links={"intro": {"name": "I", "duration": 30}},
    opts=pulumi.ResourceOptions(provider=later),
)
found = [
    native.get_team_member_output(email="ben@acme.example", opts=opts).apply(lambda each: each.email),
    native.get_meeting_template_output(name="Intro call", opts=opts).apply(lambda each: each.name),
    native.get_scheduling_link_output(slug="first", opts=opts).apply(lambda each: each.slug),
    native.list_team_members_output(opts=opts).apply(lambda each: len(each) > 0),
    native.list_scheduling_links_output(opts=opts).apply(lambda each: len(each) > 0),
]
pulumi.export("found", found)
"""


# Import


def test_an_imported_link_previews_empty(stack: Stack, api: Api) -> None:
    """
    Its inputs are what is special about it, with which a program declares it; a refresh finds nothing either.
    """
    sid = api.create(description="By hand", durations=DURATIONS, is_multiple_durations_allowed=True)["sid"]
    stack.declare()

    stack.shows(*IMPORT, sid, *QUIETLY)

    recorded = stack.resources()["intro"]
    assert recorded["id"] == sid
    assert recorded["inputs"]["description"] == "By hand"
    assert not recorded["inputs"].keys() & {"start_time_increment", "kind", "spots", "locked_time_zone"}
    stack.declare(intro=recorded["inputs"])
    stack.expect_quiet()
    assert stack.refresh("--expect-no-changes") == {"refresh": 1}
    assert stack.deploy() == {"same": 1}


def test_an_id_that_is_none_fails_clearly(stack: Stack) -> None:
    """
    With the workspace in which there is no such link; nothing is recorded.
    """
    stack.declare()

    said = stack.fails(*IMPORT, "nowhere", *QUIETLY)

    assert "The link (nowhere) could not be read: There is no link with this id in the workspace 'acme'" in said
    assert "Traceback" not in said
    assert stack.resources() == {}


def test_a_program_imports_what_it_declares(stack: Stack, api: Api, emulator: Emulator) -> None:
    """
    With `ResourceOptions(import_=…)`; what differs is told in the preview and changed.
    """
    sid = api.create(spot="zoom", name="Old")["sid"]
    stack.declare(intro={**LINK, "spot": "zoom", "opts": {"import_": sid}})

    assert stack.up() == {"import": 1, "update": 1}

    assert [(each["sid"], each["name"]) for each in emulator.meetings()] == [(sid, "Intro")]


# Diffs and previews


def test_a_preview_shows_what_changes_where(stack: Stack) -> None:
    """
    Down to the key of an option; another order or spelling is no change.
    """
    stack.declare(intro={**LINK, "durations": DURATIONS, "hosts": ["ada@acme.example", "ben@acme.example"]})
    stack.deploy()

    stack.declare(intro={**LINK, "durations": DURATIONS[::-1], "hosts": ["Ben@acme.example", "ada@acme.example"]})
    stack.expect_quiet()

    durations = [DURATIONS[0], {"duration": 45, "is_default": False}]
    stack.declare(intro={**LINK, "durations": durations, "hosts": ["ada@acme.example", "chiara@acme.example"]})
    said = " ".join(stack.shows("preview", "--diff").split())
    assert "~ durations: [ ~ [1]: { ~ duration: 60 => 45 } ]" in said
    assert '~ hosts : [ ~ [1]: "ben@acme.example" => "chiara@acme.example" ]' in said


def test_a_preview_knows_what_follows_from_the_program(stack: Stack) -> None:
    """
    The address of a new link, so another link that shows it is previewed with it.
    """
    stack.declare(intro=LINK, other={**LINK, "slug": "other", "description": {"url_of": "intro"}})

    said = stack.shows("preview", "--diff")

    assert stack.preview() == {"create": 2}
    assert '/intro"' in said


# Time


def test_a_custom_timeout_bounds_the_whole_operation(stack: Stack, emulator: Emulator) -> None:
    """
    However long a request may be tried.
    """
    emulator.fault("status", status=429, retry_after_s=600)
    stack.environment(NEETOCAL_TIMEOUT="900")
    stack.declare(intro={**LINK, "opts": {"custom_timeouts": {"create": "60s"}}})

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "The link 'intro' could not be created: POST meetings" in said
    assert "Traceback" not in said


def test_ctrl_c_ends_pauses_at_once(stack: Stack, emulator: Emulator) -> None:
    """
    The engine says so to the plugin, which begins nothing more; the next run goes on.
    """
    emulator.fault("status", status=429, retry_after_s=600, path="/meetings", times=1)
    stack.environment(NEETOCAL_TIMEOUT="900")
    stack.declare(intro=LINK)

    with stack.started("up", "--yes", "--skip-preview") as run:
        assert wait_until(lambda: len(emulator.requests) > 0, run)
        os.killpg(run.pid, signal.SIGINT)
        assert run.wait(IN_TIME) != 0

    assert "could not be created" in stack.told()
    assert "the run is being cancelled" in stack.told()
    assert emulator.meetings() == []
    assert stack.up() == {"create": 1}


# Moving


def links(count: int) -> dict[str, dict[str, Any]]:
    """
    Return plain links by resource name.
    """
    return {f"link-{number}": {**LINK, "slug": f"link-{number}"} for number in range(count)}


def test_a_stack_moves_from_the_dynamic_host_and_back(stack: Stack, emulator: Emulator, asked: Asked) -> None:
    """
    Fifty links, by the import line alone: nothing in the preview, no request, and each host works on.
    """
    stack.declare(**links(50))
    stack.move_program("dynamic")
    assert stack.up() == {"create": 50}
    ids = {name: each["id"] for name, each in stack.resources().items()}
    asked()

    stack.move_program("native")
    assert stack.deploy() == {"same": 50}
    assert {each["type"] for each in stack.resources().values()} == {TYPE}
    stack.move_program("dynamic")
    assert stack.deploy() == {"same": 50}
    assert asked() == []

    stack.declare(**{**links(50), "link-7": {**LINK, "slug": "link-7", "name": "Changed"}})
    stack.move_program("native")
    assert stack.up() == {"same": 49, "update": 1}
    assert stack.refresh() == {"refresh": 50}
    stack.expect_quiet()
    stack.move_program("dynamic")
    assert stack.up() == {"same": 50}
    assert {name: each["id"] for name, each in stack.resources().items()} == ids
    assert stack.refresh() == {"refresh": 50}
    assert stack.destroy() == {"delete": 50}
    assert emulator.meetings() == []


def test_a_link_made_by_the_plugin_moves_to_the_dynamic_host(stack: Stack, emulator: Emulator, asked: Asked) -> None:
    """
    That records where its own provider is, which the preview shows as an update; no request is sent for it.
    """
    stack.declare(intro=LINK)
    stack.deploy()
    asked()

    stack.move_program("dynamic")
    assert stack.up() == {"update": 1}

    assert asked() == []
    assert stack.destroy() == {"delete": 1}
    assert emulator.meetings() == []


# Partial failures


def test_a_link_that_was_made_otherwise_is_recorded_as_it_is(stack: Stack, emulator: Emulator) -> None:
    """
    As the engine's own partial state: the run fails with the reason, and the next one finishes the same link.
    """
    emulator.switch(spot_in_patch="dropped")
    stack.declare(intro=LINK)
    stack.deploy()
    stack.declare(intro={**LINK, "spot": "zoom"})

    said = stack.fails("up", "--yes", "--skip-preview")

    assert "spot is not what was declared after neetoCal accepted it" in said
    assert "initErrors" in json.dumps(stack.state()["deployment"]["resources"])
    assert stack.outputs("intro")["spot"] != "zoom"
    emulator.edit_meeting(stack.resources()["intro"]["id"], spot="zoom")
    assert stack.deploy() == {"update": 1}
    stack.expect_quiet()


# The plugin


def test_the_plugin_is_found_on_the_path(stack: Stack) -> None:
    """
    `pip install` in an active environment is enough; the engine says where it found it.
    """
    project = stack.folder / "Pulumi.yaml"
    project.write_text(project.read_text().partition("\nplugins:")[0] + "\n")
    stack.declare(intro=LINK)

    assert stack.up() == {"create": 1}

    assert "using pulumi-resource-neetocal from $PATH" in stack.said


def test_pulumi_reads_the_schema(stack: Stack) -> None:
    """
    With every resource and function in it.
    """
    plugin = Path(sys.executable).parent / "pulumi-resource-neetocal"

    schema = json.loads(stack.shows("package", "get-schema", str(plugin)))

    assert {*schema["resources"]} == {f"neetocal:index:{name}" for name in (*RESOURCE_TYPES, "TeamLinks")}
    assert len(schema["functions"]) == sum(each.is_public for each in FUNCTIONS.values())


def test_an_environment_that_is_not_on_the_path_needs_one_command(stack: Stack, tmp_path: Path) -> None:
    """
    Before it, a sentence names it and nothing of the program is registered; afterwards the stack deploys.

    The language host puts the environment on the path of the program, as those of uv, Poetry and `virtualenv` do, and
    that is not the engine's.
    """
    stack.environment(PATH=outside(tmp_path, ACTIVATING), PULUMI_HOME=str(tmp_path / "home"))
    project = stack.folder / "Pulumi.yaml"
    project.write_text("name: links\nmain: links.py\nruntime:\n  name: python\n  options:\n    toolchain: uv\n")
    stack.declare(intro=LINK)

    said = stack.attempt()

    assert f"run `{SCRIPTS}/neetocal-provider plugin install` once, or name the folder {SCRIPTS} under" in said
    assert "Traceback" not in said
    assert stack.resources() == {}
    told = stack.beside(str(SCRIPTS / "neetocal-provider"), "plugin", "install").stdout
    assert f"it starts {SCRIPTS}/pulumi-resource-neetocal." in told
    assert "Remove it: pulumi plugin rm resource neetocal" in told
    assert stack.deploy() == {"create": 1}

    (launcher,) = tmp_path.glob("home/plugins/resource-neetocal-v*/pulumi-resource-neetocal")
    launcher.write_text(launcher.read_text().replace(str(SCRIPTS), str(tmp_path / "gone")))
    assert "is gone: run `neetocal-provider plugin install` in the environment of the program." in stack.attempt()
    stack.shows("plugin", "rm", "resource", "neetocal", "--yes")
    assert not launcher.parent.exists()


SCRIPTS = Path(sys.executable).parent

ACTIVATING = f"""#!/bin/sh
export VIRTUAL_ENV={SCRIPTS.parent} PATH={SCRIPTS}:$PATH
case $1 in
*pulumi-language-python-exec) host=$1; shift; set -- "$host" --root_directory "$PWD" "$@" ;;
esac
exec {SCRIPTS}/python "$@"
"""


def outside(folder: Path, interpreter: str) -> str:
    """
    Return a PATH without the virtual environment, on which `python` starts this script.
    """
    commands = folder / "commands"
    commands.mkdir()
    for name in ("python", "python3"):
        (commands / name).write_text(interpreter)
        (commands / name).chmod(0o755)
    others = [each for each in os.environ["PATH"].split(os.pathsep) if Path(each) != SCRIPTS]
    return os.pathsep.join([str(commands), *others])


def test_a_function_that_the_automation_api_deploys_is_told_so_too(stack: Stack, tmp_path: Path) -> None:
    """
    With the sentence alone, unless its workspace has an environment in which the engine finds the plugin.
    """
    install = (str(SCRIPTS / "neetocal-provider"), "plugin", "install")
    stack.environment(PULUMI_HOME=str(tmp_path / "home"))
    assert stack.beside(*install).returncode == 0
    stack.environment(PATH=outside(tmp_path, ""), PULUMI_HOME=str(tmp_path / "other"), PULUMI_STACK=None)
    (stack.folder / "Pulumi.yaml").unlink()
    (stack.folder / "deploy.py").write_text(DEPLOY)

    done = stack.beside(str(SCRIPTS / "python"), "deploy.py", str(tmp_path / "home"))

    refused, _, deployed = done.stdout.partition("\nNow with the launcher:\n")
    assert f"run `{SCRIPTS}/neetocal-provider plugin install` once" in refused
    assert "Traceback" not in refused
    assert "SchedulingLink" not in refused
    assert deployed == "{'create': 1, 'same': 1}\n"


DEPLOY = """
import sys

from neetocal_provider import SchedulingLink
from pulumi import automation


def program():
    SchedulingLink("intro", slug="intro", name="Intro", hosts=["ada@acme.example"], duration=30)


def up(**options):
    workspace = automation.LocalWorkspaceOptions(**options)
    return automation.create_or_select_stack("dev", project_name="inline", program=program, opts=workspace).up()


try:
    up()
except automation.CommandError as error:
    print(error)
print("Now with the launcher:")
print(up(pulumi_home=sys.argv[1]).summary.resource_changes)
"""
