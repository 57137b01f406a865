"""
What is wrong with the arguments of a link, found without a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from neetocal_provider.schema.fields import REFUSED, SCHEDULING_LINK, SPOT_TEXTS, Field, Schema
from neetocal_provider.schema.types import UNKNOWN
from neetocal_provider.settings import SETTINGS

__all__ = ["Failure", "check"]

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Failure:
    """
    One reason why an argument cannot be used, worded to follow its name, its value and "has a problem:".
    """

    property: str
    reason: str


def check(news: Properties, api_version: str, schema: Schema = SCHEDULING_LINK) -> list[Failure]:
    """
    Return a failure for every documented rule that the arguments break; values not known yet pass.
    """
    if REFUSED in news:
        return [Failure("", news[REFUSED])]
    failures = [Failure(row.name, reason) for row in schema.fields for reason in _problems(row, news.get(row.name))]
    failures += _version_problems(news, api_version, schema)
    failures += _spot_problems(news)
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


def _spot_problems(news: Properties) -> Iterator[Failure]:
    needed = SPOT_TEXTS.get(str(news.get("spot")))
    # A template may bring the text along.
    if needed and not news.get(needed) and "template_id" not in news:
        yield Failure("spot", f"needs {needed} beside it")
