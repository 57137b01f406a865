"""
The fenced blocks of every page, and which of them are run.

On the pages of `WALKED`, all blocks are run from top to bottom as one script: a block with a title is a file, and what
follows `#` on a line of its own is in what the commands say. Anywhere else a block says in a comment before it why it
is not run, or which test runs or checks it:

    <!-- not run: it asks for a password -->
    <!-- run by: tests/engine/test_kills.py::test_kills -->

`<!-- blocks run by: … -->` says so for all blocks of a page that do not say it themselves.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PAGES", "ROOT", "WALKED", "Block", "blocks", "expected", "is_program", "script"]

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md", ".github/**/*.md")
    for path in ROOT.glob(pattern)
)
WALKED = ("docs/ci.md", "docs/real-account.md", "docs/testing-your-stack.md", "docs/tutorial.md")
MARK = "----- the next block -----"

_BLOCK = re.compile(
    r"(?:<!-- (?P<how>not run|run by): (?P<why>[^\n]+) -->\n)?^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Block:
    """
    One fenced block.

    Attributes:
        section: the heading of the second level above it.

        title: the name of the file that it is; empty where it is none.

        not_run: why it is not run.

        run_by: the test that runs or checks it.
    """

    page: str
    section: str
    language: str
    title: str
    text: str
    not_run: str
    run_by: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text.strip().splitlines()[0] if self.text.strip() else ''}"


def blocks(*pages: str) -> Iterator[Block]:
    """
    Yield the blocks of these pages, in their order.
    """
    for page in pages:
        content = (ROOT / page).read_text(encoding="utf-8")
        by_all = re.search(r"^<!-- blocks run by: (.+) -->$", content, re.MULTILINE)
        for found in _BLOCK.finditer(content):
            language, _, rest = found["info"].partition(" ")
            title = re.search(r'title="([^"]+)"', rest)
            why = {found["how"]: found["why"]} if found["how"] else {"run by": by_all[1] if by_all else ""}
            yield Block(
                page=page,
                section=content[: found.start()].rpartition("\n## ")[2].partition("\n")[0],
                language=language,
                title=title[1] if title else "",
                text=found["text"],
                not_run=why.get("not run", ""),
                run_by=why.get("run by", ""),
            )


def is_program(block: Block) -> bool:
    """
    Whether a block is a whole Pulumi program, which tests/engine/test_pages.py deploys.
    """
    is_ours = block.language == "python" and "from neetocal_provider import" in block.text
    return is_ours and block.page not in WALKED and not (block.not_run or block.run_by)


def script(walked: Sequence[Block]) -> str:
    """
    Return a script for bash that does what blocks say, with a mark after each.
    """
    return f"\necho '{MARK}'\n".join(_written(block) if block.title else block.text for block in walked)


def _written(block: Block) -> str:
    path = shlex.quote(block.title)
    return f"mkdir -p \"$(dirname {path})\"\ncat > {path} <<'END OF FILE'\n{block.text}END OF FILE\n"


def expected(block: Block) -> list[str]:
    """
    Return what a block's commands are said to say, in order.
    """
    lines = [] if block.title else block.text.splitlines()
    return [line[2:] for line in lines if line.startswith("# ")]
