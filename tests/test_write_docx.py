"""The DOCX file: valid, lean, as GB/T 9704 sets it, and the same on any day."""

from __future__ import annotations

import importlib.util
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from generator.form.form import Forms
from generator.setting.write_docx import write_docx
from generator.setting.write_text import plain_text
from generator.values.document import Document, Paragraph, SignOff
from reading import docx_blocks, text_blocks
from support import EXAMPLES, SHARED, Outcome

NAMES = sorted(
    str(file.relative_to(EXAMPLES).with_suffix("")) for file in EXAMPLES.rglob("[12]*.yaml")
)
LARGEST = 20_000
SIDES = ("ascii", "hAnsi", "eastAsia", "cs")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from generator.commands.cli import run

    out = tmp_path_factory.mktemp("built")
    assert run(["build", str(EXAMPLES), "-o", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def validator() -> ModuleType:
    file = SHARED / "ooxml" / "validate.py"
    if not file.exists():
        pytest.skip("the ECMA-376 schemas (../shared/ooxml) are not here")
    spec = importlib.util.spec_from_file_location("validate", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


each = pytest.mark.parametrize("name", NAMES)


@each
def test_it_is_valid_ecma_376(built: Path, validator: ModuleType, name: str) -> None:
    assert validator.problems(str(built / f"{name}.docx"), validator.schema()) == []


def test_a_draft_is_valid_and_marked_on_every_page(
    tmp_path: Path, validator: ModuleType, workspace: Path, nianbao: Callable[..., Outcome]
) -> None:
    report = workspace / "songzhuang" / "2024.yaml"
    report.write_text(report.read_text("utf-8").replace("行政处罚: 5", "行政处罚: 待填"), "utf-8")
    assert nianbao("build", report, "-o", tmp_path).code == 1
    assert list(tmp_path.rglob("*.docx")) == []
    assert nianbao("build", report, "-o", tmp_path, "--draft").code == 1
    file = tmp_path / "songzhuang" / "2024.docx"
    assert validator.problems(str(file), validator.schema()) == []
    section = docx.Document(str(file)).sections[0]
    assert section.header.paragraphs[0].text == "草稿"
    assert section.even_page_header.paragraphs[0].text == "草稿"
    text = (tmp_path / "songzhuang" / "2024.txt").read_text("utf-8")
    assert text.startswith("【草稿】\n") and text.endswith("【草稿】\n")


@each
def test_it_is_small_and_lean(built: Path, name: str) -> None:
    file = built / f"{name}.docx"
    assert file.stat().st_size < LARGEST
    with zipfile.ZipFile(file) as archive:
        parts = archive.namelist()
        everything = b"".join(archive.read(part) for part in parts).decode("utf-8")
    assert not any(word in everything for word in ("ja-JP", "python-docx", "2013", "MS Mincho"))
    assert not any("theme" in part or "custom" in part.lower() for part in parts)


def test_styles_are_few_chinese_and_complete(built: Path) -> None:
    document = docx.Document(str(built / f"{NAMES[0]}.docx"))
    styles = list(document.styles.element.iter(qn("w:style")))
    assert len(styles) < 20
    for style in styles:
        fonts, language = style.find(".//" + qn("w:rFonts")), style.find(".//" + qn("w:lang"))
        assert fonts is not None and fonts.get(qn("w:eastAsia")), style.get(qn("w:styleId"))
        assert language is not None and language.get(qn("w:eastAsia")) == "zh-CN"
        assert language.get(qn("w:val")) == "en-US"
    levels = {
        style.name: style.element.find(".//" + qn("w:outlineLvl")).get(qn("w:val"))
        for style in document.styles
        if style.name.startswith("Heading") and style.type == 1
    }
    assert levels == {f"Heading {n}": str(n - 1) for n in (1, 2, 3, 4)}


def test_every_face_is_in_the_font_table_with_what_may_stand_for_it(
    built: Path, forms: Forms
) -> None:
    style = forms.load(2021).style
    with zipfile.ZipFile(built / f"{NAMES[0]}.docx") as archive:
        table = etree.fromstring(archive.read("word/fontTable.xml"))
        styles = etree.fromstring(archive.read("word/styles.xml"))
    named = {fonts.get(qn(f"w:{side}")) for fonts in styles.iter(qn("w:rFonts")) for side in SIDES}
    found = {font.get(qn("w:name")): font for font in table}
    assert set(found) == {face.name for face in style.faces} == named
    for face in style.faces:
        parts = {child.tag: child.get(qn("w:val")) for child in found[face.name]}
        assert face.substitutes and parts == {
            qn("w:altName"): face.substitutes[0],  # one: Word takes a list for a single name
            qn("w:charset"): "86",
            qn("w:family"): face.family,
            qn("w:pitch"): face.pitch,
        }


def kept(content: bytes) -> list[bool]:
    """Return of each paragraph outside tables, the title first, whether it names the next."""
    paragraphs = docx.Document(io.BytesIO(content)).paragraphs
    return [p._p.find(f"./{qn('w:pPr')}/{qn('w:keepNext')}") is not None for p in paragraphs]


def test_a_sign_off_keeps_with_the_last_paragraph(forms: Forms) -> None:
    style = forms.load(2021).style
    text = (Paragraph("甲。"), Paragraph("乙。"))
    signed = Document(("标题",), "某机关", 2024, text, style, SignOff("某机关", "2025年1月5日"))
    assert kept(write_docx(signed)) == [False, False, True, False, False]
    assert not any(kept(write_docx(Document(("标题",), "某机关", 2024, text, style))))


def test_heads_of_columns_break_where_words_end(built: Path) -> None:
    document = docx.Document(str(built / "yanshi" / "2024.docx"))
    three, four = document.tables[1:]
    assert [cell.text for cell in three.rows[2].cells[4:7]] == [
        "商业\n企业",
        "科研\n机构",
        "社会\n公益\n组织",
    ]
    assert four.rows[2].cells[0].text == "结果\n维持"


@each
def test_the_navigation_pane_shows_the_six_parts(built: Path, name: str) -> None:
    paragraphs = docx.Document(str(built / f"{name}.docx")).paragraphs
    parts = [p.text for p in paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert parts == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]


def test_the_page_is_that_of_gbt_9704(built: Path) -> None:
    document = docx.Document(str(built / f"{NAMES[0]}.docx"))
    section = document.sections[0]
    lengths = (
        (section.page_width, 210),
        (section.page_height, 297),
        (section.top_margin, 37),
        (section.right_margin, 26),
        (section.bottom_margin, 35),
        (section.left_margin, 28),
    )
    for length, millimetres in lengths:
        assert length is not None and abs(length - Mm(millimetres)) < Mm(0.05)
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text.split() == ["—", "1", "—"]
        assert paragraph._p.find(".//" + qn("w:jc")).get(qn("w:val")) == side


@each
def test_tables_are_tables(built: Path, name: str) -> None:
    document = docx.Document(str(built / f"{name}.docx"))
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert len(document.tables) == 3
    for table in document.tables:
        properties = table._tbl.tblPr
        for word in ("w:tblCaption", "w:tblDescription"):
            assert properties.find(qn(word)).get(qn("w:val"))
        widths = [int(column.get(qn("w:w"))) * 635 for column in table._tbl.tblGrid]
        assert abs(sum(widths) - room) < Mm(0.1)
        assert all(row._tr.find(".//" + qn("w:cantSplit")) is not None for row in table.rows)
    headers = [len(list(t._tbl.iter(qn("w:tblHeader")))) for t in document.tables]
    assert headers == [0, 3, 3]


def test_cells_are_truly_merged(built: Path, forms: Forms) -> None:
    document = docx.Document(str(built / "yanshi" / "2024.docx"))
    for table, form in zip(document.tables, forms.load(2021).tables.values(), strict=True):
        rows = [row.cells for row in table.rows]
        owner = {}
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                owner.setdefault(cell._tc, form.grid.slots[r][c])
                assert owner[cell._tc] == form.grid.slots[r][c]
        assert len(set(owner.values())) == len(form.grid.cells)


@each
def test_its_text_is_that_of_the_plain_text(built: Path, name: str) -> None:
    text = (built / f"{name}.txt").read_text("utf-8")
    assert docx_blocks(built / f"{name}.docx") == text_blocks(text)


def test_the_same_document_gives_the_same_bytes_on_any_day(forms: Forms) -> None:
    style = forms.load(2021).style
    document = Document(("标题",), "某机关", 2024, (Paragraph("正文。"),), style)
    first = write_docx(document)
    time.sleep(2.1)  # the clock of a ZIP archive moves in steps of two seconds
    assert write_docx(document) == first


def test_awkward_characters_survive(tmp_path: Path, forms: Forms) -> None:
    style = forms.load(2021).style
    awkward = 'A<B & 甲 "乙" \U00020bb7 𠮷野家  两个空格 瀍埇鄠浉洺硚堃'
    document = Document(("标题",), "某机关", 2024, (Paragraph(awkward),), style)
    file = tmp_path / "awkward.docx"
    file.write_bytes(write_docx(document))
    assert docx_blocks(file) == ["标题", awkward]
    assert text_blocks(plain_text(document)) == ["标题", awkward]


def test_the_sign_off_stands_as_the_standard_says(forms: Forms) -> None:
    style = forms.load(2021).style
    office, date = "孟津区送庄镇人民政府", "2025年1月15日"
    content = write_docx(Document(("标题",), office, 2024, (), style, SignOff(office, date)))
    paragraphs = docx.Document(io.BytesIO(content)).paragraphs[1:]
    right = [p._p.find(".//" + qn("w:ind")).get(qn("w:rightChars")) for p in paragraphs]
    # The name is 10 characters wide, the date 6.5: the name ends 2 characters from the right, so it
    # begins 12 from it; the date begins 2 further in, 10 from the right, and ends 3.5 from it.
    assert right == ["200", "350"]
