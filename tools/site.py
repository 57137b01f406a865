"""
The site's pages out of the repository's: a hook of MkDocs, see mkdocs.yml.

Pages are written to be read in the repository. On the site, README.md and its neighbours are pages beside those of
docs/, links between them lead to pages, and other files that a page links to are files of the site.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

__all__ = ["EXTRA_PAGES", "links", "on_files", "on_page_markdown", "on_post_page", "site_path"]

ROOT = Path(__file__).resolve().parent.parent

EXTRA_PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "examples/README.md": "examples.md",
}
"""By the file in the repository, the page that it is on the site."""

_LINK = re.compile(r"(\]\()([^)\s#]*)((?:#[^)\s]*)?\))")
_FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def links(markdown: str) -> Iterator[tuple[str, str]]:
    """
    Yield path and anchor of each link outside code, as they are written.
    """
    for prose in _FENCE.split(markdown)[::2]:
        for found in _LINK.finditer(prose):
            yield found[2], found[3][1:-1]


def site_path(source: str, target: str) -> str:
    """
    Return where on the site a link leads.

    Args:
        source: the page in the repository, such as docs/teams.md.

        target: as it is written there.

    Raises:
        FileNotFoundError: there is no such file.
    """
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    if not (ROOT / path).exists():
        raise FileNotFoundError(f"{source} links to {target}, which is not there")
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    if path in EXTRA_PAGES:
        return EXTRA_PAGES[path]
    return "examples.md" if path.startswith("examples") else f"files/{path}.txt"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """
    Add the pages and files from outside docs/.
    """
    from mkdocs.structure.files import File

    for source, page in EXTRA_PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text(encoding="utf-8")))
    for path in sorted(_linked_files()):
        text = (ROOT / path).read_text(encoding="utf-8")
        files.append(File.generated(config, f"files/{path}.txt", content=text))
    return files


def _linked_files() -> set[str]:
    pages = [*EXTRA_PAGES, *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
    found = {
        site_path(page, target)
        for page in pages
        for target, _anchor in links((ROOT / page).read_text(encoding="utf-8"))
        if target and "://" not in target
    }
    return {path.removeprefix("files/").removesuffix(".txt") for path in found if path.startswith("files/")}


def on_page_markdown(markdown: str, page: Page, **_others: Any) -> str:
    """
    Let links lead to where things are on the site.
    """
    here = page.file.src_uri
    source = next((source for source, name in EXTRA_PAGES.items() if name == here), f"docs/{here}")

    def moved(found: re.Match[str]) -> str:
        target = found[2]
        if not target or "://" in target or target.startswith("mailto:"):
            return found[0]
        place = site_path(source, target)
        # The site has one page for all examples, without the headings of theirs.
        anchor = ")" if place == "examples.md" and not target.endswith("examples/README.md") else found[3]
        return f"{found[1]}{posixpath.relpath(place, posixpath.dirname(here) or '.')}{anchor}"

    parts = _FENCE.split(markdown)
    parts[::2] = [_LINK.sub(moved, prose) for prose in parts[::2]]
    return "".join(parts)


_FOREIGN = re.compile(r'<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?//[^"]*"')


_STYLE = "<style>.md-typeset .language-text code { white-space: pre-wrap; }</style>"
"""Messages are one long line each: they are wrapped."""


def on_post_page(output: str, page: Page, **_others: Any) -> str:
    """
    Refuse a page that would load something from elsewhere, and wrap the lines of messages.
    """
    foreign = _FOREIGN.findall(output)
    if foreign:
        raise ValueError(f"{page.file.src_uri} would load {foreign}")
    return output.replace("</head>", f"{_STYLE}</head>", 1)
