"""
Team members: who can host, and what happens to links when somebody leaves.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from neetocal_emulator.errors import InvalidError, NotFoundError, Problem, SetupError
from neetocal_emulator.facts import Fact
from neetocal_emulator.store import objects, records, rules, slots
from neetocal_emulator.store.rules import folded

if TYPE_CHECKING:
    import sqlite3

    from neetocal_emulator.store.workspace import Workspace

__all__ = [
    "EDITABLE",
    "ROLES",
    "Member",
    "add",
    "addresses",
    "by_email",
    "change",
    "find",
    "find_by_email",
    "full_name",
    "insert",
    "invitations",
    "listing",
    "load_roles",
    "own_name",
    "remove",
    "resolved_hosts",
]

Member = dict[str, Any]

ROLES = ("Admin", "Standard")
"""
The roles that every workspace has; a seed may add others (MEMBER_ROLE).
"""

_INVITATION = objects.Kind("Invitation")
_ROLE = objects.Kind("Role")

_COLUMNS = "id, email, first_name, last_name, time_zone, profile_image_url, active, organization_role"
_READERS: Mapping[str, rules.Reader] = {
    "email": rules.email,
    "first_name": rules.filled_text,
    "last_name": rules.filled_text,
    "time_zone": rules.filled_text,
    "profile_image_url": rules.nullable_text,
    "active": rules.flag,
    "organization_role": rules.filled_text,
}
EDITABLE = tuple(_READERS)
"""
What somebody in the web app can change.
"""

_DEFAULTS: Member = {
    "first_name": "",
    "last_name": "",
    "time_zone": "UTC",
    "profile_image_url": None,
    "active": True,
    "organization_role": "Standard",
}


def listing(workspace: Workspace, *, email: str | None, limit: int | None, offset: int) -> tuple[list[Member], int]:
    """
    Return one page of members, in the order they joined, and how many there are.
    """
    where = "workspace = ?" + (" AND email = ?" if email else "")
    values: list[object] = [workspace.name, *([email] if email else [])]
    (total,) = workspace.connection.execute(
        f"SELECT count(*) FROM members WHERE {where}",  # noqa: S608  # fixed texts only
        values,
    ).fetchone()
    rows = workspace.connection.execute(
        f"SELECT {_COLUMNS} FROM members WHERE {where} "  # noqa: S608  # likewise
        "ORDER BY position LIMIT ? OFFSET ?",
        [*values, -1 if limit is None else limit, offset],
    )
    return [_member(row) for row in rows], total


def find(workspace: Workspace, member_id: str) -> Member:
    """
    Return a member by id.
    """
    return _found(_select(workspace, "id", member_id))


def find_by_email(workspace: Workspace, address: str) -> Member:
    """
    Return a member by e-mail, whatever its letter case.
    """
    return _found(_select(workspace, "email", address))


def by_email(workspace: Workspace, address: str) -> Member | None:
    """
    Return a member by e-mail, whatever its letter case, or None.
    """
    return _select(workspace, "email", address)


def add(workspace: Workspace, body: Mapping[str, object]) -> None:
    """
    Add people by their e-mails, and invite those who were no active members (MEMBER_AGAIN, MEMBER_INVITATION).
    """
    readers = {
        "emails": rules.emails,
        "organization_role": _role(workspace),
        "invited_by": rules.email,
        "send_invitation_email": _yes_or_no,
    }
    given = rules.clean(body, readers, required=("emails",), why_required=Fact.MEMBER_EMAILS)
    sender = _sender(workspace, given.pop("invited_by", None))
    sends_mail = given.pop("send_invitation_email", True)
    for address in rules.without_doubles(given.pop("emails")):
        if _added(workspace, address, given) and sends_mail:
            now = workspace.clock.now()
            sent = {"id": workspace.identifiers.new_id(), "email": address, "invited_by": sender, "sent_at": now}
            objects.put(workspace, _INVITATION, sent)


def invitations(workspace: Workspace) -> list[objects.Object]:
    """
    Return the invitations that were sent, oldest first.
    """
    return objects.listing(workspace, _INVITATION)


def load_roles(workspace: Workspace, names: Sequence[str]) -> None:
    """
    Give a workspace roles beside those that every one has.
    """
    for name in names:
        objects.put(workspace, _ROLE, {"id": name})


def insert(workspace: Workspace, fields: Mapping[str, object]) -> None:
    """
    Store a member; what is not given has the default.
    """
    unknown = sorted(str(name) for name in set(fields) - {"id", *_READERS})
    if unknown:
        raise SetupError(f"A team member has no {', '.join(unknown)}.")
    readers = {**_READERS, "organization_role": _role(workspace), "id": rules.filled_text}
    given = rules.clean(fields, readers, required=("email",))
    member = {**_DEFAULTS, **given, "id": given.get("id") or workspace.identifiers.new_id()}
    if _select(workspace, "email", member["email"]) is not None:
        raise InvalidError(Problem(Fact.MEMBER_EMAIL_TAKEN, "has already been taken", "email"))
    workspace.connection.execute(
        f"INSERT INTO members (workspace, {_COLUMNS}) VALUES (:workspace, :id, :email, "  # noqa: S608
        ":first_name, :last_name, :time_zone, :profile_image_url, :active, :organization_role)",
        {**member, "workspace": workspace.name},
    )


def change(workspace: Workspace, member_id: str, body: Mapping[str, object], fields: Collection[str]) -> Member:
    """
    Change some fields of a member, of the body only *fields*; links follow a new e-mail.
    """
    before = find(workspace, member_id)
    readers = {**_READERS, "time_zone": slots.zone_name, "organization_role": _role(workspace)}
    after = {**before, **rules.clean(body, {name: readers[name] for name in fields})}
    namesake = _select(workspace, "email", after["email"])
    if namesake is not None and namesake["id"] != member_id:
        raise InvalidError(Problem(Fact.MEMBER_EMAIL_TAKEN, "has already been taken", "email"))
    if _is_admin(before) and not _is_admin(after):
        _keep_an_admin(workspace)
    workspace.connection.execute(
        "UPDATE members SET email = :email, first_name = :first_name, last_name = :last_name, "
        "time_zone = :time_zone, profile_image_url = :profile_image_url, active = :active, "
        "organization_role = :organization_role WHERE id = :id",
        after,
    )
    if folded(after["email"]) != folded(before["email"]):
        records.rename_host(workspace, before["email"], after["email"])
    return find(workspace, member_id)


def remove(workspace: Workspace, member_id: str) -> None:
    """
    Remove a member from the workspace and from every link (MEMBER_REMOVED).
    """
    member = find(workspace, member_id)
    if _is_admin(member):
        _keep_an_admin(workspace)
    records.remove_host(workspace, member["email"])
    if workspace.switches.removed_members == "inactive":
        workspace.connection.execute("UPDATE members SET active = 0 WHERE id = ?", (member_id,))
        return
    workspace.connection.execute("DELETE FROM members WHERE id = ?", (member_id,))
    objects.drop_children(workspace, member_id)


def addresses(workspace: Workspace, wanted: Sequence[str] | None = None) -> dict[str, str]:
    """
    Return the members' e-mails as they have them, by `folded()` address; of all, or of these.
    """
    query = "SELECT email FROM members WHERE workspace = ?"
    values = [workspace.name]
    if wanted is not None:
        query += " AND email IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(wanted))
    return {folded(row["email"]): row["email"] for row in workspace.connection.execute(query, values)}


def resolved_hosts(workspace: Workspace, wanted: Sequence[str], known: Mapping[str, str] | None = None) -> list[str]:
    """
    Return the e-mails as the members have them; refuse strangers (HOSTS_ARE_MEMBERS).

    *known* is what `addresses()` returned, for a caller who asks again and again.
    """
    if known is None:
        known = addresses(workspace, wanted)
    problems = [
        Problem(Fact.HOSTS_ARE_MEMBERS, f"{address} is not a member of this workspace", "hosts")
        for address in wanted
        if folded(address) not in known
    ]
    if problems and workspace.switches.unknown_hosts == "refused":
        raise InvalidError(*problems)
    return [known.get(folded(address), address) for address in wanted]


def full_name(member: Member) -> str:
    """
    Return how a member is called; somebody invited by e-mail alone has no name yet.
    """
    return own_name(member) or str(member["email"])


def own_name(member: Mapping[str, Any]) -> str:
    """
    Return a member's first and last name, or what there is of them.
    """
    return f"{member['first_name']} {member['last_name']}".strip()


def _added(workspace: Workspace, address: str, given: Mapping[str, object]) -> bool:
    """
    Add somebody, or make somebody an active member again; False if nothing was done (MEMBER_AGAIN).
    """
    member = _select(workspace, "email", address)
    if member is None:
        insert(workspace, {**given, "email": address})
        return True
    if member["active"] and workspace.switches.member_again == "refused":
        raise InvalidError(Problem(Fact.MEMBER_AGAIN, f"{address} has already been taken", "emails"))
    if member["active"] and workspace.switches.member_again == "ignored":
        return False
    change(workspace, member["id"], {"active": True, **given}, ("active", "organization_role"))
    return True


def _sender(workspace: Workspace, address: str | None) -> str:
    """
    Return in whose name people are invited: an admin's, by default the latest one's (MEMBER_INVITATION).
    """
    members, _ = listing(workspace, email=None, limit=None, offset=0)
    admins = [str(member["email"]) for member in members if _is_admin(member)]
    if address is None:
        return admins[-1] if admins else ""
    if folded(address) not in map(folded, admins):
        raise rules.refuse(Fact.MEMBER_INVITATION, "is not an admin of this workspace", "invited_by")
    return address


def _yes_or_no(field: str, value: object) -> bool:
    """
    Read a boolean, or its name as the reference writes it (MEMBER_INVITATION).
    """
    if isinstance(value, bool):
        return value
    return str(rules.one_of(("true", "false"), Fact.MEMBER_INVITATION)(field, value)) == "true"


def _role(workspace: Workspace) -> rules.Reader:
    names = (*ROLES, *(str(each["id"]) for each in objects.listing(workspace, _ROLE)))
    return rules.one_of(names, Fact.MEMBER_ROLE)


def _select(workspace: Workspace, column: str, value: str) -> Member | None:
    row = workspace.connection.execute(
        f"SELECT {_COLUMNS} FROM members WHERE workspace = ? AND {column} = ?",  # noqa: S608
        (workspace.name, value),
    ).fetchone()
    return _member(row) if row else None


def _member(row: sqlite3.Row) -> Member:
    return {**dict(row), "active": bool(row["active"])}


def _found(member: Member | None) -> Member:
    if member is None:
        raise NotFoundError(Problem(Fact.MEMBER_NOT_FOUND, "Team member not found"))
    return member


def _is_admin(member: Member) -> bool:
    return member["organization_role"] == "Admin" and bool(member["active"])


def _keep_an_admin(workspace: Workspace) -> None:
    """
    Refuse to lose the last admin (MEMBER_LAST_ADMIN).
    """
    (admins,) = workspace.connection.execute(
        "SELECT count(*) FROM members WHERE workspace = ? AND organization_role = 'Admin' AND active = 1",
        (workspace.name,),
    ).fetchone()
    if admins <= 1:
        text = "Cannot remove the last admin of the workspace"
        raise InvalidError(Problem(Fact.MEMBER_LAST_ADMIN, text))
