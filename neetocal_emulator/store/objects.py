"""
What belongs to a workspace beside its links, members and bookings: documents of several kinds in one table.

A document is found by its kind and id, and belongs to a parent: a member, a link, a
booking or, where there is none, the workspace.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import InvalidError, NotFoundError, Problem
from neetocal_emulator.facts import Fact

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["Kind", "Object", "drop", "drop_children", "find", "get", "listing", "put", "refuse_repeated_name"]

Object = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """
    What tells one sort of document from the others; the name is told when one is missing.
    """

    name: str
    not_found: Fact = Fact.OBJECT_NOT_FOUND


def listing(workspace: Workspace, kind: Kind, parent: str | None = None) -> list[Object]:
    """
    Return all documents of a kind, or those of one parent, in the order they were made.
    """
    rows = workspace.connection.execute(
        "SELECT document FROM objects WHERE workspace = ? AND kind = ? AND parent = coalesce(?, parent) "
        "ORDER BY position",
        (workspace.name, kind.name, parent),
    )
    return [json.loads(row["document"]) for row in rows]


def get(workspace: Workspace, kind: Kind, object_id: str, parent: str = "") -> Object | None:
    """
    Return a document, or None.
    """
    row = workspace.connection.execute(
        "SELECT document FROM objects WHERE workspace = ? AND kind = ? AND parent = ? AND id = ?",
        (workspace.name, kind.name, parent, object_id),
    ).fetchone()
    return json.loads(row["document"]) if row else None


def find(workspace: Workspace, kind: Kind, object_id: str, parent: str = "") -> Object:
    """
    Return a document that must be there (OBJECT_NOT_FOUND).
    """
    found = get(workspace, kind, object_id, parent)
    if found is None:
        raise NotFoundError(Problem(kind.not_found, f"{kind.name} not found"))
    return found


def put(workspace: Workspace, kind: Kind, document: Object, parent: str = "") -> Object:
    """
    Store a document in the place of the one with its id, or as a new one, and return it.
    """
    workspace.connection.execute(
        "INSERT INTO objects (workspace, kind, parent, id, document) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (workspace, kind, parent, id) DO UPDATE SET document = excluded.document",
        (workspace.name, kind.name, parent, document["id"], json.dumps(document)),
    )
    return document


def refuse_repeated_name(workspace: Workspace, kind: Kind, document: Object, parent: str) -> None:
    """
    Refuse the name of another document of the same parent, if names are unique (REPEATED_NAME).
    """
    others = [each for each in listing(workspace, kind, parent) if each["id"] != document["id"]]
    is_repeated = document["name"] in [each["name"] for each in others]
    if is_repeated and workspace.switches.repeated_names == "refused":
        raise InvalidError(Problem(Fact.REPEATED_NAME, "has already been taken", "name"))


def drop(workspace: Workspace, kind: Kind, object_id: str, parent: str = "") -> None:
    """
    Take a document away, which must be there.
    """
    find(workspace, kind, object_id, parent)
    workspace.connection.execute(
        "DELETE FROM objects WHERE workspace = ? AND kind = ? AND parent = ? AND id = ?",
        (workspace.name, kind.name, parent, object_id),
    )


def drop_children(workspace: Workspace, parent: str) -> None:
    """
    Take away all that belongs to a parent who is no more.
    """
    workspace.connection.execute("DELETE FROM objects WHERE workspace = ? AND parent = ?", (workspace.name, parent))
