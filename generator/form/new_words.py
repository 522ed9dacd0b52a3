"""What a form says to whoever begins: ``new.yaml``; and which kinds of office there are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.form import files
from generator.form.form import Form, Forms
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


def kinds_of(forms: Forms) -> tuple[str, ...]:
    """Return the kinds of office that ``office.yaml`` knows."""
    return tuple(forms.office_shape.schema["properties"][keys.KIND]["enum"])


def kind_by_name(forms: Forms, name: str) -> str:
    """Return the kind that an office's full name shows, empty when it does not.

    Raises:
        source.Unreadable: the file names a kind that there is not, or a pattern is wrong.
    """
    read = forms.shared.get(files.KINDS)
    if read is None:
        return ""
    for index, entry in enumerate(read.data["kinds"]):
        if entry["kind"] not in kinds_of(forms):
            near = meant(entry["kind"], kinds_of(forms))
            message = f"没有「{entry['kind']}」这个类型{near}"
            raise files.wrong(read, ("kinds", index, "kind"), message)
        try:
            if re.search(rf"(?:{entry['ends']})\Z", name):
                return str(entry["kind"])
        except re.error as error:
            message = f"正则式写错了：{error}"
            raise files.wrong(read, ("kinds", index, "ends"), message) from error
    return ""
