"""
The discount code: what visitors pay less with. Source: the vendor's API reference, discount codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from neetocal_provider.api.endpoints import Endpoints, Rows
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.schema.fields import Field
from neetocal_provider.schema.resource import Failure, Output, Properties, Schema
from neetocal_provider.schema.types import Choice, Date, Emails, Identifiers, Text, WholeNumber

__all__ = ["DISCOUNT_CODE", "DiscountKind"]


class DiscountKind(str, Enum):
    """
    What the value of a discount code means.
    """

    FIXED = "fixed"
    """An amount of money."""

    PERCENTAGE = "percentage"
    """A part of the price."""


class _DiscountCode(ResourceType):
    def problems(self, news: Properties) -> Iterator[Failure]:
        """
        Yield a failure for more than the whole price.
        """
        value = news.get("value")
        if news.get("kind") == DiscountKind.PERCENTAGE.value and isinstance(value, int) and value > _WHOLE:
            yield Failure("value", f"must be at most {_WHOLE} percent")


_WHOLE = 100

_NUMBER = WholeNumber(1, unit="")

DISCOUNT_CODE = _DiscountCode(
    schema=Schema(
        name="DiscountCode",
        noun="discount code",
        description="What visitors pay less with. Its id is its uuid.",
        id_words="uuid of a discount code",
        fields=(
            Field(name="code", type=Text(may_be_blank=False), description="What visitors enter.", required=True),
            Field(
                name="kind",
                type=Choice(DiscountKind),
                description="What the value means: fixed or percentage.",
                required=True,
                is_answered=False,
            ),
            Field(name="value", type=_NUMBER, description="The amount, or the percentage up to 100.", required=True),
            Field(
                name="meeting_ids",
                type=Identifiers(),
                description="The sids of the links for which it can be used; all links if empty.",
                default=[],
                is_answered=False,
            ),
            Field(name="expires_at", type=Date(), description='Its last day, such as "2027-12-31".', default=None),
            Field(name="redeems_limit", type=_NUMBER, description="How often it can be used.", default=None),
            Field(
                name="redeems_limit_by_email",
                type=_NUMBER,
                description="How often one visitor can use it.",
                default=None,
            ),
            Field(
                name="days_valid_after_first_use_per_client",
                type=_NUMBER,
                description="For how many days a visitor can use it after the first time.",
                default=None,
            ),
            Field(
                name="allowed_emails",
                type=Emails(may_be_empty=True),
                description="The addresses of the visitors who can use it; all visitors if empty.",
                default=[],
                is_answered=False,
            ),
        ),
        outputs=(
            Output(
                name="redeems_count",
                type=WholeNumber(0, unit=""),
                description="How often it had been used when it was last read.",
                default=0,
            ),
        ),
        identity=("code",),
        fingerprint=("value",),
        needs_v2=True,
    ),
    endpoints=Endpoints(
        path="discount-codes",
        rows=Rows(keys=("discount_codes",), filters=(), page="page"),
        envelope=("discount_code",),
        version="v2",
        has_get=False,
        reads_from_list=True,
    ),
)
