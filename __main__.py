"""
The scheduling links of every team, as the stack's config lists them.

A team has members, links that all of its members host, and one shape of link that each member gets; see
Pulumi.demo.yaml. What a link is given there are arguments of `SchedulingLink`.
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from neetocal_provider import SchedulingLink


def team_links(team: str, *, members: list[dict[str, str]], links: Mapping[str, Any]) -> dict[str, SchedulingLink]:
    """
    Declare the links that a team hosts together.
    """
    hosts = [member["email"] for member in members]
    declared = {}
    for key, given in links.items():
        arguments: dict[str, Any] = {"slug": f"{team}-{key}", "hosts": hosts, **given}
        declared[key] = SchedulingLink(f"{team}-{key}", **arguments)
    return declared


def member_links(team: str, *, members: list[dict[str, str]], shape: Mapping[str, Any]) -> dict[str, SchedulingLink]:
    """
    Declare one link of the same shape for each member; `{member}` and `{name}` in its texts stand for who it is.
    """
    declared = {}
    for member in members:
        handle = member["email"].split("@")[0].replace(".", "-")
        arguments = {"hosts": [member["email"]], **filled(shape, {"{member}": handle, "{name}": member["name"]})}
        declared[handle] = SchedulingLink(f"{team}-member-{handle}", **arguments)
    return declared


def filled(value: Any, words: Mapping[str, str]) -> Any:
    """
    Replace words in a text, or in all texts of a list or a mapping.
    """
    if isinstance(value, Mapping):
        return {key: filled(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, words) for item in value]
    if isinstance(value, str):
        for word, text in words.items():
            value = value.replace(word, text)
    return value


addresses = {}
for team, spec in pulumi.Config().require_object("teams").items():
    members = spec["members"]
    links = team_links(team, members=members, links=spec.get("links", {}))
    if "member_link" in spec:
        links |= member_links(team, members=members, shape=spec["member_link"])
    addresses[team] = {key: link.url for key, link in links.items()}

pulumi.export("links", addresses)
