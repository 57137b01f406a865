"""
The command line: `serve` and `run` are an emulator, the other commands talk to a running one.
"""

from __future__ import annotations

import json
import shlex
import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click

from neetocal_emulator.control_client import ControlClient
from neetocal_emulator.emulator import Emulator
from neetocal_emulator.errors import EmulatorError, SetupError
from neetocal_emulator.run_command import CommandError, run_command
from neetocal_emulator.seed import read_seed_file
from neetocal_emulator.server import LOOPBACK, PortTakenError, is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

__all__ = ["main"]

_DEFAULT_PORT = 8470

_seed_option = click.option(
    "--seed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML file with workspaces, team members, templates and links. Default: one that comes with the package.",
)
_page_option = click.option(
    "--page/--no-page", default=True, show_default=True, help="Whether to show a web page at /."
)
_state_option = click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="SQLite file that keeps everything; not seeded again when it holds data. Default: memory.",
)
_url_option = click.option(
    "--url",
    envvar="NEETOCAL_BASE_URL",
    default=f"http://{LOOPBACK}:{_DEFAULT_PORT}",
    show_default="NEETOCAL_BASE_URL, else the port that serve takes",
    help="Where the emulator listens.",
)
_PORT = click.IntRange(0, 65535)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="neetocal-provider", message="%(version)s")
def main() -> None:
    """
    Answer as neetoCal's API does, on this machine, without an account.
    """


@main.command()
@click.option("--port", type=_PORT, default=_DEFAULT_PORT, show_default=True, help="0 takes a free one.")
@click.option("--host", default=LOOPBACK, show_default=True, help="An address that others can reach needs this flag.")
@_seed_option
@_state_option
@_page_option
def serve(port: int, host: str, seed: Path | None, state: Path | None, page: bool) -> None:
    """
    Serve until Ctrl-C.
    """
    stop = _stop_event()
    emulator = Emulator(seed=seed, state=state, port=port, host=host, page=page)
    try:
        emulator.start()
    except PortTakenError as error:
        raise click.ClickException(f"{error} Choose another with --port; 0 takes a free one.") from error
    except SetupError as error:
        raise click.ClickException(str(error)) from error
    if not is_loopback(host):
        click.echo(
            f"Warning: on {host} everybody who reaches this machine can read and change what the emulator holds.",
            err=True,
        )
    click.echo(_greeting(emulator, state))
    # A wait without end cannot be interrupted on every system.
    while not stop.wait(0.5):
        pass
    emulator.stop()
    click.echo("Stopped.")


@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--port", type=_PORT, default=0, help="Default: a free one.")
@_seed_option
@_state_option
@_page_option
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(port: int, seed: Path | None, state: Path | None, page: bool, command: tuple[str, ...]) -> None:
    """
    Run COMMAND with an emulator beside it.

    COMMAND finds NEETOCAL_BASE_URL, NEETOCAL_API_KEY and NEETOCAL_WORKSPACE in its environment.
    The emulator stops with it and exits with its exit status.
    """
    try:
        emulator = _started_somewhere(lambda port: Emulator(seed=seed, state=state, port=port, page=page), port)
    except SetupError as error:
        raise click.ClickException(str(error)) from error
    try:
        status = run_command(command, emulator.environment())
    except CommandError as error:
        click.echo(f"neetocal-emulator: {error}", err=True)
        status = error.status
    finally:
        emulator.stop()
    raise SystemExit(status)


@main.command()
@_url_option
def reset(url: str) -> None:
    """
    Bring a running emulator back to its seed.
    """
    with _errors_told():
        ControlClient(url).reset()
    click.echo("Reset.")


@main.command()
@_url_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def seed(url: str, file: Path) -> None:
    """
    Give a running emulator FILE as its seed, and bring it there.
    """
    with _errors_told():
        ControlClient(url).seed(read_seed_file(file))
    click.echo("Seeded.")


@main.command()
@_url_option
@click.option("--json", "as_json", is_flag=True, help="Whole requests and answers, as JSON.")
def requests(url: str, as_json: bool) -> None:
    """
    Show what a running emulator was asked since its last reset, oldest first.
    """
    with _errors_told():
        entries = ControlClient(url).requests()
    if as_json:
        click.echo(json.dumps(entries, indent=2))
        return
    for entry in entries:
        click.echo(_request_line(entry))


@contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except EmulatorError as error:
        raise click.ClickException(str(error)) from error


def _request_line(entry: Mapping[str, Any]) -> str:
    query = urlencode(entry["query"], doseq=True)
    status = entry["status"] or "cut"
    target = f"{entry['path']}?{query}" if query else entry["path"]
    return f"{entry['at']}  {status}  {entry['duration_ms']:8.1f} ms  {entry['method']:6} {target}"


def _started_somewhere(build: Callable[[int], Emulator], port: int) -> Emulator:
    """
    Start on the port, or on a free one with a notice when that is taken.
    """
    emulator = build(port)
    try:
        emulator.start()
    except PortTakenError:
        if port == 0:
            raise
        emulator = build(0)
        emulator.start()
        click.echo(f"neetocal-emulator: port {port} is taken, listening on {emulator.url} instead.", err=True)
    return emulator


def _stop_event() -> threading.Event:
    stop = threading.Event()

    def on_signal(_: int, __: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    return stop


def _greeting(emulator: Emulator, state: Path | None) -> str:
    exports = [f"  export {name}={shlex.quote(value)}" for name, value in emulator.environment().items()]
    others = [f"  {name}: {emulator.environment(name)['NEETOCAL_API_KEY']}" for name in emulator.workspaces[1:]]
    return "\n".join(
        [
            f"neetoCal emulator on {emulator.url} (Ctrl-C stops it)",
            f"State: {state or 'in memory, gone when it stops'}",
            "",
            *exports,
            *(["", "Keys of the other workspaces:", *others] if others else []),
        ]
    )
