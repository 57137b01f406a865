"""
What can go wrong on the way to an engine.

EngineToolError
├── WayFailedError    one way did not work; the next one may
├── StoppedError      another task failed, or the user interrupted the run
└── NoEngineError     none worked; the message says what was tried and the way out
"""

from __future__ import annotations


class EngineToolError(Exception):
    """
    Base of all errors of this tool; `str(error)` can be shown as it is.
    """


class WayFailedError(EngineToolError):
    """
    One way to the engine did not work; the message fits into a longer sentence.
    """


class StoppedError(EngineToolError):
    """
    The programs of this task were stopped because of something else.
    """


class NoEngineError(EngineToolError):
    """
    No way to the engine worked.
    """
