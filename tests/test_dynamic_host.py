"""
What Pulumi's dynamic host does to values and errors, undone.
"""

from __future__ import annotations

import base64
import pickle
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.output import Unknown
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN

from neetocal_provider.core.operations import operation_errors
from neetocal_provider.dynamic.host import DynamicHost, changes, errors_as_sentences, is_provider_changed
from neetocal_provider.errors import ConfigError
from neetocal_provider.scheduling_link import SchedulingLinkProvider
from neetocal_provider.schema.types import UNKNOWN
from neetocal_provider.sdk.properties import from_engine


def test_whole_numbers_are_integers_again_at_any_depth() -> None:
    """
    The host hands 30 over as 30.0; a fraction stays one, for check to refuse.
    """
    found = from_engine({"duration": 30.0, "half": 0.5, "durations": [{"duration": 60.0, "is_default": True}]})

    assert found == {"duration": 30, "half": 0.5, "durations": [{"duration": 60, "is_default": True}]}
    assert type(found["duration"]) is type(found["durations"][0]["duration"]) is int


def test_unknown_values_are_told_apart_at_any_depth() -> None:
    """
    Newer SDKs hand over an object, older ones a text.
    """
    unknown = Unknown()  # type: ignore[no-untyped-call] # the SDK's own class has no annotations

    assert from_engine({"a": unknown, "b": [PULUMI_UNKNOWN]}) == {"a": UNKNOWN, "b": [UNKNOWN]}


def test_the_hosts_own_property_and_missing_values_are_left_out() -> None:
    """
    The core sees arguments, and an absent one is a missing key.
    """
    assert from_engine({"__provider": "pickle", "slug": "intro", "description": None}) == {"slug": "intro"}


def test_another_pickle_is_a_change() -> None:
    """
    One deployment then brings the state up to the program's provider.
    """
    ours = serialize_provider(SchedulingLinkProvider())
    moved = serialize_provider(ResourceProvider())

    assert is_provider_changed({"__provider": moved}, {"__provider": ours})
    assert is_provider_changed({"__provider": "no pickle"}, {"__provider": ours})
    assert not is_provider_changed({"__provider": ours}, {"__provider": ours})


def test_another_format_of_the_same_pickle_is_no_change() -> None:
    """
    Colleagues on another Python must not update each other's links in turn.
    """
    old, new = [base64.b64encode(pickle.dumps(SchedulingLinkProvider(), protocol)).decode() for protocol in (4, 5)]

    assert old != new
    assert not is_provider_changed({"__provider": old}, {"__provider": new})


def test_the_same_pickle_is_not_parsed() -> None:
    """
    Each link that did not change has the program's own; here it is one that nobody could parse.
    """
    assert not is_provider_changed({"__provider": 7}, {"__provider": 7})


def test_the_frames_of_a_call_are_walked_once_for_its_resource() -> None:
    """
    So the resource's name is known afterwards, when the host's method is no longer there.
    """

    def serve(request: Any, context: object) -> DynamicHost:  # noqa: ARG001 - as the host's methods
        return DynamicHost({})

    assert serve(SimpleNamespace(urn="the link's"), None).urn == "the link's"
    assert DynamicHost({}).urn == ""


class Call:
    """
    Ends as gRPC's calls do: with an exception, and with what was said last.
    """

    said = ""

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        """
        End the call.
        """
        assert code is grpc.StatusCode.UNKNOWN
        self.said = details
        raise Exception  # noqa: TRY002 - as gRPC does


def served(operation: Callable[[], object], context: Call) -> str:
    """
    Return what a host's call ends with, whose method catches an exception and aborts with a traceback.
    """
    request = None
    try:
        with errors_as_sentences(), operation_errors("The link 'intro'", "created"):
            operation()
    except Exception:  # noqa: BLE001 - as the host does
        with suppress(Exception):
            context.abort(grpc.StatusCode.UNKNOWN, traceback.format_exc())
    del request
    return context.said


def refuse() -> None:
    """
    Fail as an operation does.
    """
    raise ConfigError("Do this.")


def test_an_expected_error_ends_its_call_with_its_sentence() -> None:
    """
    The host would say `traceback.format_exc()`; what users see is one line that names neetoCal.
    """
    assert served(refuse, Call()) == "neetoCal: The link 'intro' could not be created: Do this."


def test_an_unexpected_error_keeps_its_traceback() -> None:
    """
    A bug of ours must be reported whole, also after an expected error, but for people's addresses.
    """
    served(refuse, Call())
    printed = served(lambda: dict[str, str]()["ada@acme.example"], Call())

    assert printed.startswith("neetoCal: Traceback (most recent call last):\n")
    assert 'dict[str, str]()["…@…"]' in printed
    assert printed.strip().endswith("KeyError: '…@…'")


def test_tracebacks_of_other_providers_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    One host serves all dynamic providers of a program: a failed call of ours changes nothing for theirs.
    """
    monkeypatch.delattr("sys.tracebacklimit", raising=False)

    served(refuse, Call())

    assert not hasattr(sys, "tracebacklimit")


@pytest.mark.parametrize(
    ("olds", "news", "changed", "answer"),
    [
        ({"name": "A"}, {"name": "B"}, ["name"], None),
        ({"name": "A"}, {}, ["name"], None),
        ({"name": "A", "slug": "a"}, {"name": "B", "slug": "A"}, ["name"], True),
        ({"slug": "a"}, {"slug": "A"}, [], False),
        ({"name": "A"}, {"name": "A"}, ["name"], True),
        ({"name": "A", "kind": None}, {"name": "A"}, ["name"], True),
        ({}, {"name": "A"}, ["name"], True),
    ],
)
def test_the_engine_compares_inputs_only_if_it_finds_the_same(
    olds: dict[str, Any], news: dict[str, Any], changed: list[str], answer: bool | None
) -> None:
    """
    Two forms of one value, drift and a state without inputs are answered as before.
    """

    def call(request: Any, context: Any) -> bool | None:  # noqa: ARG001 - read in the frame, as those of the host are
        return changes(changed)

    assert call(SimpleNamespace(old_inputs=_struct(olds), news=_struct(news)), None) is answer
    assert changes(changed) is bool(changed)


def _struct(properties: dict[str, Any]) -> Struct:
    struct = Struct()
    struct.update(properties)
    return struct
