"""
What a team's description comes to, and what is said of one that cannot be.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from neetocal_provider.errors import ConfigError
from neetocal_provider.resources.link_fields import FIELDS
from neetocal_provider.scheduling_link import SchedulingLinkArgsDict
from neetocal_provider.teams import Member, Team, plan, read_teams, stack_schema, team_schema
from tests.link import check

ROOT = Path(__file__).parent.parent
ADA = Member("ada@acme.example", "Ada Okafor")
BEN = Member("ben.lindqvist@acme.example")
SHAPE = {"name": "Intro call with {first_name}", "duration": 30}
DEMO = {"name": "Demo", "kind": "round_robin", "duration": 45}


def planned(team: Team) -> dict[str, tuple[Any, ...]]:
    """
    Return slug, name and hosts by the name in the stack.
    """
    arguments = {link.resource_name: link.arguments for link in plan(team)}
    return {name: (given["slug"], given["name"], given["hosts"]) for name, given in arguments.items()}


def test_a_team_comes_to_its_own_links_and_one_of_each_shape_for_every_member() -> None:
    """
    Words in braces stand for who it is; an address tells a name and a handle where none is given.
    """
    team = Team("sales", [ADA, BEN], links={"demo": DEMO}, member_links={"intro": SHAPE})

    assert planned(team) == {
        "sales-demo": ("sales-demo", "Demo", [ADA.email, BEN.email]),
        "sales-intro-ada": ("ada-intro", "Intro call with Ada", [ADA.email]),
        "sales-intro-ben-lindqvist": ("ben-lindqvist-intro", "Intro call with Ben", [BEN.email]),
    }


def test_every_word_is_filled_in_everywhere() -> None:
    """
    Also inside lists and mappings; doubled braces are braces, and what is no text stays.
    """
    text = "{team} {member} {name} {first_name} {last_name} {email} {n} {{n}}"
    shape = {**SHAPE, "description": text, "spots": [{"spot": "custom", "custom_text": "{n}", "is_default": True}]}

    (first, second) = plan(Team("sales", [ADA, Member("b@acme.example", n=7)], member_links={"intro": shape}))

    assert first.arguments["description"] == "sales ada Ada Okafor Ada Okafor ada@acme.example 1 {n}"
    assert first.arguments["spots"] == [{"spot": "custom", "custom_text": "1", "is_default": True}]
    assert second.arguments["description"] == "sales b B B  b@acme.example 7 {n}"
    assert first.arguments["duration"] == 30


def test_defaults_fill_what_a_link_leaves_open() -> None:
    """
    A link's own arguments win; who hosts it can be chosen by handle or address.
    """
    links: dict[str, dict[str, Any]] = {
        "a": {"name": "A", "members": ["ada"]},
        "b": {"name": "B", "duration": 5, "members": [BEN.email]},
    }

    one, two = plan(Team("sales", [ADA, BEN], defaults={"duration": 30, "spot": "zoom"}, links=links))

    assert one.arguments == {"slug": "sales-a", "hosts": [ADA.email], "duration": 30, "spot": "zoom", "name": "A"}
    assert (two.arguments["duration"], two.arguments["hosts"]) == (5, [BEN.email])


@pytest.mark.parametrize(
    ("team", "sentences"),
    [
        (Team("t", [], links={"demo": DEMO}), ["members is empty: a link needs a host."]),
        (
            Team("t", [ADA, Member("ADA@acme.example", handle="x"), Member("ada@b.example")]),
            [
                "members[1] has the address 'ada@acme.example' of members[0], too; give one of them another.",
                "members[2] has the handle 'ada' of members[0], too; give one of them another.",
            ],
        ),
        (
            Team("t", [ADA], links={"demo": {**DEMO, "members": ["adda"], "nam": "x"}}),
            [
                "links.demo.nam is no argument of a link; did you mean name?",
                "links.demo.members[0] is 'adda', who is not in the team; did you mean ada?",
            ],
        ),
        (
            Team("t", [ADA], member_links={"intro": {**SHAPE, "name": "{nam}", "description": "{", "slug": "{n!r}"}}),
            [
                "member_links.intro.name holds {nam}, which stands for nothing here: use {team}, {member}, {name}, "
                "{first_name}, {last_name}, {email}, {n}, or {{ and }} for braces.",
                "member_links.intro.description is '{', whose braces do not match: write {{ and }} for braces.",
                "member_links.intro.slug holds {n}, which stands for nothing here: use {team}, {member}, {name}, "
                "{first_name}, {last_name}, {email}, {n}, or {{ and }} for braces.",
            ],
        ),
        (
            Team("t", [ADA, BEN], member_links={"intro": {**SHAPE, "slug": "intro"}}),
            [
                "member_links.intro gives ben.lindqvist@acme.example the slug 'intro', which member_links.intro gives "
                "ada@acme.example."
            ],
        ),
        (
            Team("t", [ADA], links={"intro-ada": DEMO}, member_links={"intro": SHAPE}),
            [
                "member_links.intro gives ada@acme.example the name in the stack 't-intro-ada', which links.intro-ada "
                "gives the team."
            ],
        ),
    ],
)
def test_what_cannot_be_is_told_all_at_once(team: Team, sentences: list[str]) -> None:
    """
    With its place in the description, the value and the way out.
    """
    with pytest.raises(ConfigError) as caught:
        plan(team)

    assert [problem.removeprefix("Team 't': ") for problem in caught.value.problems] == sentences


def config(**sales: Any) -> dict[str, Any]:
    """
    Return a config with one team that is right but for these changes.
    """
    right = {"members": ["ada@acme.example", {"email": "ben@acme.example"}], "member_links": {"intro": SHAPE}}
    return {"sales": {**right, **sales}}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "teams is wrong: [] is not of type 'object'."),
        ({"Sales Team": {"members": []}}, "teams is wrong: 'Sales Team' does not match '^[a-z0-9_]+(-[a-z0-9_]+)*$'."),
        ({"sales": {}}, "teams.sales.members is required."),
        (config(linkz={}), "teams.sales.linkz is nothing that belongs here; did you mean links?"),
        (config(members=["ada"]), "teams.sales.members[0] is wrong: 'ada' does not match '^[^\\\\s@]+@[^\\\\s@]+$'."),
        (
            config(members=[{"email": "a@b", "nam": "A"}]),
            "teams.sales.members[0].nam is nothing that belongs here; did you mean name?",
        ),
        (
            config(links={"demo": {**DEMO, "durration": 5}}),
            "teams.sales.links.demo.durration is nothing that belongs here; did you mean duration?",
        ),
        (
            config(links={"demo": {**DEMO, "duration": "45"}}),
            "teams.sales.links.demo.duration is wrong: '45' is not of type 'integer'.",
        ),
        (config(links={"demo": {"duration": 45}}), "teams.sales.links.demo.name is required."),
        (
            config(links={"demo": {**DEMO, "slug": "Demo!"}}),
            "teams.sales.links.demo.slug is 'Demo!' and may hold only lower-case letters, digits, hyphens and "
            "underscores, as in 'demo'.",
        ),
        (
            config(member_links={"intro": {**SHAPE, "locked_time_zone": "Europe/Lisbo"}}),
            "teams.sales.member_links.intro.locked_time_zone is 'Europe/Lisbo' and must be an IANA time zone such as "
            "Europe/Lisbon; did you mean Europe/Lisbon?",
        ),
        (
            {**config(), "support": config()["sales"]},
            "teams.support.member_links.intro gives ada@acme.example the slug 'ada-intro', which "
            "sales.member_links.intro gives, too.",
        ),
    ],
)
def test_a_config_that_cannot_be_is_told_with_its_path(given: Any, sentence: str) -> None:
    """
    As it stands in the file, before anything is deployed.
    """
    with pytest.raises(ConfigError) as caught:
        read_teams(given)

    assert sentence in caught.value.problems


def test_all_that_is_wrong_in_a_config_is_told_at_once() -> None:
    """
    One sentence for each; of a shape once, not once for each member.
    """
    with pytest.raises(ConfigError) as caught:
        read_teams(config(links={"demo": {"slug": "-", "duration": 30}}, member_links={"intro": {"duration": 30}}))

    paths = sorted(problem.split(" ")[0] for problem in caught.value.problems)
    assert paths == [
        "teams.sales.links.demo.name",
        "teams.sales.links.demo.slug",
        "teams.sales.member_links.intro.name",
    ]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["ada@acme.example", "{n}", "members", "links"]),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["sales", "members", "links", "intro", "name"]), inner)
    ),
)


@given(json_values)
def test_any_config_is_read_or_refused_in_sentences(value: Any) -> None:
    """
    Whatever stands in the file, no other error reaches the user, and what is read can be planned.
    """
    try:
        teams = read_teams(value)
    except ConfigError:
        return
    for team in teams:
        assert all(check(link.arguments, "") == [] for link in plan(team))


@pytest.mark.parametrize(("name", "made"), [("stack", stack_schema), ("team", team_schema)])
def test_the_schemas_are_those_of_the_code(name: str, made: Any) -> None:
    """
    `neetocal-provider schema` prints them; editors find them in schemas/.
    """
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())

    assert schema == made()
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_demo_is_valid_by_the_schema() -> None:
    """
    What editors say and what the program says are the same.
    """
    jsonschema.validate(yaml.safe_load((ROOT / "Pulumi.demo.yaml").read_text()), stack_schema())


def test_the_dictionary_of_arguments_has_every_argument() -> None:
    """
    `SchedulingLinkArgsDict` is the table of arguments, too.
    """
    assert [*SchedulingLinkArgsDict.__annotations__] == [field.name for field in FIELDS]
