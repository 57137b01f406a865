"""
docs/errors.md against the code: its examples are run, and it leaves out no error.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
import stamina

from neetocal_emulator import Emulator
from neetocal_provider import errors, log
from neetocal_provider.resources.link_fields import FIELDS
from neetocal_provider.settings import SETTINGS
from tools.errors import ARGUMENTS, BAD_SETTINGS, EXAMPLES, Outcome, arguments_table, raise_sites, run, settings_table

PAGE = (Path(__file__).parent.parent / "docs" / "errors.md").read_text(encoding="utf-8")

# The examples are run once, on one worker.
pytestmark = pytest.mark.xdist_group("errors page")


@pytest.fixture(autouse=True, scope="module")
def _as_it_was() -> Iterator[None]:
    yield
    stamina.instrumentation.set_on_retry_hooks(None)
    log.LOGGER.setLevel(logging.NOTSET)


@lru_cache
def outcomes() -> dict[str, Outcome]:
    """
    Return what each example says, by when it happens.
    """
    with Emulator() as emulator:
        return {example.when: run(example, emulator) for example in EXAMPLES}


def test_the_page_shows_what_the_examples_say() -> None:
    """
    `python -m tools.errors docs/errors.md` has nothing to change.
    """
    shown = {f"When {when}:\n\n```text\n{outcome.text}\n```\n": when for when, outcome in outcomes().items()}

    assert [when for text, when in shown.items() if text not in PAGE] == []
    assert PAGE.count("\n```text\nneetoCal: ") + PAGE.count("\nWhen ") >= len(EXAMPLES)
    assert settings_table() in PAGE
    assert arguments_table() in PAGE


def test_every_error_has_an_example() -> None:
    """
    Each class of the tree but the one that stands for its subclasses alone.
    """
    classes = {kind for _name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)}

    assert classes - {example.kind for example in EXAMPLES} == {errors.APIError}


def test_every_place_that_raises_has_an_example() -> None:
    """
    Some example comes by each statement that raises what users see.
    """
    reached = {site for outcome in outcomes().values() for site in outcome.sites}

    assert raise_sites() - reached == set()


def test_every_setting_and_every_argument_has_an_example() -> None:
    """
    Each is refused for a reason of its own.
    """
    assert set(BAD_SETTINGS) == set(SETTINGS)
    assert set(ARGUMENTS) == {field.name for field in FIELDS}


def test_every_example_is_one_line_without_a_traceback() -> None:
    """
    A list of several is a line for each.
    """
    assert [text for text in (each.text for each in outcomes().values()) if "Traceback" in text] == []
    assert all(line.isprintable() for outcome in outcomes().values() for line in outcome.text.splitlines())
