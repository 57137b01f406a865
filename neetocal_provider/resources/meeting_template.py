"""
The meeting template: what links are made from.
"""

from __future__ import annotations

from dataclasses import replace

from neetocal_provider.api.endpoints import Endpoints, Rows
from neetocal_provider.resources.link_fields import BY_NAME, FIELDS
from neetocal_provider.resources.scheduling_link import UNLISTED, MeetingType
from neetocal_provider.schema.fields import Update
from neetocal_provider.schema.resource import Schema

__all__ = ["MEETING_TEMPLATE"]

_OF_TEMPLATES = (
    "slug",
    "name",
    "duration",
    "hosts",
    "description",
    "kind",
    "start_time_increment",
    "before_buffer_time",
    "after_buffer_time",
    "spot",
    "spot_phone_call_number",
    "spot_custom_text",
    "spot_in_person_location",
    "locked_time_zone",
    "adopt",
)

_AS_IN_TEMPLATES = {
    **BY_NAME,
    "slug": replace(BY_NAME["slug"], description="The template's own slug; unique in the workspace."),
    "name": replace(BY_NAME["name"], description="The name under which it is found."),
    "hosts": replace(
        BY_NAME["hosts"], description="The e-mail addresses of hosts, members of the workspace.", required=False
    ),
    "adopt": replace(
        BY_NAME["adopt"],
        description="Whether a template that has the slug already is taken over, and changed to what is declared.",
    ),
    "kind": replace(BY_NAME["kind"], update=Update.VERIFIED_PATCH),
    "spot": replace(BY_NAME["spot"], update=Update.VERIFIED_PATCH),
}

MEETING_TEMPLATE = MeetingType(
    schema=Schema(
        name="MeetingTemplate",
        noun="template",
        description="A neetoCal meeting template: what links are made from. Its id is the template's uuid.",
        id_words="uuid of a template",
        fields=tuple(_AS_IN_TEMPLATES[name] for name in _OF_TEMPLATES),
        identity=("slug",),
        fingerprint=("name", "hosts", "duration"),
        rival="a link",
        unlisted=UNLISTED.format(rival="a link"),
        read_only=tuple(field for field in FIELDS if field.name not in _OF_TEMPLATES),
        needs_v2=True,
    ),
    # The vendor's pages and its own tool know the list and the object by different keys.
    endpoints=Endpoints(
        path="meeting-templates",
        rows=Rows(path_v1="meeting_templates", keys=("templates", "meeting_templates")),
        envelope=("meeting_template", "template", "meeting"),
        flags={"is_template": True},
        version="v2",
    ),
)
"""A template takes the arguments of a link that the vendor's pages and tool send for one; see docs/api-notes.md."""
