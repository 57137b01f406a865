"""
`DiscountCode` on the engine, under both providers: a resource that is read from a list.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neetocal_emulator import Emulator
from tests.emulator.api import Api
from tests.engine.conftest import PROGRAMS
from tests.engine.stack import Stack

LINK = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
SPRING = {"code": "SPRING", "kind": "percentage", "value": 20, "expires_at": "2027-12-31"}

pytestmark = pytest.mark.matrix
"""A resource type without hooks takes the same path on the engine as AddOnService; the core's tests try the rest."""


@pytest.fixture
def stack(tmp_path: Path, emulator: Emulator) -> Stack:
    """
    Give a stack of the link and the codes in `codes.json`, under version 2.
    """
    return Stack(PROGRAMS / "codes", tmp_path, emulator.environment())


def declare(stack: Stack, codes: dict[str, Any], **link: Any) -> None:
    """
    Make these the codes of the program.
    """
    (stack.folder / "codes.json").write_text(json.dumps({**link, "codes": codes}))


def code(emulator: Emulator) -> dict[str, Any]:
    """
    Return the code SPRING.
    """
    (found,) = (dict(each) for each in emulator.objects("discount-codes") if each["code"] == "SPRING")
    return found


def test_codes_follow_their_program(stack: Stack, emulator: Emulator) -> None:
    """
    From create to destroy, with drift, a removed argument and bad arguments.
    """
    emulator.clock(offset_s=-3600)  # a new code that is not found is not called gone
    declare(stack, {"spring": SPRING}, link=LINK)
    assert stack.preview() == {"create": 2}
    assert stack.deploy() == {"create": 2}
    assert stack.resources()["spring"]["id"] == code(emulator)["id"]
    assert [each["sid"] for each in code(emulator)["meetings"]] == [emulator.meetings()[0]["sid"]]

    emulator.edit_object("discount-codes", code(emulator)["id"], value=50)
    declare(stack, {"spring": {**SPRING, "expires_at": None}}, link=LINK)
    assert stack.up("--refresh") == {"refresh": 2, "update": 1, "same": 1}
    assert (code(emulator)["value"], code(emulator)["expires_at"]) == (20, None)

    declare(stack, {"spring": {**SPRING, "value": 101, "expires_at": "tomorrow"}}, link=LINK)
    said = stack.fails("preview")
    assert "must be at most 100 percent" in said
    assert 'must be a day such as "2027-12-31"' in said
    assert stack.destroy() == {"delete": 2}
    assert [each for each in emulator.objects("discount-codes") if each["code"] == "SPRING"] == []


@pytest.mark.one_host("native", "the dynamic host cannot import by id")
def test_a_code_is_imported_by_its_id(stack: Stack, api: Api) -> None:
    """
    With what answers have of it; the rest is an update.
    """
    made = api.post("/discount-codes", SPRING).json()["discount_code"]
    declare(stack, {})

    stack.shows(
        *("import", "neetocal:index:DiscountCode", "spring", made["id"]),
        *("--yes", "--generate-code=false", "--protect=false"),
    )

    assert stack.resources()["spring"]["inputs"] == {"code": "SPRING", "value": 20, "expires_at": "2027-12-31"}
    declare(stack, {"spring": SPRING})
    assert stack.up() == {"update": 1}
