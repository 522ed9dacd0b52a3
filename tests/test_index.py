"""``index.html``: every report of the output folder by year and office, what is missing shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from generator.setting.write_index import Entry, write_index
from support import EXAMPLES, Outcome

Call = Callable[..., Outcome]


def told(file: Path) -> list[str]:
    page = html.document_fromstring(file.read_text(encoding="utf-8"))
    return [re.sub(r"\s+", "", each.text_content()) for each in page.xpath("//h2|//h3|//li")]


def test_the_newest_year_stands_first_and_offices_stand_in_their_groups(
    tmp_path: Path, nianbao: Call
) -> None:
    nianbao("build", EXAMPLES, "-o", tmp_path, "--to", "html,docx")
    lines = told(tmp_path / "index.html")
    assert lines[:3] == ["2024年度", "本级", "演示县人民政府：网页、DOCX"]
    years = [line for line in lines if line.endswith("年度")]
    assert years == ["2024年度", "2023年度", "2022年度", "2021年度", "2020年度"]
    assert [line for line in lines if line in ("部门", "乡镇街道")][:2] == ["部门", "乡镇街道"]
    page = html.document_fromstring((tmp_path / "index.html").read_text(encoding="utf-8"))
    links = page.xpath("//a/@href")
    assert links and all((tmp_path / link).is_file() for link in links)


def test_what_is_missing_is_shown_as_missing(
    workspace: Path, tmp_path: Path, nianbao: Call
) -> None:
    report = workspace / "songzhuang" / "2024.yaml"
    report.write_text(report.read_text("utf-8").replace("行政处罚: ", "行政处罚: x", 1), "utf-8")
    out = tmp_path / "out"
    nianbao("build", workspace, "-o", out, "--to", "html,txt")
    lines = told(out / "index.html")
    assert any(line.startswith("孟津区送庄镇") and line.endswith("缺网页、缺TXT") for line in lines)


@pytest.mark.parametrize(
    ("existence", "missing"),
    [
        ("{止: 2023}", set()),
        ("{止: 2024, 并入: ../songzhuang}", {2024}),
        ("{起: 2022}", {2022, 2024}),
        ("{起: 2021, 止: 2023}", {2021, 2022}),
        ("不详", {2024}),
        ("{起: 去年}", {2024}),
    ],
)
def test_an_office_is_missing_only_in_the_years_in_which_it_exists(
    workspace: Path, tmp_path: Path, nianbao: Call, existence: str, missing: set[int]
) -> None:
    """An office with a report on 2023, among others from 2020 to 2024."""
    out = tmp_path / "out"
    nianbao("build", workspace, "-o", out, "--to", "html")
    office = workspace / "baihe" / "office.yaml"
    office.write_text(f"{office.read_text('utf-8')}存续: {existence}\n", "utf-8")
    nianbao("build", workspace, "-o", out, "--to", "html")
    year, found = "", set()
    for line in told(out / "index.html"):
        year = line if line.endswith("年度") else year
        if "白鹤镇" in line and "缺" in line:
            found.add(int(year[:4]))
    assert found == missing


def test_an_office_without_any_report_is_missing(
    workspace: Path, tmp_path: Path, nianbao: Call
) -> None:
    (workspace / "new").mkdir()
    office = workspace / "new" / "office.yaml"
    office.write_text("名称: 新镇人民政府\n类型: 乡镇人民政府\n", "utf-8")
    out = tmp_path / "out"
    nianbao("build", workspace, "-o", out, "--to", "html")
    assert [line for line in told(out / "index.html") if "新镇" in line] == ["新镇人民政府：缺网页"]
    office.write_text(office.read_text("utf-8") + "存续: {起: 2023}\n", "utf-8")
    nianbao("build", workspace, "-o", out, "--to", "html")
    assert told(out / "index.html").count("新镇人民政府：缺网页") == 2
    nianbao("build", workspace / "songzhuang", "-o", tmp_path / "one", "--to", "html")
    assert not any("新镇" in line for line in told(tmp_path / "one" / "index.html"))


def test_it_follows_the_reports_and_is_not_written_for_nothing(
    workspace: Path, tmp_path: Path, nianbao: Call
) -> None:
    out = tmp_path / "out"
    arguments = ("build", workspace, "-o", out, "--to", "html")
    nianbao(*arguments)
    index = out / "index.html"
    before = index.stat()
    nianbao(*arguments)
    assert (index.stat().st_ino, index.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    for file in (workspace / "songzhuang").iterdir():
        file.unlink()
    nianbao(*arguments, "--prune")
    assert "送庄" not in index.read_text(encoding="utf-8")


def test_a_page_of_somebody_else_is_left_alone(tmp_path: Path, nianbao: Call) -> None:
    index = tmp_path / "index.html"
    index.write_text("<h1>我们的网站</h1>", encoding="utf-8")
    outcome = nianbao("build", EXAMPLES / "songzhuang", "-o", tmp_path, "--to", "html")
    assert index.read_text(encoding="utf-8") == "<h1>我们的网站</h1>"
    assert "不是程序写的" in outcome.err


def test_there_is_none_without_pages(tmp_path: Path, nianbao: Call) -> None:
    nianbao("build", EXAMPLES / "songzhuang", "-o", tmp_path)
    assert not (tmp_path / "index.html").exists()


def test_names_are_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    page = html.document_fromstring(write_index([Entry(evil, "", 2024)], ["html"]).decode())
    assert not page.xpath("//script") and evil in page.text_content()
