"""
Values between the engine's messages and the core.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct, Value

from neetocal_provider.native.values import Mark, from_struct, marks, secret, to_struct, unmarked, with_secrets
from neetocal_provider.schema.types import UNKNOWN

MARK = "4dabf18193072939515e22adb298388d"
SECRET, OUTPUT = "1b47061264138c4ac30d75fd1eb44270", "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def test_values_come_back_as_they_went() -> None:
    """
    Whole numbers and unknown values at any depth; what is None is missing.
    """
    props: dict[str, Any] = {
        "slug": "intro",
        "duration": 30,
        "half": 0.5,
        "force_destroy": False,
        "url": UNKNOWN,
        "durations": [{"duration": UNKNOWN, "is_default": True}],
    }

    found = from_struct(to_struct({**props, "description": None}))

    assert found == props
    assert type(found["duration"]) is int


@pytest.mark.parametrize("mark", [SECRET, OUTPUT])
def test_a_marked_value_is_the_value(mark: str) -> None:
    """
    Secrets and outputs are used like any other value.
    """
    message = to_struct({"apiKey": {MARK: mark, "value": "key"}, "other": {MARK: "asset", "value": "x"}})

    assert from_struct(message)["apiKey"] == "key"
    assert from_struct(message)["other"] == {MARK: "asset", "value": "x"}


def test_a_secret_is_marked_once() -> None:
    """
    The mark is the engine's.
    """
    marked = secret(Value(string_value="key"))

    assert unmarked(Struct(fields={"apiKey": marked})) == {"apiKey": "key"}
    assert secret(marked) == marked


def test_marks_tell_what_is_secret_and_where_it_comes_from() -> None:
    """
    At any depth, with paths as in the values without marks.
    """
    page = {MARK: OUTPUT, "value": [{MARK: SECRET, "value": "x"}], "dependencies": ["urn:page"]}
    later = {MARK: OUTPUT, "secret": True}
    message = to_struct({"links": {"demo": {"spots": page}}, "hosts": ["a", later], "other": {MARK: "asset"}})

    assert [*marks(Value(struct_value=message))] == [
        Mark(path=("hosts", 1), is_secret=True, dependencies=frozenset()),
        Mark(path=("links", "demo", "spots"), is_secret=False, dependencies=frozenset({"urn:page"})),
        Mark(path=("links", "demo", "spots", 0), is_secret=True, dependencies=frozenset()),
    ]


def test_what_was_given_as_a_secret_goes_back_as_one() -> None:
    """
    Under the same names, inside of objects too; a list with a secret in it is a secret, as the engine has it.
    """
    hidden = {MARK: SECRET, "value": "x"}
    given = to_struct({"name": hidden, "duration": 30, "spots": [{"custom_text": hidden}], "of": {"a": hidden, "b": 1}})
    outputs = to_struct(
        {"name": "y", "duration": 30, "spots": [{"custom_text": "x"}], "of": {"a": None, "b": 1}, "c": 2}
    )

    found = with_secrets(outputs, given)

    assert unmarked(found) == unmarked(outputs)
    assert {mark.path for mark in marks(Value(struct_value=found))} == {("name",), ("spots",), ("of", "a")}


def test_an_output_without_a_value_is_unknown() -> None:
    """
    It will be known later.
    """
    assert from_struct(to_struct({"slug": {MARK: OUTPUT}})) == {"slug": UNKNOWN}


def test_odd_numbers_are_no_whole_ones() -> None:
    """
    What JSON cannot say may arrive all the same; check refuses it.
    """
    message = Struct(fields={"nan": Value(number_value=math.nan), "inf": Value(number_value=math.inf), "no": Value()})

    found = unmarked(message)
    assert math.isnan(found["nan"])
    assert found["inf"] == math.inf
    assert found["no"] is None
    assert from_struct(message).keys() == {"nan", "inf"}
