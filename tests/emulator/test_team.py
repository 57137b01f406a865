"""
Team members, and what their leaving does to links.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api


def test_members_are_listed_in_both_versions(v1: Api, v2: Api) -> None:
    """
    The seed's people show with all eight fields and the counts.
    """
    first = v1.get("/team_members", page_size=100).json()

    assert first == v2.get("/team-members", page_size=100).json()
    assert 13 == first["pagination"]["total_records"] == len(first["team_members"])
    ada = first["team_members"][0]
    assert {
        "id": ada["id"],
        "email": "ada@acme.example",
        "first_name": "Ada",
        "last_name": "Okafor",
        "time_zone": "Europe/London",
        "profile_image_url": None,
        "active": True,
        "organization_role": "Admin",
    } == ada


def test_v2_finds_a_member_by_email(v2: Api) -> None:
    """
    The email filter is exact but for letter case.
    """
    found = v2.get("/team-members", email="BEN@acme.example").json()

    assert [member["first_name"] for member in found["team_members"]] == ["Ben"]
    assert v2.get("/team-members", email="ben").json()["pagination"]["total_records"] == 0


def test_members_are_added_by_email(v1: Api, v2: Api) -> None:
    """
    New people can host at once; adding somebody again changes nothing (MEMBER_AGAIN).
    """
    first = v1.post("/team_members", {"emails": ["new@acme.example", "ADA@acme.example"]})
    second = v2.post("/team-members", {"emails": ["boss@acme.example"], "organization_role": "Admin"})

    assert (first.status_code, second.status_code) == (200, 201)
    assert {"message": "Users added successfully"} == first.json() == second.json()
    assert v2.get("/team-members").json()["pagination"]["total_records"] == 15
    assert _member(v2, "boss@acme.example")["organization_role"] == "Admin"
    hosts = v2.create(hosts=["new@acme.example"])["hosts"]
    assert hosts == [{"name": "new@acme.example", "email": "new@acme.example"}]


def test_who_is_added_is_invited_unless_told_otherwise(emulator: Emulator, v1: Api, v2: Api) -> None:
    """
    The latest admin invites by default; members who are there get no mail, and "false" sends none (MEMBER_INVITATION).
    """
    v2.post("/team-members", {"emails": ["boss@acme.example"], "organization_role": "Admin"})
    v1.post("/team_members", {"emails": ["one@acme.example", "ONE@acme.example", "ben@acme.example"]})
    v2.post("/team-members", {"emails": ["two@acme.example"], "invited_by": "ADA@acme.example"})
    for number, value in enumerate(("false", False)):
        v2.post("/team-members", {"emails": [f"quiet{number}@acme.example"], "send_invitation_email": value})

    sent = emulator.objects("invitations")

    assert [(each["email"], each["invited_by"]) for each in sent] == [
        ("boss@acme.example", "ada@acme.example"),
        ("one@acme.example", "boss@acme.example"),
        ("two@acme.example", "ADA@acme.example"),
    ]
    assert _member(v2, "quiet0@acme.example")["active"]


@pytest.mark.parametrize(
    "fields", [{"send_invitation_email": "no"}, {"invited_by": "ben@acme.example"}, {"invited_by": "who@acme.example"}]
)
def test_a_bad_invitation_is_refused(emulator: Emulator, v2: Api, fields: dict[str, str]) -> None:
    """
    Mail is sent or not, and an admin sends it; nobody is added otherwise.
    """
    response = v2.post("/team-members", {"emails": ["new@acme.example"], **fields})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, "MEMBER_INVITATION")
    assert emulator.objects("invitations") == []
    assert v2.get("/team-members", email="new@acme.example").json()["team_members"] == []


@pytest.mark.parametrize(
    ("mode", "status", "role", "mails"),
    [("ignored", 201, "Standard", 0), ("refused", 422, "Standard", 0), ("invited", 201, "Admin", 1)],
)
def test_adding_a_member_again_is_as_the_switch_says(
    emulator: Emulator, v2: Api, mode: str, status: int, role: str, mails: int
) -> None:
    """
    Nothing happens, it is refused, or it is as with somebody new (MEMBER_AGAIN).
    """
    emulator.switch(member_again=mode)

    response = v2.post("/team-members", {"emails": ["BEN@acme.example"], "organization_role": "Admin"})

    assert (response.status_code, _member(v2, "ben@acme.example")["organization_role"]) == (status, role)
    assert response.headers.get("x-emulator-facts") == ("MEMBER_AGAIN" if mode == "refused" else None)
    assert len(emulator.objects("invitations")) == mails


def test_removed_members_can_be_inactive(emulator: Emulator, v2: Api) -> None:
    """
    They are answered as inactive, host nothing and are active members again when they are added (MEMBER_AGAIN).
    """
    emulator.switch(removed_members="inactive")
    sid = v2.create(hosts=["ben@acme.example"])["sid"]
    path = f"/team-members/{_member(v2, 'ben@acme.example')['id']}"

    removed = v2.delete(path)
    inactive = v2.get(path).json()["team_member"]
    v2.post("/team-members", {"emails": ["ben@acme.example"]})

    assert (removed.status_code, inactive["active"]) == (204, False)
    assert v2.get(f"/meetings/{sid}").json()["disabled"]
    assert v2.get(path).json()["team_member"] == {**inactive, "active": True}
    assert [each["email"] for each in emulator.objects("invitations")] == ["ben@acme.example"]


def test_v2_deactivates_only_if_the_switch_says_so(emulator: Emulator, v1: Api, v2: Api) -> None:
    """
    v1 takes active in an update; v2 drops it by default (MEMBER_ACTIVE).
    """
    id_ = _member(v2, "ben@acme.example")["id"]

    dropped = v2.patch(f"/team-members/{id_}", {"active": False}).json()["team_member"]["active"]
    taken = v1.patch(f"/team_members/{id_}", {"active": False}).json()["team_member"]["active"]
    emulator.switch(active_in_patch="accepted")
    accepted = v2.patch(f"/team-members/{id_}", {"active": True}).json()["team_member"]["active"]

    assert (dropped, taken, accepted) == (True, False, True)


def test_a_seed_can_name_other_roles() -> None:
    """
    A workspace has roles of its own beside the two (MEMBER_ROLE).
    """
    ada = {"email": "ada@acme.example", "organization_role": "Admin"}
    eve = {"email": "eve@acme.example", "organization_role": "Coach"}
    workspace = {"api_keys": ["acme-demo-key"], "roles": ["Coach"], "team_members": [ada, eve]}
    with Emulator(seed={"workspaces": {"acme": workspace}}) as emulator, closing(Api(emulator.url)) as api:
        id_ = _member(api, "ada@acme.example")["id"]
        api.post("/team-members", {"emails": ["new@acme.example"], "organization_role": "Coach"})

        refused = api.patch(f"/team-members/{id_}", {"organization_role": "coach"})

        assert _member(api, "new@acme.example")["organization_role"] == "Coach"
        assert (refused.status_code, refused.headers["x-emulator-facts"]) == (422, "MEMBER_ROLE")


def test_a_members_zone_is_a_zone(v2: Api) -> None:
    """
    An update with a zone that nobody knows is refused.
    """
    path = f"/team-members/{_member(v2, 'ben@acme.example')['id']}"

    response = v2.patch(path, {"time_zone": "Mars/Olympus"})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, "BOOKING_ZONE")
    assert v2.patch(path, {"time_zone": "Asia/Kolkata"}).json()["team_member"]["time_zone"] == "Asia/Kolkata"


def test_a_bad_member_is_refused(v2: Api) -> None:
    """
    E-mails must look like e-mails, and roles are Admin or Standard to the letter.
    """
    answers = [
        v2.post("/team-members", {}),
        v2.post("/team-members", {"emails": []}),
        v2.post("/team-members", {"emails": ["nobody"]}),
        v2.post("/team-members", {"emails": ["x@acme.example"], "organization_role": "admin"}),
    ]

    assert [each.status_code for each in answers] == [422] * 4


def test_a_changed_email_is_followed_by_links(v2: Api) -> None:
    """
    A member is one person whatever the address: links show the new one (MEMBER_ENVELOPE).
    """
    meeting = v2.create(hosts=["ben@acme.example"])
    ben = _member(v2, "ben@acme.example")

    response = v2.patch(f"/team-members/{ben['id']}", {"email": "benny@acme.example", "first_name": "Benny"})

    assert {"team_member": {**ben, "email": "benny@acme.example", "first_name": "Benny"}} == response.json()
    hosts = v2.get(f"/meetings/{meeting['sid']}").json()["hosts"]
    assert hosts == [{"name": "Benny Lindqvist", "email": "benny@acme.example"}]


def test_two_members_cannot_share_an_email(v2: Api) -> None:
    """
    Taking a colleague's address is refused.
    """
    ben = _member(v2, "ben@acme.example")

    assert v2.patch(f"/team-members/{ben['id']}", {"email": "Ada@acme.example"}).status_code == 422


def test_two_hosts_can_become_one_person(emulator: Emulator, v2: Api) -> None:
    """
    A member who takes a stranger's address hosts once, and is the last host when leaving; letter case is no change.
    """
    emulator.switch(unknown_hosts="accepted")
    path = f"/meetings/{v2.create(hosts=['x@other.example', 'ben@acme.example'])['sid']}"
    ben = f"/team-members/{_member(v2, 'ben@acme.example')['id']}"

    v2.patch(ben, {"email": "x@other.example"})
    v2.patch(ben, {"email": "X@other.example"})
    merged = v2.get(path).json()
    v2.delete(ben)
    left = v2.get(path).json()

    assert merged["hosts"] == [{"name": "Ben Lindqvist", "email": "X@other.example"}]
    assert (left["disabled"], left["hosts"]) == (True, [])


def test_removing_the_last_host_disables_the_link(v2: Api) -> None:
    """
    A link that loses its only host is disabled; one with another host goes on (MEMBER_REMOVED).
    """
    alone = v2.create(slug="alone", hosts=["ben@acme.example"])
    shared = v2.create(slug="shared", hosts=["ben@acme.example", "ada@acme.example"])

    response = v2.delete(f"/team-members/{_member(v2, 'ben@acme.example')['id']}")

    alone, shared = (v2.get(f"/meetings/{each['sid']}").json() for each in (alone, shared))
    assert response.status_code == 204
    assert (alone["disabled"], alone["hosts"]) == (True, [])
    assert (shared["disabled"], [host["email"] for host in shared["hosts"]]) == (False, ["ada@acme.example"])


def test_removing_a_host_leaves_other_hosts_and_workspaces_alone(emulator: Emulator, v2: Api, globex: Api) -> None:
    """
    A link with another host stays as it was, and so do links of a namesake in another workspace.
    """
    globex.post("/team-members", {"emails": ["ben@acme.example"]})
    theirs = globex.create(hosts=["ben@acme.example"])
    ours = v2.create(hosts=["ada@acme.example", "ben@acme.example"])

    v2.delete(f"/team-members/{_member(v2, 'ben@acme.example')['id']}")

    assert [{**ours, "hosts": ours["hosts"][:1]}] == emulator.meetings()
    assert (
        [theirs]
        == emulator.meetings("globex")
        == globex.get("/meetings", host_email="ben@acme.example").json()["meetings"]
    )
    assert v2.get("/meetings", host_email="ben@acme.example").json()["meetings"] == []


def test_v1_removes_members_in_two_ways(v1: Api) -> None:
    """
    By id in the path, and by e-mails in the body, of which doubles count once.
    """
    chiara = _member(v1, "chiara@acme.example", path="/team_members")

    answers = [
        v1.delete(f"/team_members/{chiara['id']}"),
        v1.delete("/team_members", {"emails": ["ben@acme.example", "BEN@acme.example"]}),
    ]

    expected = (200, {"message": "Team member has been removed"})
    assert [expected, expected] == [(each.status_code, each.json()) for each in answers]
    assert v1.get("/team_members").json()["pagination"]["total_records"] == 11


def test_the_last_admin_stays(emulator: Emulator, v2: Api) -> None:
    """
    The only admin can neither be removed nor be made less, until there is another.
    """
    path = f"/team-members/{_member(v2, 'ada@acme.example')['id']}"

    response = v2.delete(path)

    assert (response.status_code, response.json()) == (422, {"error": "Cannot remove the last admin of the workspace"})
    assert v2.patch(path, {"organization_role": "Standard"}).status_code == 422
    emulator.switch(active_in_patch="accepted")
    assert v2.patch(path, {"active": False}).status_code == 422
    v2.patch(f"/team-members/{_member(v2, 'ben@acme.example')['id']}", {"organization_role": "Admin"})
    assert v2.delete(path).status_code == 204


def test_a_missing_member_is_404(v2: Api, globex: Api) -> None:
    """
    Nobody's id, and another workspace's member, are not found.
    """
    ada = _member(v2, "ada@acme.example")

    assert v2.get("/team-members/nobody").status_code == 404
    assert globex.get(f"/team-members/{ada['id']}").status_code == 404
    assert {"team_member": ada} == v2.get(f"/team-members/{ada['id']}").json()


def _member(api: Api, email: str, path: str = "/team-members") -> dict[str, Any]:
    members: list[dict[str, Any]] = api.get(path, page_size=100).json()["team_members"]
    return next(member for member in members if member["email"] == email)
