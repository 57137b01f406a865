"""
What declaring a resource does beside it.
"""

from __future__ import annotations

import sys
import traceback
from contextlib import ExitStack

import pytest

from neetocal_provider.record import untraced


@pytest.mark.parametrize("limit", [7, 1000])
def test_the_limit_of_tracebacks_comes_back(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """
    With the end of the last registration, in whatever order those of several threads end, and after an error.
    """
    monkeypatch.setattr(sys, "tracebacklimit", limit, raising=False)
    one, other = ExitStack(), ExitStack()

    for each in (one, other):
        each.enter_context(untraced())
    one.close()
    assert len(traceback.extract_stack()) == 1
    other.close()
    with pytest.raises(KeyError), untraced():
        raise KeyError

    assert sys.tracebacklimit == limit


def test_a_limit_that_nobody_set_is_pythons(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Errors after a registration are shown whole.
    """
    monkeypatch.delattr(sys, "tracebacklimit", raising=False)

    with untraced():
        pass

    assert sys.tracebacklimit == 1000
