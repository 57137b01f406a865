"""
Links that exist, as what declares them: arguments for a program, and records for `pulumi import --file`.

A link is exported as it is or not at all. What a preview of its program would refuse is left undeclared where the
argument is optional, with a note for the reader; where it is required, the link is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from neetocal_provider.api.objects import RemoteObject
from neetocal_provider.core.check import check
from neetocal_provider.core.state import declaring, recorded
from neetocal_provider.resources.link_fields import BY_NAME, FIELDS
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.schema.resource import DYNAMIC_TYPE
from neetocal_provider.settings import Settings

__all__ = ["RESOURCE_TYPE", "Export", "Exported", "Skipped", "export"]

RESOURCE_TYPE = f"{DYNAMIC_TYPE}SchedulingLink"
"""The type under which the engine records links; see tests/test_public_api.py."""

_MAX_LENGTH = 100
"""Characters of a value in a note."""

_REQUIRED = tuple(field.name for field in FIELDS if field.required)


@dataclass(frozen=True, kw_only=True)
class Exported:
    """
    A link with the arguments that declare it.

    `notes` tells in sentences what a reader of the program should know of it.
    """

    meeting: RemoteObject
    arguments: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """
        The resource's name: the slug, which is unique and valid as one.
        """
        return str(self.arguments["slug"])

    def to_import(self, settings: Settings, provider_property: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return the link's entry in an import file, with the state that a create would have left.

        Args:
            provider_property: what Pulumi's dynamic host keeps among the properties.
        """
        live = recorded(self.arguments, self.meeting, settings, SCHEDULING_LINK.schema)
        return {
            "type": RESOURCE_TYPE,
            "name": self.name,
            "id": self.meeting.id,
            "inputs": {**live.inputs, **provider_property},
            "outputs": {**live.outputs, **provider_property},
        }


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """
    A link that no program of ours can declare.
    """

    slug: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Export:
    """
    Links by what became of them, both sorted by slug.
    """

    links: tuple[Exported, ...]
    skipped: tuple[Skipped, ...]


def export(meetings: Iterable[RemoteObject], settings: Settings) -> Export:
    """
    Return what declares these links.
    """
    links: dict[str, Exported] = {}
    skipped = []
    for meeting in sorted(meetings, key=lambda each: (str(each.values.get("slug")), each.id)):
        made = _exported(meeting, settings.api_version)
        if isinstance(made, Exported) and made.name in links:
            made = Skipped(slug=made.name, reasons=(f"slug is that of the link {links[made.name].meeting.id}, too",))
        if isinstance(made, Exported):
            links[made.name] = made
        else:
            skipped.append(made)
    return Export(links=tuple(links.values()), skipped=tuple(skipped))


def _exported(meeting: RemoteObject, api_version: str) -> Exported | Skipped:
    arguments = declaring(meeting.values, SCHEDULING_LINK.schema)
    notes = (
        ["Disabled: nobody can book it until somebody enables it in the web app."]
        if meeting.outputs["disabled"]
        else []
    )
    notes += [f"Not declared: {reason}." for reason in meeting.unreadable]
    while problems := _problems(arguments, api_version):
        required = [f"{name} {reason}" for name, reason in problems if BY_NAME[name].required]
        if required:
            return Skipped(slug=str(meeting.values.get("slug") or meeting.id), reasons=tuple(required))
        for name in dict.fromkeys(name for name, _reason in problems):
            reasons = "; ".join(reason for each, reason in problems if each == name)
            notes.append(f"Not declared: {name} is {_cut(repr(arguments.pop(name)))}, but {reasons}.")
    return Exported(meeting=meeting, arguments=arguments, notes=tuple(notes))


def _problems(arguments: Mapping[str, Any], api_version: str) -> list[tuple[str, str]]:
    """
    Return the names of arguments that no program can give, each with a reason.
    """
    missing = [(name, "is not told by neetoCal") for name in _REQUIRED if name not in arguments]
    failures = check(SCHEDULING_LINK, arguments, api_version)
    broken = [(each.property, each.reason) for each in failures if each.property in arguments]
    return missing + broken


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}…"
