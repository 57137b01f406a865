"""
The plots of docs/benchmarks.md: time against links, both in powers, a light and a dark one for each operation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pygal
from pygal.style import Style

__all__ = ["draw"]

Points = Sequence[tuple[int, float]]

THEMES = {
    "light": {
        "ink": "#1f2328",
        "faint": "#d1d9e0",
        "colors": ("#0969da", "#9a6700", "#cf222e", "#59636e", "#1a7f37", "#8250df"),
    },
    "dark": {
        "ink": "#f0f6fc",
        "faint": "#3d444d",
        "colors": ("#4493f8", "#d29922", "#f85149", "#9198a1", "#3fb950", "#ab7df8"),
    },
}
FONT = "system-ui, sans-serif"


def draw(title: str, lines: Mapping[str, Points], files: Mapping[str, Path]) -> None:
    """
    Draw a line for each contender, once for each theme.
    """
    for theme, file in files.items():
        chart = _chart(title, theme, sorted({links for points in lines.values() for links, _seconds in points}))
        for name, points in lines.items():
            chart.add(name, list(points))
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{chart.render(is_unicode=True)}\n")


def _chart(title: str, theme: str, links: Sequence[int]) -> pygal.XY:
    return pygal.XY(
        title=title,
        style=_style(theme),
        logarithmic=True,
        width=720,
        height=400,
        x_title="links",
        y_title="seconds",
        x_labels=list(links),
        y_labels=[1, 10, 100],
        legend_at_bottom=True,
        legend_at_bottom_columns=6,
        truncate_legend=-1,
        dots_size=3,
        js=[],
        disable_xml_declaration=True,
        no_prefix=True,
        pretty_print=False,
        include_x_axis=False,
        value_formatter="{:g}".format,
    )


def _style(theme: str) -> Style:
    ink, faint, colors = (THEMES[theme][each] for each in ("ink", "faint", "colors"))
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=ink,
        foreground_strong=ink,
        foreground_subtle=faint,
        guide_stroke_color=faint,
        major_guide_stroke_color=faint,
        colors=colors,
        font_family=FONT,
        title_font_size=16,
        label_font_size=12,
        major_label_font_size=12,
        legend_font_size=13,
    )
