"""
All resource types, by name.
"""

from __future__ import annotations

from neetocal_provider.resources.add_on_service import ADD_ON_SERVICE
from neetocal_provider.resources.discount_code import DISCOUNT_CODE
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK

__all__ = ["RESOURCE_TYPES"]

RESOURCE_TYPES = {
    type_.schema.name: type_ for type_ in (SCHEDULING_LINK, MEETING_TEMPLATE, ADD_ON_SERVICE, DISCOUNT_CODE)
}
