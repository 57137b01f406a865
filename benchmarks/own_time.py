"""
Measure what is ours of a link's processor time, beside Pulumi's and the API's, and what importing the package costs.

    python -m benchmarks.own_time [--links 1000] [--rounds 3]

First the engine deploys links that did not change, with each provider in turn. Of the program, the time from its first
link to its end is divided by the links; of the provider's process, what it takes more than for a stack of one link.

Then it calls the provider as Pulumi's dynamic host does, against the emulator in another process, and counts the
processor time of the thread: waiting for an answer takes none, so what remains is our own work and httpx's. The same
requests are then sent by httpx alone; the difference is ours. A read is told from a page that was read for a hundred
links: httpx's part of it is not taken off.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pulumi.dynamic import Config, ConfigureRequest

from benchmarks.api import KEY, Api, serving
from benchmarks.stack import Stack
from benchmarks.wire import meetings
from neetocal_provider.scheduling_link import SchedulingLinkProvider

IMPORTS = 15
IMPORT = (
    "import pulumi, pulumi.dynamic, time\n"
    "began = time.process_time()\n"
    "from neetocal_provider import SchedulingLink\n"
    "print(time.process_time() - began)"
)

Given = TypeVar("Given")
Made = TypeVar("Made")


def main() -> None:
    """
    Measure and print a table.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.own_time", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--links", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3, help="how often links that did not change are deployed")
    options = parser.parse_args()
    links = options.links
    with serving() as api:
        _tell_unchanged(api, links, options.rounds)
        os.environ.update(api.environment())
        ours, bare = _Clock(), _Clock()
        _call(api, links, ours)
        _send(api, links, bare)
    _tell("| Call, median of milliseconds | with httpx | httpx alone | ours |", "| --- | --- | --- | --- |")
    for name, took in ours.took.items():
        with_http, http = (1000 * statistics.median(each) for each in (took, bare.took.get(name, [0.0])))
        _tell(f"| {name} | {with_http:.2f} | {http:.2f} | {with_http - http:.2f} |")
    imports = [_import_seconds() for _ in range(IMPORTS)]
    _tell(f"Importing SchedulingLink, beyond pulumi: {1000 * statistics.median(imports):.0f} ms (median of {IMPORTS}).")


PROVIDERS = ("plain", "plain, as many outputs", "dynamic", "native")
"""The contenders of programs/bench.py that are measured."""


def _tell_unchanged(api: Api, links: int, rounds: int) -> None:
    """
    Print what a link takes that did not change: in the best round, since other work on the machine only adds to it.
    """
    with tempfile.TemporaryDirectory(prefix="neetocal-bench-") as name:
        measured = {provider: _Unchanged(Path(name), api, provider, links) for provider in PROVIDERS}
        for _ in range(rounds):
            for unchanged in measured.values():
                unchanged.deploy()
    columns = [*PROVIDERS, "dynamic beyond plain", "dynamic beyond as many outputs"]
    _tell(f"| Processor ms of a link that did not change, of {links:,} | {' | '.join(columns)} |")
    _tell("|---|" + "--:|" * len(columns))
    _tell_row("provider's process: check and diff", [min(each.plugin) for each in measured.values()])
    _tell_row("program: declare and register", [min(each.program) for each in measured.values()])


def _tell_row(title: str, seconds: Sequence[float]) -> None:
    """
    Print what each provider takes, and what is ours of it.
    """
    plain, as_many_outputs, dynamic, _native = seconds
    cells = [f"{1000 * each:.2f}" for each in (*seconds, dynamic - plain, dynamic - as_many_outputs)]
    _tell(f"| {title} | {' | '.join(cells)} |")


class _Unchanged:
    """
    A stack of links and one of a single link, with one provider, and the seconds that each link takes, by rounds.
    """

    def __init__(self, folder: Path, api: Api, provider: str, links: int) -> None:
        self.plugin: list[float] = []
        self.program: list[float] = []
        self._links = links
        self._written = folder / provider / "processor"
        self._stacks = [self._created(folder / provider / f"{number}", api, provider, number) for number in (1, links)]

    def _created(self, folder: Path, api: Api, provider: str, links: int) -> Stack:
        folder.mkdir(parents=True)
        api.begin(0)
        variables = {
            "BENCH_CONTENDER": provider,
            "BENCH_LINKS": f"{links}",
            "BENCH_PROCESSOR": str(self._written),
            "PULUMI_SKIP_CHECKPOINTS": "true",
        }
        stack = Stack(folder, {**api.environment(), **variables})
        stack.do("create")
        return stack

    def deploy(self) -> None:
        """
        Deploy both stacks once more.
        """
        one, many = [stack.do("no change").plugin_seconds for stack in self._stacks]
        self.plugin.append((many - one) / (self._links - 1))
        self.program.append(float(self._written.read_text()) / self._links)  # written by the last program


class _Clock:
    """
    Counts this thread's processor time, call by call.
    """

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = {}

    def each(self, name: str, work: Callable[[Given], Made], those: Iterable[Given]) -> list[Made]:
        """
        Do some work on each of those and return what it returns.
        """
        made = []
        for each in those:
            began = time.thread_time()
            made.append(work(each))
            self.took.setdefault(name, []).append(time.thread_time() - began)
        return made


def _call(api: Api, links: int, clock: _Clock) -> None:
    """
    Lead links through their life, as the host hands them over: numbers are floats.
    """
    api.begin(0)
    provider = SchedulingLinkProvider()
    provider.configure(ConfigureRequest(Config({}, "bench")))
    declared: list[dict[str, Any]] = [{**link, "duration": 30.0} for link in meetings(links)]
    clock.each("check", lambda news: provider.check({}, news), declared)
    made = clock.each("create", provider.create, declared)
    live = [(link.id, link.outs or {}, news) for link, news in zip(made, declared, strict=True)]
    clock.each("diff", lambda link: provider.diff(*link), live)
    clock.each("read", lambda link: provider.read(link[0], link[1]), live)
    clock.each("update", lambda link: provider.update(link[0], link[1], {**link[2], "duration": 45.0}), live)
    clock.each("delete", lambda link: provider.delete(link[0], link[1]), live)


def _send(api: Api, links: int, clock: _Clock) -> None:
    """
    Send the requests of the same life.
    """
    api.begin(0)
    with httpx.Client(base_url=f"{api.url}/api/external/v2/", headers={"X-Api-Key": KEY}, trust_env=False) as http:
        made = clock.each("create", lambda body: http.post("meetings", json=body).json(), meetings(links))
        sids = [answer["meeting"]["sid"] for answer in made]
        clock.each("update", lambda sid: http.patch(f"meetings/{sid}", json={"duration": 45}).json(), sids)
        clock.each("delete", lambda sid: http.delete(f"meetings/{sid}"), sids)  # but one or two look for bookings, too


def _import_seconds() -> float:
    command = [sys.executable, "-c", IMPORT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own line
    return float(done.stdout)


def _tell(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main()
