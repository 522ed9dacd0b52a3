"""Next year's file from this year's, as text; nothing is written here.

The new file is the old one with what changes in meaning changed: tables asked again (``figures``),
years and figures in prose bound or marked (``prose``), the rest left as the clerk wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.drafting.asked_figures import FigureQuestions, asked_figures
from generator.drafting.carried_prose import ProseCarrier
from generator.drafting.new_report import form_for
from generator.drafting.questions import blank, skeleton_of
from generator.form.form import Form
from generator.form.succession import Step, Succession, Treatment, succession
from generator.judging.examine import Examined, examine
from generator.reading import source
from generator.reading.workspace import ReportFile, reports_in
from generator.reading.yaml_edit import YamlText
from generator.reading.yaml_write import flow
from generator.report.figures import expand
from generator.report.report import Reader, Report
from generator.values import keys
from generator.values.diagnostics import Diagnostic, Place, Refusal, Severity

_NOT_MADE = "F-14"
_MODELINE = re.compile(r"^(#\s*yaml-language-server:.*?)(\d+)(\.schema\.json\s*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NextYear:
    """A report of the next year, ready to be written to ``at``."""

    at: ReportFile
    before: Path
    old_text: str
    new_text: str
    content: bytes
    """The new text with the byte order mark and the line ends of the old file."""
    lines: tuple[str, ...]
    """What a change of form mapped, merged, split or left without counterpart."""
    unfilled: int
    """How many places are to be filled in."""
    marks: int
    """How many places in the prose wait for a decision."""


def roll_over(at: ReportFile, reader: Reader) -> NextYear:
    """Return the report that is to stand at ``at``, from the one of the year before.

    Raises:
        Refusal: there is none or it has errors (F-14), its year is before the first form (F-9),
            or a file of the form is wrong.
    """
    examined = _year_before(at, reader)
    before = examined.report
    assert before is not None and examined.prose is not None
    form = form_for(at.year, at.file, reader.forms)
    plan = succession(form)
    step = reader.forms.step(before.form.id, form.id)
    asked = _asked(before, plan, step, at.year)
    asked_source = source.parse(asked.encode(), at.file)
    report = Report(
        at,
        before.office,
        form,
        asked_source,
        expand(form, asked_source.data),
        previous=before,
    )
    older = before.previous.form if before.previous else before.form
    earlier = reader.forms.step(older.id, before.form.id)
    carrier = ProseCarrier(before, examined.prose, report, plan, step, earlier)
    text = YamlText(asked)
    for path, value, edits in carrier.edits():
        text.rewrite(path, value, edits)
    new_text = text.result()
    written = source.parse(new_text.encode(), at.file)
    _verify(report, written, plan)
    return NextYear(
        at=at,
        before=before.at.file,
        old_text=before.source.text,
        new_text=new_text,
        content=_as_before(before.at.file.read_bytes(), new_text),
        lines=(*_parts(step), *step.lines(before.figures.values)) if step else (),
        unfilled=sum(value == keys.UNFILLED for _, value in written.walk()),
        marks=carrier.marks,
    )


def _year_before(at: ReportFile, reader: Reader) -> Examined:
    before = at.in_year(at.year - 1)
    if not before.file.is_file():
        raise Refusal(_nothing_before(at, before))
    form_for(before.year, before.file, reader.forms)
    examined = examine(before, reader)
    if examined.blocked or examined.report is None:
        errors = [finding for finding in examined.findings if finding.blocks]
        message = f"{before.file.name} 有 {len(errors)} 个错误"
        hint = f"先按提示改好，用 nianbao check {before.file} 核对后再来"
        raise Refusal(Diagnostic.coded(_NOT_MADE, Place(at.file), message, hint), *errors)
    return examined


def _nothing_before(at: ReportFile, before: ReportFile) -> Diagnostic:
    years = sorted(report.year for report in reports_in(at.folder) if report.year < before.year)
    if years:
        missing = "、".join(f"{year}" for year in range(years[-1] + 1, at.year))
        message = f"没有 {before.file.name}，最近的一份是 {years[-1]}.yaml"
        hint = f"中间缺 {missing} 年度；先补上，或从 {years[-1] + 1} 年起逐年运行 nianbao rollover"
    else:
        message = f"没有上一年度的 {before.file.name}"
        hint = f"把它放进 {at.folder}；从来没有报告的，用 nianbao new {at.folder} {at.year} 新建"
    return Diagnostic.coded(_NOT_MADE, Place(at.file), message, hint)


def _asked(before: Report, plan: Succession, step: Step | None, year: int) -> str:
    """Return last year's text with the head changed, tables asked again, the foot taken off."""
    text = YamlText(before.source.text)
    after = plan.form
    old_tables = before.form.tables
    moved = {
        table.key: old_tables[id].key for id, table in after.tables.items() if id in old_tables
    }
    questions = FigureQuestions(text, before, plan, step)
    text.replace((keys.YEAR,), str(year))
    if step:
        text.replace((keys.FORM,), str(after.id))
    kept = {keys.FORM, keys.YEAR}
    last = (keys.YEAR,)
    for section in after.sections:
        old = moved.get(section.key, section.key)
        if old not in before.data:
            asked = (
                blank(after, (section.key,), skeleton_of(after, section.key))
                if (section.table)
                else keys.UNFILLED
            )
            text.insert((), last, section.key, flow(asked))
            continue
        last = (old,)
        if old != section.key:
            text.rename((old,), section.key)
        if _treatment(plan, section.key) is Treatment.ASKED:
            kept.add(old)
            if section.table:
                questions.ask(section.key, old)
            else:
                text.replace((old,), keys.UNFILLED)
        elif _treatment(plan, section.key) is Treatment.KEPT:
            kept.add(old)
    for key in before.data:
        if key in kept:
            continue
        has_place = key in moved.values() or after.shape.title((key,))
        if _treatment(plan, key) is not Treatment.KEPT or not has_place:
            text.remove((key,))
    new = text.result()
    return _MODELINE.sub(rf"\g<1>{after.id}\3", new) if step else new


def _parts(step: Step) -> Iterator[str]:
    """Say which whole parts one of the two forms does not have."""

    def names(form: Form) -> dict[str, str]:
        return {section.table or section.key: section.heading for section in form.sections}

    before, after = names(step.before), names(step.after)
    for name, heading in before.items():
        if name not in after:
            yield f"没有对应：{step.before.id} 年表式的部分「{heading}」，没有带入"
    for name, heading in after.items():
        if name not in before:
            yield f"新增：{step.after.id} 年表式的部分「{heading}」，须填"


def _treatment(plan: Succession, key: str) -> Treatment:
    """Return what becomes of a part; a form that does not say asks for tables and keeps words."""
    if key in plan.parts:
        return plan.parts[key]
    if key in plan.form.table_by_key:
        return Treatment.ASKED
    return Treatment.EMPTIED if key in (keys.SIGN_OFF, keys.ACCEPTED) else Treatment.KEPT


def _as_before(old: bytes, text: str) -> bytes:
    """Encode ``text`` with the byte order mark and the line ends that the old file has."""
    if b"\r\n" in old:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b"") + text.encode()


def _verify(report: Report, read: source.Source, plan: Succession) -> None:
    """Make sure that the new file is right but for its blanks, before anybody gets to see it.

    Raises:
        AssertionError: it is not, which is a fault of this program.
    """
    figures = expand(report.form, read.data)
    known = [
        path
        for path in asked_figures(report.form, plan)
        if path in figures.values and _treatment(plan, path[0]) is Treatment.ASKED
    ]
    wrong = [
        f.message
        for f in report.form.shape.findings(read.data, report.at.file)
        if f.severity is Severity.ERROR
    ]
    assert not known, f"去年的数留在了 {known}"
    assert not wrong, wrong
