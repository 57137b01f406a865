"""
What is declared of a resource type, and what else a program gets of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from neetocal_provider.schema.fields import Field
from neetocal_provider.schema.types import PropertyType

if TYPE_CHECKING:
    from neetocal_provider.settings import Settings

__all__ = [
    "CREATED_AT",
    "DECLARED",
    "DYNAMIC_TYPE",
    "NORMALIZED",
    "REFUSED",
    "TYPE",
    "Failure",
    "Output",
    "Properties",
    "Schema",
]

Properties = Mapping[str, Any]
"""The properties of a resource by name, as plain values; one that isn't given is missing."""

TYPE = "neetocal:index:"
"""The beginning of the type of each resource of the native provider; names in every user's state begin so."""

DYNAMIC_TYPE = "pulumi-python:dynamic/neetocal:"
"""The same under Pulumi's dynamic host."""

REFUSED = "__refused"
"""The property with which a program says that a resource must not be deployed, and why; never in the state."""

DECLARED = "declared"
"""The property that names the optional arguments which the program gave."""

NORMALIZED = "normalized"
"""The property that holds, by argument, the form in which neetoCal stores it where that isn't the program's."""

CREATED_AT = "created_at"
"""The property that tells when an object was created, by neetoCal's clock; old states do not have it."""


@dataclass(frozen=True)
class Failure:
    """
    One reason why an argument cannot be used, worded to follow its name, its value and "has a problem:".
    """

    property: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Output:
    """
    A property that a program reads and doesn't declare, beside `workspace` and `declared`, which every resource has.

    Attributes:
        answered_as: its name in answers; empty if that is `name`.

        default: its value if an answer doesn't tell it.

        derive: returns it by the resource's other properties, some perhaps missing or `UNKNOWN`; None if only neetoCal
            knows it.
    """

    name: str
    type: PropertyType
    description: str
    answered_as: str = ""
    default: Any = None
    derive: Callable[[Properties, Settings], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Schema:
    """
    What is declared of a kind of resource, and what else a program gets of it.

    Attributes:
        name: in type tokens.

        noun: what sentences call one.

        id_words: what its id is, in sentences.

        identity: the required arguments by which one is found; the last is its title in sentences.

        is_unique: whether neetoCal refuses a second one of the same identity. Where it doesn't, one that exists is
            never adopted.

        fingerprint: the arguments that must agree, too, before one that is found after a lost answer is ours; the first
            is shown beside the identity.

        rival: what else a list of them may hold, or answer under the id of one.

        unlisted: in a sentence, who may have the identity although no list shows it, and what to do then.

        read_only: what answers hold beside `fields`, for lookups.

        needs_v2: whether the deprecated version of the API cannot manage them.
    """

    name: str
    noun: str
    description: str
    id_words: str
    fields: tuple[Field, ...]
    outputs: tuple[Output, ...] = ()
    identity: tuple[str, ...]
    is_unique: bool = True
    fingerprint: tuple[str, ...] = ()
    rival: str = ""
    unlisted: str = ""
    read_only: tuple[Field, ...] = ()
    needs_v2: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """
        Return the arguments by their names.
        """
        return {field.name: field for field in self.fields}

    @cached_property
    def kind(self) -> str:
        """
        Return what commands call the resource type, such as "add-on-service".
        """
        return re.sub("(?<!^)(?=[A-Z])", "-", self.name).lower()

    @property
    def is_exportable(self) -> bool:
        """
        Whether answers hold all required arguments, so that a program can declare an object as it is.
        """
        return all(field.is_answered for field in self.fields if field.required)

    @property
    def title(self) -> str:
        """
        Return the name of the argument that tells one from others in sentences.
        """
        return self.identity[-1]

    def identified(self, props: Properties) -> str:
        """
        Return name and value of that argument, such as "slug 'intro'".
        """
        return f"{self.title} {props[self.title]!r}"

    def named(self, props: Properties) -> str:
        """
        Return noun and title, such as "link 'intro'".
        """
        return f"{self.noun} {props[self.title]!r}"

    @cached_property
    def answered(self) -> tuple[Field, ...]:
        """
        Return what answers hold, whether a program can declare it or not.
        """
        both = (*self.fields, *self.read_only)
        return tuple(field for field in both if field.is_answered and not (field.is_local or field.is_parent))

    @cached_property
    def always_output(self) -> tuple[Field, ...]:
        """
        Return the arguments that are outputs, declared or not.
        """
        return tuple(field for field in self.fields if field.is_always_output)

    @property
    def computed(self) -> tuple[str, ...]:
        """
        Return the names of the properties that a resource has whether a program declares them or not.
        """
        return (*(each.name for each in self.outputs), *(field.name for field in self.always_output), "workspace")
