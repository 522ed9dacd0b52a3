"""What documents are made with besides the report: the writers, and the typefaces of a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from generator.setting.writers import WRITERS, Writer

if TYPE_CHECKING:
    from generator.setting.typefaces import Typefaces
    from generator.values.document import Document, Style

_PDF = "pdf"


class CannotSet(Exception):
    """A document cannot be set as it should be; ``code`` is a finding's."""

    def __init__(self, code: str, message: str) -> None:
        """Carry what the finding says."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Materials:
    """``fonts`` is the folder of the typefaces; without it those installed here are taken."""

    fonts: Path | None = None

    def writer(self, format_name: str) -> Writer:
        """Return the writer of a format; it raises :class:`CannotSet` where it cannot."""
        return partial(_write_pdf, self.fonts) if format_name == _PDF else WRITERS[format_name]

    def substitutes(self, format_name: str, style: Style) -> list[tuple[str, str]]:
        """Return the typefaces of a style that others stand in for, each with the one used."""
        return list(_typefaces(self.fonts).substitutes(style)) if format_name == _PDF else []

    def digests(self, formats: Iterable[str], styles: Iterable[Style]) -> Mapping[str, str]:
        """Return, by format, a digest of all that decides a document's bytes besides the report."""
        if _PDF not in formats:
            return {}
        from generator.setting.typefaces import NoTypeface

        typefaces = _typefaces(self.fonts)
        try:
            return {_PDF: "".join(map(typefaces.digest, styles))}
        except NoTypeface:  # said of every report, when it is set
            return {}


INSTALLED = Materials()


def _typefaces(folder: Path | None) -> Typefaces:
    from generator.setting.typefaces import typefaces

    return typefaces(folder)


def _write_pdf(fonts: Path | None, document: Document) -> bytes:
    from generator.setting.typefaces import NoTypeface
    from generator.setting.write_pdf import Undisplayable, write_pdf

    try:
        return write_pdf(document, _typefaces(fonts))
    except NoTypeface as error:
        raise CannotSet("E-4", str(error)) from error
    except Undisplayable as error:
        listed = "、".join(f"「{text}」（字体 {font}）" for text, font in error.missing)
        raise CannotSet("E-3", f"字体里没有这些字，PDF 没有写：{listed}") from error
