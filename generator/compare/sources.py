"""Which two reports a user means: files, or offices of which the year has to be found."""

from __future__ import annotations

from pathlib import Path

from generator.reading.workspace import PathError, ReportFile, find_reports, reports_in


def two_reports(first: Path, second: Path) -> tuple[ReportFile, ReportFile]:
    """Return the two reports to compare.

    One office twice means its last two years, two offices their last common year, an office and a
    file the file's year.

    Raises:
        PathError: a path is of no use, or there is no such report.
    """
    here, there = _reports(first), _reports(second)
    if first.is_file() and second.is_file():
        found = here[0], there[0]
    elif first.is_file():
        found = here[0], _of_year(second, there, here[0].year)
    elif second.is_file():
        found = _of_year(first, here, there[0].year), there[0]
    elif first.resolve() == second.resolve():
        if len(here) < 2:
            raise PathError(f"{first} 只有 {here[0].year} 一个年度的报告，没有可比的")
        found = here[-2], here[-1]
    else:
        common = {report.year for report in here} & {report.year for report in there}
        if not common:
            raise PathError(
                f"{first} 和 {second} 没有同一年度的报告；可以写出两个文件，如 2024.yaml"
            )
        found = _of_year(first, here, max(common)), _of_year(second, there, max(common))
    if found[0].file.resolve() == found[1].file.resolve():
        raise PathError(f"{found[0].file} 和它自己没有可比的；请写出另一个年度或另一个机关")
    return found


def _reports(path: Path) -> list[ReportFile]:
    if not path.exists():
        raise PathError(f"没有这个路径：{path}")
    found = find_reports([path]) if path.is_file() else reports_in(path)
    if not found:
        raise PathError(f"{path} 下没有报告（年份.yaml）；比较的是两个文件或两个机关文件夹")
    return found


def _of_year(path: Path, reports: list[ReportFile], year: int) -> ReportFile:
    for report in reports:
        if report.year == year:
            return report
    years = "、".join(str(report.year) for report in reports)
    raise PathError(f"{path} 没有 {year} 年度的报告，有的是：{years}")
