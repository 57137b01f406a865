"""
Add-on services, the resource type without anything special: what the core makes of a declaration with a parent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client, disconnect
from neetocal_provider.core.operations import Operations
from neetocal_provider.core.run import Run
from neetocal_provider.errors import InvalidRequestError, NeetoCalError, UnexpectedResponseError
from neetocal_provider.resources.add_on_service import ADD_ON_SERVICE
from neetocal_provider.schema.types import UNKNOWN
from tests.core.conftest import Connect
from tests.core.engine import Screen
from tests.core.test_lost_answers import LOST, posts
from tests.emulator.api import Api
from tests.link import check, create, delete, diff, read, update


@pytest.fixture
def report(api: Api) -> dict[str, Any]:
    """
    Give the arguments of a service of a new link.
    """
    return {"link": api.create()["sid"], "name": "Report", "duration": 15, "price": "25.50"}


def services(api: Api, link: str) -> list[dict[str, Any]]:
    """
    Return the services of a link.
    """
    found: list[dict[str, Any]] = api.get(f"/meetings/{link}/add-on-services").json()["add_on_services"]
    return found


def test_a_service_follows_its_program(emulator: Emulator, core: Connect, api: Api, report: dict[str, Any]) -> None:
    """
    From its create to its delete, a drift and a removed argument included; the price is compared as an amount.
    """
    client = core()
    emulator.clock(offset_s=-60)  # a new one that isn't found is asked for again

    made = create(client, report, ADD_ON_SERVICE)

    emulator.clock(offset_s=0)
    (service,) = services(api, report["link"])
    assert made.id == f"{report['link']}/{service['id']}"
    assert made.outputs["price"] == "25.50"
    assert service["price"] == "25.5"
    assert (made.warnings, made.problems) == ((), ())
    assert diff(made.outputs, report, client.settings, ADD_ON_SERVICE).changed == ()

    api.put(f"/meetings/{report['link']}/add-on-services/{service['id']}", {"price": 30, "description": "Theirs."})
    live = read(client, made.id, made.outputs, ADD_ON_SERVICE)
    assert live is not None
    assert diff(live.outputs, report, client.settings, ADD_ON_SERVICE).changed == ("price",)

    fewer = {name: report[name] for name in ("link", "name", "price")}
    updated = update(client, made.id, live.outputs, fewer, ADD_ON_SERVICE)
    (service,) = services(api, report["link"])
    assert (service["price"], service["duration"], service["description"]) == ("25.5", 0, "Theirs.")
    assert updated.problems == ()

    delete(client, made.id, updated.outputs, ADD_ON_SERVICE)
    assert services(api, report["link"]) == []
    assert read(client, made.id, updated.outputs, ADD_ON_SERVICE) is None
    delete(client, made.id, updated.outputs, ADD_ON_SERVICE)


@pytest.mark.parametrize("loss", LOST)
@pytest.mark.parametrize("is_other", [False, True], ids=["alone", "beside one of the same name"])
def test_a_create_whose_answer_was_lost_makes_one_service(
    emulator: Emulator, core: Connect, api: Api, report: dict[str, Any], loss: str, is_other: bool
) -> None:
    """
    It is looked for among those of its link; an older one of the same name is somebody else's.
    """
    others = []
    if is_other:
        emulator.clock(offset_s=-60)
        others = [api.post(f"/meetings/{report['link']}/add-on-services", {**_body(report)}).json()]
        emulator.clock(offset_s=0)
    emulator.fault(method="POST", path="/meetings/*/add-on-services", times=1, **LOST[loss])

    made = create(core(), report, ADD_ON_SERVICE)

    found = services(api, report["link"])
    assert len(found) == len(others) + 1
    assert made.id.partition("/")[2] == found[-1]["id"]
    assert posts(emulator, "/add-on-services") == len(others) + (1 if LOST[loss].get("moment") != "before" else 2)


def test_a_service_that_may_still_be_under_way_is_not_asked_for_again(
    emulator: Emulator, core: Connect, report: dict[str, Any]
) -> None:
    """
    neetoCal would make a second one; the error says how to go on, which isn't by adoption.
    """
    emulator.fault("status", status=504, moment="before", method="POST", path="/meetings/*/add-on-services")
    client = Client(replace(core().settings, max_attempts=2))

    with pytest.raises(NeetoCalError, match="import it or delete it there before you run `pulumi up` again"):
        create(client, report, ADD_ON_SERVICE)

    client.close()
    assert posts(emulator, "/add-on-services") == 1


def test_a_service_whose_name_is_normalized_is_made_once(
    emulator: Emulator, core: Connect, api: Api, report: dict[str, Any]
) -> None:
    """
    The answer names it in another form, and is believed.
    """
    emulator.switch(texts="tidied")

    made = create(core(), {**report, "name": "A  Report"}, ADD_ON_SERVICE)

    (service,) = services(api, report["link"])
    assert made.id.endswith(service["id"])
    assert (service["name"], made.outputs["name"]) == ("A Report", "A  Report")
    assert made.problems == ()


def test_a_service_with_the_same_letters_is_neither_ours_nor_a_reason_to_make_another(
    emulator: Emulator, core: Connect, api: Api, report: dict[str, Any]
) -> None:
    """
    If the answer is lost: it may be the normalized name of ours, or that of another resource.
    """
    emulator.switch(texts="tidied")
    emulator.fault(method="POST", path="/meetings/*/add-on-services", times=1, **LOST["cut after"])
    client = Client(replace(core().settings, max_attempts=2))

    with pytest.raises(NeetoCalError, match="import it or delete it there before"):
        create(client, {**report, "name": "A  Report"}, ADD_ON_SERVICE)

    client.close()
    assert len(services(api, report["link"])) == 1


def _body(report: dict[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in report.items() if name != "link"}, "price": 25.5}


def test_a_service_is_imported_with_what_is_special_about_it(core: Connect, report: dict[str, Any]) -> None:
    """
    Its id names the link; a price of nothing and no duration are as neetoCal makes them.
    """
    client = core()
    free = {"link": report["link"], "name": "Talk", "position": 1}
    made = create(client, {**free, "description": "A talk."}, ADD_ON_SERVICE)

    live = read(client, made.id, {}, ADD_ON_SERVICE)

    assert live is not None
    assert live.inputs == {**free, "description": "A talk."}
    assert diff(live.outputs, live.inputs, client.settings, ADD_ON_SERVICE).changed == ()


@pytest.mark.parametrize("id_", ["8r3rs2k", "8r3rs2k/one/two", "", "/", "8r3rs2k/../x", "8r3rs2k/a b"])
def test_what_can_be_no_id_is_not_asked_for(emulator: Emulator, core: Connect, id_: str) -> None:
    """
    An import says what an id looks like; a damaged state leads nowhere.
    """
    with pytest.raises(NeetoCalError, match="give the SID/UUID of a service"):
        read(core(), id_, {}, ADD_ON_SERVICE)
    with pytest.raises(UnexpectedResponseError, match="no id of neetoCal's"):
        read(core(), id_, {"link": "8r3rs2k", "name": "Report", "declared": []}, ADD_ON_SERVICE)

    assert [*emulator.requests] == []


def test_everything_wrong_is_reported_at_once() -> None:
    """
    With the way out; what isn't known yet passes.
    """
    wrong = {"link": "a/b", "name": " ", "duration": 1441, "price": 25.5, "position": 0}

    reasons = {each.property: each.reason for each in check(wrong, "v2", ADD_ON_SERVICE)}

    assert reasons == {
        "link": "must be an id as neetoCal gives them, of letters, digits, hyphens and underscores",
        "name": "must not be blank",
        "duration": "must be from 0 to 1440 minutes",
        "price": 'must be an amount of 0 or more as text, such as "25.50"',
        "position": "must be at least 1",
    }
    assert check(dict.fromkeys(wrong, UNKNOWN), "v2", ADD_ON_SERVICE) == []
    assert "needs version 2" in check({"link": "8r3rs2k", "name": "Report"}, "v1", ADD_ON_SERVICE)[0].reason


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("25.5", "25.50", True),
        ("25", "25.0", True),
        ("025.10", "25.1", True),
        ("25.5", "25.05", False),
        ("2", "20", False),
    ],
)
def test_prices_are_compared_as_amounts(one: str, other: str, is_same: bool) -> None:
    """
    Zeros that mean nothing do not count.
    """
    assert ADD_ON_SERVICE.schema.by_name["price"].differs(one, other) is not is_same


def test_nothing_is_adopted(emulator: Emulator, core: Connect, api: Api, report: dict[str, Any]) -> None:
    """
    neetoCal allows a second one of the same name, so `NEETOCAL_ADOPT` does nothing, and a preview asks nothing.
    """
    client = core()
    first = create(client, report, ADD_ON_SERVICE)
    config = {
        "neetocal:workspace": "acme",
        "neetocal:apiKey": client.settings.api_key,
        "neetocal:baseUrl": client.settings.base_url,
        "neetocal:adopt": "true",
    }
    screen, run, before = Screen(), Run(), len(emulator.requests)
    operations = Operations(resource_type=ADD_ON_SERVICE, config=config.get, host=screen, run=run)

    assert operations.check({}, report) == []
    assert (screen.warnings, len(emulator.requests)) == ([], before)
    assert operations.create(report).id != first.id
    assert len(services(api, report["link"])) == 2
    twin = replace(operations, host=Screen(urn="urn:pulumi:test::links::neetocal:index:AddOnService::twin"))
    assert [each.property for each in twin.check({}, report)] == ["name"]
    assert [each.property for each in twin.check({}, {**report, "name": " Report"})] == ["name"]
    disconnect()


def test_a_refusal_is_reported_as_it_is(emulator: Emulator, core: Connect, report: dict[str, Any]) -> None:
    """
    Also one that says that something is taken: nothing is looked for.
    """
    create(core(), report, ADD_ON_SERVICE)
    emulator.switch(repeated_names="refused")
    before = len(emulator.requests)

    with pytest.raises(InvalidRequestError, match="taken"):
        create(core(), report, ADD_ON_SERVICE)

    assert len(emulator.requests) == before + 1
