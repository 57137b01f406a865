"""
The parts of the documentation that the code knows: `python -m tools.reference` writes them into their pages.

A part stands between `<!-- NAME: … -->` and `<!-- end of NAME -->`; what is around it is written by hand.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import click

from neetocal_emulator import cli as emulator_cli
from neetocal_provider.cli import commands as provider_cli
from neetocal_provider.resources.link_fields import FIELDS
from neetocal_provider.resources.meeting_template import MEETING_TEMPLATE
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.scheduling_link import SchedulingLinkBase
from neetocal_provider.schema.fields import NO_DEFAULT, Field, Update
from neetocal_provider.schema.types import Choice, Emails, Flag, Options, Text, WholeNumber
from neetocal_provider.settings import SETTINGS
from neetocal_provider.verify.questions import ANY, QUESTIONS, Question

__all__ = ["PARTS", "renewed"]

DOCS = Path(__file__).parent.parent / "docs"


_BAR = "\\|"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cell.replace('|', _BAR) for cell in row)} |" for row in (head, *rows)]
    lines.insert(1, f"|{'---|' * len(head)}")
    return "\n".join(lines).replace("|  |", "| |")


# Arguments and outputs


def _arguments() -> str:
    head = ("Argument", "Type", "Meaning", "What counts as the same", "When it changes", "When it is removed")
    rows = (
        (f"`{each.name}`", _type(each), each.description, each.type.sameness, each.update.value, _removed(each))
        for each in FIELDS
    )
    return _table(head, rows)


def _template_arguments() -> str:
    head = ("Argument", "Type", "When it changes", "When it is removed")
    rows = (
        (f"`{each.name}`", _type(each, is_of_template=True), each.update.value, _removed(each))
        for each in MEETING_TEMPLATE.schema.fields
    )
    return _table(head, rows)


def _type(field: Field, *, is_of_template: bool = False) -> str:
    needs_v2 = field.needs_v2 and not is_of_template
    return f"{_kind(field)}{', required' if field.required else ''}{', v2' if needs_v2 else ''}"


def _kind(field: Field) -> str:
    if isinstance(field.type, Options):
        return f"list of {field.name.capitalize().removesuffix('s')}Args"
    if isinstance(field.type, Choice):
        return field.type.members.__name__
    return next(word for kind, word in _WORDS.items() if isinstance(field.type, kind))


_WORDS: Mapping[type, str] = {Emails: "list of str", WholeNumber: "int", Flag: "bool", Text: "str"}


def _removed(field: Field) -> str:
    """
    Return what a removed argument goes back to.
    """
    if field.required:
        return ""
    if field.update is Update.REPLACE:
        return str(Update.REPLACE.value)
    if field.default is NO_DEFAULT:
        return str(NO_DEFAULT.value)
    return field.default if isinstance(field.default, str) else json.dumps(field.default)


def _outputs() -> str:
    rows = [("`id`", "str", "The link's sid.")]
    rows += [
        (f"`{name}`", kind, text)
        for name, kind, text in _documented(SchedulingLinkBase)
        if name in SCHEDULING_LINK.schema.computed
    ]
    return _table(("Output", "Type", "Meaning"), rows)


def _documented(resource: type) -> Iterable[tuple[str, str, str]]:
    """
    Yield name, type and docstring of each attribute that has one.
    """
    (body,) = (node.body for node in ast.parse(inspect.getsource(resource)).body if isinstance(node, ast.ClassDef))
    for declared, told in pairwise(body):
        if isinstance(declared, ast.AnnAssign) and isinstance(told, ast.Expr) and isinstance(told.value, ast.Constant):
            kind = ast.unparse(declared.annotation).removeprefix("pulumi.Output[").removesuffix("]")
            yield ast.unparse(declared.target), kind, inspect.cleandoc(str(told.value.value)).replace("\n", " ")


# Settings and commands


def _settings() -> str:
    rows = (
        (f"`{each.config_key}`", f"`{each.variable}`", f"`{each.default}`" if each.default else "", each.purpose)
        for each in SETTINGS.values()
    )
    return _table(("Stack config", "Environment", "Default", "Meaning"), rows)


def _commands() -> str:
    programs = {"neetocal-provider": provider_cli.main, "neetocal-emulator": emulator_cli.main}
    return "\n\n".join(
        _command(words, command)
        for program, group in programs.items()
        for words, command in _commands_of(program, group)
    )


def _commands_of(words: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands_of(f"{words} {name}", command)
        else:
            yield f"{words} {name}", command


def _command(words: str, command: click.Command) -> str:
    context = click.Context(command, info_name=words)
    usage = " ".join([words, *command.collect_usage_pieces(context)])
    told = inspect.cleandoc(command.help or "")
    options = [each for each in command.params if isinstance(each, click.Option)]
    records = [record for each in options if (record := each.get_help_record(context))]
    table = _table(("Option", "Meaning"), ((f"`{option}`", meaning) for option, meaning in records))
    return "\n\n".join([f"## {words}", f"`{usage}`", told, *([table] if records else [])])


# Questions


def _questions() -> str:
    rows = [
        (f"`{each.name}`", each.text, _assumed(each), _coped(each), f"`{each.switch}`" if each.switch else "")
        for each in QUESTIONS
    ]
    return _table(("Name", "Question", "Assumed", "Does no harm", "Switch"), rows)


def _assumed(question: Question) -> str:
    in_v1 = f"; in version 1 {question.in_v1}" if question.in_v1 else ""
    only = f" (version {question.only[1:]} alone)" if question.only else ""
    return f"{question.assumed}{in_v1}{only}"


def _coped(question: Question) -> str:
    return "any other" if question.copes == ANY else ", ".join(question.copes)


PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "verify-api.md": {"questions": _questions},
    "scheduling-link.md": {"arguments": _arguments, "outputs": _outputs},
    "meeting-template.md": {"arguments": _template_arguments},
    "settings.md": {"settings": _settings},
    "commands.md": {"commands": _commands},
}
"""By page and name, what makes a part."""


def renewed(page: str, text: str) -> str:
    """
    Return the text of a page with its parts made anew.
    """
    for name, make in PARTS[page].items():
        begin, end = f"<!-- {name}: `python -m tools.reference` -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n\n{make()}\n\n{end}{after}"
    return text


def main() -> None:
    """
    Write all parts into their pages.
    """
    for page in PARTS:
        path = DOCS / page
        path.write_text(renewed(page, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
