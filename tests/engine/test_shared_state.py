"""
examples/stack-per-team from two clones, with the states of its stacks in a bucket.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from neetocal_emulator import Emulator
from tests.chaos.processes import end, members, wait_until
from tests.doc_blocks import ROOT, blocks

EXAMPLE = ROOT / "examples" / "stack-per-team"
LINKS = {"sales": 4, "support": 3}
"""How many links the teams of the example have."""

DEPLOY = "python deploy.py teams/"

HELD_S = 250
"""Seconds for which the emulator holds a request unless the test ends that: no more than the provider waits."""

IN_TIME = 120.0
"""Seconds for what takes five, on a busy machine."""

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.one_host("dynamic", "deploy.py declares the links of the dynamic provider"),
]


class Bucket:
    """
    A bucket on an S3 server, which anybody may use.
    """

    def __init__(self, server: str, name: str) -> None:
        self.name = name
        self._client = httpx.Client(
            base_url=f"{server}/{name}", headers={"Authorization": "AWS test:test"}, trust_env=False
        )
        self._client.put("/").raise_for_status()

    def close(self) -> None:
        """
        Close the connections.
        """
        self._client.close()

    def locks(self) -> list[str]:
        """
        Return the keys of the locks.
        """
        listed = self._client.get("/", params={"list-type": "2", "prefix": ".pulumi/locks/"}).raise_for_status()
        return re.findall("<Key>(.+?)</Key>", listed.text)

    def state(self, team: str) -> dict[str, Any]:
        """
        Return the state of a team's stack; empty before its first deployment.
        """
        found = self._client.get(f"/.pulumi/stacks/team-links/{team}.json")
        state: dict[str, Any] = (found.json()["checkpoint"].get("latest") or {}) if found.is_success else {}
        return state

    def is_creating(self, team: str) -> bool:
        """
        Whether the state names links that are being created.
        """
        return bool(self.state(team).get("pending_operations"))

    def links(self) -> list[str]:
        """
        Return the ids of all links in the states, sorted.
        """
        resources = [resource for team in LINKS for resource in self.state(team).get("resources", [])]
        return sorted(each["id"] for each in resources if each["type"].endswith(":SchedulingLink"))


class Clone:
    """
    A clone of the repository, in which people run commands.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = {**os.environ, **environment}
        shutil.copytree(EXAMPLE, folder)

    def run(self, commands: str) -> tuple[int, str]:
        """
        Run commands, up to the first that fails; return the exit status and what they print.
        """
        done = subprocess.run(
            ["bash", "-ec", commands],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    @contextmanager
    def started(self, command: str) -> Iterator[subprocess.Popen[bytes]]:
        """
        Start a command, and kill what is left of it on leaving.
        """
        with subprocess.Popen(
            command.split(), cwd=self.folder, env=self._environment, stdout=subprocess.DEVNULL, start_new_session=True
        ) as run:
            try:
                yield run
            finally:
                for pid in members(run.pid):
                    end(pid)


@pytest.fixture
def server() -> Iterator[str]:
    """
    Give the address of an S3 server on loopback.
    """
    # Takes most of a second, which the other ring of tests does without.
    from moto.server import ThreadedMotoServer

    moto = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    moto.start()
    yield "http://{}:{}".format(*moto.get_host_and_port())
    moto.stop()


@pytest.fixture
def bucket(server: str) -> Iterator[Bucket]:
    """
    Give an empty bucket.
    """
    with closing(Bucket(server, f"acme-links-{uuid4()}")) as bucket:
        yield bucket


@pytest.fixture
def clones(tmp_path: Path, emulator: Emulator, server: str, bucket: Bucket) -> tuple[Clone, Clone]:
    """
    Give two clones that keep their stacks in the bucket, by the URL of the example's page.
    """
    (url,) = re.findall(r"`(s3://\S+endpoint\S+)`", (EXAMPLE / "README.md").read_text())
    environment = {
        **emulator.environment(),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "PULUMI_BACKEND_URL": url.replace("https://s3.acme.example", server).replace("acme-links", bucket.name),
        "PULUMI_CONFIG_PASSPHRASE": "test",
    }
    return Clone(tmp_path / "one", environment), Clone(tmp_path / "other", environment)


def sids(emulator: Emulator) -> list[str]:
    """
    Return the ids of all links in the workspace, sorted.
    """
    return sorted(meeting["sid"] for meeting in emulator.meetings())


def test_the_lock_of_a_deployment_stops_the_other_clone(
    clones: tuple[Clone, Clone], bucket: Bucket, emulator: Emulator
) -> None:
    """
    With a sentence and before it creates a link; in the end each link is there once, and recorded.
    """
    one, other = clones
    emulator.fault("latency", method="POST", path="/meetings", seconds=HELD_S)
    with one.started(DEPLOY) as run:
        assert wait_until(lambda: all(map(bucket.is_creating, LINKS)), run)
        status, said = other.run(DEPLOY)
        made = sids(emulator)
        emulator.clear_faults()
        assert run.wait(IN_TIME) == 0

    assert (status, made) == (1, [])
    for team in LINKS:
        assert (
            f"\n{team} failed: the stack is currently locked by 1 lock(s). Either wait for the other process(es)"
            in said
        )
        assert f"/.pulumi/locks/organization/team-links/{team}/" in said
    status, said = other.run(DEPLOY)
    assert (status, said.count("no change")) == (0, len(LINKS))
    assert len(bucket.links()) == sum(LINKS.values())
    assert bucket.links() == sids(emulator)
    assert bucket.locks() == []


def test_a_killed_deployment_is_finished_from_the_other_clone(
    clones: tuple[Clone, Clone], bucket: Bucket, emulator: Emulator
) -> None:
    """
    By the commands of the example's page, though links were created and not recorded.
    """
    one, other = clones
    for clone in clones:
        (clone.folder / "teams" / "support.yaml").unlink()
    emulator.fault("slow_body", method="POST", path="/meetings", seconds=HELD_S)
    with one.started(DEPLOY) as run:
        assert wait_until(lambda: len(sids(emulator)) == LINKS["sales"], run)
    emulator.clear_faults()
    assert len(bucket.locks()) == 1
    unlock, go_on, adopt, clean_up = commands("After a crash")

    status, said = other.run(f"{unlock}\n{go_on}")
    assert (status, "NEETOCAL_ADOPT=1" in said) == (1, True), said
    status, said = other.run(f"{adopt}\n{clean_up}")

    assert status == 0, said
    assert len(bucket.links()) == LINKS["sales"]
    assert bucket.links() == sids(emulator)
    assert not bucket.is_creating("sales")
    assert bucket.locks() == []


def commands(section: str) -> list[str]:
    """
    Return the commands in a section of the example's page.
    """
    (block,) = (each for each in blocks("examples/stack-per-team/README.md") if each.section == section)
    return block.text.splitlines()
