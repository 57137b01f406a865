"""
A team as a program or a config describes it, and the links that it comes to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Arguments", "Member", "PlannedLink", "Team"]

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Member:
    """
    One of a team.

    Args:
        email: the address under which neetoCal knows them.

        name: in full; made from the address where it is not given.

        handle: a word for resource names and slugs; the address's part before the @ where it is not given.

        n: what `{n}` stands for; the place in the team, from 1, where it is not given. Who is given a number keeps it
            when others come and go.

        moved_from: the team that they have left for this one: their links move along, instead of being made anew.
    """

    email: str
    name: str = ""
    handle: str = ""
    n: int = 0
    moved_from: str = ""

    @property
    def key(self) -> str:
        """
        Return the word for resource names and slugs.
        """
        return self.handle or re.sub(r"[^a-z0-9_]+", "-", self.email.split("@")[0].lower()).strip("-")

    @property
    def full_name(self) -> str:
        """
        Return the name, such as Ada Okafor for ada.okafor@acme.example.
        """
        return self.name or " ".join(part.capitalize() for part in re.split(r"[._+-]+", self.email.split("@")[0]))

    def words(self, n: int) -> dict[str, str]:
        """
        Return what the words in braces stand for; `n` is the place in the team.
        """
        first, _, last = self.full_name.partition(" ")
        return {
            "member": self.key,
            "name": self.full_name,
            "first_name": first,
            "last_name": last,
            "email": self.email,
            "n": str(self.n or n),
        }


@dataclass(frozen=True)
class Team:
    """
    A team, as a program or a config describes it.

    Attributes:
        defaults: arguments that every link gets that does not give them itself.

        links: by key, the arguments of a link that the members host together, and `members`: the handles or addresses
            of those among them who do; all by default.

        member_links: by key, the arguments of a link that each member gets.
    """

    name: str
    members: Sequence[Member]
    defaults: Arguments = field(default_factory=dict)
    links: Mapping[str, Arguments] = field(default_factory=dict)
    member_links: Mapping[str, Arguments] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlannedLink:
    """
    A link that a team comes to.

    Attributes:
        path: where in the team's description it stands, such as `links.demo`.

        key: its key there.

        resource_name: its name in the stack.

        arguments: of `SchedulingLink`.

        member: whose it is alone; None for a link of the team.
    """

    path: str
    key: str
    resource_name: str
    arguments: dict[str, Any]
    member: Member | None = None
