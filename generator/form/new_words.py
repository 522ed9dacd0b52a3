"""What a form says to whoever begins a report: ``new.yaml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.form import files
from generator.form.model import Form
from generator.values import keys
from generator.values.nearest import meant


@dataclass(frozen=True)
class NewWords:
    """The words that the first file of an office begins with."""

    head: Sequence[str]
    notes: Mapping[str, Sequence[str]]
    omit: Sequence[str]
    texts: Mapping[str, Any]


def new_words(form: Form) -> NewWords:
    """Return what ``new.yaml`` says; a form without it says nothing.

    Raises:
        source.Unreadable: it has words for a part that the form does not have.
    """
    read = form.files.get(files.NEW)
    if read is None:
        return NewWords((), {}, (), {})
    known = [keys.LEAD, *(section.key for section in form.sections)]
    for key in ("notes", "texts"):
        for part in read.data.get(key, {}):
            if part not in known:
                message = f"没有「{part}」这个部分{meant(part, known)}"
                raise files.wrong(read, (key, part), message)
    return NewWords(
        head=read.data["head"],
        notes=read.data.get("notes", {}),
        omit=sorted(read.data.get("omit", ()), key=len, reverse=True),
        texts=read.data["texts"],
    )
