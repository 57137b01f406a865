"""
Measure the emulator: how fast it starts, seeds, lists and answers.

    python -m benchmarks.emulator [--links 100000] [--requests 8000]

The load comes from another process than the server, over loopback, on eight
connections that are kept open; so two cores are busy. The waits are a client's own,
from sending a request until its whole answer is read.
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
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx

KEY = "bench-key"
HOSTS = [f"member-{number}@bench.example" for number in range(20)]
BUSY_HOST = HOSTS[0]
CONNECTIONS = 8
API = "/api/external/v2"

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
    arguments = parser.parse_args()
    if arguments.load:
        url, path, count = arguments.load
        tell(f"{asyncio.run(load(url, path, int(count)))}")
        return
    tell(f"{'what':44} {'measured':>14}")
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
    row("start until the first answer", f"{statistics.median(times):.2f} s")


def measure_filled(links: int, requests: int) -> None:
    """
    Fill a workspace, then list and get.
    """
    with serving("--no-page") as url:
        data = json.dumps(bulk(links)).encode()
        headers = {"Content-Type": "application/json"}
        _, seconds = timed(lambda: httpx.post(f"{url}/_emulator/seed", content=data, headers=headers, **PLAIN))
        row(f"seeding {links:,} links", f"{seconds:.2f} s")
        with httpx.Client(base_url=f"{url}{API}", headers={"X-Api-Key": KEY}, **PLAIN) as client:
            sid = client.get("/meetings", params={"page_size": 1}).json()["meetings"][0]["sid"]
            measure_lists(client, links)
        for path in (f"/meetings/{sid}", "/meetings?page_number=1", f"/meetings/{sid}/durations", "/team-members"):
            row(f"GET {path.replace(sid, '{sid}')}", f"{measured_rate(url, path, requests):,.0f} /s")


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
        row(f"list, {name}", f"{statistics.median(waits) * 1e3:.1f} / {max(waits) * 1e3:.1f} ms")


def measured_rate(url: str, path: str, requests: int) -> float:
    """
    Return how many requests a second are answered to another process.
    """
    command = [sys.executable, "-m", "benchmarks.emulator", "--load", url, f"{API}{path}", str(requests)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603  # ours


async def load(url: str, path: str, count: int) -> float:
    """
    Send so many GETs on some connections and return how many a second were answered.
    """
    address = urlsplit(url)
    request = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nX-Api-Key: {KEY}\r\n\r\n".encode()
    connections = [await asyncio.open_connection(address.hostname, address.port) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    await asyncio.gather(*(ask(*each, request, count // CONNECTIONS) for each in connections))
    seconds = time.perf_counter() - started
    for _, writer in connections:
        writer.close()
    return count // CONNECTIONS * CONNECTIONS / seconds


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, count: int) -> None:
    """
    Send one request after the other, each when the last was answered.
    """
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(head.decode())
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))


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


def row(name: str, value: str) -> None:
    """
    Print one line of the table.
    """
    tell(f"{name:44} {value:>14}")


def tell(line: str) -> None:
    """
    Print a line at once.
    """
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
