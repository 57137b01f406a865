"""
A link's public page, as a visitor would see it, and the page on which a person lets the official tool in.

Pages are trees, not texts: whatever a link holds is put in as text and written as
text, so that no name can become markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["choice_page", "expired_login_page", "link_page", "logged_in_page", "login_page", "missing_page"]

ASSETS = "/_emulator/page"
_WEEKS, _DAYS = 5, 7


def link_page(link: Mapping[str, Any], workspace: str) -> str:
    """
    Show a link: what it is about, how long, where and with whom.
    """
    html, main = _page(link["name"], workspace)
    if link["is_disabled"]:
        notice = _add(main, "p", css="notice")
        _add(notice, "strong", "This link is disabled.").tail = " Visitors cannot book it until it is enabled again."
    card = _add(main, "article", css="card")
    about = _add(card, "div", css="about")
    _add(about, "p", workspace, css="eyebrow")
    _add(about, "h1", link["name"])
    _facts(about, link)
    if link["description"]:
        _add(about, "p", link["description"], css="description")
    _calendar(card, is_open=not link["is_disabled"])
    return _written(html)


def missing_page(slug: str) -> str:
    """
    Say that no workspace has this link.
    """
    html, main = _page("No such link", "")
    card = _add(main, "article", css="card question")
    _add(card, "h1", "There is no link here")
    _add(card, "p", f"/{slug} is not a link of this emulator, or it was deleted.")
    return _written(html)


def choice_page(slug: str, workspaces: Iterable[str]) -> str:
    """
    Ask which workspace is meant, where several have the slug.
    """
    html, main = _page("Which workspace?", "")
    card = _add(main, "article", css="card question")
    _add(card, "h1", "Which workspace?")
    _add(card, "p", f"More than one workspace of this emulator has a link /{slug}.")
    _choices(card, workspaces)
    return _written(html)


def login_page(token: str, workspaces: Iterable[str]) -> str:
    """
    Ask which workspace the official tool shall be let into.
    """
    html, main = _page("Log in", "")
    card = _add(main, "article", css="card question")
    _add(card, "h1", "Which workspace?")
    _add(card, "p", "The command line tool asks to be let in. It will act as the workspace's first admin.")
    _choices(card, workspaces, token=token)
    return _written(html)


def logged_in_page(workspace: str, email: str) -> str:
    """
    Say that the official tool was let in.
    """
    html, main = _page("Logged in", workspace)
    card = _add(main, "article", css="card question")
    _add(card, "h1", "You are logged in")
    _add(card, "p", f"The command line tool now acts as {email or 'nobody in particular'} in {workspace}.")
    return _written(html)


def expired_login_page() -> str:
    """
    Say that nobody waits for this login.
    """
    html, main = _page("Log in", "")
    card = _add(main, "article", css="card question")
    _add(card, "h1", "This login has expired")
    _add(card, "p", "Run the command line tool's login again.")
    return _written(html)


def _choices(card: Element, workspaces: Iterable[str], **query: str) -> None:
    choices = _add(card, "ul", css="chips")
    for name in workspaces:
        _add(_add(choices, "li"), "a", name, href=f"?{urlencode({**query, 'workspace': name})}")


def _page(title: str, workspace: str) -> tuple[Element, Element]:
    html = Element("html", lang="en")
    head = _add(html, "head")
    _add(head, "meta", charset="utf-8")
    _add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _add(head, "meta", name="color-scheme", content="light dark")
    _add(head, "title", " · ".join(part for part in (title, workspace) if part))
    _add(head, "link", rel="icon", type="image/svg+xml", href=f"{ASSETS}/icon.svg")
    _add(head, "link", rel="stylesheet", href=f"{ASSETS}/page.css")
    body = _add(html, "body", css="public")
    main = _add(body, "main")
    footer = _add(body, "footer")
    _add(footer, "p", "Shown by the emulator; nothing can be booked here.")
    _add(footer, "a", "All links", href=f"/?{urlencode({'workspace': workspace})}" if workspace else "/")
    return html, main


def _facts(parent: Element, link: Mapping[str, Any]) -> None:
    facts = _add(parent, "dl", css="facts")
    hosts = [host["name"] for host in link["hosts"]] or ["Nobody at the moment"]
    for term, values in (
        ("Length", link["lengths"]),
        ("Place", link["places"]),
        ("With", hosts),
        ("Kind", [link["kind"]]),
    ):
        pair = _add(facts, "div")
        _add(pair, "dt", term)
        chips = _add(_add(pair, "dd"), "ul", css="chips")
        for value in values:
            _add(chips, "li", value)


def _calendar(card: Element, *, is_open: bool) -> None:
    """
    Draw an empty month: what comes here is neetoCal's, and nothing is made up.
    """
    frame = _add(card, "div", css="calendar")
    month = _add(frame, "div", css="month", **{"aria-hidden": "true"})
    for _ in range(_WEEKS * _DAYS):
        _add(month, "i")
    _add(frame, "p", "Here a visitor would choose a day and a time." if is_open else "No times are offered.")


def _add(parent: Element, tag: str, text: str | None = None, css: str | None = None, **attributes: str) -> Element:
    child = SubElement(parent, tag, {**({"class": css} if css else {}), **attributes})
    child.text = text
    return child


def _written(html: Element) -> str:
    return "<!doctype html>\n" + tostring(html, encoding="unicode", method="html")
