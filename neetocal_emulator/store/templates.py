"""
Templates: links that other links are copied from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from neetocal_emulator.errors import NotFoundError, Problem
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import meetings, records, rules, team, texts
from neetocal_emulator.store.documents import TEMPLATE_DEFAULTS, Meeting, new_document

if TYPE_CHECKING:
    from neetocal_emulator.store.workspace import Workspace

__all__ = ["change", "create", "delete", "find"]

_REQUIRED = ("name", "slug", "duration")


def find(workspace: Workspace, template_id: str) -> Meeting:
    """
    Return a template by its id.
    """
    template = records.find_template(workspace, template_id)
    if template is None:
        raise NotFoundError(Problem(Fact.TEMPLATE_NOT_FOUND, "Template not found"))
    return template


def create(workspace: Workspace, body: Mapping[str, object], fields: Collection[str]) -> Meeting:
    """
    Make a template (TEMPLATE_REQUIRED).
    """
    cleaned = rules.clean(body, _readers(fields), required=_REQUIRED, why_required=Fact.TEMPLATE_REQUIRED)
    given = texts.stored(workspace, cleaned)
    hosts = team.resolved_hosts(workspace, given.pop("hosts", []))
    document = new_document(workspace, {**given, "is_template": True}, records.SidsInUse(workspace))
    records.insert(workspace, document, hosts)
    return find(workspace, document["id"])


def change(workspace: Workspace, template_id: str, body: Mapping[str, object], fields: Collection[str]) -> Meeting:
    """
    Change some fields of a template; links made from it stay as they are.
    """
    template = find(workspace, template_id)
    given = texts.stored(workspace, rules.clean(body, _readers(fields)))
    hosts = team.resolved_hosts(workspace, given.pop("hosts")) if "hosts" in given else None
    records.save(workspace, {**template.document, **given}, hosts)
    return find(workspace, template_id)


def delete(workspace: Workspace, template_id: str) -> None:
    """
    Delete a template; links made from it stay.
    """
    template = find(workspace, template_id)
    records.save(workspace, {**template.document, "deleted_at": workspace.clock.now()})


def _readers(fields: Collection[str]) -> Mapping[str, rules.Reader]:
    known = {**meetings.READERS, **dict.fromkeys(TEMPLATE_DEFAULTS, rules.flag)}
    return {name: known[name] for name in fields}
