"""
Snapshots: everything as it was, again and again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from neetocal_emulator import Emulator
from neetocal_emulator.errors import UnknownTargetError
from tests.emulator.api import Api

SEED = {
    "random_seed": 3,
    "workspaces": {"x": {"api_keys": ["k"], "team_members": [{"email": "a@x.example", "organization_role": "Admin"}]}},
}


def seen(emulator: Emulator, api: Api) -> list[Any]:
    """
    Return what can be seen from outside.
    """
    pages = [api.get(path).json() for path in ("/team-members", "/meeting-templates", "/bookings", "/availabilities")]
    return [emulator.meetings(), emulator.clock(), *pages]


@pytest.mark.parametrize("is_file", [False, True])
def test_a_restore_is_exact(tmp_path: Path, is_file: bool) -> None:
    """
    Links, people, bookings, switches, the clock and even the next ids are as they were.
    """
    with Emulator(seed=SEED, state=tmp_path / "state.db" if is_file else None) as emulator:
        api = Api(emulator.url, key="k")
        link = api.create(hosts=["a@x.example"])
        emulator.clock(at="2026-03-02T06:00:00Z", frozen=True)
        booking = {"meeting_slug": "intro", "name": "Eve", "email": "eve@example.com", "time_zone": "UTC"}
        api.post("/bookings", booking)
        before = seen(emulator, api)
        snapshot = emulator.snapshot()
        futures = []
        for _ in range(2):
            futures.append(api.create(hosts=["a@x.example"], slug="next"))
            api.delete(f"/meetings/{link['sid']}")
            api.post("/team-members", {"emails": ["b@x.example"]})
            api.post("/meeting-templates", {"name": "T", "slug": "t", "duration": 5})
            emulator.clock(at="2027-01-01", frozen=False)
            emulator.switch(get_meeting="wrapped")

            emulator.restore(snapshot)

            assert before == seen(emulator, api)
            assert api.get(f"/meetings/{link['sid']}").json() == link
        assert futures[0] == futures[1]
        api.close()
    with Emulator(seed=SEED, state=tmp_path / "state.db" if is_file else None) as emulator:
        assert emulator.meetings() == ([link] if is_file else [])


def test_snapshots_over_http(emulator: Emulator, v2: Api) -> None:
    """
    A POST takes one and tells its id, another goes back; the journal tells all the same.
    """
    url = f"{emulator.url}/_emulator/snapshots"
    taken = httpx.post(url, trust_env=False)
    v2.create()

    restored = httpx.post(f"{url}/{taken.json()['id']}/restore", trust_env=False)

    assert (taken.status_code, restored.status_code) == (201, 200)
    assert (emulator.meetings(), len(emulator.requests)) == ([], 1)
    assert httpx.post(f"{url}/nothere/restore", trust_env=False).status_code == 404
    with pytest.raises(UnknownTargetError, match="nothere"):
        emulator.restore("nothere")


def test_snapshots_are_released_and_bounded(emulator: Emulator) -> None:
    """
    A hundred at a time; one that was released is gone, makes room, and its name does not come again.
    """
    url = f"{emulator.url}/_emulator/snapshots"
    with httpx.Client(trust_env=False) as client:
        names = [client.post(url).json()["id"] for _ in range(100)]
        full = client.post(url)
        released = client.delete(f"{url}/{names[0]}")
        emulator.release(names[1])

        assert (full.status_code, released.status_code) == (400, 204)
        assert "release one" in full.json()["error"]
        assert client.post(f"{url}/{names[0]}/restore").status_code == 404
        assert client.delete(f"{url}/{names[1]}").status_code == 404
        assert client.post(url).json()["id"] not in names


def test_renewing_forgets_seeds_and_snapshots() -> None:
    """
    A reset goes to the latest seed and keeps snapshots; renewed, an emulator is as it was made.
    """
    with Emulator(seed=SEED) as emulator:
        snapshot = emulator.snapshot()
        httpx.post(f"{emulator.url}/_emulator/seed", json={"workspaces": {"y": {"api_keys": ["k"]}}})
        emulator.reset()
        after_reset = emulator.workspaces

        emulator.renew()

        assert (after_reset, emulator.workspaces) == (["y"], ["x"])
        with pytest.raises(UnknownTargetError, match=snapshot):
            emulator.restore(snapshot)
