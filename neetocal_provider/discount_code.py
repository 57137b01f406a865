"""
`DiscountCode`: what visitors pay less with.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from neetocal_provider.dynamic.provider import BaseResourceProvider
from neetocal_provider.dynamic.resource import DynamicResource
from neetocal_provider.resources.discount_code import DISCOUNT_CODE, DiscountKind
from neetocal_provider.sdk.resource import BaseResource

__all__ = ["DiscountCode", "DiscountCodeBase", "DiscountCodeProvider"]


class DiscountCodeProvider(BaseResourceProvider):
    """
    The life of a discount code under the dynamic provider; its import path is in every state.
    """

    resource_type = DISCOUNT_CODE


class DiscountCodeBase(BaseResource):
    """
    A discount code under either provider: what a program gives and gets. See `DiscountCode`.
    """

    _schema = DISCOUNT_CODE.schema

    code: pulumi.Output[str]
    kind: pulumi.Output[str]
    value: pulumi.Output[int]
    meeting_ids: pulumi.Output[Sequence[str] | None]
    expires_at: pulumi.Output[str | None]
    redeems_limit: pulumi.Output[int | None]
    redeems_limit_by_email: pulumi.Output[int | None]
    days_valid_after_first_use_per_client: pulumi.Output[int | None]
    allowed_emails: pulumi.Output[Sequence[str] | None]

    redeems_count: pulumi.Output[int]
    """How often it had been used when it was last read."""

    def __init__(
        self,
        resource_name: str,
        *,
        code: pulumi.Input[str],
        kind: pulumi.Input[DiscountKind | str],
        value: pulumi.Input[int],
        meeting_ids: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        expires_at: pulumi.Input[str] | None = None,
        redeems_limit: pulumi.Input[int] | None = None,
        redeems_limit_by_email: pulumi.Input[int] | None = None,
        days_valid_after_first_use_per_client: pulumi.Input[int] | None = None,
        allowed_emails: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._declare(resource_name, locals(), opts)


class DiscountCode(DiscountCodeBase, DynamicResource, provider=DiscountCodeProvider):
    """
    What visitors pay less with. Its id is its uuid.

    Args:
        resource_name: the resource's name in the stack.

        code: What visitors enter.

        kind: What the value means: fixed or percentage.

        value: The amount, or the percentage up to 100.

        meeting_ids: The sids of the links for which it can be used; all links if empty.

        expires_at: Its last day, such as "2027-12-31".

        redeems_limit: How often it can be used.

        redeems_limit_by_email: How often one visitor can use it.

        days_valid_after_first_use_per_client: For how many days a visitor can use it after the first time.

        allowed_emails: The addresses of the visitors who can use it; all visitors if empty.

        opts: Pulumi's options of the resource.
    """
