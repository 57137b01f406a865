"""
Links of all pages: those inside the repository lead somewhere, those outside are few and encrypted.

`make docs` checks the same of the site. Whether an address outside still answers is not tested: tests use no network.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from tests.doc_blocks import PAGES, ROOT
from tools.site import EXTRA_PAGES, links, site_path

OUTSIDE = {
    "https://www.pulumi.com",
    "https://www.pulumi.com/docs/install/",
    "https://keepachangelog.com/en/1.1.0/",
}
"""Addresses that somebody must look at now and then."""


@lru_cache
def anchors(page: str) -> set[str]:
    """
    Return the anchors of a page's headings, as GitHub and the site make them.
    """
    text = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_links_to_what_is_there(page: str) -> None:
    """
    The file exists, and the heading in it.
    """
    for target, anchor in links((ROOT / page).read_text(encoding="utf-8")):
        if "://" in target:
            assert target in OUTSIDE
            continue
        file = (ROOT / page).parent / target if target else ROOT / page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(str(file.resolve().relative_to(ROOT))), f"{target}#{anchor}"


def test_every_page_is_on_the_site() -> None:
    """
    Under docs/ or beside it; the pages of examples are in their folders.
    """
    pages = [page for page in PAGES if not page.startswith("examples/")]

    assert [page for page in pages if not page.startswith("docs/") and page not in EXTRA_PAGES] == []
    assert {site_path("README.md", page) for page in pages if page.startswith("docs/")} <= _navigation()


def _navigation() -> set[str]:
    return set(re.findall(r": ([a-z-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))


def test_the_site_loads_nothing_from_elsewhere() -> None:
    """
    No fonts, no scripts, no analytics.
    """
    told = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")

    assert "\n  font: false\n" in told
    assert [
        word for word in ("extra_javascript", "extra_css", "analytics", "http://", "https://") if word in told
    ] == []
