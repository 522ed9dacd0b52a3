"""What a form has drawn of the years of an office: ``chart.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.form import files
from generator.form.model import Form
from generator.form.names import Named, UnknownName


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of the picture: a title and the figures stacked in it."""

    title: str
    series: Mapping[str, Named]


def panels_of(form: Form) -> list[Panel]:
    """Return what a form has drawn; none where it does not say.

    Raises:
        source.Unreadable: a series is no figure of the form.
    """
    read = form.files.get(files.CHART)
    if read is None:
        return []

    def figure(written: str, *place: str | int) -> Named:
        try:
            return form.names.number(written)
        except UnknownName as error:
            raise files.wrong(read, place, str(error)) from error

    return [
        Panel(
            entry["title"],
            {
                name: figure(written, "panels", index, "series", name)
                for name, written in entry["series"].items()
            },
        )
        for index, entry in enumerate(read.data["panels"])
    ]
