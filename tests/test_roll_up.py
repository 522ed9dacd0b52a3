"""A government's report added up over its members: sums, what is missing, what explains a slip."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.form.form import Form, Forms
from generator.judging.examine import examine
from generator.reading.workspace import find_reports, place_of
from generator.report.report import Reader, Report
from support import EXAMPLES, Outcome

PROSE = "总体情况：做好主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障。"
PARTS = ("收到和处理政府信息公开申请情况", "主动公开政府信息情况")


def write(folder: Path, name: str, kind: str = "乡镇人民政府", **more: Any) -> Path:
    """Write an office."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"名称": name, "类型": kind, **more}
    (folder / "office.yaml").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    return folder


def report(
    folder: Path, form: Form, year: int, rows: Mapping[str, Any] | str, licences: Any = 0
) -> None:
    """Write a report: three columns of applications that balance, and a table two."""
    applications: Any = rows
    if not isinstance(rows, str):
        received, carried = rows["本年新收"], rows.get("上年结转", 0)
        applications = {"本年新收": {"自然人": received}, "上年结转": {"自然人": carried}}
        done = rows.get("予以公开", received + carried)
        applications["本年度办理结果"] = {
            "予以公开": {"自然人": done},
            "部分公开": 0,
            "不予公开": 0,
            "无法提供": 0,
            "不予处理": 0,
            "其他处理": 0,
        }
        applications["结转下年度继续办理"] = {"自然人": received + carried - done}
    first: Any = licences
    if licences != "汇总":
        first = {
            "规章": 0,
            "行政规范性文件": 0,
            "行政许可": licences,
            "行政处罚": 0,
            "行政强制": 0,
            "行政事业性收费": "FEE",
        }
    texts = [section.key for section in form.sections if not section.table]
    data = {
        "格式": form.id,
        "年度": year,
        texts[0]: PROSE,
        PARTS[1]: first,
        PARTS[0]: applications,
        "政府信息公开行政复议、行政诉讼情况": 0,
        texts[1]: "问题：公开不够及时。改进：增加频次。",
        texts[2]: "本年度未收取信息处理费。",
    }
    text = json.dumps(data, ensure_ascii=False, indent=1).replace('"FEE"', "0.25")
    (folder / f"{year}.yaml").write_text(text, "utf-8")


@pytest.fixture
def form(forms: Forms) -> Form:
    return forms.load(2021)


def county(tmp_path: Path, form: Form, **excluded: str) -> Path:
    """Write a county of an own organ and three towns; its report is declared to be added up."""
    said: dict[str, Any] = {"主管部门": "甲县人民政府办公室"}
    if excluded:
        said["不计入"] = excluded
    top = write(tmp_path / "jia", "甲县人民政府", "县级以上人民政府", 汇总=said)
    report(top, form, 2024, "汇总", "汇总")
    write(top / "benji", "甲县人民政府办公室", "政府部门")
    report(top / "benji", form, 2024, {"本年新收": 40, "上年结转": 2}, 100)
    for count, name in enumerate(("dong", "nan", "xi"), start=1):
        write(top / name, f"{name}镇人民政府")
        report(top / name, form, 2024, {"本年新收": count, "予以公开": 1}, 10 * count)
    return top


def rolled_up(top: Path, forms: Forms, year: int = 2024) -> Report:
    return Reader(forms).report(place_of(top, year))


def codes(top: Path, forms: Forms, year: int = 2024) -> list[str]:
    found = examine(place_of(top, year), Reader(forms)).findings
    return sorted({f.code for f in found if f.code.startswith("R-")})


def figure(of: Report, name: str) -> Any:
    """Return a figure by the last keys of its path."""
    steps = tuple(name.split("."))
    (path,) = [p for p in of.form.figures if p[-len(steps) :] == steps]
    return of.figures.get(path)


def test_what_is_declared_is_added_up_exactly(tmp_path: Path, form: Form, forms: Forms) -> None:
    made = rolled_up(county(tmp_path, form), forms)
    assert figure(made, "本年新收.自然人") == 46
    assert figure(made, "本年新收.总计") == 46
    assert figure(made, "结转下年度继续办理.总计") == 0 + 0 + 1 + 2
    assert figure(made, "行政许可") == 160
    assert figure(made, "行政事业性收费") == Decimal("1.00")
    assert codes(tmp_path / "jia", forms) == []


def test_a_row_alone_may_be_declared(tmp_path: Path, form: Form, forms: Forms) -> None:
    top = county(tmp_path, form)
    report(top, form, 2024, {"本年新收": 46, "上年结转": 2, "予以公开": 45}, "汇总")
    file = top / "2024.yaml"
    text = file.read_text("utf-8").replace(
        '"上年结转": {\n   "自然人": 2\n  }', '"上年结转": "汇总"'
    )
    file.write_text(text, "utf-8")
    assert '"上年结转": "汇总"' in text
    assert figure(rolled_up(top, forms), "上年结转.自然人") == 2
    assert codes(top, forms) == []


def test_the_offices_below_a_member_are_not_counted_twice(
    tmp_path: Path, form: Form, forms: Forms
) -> None:
    """A city over a county over towns: the county counts with its own roll-up."""
    county(tmp_path / "shi", form)
    city = write(tmp_path / "shi", "某市人民政府", "县级以上人民政府", 汇总={"主管部门": "某办"})
    report(city, form, 2024, "汇总", "汇总")
    assert figure(rolled_up(city, forms), "本年新收.自然人") == 46
    assert codes(city, forms) == []


def test_excluded_and_ended_offices_do_not_count(tmp_path: Path, form: Form, forms: Forms) -> None:
    top = county(tmp_path, form, xi="实行垂直领导，向本系统报告")
    write(top / "nan", "nan镇人民政府", 存续={"止": 2023, "并入": "../dong"})
    assert figure(rolled_up(top, forms), "本年新收.自然人") == 41
    assert codes(top, forms) == []


def test_what_is_missing_or_wrong_keeps_a_roll_up_from_being_built(
    tmp_path: Path, form: Form, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    top = county(tmp_path, form)
    (top / "dong/2024.yaml").unlink()
    report(top / "nan", form, 2024, {"本年新收": 2, "予以公开": 1}, "待填")
    assert codes(top, forms) == ["R-2", "R-3"]
    outcome = nianbao("build", top, "-o", tmp_path / "out")
    assert outcome.code == 1
    assert not (tmp_path / "out/jia/2024.docx").exists()
    assert (tmp_path / "out/jia/xi/2024.docx").exists()
    assert "「dong镇人民政府」没有 2024 年度的报告" in outcome.err
    assert nianbao("build", top, "-o", tmp_path / "out", "--draft").code == 1
    text = (tmp_path / "out/jia/2024.txt").read_text("utf-8")
    assert "【草稿（缺dong镇人民政府、nan镇人民政府的定稿）】" in text


def test_a_year_just_begun_hears_of_its_members_and_of_no_sum(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    """Nothing is judged by sums that lack a figure, or by what an expression could not fill in."""
    top = Path(shutil.copytree(EXAMPLES / "yanshi", tmp_path / "yanshi"))
    outcome = nianbao("rollover", "2025", top)
    assert (outcome.code, "不在存续的年度内" in outcome.err) == (0, True)
    assert not (top / "shiqiao/2025.yaml").exists()
    found = json.loads(nianbao("check", top, "--format", "json").out)
    told = {f["code"] for f in found if f["file"].endswith("2025.yaml")}
    assert told - {"S-11"} == {"S-8", "R-2", "Y-6", "Y-8"}  # S-11 goes by the day
    (own,) = [f["message"] for f in found if f["code"] == "R-2" and "办公室" in f["message"]]
    assert own == "「演示县人民政府办公室」的报告不能计入：还有 169 处没有填"


def test_a_draft_adds_up_what_is_there_and_no_check_judges_it(
    tmp_path: Path, form: Form, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    top = county(tmp_path, form)
    for name, carried in (("benji", 0), ("dong", 0), ("nan", 1), ("xi", 2)):
        report(top / name, form, 2025, {"本年新收": 7, "上年结转": carried}, 5)
    report(top, form, 2025, "汇总", "汇总")
    whole = examine(place_of(top, 2025), Reader(forms)).findings
    (top / "nan/2025.yaml").unlink()  # of the three carried over, two are left
    part = examine(place_of(top, 2025), Reader(forms))
    assert {f.code for f in part.findings} - {f.code for f in whole} == {"R-3"}
    assert part.report and figure(part.report, "本年新收.自然人") == 21
    told = nianbao("explain", "表三.上年结转.总计", top / "2025.yaml").out
    assert "✗" not in told and "✓" not in told and "还缺有的单位的数" in told


def test_a_member_under_another_form_is_named(tmp_path: Path, form: Form, forms: Forms) -> None:
    top = county(tmp_path, form)
    text = (top / "xi/2024.yaml").read_text("utf-8").replace('"格式": 2021', '"格式": 2019')
    (top / "xi/2024.yaml").write_text(text, "utf-8")
    assert "R-2" in codes(top, forms)


def test_an_exclusion_of_nobody_is_named(tmp_path: Path, form: Form, forms: Forms) -> None:
    top = county(tmp_path, form, xii="实行垂直领导")
    assert codes(top, forms) == ["R-3"]


def test_an_office_that_declares_no_members_cannot_add_up(
    tmp_path: Path, form: Form, forms: Forms
) -> None:
    top = county(tmp_path, form)
    report(top / "xi", form, 2024, "汇总", 1)
    assert "R-5" in codes(top / "xi", forms)
    assert codes(top, forms) == ["R-2"]


GONE = {"止": 2023}
MISDECLARED: dict[str, tuple[dict[str, dict[str, Any]], dict[str, str], str]] = {
    "two merged into each other": (
        {"dong": {**GONE, "并入": "../nan"}, "nan": {**GONE, "并入": "../dong"}},
        {},
        "绕了一圈：dong镇人民政府 → nan镇人民政府 → dong镇人民政府",
    ),
    "one merged into itself": ({"dong": {**GONE, "并入": "."}}, {}, "绕了一圈"),
    "merged into nobody": ({"dong": {**GONE, "并入": "../bei"}}, {}, "那里没有机关"),
    "merged into one left out": (
        {"dong": {**GONE, "并入": "../nan"}},
        {"nan": "垂直领导"},
        "「nan镇人民政府」不计入（垂直领导），它的数没有人接",
    ),
    "merged into one that ended": (
        {"dong": {"止": 2022, "并入": "../nan"}, "nan": GONE},
        {},
        "它的数没有人接",
    ),
    "merged and no year": ({"dong": {"并入": "../nan"}}, {}, "没有写「止」"),
    "itself left out": ({}, {".": "本机关"}, "是汇总的机关自己"),
}


@pytest.mark.parametrize("case", MISDECLARED)
def test_what_the_members_declare_is_followed_to_its_end(
    case: str, tmp_path: Path, form: Form, forms: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends, excluded, said = MISDECLARED[case]
    top = county(tmp_path, form, **excluded)
    monkeypatch.chdir(tmp_path)
    for name, existence in ends.items():
        write(top / name, f"{name}镇人民政府", 存续=existence)
    found = [f for f in examine(place_of(top, 2024), Reader(forms)).findings if f.code == "R-6"]
    here = examine(place_of(Path("jia"), 2024), Reader(forms)).findings
    assert [f.message for f in here if f.code == "R-6"] == [f.message for f in found]
    assert found and any(said in finding.message for finding in found)
    assert all(finding.hint for finding in found)


def test_a_member_renamed_and_one_merged_well_are_no_findings(
    tmp_path: Path, form: Form, forms: Forms
) -> None:
    top = county(tmp_path, form)
    write(top / "dong", "dong乡人民政府", 存续={"止": 2023, "并入": "../xindong"})
    write(top / "xindong", "dong镇人民政府", 存续={"起": 2024})
    report(top / "xindong", form, 2024, {"本年新收": 1, "予以公开": 1}, 10)
    assert codes(top, forms) == []


def test_two_members_of_one_name_are_said(tmp_path: Path, form: Form, forms: Forms) -> None:
    top = county(tmp_path, form)
    write(top / "dong2", "dong镇人民政府")
    report(top / "dong2", form, 2024, {"本年新收": 1}, 1)
    (found,) = [f for f in examine(place_of(top, 2024), Reader(forms)).findings if f.code == "R-6"]
    assert "dong/、dong2/" in found.message and "重复计入" in found.message


WAYS = {
    "own organ": ((1, 2, 3), "没有加上本机关"),
    "left out": ((0, 1, 3), "「nan镇人民政府」的数：漏加了"),
    "twice": ((0, 1, 2, 2, 3), "「nan镇人民政府」的数：加了两次"),
    "two left out": ((0, 3), "「dong镇人民政府」、「nan镇人民政府」的数：漏加了"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_typed_sum_that_is_wrong_is_explained(
    way: str, tmp_path: Path, form: Form, forms: Forms
) -> None:
    top = county(tmp_path, form)
    which, why = WAYS[way]
    received, carried, done = [40, 1, 2, 3], [2, 0, 0, 0], [42, 1, 1, 1]
    licences = [100, 10, 20, 30]

    def total(of: list[int]) -> int:
        return sum(of[index] for index in which)

    rows = {"本年新收": total(received), "上年结转": total(carried), "予以公开": total(done)}
    report(top, form, 2024, rows, total(licences))
    file = top / "2024.yaml"
    file.write_text(file.read_text("utf-8").replace("0.25", str(Decimal("0.25") * len(which))))
    found = [f for f in examine(place_of(top, 2024), Reader(forms)).findings if f.code == "R-1"]
    assert found
    assert all(why in finding.hint for finding in found)
    assert all(finding.related and finding.detail for finding in found)


def test_rows_exchanged_for_one_member_are_recognised(
    tmp_path: Path, form: Form, forms: Forms
) -> None:
    top = county(tmp_path, form)
    rows = {"本年新收": 46 - 38, "上年结转": 2 + 38, "予以公开": 45}
    report(top, form, 2024, rows, 160)
    file = top / "2024.yaml"
    file.write_text(file.read_text("utf-8").replace("0.25", "1.00"), "utf-8")
    found = [f for f in examine(place_of(top, 2024), Reader(forms)).findings if f.code == "R-1"]
    assert len(found) == 2
    assert "「甲县人民政府办公室」" in found[0].hint and "填反" in found[0].hint


def test_the_members_that_break_a_rule_between_years_are_named(
    tmp_path: Path, form: Form, forms: Forms
) -> None:
    top = county(tmp_path, form)
    report(top, form, 2023, "汇总", "汇总")
    for name, left in (("benji", 2), ("dong", 0), ("nan", 1), ("xi", 0)):
        report(top / name, form, 2023, {"本年新收": 5, "予以公开": 5 - left}, 1)
    (finding,) = [
        f for f in examine(place_of(top, 2024), Reader(forms)).findings if f.code == "R-4"
    ]
    assert "nan镇人民政府：0 与 1，少 1" in finding.message
    assert "dong" not in finding.message


def test_a_merged_member_is_named_with_what_it_became(
    tmp_path: Path, form: Form, forms: Forms
) -> None:
    top = county(tmp_path, form)
    report(top, form, 2023, "汇总", "汇总")
    for name, left in (("benji", 2), ("dong", 0), ("nan", 0), ("xi", 0)):
        report(top / name, form, 2023, {"本年新收": 5, "予以公开": 5 - left}, 1)
    write(top / "bei", "bei镇人民政府", 存续={"止": 2023, "并入": "../dong"})
    report(top / "bei", form, 2023, {"本年新收": 9, "予以公开": 6}, 1)
    (finding,) = [
        f for f in examine(place_of(top, 2024), Reader(forms)).findings if f.code == "R-4"
    ]
    assert "bei镇人民政府：0 与 3，少 3（2023 年止，并入 ../dong）" in finding.message


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_a_sum_is_the_sum_whatever_the_members_say(counts: list[int]) -> None:
    import tempfile

    forms = Forms()
    form = forms.load(2021)
    with tempfile.TemporaryDirectory() as name:
        top = write(Path(name) / "x", "某县人民政府", "县级以上人民政府", 汇总={"主管部门": "某办"})
        report(top, form, 2024, "汇总", "汇总")
        for number, count in enumerate(counts):
            write(top / f"m{number}", f"第{number}镇人民政府")
            report(top / f"m{number}", form, 2024, {"本年新收": count}, count)
        assert len(find_reports([top])) == len(counts) + 1
        made = rolled_up(top, forms)
        assert figure(made, "本年新收.总计") == sum(counts)
        assert figure(made, "行政许可") == sum(counts)
        assert codes(top, forms) == []


def built(top: Path, out: Path, nianbao: Callable[..., Outcome]) -> set[str]:
    """Build, and return which reports were written."""
    outcome = nianbao("build", top, "-o", out)
    assert outcome.code == 0, outcome.err
    return {line.split("/out/")[1] for line in outcome.out.splitlines() if "/out/" in line}


def test_an_edit_rebuilds_the_member_and_its_roll_ups_only(
    tmp_path: Path, form: Form, nianbao: Callable[..., Outcome]
) -> None:
    top = county(tmp_path / "shi", form)
    city = write(tmp_path / "shi", "某市人民政府", "县级以上人民政府", 汇总={"主管部门": "某办"})
    report(city, form, 2024, "汇总", "汇总")
    out = tmp_path / "out"
    assert len(built(city, out, nianbao)) == 2 * 6
    assert built(city, out, nianbao) == set()
    report(top / "dong", form, 2024, {"本年新收": 8, "予以公开": 8}, 10)
    wanted = {
        f"{name}2024.{kind}"
        for name in ("shi/", "shi/jia/", "shi/jia/dong/")
        for kind in ("docx", "txt")
    }
    assert built(city, out, nianbao) == wanted


def test_a_new_office_below_makes_the_roll_up_out_of_date(
    tmp_path: Path, form: Form, nianbao: Callable[..., Outcome]
) -> None:
    top, out = county(tmp_path, form), tmp_path / "out"
    built(top, out, nianbao)
    write(top / "bei", "bei镇人民政府")
    report(top / "bei", form, 2024, {"本年新收": 1}, 1)
    outcome = nianbao("build", top, "-o", out, "--why")
    assert "下级机关有增减" in outcome.out + outcome.err


def test_a_figure_is_traced_down_to_the_towns(
    tmp_path: Path, form: Form, nianbao: Callable[..., Outcome]
) -> None:
    top = county(tmp_path / "shi", form, xi="实行垂直领导，向本系统报告")
    city = write(tmp_path / "shi", "某市人民政府", "县级以上人民政府", 汇总={"主管部门": "某办"})
    report(city, form, 2024, "汇总", "汇总")
    told = nianbao("explain", "表三.本年新收.总计", city / "2024.yaml").out
    lines = told.splitlines()
    assert any(line.startswith("  ＋ 甲县人民政府 43（100.0%）") for line in lines)
    own = next(line for line in lines if line.startswith("    ＋ 甲县人民政府办公室 40（93.0%）"))
    assert own.endswith(f"{top}/benji/2024.yaml:14")
    assert "    － xi镇人民政府：不计入，实行垂直领导，向本系统报告" in lines
