"""The first file of an office, filled in from top to bottom as a new user would."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.reading.source import read
from generator.values import keys
from generator.values.diagnostics import Place
from support import Outcome

Call = Callable[..., Outcome]

TOWN, COUNTY, DEPARTMENT = "孟津区送庄镇人民政府", "演示县人民政府", "演示县民政局"

# What a clerk writes into the blanks, by words of the blank.
ANSWERS = {
    "电子版": "本报告的电子版可以在县政府门户网站下载，联系电话0379-67890000",
    "概括": "把群众常问的事项列成清单，逐项公开办理条件和结果",
    "条数": "120",
    "按渠道": "其中政府网站100条，政务新媒体20条，以惠民补贴和项目建设为主",
    "办理申请": "收到的申请当日登记，答复前由法制审核员核对依据",
    "审核": "拟发布的内容先作保密审查，过期的公示到期撤下",
    "网站": "门户网站的公开专栏按月检查，村务公开栏张贴与网上同步的内容",
    "怎样考核": "公开工作计入年度考核，两个站所因更新迟缓被扣分",
    "评议": "通过座谈听取村民代表意见，满意的占多数",
    "责任": "全年没有需要追究责任的情形",
    "组织": "明确专人负责，全年组织业务培训并通报检查结果",
    "主要问题": "政策解读偏少，个别栏目更新不及时",
    "改进措施": "对解读偏少的，请起草人同步写出问答；对更新慢的，设到期提醒",
    "没有收取": "本年度没有收取信息处理费",
    "其他需要": "上级交办的公开任务已按时完成",
}


def answer(blank: str) -> str:
    fitting = [text for word, text in ANSWERS.items() if word in blank]
    assert fitting, f"nobody knows what to write for {blank}"
    return fitting[0]


def fill_from_top_to_bottom(file: Path) -> int:
    """Fill every blank in the order of the file; return how many there were."""
    text = file.read_text("utf-8")
    count = 0
    while blank := re.search(r"^(?!\s*#).*?(?P<blank>【待填：[^】]*】|待填)", text, re.MULTILINE):
        filling = answer(blank["blank"]) if blank["blank"].startswith("【") else "0"
        text = text[: blank.start("blank")] + filling + text[blank.end("blank") :]
        count += 1
    file.write_text(text, "utf-8")
    return count


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2025])
@pytest.mark.parametrize(
    ("name", "kind"),
    [(TOWN, "乡镇人民政府"), (COUNTY, "县级以上人民政府"), (DEPARTMENT, "政府部门")],
)
def test_a_new_user_fills_in_the_blanks_and_gets_a_clean_check(
    name: str, kind: str, year: int, tmp_path: Path, nianbao: Call
) -> None:
    office = tmp_path / "reports" / "office"
    made = nianbao("new", office, str(year), "--name", name)
    assert made.code == 0, made.err
    assert made.out.split() == [str(office / "office.yaml"), str(office / f"{year}.yaml")]
    assert read(office / "office.yaml").data[keys.KIND] == kind
    unfilled = nianbao("check", office)
    assert unfilled.code == 1 and set(re.findall(r"错误 (\S+)", unfilled.out)) == {"S-8"}
    blanks = fill_from_top_to_bottom(office / f"{year}.yaml")
    assert len(re.findall("错误 S-8", unfilled.out)) == blanks
    clean = nianbao("check", "--strict", office)
    assert clean.code == 0, clean.out
    assert clean.out == ""
    assert nianbao("build", office, "-o", tmp_path / "out").code == 0


def test_every_row_of_the_form_is_written_out(tmp_path: Path, nianbao: Call) -> None:
    for year in (2020, 2024):
        office = tmp_path / str(year)
        assert nianbao("new", office, str(year), "--name", TOWN).code == 0
        form = Forms().load(Forms().for_year(year) or 0)
        source = read(office / f"{year}.yaml")
        rows = {p[:-1] if len(p) > 2 else p for p in form.figures}
        for row in rows:
            if form.table_by_key[row[0]].total in row:
                continue
            assert row in source.values, row
            label, description = form.shape.explained(row)
            line = source.locate(Place(source.file, row, on_key=True)).line - 1
            above = "".join(
                text.strip("# ") for text in source.lines[max(0, line - 5) : line] if "#" in text
            )
            first_sentence = description.split("。")[0]
            if "单位：" not in first_sentence and "全部为零" not in first_sentence:
                assert first_sentence in above, row
            assert label.partition("（")[0] in above or label in above


def test_governments_are_asked_for_what_the_law_asks_of_them(tmp_path: Path, nianbao: Call) -> None:
    texts = {}
    for name in (TOWN, DEPARTMENT):
        office = tmp_path / name
        assert nianbao("new", office, "2024", "--name", name).code == 0
        texts[name] = (office / "2024.yaml").read_text("utf-8")
    for duty in ("工作考核方面", "社会评议方面", "责任追究方面"):
        assert duty in texts[TOWN] and duty not in texts[DEPARTMENT]
    headings = ["主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障"]
    for text in texts.values():
        assert re.findall(r"- 标题: (\S+)", text)[:5] == headings


def test_existing_files_are_never_overwritten(tmp_path: Path, nianbao: Call) -> None:
    office = tmp_path / "office"
    office.mkdir()
    own = "名称: 演示县民政局\n类型: 政府部门\n# 自己写的\n"
    (office / "office.yaml").write_text(own, "utf-8")
    made = nianbao("new", office, "2024", "--name", "别的名称")
    assert made.code == 0 and "没有改动它" in made.err
    assert (office / "office.yaml").read_text("utf-8") == own
    assert "工作考核" not in re.sub("#.*", "", (office / "2024.yaml").read_text("utf-8"))
    before = (office / "2024.yaml").read_bytes()
    again = nianbao("new", office, "2024")
    assert again.code == 1 and again.out == "" and "依据：" in again.err
    assert f"{office / '2024.yaml'}:1:1: 错误 F-15 已有" in again.err
    assert (office / "2024.yaml").read_bytes() == before


def test_the_schema_is_named_where_it_is_or_where_init_would_put_it(
    tmp_path: Path, nianbao: Call
) -> None:
    alone = tmp_path / "alone"
    assert nianbao("new", alone, "2024", "--name", TOWN).code == 0
    first = (alone / "2024.yaml").read_text("utf-8").split("\n")[0]
    assert first.endswith("$schema=../schemas/2021.schema.json")
    (tmp_path / "repo" / "schemas").mkdir(parents=True)
    (tmp_path / "repo" / "schemas" / "2021.schema.json").write_text("{}", "utf-8")
    office = tmp_path / "repo" / "reports" / "district" / "town"
    assert nianbao("new", office, "2024", "--name", TOWN).code == 0
    first = (office / "2024.yaml").read_text("utf-8").split("\n")[0]
    path = first.partition("$schema=")[2]
    assert path == "../../../schemas/2021.schema.json" and (office / path).resolve().is_file()
    first = (office / "office.yaml").read_text("utf-8").split("\n")[0]
    assert first.endswith("$schema=../../../schemas/office.schema.json")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["o", "2024"], 2, "--name"),
        (["o", "2024", "--name", "某某"], 2, "看不出类型"),
        (["o", "2024", "--name", TOWN, "--kind", "镇"], 2, "没有「镇」这个类型"),
        (["o", "2018", "--name", TOWN], 1, "错误 F-9 2018 年度早于本程序所知的表式（2019 年度起）"),
        (["o", "24", "--name", TOWN], 2, "不是四位数的年份"),
        (["file", "2024", "--name", TOWN], 2, "不是文件夹"),
        (["wrong", "2024"], 1, "office.yaml"),
    ],
)
def test_what_cannot_be_started_is_said_and_nothing_written(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    nianbao: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("", "utf-8")
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "office.yaml").write_text("名称:\n", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    outcome = nianbao("new", *arguments)
    assert outcome.code == code and said in outcome.err and outcome.out == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_an_unknown_kind_of_name_takes_the_kind_given(tmp_path: Path, nianbao: Call) -> None:
    made = nianbao("new", tmp_path / "o", "2024", "--name", "某某中心", "--kind", "其他机构")
    assert made.code == 0
    assert read(tmp_path / "o" / "office.yaml").data == {
        keys.NAME: "某某中心",
        keys.KIND: "其他机构",
        keys.MAKES_RULES: False,
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("某区某街道办事处", "街道办事处"),
        ("某某满族自治县人民政府", "县级以上人民政府"),
        ("某苗族乡人民政府", "乡镇人民政府"),
        ("某县发展和改革委员会", "政府部门"),
        ("某县人民政府办公室", "政府部门"),
        ("某省教育厅", "政府部门"),
    ],
)
def test_the_kind_is_read_from_the_name(
    name: str, kind: str, tmp_path: Path, nianbao: Call
) -> None:
    assert nianbao("new", tmp_path / "o", "2024", "--name", name).code == 0
    assert read(tmp_path / "o" / "office.yaml").data[keys.KIND] == kind


def test_a_year_before_that_could_be_rolled_over_is_mentioned(
    workspace: Path, nianbao: Call
) -> None:
    made = nianbao("new", workspace / "songzhuang", "2025")
    assert made.code == 0 and "nianbao rollover 2025" in made.err
