"""The last day for a report in ``check``: a remark where the report is missing or not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support import ROOT, Outcome

Call = Callable[..., Outcome]
GOOD = (ROOT / "tests/data/bad/good_report_for_comparison/town/2024.yaml").read_text("utf-8")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "reports" / "town"
    folder.mkdir(parents=True)
    (folder / "2024.yaml").write_text(GOOD, "utf-8")
    say(folder)
    return folder


def say(folder: Path, *lines: str) -> None:
    """Write an ``office.yaml`` with more ``lines``."""
    text = "\n".join(["名称: 某县某镇人民政府", "类型: 乡镇人民政府", *lines, ""])
    (folder / "office.yaml").write_text(text, "utf-8")


@pytest.fixture
def remarks(nianbao: Call) -> Callable[..., list[str]]:
    """Check on a day, and return where and what is said of last days."""

    def call(path: Path, day: str, *options: str, code: int = 0) -> list[str]:
        outcome = nianbao("check", path, "--today", day, "--format", "json", *options)
        assert outcome.code == code, outcome.err
        found = [each for each in json.loads(outcome.out) if each["code"] == "S-11"]
        assert all(each["severity"] == "info" and each["basis"] for each in found)
        return [f"{Path(f['file']).name}:{f['line']} {f['message']}" for f in found]

    return call


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (
            "2026-01-01",
            ["office.yaml:1 2025 年度报告的公开期限是 2026-01-31，还有 30 天：还没有报告"],
        ),
        (
            "2026-01-31",
            ["office.yaml:1 2025 年度报告的公开期限是 2026-01-31，就是今天：还没有报告"],
        ),
        (
            "2026-02-12",
            ["office.yaml:1 2025 年度报告的公开期限是 2026-01-31，已过 12 天：还没有报告"],
        ),
        ("2025-12-31", []),
        ("2025-01-31", []),
        ("2027-01-15", []),  # nobody has gone on with this office for two years
    ],
)
def test_a_report_that_is_missing(
    day: str, said: list[str], office: Path, remarks: Callable[..., list[str]]
) -> None:
    assert remarks(office.parent, day) == said


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (("行政处罚: 5", "行政处罚: 待填"), "还有 1 处没有填"),
        (("行政处罚: 5", "行政处罚: -5"), "1 个错误"),
        (("行政处罚: 5", ""), "还有 1 处没有填"),
        (("格式: 2021", "格式: ["), "1 个错误"),
    ],
)
def test_a_report_that_is_not_fit(
    change: tuple[str, str], state: str, office: Path, remarks: Callable[..., list[str]]
) -> None:
    (office / "2024.yaml").write_text(GOOD.replace(*change), "utf-8")
    said = f"2024.yaml:1 2024 年度报告的公开期限是 2025-01-31，已过 1 天：{state}"
    assert remarks(office, "2025-02-01", code=1) == [said]
    assert remarks(office, "2024-12-31", code=1) == []


def test_the_office_says_the_day_itself(office: Path, remarks: Callable[..., list[str]]) -> None:
    say(office, "公开期限: 03-10")
    said = "office.yaml:3 2025 年度报告的公开期限是 2026-03-10，"
    assert remarks(office, "2026-02-01") == []
    assert remarks(office, "2026-03-01") == [f"{said}还有 9 天：还没有报告"]
    assert remarks(office, "2027-03-01") == [
        "office.yaml:3 2026 年度报告的公开期限是 2027-03-10，还有 9 天：还没有报告"
    ]


def test_a_leap_day_is_the_last_of_february(
    office: Path, remarks: Callable[..., list[str]]
) -> None:
    say(office, "公开期限: 02-29")
    (said,) = remarks(office, "2026-02-28")
    assert "2026-02-28，就是今天" in said


def test_an_office_that_no_longer_exists(office: Path, remarks: Callable[..., list[str]]) -> None:
    say(office, "存续: {起: 2019, 止: 2024}")
    assert remarks(office, "2026-01-20") == []


def test_an_office_without_any_report(office: Path, remarks: Callable[..., list[str]]) -> None:
    new = office.parent / "new"
    new.mkdir()
    say(new)
    (said,) = remarks(office.parent, "2025-02-01")
    assert said.endswith("2024 年度报告的公开期限是 2025-01-31，已过 1 天：还没有报告")


def test_a_member_has_the_day_of_its_county(
    office: Path, remarks: Callable[..., list[str]]
) -> None:
    top = "\n".join(
        [
            "名称: 某县人民政府",
            "类型: 县级以上人民政府",
            "汇总:",
            "  主管部门: 某县人民政府办公室",
            "  报送期限: 01-20",
        ]
    )
    county = office.parent / "county"
    county.mkdir()
    office.rename(county / "town")
    (county / "office.yaml").write_text(top + "\n", "utf-8")
    found = remarks(county.parent, "2026-01-21")
    assert "office.yaml:1 2025 年度报告的报送期限是 2026-01-20，已过 1 天：还没有报告" in found


def test_every_process_knows_the_day(office: Path, remarks: Callable[..., list[str]]) -> None:
    for number in range(20):
        copy = office.parent / f"town{number}"
        copy.mkdir()
        say(copy)
        (copy / "2024.yaml").write_text(GOOD, "utf-8")
    assert len(remarks(office.parent, "2026-01-21", "-j", "2")) == 21


def test_the_day_holds_for_what_was_accepted_too(office: Path, nianbao: Call) -> None:
    entry = "接受:\n- {规则: X-1, 位置: 无, 理由: 核过, 有效至: 2025-06-30}\n"
    (office / "2024.yaml").write_text(GOOD + entry, "utf-8")
    assert "A-2" not in nianbao("check", office, "--today", "2025-06-30").out
    assert "A-2" in nianbao("check", office, "--today", "2025-07-01").out
    assert "A-2" not in nianbao("check", office).out, "a day holds for one call"
    wrong = nianbao("check", office, "--today", "明天")
    assert wrong.code == 2 and "应当是日期" in wrong.err


def test_the_last_year_that_there_is(office: Path, nianbao: Call) -> None:
    (office / "9999.yaml").write_text(GOOD, "utf-8")
    assert nianbao("check", office).code == 1
