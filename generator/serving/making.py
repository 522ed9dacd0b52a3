"""What is made from the page: offices, years, imports of old reports, documents to take away."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from generator.drafting.edits import CannotEdit
from generator.drafting.new_report import new_office, new_report
from generator.drafting.next_year import roll_over
from generator.form.form import Forms
from generator.judging.examine import Examined
from generator.old_report.imported import Wishes
from generator.old_report.job import Place, import_file
from generator.old_report.sureness import sureness
from generator.reading.source import Unreadable
from generator.reading.workspace import OFFICE_FILE, place_of
from generator.report.report import Reader
from generator.setting.compose import compose, draft_mark
from generator.setting.materials import CannotSet, Materials
from generator.setting.writers import ending_of
from generator.system.extras import install_line
from generator.system.files import reason, write_whole
from generator.values.diagnostics import Refusal

FORMATS = ("docx", "txt", "html", "pdf")
"""The documents to take away, in the order in which they are offered."""
KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}

_FOLDER = re.compile(r"[\w\u4e00-\u9fff（）()-]{1,60}")
_YEARS = range(1900, 3000)


@dataclass(frozen=True, slots=True)
class Started:
    """A report that now is there: its office's folder, its year, and what is to be known of it."""

    folder: Path
    year: int
    notes: tuple[str, ...] = ()


def start_office(
    around: Path, folder: str, name: str, kind: str, year: int, forms: Forms
) -> Started:
    """Write the first files of an office into a new folder of ``around``.

    Raises:
        CannotEdit: something is missing, or there already; the message is for users.
    """
    name, folder = name.strip(), folder.strip() or _folder_of(name)
    if not name:
        raise CannotEdit("写上机关的全称")
    if not _FOLDER.fullmatch(folder):
        raise CannotEdit("文件夹的名字只能用汉字、字母、数字、下划线和连字符")
    kind = kind or forms.offices.kind(name)
    if kind not in forms.offices.kinds:
        raise CannotEdit("从全称看不出类型，请选一个")
    place = around / folder
    if (place / OFFICE_FILE).exists():
        raise CannotEdit(f"已经有「{folder}」这个机关了，换一个文件夹名")
    _check_year(year)
    try:
        files = [new_office(place, name, kind, forms), new_report(place, year, kind, forms)]
    except Refusal as refusal:
        raise _told(refusal) from refusal
    _write(((new.file, new.text.encode()) for new in files), place)
    return Started(place, year)


def start_year(folder: Path, year: int, forms: Forms) -> Started:
    """Write an office's report of a year, from the year before where there is one.

    Raises:
        CannotEdit: it is there already, or the year before has errors.
    """
    _check_year(year)
    at = place_of(folder, year)
    if at.file.exists() or at.file.is_symlink():
        raise CannotEdit(f"已经有 {year} 年度的报告了")
    reader = Reader(forms)
    try:
        if at.in_year(year - 1).file.is_file():
            made = roll_over(at, reader)
            notes = [f"由 {made.before.name} 写出，{made.unfilled} 处待填"]
            notes += [f"{made.marks} 处文字待核实"] if made.marks else []
            _write([(at.file, made.content)], folder)
            return Started(folder, year, (*notes, *made.lines))
        new = new_report(folder, year, reader.office(at).kind, forms)
    except Refusal as refusal:
        raise _told(refusal) from refusal
    _write([(new.file, new.text.encode())], folder)
    return Started(folder, year)


def import_old(folder: Path, content: bytes, title: str, forms: Forms) -> Started:
    """Read an old report into an office's folder; ``title`` is what its file was called.

    Raises:
        CannotEdit: it cannot be read, or its year is there already.
    """
    suffix = Path(title).suffix.lower()
    name = re.sub(r"[^\w\u4e00-\u9fff（）()-]", "", Path(title).stem)[:80] or "旧年报"
    with tempfile.TemporaryDirectory(prefix="nianbao-") as waiting:
        file = (
            Path(waiting) / f"{name}{suffix if re.fullmatch(r'[.][a-z0-9]{1,5}', suffix) else ''}"
        )
        file.write_bytes(content)
        try:
            outcome = import_file(file, Place(folder), Wishes(), forms)
        except (OSError, Unreadable) as error:
            raise CannotEdit(f"没有导入：{error}") from error
    if outcome.refusal:
        why = outcome.refusal.message.replace(f"{folder}", folder.name)
        raise CannotEdit(f"没有导入：{why}；{outcome.refusal.hint}")
    assert outcome.imported is not None
    notes = (*sureness(outcome.imported), *outcome.remarks)
    return Started(folder, outcome.imported.year, notes)


@dataclass(frozen=True, slots=True)
class Taken:
    """A document to take away."""

    name: str
    kind: str
    content: bytes


def taken(examined: Examined, format_name: str, *, draft: bool) -> Taken:
    """Return a report as a document; one with errors only as a draft.

    Raises:
        CannotEdit: it has errors, or cannot be set in this format.
    """
    report = examined.report
    if report is None or examined.prose is None:
        raise CannotEdit("文件还读不出来，先改正")
    if examined.blocked and not draft:
        raise CannotEdit("还有错误或没有填的，只能先出草稿")
    if format_name == "pdf" and not has_pdf():
        raise CannotEdit(f"没有安装 PDF 的部分，请运行 {install_line('pdf')}")
    mark = draft_mark(examined.lacking) if draft and examined.blocked else ""
    document = compose(report, examined.prose, draft=mark)
    try:
        content = Materials().writer(format_name)(document)
    except CannotSet as error:
        raise CannotEdit(str(error)) from error
    title = "".join(document.title)
    name = f"{title}{f'（{mark}）' if mark else ''}.{ending_of(format_name)}"
    return Taken(name, KINDS[format_name], content)


def has_pdf() -> bool:
    """Whether what sets a PDF is installed."""
    return all(map(find_spec, ("typst", "pikepdf")))


def _told(refusal: Refusal) -> CannotEdit:
    """Say in one sentence why something is not done, and the way out."""
    first = refusal.findings[0]
    return CannotEdit("；".join(part for part in (first.message, first.hint) if part))


def _folder_of(name: str) -> str:
    return re.sub(r"[^\w\u4e00-\u9fff（）()-]", "", name)[:60]


def _check_year(year: int) -> None:
    if year not in _YEARS:
        raise CannotEdit(f"「{year}」不是四位数的年份")


def _write(files: Iterable[tuple[Path, bytes]], place: Path) -> None:
    try:
        for file, content in files:
            write_whole(file, content)
    except OSError as error:
        raise CannotEdit(f"写不了「{place.name}」：{reason(error)}") from error
