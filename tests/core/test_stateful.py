"""
Program edits, edits in the web app, failures, refreshes and deployments in any order: store and program end equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from neetocal_emulator import Emulator
from neetocal_provider.resources.link_fields import BY_NAME
from neetocal_provider.schema.fields import Update
from tests.core.conftest import Connect
from tests.core.engine import CoreStack, Program
from tests.core.strategies import VALUES, fields_of, is_held, links, readings_that_update, with_text_of_place
from tests.core.test_comparison import CREATE_ONLY, EDITABLE
from tests.link import check


class Deployed(Protocol):
    """
    A stack, by what the lives below need of it; links go by their resource names.
    """

    def up(self, program: Program) -> list[str]:
        """
        Deploy, and return what went wrong.
        """
        ...

    def refresh(self) -> None:
        """
        Take over what has become of the links.
        """
        ...

    def changes(self, program: Program) -> dict[str, Any]:
        """
        Return what a preview would show.
        """
        ...

    def sids(self) -> dict[str, str]:
        """
        Return the sid of each recorded link.
        """
        ...

    def declared(self) -> dict[str, set[str]]:
        """
        Return the optional arguments that each recorded link was given.
        """
        ...


NAMES = ("a", "b", "c")
"""The resources of the program; each has slugs of its own, so that a slug is never disputed."""


class Life(RuleBasedStateMachine):
    """
    A program, a web app, and what connects them.
    """

    emulator: Emulator
    deployed: Callable[[str], Deployed]
    """Makes an empty stack in one version of the API."""

    # An update that cannot know the hosts that it must send is refused: tests/core/test_present_values.py.
    @initialize(
        api_version=st.sampled_from(["v2", "v1"]),
        switches=readings_that_update(),
    )
    def begin(self, api_version: str, switches: dict[str, Any]) -> None:
        """
        Start with an empty program and an empty workspace.
        """
        self.emulator.reset()
        self.emulator.clock(offset_s=-3600)  # a new link that is not found is not called gone
        self.emulator.switch(**switches)
        self.switches = switches
        self.api_version = api_version
        self.stack = self.deployed(api_version)
        self.program: dict[str, dict[str, Any]] = {}

    @rule(name=st.sampled_from(NAMES), data=st.data())
    def declare(self, name: str, data: st.DataObject) -> None:
        """
        Add a link to the program, or write it anew.
        """
        self._declare(name, data.draw(links(self.api_version)))

    @precondition(lambda self: self.program)
    @rule(data=st.data())
    def change(self, data: st.DataObject) -> None:
        """
        Change one argument.
        """
        name = data.draw(st.sampled_from(sorted(self.program)))
        field = data.draw(st.sampled_from(["slug", "name", "hosts", "duration", *fields_of(self.api_version)]))
        self._declare(name, {**self.program[name], field: data.draw(VALUES[field])})

    @precondition(lambda self: self.program)
    @rule(data=st.data())
    def omit(self, data: st.DataObject) -> None:
        """
        Remove an optional argument.
        """
        name = data.draw(st.sampled_from(sorted(self.program)))
        field = data.draw(st.sampled_from(fields_of(self.api_version)))
        self._declare(name, {key: value for key, value in self.program[name].items() if key != field})

    @precondition(lambda self: self.program)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        """
        Remove a link from the program.
        """
        del self.program[data.draw(st.sampled_from(sorted(self.program)))]

    @precondition(lambda self: self.emulator.meetings())
    @rule(data=st.data())
    def edit_in_the_web_app(self, data: st.DataObject) -> None:
        """
        Change a field, declared or not.
        """
        # What no answer mentions cannot be seen to differ.
        seen = set(EDITABLE) - ({"hosts"} if self.switches["hosts_in_answers"] == "nowhere" else set())
        field = data.draw(st.sampled_from([*sorted(seen), "disabled"]))
        value = data.draw(st.booleans() if field == "disabled" else VALUES[field])
        self.emulator.edit_meeting(self._any_sid(data), **{field: value})

    @precondition(lambda self: self.emulator.meetings())
    @rule(data=st.data())
    def delete_in_the_web_app(self, data: st.DataObject) -> None:
        """
        Delete a link.
        """
        self.emulator.remove_meeting(self._any_sid(data))

    @rule(
        path=st.sampled_from(["/meetings/*", "/meetings/*/durations", "/meetings/*/spots", "/meetings/*/spots/*"]),
        skipped=st.integers(0, 3),
    )
    def break_something(self, path: str, skipped: int) -> None:
        """
        Let the API refuse work once, some requests from now.
        """
        self.emulator.fault("status", path=path, status=500, moment="before", first=skipped + 1, times=1)

    @rule()
    def refresh(self) -> None:
        """
        Take over what has become of the links.
        """
        self.emulator.clear_faults()
        self.stack.refresh()

    @rule()
    def up(self) -> None:
        """
        Deploy; what is not declared stays as it is.
        """
        before = {meeting["sid"]: meeting for meeting in self.emulator.meetings()}
        recorded, sids = self.stack.declared(), self.stack.sids()

        self.stack.up(self.program)

        after = {meeting["sid"]: meeting for meeting in self.emulator.meetings()}
        for name, sid in sids.items():
            if name in self.program and sid in before and sid in after:
                unmanaged = set(fields_of(self.api_version)) - recorded[name] - self.program[name].keys()
                for field in unmanaged - {"force_destroy", "adopt"}:
                    assert not BY_NAME[field].differs(before[sid][field], after[sid][field]) or self._may_be_reset(
                        field
                    )

    def teardown(self) -> None:
        """
        Deploy once more, without failures: what is there is what is declared, and nothing is left to do.
        """
        if not hasattr(self, "stack"):
            return
        self.emulator.clear_faults()
        self.stack.refresh()
        troubles = self.stack.up(self.program)
        sids = self.stack.sids()
        assert sids.keys() == self.program.keys(), troubles
        for name, sid in sids.items():
            self._take_the_way_out(sid, self.program[name])
        self.stack.refresh()

        assert self.stack.changes(self.program) == {}
        held = {meeting["sid"]: meeting for meeting in self.emulator.meetings()}
        assert set(sids.values()) == held.keys()
        for name, declared in self.program.items():
            found = held[sids[name]]
            shown = {**found, "hosts": [host["email"] for host in found["hosts"]]}
            wrong = [
                key
                for key, value in declared.items()
                if key in shown and not is_held(key, shown[key], value, self.switches["texts"])
            ]
            assert wrong == []

    def _declare(self, name: str, declared: dict[str, Any]) -> None:
        complete = {**with_text_of_place(declared), "slug": f"{name}-{declared['slug'].removeprefix(name + '-')}"}
        if check(complete, self.api_version) == []:
            self.program[name] = complete

    def _any_sid(self, data: st.DataObject) -> str:
        sid: str = data.draw(st.sampled_from([meeting["sid"] for meeting in self.emulator.meetings()]))
        return sid

    def _may_be_reset(self, field: str) -> bool:
        """
        Say whether a server that reads patches so may change a field that no patch names.
        """
        return field == "kind" and self.switches["patch_without_kind"] == "reset"

    def _take_the_way_out(self, sid: str, declared: dict[str, Any]) -> None:
        """
        Change in the web app what the API does not take, as the errors say.
        """
        fields = {name for name in (*CREATE_ONLY, "spot") if name in declared}
        assert all(BY_NAME[name].update in (Update.PATCH, Update.VERIFIED_PATCH) for name in fields)
        if self.switches["create_only_fields_in_patch"] == "accepted":
            fields -= set(CREATE_ONLY)
        if self.switches["spot_in_patch"] == "accepted":
            fields -= {"spot"}
        self.emulator.edit_meeting(sid, **{name: declared[name] for name in fields})


def live(emulator: Emulator, deployed: Callable[[str], Deployed], bounds: settings) -> None:
    """
    Run such lives on this emulator and these stacks.
    """

    class LifeHere(Life):
        pass

    LifeHere.emulator = emulator
    LifeHere.deployed = staticmethod(deployed)
    run_state_machine_as_test(LifeHere, settings=bounds)


def test_program_and_store_end_equal_whatever_happened(emulator: Emulator, core: Connect) -> None:
    """
    Hundreds of lives of some twenty steps each, in both versions and under every reading.
    """
    live(
        emulator,
        lambda api_version: CoreStack(core(api_version)),
        settings(
            max_examples=200,
            stateful_step_count=20,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
