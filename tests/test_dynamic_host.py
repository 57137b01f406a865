"""
What Pulumi's dynamic host does to values and errors, undone.
"""

from __future__ import annotations

import base64
import pickle
import traceback

import pytest
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.output import Unknown
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN

from neetocal_provider.dynamic_host import errors_as_sentences, is_provider_changed
from neetocal_provider.errors import ConfigError
from neetocal_provider.operations import told
from neetocal_provider.properties import plain
from neetocal_provider.scheduling_link import SchedulingLinkProvider
from neetocal_provider.values import UNKNOWN


def test_whole_numbers_are_integers_again_at_any_depth() -> None:
    """
    The host hands 30 over as 30.0; a fraction stays one, for check to refuse.
    """
    found = plain({"duration": 30.0, "half": 0.5, "durations": [{"duration": 60.0, "is_default": True}]})

    assert found == {"duration": 30, "half": 0.5, "durations": [{"duration": 60, "is_default": True}]}
    assert type(found["duration"]) is type(found["durations"][0]["duration"]) is int


def test_unknown_values_are_told_apart_at_any_depth() -> None:
    """
    Newer SDKs hand over an object, older ones a text.
    """
    unknown = Unknown()  # type: ignore[no-untyped-call] # the SDK's own class has no annotations

    assert plain({"a": unknown, "b": [PULUMI_UNKNOWN]}) == {"a": UNKNOWN, "b": [UNKNOWN]}


def test_the_hosts_own_property_and_missing_values_are_left_out() -> None:
    """
    The core sees arguments, and an absent one is a missing key.
    """
    assert plain({"__provider": "pickle", "slug": "intro", "description": None}) == {"slug": "intro"}


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


def test_an_expected_error_is_formatted_as_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The host prints `traceback.format_exc()`; what users see is one line that names neetoCal.
    """
    monkeypatch.setattr("sys.tracebacklimit", None, raising=False)
    printed = ""

    try:
        with errors_as_sentences(), told("The link 'intro'", "created"):
            raise ConfigError("Do this.")  # noqa: TRY301 - as an operation does
    except Exception:  # noqa: BLE001 - as the host does
        printed = traceback.format_exc()

    assert printed == "neetoCal: The link 'intro' could not be created: Do this.\n"


def test_an_unexpected_error_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A bug of ours must be reported whole, also after an expected error, but for people's addresses.
    """
    monkeypatch.setattr("sys.tracebacklimit", 0, raising=False)
    printed = ""

    try:
        with errors_as_sentences(), told("The link 'intro'", "created"):
            _ = dict[str, str]()["ada@acme.example"]
    except Exception:  # noqa: BLE001 - as the host does
        printed = traceback.format_exc()

    assert printed.startswith("neetoCal: Traceback (most recent call last):\n")
    assert '_ = dict[str, str]()["…@…"]' in printed
    assert printed.endswith("KeyError: '…@…'\n")
