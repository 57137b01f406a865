"""
Nothing here changes what belongs to the whole process: neither an import, nor a lookup, nor a link's whole life.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
import stamina
from pulumi.dynamic import Config, ConfigureRequest

from neetocal_emulator import Emulator
from neetocal_provider import log
from neetocal_provider.api.client import disconnect
from neetocal_provider.dynamic.host import DynamicHost
from neetocal_provider.errors import NeetoCalError
from neetocal_provider.scheduling_link import SchedulingLinkProvider
from tests.emulator.api import LINK
from tests.process_state import changed, snapshot

ROOT = Path(__file__).parent.parent
IMPORTS = """
import pulumi, pulumi.dynamic, pulumi.provider, stamina
from tests.process_state import changed, snapshot
before = snapshot()
import neetocal_provider, neetocal_provider.native, neetocal_provider.testing
import neetocal_provider.cli.commands, neetocal_provider.api.connection, neetocal_provider.native.server
import neetocal_provider.native.plugin, neetocal_provider.dynamic.provider
found = changed(before, snapshot())
print(found)
"""


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """
    Give this process, when all is done, the log and the hooks that it had.
    """
    hooks, logger = stamina.instrumentation.get_on_retry_hooks(), log.LOGGER
    kept = logger.level, logger.handlers, logger.propagate
    yield
    stamina.instrumentation.set_on_retry_hooks(hooks)
    logger.level, logger.handlers, logger.propagate = kept


def test_an_import_changes_nothing() -> None:
    """
    Of a fresh interpreter that has imported what this package stands on.
    """
    done = subprocess.run([sys.executable, "-c", IMPORTS], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("{}\n", "")


def test_a_whole_life_of_a_link_changes_nothing(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    As the dynamic host sees it: with retries, warnings, failures, and options that fail after the link was created.
    """
    monkeypatch.setattr(sys, "tracebacklimit", 7, raising=False)
    found = emulator.environment()
    settings = {"workspace": "acme", "apiKey": found["NEETOCAL_API_KEY"], "baseUrl": found["NEETOCAL_BASE_URL"]}
    provider = SchedulingLinkProvider()
    before = snapshot()

    provider.configure(ConfigureRequest(Config({f"neetocal:{key}": text for key, text in settings.items()}, "p")))
    assert provider.check({}, {**LINK, "adopt": True}).failures == []
    emulator.fault("status", status=503, path="/meetings/*", times=1)
    made = provider.create(LINK)
    outputs = provider.update(made.id, dict(made.outs or {}), {**LINK, "name": "Another"}).outs
    provider.read(made.id, dict(outputs or {}))
    with pytest.raises(Exception, match="is taken"):
        provider.create(LINK)
    served(provider, made.id, dict(outputs or {}))
    provider.delete(made.id, dict(outputs or {}))
    disconnect()

    # One more for this package's own, see below.
    assert {name: kept for name, kept in changed(before, snapshot()).items() if not name.startswith("retries")} == {}


def served(provider: SchedulingLinkProvider, sid: str, olds: dict[str, Any]) -> None:
    """
    Let an update fail in a call of a host, which records what there is.
    """
    recorded: list[Any] = []
    request, context = SimpleNamespace(inputs=None), SimpleNamespace(abort=abort, set_trailing_metadata=recorded.append)
    with pytest.raises(Exception, match="is_multiple_spots_allowed is False"):
        provider.update(sid, olds, {**LINK, "name": "Another", "is_multiple_spots_allowed": True})
    del request, context
    assert len(recorded) == 1


def abort(_code: grpc.StatusCode, _details: str) -> None:
    """
    End a call as gRPC does.
    """
    raise Exception  # noqa: TRY002


def test_the_hooks_of_others_hear_of_their_own_retries_alone() -> None:
    """
    The dynamic host serves all dynamic providers of a program, and stamina has one list of hooks for all.
    """
    heard: list[str] = []
    stamina.instrumentation.set_on_retry_hooks([lambda details: heard.append(str(details.caused_by))])
    for _ in range(2):
        log.start(None)
        log.hook_retries()

    for error in (KeyError("theirs"), NeetoCalError("ours")):
        with pytest.raises(type(error)):
            fail(error)

    assert heard == ["'theirs'"] * 2
    assert len(stamina.instrumentation.get_on_retry_hooks()) == 2  # theirs and ours


@stamina.retry(on=(KeyError, NeetoCalError), attempts=3)
def fail(error: Exception) -> None:
    """
    Fail until there is no further attempt.
    """
    raise error


def test_a_call_leaves_its_thread_the_event_loop_that_it_has() -> None:
    """
    Another provider of the same host may keep one there.
    """
    mine = asyncio.new_event_loop()
    recorded: list[Any] = []

    def call() -> asyncio.AbstractEventLoop:
        asyncio.set_event_loop(mine)
        request, context = None, SimpleNamespace(set_trailing_metadata=recorded.append)
        DynamicHost({}).record_partial_state("8r3rs2k", LINK, ["It is not."])
        del request, context
        return asyncio.get_event_loop()

    with closing(mine), ThreadPoolExecutor() as pool:
        assert pool.submit(call).result() is mine
    assert len(recorded) == 1
