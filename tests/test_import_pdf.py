"""PDFs and text drawn from them: figures of our own reports are read, or asked, never wrong.

The PDFs are made by LibreOffice from what ``build`` writes, of every example and of reports with
any figures under both forms.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from browsing import browser
from generator.form.form import Form, Forms
from generator.old_report.blocks import Refused
from generator.old_report.emit import OfficeFile, emit
from generator.old_report.imported import Imported, Wishes
from generator.old_report.importing import import_report
from generator.old_report.match import Found
from generator.old_report.outline import Item, Outline
from generator.old_report.pdf_page import Page, page_of
from generator.old_report.settle import settle
from generator.reading.source import parse
from generator.reading.workspace import find_reports
from generator.report.figures import expand
from generator.report.report import Reader
from generator.setting.write_docx import write_docx
from generator.values.grid import FigurePath, Number
from support import ROOT, Outcome
from test_import_round_trip import OFFICE, REPORTS, any_figures, document_of

pypdfium2 = pytest.importorskip("pypdfium2")
raw = pypdfium2.raw
needs_tools = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="LibreOffice (soffice) and pdftotext are not installed here",
)
SEEDS = range(4)
NAMES = [*REPORTS, *(f"any/{seed}" for seed in SEEDS)]
RENDERINGS: Mapping[str, float] = {"pdf": 1.0, "layout": 1.0, "raw": 1.0, "": 0.1}
"""How the text is drawn from the PDF, and the least share of figures that it must give."""


def any_report(form: Form, seed: int) -> OfficeFile:
    """Return a report with any figures and long enough sentences to fill lines."""
    found = {path: Found(value, "", "") for path, value in any_figures(form, seed).items()}
    prose = [section.key for section in form.sections if not section.table]
    sentence = "认真落实有关政府信息公开的各项规定，" * 8 + "工作取得实效。"
    first = Outline(
        (sentence,),
        (Item("主动公开", Outline((sentence,))), Item("依申请公开", Outline((sentence,)))),
    )
    return OfficeFile(
        form=form,
        year=2020 if form.id == 2019 else 2023,
        title="",
        lead=[sentence],
        texts={key: first if key == prose[0] else Outline((sentence,)) for key in prose},
        figures=settle(form, found, blank_is_zero=False).values,
        signed_office="",
        signed_date="",
        remarks={},
    )


@dataclass(frozen=True)
class Made:
    """A report as DOCX and as the PDF that LibreOffice makes of it, and the figures it prints."""

    docx: Path
    figures: Mapping[FigurePath, Number]

    @property
    def pdf(self) -> Path:
        return self.docx.with_suffix(".pdf")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, forms: Forms) -> Mapping[str, Made]:
    """Every example, and reports with any figures."""
    folder = tmp_path_factory.mktemp("pdfs")
    reports = dict(REPORTS)
    for seed in SEEDS:
        file = any_report(forms.load(sorted(forms.first_years)[seed % 2]), seed)
        office = folder / f"any{seed}"
        office.mkdir()
        (office / "office.yaml").write_text(f"名称: {OFFICE}\n类型: 乡镇人民政府\n", "utf-8")
        (office / f"{file.year}.yaml").write_text(emit(file), "utf-8")
        (reports[f"any/{seed}"],) = find_reports([office / f"{file.year}.yaml"])
    all_made: dict[str, Made] = {}
    for name, at in reports.items():
        docx = folder / f"{name.replace('/', '_')}.docx"
        docx.write_bytes(write_docx(document_of(at, forms)))
        all_made[name] = Made(docx, Reader(forms).report(at).figures.values)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder)]
    command += [str(each.docx) for each in all_made.values()]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return all_made


@needs_tools
@pytest.mark.parametrize("rendering", RENDERINGS)
@pytest.mark.parametrize("name", NAMES)
def test_no_figure_is_wrong(
    name: str, rendering: str, made: Mapping[str, Made], tmp_path: Path, forms: Forms
) -> None:
    file, wanted = made[name].pdf, made[name].figures
    if rendering != "pdf":
        option = [f"-{rendering}"] if rendering else []
        text = tmp_path / "old.txt"
        subprocess.run(["pdftotext", *option, file, text], check=True)
        file = text
    imported = import_report(file, forms, Wishes(name=OFFICE))
    found = expand(imported.form, data_of(imported)).values
    assert all(found[path] == wanted[path] for path in found)
    assert len(found) >= RENDERINGS[rendering] * len(wanted)
    if rendering in ("pdf", "layout"):
        docx = import_report(made[name].docx, forms, Wishes(name=OFFICE))
        assert prose_of(imported) == prose_of(docx)


def prose_of(imported: Imported) -> dict[str, Any]:
    """Return the parts that are prose."""
    data = data_of(imported)
    return {s.key: data[s.key] for s in imported.form.sections if not s.table}


def data_of(imported: Imported) -> dict[str, Any]:
    data: dict[str, Any] = parse(imported.text.encode(), imported.source).data
    return data


def blank_pdf() -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def test_a_scan_is_told_apart(tmp_path: Path, forms: Forms) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(blank_pdf())
    with pytest.raises(Refused, match="扫描件") as refused:
        import_report(file, forms, Wishes())
    assert "文字识别" in refused.value.way_out


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nianbao: Any
) -> None:
    file = tmp_path / "old.pdf"
    file.write_bytes(blank_pdf())
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    outcome: Outcome = nianbao("import", file, "-o", tmp_path / "out")
    assert outcome.code == 1
    assert f"{ROOT}[pdf-import]" in outcome.err


WHITE, NAVY = (255, 255, 255), (0, 51, 102)


def drawn(boxes: Mapping[tuple[int, int, int], int], words: Mapping[str, int]) -> Page:
    """Return what is taken of a page with boxes of a colour, and white words, at their heights."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(595, 842)
    for colour, foot in boxes.items():
        box = raw.FPDFPageObj_CreateNewRect(50, foot, 400, 20)
        raw.FPDFPageObj_SetFillColor(box, *colour, 255)
        raw.FPDFPath_SetDrawMode(box, raw.FPDF_FILLMODE_WINDING, 0)
        raw.FPDFPage_InsertObject(page, box)
    for word, foot in words.items():
        said = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 12)
        raw.FPDFText_SetText(said, (raw.FPDF_WCHAR * (len(word) + 1))(*map(ord, word), 0))
        raw.FPDFPageObj_SetFillColor(said, *WHITE, 255)
        raw.FPDFPageObj_Transform(said, 1, 0, 0, 1, 60, foot)
        raw.FPDFPage_InsertObject(page, said)
    raw.FPDFPage_GenerateContent(page)
    return page_of(page, page.get_textpage())


def test_white_words_are_read_where_something_is_behind_them() -> None:
    page = drawn({NAVY: 700, WHITE: 600}, {"label": 705, "990": 605, "72": 505})
    assert "".join(each.text for each in page.characters) == "label"
    assert page.unseen == 1  # one piece after the other
    assert drawn({NAVY: 700}, {"label": 705}).unseen == 0


def test_what_nobody_sees_on_a_printed_page_is_no_figure(
    tmp_path: Path, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    source = ROOT / "tests" / "data" / "import" / "white_on_white"
    file, made = tmp_path / "printed.pdf", tmp_path / "2023.yaml"
    with browser() as chromium:
        page = chromium.new_page()
        page.goto((source / "input.html").as_uri())
        page.pdf(path=file, print_background=True)
    assert "白底上的白字没有读入" in nianbao("import", file, "-o", made).err
    read, seen = (
        expand(forms.load(2021), parse(each.read_bytes(), each).data)
        for each in (made, source / "expected.yaml")
    )
    wrong = {path for path, value in read.values.items() if value != seen.get(path)}
    assert not wrong and len(read.values) > 190
