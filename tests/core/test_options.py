"""
Durations and spots brought to what is declared, whichever way the server moves the default, and whatever breaks off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neetocal_emulator import Emulator, Switches
from neetocal_provider.errors import NeetoCalError
from neetocal_provider.resources.link_fields import BY_NAME
from tests.core.conftest import Connect
from tests.core.strategies import VALUES, many
from tests.emulator.api import LINK
from tests.link import create, diff, update

OPTIONS = ("durations", "spots")


def held(emulator: Emulator, name: str) -> Sequence[Mapping[str, Any]]:
    """
    Return the options of the only link.
    """
    (meeting,) = emulator.meetings()
    options: Sequence[Mapping[str, Any]] = meeting[name]
    return options


def break_off(emulator: Emulator, first: int, moment: str) -> None:
    """
    Let one request about options fail, before or after its work, in a way that nobody repeats by himself.
    """
    emulator.fault("status", path="/meetings/*/**", status=403, moment=moment, first=first, times=1)


@pytest.mark.parametrize("handling", Switches.choices()["default_option"])
@pytest.mark.parametrize("api_version", ["v2", "v1"])
@many
@given(data=st.data())
def test_an_update_that_breaks_off_anywhere_is_finished_by_the_next(
    emulator: Emulator, core: Connect, api_version: str, handling: str, data: st.DataObject
) -> None:
    """
    Any request may fail, before or after the server has done its work; the link can be booked all the while.
    """
    name = data.draw(st.sampled_from(OPTIONS))
    before, after = data.draw(VALUES[name]), data.draw(VALUES[name])
    breaks = data.draw(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["before", "after"])), max_size=2))
    emulator.reset()
    emulator.switch(default_option=handling)
    client = core(api_version)
    made = create(client, {**LINK, name: before})
    outputs, declared = made.outputs, {**LINK, name: after}

    for first, moment in breaks:
        break_off(emulator, first, moment)
        with suppress(NeetoCalError):
            outputs = update(client, made.id, outputs, declared).outputs
        emulator.clear_faults()
        assert held(emulator, name)
        assert Counter(row["is_default"] for row in held(emulator, name))[True] <= 1
    outputs = update(client, made.id, outputs, declared).outputs

    assert not BY_NAME[name].differs([dict(row) for row in held(emulator, name)], after)
    assert diff(outputs, declared, client.settings).changed == ()


@pytest.mark.parametrize("handling", Switches.choices()["default_option"])
@many
@given(data=st.data())
def test_a_create_that_breaks_off_anywhere_is_finished_by_the_next(
    emulator: Emulator, core: Connect, handling: str, data: st.DataObject
) -> None:
    """
    Where the server ignored the options of the create, they are made the same way, and the link's sid is never lost.
    """
    name = data.draw(st.sampled_from(OPTIONS))
    declared = {**LINK, name: data.draw(VALUES[name])}
    first, moment = data.draw(st.tuples(st.integers(1, 6), st.sampled_from(["before", "after"])))
    emulator.reset()
    emulator.switch(default_option=handling, nested_options_on_create="ignored")
    break_off(emulator, first, moment)
    client = core()

    made = create(client, declared)
    emulator.clear_faults()
    outputs = update(client, made.id, made.outputs, declared).outputs

    (meeting,) = emulator.meetings()
    assert meeting["sid"] == made.id
    assert not BY_NAME[name].differs([dict(row) for row in held(emulator, name)], declared[name])
    assert diff(outputs, declared, client.settings).changed == ()
