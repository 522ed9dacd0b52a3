"""The ledger of applications: what it comes to, what contradicts in it, what never leaves it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.form.form import Forms
from generator.form.model import Form
from generator.ledger.counting import Tally, day_of, tally, working_day
from generator.ledger.rows import read_ledger
from generator.values.diagnostics import Severity
from generator.values.grid import FigurePath
from ledgers import as_csv, ledger_of, rows_of, words_of
from spreadsheets import needs_calc, saved_as
from support import EXAMPLES, ROOT, Outcome

FORMS = Forms()
CASES = sorted((ROOT / "tests" / "data" / "ledger").glob("*.csv"))
TODAY = date(2025, 1, 10)
LIUHE = EXAMPLES / "yanshi" / "liuhe" / "2024.yaml"
Run = Callable[..., Outcome]


def counted(file: Path, form: Form, year: int = 2024, today: date = TODAY) -> Tally:
    words = words_of(form)
    return tally(read_ledger(file, words), form, words, year, today)


def named(found: Tally, form: Form) -> dict[str, int]:
    """Return the figures that are not zero by their names."""
    counts = {form.names.name_of(path): len(cases) for path, cases in found.cases.items()}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
@pytest.mark.parametrize("form", [2019, 2021])
def test_a_contradiction_is_a_finding_with_its_row(file: Path, form: int) -> None:
    found = counted(file, FORMS.load(form))
    code = file.stem.split()[0]
    if code == "好":
        assert found.findings == [] and found.skipped == 0
        return
    (finding,) = found.findings
    assert finding.code == code
    rows = file.read_text("utf-8").count("\n")
    assert finding.position.line == rows and f"第 {rows} 行" in finding.message
    is_doubt = code == "L-3"
    assert (finding.severity is Severity.WARNING) == is_doubt
    assert found.blocked != is_doubt
    assert "张某" not in finding.message


def test_the_nearest_word_is_named(forms: Forms) -> None:
    said = {
        file.stem: counted(file, forms.load(2021)).findings[0].message
        for file in CASES
        if file.stem.startswith("L-4")
    }
    assert "是不是「自然人」" in said["L-4 不认识的类别"]
    assert "是不是「部分公开」" in said["L-4 不认识的结果"]


def test_a_case_counts_where_its_dates_and_words_say(forms: Forms) -> None:
    form = forms.load(2021)
    found = counted(next(file for file in CASES if file.stem.startswith("好")), form)
    assert named(found, form) == {
        "表三.本年新收.自然人": 4,
        "表三.本年新收.商业企业": 1,
        "表三.上年结转.自然人": 1,
        "表三.本年度办理结果.予以公开.自然人": 2,
        "表三.本年度办理结果.其他处理.其他.自然人": 1,
        "表三.本年度办理结果.不予公开.属于国家秘密.商业企业": 1,
        "表三.本年度办理结果.无法提供.本机关不掌握相关政府信息.自然人": 1,
        "表三.结转下年度继续办理.自然人": 1,
        "表四.行政复议.结果维持": 2,
        "表四.行政复议.其他结果": 1,
        "表四.行政复议.尚未审结": 1,
    }
    assert found.counted == 6


@st.composite
def balanced(draw: st.DrawFn) -> tuple[Form, dict[FigurePath, int]]:
    """Return figures of tables three and four of either form in which every column balances."""
    form = FORMS.load(draw(st.sampled_from(list(FORMS.first_years))))
    words = words_of(form)
    count = st.integers(0, 6)
    values: dict[FigurePath, int] = {}
    for kind in words.kind_names:
        total = 0
        for row in words.outcome_rows:
            values[*row, kind] = draw(count) if draw(st.booleans()) else 0
            total += values[*row, kind]
        values[*words.carried_on, kind] = draw(count)
        total += values[*words.carried_on, kind]
        values[*words.carried_over, kind] = draw(st.integers(0, total))
        values[*words.received, kind] = total - values[*words.carried_over, kind]
    if any(values.values()):
        for case in words.cases:
            for result in words.result_names:
                values[*case.row, result] = draw(st.integers(0, 2))
    return form, values


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(balanced())
def test_any_figures_come_back_from_their_ledger(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[Form, dict[FigurePath, int]]
) -> None:
    form, values = made
    year = form.first_year
    applications = sum(
        count
        for path, count in values.items()
        if path[:-1] in (words_of(form).received, words_of(form).carried_over)
    )
    follows = {case.row for case in words_of(form).cases}
    if applications < len(follows) * 8:  # too few for reviews and suits of every result
        values = {path: 0 if path[:-1] in follows else n for path, n in values.items()}
    file = tmp_path_factory.mktemp("ledger") / "a.csv"
    file.write_text(as_csv(form, rows_of(form, values, year), year), "utf-8")
    found = counted(file, form, year, date(year + 1, 1, 10))
    assert not found.blocked, found.findings
    assert {path: len(cases) for path, cases in found.cases.items()} == {
        path: values.get(path, 0) for path in found.cases
    }


# The command


def test_the_example_s_ledger_yields_its_tables_exactly(nianbao: Run) -> None:
    office = EXAMPLES / "yanshi" / "benji"
    done = nianbao("tally", office / "台账2024.csv", office / "2024.yaml", "--today", "2025-01-15")
    assert (done.code, done.err) == (0, "")
    assert "0 个不同" in done.out
    written = (office / "台账2024.csv").read_bytes().decode("utf-8-sig")
    assert written == ledger_of(office / "2024.yaml")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A town's folder with a ledger that comes to its report."""
    folder = Path(shutil.copytree(LIUHE.parent, tmp_path / "liuhe"))
    text = ledger_of(folder / "2024.yaml")
    (folder / "台账.csv").write_bytes(text.encode("utf-8-sig"))
    return folder


def test_the_report_is_the_ledger(town: Path, nianbao: Run) -> None:
    done = nianbao("tally", town / "台账.csv", town / "2024.yaml")
    assert (done.code, done.err) == (0, "")
    assert "0 个不同" in done.out


def test_what_differs_is_listed_with_its_cases_and_written_in_place(
    town: Path, nianbao: Run
) -> None:
    ledger, report = town / "台账.csv", town / "2024.yaml"
    before = report.read_text("utf-8")
    lines = ledger.read_text("utf-8-sig").splitlines(keepends=True)
    gone = next(i for i, line in enumerate(lines) if ",予以公开," in line)
    ledger.write_text("".join(lines[:gone] + lines[gone + 1 :]), "utf-8-sig")
    done = nianbao("tally", ledger, report)
    assert done.code == 1 and "表三" in done.out and "予以公开" in done.out
    assert report.read_text("utf-8") == before
    assert nianbao("tally", ledger, report, "--write").code == 0
    assert nianbao("tally", ledger, report).code == 0
    after = report.read_text("utf-8")
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    assert 2 <= len(changed) <= 3
    checked = nianbao("check", report)
    assert "错误 T3" not in checked.out + checked.err


def test_nothing_is_written_while_the_ledger_contradicts(town: Path, nianbao: Run) -> None:
    ledger, report = town / "台账.csv", town / "2024.yaml"
    text = ledger.read_text("utf-8-sig").replace("予以公开", "予以公开、重复申请", 1)
    ledger.write_text(text, "utf-8-sig")
    before = report.read_bytes()
    done = nianbao("tally", ledger, report, "--write")
    assert done.code == 1 and "L-2" in done.err and "没有写" in done.err
    assert report.read_bytes() == before


SECRETS = ("王小明", "13800001111", "某某拆迁补偿")


def test_nothing_of_an_applicant_leaves_the_ledger(town: Path, nianbao: Run) -> None:
    ledger, report = town / "台账.csv", town / "2024.yaml"
    text = ledger.read_text("utf-8-sig")
    for secret in SECRETS:
        text = text.replace("（略）", secret, 1)
    text = text.replace("（略）", SECRETS[0])
    ledger.write_text(text.replace("予以公开", "与以公开", 2), "utf-8-sig")
    said = []
    figure = "表三.本年新收.自然人"
    for arguments in (
        ("tally", ledger, report),
        ("tally", ledger, report, "--write"),
        ("tally", ledger, report, "--format", "json"),
        ("explain", figure, report, "--ledger", ledger),
    ):
        done = nianbao(*arguments)
        said += [done.out, done.err]
    said.append(report.read_text("utf-8"))
    assert not any(secret in text for secret in SECRETS for text in said)
    assert any("L-4" in text for text in said)


def test_each_figure_with_its_cases(town: Path, nianbao: Run) -> None:
    ledger, report = town / "台账.csv", town / "2024.yaml"
    told = json.loads(nianbao("tally", ledger, report, "--format", "json").out)
    figure = next(f for f in told["figures"] if f["label"].endswith("自然人") and f["ledger"] > 1)
    names = figure["path"].split(".")
    done = nianbao("explain", ".".join(["表三", *names[1:]]), report, "--ledger", ledger)
    assert done.code == 0
    assert all(case in done.out for case in figure["cases"])


@pytest.mark.parametrize("name", ["新台账.csv", "新台账.xlsx"])
def test_an_empty_ledger_is_written_and_read(name: str, town: Path, nianbao: Run) -> None:
    done = nianbao("tally", town / name, town / "2024.yaml", "--new")
    assert done.code == 0 and (town / name).exists()
    again = nianbao("tally", town / name, town / "2024.yaml", "--new")
    assert again.code == 2 and "没有动它" in again.err
    told = json.loads(nianbao("tally", town / name, town / "2024.yaml", "--format", "json").out)
    assert {figure["ledger"] for figure in told["figures"]} == {0}


@needs_calc
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_a_ledger_kept_in_a_spreadsheet(suffix: str, town: Path, nianbao: Run) -> None:
    rows = csv.reader((town / "台账.csv").read_text("utf-8-sig").splitlines())
    with xlsxwriter.Workbook(str(town / "台账.xlsx")) as made:
        page = made.add_worksheet("登记")
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if found := day_of(text):
                    page.write_datetime(number, column, found, day)
                else:
                    page.write_string(number, column, text)
    (book,) = saved_as(suffix, [town / "台账.xlsx"], town)
    done = nianbao("tally", book, town / "2024.yaml")
    assert done.code == 0, done.out + done.err


def test_a_ledger_of_an_old_system(town: Path, nianbao: Run) -> None:
    text = (town / "台账.csv").read_text("utf-8-sig").replace(",", "\t")
    (town / "旧.csv").write_bytes(text.encode("gb18030"))
    assert nianbao("tally", town / "旧.csv", town / "2024.yaml").code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "没有「编号、"),
        ("编号,类别\n1,自然人\n".encode(), "收到日期"),
        (b"\x00\x01\x02", "不是文本"),
    ],
)
def test_what_is_no_ledger_is_said(content: bytes, words: str, town: Path, nianbao: Run) -> None:
    (town / "x.csv").write_bytes(content)
    done = nianbao("tally", town / "x.csv", town / "2024.yaml")
    assert done.code == 2 and words in done.err


def test_days_and_working_days() -> None:
    for text in ("2024-3-5", "2024/03/05", "2024年3月5日", "２０２４．３．５", "20240305"):
        assert day_of(text) == date(2024, 3, 5), text
    assert day_of("2024-03-05T00:00:00") == date(2024, 3, 5)
    for text in ("2024-13-05", "三月", "2024", "45356"):
        assert day_of(text) is None, text
    assert working_day(date(2024, 11, 29), 1) == date(2024, 12, 2)
    assert working_day(date(2024, 11, 1), 20) == date(2024, 11, 29)
