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
UNLIMITED = {
    "redeems_limit": None,
    "redeems_limit_by_email": None,
    "days_valid_after_first_use_per_client": None,
}


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
        ({"name": "Tea", "price": "25.5"}, "VALUE_TYPE"),
        ({"name": "Tea", "price": None}, "VALUE_TYPE"),
    ],
)
def test_a_bad_service_is_refused(v2: Api, body: dict[str, Any], fact: str) -> None:
    """
    A name is needed, numbers have bounds.
    """
    response = v2.post(f"/meetings/{v2.create()['sid']}/add-on-services", body)

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, fact)


@pytest.mark.parametrize(
    ("price", "text"), [(0, "0.0"), (25.5, "25.5"), (0.1, "0.1"), (19999999.99, "19999999.99"), (100, "100.0")]
)
def test_a_price_keeps_its_cents(v2: Api, price: float, text: str) -> None:
    """
    It is a number in requests and text in answers (ADD_ON_PRICE).
    """
    response = v2.post(f"/meetings/{v2.create()['sid']}/add-on-services", {"name": "Tea", "price": price})

    assert response.json()["add_on_service"]["price"] == text


def test_an_update_of_a_service_keeps_what_it_leaves_out(emulator: Emulator, v2: Api) -> None:
    """
    By PUT too, as its page says; PATCH has no page and can be refused (ADD_ON_UPDATE).
    """
    path = f"/meetings/{v2.create()['sid']}/add-on-services"
    tea = v2.post(path, {"name": "Tea", "description": "Green", "price": 3}).json()["add_on_service"]

    changed = v2.put(f"{path}/{tea['id']}", {"duration": 5}).json()["add_on_service"]
    cleared = v2.put(f"{path}/{tea['id']}", {"description": None}).json()["add_on_service"]
    emulator.switch(service_patch="refused")
    refused = v2.patch(f"{path}/{tea['id']}", {"duration": 6})

    assert changed == {**tea, "duration": 5, "updated_at": changed["updated_at"]}
    assert (cleared["description"], cleared["price"]) == (None, "3.0")
    assert (refused.status_code, refused.headers["x-emulator-facts"]) == (405, "ADD_ON_UPDATE")


def test_a_group_link_has_no_services(v2: Api) -> None:
    """
    All its visitors share one length.
    """
    response = v2.post(f"/meetings/{v2.create(kind='grouped')['sid']}/add-on-services", {"name": "Tea"})

    assert (response.status_code, response.headers["x-emulator-facts"]) == (422, "ADD_ON_KIND")


def test_prices_can_need_a_link_that_takes_payments(emulator: Emulator, v2: Api) -> None:
    """
    On a free link a service can have a price, unless the switch says otherwise.
    """
    link = v2.create()
    path = f"/meetings/{link['sid']}/add-on-services"
    emulator.switch(prices_on_free_links="refused")

    free = v2.post(path, {"name": "Tea", "price": 0})
    refused = v2.post(path, {"name": "Cake", "price": 1})
    emulator.edit_meeting(link["sid"], fees=[{"amount": "120.0", "currency": "inr"}])
    paid = v2.post(path, {"name": "Cake", "price": 1})

    assert (free.status_code, paid.status_code) == (201, 201)
    assert (refused.status_code, refused.headers["x-emulator-facts"]) == (422, "ADD_ON_PRICE")


def test_the_list_of_services_can_have_pages(emulator: Emulator, v2: Api) -> None:
    """
    It is whole, unless the switch says otherwise (ADD_ON_LIST).
    """
    path = f"/meetings/{v2.create()['sid']}/add-on-services"
    for name in ("Tea", "Cake", "Nuts"):
        v2.post(path, {"name": name})

    whole = v2.get(path, page_number=2, page_size=2).json()
    emulator.switch(service_list="paged")
    paged = v2.get(path, page_number=2, page_size=2).json()

    assert [each["name"] for each in whole["add_on_services"]] == ["Tea", "Cake", "Nuts"]
    assert [each["name"] for each in paged["add_on_services"]] == ["Nuts"]
    assert (set(whole), paged["pagination"]["total_records"]) == ({"add_on_services"}, 3)


def test_names_of_services_can_be_unique(emulator: Emulator, v2: Api) -> None:
    """
    Two services of a link can have one name, unless the switch says otherwise (REPEATED_NAME).
    """
    path = f"/meetings/{v2.create()['sid']}/add-on-services"
    statuses = [v2.post(path, {"name": "Tea"}).status_code for _ in range(2)]
    emulator.switch(repeated_names="refused")

    assert [*statuses, v2.post(path, {"name": "Tea"}).status_code] == [201, 201, 422]


def test_the_app_changes_and_deletes_services(emulator: Emulator, v2: Api) -> None:
    """
    Behind the API's back, by the link's sid and the service's id.
    """
    sid = v2.create()["sid"]
    path = f"/meetings/{sid}/add-on-services"
    tea = v2.post(path, {"name": "Tea"}).json()["add_on_service"]

    changed = emulator.edit_object("add-on-services", f"{sid}/{tea['id']}", price=2.5)

    assert changed == {**tea, "price": "2.5", "updated_at": changed["updated_at"]}
    assert emulator.objects("add-on-services") == [{"meeting_sid": sid, **changed}]
    emulator.remove_object("add-on-services", f"{sid}/{tea['id']}")
    assert v2.get(path).json() == {"add_on_services": []}


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
    A code is unique in its workspace, in both versions; a create shows its kind, a list does not
    (DISCOUNT_ANSWERS, DISCOUNT_LIST).
    """
    made = v1.post("/discount_codes", {**CODE, "allowed_emails": ["eve@example.com"]})

    again = v2.post("/discount-codes", CODE)
    lower = v2.post("/discount-codes", {**CODE, "code": "off50"})

    assert (made.status_code, made.json()["message"]) == (200, "Discount code creation successful")
    code = made.json()["discount_code"]
    assert code == {"id": code["id"], **CODE, **UNLIMITED, "expires_at": None, "meetings": []}
    assert (again.status_code, again.headers["x-emulator-facts"]) == (422, "DISCOUNT_UNIQUE")
    assert lower.status_code == 201
    (_, listed) = v2.get("/discount-codes").json()["discount_codes"]
    assert {**listed, "kind": "percentage"} == {**code, "redeems_count": 0}
    assert globex.post("/discount-codes", CODE).status_code == 201


@pytest.mark.parametrize("method", ["patch", "put"])
def test_a_code_changes_in_what_is_sent_alone(v2: Api, method: str) -> None:
    """
    The answer shows neither kind nor addresses; the code stays unique, its value within the kind
    (DISCOUNT_UPDATE, DISCOUNT_ANSWERS).
    """
    code = v2.post("/discount-codes", {**CODE, "redeems_limit": 10}).json()["discount_code"]
    v2.post("/discount-codes", {**CODE, "code": "OTHER"})
    path = f"/discount-codes/{code['id']}"
    change = getattr(v2, method)

    changed = change(path, {"value": 60, "redeems_limit": None}).json()
    refused = [change(path, body) for body in ({"value": 101}, {"code": "OTHER"}, {"kind": "half"}, {"value": 0})]

    kept = {name: value for name, value in code.items() if name != "kind"}
    assert changed == {"discount_code": {**kept, "value": 60, "redeems_limit": None}}
    assert [each.headers["x-emulator-facts"] for each in refused] == [
        "DISCOUNT_VALUE",
        "DISCOUNT_UNIQUE",
        "DISCOUNT_VALUE",
        "DISCOUNT_VALUE",
    ]
    assert change(path, {"kind": "fixed", "value": 101}).status_code == 200
    assert change("/discount-codes/nothere", {}).status_code == 404


def test_a_code_can_be_deleted_and_made_again(v2: Api) -> None:
    """
    By its id; one code is not shown by itself (DISCOUNT_DELETE).
    """
    path = f"/discount-codes/{v2.post('/discount-codes', CODE).json()['discount_code']['id']}"

    statuses = [v2.get(path).status_code, v2.delete(path).status_code, v2.delete(path).status_code]

    assert statuses == [405, 204, 404]
    assert v2.get("/discount-codes").json()["discount_codes"] == []
    assert v2.post("/discount-codes", CODE).status_code == 201


@pytest.mark.parametrize(
    ("expiry", "answer"),
    [
        ("12-05-2027", "2027-05-12T00:00:00.000Z"),
        ("2027-05-12", "2027-05-12T00:00:00.000Z"),
        ("", None),
        (None, None),
    ],
)
def test_the_last_day_of_a_code_has_two_forms(v2: Api, expiry: str | None, answer: str | None) -> None:
    """
    It is answered as a time; nothing is no end (DISCOUNT_EXPIRY).
    """
    made = v2.post("/discount-codes", {**CODE, "expires_at": "2026-12-31"}).json()["discount_code"]

    changed = v2.patch(f"/discount-codes/{made['id']}", {"expires_at": expiry}).json()["discount_code"]

    assert (made["expires_at"], changed["expires_at"]) == ("2026-12-31T00:00:00.000Z", answer)


def test_a_codes_last_day_can_be_answered_with_its_end(emulator: Emulator, v2: Api) -> None:
    """
    As one of the samples has it (DISCOUNT_EXPIRY).
    """
    emulator.switch(discount_code_expiry="end_of_day")

    made = v2.post("/discount-codes", {**CODE, "expires_at": "12-05-2027"}).json()["discount_code"]

    assert made["expires_at"] == "2027-05-12T23:59:59.000Z"


def test_a_codes_links_are_sent_as_sids_and_answered_by_id_and_name(emulator: Emulator, v2: Api) -> None:
    """
    As pairs, in a list as objects; deleted links are left out, unknown ones as the switch says (DISCOUNT_LINKS).
    """
    one, two = v2.create(), v2.create(slug="two", name="Two")
    code = {**CODE, "meeting_ids": [one["sid"], two["sid"], one["sid"]]}

    made = v2.post("/discount-codes", code).json()["discount_code"]
    path = f"/discount-codes/{made['id']}"
    refused = [v2.patch(path, {"meeting_ids": [bad]}) for bad in ("nothere", one["id"])]
    v2.delete(f"/meetings/{one['sid']}")
    emulator.switch(unknown_meeting_ids="dropped")
    changed = v2.patch(path, {"meeting_ids": [two["sid"], "nothere"]}).json()["discount_code"]

    assert made["meetings"] == [[one["id"], "Intro"], [two["id"], "Two"]]
    assert [each.headers["x-emulator-facts"] for each in refused] == ["DISCOUNT_LINKS"] * 2
    assert changed["meetings"] == [[two["id"], "Two"]]
    (listed,) = v2.get("/discount-codes").json()["discount_codes"]
    assert listed["meetings"] == [{"id": two["id"], "name": "Two"}]
    assert v2.patch(path, {"meeting_ids": []}).json()["discount_code"]["meetings"] == []


def test_answers_on_codes_can_be_whole(emulator: Emulator, v2: Api) -> None:
    """
    If the switch says so, every answer has every field (DISCOUNT_ANSWERS).
    """
    emulator.switch(discount_code_answers="whole")

    made = v2.post("/discount-codes", CODE).json()["discount_code"]
    changed = v2.patch(f"/discount-codes/{made['id']}", {}).json()["discount_code"]

    assert {*CODE, *UNLIMITED, "allowed_emails", "redeems_count"} < set(made) == set(changed)
    assert v2.get("/discount-codes").json()["discount_codes"] == [made]


def test_codes_are_paged_by_page(emulator: Emulator, v2: Api) -> None:
    """
    page_number is not read, unless the switch says so (DISCOUNT_LIST).
    """
    for name in ("A", "B", "C"):
        v2.post("/discount-codes", {**CODE, "code": name})

    def codes(**query: str | int | list[str]) -> list[str]:
        found = v2.get("/discount-codes", page_size=2, **query).json()["discount_codes"]
        return [each["code"] for each in found]

    assert [codes(page=2), codes(page_number=2), codes(page=2, page_number=1)] == [["A"], ["C", "B"], ["A"]]
    emulator.switch(discount_code_pages="either")
    assert codes(page_number=2) == ["A"]


def test_codes_are_filtered_by_conditions(v2: Api) -> None:
    """
    As the official tool writes them: a part of the code, and a kind (DISCOUNT_FILTERS).
    """
    v2.post("/discount-codes", CODE)
    v2.post("/discount-codes", {**CODE, "code": "LESS", "kind": "fixed"})

    def codes(*conditions: tuple[str, str, str]) -> list[str]:
        query = {
            f"filters[][conditions][][{name}]": [each[number] for each in conditions]
            for number, name in enumerate(("node", "rule", "value"))
        }
        return [each["code"] for each in v2.get("/discount-codes", **query).json()["discount_codes"]]

    assert codes(("code", "contains", "off")) == ["OFF50"]
    assert codes(("kind", "is", "fixed")) == ["LESS"]
    assert codes(("code", "contains", "off"), ("kind", "is", "fixed")) == []


def test_the_app_changes_and_deletes_codes(emulator: Emulator, v2: Api) -> None:
    """
    Behind the API's back; it sees every field.
    """
    sid = v2.create()["sid"]
    id_ = v2.post("/discount-codes", {**CODE, "meeting_ids": [sid]}).json()["discount_code"]["id"]

    changed = emulator.edit_object("discount-codes", id_, value=5, allowed_emails=["eve@example.com"])

    assert emulator.objects("discount-codes") == [changed]
    assert (changed["value"], changed["kind"], changed["meetings"][0]["sid"]) == (5, "percentage", sid)
    emulator.remove_object("discount-codes", id_)
    assert emulator.objects("discount-codes") == []


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        ({}, "DISCOUNT_REQUIRED"),
        ({**CODE, "value": 101}, "DISCOUNT_VALUE"),
        ({**CODE, "value": 0}, "DISCOUNT_VALUE"),
        ({**CODE, "kind": "half"}, "DISCOUNT_VALUE"),
        ({**CODE, "redeems_limit": -1}, "DISCOUNT_VALUE"),
        ({**CODE, "expires_at": "31.12.2027"}, "DISCOUNT_EXPIRY"),
        ({**CODE, "expires_at": "12-31-2027"}, "DISCOUNT_EXPIRY"),
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
