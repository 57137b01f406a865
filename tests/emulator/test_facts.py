"""
The table of facts, held to the code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import neetocal_emulator
from neetocal_emulator.facts import Certainty, Fact

PACKAGE = Path(neetocal_emulator.__file__).parent
SOURCES = [path.read_text() for path in PACKAGE.rglob("*.py") if path != PACKAGE / "facts.py"]
# A seed is no request: it is refused in a sentence.
ONLY_IN_SEEDS = {"PACKAGE_FIELDS"}
TREES = [ast.parse(source) for source in SOURCES]
TESTS = [ast.parse(path.read_text()) for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
NAME = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b")


def executed() -> set[str]:
    """
    Return the facts that code reads as `Fact.NAME`; comments and strings are none.
    """
    return {
        node.attr
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Fact"
    }


def told(trees: Iterable[ast.Module]) -> set[str]:
    """
    Return the names that the docstring of a function or method says it is about.
    """
    docstrings = [
        ast.get_docstring(node) or ""
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    return {name for docstring in docstrings for name in NAME.findall(docstring)}


def expected() -> set[str]:
    """
    Return the words that tests write as strings, as they do with the facts that an answer shall name.
    """
    return {
        name
        for tree in TESTS
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for name in node.value.split()
    }


def test_every_fact_is_used() -> None:
    """
    A row that neither code nor the docstring of a function names is a row too many; a comment is not enough.
    """
    assert set(Fact.__members__) - executed() - told(TREES) == set()


def test_every_refusal_is_tried() -> None:
    """
    What the code refuses by a fact, a test of some request expects under that name.
    """
    assert executed() - ONLY_IN_SEEDS - expected() == set()


def test_every_other_fact_is_held_by_a_test() -> None:
    """
    What refuses nothing stands in the docstring of a test that fails without it.
    """
    assert set(Fact.__members__) - executed() - told(TESTS) == set()


@pytest.mark.parametrize("fact", list(Fact), ids=lambda fact: fact.name)
def test_every_fact_says_where_it_is_from(fact: Fact) -> None:
    """
    A row is a sentence, and only what is assumed may be without a page.
    """
    assert fact.value.sentence.endswith(".")
    assert fact.value.source
    assert (fact.value.certainty is Certainty.ASSUMED) == fact.value.source.startswith("assumed: ")


def test_no_two_facts_are_one() -> None:
    """
    Rows that say the same would be one row under two names.
    """
    assert len(Fact.__members__) == len(list(Fact))


def test_every_fact_named_in_the_code_exists() -> None:
    """
    A word in brackets that is spelled like a fact is one.
    """
    texts = [*SOURCES, *(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))]
    groups = [
        group for text in texts for group in re.findall(r"(?<=\s)\(([A-Z_]+_[A-Z0-9_]+(?:, [A-Z0-9_]+)*)\)", text)
    ]
    names = {name for group in groups for name in group.split(", ") if not name.startswith("_")}

    assert names - set(Fact.__members__) == set()


def test_every_refusal_names_its_fact() -> None:
    """
    No rule is enforced without a row: each problem is made from a fact.
    """
    calls = [
        (name, ast.unparse(node.args[0]))
        for source in SOURCES
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in {"Problem", "refuse", "rules.refuse"}
    ]

    assert calls
    told = re.compile(r"Fact\.[A-Z_]+|fact|why_required|\w+\.not_found")
    assert [call for call in calls if not told.fullmatch(call[1])] == []
