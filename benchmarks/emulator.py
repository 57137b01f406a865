"""
Measure the emulator: how fast it starts, seeds, lists and answers.

    python -m benchmarks.emulator [--links 100000] [--requests 8000]

The load comes from another process than the server, over loopback, on eight
connections that are kept open; so two cores are busy. The waits are a client's own,
from sending a request until its whole answer is read. Beside a figure stands what it
should be, where that was promised.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx

KEY = "bench-key"
HOSTS = [f"member-{number}@bench.example" for number in range(20)]
BUSY_HOST = HOSTS[0]
CONNECTIONS = 8
API = "/api/external/v2"
CHANGES = 1_000

# What was promised.
START_S = 0.5
LIST_S = 0.02
GETS_PER_S = 1_000

LISTS = {
    "": "no filter",
    f"&host_email={BUSY_HOST}": "host of all links",
    f"&host_email={HOSTS[7]}": "host of one link in nineteen",
    f"&host_email[]={BUSY_HOST}&host_email[]={HOSTS[7]}": "two hosts, all links",
    "&search=bench": "search, found in all",
    "&search=link-77": "search, found in some",
    "&search=nothing": "search, found in none",
    f"&search=link&host_email={BUSY_HOST}": "search and host, all links",
}


def main() -> None:
    """
    Measure everything and print a table.
    """
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0] if __doc__ else None)
    parser.add_argument("--links", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=8_000)
    parser.add_argument("--load", nargs=3, metavar=("URL", "PATH", "COUNT"), help=argparse.SUPPRESS)
    parser.add_argument("--crowd", nargs=3, metavar=("URL", "SID", "PAGES"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load:
        url, path, count = arguments.load
        tell(f"{asyncio.run(load(url, path, int(count)))}")
        return
    if arguments.crowd:
        url, sid, pages = arguments.crowd
        tell(f"{asyncio.run(crowd(url, sid, int(pages)))}")
        return
    tell(f"{'what':50} {'measured':>16}  target")
    measure_start()
    measure_filled(arguments.links, arguments.requests)


def measure_start() -> None:
    """
    Start the command a few times, until its first answer.
    """
    times = []
    for _ in range(5):
        started = time.perf_counter()
        with serving() as url:
            httpx.get(f"{url}/_emulator/health", trust_env=False, verify=False)  # noqa: S501  # plain http
            times.append(time.perf_counter() - started)
    median = statistics.median(times)
    row("start until the first answer", f"{median:.2f} s", f"< {START_S} s", is_met=median < START_S)


def measure_filled(links: int, requests: int) -> None:
    """
    Fill a workspace, then list, get, look at it and change it.
    """
    with serving() as url:
        data = json.dumps(bulk(links)).encode()
        headers = {"Content-Type": "application/json"}
        _, seconds = timed(lambda: httpx.post(f"{url}/_emulator/seed", content=data, headers=headers, **PLAIN))
        row(f"seeding {links:,} links", f"{seconds:.2f} s")
        with httpx.Client(base_url=f"{url}{API}", headers={"X-Api-Key": KEY}, **PLAIN) as client:
            sid = client.get("/meetings", params={"page_size": 1}).json()["meetings"][0]["sid"]
            measure_lists(client, links)
            for path, name in gets(sid).items():
                rate = measured_rate("--load", url, f"{API}{path}", str(requests))
                row(f"GETs, {name}", f"{rate:,.0f} /s", f"> {GETS_PER_S:,} /s", is_met=rate > GETS_PER_S)
            for pages, name in ((0, "nobody looks"), (1, "a page is open")):
                rate = measured_rate("--crowd", url, sid, str(pages))
                row(f"GETs while {CHANGES:,} changes come in, {name}", f"{rate:,.0f} /s")
            measure_members(client)


def gets(sid: str) -> dict[str, str]:
    """
    Return paths with their names.
    """
    return {
        f"/meetings/{sid}": "one link",
        "/meetings?page_number=1": "a full page of 30 links",
        f"/meetings/{sid}/durations": "durations of a link",
        "/team-members": "20 team members",
    }


def measure_members(client: httpx.Client) -> None:
    """
    Change and remove the host of all links.
    """
    (busy,) = client.get("/team-members", params={"email": BUSY_HOST}).json()["team_members"]
    path = f"/team-members/{busy['id']}"
    client.patch(path, json={"first_name": "Ada"})
    row("first list after a member's new name", f"{timed(lambda: client.get('/meetings'))[1] * 1e3:.1f} ms")
    row("removing the host of all links", f"{timed(lambda: client.delete(path))[1]:.2f} s")
    row("first list after that", f"{timed(lambda: client.get('/meetings'))[1] * 1e3:.1f} ms")


def measure_lists(client: httpx.Client, links: int) -> None:
    """
    List near, middle and far pages of two sizes under every filter; the slowest counts.
    """
    for query, name in LISTS.items():
        waits = []
        for size in (30, 100):
            last = -(-links // size)
            for number in (1, last // 2, last, last + 10):
                # The first answer counts as much as the next.
                for _ in range(3):
                    address = f"/meetings?page_number={number}&page_size={size}{query}"
                    waits.append(timed(partial(client.get, address))[1])
        figures = f"{statistics.median(waits) * 1e3:.1f} / {max(waits) * 1e3:.1f} ms"
        row(f"list, {name}: median / slowest", figures, f"< {LIST_S * 1e3:.0f} ms", is_met=max(waits) < LIST_S)


def measured_rate(*arguments: str) -> float:
    """
    Return how many requests a second are answered to another process.
    """
    command = [sys.executable, "-m", "benchmarks.emulator", *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603  # ours


async def load(url: str, path: str, count: int) -> float:
    """
    Send so many GETs on some connections and return how many a second were answered.
    """
    connections = [await Connection.to(url) for _ in range(CONNECTIONS)]
    request = written(url, "GET", path)

    async def ask(connection: Connection) -> None:
        for _ in range(count // CONNECTIONS):
            await connection.ask(request)

    started = time.perf_counter()
    await asyncio.gather(*map(ask, connections))
    return count // CONNECTIONS * CONNECTIONS / (time.perf_counter() - started)


async def crowd(url: str, sid: str, pages: int) -> float:
    """
    Change a link again and again while others get it and some look at the page; return the GETs a second.
    """
    get = written(url, "GET", f"{API}/meetings/{sid}")
    watchers = [asyncio.create_task(watch(url)) for _ in range(pages)]
    connections = [await Connection.to(url) for _ in range(CONNECTIONS)]
    changer = asyncio.create_task(change(url, sid))

    async def ask(connection: Connection) -> int:
        count = 0
        while not changer.done():
            await connection.ask(get)
            count += 1
        return count

    started = time.perf_counter()
    counts = await asyncio.gather(*map(ask, connections))
    seconds = time.perf_counter() - started
    await changer
    for watcher in watchers:
        watcher.cancel()
    return sum(counts) / seconds


async def change(url: str, sid: str) -> None:
    """
    Rename a link many times.
    """
    connection = await Connection.to(url)
    for number in range(CHANGES):
        body = json.dumps({"name": f"Change {number}"})
        await connection.ask(written(url, "PATCH", f"{API}/meetings/{sid}", body))


async def watch(url: str) -> None:
    """
    Do what an open page does: ask for the overview at each event, and rest as long as it does.
    """
    stream, connection = await Connection.to(url), await Connection.to(url)
    stream.writer.write(written(url, "GET", "/_emulator/events"))
    revision, after = "", 0
    while True:
        await stream.reader.readuntil(b"event: change")
        path = f"/_emulator/overview?workspace=bench&links=200&revision={revision}&after={after}"
        answer = json.loads(await connection.ask(written(url, "GET", path)))
        revision, after = answer["revision"], answer["journal"]["last"]
        await asyncio.sleep(min(4 * answer["took_ms"] / 1e3, 3))


@dataclass
class Connection:
    """
    A connection that is kept open.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, url: str) -> Connection:
        """
        Connect.
        """
        address = urlsplit(url)
        return cls(*await asyncio.open_connection(address.hostname, address.port))

    async def ask(self, request: bytes) -> bytes:
        """
        Send a request and return the body of its answer.
        """
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(head.decode())
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        return await self.reader.readexactly(int(length))


def written(url: str, method: str, path: str, body: str = "") -> bytes:
    """
    Write a request.
    """
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nX-Api-Key: {KEY}\r\n{length}\r\n"
    return f"{head}{body}".encode()


def bulk(links: int) -> dict[str, Any]:
    """
    Make a seed of so many links, all of which the busy host hosts.
    """
    others = HOSTS[1:]
    return {
        "workspaces": {
            "bench": {
                "api_keys": [KEY],
                "team_members": [{"email": email, "organization_role": "Admin"} for email in HOSTS],
                "meetings": [
                    {
                        "slug": f"bench-link-{number}",
                        "name": f"Bench link number {number}",
                        "hosts": [BUSY_HOST, others[number % len(others)]],
                        "duration": 30,
                    }
                    for number in range(links)
                ],
            }
        }
    }


PLAIN: dict[str, Any] = {"trust_env": False, "verify": False, "timeout": 120}


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """
    Serve in a process of its own; gives the address.
    """
    command = [sys.executable, "-m", "neetocal_emulator", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ours
        try:
            yield str(process.stdout and process.stdout.readline().split()[3])
        finally:
            process.terminate()


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """
    Return what *work* returns, and how many seconds it took.
    """
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def row(name: str, value: str, target: str = "", *, is_met: bool = True) -> None:
    """
    Print one line of the table.
    """
    verdict = f"{target}: {'met' if is_met else 'MISSED'}" if target else ""
    tell(f"{name:50} {value:>16}  {verdict}".rstrip())


def tell(line: str) -> None:
    """
    Print a line at once.
    """
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
