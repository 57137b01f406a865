"""
Seeds: what a workspace holds at the start, from a YAML file or a dict.

    random_seed: 7                  # optional: the same ids on every run
    workspaces:
      acme:
        api_keys: [acme-demo-key]
        team_members:
          - {email: ada@acme.example, first_name: Ada, organization_role: Admin}
        templates: []               # any field of the API's meeting object
        meetings: []                # likewise; hosts as e-mails
        packages: []                # what visitors buy in advance, with `purchases`
        roles: [Coach]              # beside Admin and Standard
        availabilities: []          # the API's fields; `meeting` is the slug of the link it is for
        add_on_services: []         # likewise
        calendar_preferences: []    # likewise, with their `integration`
        discount_codes: []          # likewise; `meetings` are the slugs of the links they are for
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from neetocal_emulator.errors import EmulatorError, SeedError
from neetocal_emulator.store import in_app, meetings, packages, team

if TYPE_CHECKING:
    from neetocal_emulator.store import Store, Workspace
    from neetocal_emulator.switches import Switches

__all__ = ["Seed", "WorkspaceSeed", "apply_seed", "read_seed", "read_seed_file"]

# What an HTTP header can carry unchanged.
_KEY = re.compile(r"[!-~]([ -~]*[!-~])?")
# What is loaded after links, members and packages, each by the name of its collection.
_COLLECTIONS = ("availabilities", "add_on_services", "calendar_preferences", "discount_codes")
_SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class WorkspaceSeed:
    """
    One workspace as the seed tells it.
    """

    name: str
    api_keys: tuple[str, ...]
    organization_id: str | None = None
    team_members: tuple[dict[str, Any], ...] = ()
    templates: tuple[dict[str, Any], ...] = ()
    meetings: tuple[dict[str, Any], ...] = ()
    packages: tuple[dict[str, Any], ...] = ()
    roles: tuple[str, ...] = ()
    availabilities: tuple[dict[str, Any], ...] = ()
    add_on_services: tuple[dict[str, Any], ...] = ()
    calendar_preferences: tuple[dict[str, Any], ...] = ()
    discount_codes: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Seed:
    """
    A whole seed, read and checked for its shape.
    """

    workspaces: tuple[WorkspaceSeed, ...]
    random_seed: int | None = field(default=None)


def read_seed(source: Mapping[str, Any] | Path | str | None) -> Seed:
    """
    Read a seed from a dict or a YAML file; None is the seed that comes with the package.
    """
    if source is None:
        packaged = resources.files("neetocal_emulator").joinpath("default_seed.yaml")
        return _seed(_parsed(packaged.read_text(encoding="utf-8"), "the default seed"))
    if isinstance(source, Mapping):
        return _seed(source)
    return _seed(_parsed(_file_text(Path(source)), str(source)))


def read_seed_file(path: Path) -> object:
    """
    Read a YAML file without judging what it says.
    """
    return _parsed(_file_text(path), str(path))


def apply_seed(store: Store, seed: Seed, switches: Switches) -> None:
    """
    Replace everything in the store by the seed; on an error the store stays as it was.
    """
    with store.emptied() as connection:
        store.seed_ids(connection, seed.random_seed)
        for each in seed.workspaces:
            try:
                workspace = store.add_workspace(
                    connection,
                    name=each.name,
                    organization_id=each.organization_id,
                    keys=each.api_keys,
                    switches=switches,
                )
                _fill(workspace, each)
            except (EmulatorError, sqlite3.Error) as error:
                raise SeedError(f"The seed of workspace {each.name!r} cannot be applied: {error}") from error


def _fill(workspace: Workspace, seed: WorkspaceSeed) -> None:
    team.load_roles(workspace, seed.roles)
    in_app.load(workspace, "team-members", seed.team_members)
    meetings.load(workspace, seed.templates, is_template=True)
    meetings.load(workspace, seed.meetings)
    packages.load(workspace, seed.packages)
    for key in _COLLECTIONS:
        in_app.load(workspace, key.replace("_", "-"), getattr(seed, key))


def _file_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"The seed file {path} cannot be read: {error}.") from error


def _parsed(text: str, name: str) -> object:
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506  # a safe loader, see below
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SeedError(f"{name} is not YAML: {error}") from error


# The C loader is ten times as fast and not in every build of PyYAML.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _seed(data: object) -> Seed:
    try:
        # Half a surrogate is text that nothing can store.
        json.dumps(data, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        # YAML reads an unquoted time as a time.
        raise SeedError(f"The seed holds what JSON cannot: {error}. Put times into quotes.") from error
    top = _table(data, "the seed", {"workspaces", "random_seed"})
    random_seed = top.get("random_seed")
    if random_seed is not None and not isinstance(random_seed, int):
        raise SeedError("random_seed in the seed is a whole number.")
    named = top.get("workspaces")
    if not isinstance(named, Mapping) or not named:
        raise SeedError("The seed names at least one workspace under 'workspaces'.")
    workspaces = tuple(_workspace(name, data) for name, data in named.items())
    keys = Counter(key for each in workspaces for key in each.api_keys)
    for key, count in keys.items():
        if count > 1:
            raise SeedError(f"The API key {key!r} stands {count} times in the seed; it names one workspace.")
    return Seed(workspaces=workspaces, random_seed=random_seed)


def _workspace(name: object, data: object) -> WorkspaceSeed:
    if not isinstance(name, str) or not _SUBDOMAIN.fullmatch(name):
        raise SeedError(f"A workspace's name is a subdomain such as 'acme', not {name!r}.")
    lists = ("team_members", "templates", "meetings", "packages", *_COLLECTIONS)
    table = _table(data, f"workspace {name!r}", {"api_keys", "organization_id", "roles", *lists})
    keys = table.get("api_keys")
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
        raise SeedError(f"Workspace {name!r} in the seed needs 'api_keys', a list of strings.")
    for key in keys:
        if not _KEY.fullmatch(key):
            raise SeedError(f"An API key of workspace {name!r} is printable ASCII without blanks around, not {key!r}.")
    organization_id = table.get("organization_id")
    if organization_id is not None and not isinstance(organization_id, str):
        raise SeedError(f"The organization_id of workspace {name!r} is a string, not {organization_id!r}.")
    return WorkspaceSeed(
        name=name,
        api_keys=tuple(keys),
        organization_id=organization_id,
        roles=_roles(table, name),
        **{key: _objects(table, key, name) for key in lists},
    )


def _table(data: object, name: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise SeedError(f"{name} is not a table of names and values.")
    unknown = sorted(str(key) for key in data if key not in known)
    if unknown:
        raise SeedError(f"{name} has no {', '.join(unknown)}; it has {', '.join(sorted(known))}.")
    return data


def _roles(table: Mapping[str, Any], workspace: str) -> tuple[str, ...]:
    roles = table.get("roles") or []
    if not isinstance(roles, list) or not all(isinstance(role, str) and role.strip() for role in roles):
        raise SeedError(f"'roles' of workspace {workspace!r} in the seed is a list of names.")
    return tuple(roles)


def _objects(table: Mapping[str, Any], key: str, workspace: str) -> tuple[dict[str, Any], ...]:
    objects = table.get(key) or []
    if not isinstance(objects, list) or not all(isinstance(item, dict) for item in objects):
        raise SeedError(f"'{key}' of workspace {workspace!r} in the seed is a list of objects.")
    return tuple(objects)
