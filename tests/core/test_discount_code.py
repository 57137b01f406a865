"""
Discount codes, which no request answers by itself: they are read from their list, and what that lacks is as recorded.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client
from neetocal_provider.core.state import ReadResult
from neetocal_provider.errors import NeetoCalError, RefusedError
from neetocal_provider.resources.discount_code import DISCOUNT_CODE
from neetocal_provider.schema.types import UNKNOWN
from tests.core.conftest import Connect
from tests.core.test_lost_answers import LOST
from tests.link import check, create, delete, diff, read, update

SPRING: dict[str, Any] = {"code": "SPRING", "kind": "percentage", "value": 20}
ALL = {
    **SPRING,
    "expires_at": "2027-12-31",
    "redeems_limit": 100,
    "redeems_limit_by_email": 1,
    "days_valid_after_first_use_per_client": 30,
    "allowed_emails": ["Grace@visitor.example"],
}


def codes(emulator: Emulator) -> list[dict[str, Any]]:
    """
    Return the codes of the workspace that a test has made.
    """
    return [dict(each) for each in emulator.objects("discount-codes") if each["code"].isupper()]


def refreshed(client: Client, id_: str, outputs: dict[str, Any]) -> ReadResult | None:
    """
    Read a code as a new run of the engine does.
    """
    with closing(Client(client.settings)) as new:
        return read(new, id_, outputs, DISCOUNT_CODE)


@pytest.mark.parametrize("answers", ["documented", "whole"])
@pytest.mark.parametrize("expiry", ["start_of_day", "end_of_day"])
def test_a_code_follows_its_program(emulator: Emulator, core: Connect, answers: Any, expiry: Any) -> None:
    """
    From its create to its delete, whatever answers have of it; removed arguments go back to no limit.
    """
    emulator.switch(discount_code_answers=answers, discount_code_expiry=expiry)
    emulator.clock(offset_s=-3600)  # a new one that isn't found is asked for again
    client = core()
    made = create(client, ALL, DISCOUNT_CODE)
    (code,) = codes(emulator)
    assert (made.id, made.problems, made.warnings) == (code["id"], (), ())
    assert made.outputs["redeems_count"] == 0
    assert diff(made.outputs, ALL, client.settings, DISCOUNT_CODE).changed == ()

    emulator.edit_object("discount-codes", code["id"], value=25, redeems_limit=5)
    live = refreshed(client, made.id, made.outputs)
    assert live is not None
    assert diff(live.outputs, ALL, client.settings, DISCOUNT_CODE).changed == ("value", "redeems_limit")

    updated = update(client, made.id, live.outputs, {**SPRING, "kind": "fixed"}, DISCOUNT_CODE)
    (code,) = codes(emulator)
    assert updated.problems == ()
    assert {name: code[name] for name in ALL} == {
        **dict.fromkeys(ALL),
        **SPRING,
        "kind": "fixed",
        "allowed_emails": [],
    }

    delete(client, made.id, updated.outputs, DISCOUNT_CODE)
    assert codes(emulator) == []
    assert refreshed(client, made.id, updated.outputs) is None
    delete(client, made.id, updated.outputs, DISCOUNT_CODE)


def test_many_codes_are_read_from_one_list(emulator: Emulator, core: Connect) -> None:
    """
    A request for each hundred, whatever their number in the stack.
    """
    made = [create(core(), {**SPRING, "code": f"CODE{number}"}, DISCOUNT_CODE) for number in range(30)]
    client, seen = Client(core().settings), len(emulator.requests)

    live = [read(client, each.id, each.outputs, DISCOUNT_CODE) for each in made]

    assert [each and each.outputs["code"] for each in live] == [each.outputs["code"] for each in made]
    assert len(emulator.requests) - seen == 1
    client.close()


def test_a_taken_code_is_reported_and_adopted_on_request(emulator: Emulator, core: Connect) -> None:
    """
    As a link's slug; what answers don't have isn't written.
    """
    first = create(core(), ALL, DISCOUNT_CODE)

    with pytest.raises(
        RefusedError, match=f"'SPRING' is taken: the discount code {first.id} .* here, set NEETOCAL_ADOPT=1"
    ):
        create(core(), {**SPRING, "value": 30}, DISCOUNT_CODE)
    settings = core().settings
    with closing(Client(replace(settings, adopt=True))) as adopting:
        adopted = create(adopting, {**SPRING, "value": 30}, DISCOUNT_CODE)

    assert (adopted.id, adopted.is_adopted) == (first.id, True)
    assert "neetoCal doesn't show its kind" in adopted.warnings[0]
    assert [(each["value"], each["redeems_limit"]) for each in codes(emulator)] == [(30, 100)]


@pytest.mark.parametrize("loss", LOST)
def test_a_create_whose_answer_was_lost_makes_no_second_code(emulator: Emulator, core: Connect, loss: str) -> None:
    """
    Answers have no time of creation, so one that exists may be anybody's: it is not taken for ours.
    """
    emulator.fault(method="POST", path="/discount-codes", times=1, **LOST[loss])

    if LOST[loss].get("moment") == "before":
        create(core(), SPRING, DISCOUNT_CODE)
    else:
        with pytest.raises(NeetoCalError, match="NEETOCAL_ADOPT=1"):
            create(core(), SPRING, DISCOUNT_CODE)

    assert len(codes(emulator)) == 1


def test_everything_wrong_is_reported_at_once() -> None:
    """
    With the way out; what isn't known yet passes.
    """
    wrong = {
        "code": " ",
        "kind": "percentage",
        "value": 101,
        "meeting_ids": ["a/b"],
        "expires_at": "31-12-2027",
        "redeems_limit": 0,
        "allowed_emails": ["grace"],
    }

    assert [(each.property, each.reason) for each in check(wrong, "v2", DISCOUNT_CODE)] == [
        ("code", "must not be blank"),
        ("meeting_ids", "holds 'a/b' at [0], which is not an id as neetoCal gives them"),
        ("expires_at", 'must be a day such as "2027-12-31"'),
        ("redeems_limit", "must be at least 1"),
        ("allowed_emails", "holds 'grace' at [0], which is not an e-mail address"),
        ("value", "must be at most 100 percent"),
    ]
    assert check({**SPRING, "kind": "fixed", "value": 500}, "v2", DISCOUNT_CODE) == []
    assert check(dict.fromkeys(wrong, UNKNOWN), "v2", DISCOUNT_CODE) == []
