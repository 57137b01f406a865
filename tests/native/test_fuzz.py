"""
Messages that no engine sends: the plugin answers each, and lives on.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import ListValue, Struct, Value
from pulumi.runtime.proto import provider_pb2

from neetocal_provider.resources.link_fields import FIELDS
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.settings import SETTINGS
from tests.native.conftest import SERVICE, Plugin

METHODS = sorted(SERVICE.methods_by_name, key=lambda name: name == "Cancel")
"""After `Cancel` everything is refused, so it comes last."""

FROM_PROGRAMS = ("CheckConfig", "DiffConfig", "Configure", "Check", "Invoke", "Construct")

OURS = "urn:pulumi:test::links::neetocal:index:SchedulingLink::intro"
TEXTS = ["", "intro", OURS, OURS.replace("SchedulingLink", "MeetingTemplate"), "\x00", "é" * 300, "../etc", "neetocal:"]
MARKS = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270", "value"]
NAMES = [
    *(field.name for field in FIELDS),
    *SCHEDULING_LINK.schema.computed,
    "declared",
    "__provider",
    *SETTINGS,
    *MARKS,
]
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def odd_value(random: Random, depth: int) -> Value:
    """
    Return any value, some of them lists and objects.
    """
    plain = [
        Value(),
        Value(null_value=0),
        Value(bool_value=True),
        Value(number_value=random.choice([0, -1, 30, 0.5, 1e308, float("nan"), float("inf")])),
        Value(string_value=random.choice([*TEXTS, UNKNOWN, *MARKS])),
    ]
    if depth and random.random() < 0.4:
        items = [odd_value(random, depth - 1) for _ in range(random.randrange(3))]
        return random.choice([Value(list_value=ListValue(values=items)), Value(struct_value=odd(random, depth - 1))])
    return random.choice(plain)


def odd(random: Random, depth: int = 3) -> Struct:
    """
    Return properties of the right names and any values.
    """
    return Struct(fields={name: odd_value(random, depth) for name in random.sample(NAMES, random.randrange(8))})


def filled(kind: Any, random: Random) -> Message:
    """
    Return a message of this kind with something odd in each of its fields.
    """
    message: Message = GetMessageClass(kind)()
    for field in kind.fields:
        if field.message_type is Struct.DESCRIPTOR and not _is_repeated(field):
            getattr(message, field.name).CopyFrom(odd(random))
        elif field.type == FieldDescriptor.TYPE_STRING and not _is_repeated(field):
            setattr(message, field.name, random.choice(TEXTS))
        elif field.type == FieldDescriptor.TYPE_BOOL:
            setattr(message, field.name, random.random() < 0.5)
        elif field.type == FieldDescriptor.TYPE_DOUBLE:
            setattr(message, field.name, random.choice([-1.0, 0.0, 0.01, float("nan")]))
    return message


def _is_repeated(field: FieldDescriptor) -> bool:
    return bool(field.is_repeated)


def test_bytes_that_are_no_message_end_the_call_alone(plugin: Plugin) -> None:
    """
    Whatever method they are sent to.
    """
    random = Random(7)  # noqa: S311 - the same each time

    for method in METHODS:
        for size in (1, 7, 300):
            plugin.send(method, random.randbytes(size))

    assert plugin.is_well


def test_messages_with_odd_values_are_answered(plugin: Plugin) -> None:
    """
    Wrong types, missing and strange names, marks of the engine's in the wrong places, numbers that JSON has not.

    What programs can give is answered in sentences; a state that is damaged is told with a traceback.
    """
    random = Random(11)  # noqa: S311 - the same each time

    said: dict[str, list[str]] = {}
    for method in METHODS:
        kind = SERVICE.methods_by_name[method].input_type
        said[method] = [plugin.send(method, filled(kind, random).SerializeToString()) for _ in range(30)]

    assert plugin.is_well
    asked = [each for method in FROM_PROGRAMS for each in said[method]]
    assert [each for each in asked if "Traceback" in each] == []


@pytest.mark.parametrize("method", ["Check", "Create"])
def test_large_and_deep_messages_are_answered(plugin: Plugin, method: str) -> None:
    """
    A megabyte in a text, ten thousand hosts, and as deep as messages may be, and deeper.
    """
    kind = GetMessageClass(SERVICE.methods_by_name[method].input_type)
    name = "properties" if method == "Create" else "news"
    hosts = Value(list_value=ListValue(values=[Value(string_value=f"{n}@acme.example") for n in range(10_000)]))
    for depth in (1, 30, 90):
        deep = Value(string_value="x" * 1_000_000)
        for _ in range(depth):
            deep = Value(struct_value=Struct(fields={"duration": deep}))
        message = kind(urn=OURS, **{name: Struct(fields={"slug": deep, "name": deep, "hosts": hosts})})
        assert "Traceback" not in plugin.send(method, message.SerializeToString())

    assert plugin.is_well


def test_what_the_plugin_does_not_serve_is_unimplemented(plugin: Plugin) -> None:
    """
    Methods of components and other packages; the engine knows what to do then.
    """
    for method in ("Call", "Parameterize", "GetMapping"):
        kind = GetMessageClass(SERVICE.methods_by_name[method].input_type)
        assert "not implemented" in plugin.send(method, kind().SerializeToString()).lower()


def test_a_cancelled_plugin_refuses_in_a_sentence(plugin: Plugin) -> None:
    """
    What comes after is told to run again.
    """
    plugin.send("Cancel", b"")

    said = plugin.send("Create", provider_pb2.CreateRequest(urn=OURS).SerializeToString())

    assert said == "neetoCal: The run is being cancelled; run the command again."
