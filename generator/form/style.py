"""The look of a document: ``style.yaml`` → a style, lengths in the units that the file names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.values.document import Face, Font, SignOffStyle, Style


def style_of(page: Mapping[str, Any]) -> Style:
    """Return what a ``style.yaml`` says."""

    def numbers(name: str) -> tuple[float, ...]:
        return tuple(float(value) for value in page[name])

    fonts = {
        role: Font(font["east_asian"], font["latin"], float(font["size"]), font.get("bold", False))
        for role, font in page["fonts"].items()
    }
    faces = tuple(
        Face(
            name,
            tuple(face["substitutes"]),
            tuple(face["files"]),
            face["family"],
            face["pitch"],
        )
        for name, face in page["faces"].items()
    )
    width, height = numbers("page")
    top, right, bottom, left = numbers("margins")
    above, beside = numbers("cell_margin")
    return Style(
        page=(width, height),
        margins=(top, right, bottom, left),
        lines=page["lines"],
        characters=page["characters"],
        pitch=float(page["pitch"]),
        tracking=float(page["tracking"]),
        indent=float(page["indent"]),
        title_pitch=float(page["title_pitch"]),
        below_title=float(page["below_title"]),
        above_table=float(page["above_table"]),
        below_table=float(page["below_table"]),
        sign_off=SignOffStyle(**page["sign_off"]),
        page_number=float(page["page_number"]),
        page_number_indent=float(page["page_number_indent"]),
        table_pitch=float(page["table_pitch"]),
        cell_margin=(above, beside),
        label_indent=float(page["label_indent"]),
        text_table=(page["text_table"]["width"], page["text_table"]["column"]),
        label_words=tuple(page["label_words"]),
        faces=faces,
        fonts=fonts,
    )
