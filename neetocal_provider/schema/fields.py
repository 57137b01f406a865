"""
The fields of a resource type: what a program can declare, one row each, for check, diff and requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from neetocal_provider.schema.types import Emails, Identifier, Identifiers, Options, PropertyType

__all__ = ["NO_DEFAULT", "Field", "Update", "parent"]


class Update(Enum):
    """
    How a changed argument reaches an object that exists.
    """

    PATCH = "in place"
    VERIFIED_PATCH = "in place, verified: the page of updates does not list the field"
    SUBRESOURCE = "in place, option by option through the field's own endpoints"
    REPLACE = "replaces the resource"
    STATE_ONLY = "in the state alone; nothing is sent"
    CREATE_OPTION = "does not matter: it is read on create alone"


class _NoDefault(Enum):
    NO_DEFAULT = "stays as it is"


NO_DEFAULT: Final = _NoDefault.NO_DEFAULT
"""The default of a field for which the API documents none: a removed argument leaves the value as it is."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """
    One argument of a resource.

    Attributes:
        default: what neetoCal uses where the field is not given, and so what a removed argument goes back to.

        needs_v2: whether the deprecated version of the API has no such field in its requests.

        is_answered: whether answers hold it; what the API doesn't know (`is_local`) they never do.

        is_always_output: whether the resource has it as an output, declared or not; it is never null then.

        is_parent: whether it is the id of the object to which this one belongs: a part of paths and of the resource's
            id, which no body holds. Its name is the noun of that object's resource type.
    """

    name: str
    type: PropertyType
    description: str
    required: bool = False
    default: Any = NO_DEFAULT
    update: Update = Update.PATCH
    needs_v2: bool = False
    is_answered: bool = True
    is_always_output: bool = False
    is_parent: bool = False

    def exists_in(self, api_version: str) -> bool:
        """
        Whether requests of this version, `v1` or `v2`, have the field.
        """
        return api_version != "v1" or not self.needs_v2

    @property
    def is_local(self) -> bool:
        """
        Whether the API has no such field: it tells this package what to do.
        """
        return self.update in (Update.STATE_ONLY, Update.CREATE_OPTION)

    @property
    def is_patched(self) -> bool:
        """
        Whether a PATCH of the object holds the field.
        """
        return self.update in (Update.PATCH, Update.VERIFIED_PATCH)

    def differs(self, one: Any, other: Any) -> bool:
        """
        Whether two values of the field mean something different.
        """
        return self.type.canonical(one) != self.type.canonical(other)

    @property
    def may_be_null(self) -> bool:
        """
        Whether `null` in an answer says that it isn't set; of others, which are always set, it says nothing.
        """
        return not (self.required or self.is_always_output or isinstance(self.type, Emails | Identifiers | Options))


def parent(name: str, description: str) -> Field:
    """
    Return the argument that names the object to which this one belongs.
    """
    return Field(
        name=name, type=Identifier(), description=description, required=True, update=Update.REPLACE, is_parent=True
    )
