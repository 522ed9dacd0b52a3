"""The formats of a document: a writer each, found by the ending of its files.

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


WRITERS: Mapping[str, Writer] = MappingProxyType({"docx": _docx, "txt": _txt})
USUAL = ("docx", "txt")
"""The formats made where none is asked for."""
