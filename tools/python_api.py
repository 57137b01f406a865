"""
The public Python names with their signatures and docstrings, for docs/python-api.md; `tools.reference` writes the page.
"""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import neetocal_emulator
import neetocal_provider
from neetocal_provider import testing

__all__ = ["python_api"]

MODULES: dict[str, ModuleType] = {
    "neetocal_provider": neetocal_provider,
    "neetocal_provider.testing": testing,
    "neetocal_emulator": neetocal_emulator,
}

_SECTION = re.compile(r"^(Args|Attributes|Raises|Returns):$", re.MULTILINE)


def python_api() -> str:
    """
    Return a section for each module, and in it a heading for each name.
    """
    return "\n\n".join(
        "\n\n".join([f"## {name}", *(_documented(public, getattr(module, public)) for public in _names(module))])
        for name, module in MODULES.items()
    )


def _names(module: ModuleType) -> list[str]:
    return sorted((name for name in module.__all__ if name[:2] != "__"), key=lambda name: (name[0].islower(), name))


def _documented(name: str, found: Any) -> str:
    parts = [f"### {name}", *_signature(name, found), *_text(inspect.getdoc(found) or "")]
    if inspect.isclass(found) and not issubclass(found, enum.Enum):
        parts += [part for method, function in _methods(found) for part in _of_method(name, method, function)]
    return "\n\n".join(parts)


def _signature(name: str, found: Any) -> Iterator[str]:
    """
    Yield name and parameters; types are in the descriptions, where they are not plain.
    """
    if inspect.isclass(found) and issubclass(found, enum.Enum | Exception | dict):
        return
    parameters = [each for each in inspect.signature(found).parameters.values() if each.name not in ("self", "cls")]
    plain = [_parameter(each) for each in parameters if each.kind is not each.KEYWORD_ONLY]
    named = [_parameter(each) for each in parameters if each.kind is each.KEYWORD_ONLY]
    yield f"`{name}({', '.join([*plain, *(['*', *named] if named else [])])})`"


def _parameter(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return str(parameter.replace(annotation=parameter.empty))
    is_plain = parameter.default is None or isinstance(parameter.default, str | int | float)
    return f"{parameter.name}={parameter.default!r}" if is_plain else f"{parameter.name}=…"


def _methods(found: type) -> Iterator[tuple[str, Any]]:
    """
    Yield the public methods and properties that the class itself or a base of this project defines.
    """
    seen: set[str] = set()
    for kind in found.__mro__:
        if not kind.__module__.startswith("neetocal_"):
            continue
        for name, value in vars(kind).items():
            function = getattr(value, "__func__", getattr(value, "fget", value))
            if name[0] != "_" and name not in seen and inspect.isfunction(function):
                seen.add(name)
                yield name, value


def _of_method(owner: str, name: str, value: Any) -> Iterator[str]:
    function = getattr(value, "__func__", getattr(value, "fget", value))
    shown = f"`{owner}.{name}`" if isinstance(value, property) else next(_signature(f"{owner}.{name}", function))
    yield shown
    yield from _text(inspect.getdoc(function) or "")


def _text(docstring: str) -> Iterator[str]:
    """
    Yield a docstring's paragraphs, and its sections as lists.
    """
    prose, *sections = _SECTION.split(docstring)
    yield from _paragraphs(prose)
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        entries = re.split(r"\n\s*\n", inspect.cleandoc(body))
        items = [re.sub(r"^([\w.]+): ", r"`\1`: ", " ".join(entry.split())) for entry in entries]
        yield f"{title}:\n\n" + "\n".join(f"- {item}" for item in items)


def _paragraphs(prose: str) -> Iterator[str]:
    """
    Yield what is no code: the examples of docstrings are on the pages of their own.
    """
    for paragraph in re.split(r"\n\s*\n", prose.strip()):
        if paragraph and not paragraph.startswith("    "):
            yield " ".join(paragraph.split()).removesuffix("::")
