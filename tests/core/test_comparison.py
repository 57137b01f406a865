"""
Whatever a program declares: made, read back and compared it differs in nothing, changed it differs in just that.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from neetocal_emulator import Emulator
from neetocal_provider.api.client import Client
from neetocal_provider.resources.link_fields import BY_NAME
from neetocal_provider.schema.fields import Update
from tests.core.conftest import Connect
from tests.core.strategies import (
    READINGS,
    VALUES,
    fields_of,
    links_of_any_origin,
    many,
    readings,
    readings_that_update,
    with_text_of_place,
)
from tests.link import check, create, delete, diff, read, update

CREATE_ONLY = ("is_multiple_durations_allowed", "is_multiple_spots_allowed")
EDITABLE = (
    "name",
    "hosts",
    "duration",
    "description",
    "kind",
    "start_time_increment",
    "locked_time_zone",
    "durations",
    "spots",
    *CREATE_ONLY,
)
"""The fields that anybody may change in the web app, whatever else the link holds."""


def differences(client: Client, outputs: Any, declared: Any) -> tuple[str, ...]:
    """
    Return what separates a recorded link from its program.
    """
    return diff(outputs, declared, client.settings).changed


@pytest.mark.parametrize("api_version", ["v2", "v1"])
@many
@given(data=st.data(), switches=readings(*READINGS))
def test_a_link_that_was_made_differs_in_nothing(
    emulator: Emulator, core: Connect, api_version: str, data: st.DataObject, switches: dict[str, Any]
) -> None:
    """
    Nor does it after it was read, under every reading of what nobody knows.
    """
    declared = data.draw(links_of_any_origin(api_version))
    emulator.reset()
    emulator.switch(**switches)
    client = core(api_version)

    assert check(declared, api_version) == []
    made = create(client, declared)
    live = read(client, made.id, made.outputs)

    assert made.problems == ()
    assert [warning for warning in made.warnings if not warning.startswith("neetoCal normalized ")] == []
    assert differences(client, made.outputs, declared) == ()
    assert live is not None
    assert live.outputs == made.outputs
    assert differences(client, live.outputs, declared) == ()


@pytest.mark.parametrize("api_version", ["v2", "v1"])
@many
@given(data=st.data(), switches=readings_that_update())
def test_one_change_of_the_program_is_just_that_change(
    emulator: Emulator, core: Connect, api_version: str, data: st.DataObject, switches: dict[str, Any]
) -> None:
    """
    The update makes it so, and afterwards nothing differs; what it cannot make so, it names.
    """
    declared = data.draw(links_of_any_origin(api_version))
    name = data.draw(st.sampled_from(["slug", "name", "hosts", "duration", *fields_of(api_version)]))
    changed = with_text_of_place({**declared, name: data.draw(VALUES[name])})
    others = {other for other in changed if changed[other] != declared.get(other)}
    assume(others <= {name} and BY_NAME[name].update is not Update.CREATE_OPTION)
    emulator.reset()
    emulator.switch(**switches)
    client = core(api_version)
    made = create(client, declared)

    is_other = name not in declared or BY_NAME[name].differs(declared[name], changed[name])
    assert differences(client, made.outputs, changed) == ((name,) if is_other else ())
    updated = update(client, made.id, made.outputs, changed)

    live = read(client, made.id, updated.outputs)
    assert live is not None
    refused = [problem.split(" ")[0] for problem in updated.problems]
    assert refused in ([], [name])
    assert refused == [] or name in ("spot", *CREATE_ONLY)
    assert differences(client, live.outputs, changed) == tuple(refused)
    assert live.outputs == updated.outputs


@pytest.mark.parametrize("api_version", ["v2", "v1"])
@many
@given(data=st.data(), switches=readings(*READINGS))
def test_one_change_in_the_web_app_is_just_that_drift(
    emulator: Emulator, core: Connect, api_version: str, data: st.DataObject, switches: dict[str, Any]
) -> None:
    """
    A declared field shows, an undeclared one does not; an answer that does not mention hosts cannot show theirs.
    """
    declared = data.draw(links_of_any_origin(api_version))
    name = data.draw(st.sampled_from(EDITABLE))
    value = data.draw(VALUES[name])
    emulator.reset()
    emulator.switch(**switches)
    client = core(api_version)
    made = create(client, declared)
    stored = emulator.meetings()[0][name] if name != "hosts" else declared[name]

    emulator.edit_meeting(made.id, **{name: value})
    live = read(client, made.id, made.outputs)

    is_seen = name in declared and not (name == "hosts" and switches["hosts_in_answers"] == "nowhere")
    is_drift = is_seen and all(BY_NAME[name].differs(one, value) for one in (declared[name], stored))
    assert live is not None
    assert differences(client, live.outputs, declared) == ((name,) if is_drift else ())
    assert {other for other in live.inputs if live.inputs[other] != made.outputs[other]} == (
        {name} if is_drift else set()
    )


@pytest.mark.parametrize("api_version", ["v2", "v1"])
@many
@given(data=st.data(), switches=readings(*READINGS))
def test_the_same_in_other_words_is_no_difference(
    emulator: Emulator, core: Connect, api_version: str, data: st.DataObject, switches: dict[str, Any]
) -> None:
    """
    Order and case of hosts, order of options, white space around texts and line ends carry no meaning.
    """
    declared = data.draw(links_of_any_origin(api_version))
    emulator.reset()
    emulator.switch(**switches)
    client = core(api_version)
    made = create(client, declared)

    respelled = {
        name: data.draw(st.permutations([host.upper() for host in value]))
        if name == "hosts"
        else data.draw(st.permutations(value))
        if isinstance(value, list)
        else f" {value}\r\n"
        if name in ("name", "description", "spot_custom_text")
        else value
        for name, value in declared.items()
    }

    assert differences(client, made.outputs, respelled) == ()


@pytest.mark.parametrize("api_version", ["v2", "v1"])
@many
@given(data=st.data(), switches=readings_that_update())
def test_a_removed_argument_goes_back_to_its_default_or_stays(
    emulator: Emulator, core: Connect, api_version: str, data: st.DataObject, switches: dict[str, Any]
) -> None:
    """
    Which of the two is in the table of fields; a warning tells of what stays, and nothing else changes.
    """
    declared = data.draw(links_of_any_origin(api_version))
    optional = sorted(declared.keys() - {"slug", "name", "hosts", "duration", "adopt", "template_id"})
    assume(optional)
    name = data.draw(st.sampled_from(optional))
    less = {other: value for other, value in declared.items() if other != name}
    assume(check(less, api_version) == [])
    emulator.reset()
    emulator.switch(**{**switches, "create_only_fields_in_patch": "accepted"})
    client = core(api_version)
    made = create(client, declared)
    before = emulator.meetings()[0]

    found = diff(made.outputs, less, client.settings)
    updated = update(client, made.id, made.outputs, less)

    after = emulator.meetings()[0]
    assert found.changed == (name,)
    assert updated.problems == ()
    stays = any(f"no longer told its {name}," in warning for warning in found.warnings)
    if not BY_NAME[name].is_local:
        assert stays or "template_id" not in declared
        assert not BY_NAME[name].differs(after[name], before[name] if stays else BY_NAME[name].default)
    unmoved = before.keys() - {name, "updated_at", "durations_possible"}
    assert {other: after[other] for other in unmoved} == {other: before[other] for other in unmoved}
    assert differences(client, updated.outputs, less) == ()


@many
@given(data=st.data())
def test_a_link_is_deleted_whatever_it_holds(emulator: Emulator, core: Connect, data: st.DataObject) -> None:
    """
    And deleting it again is fine.
    """
    declared = data.draw(links_of_any_origin("v2"))
    emulator.reset()
    emulator.clock(offset_s=-60)  # a link that is a moment old is not believed to be gone
    client = core()
    made = create(client, declared)

    delete(client, made.id, made.outputs)
    delete(client, made.id, made.outputs)

    assert read(client, made.id, made.outputs) is None
    assert emulator.meetings() == []
