"""The formats of a document: a writer each, found by the name that is asked for.

A writer takes a :class:`Document` and knows nothing else. It is imported when it first writes: what
it needs (python-docx takes 0.1 s) is not to be waited for by a build that finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.values.document import Document

Writer = Callable[["Document"], bytes]


def _docx(document: Document) -> bytes:
    from generator.setting.write_docx import write_docx

    return write_docx(document)


def _txt(document: Document) -> bytes:
    from generator.setting.write_text import write_text

    return write_text(document)


def _html(document: Document) -> bytes:
    from generator.setting.write_html import write_html

    return write_html(document)


def _fragment(document: Document) -> bytes:
    from generator.setting.write_html import write_fragment

    return write_fragment(document)


def _pdf(document: Document) -> bytes:
    from generator.setting.typefaces import typefaces
    from generator.setting.write_pdf import write_pdf

    return write_pdf(document, typefaces(None))


WRITERS: Mapping[str, Writer] = MappingProxyType(
    {"docx": _docx, "txt": _txt, "html": _html, "fragment": _fragment, "pdf": _pdf}
)
USUAL = ("docx", "txt")
"""The formats made where none is asked for."""
_ENDINGS = {"fragment": "fragment.html"}


def ending_of(format_name: str) -> str:
    """Return what files of a format end in: a fragment is to open in a browser too."""
    return _ENDINGS.get(format_name, format_name)
