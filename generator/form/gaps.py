"""What a form could still say: rows without a note, rules without a case, files that are not there.

None of it keeps a report from being checked or written; its author is told by ``forms check``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from generator.form import files
from generator.form.cases import FOLDER, Case
from generator.form.form import Form, Forms
from generator.form.report_schema import written
from generator.form.tables import TableForm
from generator.values.diagnostics import Diagnostic, Place
from generator.values.nearest import meant

GAP, OPTIONAL = "E-8", "E-9"

_WITHOUT: Final = {
    files.PROSE: "不核对文字与表、与上年是否一致（各表式共有的文字规则照常）",
    files.WORDS: "认不出文字里说的是哪个数",
    files.ROLLOVER: "由上一年度写下一年度时文字照留、数都重新问，不结转，也不从上一种表式过来",
    files.IMPORT: "读旧报告时只认表上印的标题和名称",
    files.NEW: "新建的报告没有写好的标题和句子",
    files.LEDGER: "tally 不能由台账数出各表",
    files.CHART: "compare --chart 没有图可画",
}
"""What is lost without each of the files that a form may be without."""
_OTHERS: Final = ("tables", FOLDER)


def gaps(forms: Forms, form: Form, cases: Iterable[Case]) -> Iterator[Diagnostic]:
    """Yield what is missing in a form that is otherwise right; ``cases`` are those beside it."""
    finding = forms.known.finding
    for code, place, message in (
        *_of_folder(form),
        *_of_tables(form),
        *_of_rules(form, {expected.rule for case in cases for expected in case.expected}),
        *_around(forms, form),
    ):
        yield finding(code, place, message)


_Gap = tuple[str, Place, str]


def _of_folder(form: Form) -> Iterator[_Gap]:
    known = (*files.NEEDED, *files.INHERITED, *files.OPTIONAL, *_OTHERS)
    names = [entry.name for entry in sorted(form.folder.iterdir()) if entry.name[0] not in ".~"]
    for name in names:
        if name not in known:
            place = Place(form.folder / name)
            yield GAP, place, f"没有谁读「{name}」{meant(name, known)}"
    for name in files.OPTIONAL:
        if name not in names:
            place = Place(form.folder / files.HEAD)
            lost = _WITHOUT.get(name, "用到它的功能就不能用")
            yield OPTIONAL, place, f"没有 {name}：{lost}"
    for file in sorted((form.folder / "tables").glob("*.yaml")):
        if file.stem not in form.tables:
            yield GAP, Place(file), f"edition.yaml 没有哪个部分用「{file.stem}」这张表"


def _of_tables(form: Form) -> Iterator[_Gap]:
    for table in form.tables.values():
        place = Place(form.folder / "tables" / f"{table.id}.yaml")
        labels = [form.label(row) for row in _without_a_note(table)]
        if labels:
            yield GAP, place, f"{len(labels)} 行没有填报说明（note）：{'、'.join(labels)}"
        if table.each and table.total not in table.each:
            yield GAP, place, f"「{table.total}」不是 each 的一栏，各行没有合计"


def _without_a_note(table: TableForm) -> Iterator[tuple[str, ...]]:
    for row in dict.fromkeys(path[:-1] if len(path) > 2 else path for path in table.grid.figures):
        steps = row[1:]
        if table.total not in steps and steps not in table.filling.notes:
            yield row


def _of_rules(form: Form, tried: set[str]) -> Iterator[_Gap]:
    for rule in form.all_rules:
        if rule.place.file.parent != form.folder:
            continue  # what all forms share is not this one's to try
        if not rule.causes:
            yield GAP, rule.place, f"「{rule.id}」没有写常见原因（causes）"
    for rule in form.prose_rules:
        if rule.place.file.parent == form.folder and rule.id not in tried:
            yield GAP, rule.place, f"「{rule.id}」没有案例（{FOLDER}/*.yaml 中没有一个应当报告它）"


def _around(forms: Forms, form: Form) -> Iterator[_Gap]:
    head = form.files[files.HEAD]
    if form.predecessor is not None and form.predecessor not in forms.first_years:
        place = head.at(("predecessor",))
        yield GAP, place, f"没有 {form.predecessor} 年表式，上年的报告接不上"
    schema = forms.root / "schemas" / f"{form.id}.schema.json"
    if not schema.is_file():
        yield GAP, Place(schema), "没有给编辑器用的结构文件"
    elif schema.read_text("utf-8") != written(form.shape.schema):
        yield GAP, Place(schema), "给编辑器用的结构文件与表不符"
