"""
The parts of the documentation that the code knows: `python -m tools.reference` writes them into their pages.

A part stands between `<!-- NAME: … -->` and `<!-- end of NAME -->`; what is around it is written by hand.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from itertools import pairwise
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

import click

import neetocal_provider
from neetocal_emulator import cli as emulator_cli
from neetocal_provider.cli import commands as provider_cli
from neetocal_provider.resources import results
from neetocal_provider.resources.discount_code import DiscountKind
from neetocal_provider.resources.link_fields import FIELDS, SPOT_TEXTS, Kind, Spot
from neetocal_provider.resources.registry import RESOURCE_TYPES
from neetocal_provider.scheduling_link import DurationArgs, SpotArgs
from neetocal_provider.schema.fields import NO_DEFAULT, Field, Update
from neetocal_provider.schema.resource import Schema
from neetocal_provider.schema.types import Choice, Emails, Flag, Identifiers, Options, Text, WholeNumber
from neetocal_provider.sdk.resource import BaseResource
from neetocal_provider.settings import SETTINGS
from neetocal_provider.verify.questions import ANY, QUESTIONS, Question
from tools import extending
from tools.python_api import python_api

__all__ = ["PAGES", "page_of", "renewed"]

DOCS = Path(__file__).parent.parent / "docs"


_BAR = "\\|"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cell.replace('|', _BAR) for cell in row)} |" for row in (head, *rows)]
    lines.insert(1, f"|{'---|' * len(head)}")
    return "\n".join(lines).replace("|  |", "| |")


# Arguments and outputs


def page_of(name: str) -> str:
    """
    Return the name of a resource type's page: meeting-template.md of MeetingTemplate.
    """
    return f"{'-'.join(re.findall('[A-Z][a-z]*', name)).lower()}.md"


def _resource(name: str) -> dict[str, Callable[[], str]]:
    """
    Return what makes the parts that the page of every resource type has.
    """
    resource = getattr(neetocal_provider, name).__base__
    return {"arguments": lambda: _arguments(resource._schema), "outputs": lambda: _outputs(resource)}


def _arguments(schema: Schema) -> str:
    """
    Return a heading for each argument, so that it has an anchor, and below it what there is to know.
    """
    required = [_argument(each, schema) for each in schema.fields if each.required]
    optional = [_argument(each, schema) for each in schema.fields if not each.required]
    return "\n\n".join(["### Required", *required, "### Optional", *optional])


def _argument(field: Field, schema: Schema) -> str:
    facts = [
        f"- Type: {_type(field)}",
        *([f"- Default: {_default(field)}"] if not field.required else []),
        *([f"- Update: {update}"] if (update := _UPDATES[field.update]) else []),
        *(["- API version: v2 only"] if field.needs_v2 and not schema.needs_v2 else []),
    ]
    return f"#### `{field.name}`\n\n{field.description}\n\n" + "\n".join(facts)


_UPDATES: Mapping[Update, str] = {
    Update.PATCH: "",
    Update.VERIFIED_PATCH: "in place, and verified, because the API documents the field for creates only",
    Update.SUBRESOURCE: "in place, entry by entry",
    Update.REPLACE: "replaces the resource",
    Update.STATE_ONLY: "in the state only, without a request",
    Update.CREATE_OPTION: "none: it is read when the resource is created",
}
"""By how a changed argument reaches neetoCal, what the page says of it; nothing if it is the usual way."""


def _type(field: Field) -> str:
    if isinstance(field.type, Options):
        name = f"{field.name.capitalize().removesuffix('s')}Args"
        return f"list of [`{name}`](#{name.lower()})"
    if isinstance(field.type, Choice):
        name = field.type.members.__name__
        return f"[`{name}`]({_page_of_enum(field.type.members)}#{name.lower()}-values), or its value as `str`"
    return next(f"`{name}`" for kind, name in _TYPES.items() if isinstance(field.type, kind))


_TYPES: Mapping[type, str] = {
    Emails: "list[str]",
    Identifiers: "list[str]",
    WholeNumber: "int",
    Flag: "bool",
    Text: "str",
}


def _default(field: Field) -> str:
    """
    Return what neetoCal uses if the argument is not given, and so what a removed one is reset to.
    """
    if field.update is Update.REPLACE:
        return "none"
    if field.default is NO_DEFAULT:
        return "undocumented; removing the argument leaves the value unchanged"
    return "none" if field.default is None else f"`{field.default}`"


def _nested() -> str:
    """
    Return a table of the keys of each nested type, from its signature and docstring.
    """
    return "\n\n".join(f"### {each.__name__}\n\n{_keys(each)}" for each in (DurationArgs, SpotArgs))


def _keys(nested: type) -> str:
    described = dict(re.findall(r"^    (\w+): (.+)$", inspect.getdoc(nested) or "", re.MULTILINE))
    rows = (
        (f"`{name}`", _plain_type(str(parameter.annotation), parameter.default), _sentence(described[name]))
        for name, parameter in inspect.signature(nested).parameters.items()
    )
    return _table(("Key", "Type", "Description"), rows)


def _plain_type(annotation: str, default: object) -> str:
    kind = annotation.removesuffix(" | None").removeprefix("pulumi.Input[").removesuffix("]").replace(" | ", " or ")
    return f"{kind}, required" if default is inspect.Parameter.empty else kind


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].removesuffix('.')}."


def _page_of_enum(enum: type[Enum]) -> str:
    """
    Return the name of the page that lists the values: that of the first resource type with such an argument.
    """
    kinds = ((name, field.type) for name, type_ in RESOURCE_TYPES.items() for field in type_.schema.fields)
    return page_of(next(name for name, kind in kinds if isinstance(kind, Choice) and kind.members is enum))


def _values(enum: type[Enum]) -> str:
    """
    Return a table of the values of an enum, each with its docstring.
    """
    rows = [(f"`{enum[name].value}`", text) for name, _, text in _documented(enum)]
    return f"### {enum.__name__} values\n\n{_table(('Value', 'Meaning'), rows)}"


def _enums() -> str:
    spots = [(f"`{each.value}`", f"`{SPOT_TEXTS[each.value]}`" if each.value in SPOT_TEXTS else "") for each in Spot]
    return "\n\n".join(
        [
            _values(Kind),
            "### Spot values",
            _table(("Value", "Required argument"), spots),
        ]
    )


def _normalization() -> str:
    """
    Return a table of the values that are equal, by the arguments that share the rule.
    """
    names: dict[str, list[str]] = {}
    for field in FIELDS:
        names.setdefault(field.type.sameness, []).append(f"`{field.name}`")
    return _table(("Arguments", "Rule"), ((", ".join(each), rule) for rule, each in names.items()))


def _outputs(resource: type[BaseResource]) -> str:
    schema = resource._schema
    rows = [("`id`", "str", f"The {schema.noun}'s {schema.id_words.partition(' of ')[0]}.")]
    documented = [*_documented(resource), *_documented(BaseResource)]
    rows += [(f"`{name}`", kind, text) for name, kind, text in documented if name in schema.computed]
    return _table(("Output", "Type", "Description"), rows)


def _documented(documented: type) -> Iterable[tuple[str, str, str]]:
    """
    Yield name, type and docstring of each attribute or member that has one.
    """
    (body,) = (node.body for node in ast.parse(inspect.getsource(documented)).body if isinstance(node, ast.ClassDef))
    for declared, text in pairwise(body):
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            yield *_declared(declared), " ".join(str(text.value.value).split())


def _declared(statement: ast.stmt) -> tuple[str, str]:
    if isinstance(statement, ast.AnnAssign):
        kind = ast.unparse(statement.annotation).removeprefix("pulumi.Output[").removesuffix("]")
        return ast.unparse(statement.target), kind
    return (ast.unparse(statement.targets[0]) if isinstance(statement, ast.Assign) else ""), ""


# Results of lookups


def _result(kind: type[Any]) -> Callable[[], str]:
    """
    Return what makes a table of the attributes that a result has beside those it shares with others.
    """

    def table() -> str:
        described, hints = results.descriptions(kind), results.types_of(kind)
        own = inspect.get_annotations(kind)
        rows = ((f"`{name}`", _result_type(hints[name]), described[name]) for name in own)
        return _table(("Attribute", "Type", "Description"), rows)

    return table


def _result_type(hint: Any) -> str:
    """
    Return a type as Python writes it, a result's class as a link to its table.
    """
    if results.is_optional(hint):
        return " | ".join("None" if each is NoneType else _result_type(each) for each in get_args(hint))
    if get_origin(hint):
        return f"{get_origin(hint).__name__}[{', '.join(map(_result_type, get_args(hint)))}]"
    name = str(getattr(hint, "__name__", hint))
    return f"[{name}](#{name.lower()})" if is_dataclass(hint) else name


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
    **{page_of(name): _resource(name) for name in RESOURCE_TYPES},
    "scheduling-link.md": {
        **_resource("SchedulingLink"),
        "nested types": _nested,
        "enums": _enums,
        "normalization": _normalization,
    },
    "discount-code.md": {**_resource("DiscountCode"), "enums": lambda: _values(DiscountKind)},
    "lookups.md": {
        "template result": _result(results.GetMeetingTemplateResult),
        "link result": _result(results.GetSchedulingLinkResult),
        "meeting result": _result(results.MeetingResult),
        "duration result": _result(results.FoundDuration),
        "spot result": _result(results.FoundSpot),
        "fee result": _result(results.Fee),
        "availability result": _result(results.GetAvailabilityResult),
        "period result": _result(results.AvailabilityPeriod),
        "override result": _result(results.AvailabilityOverride),
        "user result": _result(results.AvailabilityUser),
        "slot result": _result(results.Slot),
    },
    "settings.md": {"settings": _settings},
    "commands.md": {"commands": _commands},
    "python-api.md": {"python api": python_api},
}
"""By page and name, what makes a part."""

PAGES = (*PARTS, extending.PAGE)
"""The pages that are made in part."""


def renewed(page: str, text: str) -> str:
    """
    Return the text of a page with its parts made anew.
    """
    if page == extending.PAGE:
        return extending.renewed(text)
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
    for page in PAGES:
        path = DOCS / page
        path.write_text(renewed(page, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
