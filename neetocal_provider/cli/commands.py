"""
The command line. A command is a function below; `_workspace_options` gives it the settings, `_errors_told` its manners.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import click
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider

import neetocal_provider
from neetocal_provider import log
from neetocal_provider.api.client import Client
from neetocal_provider.cli import plugin_launcher
from neetocal_provider.cli.doctor import Finding, examine
from neetocal_provider.cli.export import Export, find
from neetocal_provider.cli.export import export as exported
from neetocal_provider.cli.program_generator import program
from neetocal_provider.cli.pulumi_cli import engine_problem, stored_config
from neetocal_provider.core.search import Query
from neetocal_provider.dynamic.resource import DynamicResource
from neetocal_provider.errors import AuthenticationError, ConfigError, NeetoCalError
from neetocal_provider.log import LOGGER
from neetocal_provider.native.schema import package
from neetocal_provider.resources.registry import RESOURCE_TYPES
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.sdk.plugin_search import PACKAGE, PLUGIN, installed_launchers, scripts
from neetocal_provider.settings import API_VERSIONS, SETTINGS, Settings, load_settings
from neetocal_provider.teams import stack_schema, team_schema
from neetocal_provider.verify.runner import Report, Verdict, verify

__all__ = ["main"]

Command = TypeVar("Command", bound=Callable[..., None])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="neetocal-provider", message="%(version)s")
def main() -> None:
    """
    Tools around neetoCal scheduling links as Pulumi resources.

    The API key is read from NEETOCAL_API_KEY, and never from a flag; the other settings from flags or the environment.
    """
    log.start(SETTINGS["log"].find(lambda _key: None))


def _workspace_options(command: Command) -> Command:
    """
    Give a command the settings of a workspace; its parameter `flags` says which of them came by flag.
    """
    for name, words in reversed(_WORKSPACE_FLAGS.items()):
        setting = SETTINGS[name]
        default = f" Default: {setting.variable}{f', else {setting.default}' if setting.default else ''}."
        command = click.option(
            words, name, help=f"{setting.purpose[0].upper()}{setting.purpose[1:]}.{default}", **_KINDS.get(name, {})
        )(command)
    return command


_WORKSPACE_FLAGS = {"workspace": "--workspace", "base_url": "--base-url", "api_version": "--api-version"}
_KINDS: Mapping[str, Any] = {"api_version": {"type": click.Choice(API_VERSIONS)}}


def _settings(flags: Mapping[str, str | None]) -> Settings:
    given = {SETTINGS[name].config_key: value for name, value in flags.items()}
    return load_settings(given.get)


@contextmanager
def _errors_told(operation: str) -> Iterator[None]:
    """
    Let expected errors reach the user as a sentence that begins with what could not be done.
    """
    try:
        yield
    except (NeetoCalError, OSError) as error:
        LOGGER.debug("%s:", operation, exc_info=error)
        where = " This command reads its flags and the environment, not the stack config."
        is_of_settings = isinstance(error, ConfigError | AuthenticationError)
        raise click.ClickException(f"{operation}: {error}{where if is_of_settings else ''}") from error


# Export


@dataclass(frozen=True, kw_only=True)
class _Files:
    """
    Where an export goes; the program's name is that of a module, so that `__main__.py` can import it.
    """

    program: Path
    imports: Path

    @classmethod
    def of(cls, team: str | None, kinds: Sequence[str], folder: Path) -> _Files:
        """
        Name the files after the first kind of what they hold, and after a team if there is one.
        """
        *qualifier, noun = kinds[0].rsplit("-", 1)
        stem = re.sub("[^a-z0-9]+", "_", " ".join([*([team] if team else qualifier), f"{noun}s"]).lower())
        return cls(program=folder / f"{stem}.py", imports=folder / f"{stem}.import.json")

    def refuse_existing(self) -> None:
        """
        Raise where one of them is there already.
        """
        existing = [str(path) for path in (self.program, self.imports) if path.exists()]
        if existing:
            raise click.ClickException(
                f"{' and '.join(existing)} would be overwritten: give another --out or --team, or --force."
            )


def _team(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9 _-]*", value):
        raise click.BadParameter("it names files: begin with a letter; then letters, digits, spaces, - and _.")
    return value


_KINDS_TO_EXPORT = {type_.schema.kind: name for name, type_ in RESOURCE_TYPES.items() if type_.schema.is_exportable}
"""By what `--kind` calls it, the name of each resource type that can be exported."""


@main.command()
@_workspace_options
@click.option(
    "--kind",
    "chosen",
    type=click.Choice([*_KINDS_TO_EXPORT]),
    multiple=True,
    default=[SCHEDULING_LINK.schema.kind],
    help=f"A resource type to export; repeat it for several. Default: {SCHEDULING_LINK.schema.kind}.",
)
@click.option(
    "--host",
    "hosts",
    metavar="EMAIL",
    multiple=True,
    help="Only objects with this host; several times for objects with any of these hosts.",
)
@click.option("--search", metavar="TEXT", default="", help="Only objects with this text in their name or slug.")
@click.option(
    "--team",
    metavar="NAME",
    callback=_team,
    help="Name the files after a team. neetoCal knows no teams: say which links are the team's with --host for each "
    "member, or with --search.",
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to write to. Default: this one.",
)
@click.option("--force", is_flag=True, help="Overwrite files that are there already.")
@click.option("--quiet", "-q", is_flag=True, help="Say only what is wrong.")
def export(
    chosen: tuple[str, ...],
    hosts: tuple[str, ...],
    search: str,
    team: str | None,
    out: Path,
    force: bool,
    quiet: bool,
    **flags: str | None,
) -> None:
    """
    Write a program and an import file for links, or other objects, that exist.

    The program declares each object as it is. The import file lets `pulumi import --file` record the objects in a
    stack, without a request to neetoCal; afterwards a preview of the program has nothing to do.

    Objects that belong to others, such as services to links, are exported with those: --host and --search filter the
    links, whether these are exported or not.

    Nothing is changed in neetoCal. Objects that cannot be declared are skipped and named.
    """
    kinds = [kind for kind in _KINDS_TO_EXPORT if kind in chosen]
    files = _Files.of(team, kinds, out)
    with _errors_told(f"The {_all_nouns(kinds)} could not be exported"):
        if not force:
            files.refuse_existing()
        settings = _settings(flags)
        is_shown = not quiet and settings.log == "off" and sys.stderr.isatty()
        with closing(Client(settings)) as client, _progress(is_shown=is_shown) as progress:
            names = [_KINDS_TO_EXPORT[kind] for kind in kinds]
            objects = find(client, names, Query(search=search, hosts=hosts), progress)
        found = exported(objects, settings, names)
        if found.resources:
            _write(files, found, settings, kinds, team)
    for each in found.skipped:
        click.echo(f"Skipped {each.title!r}: {'; '.join(each.reasons)}.", err=True)
    if not found.resources:
        nouns = " or ".join(RESOURCE_TYPES[name].schema.noun for name in names)
        click.echo(f"No {nouns} to export in workspace {settings.workspace!r}; nothing was written.", err=True)
        return
    if not quiet:
        click.echo(_farewell(files, found, settings))
    problem = engine_problem()
    if problem:
        click.echo(problem, err=True)


def _write(files: _Files, found: Export, settings: Settings, kinds: Sequence[str], team: str | None) -> None:
    files.program.parent.mkdir(parents=True, exist_ok=True)
    whose = f"team {team} in workspace {settings.workspace}" if team else f"workspace {settings.workspace}"
    titles = _all_of([f"{' '.join(kind.rsplit('-', 1))}s" for kind in kinds])
    files.program.write_text(
        program(found.resources, title=f"The {titles} of {whose}."), encoding="utf-8", newline="\n"
    )
    resources = [each.to_import(settings, _provider_property(each.schema.name)) for each in found.resources]
    files.imports.write_text(json.dumps({"resources": resources}, indent=2) + "\n", encoding="utf-8", newline="\n")


@cache
def _provider_property(name: str) -> Mapping[str, str]:
    """
    Return what the dynamic host keeps among the properties of this resource type, as Pulumi's SDK makes it.
    """
    resource: type[DynamicResource] = getattr(neetocal_provider, name)
    return {PROVIDER_KEY: serialize_provider(resource._provider_class())}


def _all_nouns(kinds: Iterable[str]) -> str:
    return _all_of([f"{RESOURCE_TYPES[_KINDS_TO_EXPORT[kind]].schema.noun}s" for kind in kinds])


def _all_of(words: Sequence[str]) -> str:
    """
    Return words as one: "links, templates and services".
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _counted(found: Export) -> str:
    counts = Counter(each.schema.noun for each in found.resources)
    return _all_of([f"{count} {noun}{'s' if count > 1 else ''}" for noun, count in counts.items()])


def _farewell(files: _Files, found: Export, settings: Settings) -> str:
    # The project may be elsewhere, unless the files were put here.
    path = files.imports if files.imports.parent == Path() else files.imports.absolute()
    file = shlex.quote(str(path))
    return (
        f"Wrote {_counted(found)} to {files.program} and {files.imports}.\n\n"
        f"Next, in the Pulumi project that is to manage them, with {SETTINGS['workspace'].config_key} set to "
        f"{settings.workspace}:\n\n"
        f"  pulumi import --file {file} --protect=false --generate-code=false\n\n"
        f"Then put {files.program.name} beside __main__.py, add the line `import {files.program.stem}` to that, and "
        "make sure:\n\n"
        "  pulumi preview --expect-no-changes"
    )


@contextmanager
def _progress(*, is_shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """
    Show on a terminal how far the requests have come, with a bar for each kind of work.
    """
    bars: dict[str, Any] = {}

    def show(label: str, done: int, total: int) -> None:
        if label not in bars:
            _close(bars)
            bars[label] = click.progressbar(length=total, label=label, file=sys.stderr)
        bars[label].length = total
        bars[label].update(done - bars[label].pos)

    yield show if is_shown else lambda *_told: None
    _close(bars)


def _close(bars: Mapping[str, Any]) -> None:
    for bar in list(bars.values())[-1:]:
        bar.render_finish()


# Doctor


@main.command()
@click.option("--stack", default="", metavar="NAME", help="The stack whose config is read. Default: the selected one.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
def doctor(stack: str, is_json: bool) -> None:
    """
    Tell whether everything is in place.

    Shows each setting with where it came from (the config of the stack in this folder, the environment, the default),
    the versions, and whether neetoCal answers and accepts the key. Nothing is changed, and the key is not shown. The
    exit status is 1 where something is wrong.
    """
    found = examine(*stored_config(stack))
    if is_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        _show(found)
    if any(finding.problem for finding in found):
        sys.exit(1)


def _show(found: Sequence[Finding]) -> None:
    names, values = (max(len(getattr(finding, column)) for finding in found) for column in ("name", "value"))
    for finding in found:
        mark = click.style("x", fg="red") if finding.problem else click.style("+", fg="green")
        click.echo(f"{mark} {finding.name:{names}}  {finding.value:{values}}  {finding.source}".rstrip())
    for finding in found:
        if finding.problem:
            click.echo(f"\n{finding.problem}", err=True)


# Whether neetoCal answers as is assumed


@main.command()
@_workspace_options
@click.option(
    "--host",
    "hosts",
    metavar="EMAIL",
    multiple=True,
    help="A member who may host the links; twice for two. Default: the first two active members.",
)
@click.option("--beside-others", is_flag=True, help="Run it although the workspace has other links; they stay.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for a bug report: without keys and addresses.")
def verify_api(hosts: tuple[str, ...], beside_others: bool, is_json: bool, **flags: str | None) -> None:
    """
    Find out whether neetoCal answers as this package assumes.

    Makes throw-away links in an empty workspace, whose slugs begin with `verify-api-`, asks what nobody outside the
    vendor knows, and deletes them again, also after an error or Ctrl-C. No other link is touched. The exit status is 1
    where an answer does harm, a question was not reached or a link is left.
    """
    with _errors_told("The API could not be verified"):
        settings = _settings(flags)
        is_shown = settings.log == "off" and sys.stderr.isatty()
        with closing(Client(settings)) as client, _progress(is_shown=is_shown) as progress:
            report = verify(client, hosts=hosts, beside_others=beside_others, progress=progress)
    if is_json:
        click.echo(json.dumps(report.to_json(), indent=2))
    else:
        _tell(report)
    if report.troubles:
        sys.exit(1)


_MARKS = {
    Verdict.HOLDS: click.style("+", fg="green"),
    Verdict.TOLERATED: click.style("~", fg="yellow"),
    Verdict.BROKEN: click.style("x", fg="red"),
    Verdict.INCONCLUSIVE: "?",
}


def _tell(report: Report) -> None:
    columns = ("name", "question")
    names, questions = (max((len(getattr(each, name)) for each in report.results), default=0) for name in columns)
    for result in report.results:
        differs = result.verdict in (Verdict.TOLERATED, Verdict.BROKEN)
        found = f"{result.found}, not {result.assumed}" if differs else result.found
        click.echo(f"{_MARKS[result.verdict]} {result.name:{names}}  {result.question:{questions}}  {found}")
    counts = Counter(result.verdict for result in report.results)
    click.echo(f"\n{'; '.join(f'{each.value}: {counts[each]}' for each in Verdict if counts[each])}.")
    if report.switches:
        click.echo(f"The emulator answers like this account with Emulator(switches={report.switches}).")
    for trouble in report.troubles:
        click.echo(trouble, err=True)


# The plugin


@main.group()
def plugin() -> None:
    """
    Manage the plugin of the native provider.
    """


@plugin.command()
def install() -> None:
    """
    Let the Pulumi engine find the plugin of this environment, also if the environment is not on the PATH.

    Writes a launcher to Pulumi's plugin folder ($PULUMI_HOME/plugins, by default ~/.pulumi/plugins). It leads to one
    environment, the last that ran this command, and replaces other versions. Run it again after the environment has
    moved; an update of the package needs nothing. `pulumi plugin rm resource neetocal` removes it.
    """
    problem = plugin_launcher.install()
    if problem:
        raise click.ClickException(f"The plugin could not be installed: {problem}")
    for folder in installed_launchers(os.environ):
        click.echo(f"Wrote {folder}: it starts {scripts() / PLUGIN}.")
    click.echo(f"Remove it: pulumi plugin rm resource {PACKAGE}")


# Schemas

_SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {"stack": stack_schema, "team": team_schema, "pulumi": package}


@main.command()
@click.argument("of", type=click.Choice([*_SCHEMAS]))
def schema(of: str) -> None:
    """
    Print a schema with which editors complete and check YAML files, or from which Pulumi makes SDKs.

    STACK is a stack's file with teams under PROJECT:teams, as `declare_teams` reads it; TEAM is a file of one team;
    PULUMI is the native provider.
    """
    click.echo(json.dumps(_SCHEMAS[of](), indent=2))
