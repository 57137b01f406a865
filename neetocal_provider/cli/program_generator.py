"""
The text of a Pulumi program that declares links, laid out as `ruff format` and `black` would leave it.

Only the layout is decided here, and one rule makes it independent of a formatter's measure of text: what surely fits on
a line is on one line, and everything else is spread over lines with a comma behind the last item, which formatters
respect.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from neetocal_provider.resources.link_fields import BY_NAME
from neetocal_provider.schema.types import Choice, Emails, Identifiers, Options, Text

if TYPE_CHECKING:
    from neetocal_provider.cli.export import Exported

__all__ = ["LINE_LENGTH", "program", "quoted", "variables"]

LINE_LENGTH = 88
"""Columns: the default of ruff and black."""

_INDENT = " " * 4

_LEAST_AROUND = len(f"{_INDENT}name=,")
"""Columns that the line of a text has besides the text."""

_OPTION_CLASSES = {"durations": "DurationArgs", "spots": "SpotArgs"}


def program(links: Sequence[Exported], *, title: str) -> str:
    """
    Return a module that declares these links, each in a variable of its own.

    Args:
        links: at least one, in the order in which they shall stand there.

        title: a sentence for the top of the module.
    """
    names = variables([link.name for link in links])
    body = [_declaration(link, names[link.name]) for link in links]
    declared = {name for link in links for name in link.arguments}
    imported = sorted({"SchedulingLink"}.union(*(_IMPORTS[name] for name in _IMPORTS.keys() & declared)))
    head = f'"""\n{title}\n"""\n\nfrom neetocal_provider import {", ".join(imported)}'
    return "\n\n".join([head, *body]) + "\n"


_IMPORTS = {"kind": ("Kind",), "spot": ("Spot",), "durations": ("DurationArgs",), "spots": ("Spot", "SpotArgs")}
"""By argument, the names with which it is written."""


def variables(names: Iterable[str]) -> dict[str, str]:
    """
    Return a variable for each resource's name, no two the same.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        found[name] = next(variable for variable in _spellings(name) if variable not in taken)
        taken.add(found[name])
    return found


def quoted(text: str) -> str:
    """
    Return a text as a literal on one line, in the quotes that need fewer escapes.

    What cannot be seen is escaped, for it can make a program read otherwise than it runs.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_character(each, quote) for each in text) + quote


def _spellings(name: str) -> Iterator[str]:
    plain = re.sub(r"[^a-z0-9_]", "_", name)
    if not plain[:1].isalpha():
        plain = f"link_{plain}"
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


# Links


def _declaration(link: Exported, variable: str) -> str:
    arguments = [_argument(name, link.arguments[name]) for name in BY_NAME if name in link.arguments]
    lines = [f"{variable} = SchedulingLink("]
    for node in (quoted(link.name), *arguments):
        lines += _lines(node, 1, ",")
    return "\n".join([*(f"# {_on_one_line(note)}" for note in link.notes), *lines, ")"])


def _on_one_line(text: str) -> str:
    return "".join(map(_visible, " ".join(text.split())))


def _argument(name: str, value: Any) -> _Node:
    kind = BY_NAME[name].type
    if isinstance(kind, Options):
        return _keyword(name, _Group("[", [_option(name, kind, option) for option in value], "]"))
    return _keyword(name, _node(kind, value))


def _option(name: str, kind: Options, option: Mapping[str, Any]) -> _Node:
    first, *others = kind.fields
    given = [_keyword(key, _node(kind.fields[key], option[key])) for key in others if option.get(key)]
    return _Group(f"{_OPTION_CLASSES[name]}(", [_node(kind.fields[first], option[first]), *given], ")")


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
