"""
Automation rules over HTTP.
"""

from __future__ import annotations

from neetocal_emulator.endpoints.call import Answer, Call
from neetocal_emulator.endpoints.paging import listed
from neetocal_emulator.store import automation_rules

__all__ = ["create_rule", "delete_rule", "list_rules"]


def list_rules(call: Call) -> Answer:
    """
    List the rules, page by page.
    """
    return listed(call, "automation_rules", automation_rules.listing(call.workspace))


def create_rule(call: Call) -> Answer:
    """
    Make a rule (AUTOMATION_ENVELOPE).
    """
    rule = automation_rules.create(call.workspace, call.body)
    return Answer({"workflow": rule}, status=call.created_status)


def delete_rule(call: Call) -> Answer:
    """
    Delete a rule.
    """
    automation_rules.remove(call.workspace, call.path["id"])
    if call.version == "v2":
        return Answer(status=204)
    return Answer({"message": "Automation rule deleted successfully"})
