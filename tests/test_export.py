"""
Exports without an engine: which links, what declares them, how that is written, and what the command says.
"""

from __future__ import annotations

import ast
import json
import os
import pty
import shlex
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from neetocal_emulator import Emulator
from neetocal_provider import SchedulingLink
from neetocal_provider.api.client import Client
from neetocal_provider.api.objects import RemoteObject
from neetocal_provider.cli.commands import main
from neetocal_provider.cli.export import Export, Exported, Skipped, export
from neetocal_provider.cli.program_generator import program, quoted, variables
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.search import Query, find_all
from neetocal_provider.resources.add_on_service import ADD_ON_SERVICE
from neetocal_provider.resources.link_fields import BY_NAME, FIELDS, Kind, Spot
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.registry import RESOURCE_TYPES, parent_of
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.settings import Settings
from tests.emulator.api import LINK, Api
from tests.random_links import random_workspace
from tests.remote import link_from_api

SETTINGS = Settings(workspace="acme", api_key="marker-key", base_url="https://acme.neetocal.com")
LINKS, TEMPLATES, SERVICES = "SchedulingLink", "MeetingTemplate", "AddOnService"
TEMPLATE_SLUGS = ["shape", "template-deep-dive", "template-intro-call"]
"""Those of the emulator's first workspace among them."""
V1 = Settings(workspace="acme", api_key="marker-key", base_url="https://acme.neetocal.com", api_version="v1")
FULL: dict[str, Any] = {
    **LINK,
    "description": "First line, long enough that both do not fit on one line of a program,\nsecond line.",
    "kind": "round_robin",
    "start_time_increment": 15,
    "before_buffer_time": 5,
    "after_buffer_time": 0,
    "is_multiple_durations_allowed": True,
    "is_multiple_spots_allowed": False,
    "spot": "custom",
    "spot_custom_text": 'Ask for "Ada"',
    "spot_phone_call_number": "",
    "spot_in_person_location": None,
    "locked_time_zone": "Europe/Lisbon",
    "durations": [{"duration": 30, "is_default": True}, {"duration": 60}],
    "spots": [{"spot": "zoom", "is_default": True}, {"spot": "phone_call", "phone_call_number": "+1-555-0123"}],
}
PROGRAM = '''"""
The links.
"""

from neetocal_provider import DurationArgs, Kind, SchedulingLink, Spot, SpotArgs

intro = SchedulingLink(
    "intro",
    slug="intro",
    name="Intro",
    hosts=["ada@acme.example"],
    duration=30,
    description=(
        "First line, long enough that both do not fit on one line of a program,\\n"
        "second line."
    ),
    kind=Kind.ROUND_ROBIN,
    start_time_increment=15,
    before_buffer_time=5,
    is_multiple_durations_allowed=True,
    spot=Spot.CUSTOM,
    spot_custom_text='Ask for "Ada"',
    locked_time_zone="Europe/Lisbon",
    durations=[DurationArgs(30, is_default=True), DurationArgs(60)],
    spots=[
        SpotArgs(Spot.ZOOM, is_default=True),
        SpotArgs(Spot.PHONE_CALL, phone_call_number="+1-555-0123"),
    ],
)
'''

PROGRAM_OF_ALL = '''"""
The links.
"""

from neetocal_provider import AddOnService, MeetingTemplate, SchedulingLink, Spot

intro = SchedulingLink(
    "intro",
    slug="intro",
    name="Intro",
    hosts=["ada@acme.example"],
    duration=30,
)

shape = MeetingTemplate(
    "shape",
    slug="shape",
    name="Shape",
    duration=45,
    spot=Spot.ZOOM,
)

intro_written_report = AddOnService(
    "intro-written-report",
    link=intro.id,
    name="Written report",
    duration=15,
    price="25.50",
    position=1,
)
'''


def meeting(**fields: Any) -> RemoteObject:
    """
    Return a link as an API that knows only these fields answers it, differing from LINK.
    """
    row = {**LINK, **fields}
    return link_from_api({"sid": f"sid-{row['slug']}", "id": f"uuid-{row['slug']}", **row})


def one(settings: Settings = SETTINGS, **fields: Any) -> Exported:
    """
    Export a single link that can be exported.
    """
    (link,) = export({LINKS: [meeting(**fields)]}, settings).resources
    return link


def template(**fields: Any) -> RemoteObject:
    """
    Return a template that is answered with these fields.
    """
    row = {"id": "uuid-shape", "slug": "shape", "name": "Shape", "duration": 45, **fields}
    return RemoteObject.from_api(row, MEETING_TEMPLATE.schema, MEETING_TEMPLATE.endpoints)


def service(id_: str, link: str = "sid-intro", **fields: Any) -> RemoteObject:
    """
    Return a service of a link that is answered with these fields.
    """
    row = {"id": id_, "duration": 0, "price": "0.0", **fields}
    return RemoteObject.from_api(row, ADD_ON_SERVICE.schema, ADD_ON_SERVICE.endpoints, {"link": link})


def skipped(**fields: Any) -> Skipped:
    """
    Export a single link that cannot be exported.
    """
    found = export({LINKS: [meeting(**fields)]}, SETTINGS)
    assert found.resources == ()
    (link,) = found.skipped
    return link


def written(*links: Exported) -> str:
    """
    Return the program of these links.
    """
    return program(links, title="The links.")


@pytest.fixture(scope="module")
def wild() -> Export:
    """
    Give what an export makes of 500 random links.
    """
    rows = random_workspace(500, seed=2)["workspaces"]["acme"]["meetings"]
    return export({LINKS: [meeting(**row) for row in rows]}, SETTINGS)


# Programs


def test_a_program_declares_what_differs_from_the_defaults() -> None:
    """
    Enumerations and argument classes are used, defaults and empty values are left out.
    """
    assert written(one(**FULL)) == PROGRAM


def test_only_what_is_used_is_imported() -> None:
    """
    A program of plain links has one name to import.
    """
    assert "from neetocal_provider import SchedulingLink\n" in written(one())
    assert "from neetocal_provider import Kind, SchedulingLink\n" in written(one(kind="grouped"))
    assert "from neetocal_provider import SchedulingLink, Spot\n" in written(one(spot="zoom"))


def test_formatters_leave_a_program_alone(wild: Export, tmp_path: Path) -> None:
    """
    Whatever the texts hold, and however long a slug is.
    """
    (tmp_path / "links.py").write_text(written(*wild.resources, one(slug="s" * 200)), encoding="utf-8")

    done = subprocess.run(
        ["ruff", "format", "--isolated", "--no-cache", "--diff", "links.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "")


def test_a_program_passes_strict_type_checks(wild: Export, tmp_path: Path) -> None:
    """
    As those of users' own projects do.
    """
    (tmp_path / "links.py").write_text(written(one(**FULL), *wild.resources[:50]), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--python-version=3.10", "links.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_a_program_says_what_the_links_hold(wild: Export) -> None:
    """
    Every text and number of 500 links is read back as it was.
    """
    calls = [node for node in ast.walk(ast.parse(written(*wild.resources))) if isinstance(node, ast.Call)]
    links = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "SchedulingLink"]
    found = [
        {each.arg: each.value.value for each in link.keywords if isinstance(each.value, ast.Constant)} for link in links
    ]

    assert len(links) == len(wild.resources) > 400
    for link, constants in zip(wild.resources, found, strict=True):
        plain = {name: value for name, value in link.arguments.items() if isinstance(value, int | str)}
        assert constants == {name: value for name, value in plain.items() if name not in ("kind", "spot")}


@given(st.text())
def test_a_quoted_text_is_one_visible_line(text: str) -> None:
    """
    Python reads it back; line ends, control characters and marks that turn the direction of text are escaped.
    """
    literal = quoted(text)

    assert ast.literal_eval(literal) == text
    assert literal.isprintable()


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", '"plain"'),
        ('say "hi"', "'say \"hi\"'"),
        ("it's", '"it\'s"'),
        ('"it\'s"', "'\"it\\'s\"'"),
        ("a\\b\n\u202e\x00é", r'"a\\b\n\u202e\x00é"'),
    ],
)
def test_quotes_are_those_that_need_fewer_escapes(text: str, literal: str) -> None:
    """
    As formatters choose them.
    """
    assert quoted(text) == literal


def test_a_kind_without_an_answered_argument_cannot_be_exported(tmp_path: Path) -> None:
    """
    No answer tells the kind of a discount code, without which no program can declare one.
    """
    done = run("--kind", "discount-code", out=tmp_path)

    assert (done.exit_code, "'discount-code' is not one of" in done.stderr) == (2, True)


def test_variables_are_valid_and_differ() -> None:
    """
    Slugs that differ in a hyphen, begin with a digit or mean something to Python get names of their own.
    """
    names = ["30min", "__all__", "a-b", "a_b", "class", "list", "match"]

    assert list(variables(dict.fromkeys(names, "link")).values()) == [
        "link_30min",
        "link___all__",
        "a_b",
        "a_b_2",
        "class_",
        "list_",
        "match",
    ]


def test_a_disabled_link_says_so() -> None:
    """
    Whoever reads the program learns that the link cannot be booked.
    """
    assert "\n# Disabled: nobody can book it until somebody enables it in the web app.\nintro = " in written(
        one(disabled=True)
    )


def test_a_program_declares_several_kinds() -> None:
    """
    Links first; what belongs to an exported object has its variable, and what belongs to another has its id.
    """
    report = service("one", name="Written report", duration=15, price="25.50", position=1)
    found = {LINKS: [meeting()], TEMPLATES: [template(spot="zoom")], SERVICES: [report]}

    assert written(*export(found, SETTINGS).resources) == PROGRAM_OF_ALL
    assert '    "intro-written-report",\n    link="sid-intro",\n' in written(
        *export(found, SETTINGS, [SERVICES]).resources
    )


def test_imports_that_fit_on_no_line_have_one_each() -> None:
    """
    As formatters write them.
    """
    found = {LINKS: [meeting(**FULL)], TEMPLATES: [template()], SERVICES: [service("one", name="Report")]}

    text = written(*export(found, SETTINGS).resources)

    names = ["AddOnService", "DurationArgs", "Kind", "MeetingTemplate", "SchedulingLink", "Spot", "SpotArgs"]
    assert f"\nfrom neetocal_provider import (\n{''.join(f'    {each},{chr(10)}' for each in names)})\n" in text


# What is exported


def test_resources_have_valid_names_of_their_own() -> None:
    """
    Of what has no slug they are the title of its parent and its own, in letters that a slug may have.
    """
    titles = ["Écrit, 2 pages", "日本語", "Written report", "written  report", "Report"]
    below = [service(str(number), name=name) for number, name in enumerate(titles)]
    above = [meeting(), meeting(slug="intro-report")]

    found = export({LINKS: above, SERVICES: [*below, service("other", "gone", name="Talk")]}, SETTINGS)

    assert found.skipped == ()
    assert {each.arguments["name"]: each.name for each in found.resources if each.type_ is ADD_ON_SERVICE} == {
        "Report": "intro-report-2",
        "Talk": "gone-talk",
        "Written report": "intro-written-report",
        "written  report": "intro-written-report-2",
        "Écrit, 2 pages": "intro-crit-2-pages",
        "日本語": "intro-service",
    }


def test_a_service_is_exported_once_for_each_link() -> None:
    """
    Two of one name on one link fail their preview, on two links they don't; the reason names the first.
    """
    twins = [service("one", name="Report"), service("two", name=" Report"), service("three", "sid-demo", name="Report")]

    found = export({LINKS: [meeting(), meeting(slug="demo")], SERVICES: twins}, SETTINGS, [SERVICES])

    assert [(each.name, each.remote.id) for each in found.resources] == [
        ("demo-report", "sid-demo/three"),
        ("intro-report", "sid-intro/two"),
    ]
    assert found.skipped == (
        Skipped(title="intro/Report", reasons=("name is that of the service sid-intro/two, too",)),
    )


def test_a_service_without_a_name_is_skipped() -> None:
    """
    As is a link; the title begins with that of its link.
    """
    found = export({LINKS: [meeting()], SERVICES: [service("one", name=" ")]}, SETTINGS)

    assert [each.name for each in found.resources] == ["intro"]
    assert found.skipped == (Skipped(title="intro/ ", reasons=("name must not be blank",)),)


@pytest.mark.parametrize("type_", RESOURCE_TYPES.values(), ids=RESOURCE_TYPES)
def test_a_parent_is_known_and_comes_first(type_: ResourceType) -> None:
    """
    So that a program declares it before what belongs to it.
    """
    names = [*RESOURCE_TYPES]
    parent = parent_of(type_)

    assert (parent is not None) == bool(type_.endpoints.parents)
    assert parent is None or names.index(parent.schema.name) < names.index(type_.schema.name)
    assert [field.name for field in type_.schema.fields if field.is_parent] == [*type_.endpoints.parents]


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        (
            {"locked_time_zone": "Eastern Time (US & Canada)"},
            "locked_time_zone is 'Eastern Time (US & Canada)', but must be an IANA time zone such as Europe/Lisbon.",
        ),
        ({"start_time_increment": 2}, "start_time_increment is 2, but must be at least 3 minutes."),
        ({"spot": "in_person"}, "spot is 'in_person', but needs spot_in_person_location beside it."),
        (
            {"durations": [{"duration": 30}]},
            "durations is [{'is_default': False, 'duration': 30}], but must have is_default set on exactly one option, "
            "not on 0.",
        ),
        ({"description": "\ud800"}, "description holds what is no Unicode."),
        (
            {"kind": "by\nproxy"},
            r"kind is 'by\nproxy', but must be one of one_on_one, round_robin, multihost, grouped.",
        ),
    ],
)
def test_what_a_preview_would_refuse_is_left_undeclared(fields: dict[str, Any], note: str) -> None:
    """
    The program says what is missing and why.
    """
    link = one(**fields)

    assert link.arguments == LINK
    assert f"\n# Not declared: {note}\nintro = SchedulingLink(" in written(link)


def test_a_place_goes_with_its_text() -> None:
    """
    What is left out may be what another argument needs: that is left out, too.
    """
    link = one(spot="custom", spot_custom_text="\udfff")

    assert link.arguments == LINK
    assert [note.split()[2] for note in link.notes] == ["spot_custom_text", "spot"]


def test_version_1_declares_no_buffers() -> None:
    """
    A preview under version 1 would refuse them.
    """
    link = one(V1, after_buffer_time=15)

    assert "after_buffer_time" not in link.arguments
    assert "Not declared: after_buffer_time is 15, but cannot be set through version 1 of the API" in link.notes[0]


def test_a_long_value_is_cut_in_a_note() -> None:
    """
    A comment stays readable.
    """
    (note,) = one(locked_time_zone="Z" * 500).notes

    assert len(note) < 250


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"slug": "Intro"}, "slug may hold only lower-case letters, digits, hyphens and underscores, as in 'intro'"),
        ({"slug": "admin"}, "slug is reserved by neetoCal; choose another slug"),
        ({"name": " "}, "name must not be blank"),
        ({"duration": 2000}, "duration must be from 1 to 1440 minutes"),
        ({"hosts": []}, "hosts must name at least one host"),
        ({"hosts": None}, "hosts is not told by neetoCal"),
        ({"hosts": ["nobody"]}, "hosts holds 'nobody' at [0], which is not an e-mail address"),
    ],
)
def test_a_link_that_cannot_be_declared_is_skipped(fields: dict[str, Any], reason: str) -> None:
    """
    With the reason, and without a word in the program.
    """
    assert skipped(**fields) == Skipped(title=fields.get("slug", "intro"), reasons=(reason,))


def test_a_slug_is_exported_once() -> None:
    """
    Two resources of one slug fail their preview.
    """
    twin = link_from_api({**LINK, "sid": "z", "id": "z"})

    found = export({LINKS: [twin, meeting()]}, SETTINGS)

    assert [link.remote.id for link in found.resources] == ["sid-intro"]
    assert found.skipped == (Skipped(title="intro", reasons=("slug is that of the link sid-intro, too",)),)


def test_numbers_may_be_answered_as_text() -> None:
    """
    They are declared as numbers.
    """
    link = one(duration="45", start_time_increment="30")

    assert link.arguments == {**LINK, "duration": 45}


def test_an_entry_of_the_import_file_is_a_state() -> None:
    """
    Inputs are the arguments, outputs what a create would have recorded.
    """
    entry = one(kind="grouped", disabled=True).to_import(SETTINGS, {"__provider": "p"})

    assert entry == {
        "type": f"pulumi-python:{SchedulingLink._resource_type_name}",
        "name": "intro",
        "id": "sid-intro",
        "inputs": {**LINK, "kind": "grouped", "__provider": "p"},
        "outputs": {
            **LINK,
            "kind": "grouped",
            "url": "https://acme.neetocal.com/intro",
            "meeting_id": "uuid-intro",
            "disabled": True,
            "workspace": "acme",
            "declared": ["kind"],
            "__provider": "p",
        },
    }


def test_the_random_links_are_of_every_kind() -> None:
    """
    Every argument is declared by some of the thousand and left out by others, and every word is among them.
    """
    rows = random_workspace(1000, seed=1)["workspaces"]["acme"]["meetings"]
    links = export({LINKS: [meeting(**row) for row in rows]}, SETTINGS).resources
    held = {field.name for field in FIELDS if not field.is_local} - {"template_id"}
    used = Counter(name for link in links for name in link.arguments)

    assert held == used.keys()
    assert [name for name in held if not BY_NAME[name].required and used[name] == len(links)] == []
    assert {link.arguments.get("kind") for link in links} == {kind.value for kind in Kind} - {"one_on_one"} | {None}
    assert {link.arguments.get("spot") for link in links} == {spot.value for spot in Spot} | {None}
    assert {row["spot"] for link in links for row in link.arguments.get("spots", ())} == {spot.value for spot in Spot}
    assert {len(link.arguments.get("durations", ())) for link in links} == {0, 1, 2, 3, 4}
    assert {link.remote.outputs["disabled"] for link in links} == {True, False}


def test_no_argument_of_ours_is_exported(wild: Export) -> None:
    """
    What neetoCal does not hold cannot be told from a link.
    """
    used = {name for link in wild.resources for name in link.arguments}

    assert used == {field.name for field in BY_NAME.values() if not field.is_local} - {"template_id"}


# The command


def run(*arguments: str, out: Path) -> Result:
    """
    Run an export in this process, with the environment of the test.
    """
    return CliRunner().invoke(main, ["export", "--out", str(out), *arguments], catch_exceptions=False)


def imported(folder: Path, stem: str = "scheduling") -> list[str]:
    """
    Return the names in an import file.
    """
    return [each["name"] for each in json.loads((folder / f"{stem}_links.import.json").read_text())["resources"]]


@pytest.fixture
def links(neetocal_environment: dict[str, str]) -> dict[str, str]:
    """
    Let the environment lead to a workspace with three links, and return their sids by slug.
    """
    with closing(Api(neetocal_environment["NEETOCAL_BASE_URL"])) as api:
        made = [
            api.create(slug="sales-demo", name="Product demo", hosts=["ada@acme.example", "ben@acme.example"]),
            api.create(slug="help", name="Help with sales", hosts=["Ben@acme.example"]),
            api.create(slug="intro"),
        ]
    return {each["slug"]: each["sid"] for each in made}


@pytest.fixture
def services(links: dict[str, str], neetocal_environment: dict[str, str]) -> None:
    """
    Give two of the links a service each, and the workspace a template.
    """
    with closing(Api(neetocal_environment["NEETOCAL_BASE_URL"])) as api:
        for slug in ("intro", "help"):
            assert api.post(f"/meetings/{links[slug]}/add-on-services", {"name": "Report", "price": 5}).is_success
        assert api.post("/meeting-templates", {"slug": "shape", "name": "Shape", "duration": 30}).is_success


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize("api_version", ["v2", "v1"])
@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), ["help", "intro", "sales-demo"]),
        (("--search", "SALES"), ["help", "sales-demo"]),
        (("--host", "BEN@acme.example"), ["help", "sales-demo"]),
        (("--host", "ben@acme.example", "--host", "ada@acme.example"), ["help", "intro", "sales-demo"]),
        (("--host", "ada@acme.example", "--search", "demo"), ["sales-demo"]),
    ],
)
def test_filters_choose_links(tmp_path: Path, api_version: str, arguments: tuple[str, ...], names: list[str]) -> None:
    """
    Hosts are alternatives, a search narrows them down; version 1 cannot filter, but we can.
    """
    done = run("--api-version", api_version, *arguments, out=tmp_path)

    assert (done.exit_code, done.stderr) == (0, "")
    assert imported(tmp_path) == names


@pytest.mark.parametrize(
    ("arguments", "stem", "names", "counts", "requests"),
    [
        (("--kind", "meeting-template", "--search", "SHAPE"), "meeting_templates", ["shape"], "1 template", 1),
        (("--kind", "add-on-service"), "add_on_services", ["help-report", "intro-report"], "2 services", 6),
        (("--kind", "add-on-service", "--search", "intro"), "add_on_services", ["intro-report"], "1 service", 3),
        (
            ("--kind", "add-on-service", "--kind", "meeting-template", "--kind", "scheduling-link"),
            "scheduling_links",
            ["help", "intro", "sales-demo", *TEMPLATE_SLUGS, "help-report", "intro-report"],
            "3 links, 3 templates and 2 services",
            7,
        ),
        (
            ("--kind", "scheduling-link", "--kind", "add-on-service", "--host", "Ben@acme.example", "--team", "ben"),
            "ben_links",
            ["help", "sales-demo", "help-report"],
            "2 links and 1 service",
            4,
        ),
    ],
)
@pytest.mark.usefixtures("services")
def test_kinds_choose_what_is_exported(
    tmp_path: Path,
    emulator: Emulator,
    arguments: tuple[str, ...],
    stem: str,
    names: list[str],
    counts: str,
    requests: int,
) -> None:
    """
    Services are those of the exported links, or of all that the filters leave, each list of them read to an empty or
    repeated page; the files are named after the first kind.
    """
    before = len(emulator.requests)

    done = run(*arguments, out=tmp_path)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Wrote {counts} to {tmp_path / stem}.py and {tmp_path / stem}.import.json.\n")
    resources = json.loads((tmp_path / f"{stem}.import.json").read_text())["resources"]
    assert [each["name"] for each in resources] == names
    assert len(emulator.requests) - before == requests
    ast.parse((tmp_path / f"{stem}.py").read_text())


@pytest.mark.usefixtures("services")
def test_a_title_names_the_kinds(tmp_path: Path) -> None:
    """
    In the order in which the program declares them.
    """
    run("--kind", "add-on-service", "--kind", "scheduling-link", "--kind", "meeting-template", out=tmp_path)

    title = '"""\nThe scheduling links, meeting templates and add-on services of workspace acme.\n"""\n'
    assert (tmp_path / "scheduling_links.py").read_text().startswith(title)


@pytest.mark.usefixtures("services")
def test_version_1_has_links_alone(tmp_path: Path, emulator: Emulator) -> None:
    """
    The command says so before it sends a request.
    """
    before = len(emulator.requests)

    done = run("--kind", "meeting-template", "--kind", "add-on-service", "--api-version", "v1", out=tmp_path)

    assert done.exit_code == 1
    assert "The templates and services could not be exported: Version 1 of the API has no templates and no " in (
        done.stderr
    )
    assert "set neetocal:apiVersion (environment: NEETOCAL_API_VERSION) to v2." in done.stderr
    assert len(emulator.requests) == before


@pytest.mark.usefixtures("services")
def test_services_of_a_link_that_goes_meanwhile_are_left_out(tmp_path: Path, emulator: Emulator) -> None:
    """
    If the link is there, a list that isn't found is an error.
    """
    emulator.fault("status", status=404, method="GET", path="/meetings/*/add-on-services")

    done = run("--kind", "add-on-service", out=tmp_path)
    emulator.fault("status", status=404, method="GET", path="/meetings/*")
    gone = run("--kind", "add-on-service", out=tmp_path)

    assert (done.exit_code, "404" in done.stderr) == (1, True)
    assert (gone.exit_code, gone.stderr) == (0, "No service to export in workspace 'acme'; nothing was written.\n")


@pytest.mark.usefixtures("links")
def test_the_files_of_a_team_are_named_after_it(tmp_path: Path) -> None:
    """
    So that each team can have its own program and stack; resources are named by their slugs all the same.
    """
    out = tmp_path / "new" / "folder"

    done = run("--team", "Pre Sales", "--host", "ada@acme.example", out=out)

    program = out / "pre_sales_links.py"
    imports = out / "pre_sales_links.import.json"
    assert imported(out, "pre_sales") == ["intro", "sales-demo"]
    assert program.read_text().startswith('"""\nThe scheduling links of team Pre Sales in workspace acme.\n"""\n')
    assert f"Wrote 2 links to {program} and {imports}.\n" in done.stdout
    assert f"\n  pulumi import --file {imports} --protect=false --generate-code=false\n" in done.stdout
    assert "add the line `import pre_sales_links`" in done.stdout


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize(("out", "is_absolute"), [(".", False), ("new folder", True)])
def test_the_printed_command_finds_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, is_absolute: bool
) -> None:
    """
    Also from the folder of another project, and with spaces in its path.
    """
    monkeypatch.chdir(tmp_path)

    done = run(out=Path(out))

    (command,) = [line for line in done.stdout.splitlines() if line.startswith("  pulumi import ")]
    path = Path(shlex.split(command)[3])
    assert path.exists()
    assert path.is_absolute() == is_absolute


@pytest.mark.usefixtures("links")
def test_a_team_must_be_able_to_name_files(tmp_path: Path) -> None:
    """
    Nothing is written elsewhere than where it should be.
    """
    done = run("--team", "../sales", out=tmp_path)

    assert done.exit_code == 2
    assert "it names files" in done.stderr


@pytest.mark.usefixtures("links")
def test_existing_files_are_kept(tmp_path: Path, emulator: Emulator) -> None:
    """
    One that is there stops the export before it asks for anything; --force overwrites it.
    """
    (tmp_path / "scheduling_links.py").write_text("mine")
    before = len(emulator.requests)

    done = run(out=tmp_path)

    assert done.exit_code == 1
    assert done.stderr == (
        f"Error: {tmp_path / 'scheduling_links.py'} would be overwritten: give another --out or --team, or --force.\n"
    )
    assert (tmp_path / "scheduling_links.py").read_text() == "mine"
    assert len(emulator.requests) == before
    assert run("--force", out=tmp_path).exit_code == 0
    assert "intro = SchedulingLink(" in (tmp_path / "scheduling_links.py").read_text()


@pytest.mark.usefixtures("neetocal_environment")
def test_an_empty_workspace_has_nothing_to_export(tmp_path: Path) -> None:
    """
    That is no error, and no file.
    """
    done = run(out=tmp_path)

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "No link to export in workspace 'acme'; nothing was written.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("links")
def test_where_nothing_matches_nothing_is_written(tmp_path: Path) -> None:
    """
    The same as for an empty workspace.
    """
    done = run("--search", "no such link", out=tmp_path)

    assert done.exit_code == 0
    assert "No link to export in workspace 'acme'" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("links")
def test_a_skipped_link_is_named(tmp_path: Path, emulator: Emulator) -> None:
    """
    The others are exported, and the exit status says that all went well.
    """
    emulator.switch(unknown_hosts="accepted")
    emulator.edit_meeting(emulator.meetings()[0]["sid"], hosts=["nobody"])

    done = run("--quiet", out=tmp_path)

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "Skipped 'help': hosts holds 'nobody' at [0], which is not an e-mail address.\n"
    assert imported(tmp_path) == ["intro", "sales-demo"]


@pytest.mark.usefixtures("links")
def test_hosts_that_a_list_does_not_show_are_asked_for(tmp_path: Path, emulator: Emulator) -> None:
    """
    With one request for each link; where no answer shows them, the links are skipped.
    """
    emulator.switch(hosts_in_answers="not_in_lists")
    before = len(emulator.requests)

    done = run("--host", "ada@acme.example", out=tmp_path)

    assert (done.exit_code, imported(tmp_path)) == (0, ["intro", "sales-demo"])
    assert len(emulator.requests) - before == 1 + 2
    emulator.switch(hosts_in_answers="nowhere")
    assert "Skipped 'intro': hosts is not told by neetoCal.\n" in run("--force", out=tmp_path).stderr


@pytest.mark.usefixtures("links")
def test_a_link_that_goes_meanwhile_is_left_out(tmp_path: Path, emulator: Emulator) -> None:
    """
    It was listed, and is not there when it is asked for.
    """
    emulator.switch(hosts_in_answers="not_in_lists")
    emulator.fault("status", status=404, method="GET", path="/meetings/*", times=1)

    assert run(out=tmp_path).exit_code == 0

    assert len(imported(tmp_path)) == 2


@pytest.mark.usefixtures("links")
def test_a_wrong_key_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without the key, and without a word that sends users to a stack config that is not read here.
    """
    monkeypatch.setenv("NEETOCAL_API_KEY", "marker-key")

    done = run(out=tmp_path)

    assert done.exit_code == 1
    assert "401" in done.stderr
    assert done.stderr.endswith("This command reads its flags and the environment, not the stack config.\n")
    assert "marker-key" not in done.output
    assert list(tmp_path.iterdir()) == []


def test_missing_settings_are_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A flag stands in for its variable; the key has none.
    """
    for name in ("NEETOCAL_WORKSPACE", "NEETOCAL_API_KEY", "NEETOCAL_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    done = run("--workspace", "acme", out=tmp_path)

    assert done.exit_code == 1
    assert "NEETOCAL_API_KEY" in done.stderr
    assert "NEETOCAL_WORKSPACE" not in done.stderr


@pytest.mark.usefixtures("links")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """
    In a sentence, too.
    """
    (tmp_path / "file").write_text("")

    done = run(out=tmp_path / "file" / "folder")

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert "file" in done.stderr


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("v3.254.0", ""),
        ("v4.0.0-alpha.1", ""),
        ("v3.253.9", "The `pulumi` on PATH is v3.253.9, which cannot import these links: "),
        ("dev", "`pulumi version` says 'dev', which is no version: "),
        (None, "There is no `pulumi` on PATH: "),
    ],
)
def test_an_old_engine_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str | None, sentence: str
) -> None:
    """
    The files are written all the same: another machine may have a newer one.
    """
    folder = tmp_path / "bin"
    folder.mkdir()
    if version:
        (folder / "pulumi").write_text(f"#!/bin/sh\necho {version}\n")
        (folder / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))

    done = run(out=tmp_path)

    way_out = "install 3.254 or newer (https://www.pulumi.com/docs/install).\n"
    assert (done.exit_code, done.stderr) == (0, sentence and sentence + way_out)
    assert len(imported(tmp_path)) == 3


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize(("options", "is_shown"), [((), True), (("--quiet",), False)])
def test_a_terminal_shows_how_far_it_has_come(tmp_path: Path, options: tuple[str, ...], is_shown: bool) -> None:
    """
    A bar for the listing, unless nobody wants to see it.
    """
    ours, theirs = pty.openpty()

    done = subprocess.run(
        ["neetocal-provider", "export", "--out", str(tmp_path), *options],
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
    )

    os.close(theirs)
    said = os.read(ours, 10_000) if is_shown else b""
    os.close(ours)
    assert (b"Listing" in said, b"100%" in said, bool(done.stdout)) == (is_shown, is_shown, is_shown)


def test_links_are_found_page_by_page() -> None:
    """
    One request for each hundred, and progress after each.
    """
    told: list[tuple[str, int, int]] = []
    with Emulator(seed=random_workspace(250, seed=3)) as emulator:
        settings = Settings(workspace="acme", api_key="acme-demo-key", base_url=emulator.url)

        with closing(Client(settings)) as client:
            found = find_all(client, SCHEDULING_LINK, Query(), lambda *step: told.append(step))

    assert len({each.id for each in found}) == 250
    assert told == [("Listing links", 100, 250), ("Listing links", 200, 250), ("Listing links", 250, 250)]
