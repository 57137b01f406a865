"""
The text of a Pulumi program that declares resources, laid out as `ruff format` and `black` would leave it.

Only the layout is decided here, and one rule makes it independent of a formatter's measure of text: what surely fits on
a line is on one line, and everything else is spread over lines with a comma behind the last item, which formatters
respect.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from neetocal_provider.schema.types import Choice, Emails, Identifiers, Options, PropertyType, Text

if TYPE_CHECKING:
    from neetocal_provider.cli.export import Exported
    from neetocal_provider.schema.fields import Field

__all__ = ["LINE_LENGTH", "program", "quoted", "variables"]

LINE_LENGTH = 88
"""Columns: the default of ruff and black."""

_INDENT = " " * 4

_LEAST_AROUND = len(f"{_INDENT}name=,")
"""Columns that the line of a text has besides the text."""


def program(resources: Sequence[Exported], *, title: str) -> str:
    """
    Return a module that declares these resources, each in a variable of its own.

    Args:
        resources: at least one, in the order in which they shall stand there; a parent before what belongs to it.

        title: a sentence for the top of the module.
    """
    names = variables({each.name: each.schema.noun for each in resources})
    parents = {(each.schema.noun, each.remote.id): names[each.name] for each in resources}
    body = [_declaration(each, names[each.name], parents) for each in resources]
    imported = sorted({name for each in resources for name in _imported(each)})
    head = f'"""\n{title}\n"""\n\n{_import(imported)}'
    return "\n\n".join([head, *body]) + "\n"


def variables(nouns: Mapping[str, str]) -> dict[str, str]:
    """
    Return a variable for each resource's name, no two the same.

    Args:
        nouns: what begins the variable of a name that doesn't begin with a letter, by name.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name, noun in nouns.items():
        found[name] = next(variable for variable in _spellings(name, noun) if variable not in taken)
        taken.add(found[name])
    return found


def quoted(text: str) -> str:
    """
    Return a text as a literal on one line, in the quotes that need fewer escapes.

    What cannot be seen is escaped, for it can make a program read otherwise than it runs.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_character(each, quote) for each in text) + quote


def _spellings(name: str, noun: str) -> Iterator[str]:
    plain = re.sub(r"[^a-z0-9_]", "_", name if name[:1].isalpha() else f"{noun}_{name}")
    if keyword.iskeyword(plain) or hasattr(builtins, plain):
        plain += "_"
    yield plain
    number = 2
    while True:
        yield f"{plain}_{number}"
        number += 1


def _character(character: str, quote: str) -> str:
    return f"\\{character}" if character in ("\\", quote) else _visible(character)


def _visible(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


# Layout


@dataclass(frozen=True)
class _Group:
    """
    Items in brackets: on one line where that fits, else one a line.
    """

    opening: str
    items: Sequence[_Node]
    closing: str
    comma: str = ","

    def __str__(self) -> str:
        return f"{self.opening}{f'{self.comma} '.join(map(str, self.items))}{self.closing}"


_Node = str | _Group


def _lines(node: _Node, depth: int, after: str) -> Iterator[str]:
    margin = _INDENT * depth
    if isinstance(node, str) or _fits(f"{margin}{node}{after}"):
        yield f"{margin}{node}{after}"
        return
    yield f"{margin}{node.opening}"
    for item in node.items:
        yield from _lines(item, depth + 1, node.comma)
    yield f"{margin}{node.closing}{after}"


def _fits(line: str) -> bool:
    """
    Whether the line fits however a formatter measures it: no character is wider than three columns.
    """
    return sum(1 if character.isascii() else 3 for character in line) <= LINE_LENGTH


# Imports


def _import(names: Sequence[str]) -> str:
    start = "from neetocal_provider import"
    line = f"{start} {', '.join(names)}"
    return line if _fits(line) else "\n".join([f"{start} (", *(f"{_INDENT}{name}," for name in names), ")"])


def _imported(resource: Exported) -> Iterator[str]:
    """
    Yield the names with which a resource is written.
    """
    yield resource.schema.name
    for name in resource.arguments:
        kind = resource.schema.by_name[name].type
        if isinstance(kind, Options):
            yield _option_class(name)
        yield from _enums(kind, resource.arguments[name])


def _enums(kind: PropertyType, value: Any) -> Iterator[str]:
    if isinstance(kind, Choice):
        yield kind.members.__name__
    elif isinstance(kind, Options):
        for option in value:
            for key in option:
                yield from _enums(kind.fields[key], option[key])


def _option_class(argument: str) -> str:
    """
    Return the class of an argument's options: DurationArgs for `durations`.
    """
    return f"{argument.removesuffix('s').title().replace('_', '')}Args"


# Resources


def _declaration(resource: Exported, variable: str, parents: Mapping[tuple[str, str], str]) -> str:
    fields = [each for each in resource.schema.fields if each.name in resource.arguments]
    arguments = [_argument(each, resource.arguments[each.name], parents) for each in fields]
    lines = [f"{variable} = {resource.schema.name}("]
    for node in (quoted(resource.name), *arguments):
        lines += _lines(node, 1, ",")
    return "\n".join([*(f"# {_on_one_line(note)}" for note in resource.notes), *lines, ")"])


def _on_one_line(text: str) -> str:
    return "".join(map(_visible, " ".join(text.split())))


def _argument(field: Field, value: Any, parents: Mapping[tuple[str, str], str]) -> _Node:
    """
    Return an argument; the id of a parent that has a variable is that variable's.
    """
    name, kind = field.name, field.type
    if field.is_parent and (name, value) in parents:
        return _keyword(name, f"{parents[name, value]}.id")
    if isinstance(kind, Options):
        return _keyword(name, _Group("[", [_option(name, kind, option) for option in value], "]"))
    return _keyword(name, _node(kind, value))


def _option(name: str, kind: Options, option: Mapping[str, Any]) -> _Node:
    first, *others = kind.fields
    given = [_keyword(key, _node(kind.fields[key], option[key])) for key in others if option.get(key)]
    return _Group(f"{_option_class(name)}(", [_node(kind.fields[first], option[first]), *given], ")")


def _keyword(name: str, node: _Node) -> _Node:
    return f"{name}={node}" if isinstance(node, str) else replace(node, opening=f"{name}={node.opening}")


def _node(kind: object, value: Any) -> _Node:
    for kinds, spelled in _SPELLED:
        if isinstance(kind, kinds):
            return spelled(kind, value)
    return repr(value)


def _word(kind: Any, value: Any) -> _Node:
    member = kind.members(value)
    return f"{kind.members.__name__}.{member.name}"


def _addresses(_kind: Any, value: Any) -> _Node:
    return _Group("[", [quoted(address) for address in value], "]")


def _text(_kind: Any, value: Any) -> _Node:
    """
    Return a text, as a literal for each of its lines where it is long: formatters join them where they fit on one.
    """
    lines = re.findall(r"[^\n]*\n|[^\n]+", value)
    whole = quoted(value)
    # Characters that no measure leaves out; a formatter may choose the other quotes for the whole, and escape less.
    least = sum(map(str.isascii, whole)) - value.count('"') - value.count("'")
    if len(lines) < 2 or least + _LEAST_AROUND <= LINE_LENGTH:
        return whole
    return _Group("(", [quoted(line) for line in lines], ")", comma="")


_SPELLED: tuple[tuple[Any, Callable[[Any, Any], _Node]], ...] = (
    (Choice, _word),
    (Emails | Identifiers, _addresses),
    (Text, _text),
)
