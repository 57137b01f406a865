"""
Seeds: what an emulator starts with.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator, SeedError
from neetocal_emulator.store.identity import Identifiers

ADA = {"email": "ada@x.example", "first_name": "Ada", "organization_role": "Admin"}
MEETING = {"slug": "intro", "name": "Intro", "hosts": ["ada@x.example"], "duration": 30}


def seed_of(**fields: Any) -> dict[str, Any]:
    """
    Make a seed with one small workspace.
    """
    return {"workspaces": {"x": {"api_keys": ["k"], "team_members": [ADA], **fields}}}


def test_the_default_seed_has_two_workspaces(emulator: Emulator) -> None:
    """
    Without a seed there are acme and globex, with keys that are no secrets, and no links.
    """
    url = emulator.url

    assert emulator.workspaces == ["acme", "globex"]
    assert {
        "NEETOCAL_BASE_URL": url,
        "NEETOCAL_API_KEY": "acme-demo-key",
        "NEETOCAL_WORKSPACE": "acme",
    } == emulator.environment()
    assert emulator.environment("globex")["NEETOCAL_API_KEY"] == "globex-demo-key"
    assert [] == emulator.meetings() == emulator.meetings("globex")


def test_a_seed_can_hold_links() -> None:
    """
    A seed's link may give any field, ids included; the rest has the defaults.
    """
    meeting = {**MEETING, "sid": "abc1234", "lead_time": 5, "disabled": True, "durations": [{"id": "d", "duration": 5}]}
    with Emulator(seed=seed_of(meetings=[meeting])) as emulator:
        (found,) = emulator.meetings()

    assert (
        found["sid"],
        found["lead_time"],
        found["disabled"],
        found["durations"][0]["id"],
    ) == ("abc1234", 5, True, "d")
    assert (found["kind"], found["hosts"]) == ("one_on_one", [{"name": "Ada", "email": "ada@x.example"}])


def test_a_seed_can_be_a_file(tmp_path: Path) -> None:
    """
    A path is read as YAML.
    """
    path = tmp_path / "seed.yaml"
    path.write_text("workspaces: {x: {api_keys: [k], team_members: []}}")

    with Emulator(seed=path) as emulator:
        assert emulator.workspaces == ["x"]


def test_a_random_seed_makes_ids_repeatable() -> None:
    """
    The same random_seed makes the same ids, and again after a reset.
    """
    seed = {**seed_of(meetings=[MEETING]), "random_seed": 7}
    found = []
    for _ in range(2):
        with Emulator(seed=seed) as emulator:
            found.append(emulator.meetings()[0]["sid"])
            emulator.reset()
            found.append(emulator.meetings()[0]["sid"])

    assert len(set(found)) == 1


def test_a_seeds_links_draw_sids_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A sid that was drawn for one link of a seed is not used for the next.
    """
    drawn = iter(["aaaaaaa", "aaaaaaa", "bbbbbbb"])
    monkeypatch.setattr(Identifiers, "new_sid", lambda _: next(drawn))

    with Emulator(seed=seed_of(meetings=[MEETING, {**MEETING, "slug": "other"}])) as emulator:
        assert [each["sid"] for each in emulator.meetings()] == ["aaaaaaa", "bbbbbbb"]


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        ({}, "at least one workspace"),
        ({"workspace": {}}, "has no workspace"),
        ({"workspaces": {"Acme Inc": {}}}, "subdomain"),
        ({"workspaces": {"x": {}}}, "api_keys"),
        ({"workspaces": {"x": {"api_keys": ["k"], "members": []}}}, "has no members"),
        ({"workspaces": {"x": {"api_keys": ["k"], "meetings": ["m"]}}}, "list of objects"),
        ({**seed_of(), "random_seed": "x"}, "whole number"),
        (seed_of(meetings=[{**MEETING, "slug": "A"}]), "Slug may hold"),
        (seed_of(meetings=[{**MEETING, "hosts": ["b@x.example"]}]), "b@x.example is not a member"),
        (seed_of(meetings=[{**MEETING, "colour": "red"}]), "no field 'colour'"),
        (seed_of(meetings=[{**MEETING, "disabled": "no"}]), "disabled is like False"),
        (seed_of(meetings=[MEETING, MEETING]), "already been taken"),
        (seed_of(team_members=[{"email": "a@x.example", "role": "Admin"}]), "no role"),
        (seed_of(meetings=[{**MEETING, "fees": {1, 2}}]), "Put times into quotes"),
        (seed_of(roles="Coach"), "list of names"),
        (seed_of(discount_codes=[{"code": "A", "kind": "fixed", "value": 1, "colour": "red"}]), "have no colour"),
        (seed_of(discount_codes=[{"code": "A", "kind": "fixed", "value": 0}]), "Value must be between"),
        (seed_of(add_on_services=[{"meeting": "nothere", "name": "Tea"}]), "not found"),
        (seed_of(availabilities=[{"email": "b@x.example", "name": "Hours"}]), "not a member"),
        ("/nothing/here.yaml", "cannot be read"),
        ({"workspaces": {"x": {"api_keys": ["k", "k"]}}}, "'k' stands 2 times"),
        ({"workspaces": {"x": {"api_keys": ["k"]}, "y": {"api_keys": ["k"]}}}, "'k' stands 2 times"),
        ({"workspaces": {"x": {"api_keys": [" "]}}}, "printable ASCII"),
        ({"workspaces": {"x": {"api_keys": ["kä"]}}}, "printable ASCII"),
        ({"workspaces": {"x": {"api_keys": ["k"], "organization_id": 5}}}, "organization_id"),
        (seed_of(meetings=[{**MEETING, "id": 5}]), "id is a string"),
        (seed_of(meetings=[{**MEETING, "sid": None}]), "sid is a string"),
        (seed_of(meetings=[{**MEETING, "sid": ""}]), "sid is a string"),
        (seed_of(meetings=[{**MEETING, "sid": "s"}, {**MEETING, "slug": "other", "sid": "s"}]), "meetings.sid"),
        (seed_of(meetings=[{**MEETING, "id": "i"}], templates=[{**MEETING, "id": "i"}]), "meetings.id"),
        (seed_of(meetings=[{**MEETING, "durations": [{"id": 5, "duration": 5}]}]), "Id must be a string"),
        (seed_of(meetings=[{**MEETING, "durations": [{"id": "d", "duration": 5}] * 2}]), "ids that differ"),
        (seed_of(team_members=[{**ADA, "id": 5}]), "Id must be a string"),
        (seed_of(team_members=[{**ADA, "id": "a"}, {"email": "b@x.example", "id": "a"}]), "members.id"),
        (seed_of(team_members=[{**ADA, 5: "x"}]), "no 5"),
        (seed_of(meetings=[{**MEETING, "deleted_at": True}]), "deleted_at is a string"),
        (seed_of(meetings=[{**MEETING, "cancellation_policy": ["x"]}]), "cancellation_policy is a string"),
        (seed_of(meetings=[{**MEETING, "original_price": -1}]), "original_price is between"),
        (seed_of(meetings=[{**MEETING, "lead_time": -(10**30)}]), "lead_time is between"),
        (seed_of(meetings=[{**MEETING, "start_time_increment": 10**30}]), "increment must be between"),
        (seed_of(meetings=[{**MEETING, "name": "\ud800"}]), "what JSON cannot"),
        (seed_of(meetings=[{**MEETING, "fees": [float("nan")]}]), "what JSON cannot"),
    ],
)
def test_an_impossible_seed_is_told(seed: Any, words: str) -> None:
    """
    A slip in a seed is answered with where it is.
    """
    with pytest.raises(SeedError, match=words):
        Emulator(seed=seed).start()


def test_a_file_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    """
    The message names the file.
    """
    path = tmp_path / "seed.yaml"
    path.write_text("workspaces: [")

    with pytest.raises(SeedError, match=r"seed\.yaml is not YAML"):
        Emulator(seed=path).start()
