"""
The add-on service: what visitors can book on top of a link. Source: the vendor's API reference, add-on services.
"""

from __future__ import annotations

from neetocal_provider.api.endpoints import Endpoints, Rows
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.schema.fields import Field, parent
from neetocal_provider.schema.resource import Schema
from neetocal_provider.schema.types import Price, Text, WholeNumber

__all__ = ["ADD_ON_SERVICE"]

ADD_ON_SERVICE = ResourceType(
    schema=Schema(
        name="AddOnService",
        noun="service",
        description="What visitors can book on top of a link. Its id is the link's sid, a slash and its own uuid.",
        id_words="SID/UUID of a service, the sid of its link first",
        fields=(
            parent("link", "The sid of the link on top of which it can be booked."),
            Field(name="name", type=Text(may_be_blank=False), description="The name that visitors see.", required=True),
            Field(name="description", type=Text(), description="What the service is about.", default=None),
            Field(name="duration", type=WholeNumber(0, 1440), description="Minutes it adds, 0 to 1440.", default=0),
            Field(name="price", type=Price(), description='What it costs, as text such as "25.50".', default="0"),
            Field(name="position", type=WholeNumber(1, unit=""), description="Its place among the link's services."),
        ),
        identity=("link", "name"),
        is_unique=False,
        fingerprint=("duration", "price"),
        needs_v2=True,
    ),
    endpoints=Endpoints(
        path="meetings/{link}/add-on-services",
        rows=Rows(keys=("add_on_services",), filters=()),
        envelope=("add_on_service",),
        version="v2",
        update_method="PUT",
    ),
)
