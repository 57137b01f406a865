"""
Add-on services, automation rules, discount codes and packages: kept, shown, and gone with a reset.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator, SeedError
from tests.emulator.api import Api

CODE = {"code": "OFF50", "kind": "percentage", "value": 50}


# Add-on services


@pytest.mark.parametrize("method", ["patch", "put"])
def test_services_are_made_changed_and_removed(v2: Api, method: str) -> None:
    """
    They are wrapped even when one is shown, and listed by position (ADD_ON_ENVELOPE).
    """
    path = f"/meetings/{v2.create()['sid']}/add-on-services"

    made = [v2.post(path, {"name": name, "price": 25.5, "duration": "15"}) for name in ("Tea", "Cake")]

    assert [each.status_code for each in made] == [201, 201]
    tea, cake = (each.json()["add_on_service"] for each in made)
    assert (tea["price"], tea["duration"], tea["position"], cake["position"]) == ("25.5", 15, 1, 2)
    assert v2.get(f"{path}/{tea['id']}").json() == {"add_on_service": tea}
    changed = getattr(v2, method)(f"{path}/{tea['id']}", {"position": 3, "price": 30}).json()["add_on_service"]
    assert changed == {**tea, "position": 3, "price": "30.0", "updated_at": changed["updated_at"]}
    assert v2.get(path).json() == {"add_on_services": [cake, changed]}
    assert v2.delete(f"{path}/{tea['id']}").status_code == 204
    assert v2.get(f"{path}/{tea['id']}").headers["x-emulator-facts"] == "OBJECT_NOT_FOUND"


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        ({}, "ADD_ON_REQUIRED"),
        ({"name": "Tea", "price": -1}, "ADD_ON_VALUES"),
        ({"name": "Tea", "duration": 1441}, "ADD_ON_VALUES"),
        ({"name": "Tea", "position": 0}, "ADD_ON_VALUES"),
        ({"name": "Tea", "price": "free"}, "VALUE_TYPE"),
    ],
)
def test_a_bad_service_is_refused(v2: Api, body: dict[str, Any], fact: str) -> None:
    """
    A name is needed, numbers have bounds.
    """
    response = v2.post(f"/meetings/{v2.create()['sid']}/add-on-services", body)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, fact)


# Automation rules


def test_rules_are_made_listed_and_deleted(v1: Api, v2: Api) -> None:
    """
    Newest first, under 'workflow' when they are new; the versions differ in path and status (AUTOMATION_ENVELOPE).
    """
    body = {"event": "booking_confirmed", "meeting_ids": ["a"], "actions": [{"type": "mail"}], "colour": "red"}

    first = v1.post("/automation_rules", {**body, "name": "First"})
    second = v2.post("/automation-rules", body)

    assert (first.status_code, second.status_code) == (200, 201)
    old, new = first.json()["workflow"], second.json()["workflow"]
    assert old == {"id": old["id"], "name": "First", "meeting_ids": ["a"]}
    assert v2.get("/automation-rules").json()["automation_rules"] == [new, old]
    assert v1.get("/automation_rules", page_number=2, page_size=1).json()["automation_rules"] == [old]
    deleted = v1.delete(f"/automation_rules/{old['id']}")
    assert (deleted.status_code, deleted.json()) == (200, {"message": "Automation rule deleted successfully"})
    assert v2.delete(f"/automation-rules/{new['id']}").status_code == 204
    assert v2.delete(f"/automation-rules/{new['id']}").status_code == 404


@pytest.mark.parametrize("body", [{}, {"event": "rain"}])
def test_a_rule_needs_an_event(v2: Api, body: dict[str, str]) -> None:
    """
    One of those that there are.
    """
    response = v2.post("/automation-rules", body)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, "AUTOMATION_EVENT")


# Discount codes


def test_a_code_is_made_once(v1: Api, v2: Api, globex: Api) -> None:
    """
    A code is unique in its workspace, in both versions (DISCOUNT_LIST).
    """
    made = v1.post("/discount_codes", {**CODE, "redeems_limit": "10", "expires_at": "12-05-2027"})

    again = v2.post("/discount-codes", CODE)

    assert (made.status_code, made.json()["message"]) == (200, "Discount code creation successful")
    code = made.json()["discount_code"]
    assert (code["value"], code["redeems_limit"], code["expires_at"], code["meeting_ids"]) == (50, 10, "12-05-2027", [])
    assert (again.status_code, again.headers["x-emulator-facts"]) == (422, "DISCOUNT_UNIQUE")
    assert v2.get("/discount-codes").json()["discount_codes"] == [code]
    assert globex.post("/discount-codes", CODE).status_code == 201


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        ({}, "DISCOUNT_REQUIRED"),
        ({**CODE, "value": 101}, "DISCOUNT_VALUE"),
        ({**CODE, "value": 0}, "DISCOUNT_VALUE"),
        ({**CODE, "kind": "half"}, "DISCOUNT_VALUE"),
        ({**CODE, "redeems_limit": -1}, "DISCOUNT_VALUE"),
    ],
)
def test_a_bad_code_is_refused(v2: Api, body: dict[str, Any], fact: str) -> None:
    """
    Nobody gets more than everything for nothing.
    """
    response = v2.post("/discount-codes", body)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, fact)
    assert v2.post("/discount-codes", {**CODE, "kind": "fixed", "value": 101}).status_code == 201


# Packages


def test_packages_are_those_of_the_seed(v1: Api, v2: Api, globex: Api) -> None:
    """
    Both versions show them with who bought them; another workspace has none (PACKAGE_SEEDED).
    """
    (package,) = v2.get("/packages").json()["packages"]
    path = f"/packages/{package['id']}"
    (purchase,) = v1.get(f"{path}/purchases").json()["purchases"]

    assert v1.get(path).json() == {"package": package}
    assert (package["status"], package["purchases"], package["total_purchases_count"]) == ("enabled", [purchase], 1)
    assert v2.get(f"{path}/purchases/{purchase['id']}").json() == {"purchase": purchase}
    assert (purchase["duration"], purchase["duration_remaining"]) == (7200, 3600)
    assert globex.get("/packages").json()["pagination"]["total_records"] == 0
    missing = [f"{path}/purchases/nothere", "/packages/nothere", "/packages/nothere/purchases"]
    assert [v2.get(each).status_code for each in missing] == [404] * 3


@pytest.mark.parametrize(
    "package",
    [
        {"slug": "ten", "name": "Ten"},
        {"slug": "ten", "name": "Ten", "duration": 600, "colour": "red"},
        {"slug": "ten", "name": "Ten", "duration": 600, "purchases": [{"name": "Eve"}]},
        {"slug": "ten", "name": "Ten", "duration": 600, "fee": 3},
    ],
)
def test_a_slip_in_a_seeds_package_is_told(package: dict[str, Any]) -> None:
    """
    What is missing, unknown or of another type is refused with the seed as a whole.
    """
    seed = {"workspaces": {"acme": {"api_keys": ["k"], "packages": [package]}}}

    with pytest.raises(SeedError, match="acme"):
        Emulator(seed=seed).start()


# All of them


def test_they_are_part_of_snapshots_and_resets(emulator: Emulator, v2: Api) -> None:
    """
    A snapshot brings them back, a reset takes them away.
    """
    rule = v2.post("/automation-rules", {"event": "booking_confirmed"}).json()["workflow"]
    snapshot = emulator.snapshot()
    v2.delete(f"/automation-rules/{rule['id']}")

    emulator.restore(snapshot)
    restored = v2.get("/automation-rules").json()["automation_rules"]
    emulator.reset()

    assert restored == [rule]
    assert v2.get("/automation-rules").json()["automation_rules"] == []


def test_they_are_in_the_state_file(tmp_path: Path) -> None:
    """
    A changed availability and a code outlive the emulator.
    """
    state = tmp_path / "state.db"
    with Emulator(state=state) as emulator:
        api = Api(emulator.url)
        availability = api.get("/availabilities").json()["availabilities"][0]
        api.patch(f"/availabilities/{availability['id']}", {"periods": []})
        api.post("/discount-codes", CODE)
        api.close()

    with Emulator(state=state) as emulator:
        api = Api(emulator.url)
        assert api.get(f"/availabilities/{availability['id']}").json()["availability"]["periods"] == []
        assert api.post("/discount-codes", CODE).status_code == 422
        api.close()
