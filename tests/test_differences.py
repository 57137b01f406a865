"""
What the lifecycle decides without a request: which arguments are wrong, and what separates a link from its program.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_provider.core.diff import Diff
from neetocal_provider.resources.link_fields import FIELDS
from neetocal_provider.schema.fields import Update
from neetocal_provider.schema.resource import Failure
from neetocal_provider.schema.types import UNKNOWN
from neetocal_provider.settings import Settings
from tests.link import check, diff

PLAIN: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}
SETTINGS = Settings(workspace="acme", api_key="acme-0123456789", base_url="https://acme.neetocal.com")


def recorded(**declared: Any) -> dict[str, Any]:
    """
    Return the outputs of a link that was created with these arguments beside the plain ones.
    """
    return {
        "kind": "one_on_one",
        **PLAIN,
        **declared,
        "url": f"https://acme.neetocal.com/{declared.get('slug', 'intro')}",
        "meeting_id": "cc98d282",
        "disabled": False,
        "workspace": "acme",
        "declared": [name for name in declared if name not in PLAIN],
    }


# Check


def test_a_plain_link_is_right() -> None:
    """
    Four arguments are enough.
    """
    assert check(PLAIN, "v2") == []


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """
    Missing arguments, broken rules and rules between arguments come in one answer.
    """
    failures = check({"slug": "Intro", "hosts": ["ada"], "duration": 0, "kind": "solo", "spot": "phone_call"}, "v2")

    assert ["slug", "name", "hosts", "duration", "kind", "spot"] == [failure.property for failure in failures]
    assert Failure("name", "is required") in failures
    assert Failure("spot", "needs spot_phone_call_number beside it") in failures


def test_values_not_known_yet_pass() -> None:
    """
    A preview holds back its judgement on what only the deployment will know.
    """
    assert check({field.name: UNKNOWN for field in FIELDS}, "v2") == []


@pytest.mark.parametrize(
    ("spot", "text"),
    [
        ("phone_call", "spot_phone_call_number"),
        ("custom", "spot_custom_text"),
        ("in_person", "spot_in_person_location"),
    ],
)
def test_a_spot_needs_its_text(spot: str, text: str) -> None:
    """
    The text may be known later, or come with a template.
    """
    assert check({**PLAIN, "spot": spot}, "v2") == [Failure("spot", f"needs {text} beside it")]
    assert check({**PLAIN, "spot": spot, text: "there"}, "v2") == []
    assert check({**PLAIN, "spot": spot, text: UNKNOWN}, "v2") == []
    assert check({**PLAIN, "spot": spot, "template_id": "t"}, "v2") == []


@pytest.mark.parametrize("field", ["before_buffer_time", "after_buffer_time"])
def test_version_1_has_no_buffers(field: str) -> None:
    """
    What a version of the API cannot take is refused, not dropped.
    """
    (failure,) = check({**PLAIN, field: 5}, "v1")

    assert failure.property == field
    assert "set neetocal:apiVersion (environment: NEETOCAL_API_VERSION) to v2" in failure.reason
    assert check({**PLAIN, field: 5}, "v2") == []


# Diff


def test_the_same_declaration_is_no_change() -> None:
    """
    Spelling and order do not count.
    """
    news = {**PLAIN, "name": " Intro ", "hosts": ["ADA@acme.example"], "description": "x"}

    assert diff(recorded(description="x"), news, SETTINGS) == Diff(())


OPTIONAL = [field.name for field in FIELDS if not field.required and field.update is not Update.CREATE_OPTION]


def test_what_is_not_declared_is_left_alone() -> None:
    """
    The kind is recorded as it stands, and only a declared one is compared.
    """
    assert diff({**recorded(), "kind": "grouped"}, PLAIN, SETTINGS) == Diff(())


def test_a_declared_kind_differs_from_one_that_only_stands() -> None:
    """
    Declaring what is there already takes it under management, once.
    """
    news = {**PLAIN, "kind": "one_on_one"}

    assert diff(recorded(), news, SETTINGS) == Diff(("kind",))
    assert diff(recorded(kind="one_on_one"), news, SETTINGS) == Diff(())


@pytest.mark.parametrize("field", OPTIONAL)
def test_an_added_and_a_removed_argument_are_changes(field: str) -> None:
    """
    The outputs tell what was declared, so that a removal is seen.
    """
    added = diff(recorded(), {**PLAIN, field: "x"}, SETTINGS)
    removed = diff(recorded(**{field: "x"}), PLAIN, SETTINGS)

    assert (added.changed, removed.changed) == ((field,), (field,))
    assert added.replaces == removed.replaces == ((field,) if field == "template_id" else ())


def test_another_template_replaces_the_link_and_frees_its_slug_first() -> None:
    """
    The new link takes over the slug, so the old one must go first.
    """
    assert diff(recorded(template_id="a"), {**PLAIN, "template_id": "b"}, SETTINGS) == Diff(
        ("template_id",), ("template_id",)
    )


def test_a_replacement_under_another_slug_is_created_first() -> None:
    """
    Where both can exist, visitors never meet a gap.
    """
    found = diff(recorded(template_id="a"), {**PLAIN, "slug": "other", "template_id": "b"}, SETTINGS)

    assert found == Diff(("slug", "template_id"), ("template_id",))


def test_a_template_not_known_yet_shows_the_replacement_that_may_come() -> None:
    """
    A preview never hides a replacement.
    """
    assert diff(recorded(template_id="a"), {**PLAIN, "template_id": UNKNOWN}, SETTINGS).replaces == ("template_id",)


def test_another_workspace_replaces_the_link_and_is_created_first() -> None:
    """
    A slug is unique in its workspace only.
    """
    elsewhere = Settings(workspace="globex", api_key="acme-0123456789", base_url="https://globex.neetocal.com")

    assert diff(recorded(), PLAIN, elsewhere) == Diff(("workspace",), ("workspace",))


def test_another_address_of_the_workspace_changes_the_url_alone() -> None:
    """
    A custom domain moves the address; the link stays.
    """
    moved = Settings(workspace="acme", api_key="acme-0123456789", base_url="https://meet.acme.example")

    assert diff(recorded(), PLAIN, moved) == Diff(("url",))


def test_a_value_not_known_yet_may_be_a_change() -> None:
    """
    Also where it hides inside a list.
    """
    assert diff(recorded(), {**PLAIN, "hosts": [UNKNOWN]}, SETTINGS) == Diff(("hosts",))
