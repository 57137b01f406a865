"""
The kinds of value: what each refuses, and what counts as the same.
"""

from typing import Any

import pytest
from hypothesis import given, settings, strategies

from neetocal_provider.resources.link_fields import BY_NAME, FIELDS, Kind
from neetocal_provider.schema.types import UNKNOWN, has_same_letters
from tests.link import check


def reasons(field: str, value: Any) -> list[str]:
    """
    Return why a value is refused.
    """
    return list(BY_NAME[field].type.problems(value))


def same(field: str, one: Any, other: Any) -> bool:
    """
    Whether two values of a field mean the same.
    """
    canonical = BY_NAME[field].type.canonical
    return canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("US/Eastern", "America/New_York"),
        ("UTC", "Etc/UTC"),
        ("Europe/Kiev", "Europe/Kyiv"),
        (" Asia/Calcutta ", "Asia/Kolkata"),
    ],
)
def test_linked_names_are_one_time_zone(one: str, other: str) -> None:
    """
    A server may answer the name that the zone database prefers; zones of their own stay different.
    """
    assert same("locked_time_zone", one, other)
    assert not same("locked_time_zone", one, "Europe/Lisbon")


@pytest.mark.parametrize(
    "other",
    [
        "\ufeffZo\u00eb's  \n caf\u00e9 & <b>co</b>",
        "Zoe\u0308&#39;s cafe\u0301 &amp;amp; co",
        "<p>Zo\u00ebs caf\u00e9 &amp; co.</p>",
    ],
)
def test_form_is_not_among_the_letters_of_a_text(other: str) -> None:
    """
    White space, punctuation, tags, entities and composition are form; a letter, digit, capital or symbol is not.
    """
    text = "Zo\u00ebs caf\u00e9 & co"

    assert has_same_letters(text, other)
    assert has_same_letters("+1 (555) 01-23", "+15550123")
    assert not any(has_same_letters(text, another) for another in (f"{other} 2", other.lower(), f"{other}+", "", "Z"))


@pytest.mark.parametrize("slug", ["a", "intro-call", "intro_call", "2-min", "a-b_c", "_x"])
def test_documented_slugs_pass(slug: str) -> None:
    """
    Lower-case letters, digits, single hyphens between them, underscores anywhere.
    """
    assert reasons("slug", slug) == []


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("Intro Call", "may hold only lower-case letters, digits, hyphens and underscores, as in 'intro-call'"),
        (" intro", "may hold only lower-case letters, digits, hyphens and underscores, as in 'intro'"),
        ("intro\n", "may hold only lower-case letters, digits, hyphens and underscores, as in 'intro'"),
        ("###", "may hold only lower-case letters, digits, hyphens and underscores, as in 'intro-call'"),
        ("-intro", "must not begin or end with a hyphen"),
        ("intro-", "must not begin or end with a hyphen"),
        ("a--b", "must not hold two hyphens in a row"),
        ("admin", "is reserved by neetoCal; choose another slug"),
        ("scheduled meetings", "is reserved by neetoCal; choose another slug"),
        ("scheduled-meetings", "is reserved by neetoCal; choose another slug"),
        ("scheduled_meetings", "is reserved by neetoCal; choose another slug"),
        (["intro"], "must be text"),
        ("", "must not be blank"),
        (7, "must be text"),
    ],
)
def test_each_slug_rule_has_its_reason(slug: Any, reason: str) -> None:
    """
    A refused slug is told which rule it breaks, with a proposal where one can be made.
    """
    assert reasons("slug", slug) == [reason]


def test_all_broken_rules_are_told_at_once() -> None:
    """
    Nobody wants to learn the rules one `pulumi up` at a time.
    """
    assert len(reasons("slug", "-A--b")) == 3


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("duration", 0, "must be from 1 to 1440 minutes"),
        ("duration", 1441, "must be from 1 to 1440 minutes"),
        ("duration", 30.5, "must be a whole number of minutes"),
        ("duration", "30", "must be a whole number of minutes"),
        ("duration", True, "must be a whole number of minutes"),
        ("start_time_increment", 2, "must be at least 3 minutes"),
        ("before_buffer_time", -1, "must be from 0 to 1440 minutes"),
        ("after_buffer_time", 1441, "must be from 0 to 1440 minutes"),
        ("name", "  ", "must not be blank"),
        ("is_multiple_spots_allowed", "yes", "must be true or false"),
        ("hosts", "ada@acme.example", "must be a list of e-mail addresses"),
        ("hosts", [], "must name at least one host"),
        ("hosts", ["ada"], "holds 'ada' at [0], which is not an e-mail address"),
        ("hosts", ["a@b", 3], "holds 3 at [1], which is not an e-mail address"),
    ],
)
def test_each_rule_has_its_reason(field: str, value: Any, reason: str) -> None:
    """
    The reason says what would be right, in the field's own unit.
    """
    assert reasons(field, value) == [reason]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duration", 1),
        ("duration", 1440),
        ("start_time_increment", 3),
        ("start_time_increment", 7),
        ("before_buffer_time", 0),
        ("description", ""),
        ("hosts", ["ada@acme.example", UNKNOWN]),
        ("locked_time_zone", "Europe/Lisbon"),
        ("kind", "multihost"),
        ("spot", "google_meet"),
        ("template_id", "anything"),
    ],
)
def test_what_the_documentation_allows_or_leaves_open_passes(field: str, value: Any) -> None:
    """
    Bounds are inclusive, and a rule that nobody documented is not ours to make.
    """
    assert reasons(field, value) == []


def test_a_misspelt_word_is_answered_with_the_nearest() -> None:
    """
    Enumerations and time zones propose what was probably meant.
    """
    assert reasons("kind", "round-robin")[0].endswith("did you mean round_robin?")
    assert reasons("spot", "googlemeet")[0].endswith("did you mean google_meet?")
    assert reasons("locked_time_zone", "Europe/Lisbonn")[0].endswith("did you mean Europe/Lisbon?")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("30", "must be a list of options with the keys duration, is_default"),
        ([30], "must be a list of options with the keys duration, is_default"),
        (
            [],
            "must hold at least one option (neetoCal keeps the last one); leave the argument out instead",
        ),
        ([{"duration": 30}], "must have is_default set on exactly one option, not on 0"),
        (
            [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": True}],
            "must have is_default set on exactly one option, not on 2",
        ),
        ([{"duration": 0, "is_default": True}], "[0].duration is 0 and must be from 1 to 1440 minutes"),
        ([{"is_default": True}], "[0].duration is missing"),
        (
            [{"duration": 5, "is_default": True, "is_defualt": False}],
            "[0].is_defualt is not a key of this option; did you mean is_default?",
        ),
    ],
)
def test_each_rule_of_durations_has_its_reason(options: Any, reason: str) -> None:
    """
    The path inside the list leads to the option that is wrong.
    """
    assert reasons("durations", options) == [reason]


@pytest.mark.parametrize(
    ("spot", "text"),
    [("phone_call", "phone_call_number"), ("in_person", "in_person_location"), ("custom", "custom_text")],
)
def test_a_spot_that_needs_a_text_says_so(spot: str, text: str) -> None:
    """
    A phone call without a number is no place to meet.
    """
    assert reasons("spots", [{"spot": spot, "is_default": True}]) == [f"[0].{text} is missing: {spot} needs it"]
    assert reasons("spots", [{"spot": spot, "is_default": True, text: "there"}]) == []


def test_options_that_are_not_known_yet_pass() -> None:
    """
    A preview cannot count defaults among values it does not know.
    """
    assert reasons("durations", [{"duration": UNKNOWN, "is_default": UNKNOWN}, UNKNOWN]) == []


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("hosts", ["Ada@Acme.example", "bob@acme.example"], ["bob@acme.example", " ada@acme.example"]),
        ("description", "one\r\ntwo ", "one\ntwo"),
        ("description", "one\rtwo\n", "one\ntwo"),
        ("description", "", None),
        ("name", " Intro ", "Intro"),
        ("duration", 30, "30"),
        ("kind", Kind.GROUPED, "grouped"),
        (
            "durations",
            [{"duration": 30, "is_default": True}, {"duration": 60}],
            [{"duration": 60, "is_default": False}, {"duration": 30, "is_default": True}],
        ),
        ("spots", [{"spot": "zoom", "is_default": True, "custom_text": ""}], [{"spot": "zoom", "is_default": True}]),
    ],
)
def test_values_that_mean_the_same_are_no_change(field: str, one: Any, other: Any) -> None:
    """
    Order, case, white space and line ends that a server may rewrite never make a diff.
    """
    assert same(field, one, other)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("hosts", ["ada@acme.example"], ["ada@acme.example", "bob@acme.example"]),
        ("description", "one two", "one  two"),
        ("description", "one\u2028two", "one\ntwo"),
        ("description", "one\x0ctwo", "one\ntwo"),
        ("duration", 30, 45),
        ("before_buffer_time", 0, None),
        (
            "durations",
            [{"duration": 30, "is_default": True}, {"duration": 60}],
            [{"duration": 30}, {"duration": 60, "is_default": True}],
        ),
        ("durations", [{"duration": 30, "is_default": True}], [{"duration": 30, "is_default": True}] * 2),
    ],
)
def test_values_that_mean_something_else_are_a_change(field: str, one: Any, other: Any) -> None:
    """
    Comparison forgives spelling, never content.
    """
    assert not same(field, one, other)


JSON = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() | strategies.text(),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(strategies.text(), inner, max_size=3),
    max_leaves=6,
)
WORDS = strategies.sampled_from(["spot", "duration", "is_default", "phone_call_number", "phone_call", "zoom"])
OPTIONS = strategies.lists(strategies.dictionaries(WORDS, JSON | WORDS, max_size=3), max_size=3)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(strategies.sampled_from([field.name for field in FIELDS]), JSON | OPTIONS)
def test_check_never_raises(field: str, value: Any) -> None:
    """
    Whatever a program gives, the answer is a list of failures, because an exception would hide all others.
    """
    assert isinstance(check({field: value}, "v1"), list)
