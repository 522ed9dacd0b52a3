"""What ``build`` writes is imported as it was: every figure, every sentence, every heading.

Of the imported file a report is built again; its plain text is to be the same, letter by letter.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from generator.form.form import Form, Forms
from generator.form.spellings import read_spellings
from generator.judging.examine import examine
from generator.old_report.emit import OfficeFile, emit
from generator.old_report.imported import Imported, Wishes
from generator.old_report.importing import import_report
from generator.old_report.match import Found
from generator.old_report.outline import Item, Outline
from generator.old_report.settle import settle
from generator.reading.source import parse, read
from generator.reading.workspace import ReportFile, find_reports
from generator.report.figures import expand
from generator.report.report import Reader
from generator.setting.compose import compose
from generator.setting.write_docx import write_docx
from generator.setting.write_text import plain_text
from generator.values import keys
from generator.values.grid import FigurePath
from support import EXAMPLES

REPORTS = {f"{at.office_path}/{at.year}": at for at in find_reports([EXAMPLES])}
needs_soffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed here"
)


def document_of(at: ReportFile, forms: Forms) -> Any:
    examined = examine(at, Reader(forms))
    assert examined.report is not None and examined.prose is not None, examined.findings
    return compose(examined.report, examined.prose)


def imported_again(file: Path, at: ReportFile, folder: Path, forms: Forms) -> str:
    """Import ``file`` for the office of ``at`` and return the text built of what was imported."""
    name = read(at.office_file).data[keys.NAME]
    imported = import_report(file, forms, Wishes(name=name))
    assert imported.complete, imported.notes
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(at.office_file, folder)
    (folder / f"{at.year}.yaml").write_text(imported.text, "utf-8")
    same_figures(imported, at, forms)
    return plain_text(document_of(find_reports([folder / f"{at.year}.yaml"])[0], forms))


def same_figures(imported: Imported, at: ReportFile, forms: Forms) -> None:
    printed = Reader(forms).report(at)
    assert imported.form is printed.form
    assert imported.settled.read == imported.settled.total
    made = parse(imported.text.encode(), at.file).data
    assert expand(imported.form, made).values == printed.figures.values


@pytest.mark.parametrize("kind", ["docx", "txt"])
@pytest.mark.parametrize("name", REPORTS)
def test_every_example(name: str, kind: str, tmp_path: Path, forms: Forms) -> None:
    at = REPORTS[name]
    document = document_of(at, forms)
    file = tmp_path / f"old.{kind}"
    text = plain_text(document)
    file.write_bytes(write_docx(document) if kind == "docx" else text.encode())
    assert imported_again(file, at, tmp_path / "again", forms) == text


# Through LibreOffice


@pytest.fixture(scope="module")
def through_libreoffice(
    tmp_path_factory: pytest.TempPathFactory, forms: Forms
) -> Mapping[str, Path]:
    """Folder of each way: DOCX made HTML, and DOCX made ODT and DOCX again."""
    folder = tmp_path_factory.mktemp("libreoffice")
    start = folder / "start"
    start.mkdir()
    for name, at in REPORTS.items():
        (start / f"{name.replace('/', '_')}.docx").write_bytes(write_docx(document_of(at, forms)))

    def convert(source: Path, suffix: str, to: str) -> Path:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                *("--convert-to", to, "--outdir", str(folder / f"{source.name}-{to}")),
                *(str(file) for file in sorted(source.glob(f"*.{suffix}"))),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        return folder / f"{source.name}-{to}"

    return {
        "html": convert(start, "docx", "html"),
        "docx": convert(convert(start, "docx", "odt"), "odt", "docx"),
    }


@needs_soffice
@pytest.mark.parametrize("kind", ["html", "docx"])
@pytest.mark.parametrize("name", REPORTS)
def test_every_example_through_libreoffice(
    name: str,
    kind: str,
    through_libreoffice: Mapping[str, Path],
    tmp_path: Path,
    forms: Forms,
) -> None:
    at = REPORTS[name]
    file = through_libreoffice[kind] / f"{name.replace('/', '_')}.{kind}"
    text = plain_text(document_of(at, forms))
    assert imported_again(file, at, tmp_path / "again", forms) == text


# Any figures, any prose

OFFICE = "演示县青石镇人民政府"
CHARACTERS = "公开信息年度申请答复，、“”（）12 3.abc一二{}%#:&*-|+"
BEGINNING = st.sampled_from(
    ["我们", "我们", "一是", "2024年", "1.", "2、", "（一）", "（2）", "三、"]
)
SENTENCE = st.builds(
    lambda beginning, text: f"{beginning}{text.strip()}。",
    BEGINNING,
    st.text(CHARACTERS, min_size=2, max_size=40),
)
TITLE = st.text("公开信息管理平台监督", min_size=2, max_size=12)


def outline(depth: int) -> st.SearchStrategy[Outline]:
    paragraphs = st.lists(SENTENCE, min_size=1, max_size=3).map(tuple)
    if depth == 0:
        return st.builds(Outline, paragraphs)
    item = st.builds(Item, TITLE | TITLE.map(lambda text: f"{text}。"), outline(depth - 1))
    return st.builds(Outline, paragraphs, st.lists(item, max_size=3).map(tuple))


def computed(form: Form, figures: Mapping[FigurePath, Any]) -> dict[FigurePath, Any]:
    """Return figures with their totals added up."""
    values = dict(figures)
    for table in form.tables.values():
        for path, parts in table.addends.items():
            values[path] = sum(values[part] for part in parts)
    return values


def any_figures(form: Form, seed: int) -> dict[FigurePath, Any]:
    """Return figures for every cell: zeros, small and large ones, money with its digits."""
    random = Random(seed)
    money = read_spellings(form).money
    figures: dict[FigurePath, Any] = {}
    for table in form.tables.values():
        for path in table.grid.figures:
            largest = random.choice([0, 0, 9, 999, 99_999])
            figures[path] = random.randint(0, largest)
            if path in money and largest:
                figures[path] = Decimal(random.randint(0, largest)).scaleb(-4)
    return computed(form, figures)


EVEN = Outline(("我们1 “。",), (Item("信息", Outline(("我们公开信息" * 4 + "。",) * 6)),))
"""Sentences of one length, which are paragraphs and no page's lines: the space above them stays."""


@pytest.mark.parametrize("kind", ["docx", "txt"])
@example(form_id=2019, seed=0, lead=[], first=EVEN, others=EVEN, signed=("", ""))
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    form_id=st.sampled_from([2019, 2021]),
    seed=st.integers(0, 10**6),
    lead=st.lists(SENTENCE, max_size=2),
    first=outline(2),
    others=outline(1),
    signed=st.sampled_from([("", ""), (OFFICE, "2024-01-05"), (OFFICE, ""), ("", "2024-01-05")]),
)
def test_any_report(
    kind: str,
    form_id: int,
    seed: int,
    lead: list[str],
    first: Outline,
    others: Outline,
    signed: tuple[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    forms: Forms,
) -> None:
    form = forms.load(form_id)
    found = {p: Found(v, str(v), "") for p, v in any_figures(form, seed).items()}
    keys_of_prose = [section.key for section in form.sections if not section.table]
    file = OfficeFile(
        form=form,
        year=2020 if form_id == 2019 else 2023,
        title="",
        lead=lead,
        texts={key: first if key == keys_of_prose[0] else others for key in keys_of_prose},
        figures=settle(form, found, blank_is_zero=False).values,
        signed_office=signed[0],
        signed_date=signed[1],
        remarks={},
    )
    folder = tmp_path_factory.mktemp("any")
    (folder / "office.yaml").write_text(f"名称: {OFFICE}\n类型: 乡镇人民政府\n", "utf-8")
    report = folder / f"{file.year}.yaml"
    report.write_text(emit(file), "utf-8")
    (at,) = find_reports([report])
    document = document_of(at, forms)
    text = plain_text(document)
    old = folder / f"old.{kind}"
    old.write_bytes(write_docx(document) if kind == "docx" else text.encode())
    again = imported_again(old, at, folder / "again", forms)
    assert lines(again) == lines(text)


def lines(text: str) -> list[str]:
    """Return a text's lines without their indentation."""
    return [line.strip() for line in text.split("\n")]
