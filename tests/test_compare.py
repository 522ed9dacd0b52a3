"""Two years or two offices side by side, through the command line, and the picture."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.compare.reports import Change, Compared, FigureRow, compare
from generator.form.form import Forms
from generator.form.succession import Pair
from generator.judging.examine import Examined, examine
from generator.reading.workspace import find_reports
from generator.report.report import Reader
from pages import needs_fonts
from support import COUNTY, EXAMPLES, ROOT, WORKSPACE, needs_published
from support import Outcome as Call_

Call = Callable[..., Call_]
YANSHI = COUNTY


def read(file: Path, forms: Forms) -> Examined:
    return examine(find_reports([file])[0], Reader(forms))


def compared(first: Path, second: Path, forms: Forms) -> Compared:
    return compare(read(first, forms), read(second, forms), forms)


def row(comparison: Compared, label: str) -> FigureRow:
    (found,) = [row for row in comparison.figures if row.label == label]
    return found


def test_all_200_figures_changed_ones_first(forms: Forms) -> None:
    result = compared(YANSHI / "2023.yaml", YANSHI / "2024.yaml", forms)
    assert len(result.figures) == 200
    changes = [figure.change for figure in result.figures]
    assert changes == sorted(changes, key=list(Change).index)
    assert set(changes) == {Change.CHANGED, Change.SAME}
    received = row(result, "表三 一、本年新收政府信息公开申请数量 总计")
    assert (received.first, received.second) == (596, 663)
    assert (received.difference, received.percent) == (67, "+11.2%")
    fee = row(result, "表二 行政事业性收费 本年收费金额（单位：万元）")
    assert fee.difference == Decimal("3766.7452") and fee.percent == "+5.5%"


def test_the_other_way_round_is_the_other_sign(forms: Forms) -> None:
    one = compared(YANSHI / "2023.yaml", YANSHI / "2024.yaml", forms)
    other = compared(YANSHI / "2024.yaml", YANSHI / "2023.yaml", forms)
    assert [(r.label, r.first, r.second) for r in one.figures] == [
        (r.label, r.second, r.first) for r in other.figures
    ]


def test_across_forms_where_a_figure_has_a_counterpart(
    tmp_path: Path, forms: Forms, nianbao: Call
) -> None:
    office = tmp_path / "town"
    office.mkdir()
    (office / "office.yaml").write_text("名称: 某镇人民政府\n类型: 乡镇人民政府\n", "utf-8")
    text = (EXAMPLES / "baiyuan" / "2020.yaml").read_text("utf-8")
    text = text.replace("处理决定数量: 0", "处理决定数量: 7", 1)
    text = re.sub(r"其他处理: 0", "其他处理: {自然人: 5}", text)
    text = re.sub(r"本年新收: 0", "本年新收: {自然人: 5}", text)
    (office / "2020.yaml").write_text(text, "utf-8")
    assert nianbao("rollover", "2021", office).code == 0
    new = (office / "2021.yaml").read_text("utf-8").replace("行政许可: 待填", "行政许可: 9")
    new = new.replace("申请人无正当理由逾期不补正: 待填", "申请人无正当理由逾期不补正: {自然人: 2}")
    new = new.replace("      其他: 待填", "      其他: {自然人: 1}")
    new = new.replace("本年新收: 待填", "本年新收: {自然人: 3}")
    (office / "2021.yaml").write_text(new.replace("待填", "0"), "utf-8")
    result = compared(office / "2020.yaml", office / "2021.yaml", forms)
    licences = row(result, "表二 行政许可 本年处理决定数量")
    assert (licences.first, licences.second) == (7, 9)
    split = row(result, "表三 三、本年度办理结果 （六）其他处理 自然人（3 项之和）")
    assert (split.first, split.second) == (5, 3)
    alone = [r for r in result.figures if r.change is Change.ALONE]
    assert len([r for r in alone if r.in_second]) == 7  # new in 2021
    assert len([r for r in alone if r.in_first]) == 19  # gone since 2019
    assert not any("政府集中采购" in r.label and r.in_second for r in alone)
    covered = sum(1 for r in result.figures if r.in_second and "项之和" not in r.label)
    assert covered + 3 * 7 == 200
    back = compared(office / "2021.yaml", office / "2020.yaml", forms)
    assert row(back, split.label).first == 3


def test_every_figure_of_both_forms_is_accounted_for(forms: Forms) -> None:
    step = forms.step(2019, 2021)
    assert step is not None
    olds = [path for pair in step.pairs for path in pair.old]
    news = [path for pair in step.pairs for path in pair.new]
    assert len(olds) == len(set(olds)) and len(news) == len(set(news))
    old, new = forms.load(2019), forms.load(2021)
    assert len(set(old.figures) - set(olds)) == 19 and len(set(new.figures) - set(news)) == 7
    moved = [pair for pair in step.pairs if pair.old != pair.new]
    assert len(moved) == 3 + 7 and forms.step(2021, 2021) is None
    assert Pair(old.figures[-15:][:1], new.figures[-15:][:1]) in step.pairs


def test_prose_by_section_kept_and_changed(workspace: Path, forms: Forms) -> None:
    before = workspace / "songzhuang" / "2024.yaml"
    text = before.read_text("utf-8").replace("年度: 2024", "年度: 2025")
    text = text.replace("站所信息员多为兼职", "站所信息员大多为兼职人员")
    text = text.replace("信函和当面提交两种申请方式全年畅通。", "")
    text = text.replace("491条", "502条")
    text = text.replace(
        "照顾不常上网的群众。", "照顾不常上网的群众。新设了三处查询点供外来人员使用。"
    )
    after = before.with_name("2025.yaml")
    after.write_text(text, "utf-8")
    sections = {s.heading: s for s in compared(before, after, forms).sections}
    assert list(sections) == ["总体情况", "存在的主要问题及改进情况", "其他需要报告的事项"]
    overall = sections["总体情况"]
    assert overall.added == ("新设了三处查询点供外来人员使用。",)
    assert overall.removed == ("信函和当面提交两种申请方式全年畅通。",)
    assert any("502条" in sentence for sentence in overall.kept)  # only the figure is new
    assert Decimal("0.9") < overall.similarity < 1
    ((old, new),) = sections["存在的主要问题及改进情况"].changed
    assert "多为兼职，" in old and "大多为兼职人员" in new
    assert sections["其他需要报告的事项"].similarity == 1


# Which two reports are meant.


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("yanshi/2023.yaml", "yanshi/2024.yaml", ["演示县 2023", "演示县 2024"]),
        ("yanshi", "yanshi", ["演示县 2023", "演示县 2024"]),
        ("yanshi/qingshi", "yanshi/liuhe", ["青石镇 2024", "柳河镇 2024"]),
        ("yanshi/qingshi/2023.yaml", "yanshi/liuhe", ["青石镇 2023", "柳河镇 2023"]),
        ("songzhuang", "yanshi/2024.yaml", ["送庄镇 2024", "演示县 2024"]),
        ("baiyuan/2020.yaml", "yanshi/2024.yaml", ["白元镇 2020", "演示县 2024"]),
    ],
)
def test_files_and_offices(first: str, second: str, names: list[str], nianbao: Call) -> None:
    outcome = nianbao("compare", EXAMPLES / first, EXAMPLES / second, "--format", "json")
    assert outcome.code == 0, outcome.err
    data = json.loads(outcome.out)
    assert [data["first"], data["second"]] == names


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["songzhuang", "songzhuang"], "只有 2024 一个年度"),
        (["songzhuang", "baiyuan"], "没有同一年度的报告"),
        (["songzhuang/2024.yaml", "baiyuan"], "有的是：2020"),
        (["songzhuang/2024.yaml", "songzhuang"], "和它自己没有可比的"),
        (["nowhere", "songzhuang"], "没有这个路径"),
        ([".", "songzhuang"], "下没有报告"),
        (["README.md", "songzhuang"], "不是报告"),
        (["yanshi", "yanshi", "--chart", "x.pdf"], ".svg 或 .png"),
        (["yanshi"], "缺少参数"),
    ],
)
def test_wrong_usage(
    arguments: list[str], said: str, nianbao: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES)
    outcome = nianbao("compare", *arguments)
    assert outcome.code == 2 and said in outcome.err and outcome.out == ""


def test_a_report_that_cannot_be_read_is_reported(workspace: Path, nianbao: Call) -> None:
    file = workspace / "songzhuang" / "2024.yaml"
    file.write_bytes(file.read_text("utf-8").encode("gb18030"))
    outcome = nianbao("compare", file, workspace / "yanshi" / "2024.yaml")
    assert outcome.code == 1 and "GB18030" in outcome.err and outcome.out == ""


def test_an_unfilled_report_is_compared_as_it_is(workspace: Path, nianbao: Call) -> None:
    office = workspace / "songzhuang"
    assert nianbao("rollover", "2025", office).code == 0
    outcome = nianbao("compare", office, office)
    assert outcome.code == 0 and "个错误" in outcome.err
    assert re.search(r"^ +5  +待填 +表二 行政处罚", outcome.out, re.MULTILINE)


# The forms of the result.


def test_text_is_aligned_and_changed_figures_come_first(nianbao: Call) -> None:
    outcome = nianbao("compare", YANSHI, YANSHI)
    lines = outcome.out.splitlines()
    assert lines[0].split() == ["演示县", "2023", "演示县", "2024", "增减", "增幅", "项目"]
    assert lines[2] == "【有变化】" and "【相同】" in lines
    assert "      17935        18462        +527   +2.9%  表二 行政许可 本年处理决定数量" in lines
    assert any(line.startswith("总体情况：") for line in lines)
    assert any(line.startswith("  新增  ") for line in lines)
    assert "\x1b[" not in outcome.out


def test_markdown(nianbao: Call) -> None:
    out = nianbao("compare", YANSHI, YANSHI, "--format", "markdown").out
    assert out.startswith("# 演示县 2023 与 演示县 2024\n")
    assert "| 表二 行政许可 本年处理决定数量 | 17935 | 18462 | +527 | +2.9% |" in out
    rows = [line for line in out.splitlines() if line.startswith("| 表")]
    assert len(rows) == 200 and all(line.count("|") == 6 for line in rows)


def test_csv_opens_in_a_spreadsheet(nianbao: Call) -> None:
    out = nianbao("compare", YANSHI, YANSHI, "--format", "csv").out
    assert out.startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(out[1:]))
    assert head == ["类别", "项目", "演示县 2023", "演示县 2024", "增减", "增幅", "情况"]
    assert all(len(entry) == 7 for entry in rows)
    figures = [entry for entry in rows if entry[0] == "数字"]
    assert len(figures) == 200 and figures[0][6] == "有变化" and figures[-1][6] == "相同"
    assert sum(entry[6] == "相同" and entry[0] == "文字" for entry in rows) == 3


def test_json_holds_everything(nianbao: Call, forms: Forms) -> None:
    data = json.loads(nianbao("compare", YANSHI, YANSHI, "--format", "json").out)
    result = compared(YANSHI / "2023.yaml", YANSHI / "2024.yaml", forms)
    assert [entry["label"] for entry in data["figures"]] == [r.label for r in result.figures]
    assert {entry["outcome"] for entry in data["figures"]} == {"changed", "same"}
    fee = next(entry for entry in data["figures"] if "收费" in entry["label"])
    assert (fee["first"], fee["second"], fee["difference"]) == (68934.5126, 72701.2578, 3766.7452)
    assert len(data["sections"]) == 3 and data["sections"][0]["added"]


counts = st.one_of(st.none(), st.integers(-5, 10**6), st.decimals("0", "1e6", places=4))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(counts, counts)
def test_difference_and_percentage_of_any_two_figures(
    first: int | Decimal | None, second: int | Decimal | None
) -> None:
    figure = FigureRow("数", first, second, True, True)
    if first is None or second is None:
        assert figure.difference is None and figure.percent == ""
        return
    assert figure.difference == second - first
    assert (figure.change is Change.SAME) == (first == second)
    if first == 0:
        assert figure.percent == ""
    else:
        assert figure.percent.startswith("+" if second > first else "-" if second < first else "0")


# Pictures.


@needs_fonts
def test_a_picture_of_the_years(workspace: Path, tmp_path: Path, nianbao: Call) -> None:
    svg, again, png = (tmp_path / name for name in ("年.svg", "again.svg", "年.png"))
    for file in (svg, again, png):
        outcome = nianbao("compare", workspace / "yanshi", workspace / "yanshi", "--chart", file)
        assert outcome.code == 0, outcome.err
        assert str(file) in outcome.err and "【有变化】" in outcome.out
    assert svg.read_bytes() == again.read_bytes()  # the same figures, the same picture
    tree = ElementTree.parse(svg)
    assert tree.getroot().tag.endswith("svg")
    from PIL import Image

    with Image.open(png) as image:
        assert image.format == "PNG" and image.width > 600 and image.height > 900
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20) or []}
    assert {(0x2F, 0x6D, 0xB3), (0xE0, 0x8A, 0x2C), (0x7F, 0x7F, 0x7F)} <= colours


@needs_fonts
def test_a_picture_of_two_offices_over_two_forms(
    workspace: Path, tmp_path: Path, nianbao: Call
) -> None:
    office = workspace / "baiyuan"
    assert nianbao("rollover", "2021", office).code == 0  # unfilled: drawn as 待填
    one, two = office / "2020.yaml", workspace / "yanshi" / "2024.yaml"
    outcome = nianbao("compare", one, two, "--chart", tmp_path / "x.PNG")
    assert outcome.code == 0, outcome.err
    assert (tmp_path / "x.PNG").read_bytes().startswith(b"\x89PNG")


def test_the_figures_that_are_drawn_exist(forms: Forms) -> None:
    from generator.compare.chart import panels_of

    for name in ("baiyuan/2020.yaml", "yanshi/2024.yaml"):
        report = Reader(forms).report(find_reports([EXAMPLES / name])[0])
        panels = panels_of(report.form)
        assert [panel.title for panel in panels] == (
            ["收到的申请（件）", "办理结果（件）", "行政复议、行政诉讼（件）"]
        )
        for panel in panels:
            for figure in panel.series.values():
                assert figure.value(report.figures.values) is not None, figure.name
        results = [figure.value(report.figures.values) or 0 for figure in panels[1].series.values()]
        total = report.form.names.number("表三.本年度办理结果.总计.总计")
        assert sum(results) == total.value(report.figures.values)


@pytest.mark.parametrize(
    ("hidden", "said"),
    [("matplotlib", f"{ROOT}[chart]"), ("fonts", "没有找到中文字体")],
)
def test_what_is_missing_for_a_picture_is_said(hidden: str, said: str, tmp_path: Path) -> None:
    """In a process of its own: once imported, a library cannot be taken away."""
    if hidden == "matplotlib":
        prepare = "sys.modules['matplotlib'] = None"
    else:
        prepare = (
            "from matplotlib import font_manager as f;"
            "f.fontManager.ttflist = [t for t in f.fontManager.ttflist if 'DejaVu' in t.name]"
        )
    target = tmp_path / "x.svg"
    code = (
        f"import sys; {prepare}; from generator.commands.cli import run;"
        f"sys.exit(run(['compare', {str(YANSHI)!r}, {str(YANSHI)!r}, '--chart', {str(target)!r}]))"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert made.returncode == 1 and said in made.stderr, made.stderr
    assert not target.exists() and "【有变化】" in made.stdout


@needs_published
def test_published_reports_compare(nianbao: Call) -> None:
    one, two = WORKSPACE / "baihe" / "2023.yaml", WORKSPACE / "cizhong" / "2023.yaml"
    outcome = nianbao("compare", one, two, "--format", "json")
    data = json.loads(outcome.out)
    assert len(data["figures"]) == 200
    assert {entry["outcome"] for entry in data["figures"]} == {"same"}
    assert all(section["similarity"] < 0.2 for section in data["sections"][:2])


def test_a_row_that_only_takes_anothers_place_is_not_compared(tmp_path: Path) -> None:
    """Rows of the same name may count something else: the data says so, and is believed."""
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "templates" / "2021", tmp_path / "templates" / "2050")
    folder = tmp_path / "templates" / "2050"
    head = (folder / "edition.yaml").read_text("utf-8")
    head = head.replace("edition: 2021", "edition: 2050").replace(
        "first_year: 2021", "first_year: 2050"
    )
    (folder / "edition.yaml").write_text(
        head.replace("predecessor: 2019", "predecessor: 2021"), "utf-8"
    )
    step = "step:\n  replaced:\n    表二.行政许可: 表二.行政许可\n"
    (folder / "rollover.yaml").write_text(step, "utf-8")
    shutil.copy(
        tmp_path / "schemas" / "2021.schema.json", tmp_path / "schemas" / "2050.schema.json"
    )
    forms = Forms(tmp_path)
    direct = forms.step(2021, 2050)
    assert direct is not None and len(direct.pairs) == 199
    assert not any(path[1] == "行政许可" for pair in direct.pairs for path in pair.old)
    # Joined with the step before it: licences have lost their counterpart, fines have kept it.
    whole = forms.step(2019, 2050)
    first = forms.step(2019, 2021)
    assert whole is not None and first is not None
    assert set(first.pairs) - set(whole.pairs) == {
        pair for pair in first.pairs if pair.new[0][1] == "行政许可"
    }
    assert len(whole.pairs) == len(first.pairs) - 1
