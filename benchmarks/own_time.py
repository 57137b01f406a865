"""
Measure what a call costs beside the API and the engine, and what importing the package costs.

    python -m benchmarks.own_time [--links 300]

Calls the provider as Pulumi's dynamic host does, against the emulator in another process, and counts the processor
time of the thread: waiting for an answer takes none, so what remains is our own work and httpx's. The same requests are
then sent by httpx alone; the difference is ours. A read is told from a page that was read for a hundred links: httpx's
part of it is not taken off.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import httpx
from pulumi.dynamic import Config, ConfigureRequest

from benchmarks.api import KEY, Api, serving
from benchmarks.wire import PAGE_SIZE, meetings
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
    parser.add_argument("--links", type=int, default=300)
    links = parser.parse_args().links
    with serving() as api:
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
        bookings = f"bookings?type=upcoming&page_number=1&page_size={PAGE_SIZE}&meeting_sid="
        clock.each("delete", lambda sid: (http.get(f"{bookings}{sid}").json(), http.delete(f"meetings/{sid}")), sids)


def _import_seconds() -> float:
    command = [sys.executable, "-c", IMPORT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own line
    return float(done.stdout)


def _tell(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main()
