"""What no schema can say of a form's files: that what they name exists.

Each file is read here once as those read it who will use it, so that a slip in one of them is found
by every command and not by the first office that happens to need it.
"""

from __future__ import annotations

from collections.abc import Callable

from generator.form import expressions, files
from generator.form.ledger import ledger_form
from generator.form.model import Form
from generator.form.names import FigureNames
from generator.form.new_words import new_words
from generator.form.offices import OfficeWords
from generator.form.panels import panels_of
from generator.form.spellings import read_spellings
from generator.form.succession import check_step, succession
from generator.values import keys
from generator.values.nearest import meant


def verify(form: Form, predecessor: FigureNames | None, offices: OfficeWords) -> None:
    """Read everything that a form's further files say.

    ``predecessor`` are the names of the figures of the form before it, where that is there.

    Raises:
        source.Unreadable: with what is wrong in any of the files.
    """
    readers: tuple[Callable[[], object], ...] = (
        lambda: _title(form),
        lambda: succession(form),
        lambda: check_step(form, predecessor) if predecessor else None,
        lambda: new_words(form),
        lambda: _texts(form, offices),
        lambda: panels_of(form),
        lambda: ledger_form(form),
        lambda: read_spellings(form),
    )
    files.read_each(readers)


def _title(form: Form) -> None:
    expressions.check_text(form.files[files.HEAD], ("title",), form.title, expressions.TITLE)


def _texts(form: Form, offices: OfficeWords) -> None:
    """See that the texts for new reports name figures and kinds of office that there are."""
    read = form.files.get(files.NEW)
    for path, text in read.walk() if read else ():
        if path[:1] != ("texts",) or not isinstance(text, str):
            continue
        assert read is not None
        expressions.check_text(read, path, text, expressions.PROSE, form.names)
        if keys.KIND in path and text not in offices.kinds:
            raise files.wrong(read, path, f"没有「{text}」这个类型{meant(text, offices.kinds)}")
