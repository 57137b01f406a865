"""
What a create says if neetoCal rejects it because another link has the slug.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import disconnect
from neetocal_provider.core.operations import OperationError, Operations
from neetocal_provider.core.run import Run
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from tests.core.engine import Screen
from tests.emulator.api import LINK

ADVICE = "ResourceOptions(delete_before_replace=True)"


@pytest.fixture
def operations(emulator: Emulator) -> Iterator[Operations]:
    """
    Give the operations on one link of the workspace `acme`, in one run.
    """
    found = emulator.environment()
    config = {
        "neetocal:workspace": "acme",
        "neetocal:apiKey": found["NEETOCAL_API_KEY"],
        "neetocal:baseUrl": found["NEETOCAL_BASE_URL"],
    }
    yield Operations(resource_type=SCHEDULING_LINK, config=config.get, host=Screen(), run=Run())
    disconnect()


@pytest.mark.parametrize("is_compared", [True, False])
def test_the_link_that_is_replaced_has_to_go_first(operations: Operations, is_compared: bool) -> None:
    """
    Whether the engine has asked for a comparison, and so has said the link's id, or not.
    """
    made = operations.create(LINK)
    operations.check(LINK, LINK)
    if is_compared:
        operations.diff(made.id, made.outputs, LINK)

    with pytest.raises(OperationError) as caught:
        operations.create(LINK)

    assert f"the link {made.id} ('{LINK['name']}', 'intro'), which this resource replaces" in str(caught.value)
    assert ADVICE in str(caught.value)
    assert "adopt" not in str(caught.value)


@pytest.mark.parametrize("was_replaced", [True, False])
def test_no_link_of_others_is_to_be_deleted_first(
    emulator: Emulator, operations: Operations, was_replaced: bool
) -> None:
    """
    The option has no effect on a link that another resource or person has: also if this one's own has gone already.
    """
    theirs = operations.create(LINK)
    emulator.edit_meeting(theirs.id, name="Theirs")
    if was_replaced:
        operations.diff("8r3rs2k", {**theirs.outputs, "name": "Ours"}, LINK)

    with pytest.raises(
        OperationError, match=r"is taken: the link .* has it and differs in name; .*adopt=True"
    ) as caught:
        operations.create(LINK)

    assert ADVICE not in str(caught.value)
