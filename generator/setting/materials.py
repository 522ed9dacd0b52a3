"""What documents are made with besides the report: the writers, and the typefaces of a PDF."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from generator.setting.writers import WRITERS, Writer

if TYPE_CHECKING:
    from generator.setting.typefaces import Typefaces
    from generator.values.document import Document, Style

_PDF, _TEXT = "pdf", "txt"


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
    for_windows: bool = False
    """Whether plain text begins with a BOM and ends its lines as old editors on Windows want it."""

    def writer(self, format_name: str) -> Writer:
        """Return the writer of a format; it raises :class:`CannotSet` where it cannot."""
        if format_name == _PDF:
            return partial(_write_pdf, self.fonts)
        writer = WRITERS[format_name]
        return partial(_for_windows, writer) if self._is_other_text(format_name) else writer

    def _is_other_text(self, format_name: str) -> bool:
        return self.for_windows and format_name == _TEXT

    def substitutes(self, format_name: str, style: Style) -> list[tuple[str, str]]:
        """Return the typefaces of a style that others stand in for, each with the one used."""
        return list(_typefaces(self.fonts).substitutes(style)) if format_name == _PDF else []

    def digests(self, formats: Iterable[str], styles: Iterable[Style]) -> Mapping[str, str]:
        """Return, by format, a digest of all that decides a document's bytes besides the report."""
        text = {_TEXT: "windows"} if self.for_windows else {}
        if _PDF not in formats:
            return text
        from generator.setting.typefaces import NoTypeface

        typefaces = _typefaces(self.fonts)
        try:
            return {**text, _PDF: "".join(map(typefaces.digest, styles))}
        except NoTypeface:  # said of every report, when it is set
            return text


INSTALLED = Materials()


def _typefaces(folder: Path | None) -> Typefaces:
    from generator.setting.typefaces import typefaces

    return typefaces(folder)


def _for_windows(writer: Writer, document: Document) -> bytes:
    return codecs.BOM_UTF8 + writer(document).replace(b"\n", b"\r\n")


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
