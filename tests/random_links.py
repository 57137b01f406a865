"""
Links as wild as the emulator can hold them, the same ones for the same seed.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from neetocal_emulator.store.rules import KINDS, SPOTS

HOSTS = ("ada@acme.example", "Ben@Acme.Example", "chiara+links@acme.example", "d'arcy@acme.example")
GONE = "gone@acme.example"
"""A host who will leave, so that the links of nobody else have no host."""

_WORDS = (
    "Meet",
    "us",
    "tomorrow and on every working day after that",
    "naïve",
    "日本語",
    "👩‍💻",
    '"quoted"',
    "it's",
    '"""',
    "\\n",
    "\\",
    "{name}",
    "${secret:x}",
    "# noqa",
    "%s",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\u202e",
    "\u2028",
    "\u00a0",
    "\x1b[31m",
    "\x7f",
    "\x00",
    " ",
)
_ZONES = ("Europe/Lisbon", "Asia/Kolkata", "UTC", "Eastern Time (US & Canada)", "Mars/Olympus", "", " ")
_TEXTS = {"phone_call": "phone_call_number", "in_person": "in_person_location", "custom": "custom_text"}


def random_workspace(count: int, *, seed: int) -> dict[str, Any]:
    """
    Return a seed of the emulator with a workspace that holds this many links.
    """
    random = Random(seed)  # noqa: S311 - wild links, no secrets
    members = [{"email": email} for email in (*HOSTS, GONE)]
    links = [_link(random, number) for number in range(count)]
    return {"workspaces": {"acme": {"api_keys": ["acme-demo-key"], "team_members": members, "meetings": links}}}


def _link(random: Random, number: int) -> dict[str, Any]:
    fields = {name: make(random) for name, make in _OPTIONAL.items() if random.random() < 0.4}
    return {
        "slug": _slug(random, number),
        "name": f"Link {_text(random)}",
        "hosts": [GONE] if random.random() < 0.03 else random.sample(HOSTS, random.randint(1, len(HOSTS))),
        "duration": random.choice((1, 15, 30, 45, 60, 1440)),
        **fields,
    }


def _slug(random: Random, number: int) -> str:
    # Some differ only in what no variable can hold.
    return random.choice((f"intro-{number}", f"{number}", f"_call_{number}", f"pass_{number // 2}-{number % 2}"))


def _text(random: Random) -> str:
    return "".join(random.choices((*_WORDS, " ", " ", " "), k=random.choice((0, 1, 3, 12, 40))))


def _durations(random: Random) -> list[dict[str, Any]]:
    options = [{"duration": minutes} for minutes in random.choices((5, 30, 60, 1440), k=random.randint(0, 4))]
    return _with_default(random, options)


def _spots(random: Random) -> list[dict[str, Any]]:
    return _with_default(random, [_spot(random) for _ in range(random.randint(0, 4))])


def _spot(random: Random) -> dict[str, Any]:
    spot = random.choice(SPOTS)
    return {"spot": spot, _TEXTS[spot]: f"At {_text(random)}"} if spot in _TEXTS else {"spot": spot}


def _with_default(random: Random, options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # The API lets a link have no default.
    if options and random.random() < 0.9:
        random.choice(options)["is_default"] = True
    return options


def _choice(*values: Any) -> Callable[[Random], Any]:
    return lambda random: random.choice(values)


_OPTIONAL: dict[str, Callable[[Random], Any]] = {
    "description": lambda random: random.choice((None, "", " \n", _text(random))),
    "kind": _choice(*KINDS),
    "start_time_increment": _choice(3, 30, 45, 100_000),
    "before_buffer_time": _choice(0, 5, 1440),
    "after_buffer_time": _choice(0, 15, 1440),
    "is_multiple_durations_allowed": _choice(True, False),
    "is_multiple_spots_allowed": _choice(True, False),
    "spot": _choice(*SPOTS),
    "spot_phone_call_number": _choice(None, "", "+1-555-0123"),
    "spot_custom_text": _text,
    "spot_in_person_location": _text,
    "locked_time_zone": _choice(None, *_ZONES),
    "durations": _durations,
    "spots": _spots,
    "disabled": _choice(True, False),
    "lead_time": _choice(0, 240),
}
