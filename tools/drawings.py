"""
The drawings of docs/how-it-is-built.md: `python -m tools.drawings` writes them to docs/pictures/.

The layers are those of the contract in pyproject.toml, so that the drawing and the check cannot differ; the modules of
`core/` are arranged by their imports.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

__all__ = ["DRAWINGS", "core", "layers", "up"]

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"

_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2430}.small{font-size:11px;fill:#5b6270}"
    ".box{fill:#eef1fb;stroke:#4253b0}.edge{fill:#fbf3e6;stroke:#b07a2a}.line{stroke:#5b6270;fill:none}"
)
_ARROW = (
    '<marker id="a" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="#5b6270"/></marker>'
)
_CHARACTER, _ROW = 7.2, 34


def _svg(width: float, height: float, parts: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}">'
        f'<style>{_STYLE}</style><defs>{_ARROW}</defs><rect width="100%" height="100%" rx="8" fill="#fff"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _text(x: float, y: float, text: str, *, small: bool = False, anchor: str = "middle") -> str:
    kind = ' class="small"' if small else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{kind}>{escape(text)}</text>'


# The layers


def layers() -> str:
    """
    Draw the provider's folders, each row above those that it may import.
    """
    rows = [_names(row) for row in _listed("Inside the provider, imports point one way")]
    inside = {name for row in _listed("Pulumi is imported at its edge alone") for name in _names(row)}
    parts = [_text(60, 20, "imports point down", small=True)]
    for number, row in enumerate(rows):
        parts += _layer(row, inside, 34 + number * _ROW)
    parts.append(f'<path class="line" d="M12 34V{len(rows) * _ROW + 20}" marker-end="url(#a)"/>')
    parts += _legend(len(rows) * _ROW + 48)
    return _svg(760, len(rows) * _ROW + 66, parts)


def _listed(contract: str) -> list[str]:
    """
    Return the lines of the first list in a contract, by the beginning of its name.
    """
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split(f'name = "{contract}')[1]
    return re.findall(r'"(.*)"', text.split("[\n")[1].split("\n]")[0])


def _names(row: str) -> list[str]:
    """
    Return the modules of a row below the package: `core` of "neetocal_provider.core" or "(core)".
    """
    return [name.removeprefix("neetocal_provider.") for name in re.findall(r"[\w.]+", row)]


def _layer(row: Sequence[str], inside: set[str], y: float) -> Iterable[str]:
    widths = [len(name) * _CHARACTER + 24 for name in row]
    x = 392 - (sum(widths) + 10 * (len(row) - 1)) / 2
    for name, width in zip(row, widths, strict=True):
        kind = "box" if name in inside else "edge"
        yield f'<rect class="{kind}" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="24" rx="4"/>'
        yield _text(x + width / 2, y + 17, name)
        x += width + 10


def _legend(y: float) -> Iterable[str]:
    yield f'<rect class="edge" x="30" y="{y - 11:.0f}" width="14" height="14" rx="2"/>'
    yield _text(52, y, "knows Pulumi", small=True, anchor="start")
    yield f'<rect class="box" x="150" y="{y - 11:.0f}" width="14" height="14" rx="2"/>'
    yield _text(172, y, "the core: runs without Pulumi", small=True, anchor="start")


# The core

_CORE = {
    "operations": "a method for each call",
    "create": "create, adopt, lost answers",
    "lifecycle": "read, update, delete",
    "detailed_diff": "the paths of a diff",
    "diff": "what changes, what replaces",
    "readback": "what was not applied",
    "check": "what is wrong",
    "state": "outputs, what is declared",
    "resource_type": "schema, endpoints, hooks",
    "normalization": "texts in another form",
    "lag": "a 404 on what is new",
    "run": "from one call to the next",
    "search": "all objects, whole",
}
"""The modules of `core/`, and what each is about."""


def core() -> str:
    """
    Draw the modules of the core, each row above those that it imports, between what imports them and what they import.
    """
    rows: dict[int, dict[str, str]] = {}
    for name, about in _CORE.items():
        rows.setdefault(_height(name), {})[name] = about
    drawn: list[tuple[str, Mapping[str, str]]] = [
        ("edge", {"dynamic/calls": "Pulumi's host asks", "native/server": "the engine asks", "resources": "the types"}),
        *(("box", rows[height]) for height in sorted(rows, reverse=True)),
        ("edge", {"api/collection": "requests", "schema": "arguments, kinds of value"}),
    ]
    parts = [part for number, (kind, row) in enumerate(drawn) for part in _described(kind, row, 14 + number * 54)]
    return _svg(780, len(drawn) * 54 + 12, parts)


@cache
def _height(name: str) -> int:
    """
    Return in which row from below a module of the core is: above all that it imports there.
    """
    return max((_height(each) + 1 for each in _imported(name) if each in _CORE), default=0)


def _imported(name: str) -> Iterator[str]:
    tree = ast.parse((ROOT / "neetocal_provider" / "core" / f"{name}.py").read_text(encoding="utf-8"))
    for found in ast.walk(tree):
        if isinstance(found, ast.ImportFrom) and (found.module or "").startswith("neetocal_provider.core"):
            yield from (each.name for each in found.names)
            yield (found.module or "").rpartition(".")[2]


def _described(kind: str, row: Mapping[str, str], y: float) -> Iterable[str]:
    width, gap = 178, 10
    x = 390 - (len(row) * (width + gap) - gap) / 2
    for name, about in row.items():
        yield f'<rect class="{kind}" x="{x:.0f}" y="{y:.0f}" width="{width}" height="42" rx="4"/>'
        yield _text(x + width / 2, y + 18, name)
        yield _text(x + width / 2, y + 34, about, small=True)
        x += width + gap


# One `pulumi up`

_ACTORS = ("your program", "Pulumi's engine", "dynamic host", "our core", "neetoCal")
_STEPS: tuple[tuple[int, int, str], ...] = (
    (1, 0, "runs it"),
    (0, 1, "SchedulingLink(slug=…)"),
    (1, 2, "Check(arguments)"),
    (2, 3, "check"),
    (1, 2, "Diff(state, arguments)"),
    (2, 3, "diff"),
    (1, 2, "Create, Update, Delete"),
    (2, 3, "create, update, delete"),
    (3, 4, "requests, rate-limited, retried"),
    (4, 3, "the link as it is"),
    (3, 3, "compare with the program"),
    (2, 1, "outputs, or one sentence"),
    (1, 1, "write the state"),
)


def up() -> str:
    """
    Draw who asks whom in one `pulumi up`, from top to bottom.
    """
    gap, top = 178, 52
    height = top + len(_STEPS) * _ROW + 20
    parts = []
    for number, actor in enumerate(_ACTORS):
        x = 80 + number * gap
        kind = "box" if actor == "our core" else "edge"
        parts.append(f'<rect class="{kind}" x="{x - 66}" y="12" width="132" height="26" rx="4"/>{_text(x, 30, actor)}')
        parts.append(f'<path class="line" stroke-dasharray="3 4" d="M{x} 38V{height - 10}"/>')
    for number, (source, target, label) in enumerate(_STEPS):
        parts.append(_step(80 + source * gap, 80 + target * gap, top + 18 + number * _ROW, label))
    return _svg(80 * 2 + gap * (len(_ACTORS) - 1), height, parts)


def _step(start: float, end: float, y: float, label: str) -> str:
    if start == end:
        loop = f'<path class="line" d="M{start:.0f} {y:.0f}h26v12h-22" marker-end="url(#a)"/>'
        return f"{loop}{_text(start + 32, y + 9, label, small=True, anchor='start')}"
    line = f'<path class="line" d="M{start:.0f} {y:.0f}H{end:.0f}" marker-end="url(#a)"/>'
    return f"{line}{_text((start + end) / 2, y - 5, label, small=True)}"


DRAWINGS: dict[str, Any] = {"layers.svg": layers, "core.svg": core, "up.svg": up}
"""By file name, what draws it."""


def main() -> None:
    """
    Write all drawings.
    """
    FOLDER.mkdir(exist_ok=True)
    for name, draw in DRAWINGS.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
