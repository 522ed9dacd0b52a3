"""A published file as ``import`` reads it, with nothing settled, filled in or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.form.form import Form, Forms
from generator.old_report.blocks import Line, Note, texts
from generator.old_report.importing import read_blocks
from generator.old_report.match import Found, match
from generator.old_report.recognise import recognise
from generator.old_report.recognised import Recognised
from generator.values.grid import FigurePath
from generator.verifying.labels import ChangedLabel, by_form, compare_labels


@dataclass(frozen=True)
class Published:
    """What stands in a published file. ``parts`` are the parts that are prose, by their keys.

    ``headings`` are the headings of the parts that were found, ``figures`` what stands in the
    cells of the form, ``strange`` what stands in tables or beside them and has no place there,
    ``labels`` what the tables say in place of labels of the form. ``elsewhere`` has the parts whose
    table stands below the heading of another part, each with that part.
    """

    form: Form
    title: str
    lead: Sequence[Line]
    headings: Mapping[str, Line]
    parts: Mapping[str, Sequence[Line]]
    figures: Mapping[FigurePath, Found]
    strange: Sequence[Note | Line]
    labels: Sequence[ChangedLabel]
    elsewhere: Mapping[str, str]
    signed: tuple[str, str]
    """Name and ISO date, each empty where there is none."""


def read_published(file: Path, forms: Forms) -> Published:
    """Read a page as saved from a site, a DOCX or a text.

    Raises:
        Refused: there is no report in it, or it cannot be read.
    """
    blocks = read_blocks(file, forms)
    found = recognise(blocks, forms)
    tables, labels = compare_labels(found.tables, found.spellings.form, texts(blocks.items))
    matched = match(tables, found.rows)
    stray = [line for lines in found.stray.values() for line in lines]
    return Published(
        form=found.spellings.form,
        title=found.title,
        lead=found.lead,
        headings=found.headings,
        parts=found.parts,
        figures=matched.figures,
        strange=[*matched.unplaced, *matched.again, *stray],
        labels=labels,
        elsewhere=_elsewhere(found),
        signed=(found.signed_office, found.signed_date),
    )


def _elsewhere(found: Recognised) -> dict[str, str]:
    """Return the parts of which no piece of a table stands below their own heading."""
    below: dict[str, list[str]] = {}
    for heading, tables in found.below.items():
        for key, _ in by_form(tables, found.spellings.form):
            below.setdefault(key, []).append(heading)
    return {key: others[0] for key, others in below.items() if key not in others}
