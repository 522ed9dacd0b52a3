"""Next year's file from this year's: through the command line, on real files and real git."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from generator.drafting.next_year import roll_over
from generator.form.form import Forms
from generator.judging.examine import examine
from generator.reading.source import read
from generator.reading.workspace import find_reports, survey_places
from generator.report.report import Reader, Report
from generator.values import keys
from support import EXAMPLES, ROOT, WORKSPACE, Outcome, as_anybody, needs_published

Call = Callable[..., Outcome]

CASES = sorted((Path(__file__).parent / "data" / "rollover").iterdir())
OFFICE = "名称: 某县某镇人民政府\n简称: 某镇\n类型: 乡镇人民政府\n可制定规章: true\n"


def report_at(file: Path, forms: Forms) -> Report:
    return Reader(forms).report(find_reports([file])[0])


def rolled(folder: Path, year: int, forms: Forms) -> str:
    return roll_over(survey_places([folder], year).reports[0], Reader(forms)).new_text


def office_with(folder: Path, text: str | bytes, year: int) -> Path:
    folder.mkdir(parents=True)
    (folder / "office.yaml").write_text(OFFICE, "utf-8")
    content = text if isinstance(text, bytes) else text.encode()
    (folder / f"{year}.yaml").write_bytes(content)
    return folder


def year_of(text: str) -> int:
    found = re.search(rf"^{keys.YEAR}: (\d+)", text, re.MULTILINE)
    assert found
    return int(found[1])


# Cases are files: before.yaml is rolled over, after.yaml is what it becomes.


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, forms: Forms, pytestconfig: pytest.Config) -> None:
    before = (case / "before.yaml").read_text("utf-8")
    year = year_of(before)
    office_with(tmp_path / "town", before, year)
    after = rolled(tmp_path / "town", year + 1, forms)
    golden = case / "after.yaml"
    if pytestconfig.getoption("--update-golden"):
        golden.write_text(after, "utf-8")
    assert after == golden.read_text("utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_line_ends_and_byte_order_mark_survive(case: Path, tmp_path: Path, forms: Forms) -> None:
    before = (case / "before.yaml").read_text("utf-8")
    year = year_of(before)
    content = b"\xef\xbb\xbf" + before.replace("\n", "\r\n").encode()
    office_with(tmp_path / "town", content, year)
    after = roll_over(survey_places([tmp_path], year + 1).reports[0], Reader(forms)).content
    expected = (case / "after.yaml").read_text("utf-8").replace("\n", "\r\n")
    assert after == b"\xef\xbb\xbf" + expected.encode()


# The examples: what differs is what changed in meaning.


def latest() -> list[Path]:
    """Return the last report of every office with figures of its own that reports again.

    A roll-up's figures are declared.
    """
    files = sorted(EXAMPLES.rglob("office.yaml"))
    ends = re.compile(rf"^({keys.ROLL_UP}|{keys.EXISTENCE}):", re.MULTILINE)
    folders = [file.parent for file in files if not ends.search(file.read_text("utf-8"))]
    return [max(folder.glob("2*.yaml")) for folder in folders]


@pytest.mark.parametrize("file", latest(), ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_the_difference_in_git_is_what_changed_in_meaning(
    file: Path, tmp_path: Path, forms: Forms, nianbao: Call
) -> None:
    office = Path(shutil.copytree(file.parent, tmp_path / "office"))
    year = int(file.stem) + 1
    outcome = nianbao("rollover", str(year), office / file.name)
    assert outcome.code == 0, outcome.err
    report = report_at(file, forms)
    new_form = forms.for_year(year) != report.form.id
    figures = {path[:-1] for path in report.source.values if path in report.form.figures}
    # --exit-code is implied by --no-index: 1 says that the files differ.
    git = ["git", "diff", "--no-index", "--unified=0", str(office / file.name)]
    made = subprocess.run([*git, str(office / f"{year}.yaml")], capture_output=True, text=True)
    assert made.returncode == 1, made.stderr
    changed = [
        line
        for line in made.stdout.splitlines()
        if line[:1] in "+-" and not line.startswith(("+++", "---"))
    ]
    gone = [line[1:] for line in changed if line[0] == "-"]
    come = [line[1:] for line in changed if line[0] == "+"]
    assert gone and figures
    for line in come:
        assert (
            keys.UNFILLED in line
            or "【待核实" in line
            or re.match(rf"({keys.YEAR}|{keys.FORM}): ", line)
            or re.match(r"\s*\S+: (0|\{.*\})$", line)  # carried over
            or re.match(r"\s*\S+:\s+# 上年 ", line)  # written out again
            or "{{" in line  # a typed figure is taken from its cell
            or (new_form and "schema" in line)
        ), line
    foot = report.source.text.partition(f"\n{keys.ACCEPTED}:")[2].splitlines()
    for line in gone:
        holds_a_value = re.search(r"\d|: 无|\{\{", line)
        dropped = line.startswith((keys.SIGN_OFF, keys.ACCEPTED)) or line in foot
        assert holds_a_value or dropped, line
    assert new_form or len(gone) - len(come) <= 1 + len(foot) + 1


@pytest.mark.parametrize("file", latest(), ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_an_unfilled_year_fails_check_with_one_finding_a_place_and_builds_as_a_draft(
    file: Path, tmp_path: Path, forms: Forms, nianbao: Call
) -> None:
    office = Path(shutil.copytree(file.parent, tmp_path / "office"))
    year = int(file.stem) + 1
    assert nianbao("rollover", str(year), office / file.name).code == 0
    new = office / f"{year}.yaml"
    places = [
        path
        for path, value in read(new).walk()
        if isinstance(value, str)
        for _ in re.findall("^待填$|【待核实", value, re.M)
    ]
    found = [
        f.place.path for f in examine(find_reports([new])[0], Reader(forms)).findings if f.blocks
    ]
    assert sorted(found, key=str) == sorted(places, key=str) and places
    out = tmp_path / "out"
    assert nianbao("build", new, "-o", out).code == 1
    assert not [*out.rglob("*.txt"), *out.rglob("*.docx")]
    nianbao("build", new, "-o", out, "--draft", "--to", "txt")
    text = next(out.rglob("*.txt")).read_text("utf-8")
    assert "草稿" in text and keys.UNFILLED in text


def test_what_is_added_up_over_members_stays_so(tmp_path: Path, nianbao: Call) -> None:
    county = Path(shutil.copytree(EXAMPLES / "yanshi", tmp_path / "yanshi"))
    assert nianbao("rollover", "2025", county / "2024.yaml").code == 0
    before, after = read(county / "2024.yaml").data, read(county / "2025.yaml").data
    declared = [key for key, value in before.items() if value == keys.ROLL_UP]
    assert declared and all(after[key] == keys.ROLL_UP for key in declared)


def test_carry_over_in_all_seven_columns(workspace: Path, forms: Forms) -> None:
    before = report_at(workspace / "yanshi" / "2024.yaml", forms)
    next_year = roll_over(survey_places([workspace / "yanshi"], 2025).reports[0], Reader(forms))
    next_year.at.file.write_bytes(next_year.content)
    after = report_at(next_year.at.file, forms)
    key = "收到和处理政府信息公开申请情况"
    handed_on = {
        p[-1]: before.figures.get(p)
        for p in before.form.figures
        if p[1:2] == ("结转下年度继续办理",)
    }
    taken_over = {
        p[-1]: after.figures.get(p) for p in after.form.figures if p[:2] == (key, "上年结转")
    }
    assert taken_over == handed_on and len(taken_over) == 7 and taken_over["总计"] == 45
    known = {path[:2] for path in after.figures.values}
    assert known == {(key, "上年结转")}


# What the command does to files.


def test_twice_is_once(workspace: Path, nianbao: Call) -> None:
    first = nianbao("rollover", "2025", workspace / "songzhuang")
    new = workspace / "songzhuang" / "2025.yaml"
    assert first.code == 0 and str(new) in first.out
    new.write_text(new.read_text("utf-8") + "# 改过\n", "utf-8")
    edited = new.read_bytes()
    again = nianbao("rollover", "2025", workspace / "songzhuang")
    assert again.code == 0 and again.out == ""
    assert "已有 2025.yaml" in again.err and "--force" in again.err
    assert new.read_bytes() == edited


def test_a_whole_workspace_ends_with_a_table(workspace: Path, nianbao: Call) -> None:
    outcome = nianbao("rollover", "2025", workspace)
    written = {Path(line).parent.name for line in outcome.out.splitlines()}
    assert outcome.code == 1
    assert written == {"baishishan", "songzhuang", "yanshi", "liuhe", "qingshi"}
    rows = [line for line in outcome.err.splitlines() if line.startswith(("已写", "未办"))]
    assert len(rows) == 8
    assert sum("没有 2024.yaml" in row for row in rows) == 3


def test_dry_run_shows_the_difference_and_writes_nothing(workspace: Path, nianbao: Call) -> None:
    before = {file: file.read_bytes() for file in workspace.rglob("*.yaml")}
    outcome = nianbao("rollover", "2025", "--dry-run", workspace / "songzhuang")
    assert outcome.code == 0
    assert "\n-年度: 2024 " in outcome.out and "\n+年度: 2025 " in outcome.out
    assert "\n-  行政处罚: 5\n" in outcome.out and "+  行政处罚: 待填  # 上年 5" in outcome.out
    assert "\x1b[" not in outcome.out
    assert {file: file.read_bytes() for file in workspace.rglob("*.yaml")} == before


def git(folder: Path, *arguments: str) -> None:
    identity = {
        "GIT_AUTHOR_NAME": "某人",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "某人",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, env=os.environ | identity
    )


def test_force_overwrites_only_what_git_can_bring_back(workspace: Path, nianbao: Call) -> None:
    office = workspace / "songzhuang"
    new = office / "2025.yaml"

    def forced() -> Outcome:
        return nianbao("rollover", "2025", "--force", office)

    new.write_text("年度: 2025  # 手写\n", "utf-8")
    outside = forced()
    assert outside.code == 1 and "git 里没有它的存底" in outside.err
    git(workspace, "init", "-q")
    assert "git 里没有它的存底" in forced().err
    git(workspace, "add", ".")
    assert "git 里没有它的存底" in forced().err  # staged is not committed
    git(workspace, "commit", "-qm", "存底")
    new.write_text("年度: 2025  # 又改了\n", "utf-8")
    changed = forced()
    assert changed.code == 1 and "F-15 2025.yaml 有改动还没有提交到 git" in changed.err
    git(workspace, "add", ".")
    assert "有改动还没有提交到 git" in forced().err
    assert new.read_text("utf-8") == "年度: 2025  # 又改了\n"
    git(workspace, "commit", "-qm", "存底")
    done = forced()
    assert done.code == 0 and "年度: 2025 " in new.read_text("utf-8")
    assert done.out.strip() == str(new)
    git(workspace, "commit", "-qam", "重做")
    same = forced()
    assert same.code == 0 and same.out == "" and "已是这个内容" in same.err


def test_force_without_git_touches_nothing(
    workspace: Path, nianbao: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    new = workspace / "songzhuang" / "2025.yaml"
    new.write_text("年度: 2025\n", "utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = nianbao("rollover", "2025", "--force", workspace / "songzhuang")
    assert outcome.code == 1 and "没有安装 git" in outcome.err
    assert new.read_text("utf-8") == "年度: 2025\n"


# What cannot be done: said with the way out, and nothing changed.


def wrong(workspace: Path) -> dict[str, tuple[Path, int, str, str]]:
    """Prepare offices that cannot be rolled over: path, year, what is said, the way out."""
    text = (EXAMPLES / "songzhuang" / "2024.yaml").read_text("utf-8")
    unfilled = office_with(workspace / "a", text.replace("行政处罚: 5", "行政处罚: 待填"), 2024)
    sums = office_with(workspace / "b", text.replace("本年新收: 0", "本年新收: {其他: 3}"), 2024)
    encoding = office_with(workspace / "c", text.encode("gb18030"), 2024)
    nothing = workspace / "d"
    nothing.mkdir()
    (nothing / "office.yaml").write_text(OFFICE, "utf-8")
    orphan = workspace / "e"
    orphan.mkdir()
    (orphan / "2024.yaml").write_text(text, "utf-8")
    return {
        "nothing": (nothing, 2025, "错误 F-14 没有上一年度的 2024.yaml", "nianbao new"),
        "gap": (workspace / "baihe", 2026, "F-14 没有 2025.yaml，最近的", "缺 2024、2025 年度"),
        "unfilled": (unfilled, 2025, "F-14 2024.yaml 有 1 个错误", "nianbao check"),
        "sums": (sums, 2025, "个错误", "T3-1"),
        "encoding": (encoding, 2025, "GB18030", "编码选 UTF-8"),
        "orphan": (orphan, 2025, "没有 office.yaml", "建一个 office.yaml"),
        "too early": (nothing, 2018, "没有上一年度的 2017.yaml", "nianbao new"),
        "before the first form": (
            office_with(workspace / "f", text.replace("2024", "2018"), 2018),
            2019,
            "错误 F-9 2018 年度早于本程序所知的表式",
            "nianbao new",
        ),
    }


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "gap",
        "unfilled",
        "sums",
        "encoding",
        "orphan",
        "too early",
        "before the first form",
    ],
)
def test_refused(name: str, workspace: Path, nianbao: Call) -> None:
    path, year, said, way_out = wrong(workspace)[name]
    before = {file: file.read_bytes() for file in workspace.rglob("*") if file.is_file()}
    outcome = nianbao("rollover", str(year), path)
    assert outcome.code == 1
    assert said in outcome.err and way_out in outcome.err and "  依据：" in outcome.err
    assert outcome.out == ""
    assert {f: f.read_bytes() for f in workspace.rglob("*") if f.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["twenty"], "不是四位数的年份"),
        (["20251"], "不是四位数的年份"),
        ([], "缺少参数"),
        (["2025", "nowhere"], "没有这个路径"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, nianbao: Call) -> None:
    outcome = nianbao("rollover", *arguments)
    assert outcome.code == 2 and said in outcome.err


def test_a_folder_without_offices_is_wrong_usage(tmp_path: Path, nianbao: Call) -> None:
    outcome = nianbao("rollover", "2025", tmp_path)
    assert outcome.code == 2 and "没有找到机关" in outcome.err


def test_a_read_only_folder_is_reported(workspace: Path) -> None:
    (workspace / "songzhuang").chmod(0o555)
    outcome = as_anybody("rollover", "2025", workspace / "songzhuang")
    (workspace / "songzhuang").chmod(0o755)
    assert outcome.code == 1 and "错误 F-16 写不了" in outcome.err


# From one form to the next.


def test_the_step_between_forms_is_told_line_by_line(workspace: Path, nianbao: Call) -> None:
    outcome = nianbao("rollover", "2021", workspace / "baiyuan")
    assert outcome.code == 0
    lines = [line.partition("2021.yaml: ")[2] for line in outcome.err.splitlines()]
    lines = [line for line in lines if line]
    kinds = [line.partition("：")[0] for line in lines]
    assert kinds == ["对应"] * 3 + ["拆分"] + ["没有对应"] * 8 + ["新增"] * 3
    assert "表二 行政许可 处理决定数量（上年 0）→ 表二 行政许可 本年处理决定数量" in lines[0]
    assert any("政府集中采购" in line and "新表式没有这一行" in line for line in lines)
    new = (workspace / "baiyuan" / "2021.yaml").read_text("utf-8")
    assert "schemas/2021.schema.json" in new and "2019.schema" not in new
    assert new.partition("\n格式: ")[2].startswith("2021\n年度: 2021\n")


def fill(file: Path, forms: Forms, value: int) -> None:
    """Fill every blank: counts of table two with ``value``, the others with zero."""
    text = file.read_text("utf-8")
    text = re.sub(r"(行政(?:许可|处罚): )待填", rf"\g<1>{value}", text)
    text = re.sub("【待核实[^】]*】", "", text)
    file.write_text(text.replace("待填", "0"), "utf-8")
    assert not [f for f in examine(find_reports([file])[0], Reader(forms)).findings if f.blocks]


def test_a_chain_of_five_years_over_both_forms(tmp_path: Path, nianbao: Call, forms: Forms) -> None:
    text = (
        (EXAMPLES / "baiyuan" / "2020.yaml").read_text("utf-8").replace("年度: 2020", "年度: 2019")
    )
    text = re.sub(r"本年新收: 0", "本年新收: {自然人: 2, 其他: 1}", text)
    text = re.sub(r"结转下年度继续办理: 0", "结转下年度继续办理: {自然人: 2, 其他: 1}", text)
    office = office_with(tmp_path / "town", text, 2019)
    for year in range(2020, 2024):
        outcome = nianbao("rollover", str(year), office)
        assert outcome.code == 0, outcome.err
        file = office / f"{year}.yaml"
        new = file.read_text("utf-8")
        taken_over = "{自然人: 2, 其他: 1}" if year == 2020 else "0"
        assert f"上年结转: {taken_over}\n" in new
        if year == 2020:  # what was handed on is dealt with
            new = new.replace("予以公开: 待填", "予以公开: {自然人: 2, 其他: 1}")
            file.write_text(new, "utf-8")
        fill(file, forms, year)
        assert len(file.read_text("utf-8").split("\n")) <= len(text.split("\n")) + 3
    last = (office / "2023.yaml").read_text("utf-8")
    assert "# 上年 2022" in last and "2021" not in last.replace("2021.schema", "").replace(
        "格式: 2021", ""
    )
    assert nianbao("check", office).code == 0
    assert nianbao("rollover", "2024", office).code == 0


@needs_published
@pytest.mark.parametrize("name", ["baihe", "baishishan", "baiyuan", "cizhong", "songzhuang"])
def test_published_reports(name: str, tmp_path: Path, forms: Forms, nianbao: Call) -> None:
    office = Path(shutil.copytree(WORKSPACE / name, tmp_path / name))
    file = max(office.glob("2*.yaml"))
    year = int(file.stem)
    outcome = nianbao("rollover", str(year + 1), office)
    assert outcome.code == 0, outcome.err
    new = (office / f"{year + 1}.yaml").read_text("utf-8")
    for line in new.splitlines():
        bare = re.sub(r"#.*|【待核实[^】]*】", "", line)
        for found in re.finditer(str(year), bare):
            # Only where it is marked behind the title or the date that holds it.
            assert "【待核实：上年文中的年份】" in line[found.start() :], line
    # Every count of the published text is bound or marked.
    for found in re.finditer(r"\d ?余? ?(?:条|件|篇)(?!【待核实)", new):
        assert found is None, new[found.start() - 20 : found.end() + 5]
    old_words = re.sub(r"\s", "", file.read_text("utf-8"))
    new_words = re.sub(r"【待核实[^】]*】|\s", "", new)
    matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
    assert matcher.quick_ratio() > 0.85


def test_an_example_is_rolled_over_by_the_installed_command(workspace: Path) -> None:
    program = ROOT / ".venv" / "bin" / "nianbao"
    if not program.is_file():
        pytest.skip("the command is not installed in .venv")
    made = subprocess.run(
        [program, "rollover", "2025", workspace / "songzhuang"], capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    assert made.stdout == f"{workspace / 'songzhuang' / '2025.yaml'}\n"
    assert "已写" in made.stderr and "36 处待填" in made.stderr


def test_money_keeps_the_digits_that_were_typed(workspace: Path, forms: Forms) -> None:
    text = rolled(workspace / "yanshi", 2025, forms)
    assert "行政事业性收费: 待填  # 上年 72701.2578" in text
    report = report_at(workspace / "yanshi" / "2024.yaml", forms)
    assert Decimal("72701.2578") in report.figures.values.values()


# Prose that is last year's is reported until somebody has decided.


KEPT = ("Y-6", "Y-9")
"""More than half of the prose is last year's, or some of it: one of them says so."""


def prose_findings(file: Path, forms: Forms) -> list[tuple[str, str, bool]]:
    found = examine(find_reports([file])[0], Reader(forms)).findings
    return [(f.code, f.message, bool(f.accepted)) for f in found if f.code in (*KEPT, "Q-5")]


def test_sentences_not_touched_since_are_reported_until_rewritten_or_accepted(
    workspace: Path, forms: Forms, nianbao: Call
) -> None:
    office = workspace / "songzhuang"
    assert nianbao("rollover", "2025", office).code == 0
    new = office / "2025.yaml"

    def kept() -> int:
        (message,) = [message for code, message, _ in prose_findings(new, forms) if code in KEPT]
        found = re.search(r"共 (\d+) 句", message)
        assert found
        return int(found[1])

    before = kept()
    text = new.read_text("utf-8")
    old = "线上以区门户网站公开专栏为主、移动端账号为辅，同一事项两处口径一致。"
    assert old in text
    new.write_text(text.replace(old, "新开的专栏按村名检索，手机也能打开。"), "utf-8")
    assert kept() == before - 1
    examined = examine(find_reports([new])[0], Reader(forms))
    marks = [f.message for f in examined.findings if "待核实" in f.message]
    assert marks
    decided = re.sub(r"【待核实[^】]*】", "", new.read_text("utf-8"))
    place = examine(find_reports([new])[0], Reader(forms)).findings
    rule, path = next((f.code, f.place.path) for f in place if f.code in KEPT)
    dotted = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
    accepted = f"接受:\n- {{规则: {rule}, 位置: {dotted}, 理由: 制度没有变, 批准人: 办公室}}\n"
    new.write_text(decided + accepted, "utf-8")
    found = prose_findings(new, forms)
    assert [(code, is_accepted) for code, _, is_accepted in found] == [(rule, True)]


@pytest.mark.parametrize(
    ("now", "before", "typed", "wrong"),
    [
        (22, 19, "较上年增加3件，增长15.8%", False),
        (22, 19, "较上年增加3件，增长13.6%", True),
        (22, 19, "较上年减少3件，下降15.8%", True),
        (19, 19, "与上年持平", False),
        (20, 19, "与上年持平", True),
        (5, 0, "上年为0，本年5件", False),
        (5, 4, "上年为0，本年5件", True),
        (0, 5, "较上年减少5件，下降100%", False),
    ],
)
def test_typed_changes_are_checked_against_last_years_file(
    now: int, before: int, typed: str, wrong: bool, tmp_path: Path, forms: Forms
) -> None:
    office = tmp_path / "town"
    figures = (
        "主动公开政府信息情况: 0\n收到和处理政府信息公开申请情况:\n  本年新收: {{自然人: {0}}}\n"
        "  上年结转: 0\n  本年度办理结果:\n    予以公开: {{自然人: {0}}}\n    部分公开: 0\n"
        "    不予公开: 0\n    无法提供: 0\n    不予处理: 0\n    其他处理: 0\n"
        "  结转下年度继续办理: 0\n政府信息公开行政复议、行政诉讼情况: 0\n"
        "存在的主要问题及改进情况: 学习不够。\n其他需要报告的事项: 没有收取信息处理费。\n"
    )
    head = "格式: 2021\n年度: {}\n总体情况: 新收政府信息公开申请{}件{}。\n"
    last = head.format(2023, before, "") + figures.format(before)
    office_with(office, last, 2023)
    sentence = head.format(2024, now, f"，{typed}")
    (office / "2024.yaml").write_text(sentence + figures.format(now), "utf-8")
    found = examine(find_reports([office / "2024.yaml"])[0], Reader(forms)).findings
    codes = {f.code for f in found if f.code in ("X-13", "X-1")}
    assert bool(codes) is wrong, [f.message for f in found]


def test_what_an_expression_calls_last_years_grows_a_year_older(
    tmp_path: Path, forms: Forms, nianbao: Call
) -> None:
    """In the first file under a new form, last year's figures are still those of the old one."""
    text = (EXAMPLES / "baiyuan" / "2020.yaml").read_text("utf-8")
    text = text.replace("年度: 2020", "年度: 2019")
    office = office_with(tmp_path / "town", text, 2019)
    said = "处罚{{ 表二.行政处罚.处理决定数量 }}件，上年{{ 上年.表二.行政处罚.处理决定数量 }}件。"
    after = {
        2020: said,
        2021: "处罚{{ 表二.行政处罚 }}件，上年{{ 上年.表二.行政处罚.处理决定数量 }}件。",
        2022: "处罚{{ 表二.行政处罚 }}件，上年{{ 上年.表二.行政处罚 }}件。",
    }
    for year, expected in after.items():
        assert nianbao("rollover", str(year), office).code == 0
        file = office / f"{year}.yaml"
        if year == 2020:
            new = re.sub(
                r"^其他需要报告的事项: \|\n",
                rf"\g<0>  {said}\n",
                file.read_text("utf-8"),
                flags=re.M,
            )
            file.write_text(new, "utf-8")
        assert expected in file.read_text("utf-8")
        fill(file, forms, 3)


def test_what_the_program_wrote_is_nobodys_copy(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    """O-2 speaks of sentences that offices share, not of those that the program composed."""
    for name in ("甲山镇", "乙山镇"):
        folder = tmp_path / "reports" / name
        nianbao("new", folder, "2022", "--name", f"演示县{name}人民政府")
        file = folder / "2022.yaml"
        text = re.sub("【待填[^】]*】", "3", file.read_text("utf-8")).replace(": 待填", ": 0")
        file.write_text(text, "utf-8")
    rolled = nianbao("rollover", "2023", tmp_path / "reports")
    assert rolled.code == 0, rolled.err
    assert nianbao("check", tmp_path / "reports", "--select", "O-2").out == ""
    for file in (tmp_path / "reports").rglob("2022.yaml"):
        own = "本机关全年召开三次会议研究信息公开工作，逐项落实到科室。"
        file.write_text(
            file.read_text("utf-8").replace("概述: |\n", f"概述: |\n    {own}\n"), "utf-8"
        )
    assert "乙山镇" in nianbao("check", tmp_path / "reports", "--select", "O-2").out
