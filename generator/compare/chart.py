"""Draws the years of offices as a picture: what ``templates/<form>/chart.yaml`` names.

Needs the optional extra ``chart`` (matplotlib) and a font with 汉字.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from generator.form import files
from generator.form.names import Named
from generator.form.panels import Panel, panels_of
from generator.report.report import Report
from generator.system.extras import install_line
from generator.values import keys

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Format = Literal["svg", "png"]
FORMATS: tuple[Format, ...] = ("svg", "png")

# Known fonts first, since asking every installed one for its characters takes seconds.
_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "SimSun",
    "AR PL UKai CN",
)
_SAMPLE = "政府信息公开"
_COLOURS = ("#2f6db3", "#e08a2c", "#4d9a5b", "#b8483f", "#8064a2", "#7f7f7f")


class CannotDraw(Exception):
    """What is missing for a picture; the message is for the user."""


def _value(report: Report, figure: Named | None) -> float | None:
    value = figure.value(report.figures.values) if figure else None
    return None if value is None else float(value)


def draw(offices: Mapping[str, Sequence[Report]], file_format: Format) -> bytes:
    """Draw the years of each office, one column of panels for each.

    Raises:
        CannotDraw: matplotlib is not installed, there is no font, or nothing to draw.
    """
    panels = panels_of(max((r[-1].form for r in offices.values()), key=lambda e: e.first_year))
    if not panels:
        raise CannotDraw(f"这一年的表式没有说明画什么（{files.CHART}）")
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        hint = f"没有安装画图的部分，请运行 {install_line('chart')}"
        raise CannotDraw(hint) from error
    settings: Any = {
        "font.family": [_font()],
        "axes.unicode_minus": False,
        "svg.hashsalt": "nianbao",
        "svg.fonttype": "path",
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(6.4 * len(offices), 3.2 * len(panels)), layout="constrained")
        grid = figure.subplots(len(panels), len(offices), squeeze=False)
        for column, (name, reports) in enumerate(offices.items()):
            for row, panel in enumerate(panels):
                _stack(grid[row][column], panel, reports)
            grid[0][column].set_title(f"{name}\n{panels[0].title}", fontsize=11, linespacing=1.8)
        out = io.BytesIO()
        # No date and no version in the file: the same figures give the same picture.
        metadata = {"Date": None} if file_format == "svg" else {"Software": None}
        figure.savefig(out, format=file_format, dpi=150, metadata=metadata)
    return out.getvalue()


def _stack(axes: Axes, panel: Panel, reports: Sequence[Report]) -> None:
    """Draw one stacked bar a year, with the sum above it; an unknown year stays empty."""
    from matplotlib.ticker import MaxNLocator

    years = [str(report.year) for report in reports]
    bottoms = [0.0] * len(reports)
    known = [False] * len(reports)
    for (name, _), colour in zip(panel.series.items(), _COLOURS * 3, strict=False):
        values = [_value(report, _figure(report, panel.title, name)) for report in reports]
        known = [k or value is not None for k, value in zip(known, values, strict=True)]
        heights = [value or 0.0 for value in values]
        axes.bar(years, heights, bottom=bottoms, label=name, color=colour, width=0.6)
        bottoms = [below + height for below, height in zip(bottoms, heights, strict=True)]
    for index, total in enumerate(bottoms):
        text = f"{total:g}" if known[index] else keys.UNFILLED
        axes.annotate(text, (index, total), ha="center", va="bottom", fontsize=9)
    axes.set_title(panel.title, fontsize=11)
    axes.set_ylim(0, max(*bottoms, 1.0) * 1.18)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(
        fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True
    )


def _figure(report: Report, title: str, name: str) -> Named | None:
    """Return what a year's own form has for what the newest form's panel calls by this name."""
    for panel in panels_of(report.form):
        if panel.title == title and name in panel.series:
            return panel.series[name]
    return None


def _font() -> str:
    """Return the name of an installed font that has 汉字.

    Raises:
        CannotDraw: there is none.
    """
    from matplotlib import font_manager

    installed = {font.name: font.fname for font in font_manager.fontManager.ttflist}
    for name in _FONTS:
        if name in installed:
            return name
    for name, file in installed.items():
        characters = font_manager.get_font(file).get_charmap()
        if all(ord(character) in characters for character in _SAMPLE):
            return name
    raise CannotDraw("没有找到中文字体，图上的字画不出来；请安装一种，如 Noto Sans CJK、文泉驿")
