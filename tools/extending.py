"""
The diffs of docs/extending.md that add `AddOnService`, made from the tree; `tools.reference` writes the page.

A diff leads from a file without `AddOnService` to the file as it is. The page names the files.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from neetocal_provider.resources.registry import RESOURCE_TYPES

__all__ = ["PAGE", "SECTION", "renewed"]

ROOT = Path(__file__).parent.parent
PAGE = "extending.md"
SECTION = "A new resource"

_RESOURCE = "AddOnService"
_BLOCK = re.compile(r"(?<=^```diff\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_NEW_NAME = re.compile(r"^\+\+\+ b/(.+)$", re.MULTILINE)
_COUNT = re.compile(r"\d+(?= lines of the package)")


def renewed(page: str) -> str:
    """
    Return the text of the page with its diffs of the resource, and the number of lines, as the tree has them.
    """
    before, heading, section = page.partition(f"\n## {SECTION}\n")
    section = _BLOCK.sub(lambda found: "".join(map(_diff, _NEW_NAME.findall(found[0]))), section)
    return before + heading + _COUNT.sub(str(_lines_of_package("".join(_BLOCK.findall(section)))), section)


def _lines_of_package(diffs: str) -> int:
    """
    Return how many lines some diffs add to the package, less those that they take out.
    """
    inside = "".join(re.findall(r"^\+\+\+ b/neetocal_provider/.+\n((?:[@+-](?!-- ).*\n)*)", diffs, re.MULTILINE))
    return len(re.findall(r"^\+", inside, re.MULTILINE)) - len(re.findall("^-", inside, re.MULTILINE))


def _diff(path: str) -> str:
    text = (ROOT / path).read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        for side, content in {"a": _without(path, text), "b": text}.items():
            target = Path(folder, side, path)
            target.parent.mkdir(parents=True)
            if content:
                target.write_text(content, encoding="utf-8")
        command = ("git", "diff", "--no-index", "--no-color", "--no-prefix", "--unified=0", "a", "b")
        made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    return made[made.index("--- ") :]


# Without the resource


def _words(name: str) -> str:
    """
    Return a pattern for the names of a resource type in code and documentation, of classes made for it as well.
    """
    words = re.findall("[A-Z][a-z]*", name)
    return rf"(?:{name}\w*|{'_'.join(words).upper()}|{'[_-]'.join(words).lower()})"


_NAME = _words(_RESOURCE)
_OTHERS = "|".join(_words(name) for name in RESOURCE_TYPES if name != _RESOURCE)


def _without(path: str, text: str) -> str:
    """
    Return the text of a file without the resource, its class and its place in lists; nothing if the file is its own.
    """
    if re.search(_NAME, path):
        return ""
    rest = re.sub(rf"^class {_NAME}\(.*\n(?:(?: .*)?\n)*", "", text, flags=re.MULTILINE)
    return "".join(map(_line_without, rest.splitlines(keepends=True)))


def _line_without(line: str) -> str:
    if re.search(_NAME, line) and not re.search(_OTHERS, line):
        return ""
    return re.sub(rf'"?{_NAME}"?, |, "?{_NAME}"?', "", line)
