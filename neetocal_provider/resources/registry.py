"""
All resource types, by name, each after the one to whose objects its own belong.
"""

from __future__ import annotations

from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.resources.add_on_service import ADD_ON_SERVICE
from neetocal_provider.resources.discount_code import DISCOUNT_CODE
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK

__all__ = ["RESOURCE_TYPES", "parent_of"]

RESOURCE_TYPES: dict[str, ResourceType] = {
    type_.schema.name: type_ for type_ in (SCHEDULING_LINK, MEETING_TEMPLATE, ADD_ON_SERVICE, DISCOUNT_CODE)
}


def parent_of(type_: ResourceType) -> ResourceType | None:
    """
    Return the resource type to whose objects those of this one belong; None if they belong to the workspace.
    """
    return next((each for each in RESOURCE_TYPES.values() if each.schema.noun in type_.endpoints.parents), None)
