"""
The parts of the documentation that the code knows: `python -m tools.reference` writes them into their pages.

A part stands between `<!-- NAME: … -->` and `<!-- end of NAME -->`; what is around it is written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from neetocal_provider.open_questions import ANY, QUESTIONS, Question

__all__ = ["PARTS", "renewed"]

DOCS = Path(__file__).parent.parent / "docs"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


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


PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {"verify-api.md": {"questions": _questions}}
"""By page and name, what makes a part."""


def renewed(page: str, text: str) -> str:
    """
    Return the text of a page with its parts made anew.
    """
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
    for page in PARTS:
        path = DOCS / page
        path.write_text(renewed(page, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
