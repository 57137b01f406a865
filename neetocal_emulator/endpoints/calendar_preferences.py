"""
Calendar preferences of a link over HTTP.
"""

from __future__ import annotations

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.store import calendar_preferences

__all__ = ["get_preferences", "update_preferences"]


def get_preferences(call: Call) -> Answer:
    """
    Show a link's preferences for one integration.
    """
    found = calendar_preferences.find(call.workspace, call.path["sid"], call.path["integration"])
    return Answer({"calendar_preference": found})


def update_preferences(call: Call) -> Answer:
    """
    Change some of a link's preferences for one integration.
    """
    path = call.path
    changed = calendar_preferences.change(call.workspace, path["sid"], path["integration"], call.body)
    return Answer({"calendar_preference": changed})
