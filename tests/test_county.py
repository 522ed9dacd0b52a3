"""The county office's January: the register, the letters, all figures in one file."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.county.letters import Letters
from generator.form.catalogue import catalogue
from generator.form.form import Forms
from generator.reading.workspace import place_of
from generator.report.report import Reader
from support import EXAMPLES, ROOT, Outcome
from test_roll_up import county, report, write

DAY = "2025-01-25"


@pytest.fixture
def january(tmp_path: Path, forms: Forms) -> Path:
    """A county in January: its own organ has passed, three towns are in the three other states."""
    form = forms.load(2021)
    top = county(tmp_path, form, shuiwu="实行垂直领导，向本系统报告")
    said = {"主管部门": "甲县人民政府办公室", "报送期限": "01-20", "不计入": {"shuiwu": "垂直领导"}}
    write(top, "甲县人民政府", "县级以上人民政府", 汇总=said)
    write(top / "shuiwu", "甲县税务局", "政府部门")
    (top / "dong/2024.yaml").unlink()
    report(top / "nan", form, 2024, {"本年新收": 2, "予以公开": 1}, "待填")
    file = top / "xi/2024.yaml"
    text = file.read_text("utf-8").replace(
        '"本年新收": {\n   "自然人": 3', '"本年新收": {\n   "自然人": 7'
    )
    file.write_text(text, "utf-8")
    return top


def entries(top: Path, nianbao: Callable[..., Outcome], *more: str) -> dict[str, dict[str, Any]]:
    outcome = nianbao("status", "2024", top, "--format", "json", "--today", DAY, *more)
    return {entry["office"]: entry for entry in json.loads(outcome.out)}


def test_the_register_tells_every_state(january: Path, nianbao: Callable[..., Outcome]) -> None:
    found = entries(january, nianbao)
    assert {name: entry["state"] for name, entry in found.items()} == {
        "jia/dong": "未报",
        "jia/nan": "未填完",
        "jia/xi": "有错",
        "jia": "有错",
        "jia/benji": "通过",
    }
    assert found["jia/nan"]["unfilled"] == 1
    assert found["jia/xi"]["errors"] == 1
    assert set(found["jia"]) >= {
        *("office", "name", "state", "errors", "warnings", "unfilled", "due", "late", "accepted")
    }


def test_dates_are_the_competent_offices_or_the_notices(
    january: Path, nianbao: Callable[..., Outcome]
) -> None:
    found = entries(january, nianbao)
    assert found["jia/dong"]["due"] == "2025-01-20"
    assert found["jia/dong"]["late"] is True and found["jia/dong"]["days_late"] == 5
    assert found["jia"]["due"] == "2025-02-20" and found["jia"]["late"] is False
    assert found["jia/benji"]["late"] is False


@pytest.mark.parametrize("place", ["jia", ".", "jia/../jia"])
def test_it_is_the_same_wherever_one_looks_from(
    place: str,
    january: Path,
    tmp_path: Path,
    nianbao: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A path from the current folder means what the whole one means."""
    wanted = entries(january, nianbao)
    monkeypatch.chdir(january if place == "." else january.parent)
    assert entries(Path(place), nianbao) == wanted
    nianbao("summary", "2024", place, "-o", tmp_path / "one.csv")
    nianbao("summary", "2024", january, "-o", tmp_path / "two.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_the_first_screen_counts_and_sorts(january: Path, nianbao: Callable[..., Outcome]) -> None:
    outcome = nianbao("status", "2024", january, "--today", DAY)
    assert outcome.code == 1
    first, _head, *rows = outcome.out.splitlines()
    assert first == "5 个机关：未报 1，未填完 1，有错 2，通过 1；逾期 3"
    assert [row.split()[0] for row in rows] == ["未报", "未填完", "有错", "有错", "通过"]
    assert "逾期 5 天" in rows[0]


def test_a_register_of_those_who_pass_ends_well(
    tmp_path: Path, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    top = county(tmp_path, forms.load(2021))
    assert nianbao("status", "2024", top, "--today", DAY).code == 0


def test_spreadsheets_of_the_register(
    january: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    calamine = pytest.importorskip("python_calamine")
    pytest.importorskip("xlsxwriter")
    for name in ("one.csv", "one.xlsx", "two.xlsx"):
        style = name.partition(".")[2]
        nianbao("status", "2024", january, "--format", style, "-o", tmp_path / name, "--today", DAY)
    assert (tmp_path / "one.csv").read_bytes().startswith("\ufeff机关,".encode())
    rows = calamine.CalamineWorkbook.from_path(tmp_path / "one.xlsx").get_sheet_by_index(0)
    assert rows.to_python()[1][:4] == ["jia/dong", "dong镇人民政府", "乡镇人民政府", "未报"]
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_summary_holds_every_figure_and_the_roll_ups_sums(
    ending: str, tmp_path: Path, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    top = county(tmp_path, forms.load(2021))
    sums = Reader(forms).report(place_of(top, 2024))
    file = tmp_path / f"all.{ending}"
    assert nianbao("summary", "2024", top, "-o", file).code == 0
    head, *rows = READ[ending](file)
    assert head[:5] == ["单位", "名称", "类型", "状态", "年度"]
    assert len(head) == 5 + len(sums.form.figures)
    members = [row for row in rows if row[0] != "合计"]
    assert [row[0] for row in members] == ["jia/benji", "jia/dong", "jia/nan", "jia/xi"]
    wanted = [float(sums.figures.get(path) or 0) for path in sums.form.figures]
    assert [sum(float(row[i]) for row in members) for i in range(5, len(head))] == wanted
    if ending != "parquet":
        (total,) = (row for row in rows if row[0] == "合计")
        assert [float(value) for value in total[5:]] == wanted


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_several_years_stand_in_one_file_with_sums_of_their_own(
    ending: str, tmp_path: Path, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    file = tmp_path / f"all.{ending}"
    top = EXAMPLES / "yanshi"
    assert nianbao("summary", "--years", "2023-2024", top, "-o", file).code == 0
    head, *rows = READ[ending](file)
    members = [(row[0], int(row[4])) for row in rows if row[0] != "合计"]
    assert ("yanshi/shiqiao", 2023) in members and ("yanshi/shiqiao", 2024) not in members
    assert len(members) == 8 + 7 and "yanshi/shuiwuju" not in dict(members)
    for year in (2023, 2024):
        sums = Reader(forms).report(place_of(top, year))
        wanted = [float(sums.figures.get(path) or 0) for path in sums.form.figures]
        mine = [row for row in rows if int(row[4]) == year and row[0] != "合计"]
        found = [sum(float(row[i]) for row in mine) for i in range(5, len(head))]
        assert found == pytest.approx(wanted)
        totals = [row for row in rows if row[0] == "合计" and int(row[4]) == year]
        assert ending == "parquet" or [float(v) for v in totals[0][5:]] == pytest.approx(wanted)


def test_years_over_two_forms_share_the_columns_that_mean_the_same(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    file = tmp_path / "all.csv"
    assert nianbao("summary", "--years", "2020-2021", EXAMPLES, "-o", file).code == 0
    head, *rows = _read_csv(file)
    assert len(set(head)) == len(head)
    (mine,) = [row for row in rows if row[0] == "baiyuan" and row[4] == "2020"]
    known = dict(zip(head, mine, strict=True))
    assert known["表三.本年新收.总计"] != "" and known["表二.政府集中采购.采购项目数量"] != ""
    assert known["表二.行政规范性文件.现行有效件数"] == ""


@pytest.mark.parametrize("years", ["2024-2021", "20x1-2024", "2010-2012"])
def test_years_that_are_none(years: str, tmp_path: Path, nianbao: Callable[..., Outcome]) -> None:
    outcome = nianbao("summary", "--years", years, EXAMPLES, "-o", tmp_path / "a.csv")
    assert outcome.code == 2 and outcome.err


def _read_csv(file: Path) -> list[list[Any]]:
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))


def _read_xlsx(file: Path) -> list[list[Any]]:
    calamine = pytest.importorskip("python_calamine")
    return calamine.CalamineWorkbook.from_path(file).get_sheet_by_name("合计").to_python()


def _read_parquet(file: Path) -> list[list[Any]]:
    duckdb = pytest.importorskip("duckdb")
    table = duckdb.read_parquet(str(file))
    return [list(table.columns), *map(list, table.fetchall())]


READ = {"csv": _read_csv, "xlsx": _read_xlsx, "parquet": _read_parquet}


def letters(top: Path, out: Path, nianbao: Callable[..., Outcome]) -> dict[str, str]:
    outcome = nianbao("letters", "2024", top, "-o", out, "--today", DAY)
    assert outcome.code == 0, outcome.err
    return {f.relative_to(out).as_posix(): f.read_text("utf-8") for f in out.rglob("*.txt")}


def test_each_office_gets_the_letter_it_needs(
    january: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    found = letters(january, tmp_path / "out", nianbao)
    assert set(found) == {"jia/dong.txt", "jia/nan.txt", "jia/xi.txt", "jia/审核情况.txt"}
    assert "尚未收到" in found["jia/dong.txt"] and "2025年1月20日" in found["jia/dong.txt"]
    assert "以下1处没有填写，" in found["jia/nan.txt"]
    wrong = found["jia/xi.txt"]
    assert "第三部分“收到和处理政府信息公开申请情况”" in wrong
    assert "前者 7 + 0 = 7，后者 1 + 2 = 3，相差 4" in wrong and "依据：" in wrong
    for text in found.values():
        assert text.rstrip().endswith("2025年1月25日") and "甲县人民政府办公室" in text


def test_a_letter_holds_no_code_and_no_word_of_the_program(
    january: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    for name, text in letters(january, tmp_path / "out", nianbao).items():
        assert not re.search(r"[A-Z]\d?-\d|yaml|nianbao|接受", text), name


@pytest.fixture
def slips(tmp_path: Path) -> Path:
    """The example county with a figure mistyped beside typed sums, and a sentence copied."""
    top = Path(shutil.copytree(EXAMPLES / "yanshi", tmp_path / "yanshi"))
    own = top / "benji/2024.yaml"
    text = own.read_text("utf-8")
    own.write_text(text.replace("予以公开: {自然人: 44", "予以公开: {自然人: 99", 1), "utf-8")
    copied, copier = top / "liuhe/2024.yaml", top / "qingshi/2024.yaml"
    assert COPIED in copied.read_text("utf-8")
    text = copier.read_text("utf-8").replace("行政许可: 63", "行政许可: 六十三")
    copier.write_text(text.replace("考核办法作了调整，", f"{COPIED}考核办法作了调整，"), "utf-8")
    return top


COPIED = "县级工作考核反馈的两处表述错误当周改正，并在机关内部开展一次文字规范学习。"


def test_what_one_figure_mends_is_asked_for_once(
    slips: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    text = letters(slips, tmp_path / "out", nianbao)["yanshi/benji.txt"]
    assert text.count("由 99 改为 44") == 1 and "有1处需要修改或者核对" in text
    assert "前者 180，后者 99 + " in text and "前者 70，后者 99 + " in text
    assert "程序" not in text


def test_a_copied_sentence_is_quoted_with_whose_it_is(
    slips: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    found = letters(slips, tmp_path / "out", nianbao)
    (point,) = [line for line in found["yanshi/qingshi.txt"].splitlines() if COPIED in line]
    assert "演示县柳河镇人民政府" in point and "分项" not in point
    assert "yanshi/liuhe.txt" not in found, "it passes"


def test_every_point_is_one_sentence_without_an_expression(
    slips: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    file = slips / "songling/2024.yaml"
    text = file.read_text("utf-8")
    assert "新收{{ 表三.本年新收.总计 }}件" in text
    file.write_text(text.replace("新收{{ 表三.本年新收.总计 }}件", "新收99件"), "utf-8")
    for name, letter in letters(slips, tmp_path / "out", nianbao).items():
        assert "{{" not in letter, name
        for line in letter.splitlines():
            if re.match(r"\s*\d+\.", line) and name != "yanshi/审核情况.txt":
                assert (
                    re.sub("「[^」]*」", "", line).find("。")
                    == len(re.sub("「[^」]*」", "", line)) - 1
                ), line


def test_no_way_out_of_the_catalogue_speaks_of_the_program(forms: Forms) -> None:
    """Whatever may be found in a report: a clerk who has no program reads of it in a letter."""
    written = Letters(forms, "县政府办", 2024, date(2025, 1, 25))
    for code, entries in catalogue(forms).entries.items():
        for entry in entries if code[0] in "FSPTXYQORA" else ():
            asked = written._asked(entry.hint)
            assert not re.search(r"nianbao|yaml|程序|「接受」|待填|[{][{]", asked), (code, asked)


def test_a_county_has_wording_of_its_own(
    january: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    own = january / "templates/letters"
    own.mkdir(parents=True)
    usual = (ROOT / "templates/letters/reminder.yaml").read_text("utf-8")
    (own / "reminder.yaml").write_text(usual.replace("尚未收到", "还没有见到"), "utf-8")
    found = letters(january, tmp_path / "out", nianbao)
    assert "还没有见到" in found["jia/dong.txt"] and "以下1处没有填写，" in found["jia/nan.txt"]
    (own / "reminder.yaml").write_text(usual.replace("期限日", "期限曰"), "utf-8")
    outcome = nianbao("letters", "2024", january, "-o", tmp_path / "more")
    assert outcome.code == 1 and "期限曰" in outcome.err


def test_the_list_of_all_letters_says_what_each_has_to_do(
    january: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    text = letters(january, tmp_path / "out", nianbao)["jia/审核情况.txt"]
    assert "应当在2025年1月20日前报送，已逾期5天" in text
    assert "nan镇人民政府：5处需要修改或者核对，已逾期5天" in text
    assert "2025-01-20" not in text and "待填" not in text


def test_letters_are_the_same_every_time(
    january: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    for name in ("one", "two"):
        letters(january, tmp_path / name, nianbao)
    files = sorted((tmp_path / "one").rglob("*.*"))
    assert len(files) == 8
    for file in files:
        assert (tmp_path / "two" / file.relative_to(tmp_path / "one")).read_bytes() == (
            file.read_bytes()
        )


def test_nobody_signs_where_no_roll_up_is_declared(
    tmp_path: Path, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    town = write(tmp_path / "zhen", "某镇人民政府")
    report(town, forms.load(2021), 2024, {"本年新收": 1}, 1)
    outcome = nianbao("letters", "2024", town, "-o", tmp_path / "out")
    assert outcome.code == 2 and "由哪个主管部门署名" in outcome.err
