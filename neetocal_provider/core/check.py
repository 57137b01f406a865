"""
What is wrong with the arguments of a resource, found without a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.schema.fields import Field
from neetocal_provider.schema.resource import REFUSED, Failure, Properties, Schema
from neetocal_provider.schema.types import UNKNOWN
from neetocal_provider.settings import SETTINGS

__all__ = ["check"]


def check(type_: ResourceType, news: Properties, api_version: str) -> list[Failure]:
    """
    Return a failure for every documented rule that the arguments break; values not known yet pass.
    """
    if REFUSED in news:
        return [Failure("", news[REFUSED])]
    fields = type_.schema.fields
    failures = [Failure(field.name, reason) for field in fields for reason in _problems(field, news.get(field.name))]
    failures += _version_problems(news, api_version, type_.schema)
    failures += type_.problems(news)
    return failures


def _problems(field: Field, value: Any) -> Iterator[str]:
    if value is None:
        if field.required:
            yield "is required"
    elif value is not UNKNOWN:
        yield from field.type.problems(value)


def _version_problems(news: Properties, api_version: str, schema: Schema) -> Iterator[Failure]:
    if schema.needs_v2 and api_version == "v1":
        yield Failure("", f"a {schema.noun} needs version 2 of the API: set {SETTINGS['api_version']} to v2")
        return
    for field in schema.fields:
        if field.name in news and not field.exists_in(api_version):
            yield Failure(
                field.name,
                f"cannot be set through version 1 of the API: set {SETTINGS['api_version']} to v2, "
                "or leave the argument out",
            )
