"""``nianbao new``: the first file of an office."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.common import YEAR, forms_of
from generator.commands.common import command as make_command
from generator.commands.output import say

EPILOG = """\
示例：
  nianbao new reports/songzhuang 2024 --name 孟津区送庄镇人民政府
  nianbao new reports/minzheng 2024 --name 孟津区民政局 --kind 政府部门
  nianbao new reports/songzhuang 2025     已有 office.yaml 的机关，只写报告
"""


@make_command("new", EPILOG)
@click.argument("office", metavar="机关文件夹", type=click.Path(path_type=Path))
@click.argument("year", metavar="年度", type=YEAR)
@click.option("--name", help="机关全称；已有 office.yaml 的不必写")
@click.option("--kind", help="类型：乡镇人民政府、政府部门等；不写则按全称认")
@click.pass_context
def command(
    context: click.Context, office: Path, year: int, name: str | None, kind: str | None
) -> int:
    """新建一个机关和它的第一份报告：表里每一行都写成待填，文字写好标题和已经取数的句子。

    已有的文件不动。
    """
    from generator.drafting.new_report import new_office, new_report, there_already
    from generator.reading.workspace import OFFICE_FILE, place_of
    from generator.report.report import Reader
    from generator.system.files import reason, write_whole
    from generator.values.diagnostics import Refusal

    forms = forms_of(context)
    if office.exists() and not office.is_dir():
        raise click.UsageError(f"{office} 不是文件夹")
    kinds = forms.offices.kinds
    if kind is not None and kind not in kinds:
        raise click.UsageError(f"没有「{kind}」这个类型，可用的有：{'、'.join(kinds)}")
    files = []
    if (office / OFFICE_FILE).exists():
        if name or kind:
            say(f"已有 {office / OFFICE_FILE}，按它写，没有改动它", err=True)
        kind = Reader(forms).office(place_of(office, year)).kind
    elif not name:
        raise click.UsageError("新机关要用 --name 给出全称，如 --name 孟津区送庄镇人民政府")
    else:
        kind = kind or forms.offices.kind(name)
        if not kind:
            raise click.UsageError(f"从「{name}」看不出类型，请用 --kind 给出：{'、'.join(kinds)}")
        files.append(new_office(office, name, kind, forms))
    files.append(new_report(office, year, kind, forms))
    existing = [new.file for new in files if new.file.exists() or new.file.is_symlink()]
    if existing:
        raise Refusal(*(there_already(file) for file in existing))
    for new in files:
        try:
            write_whole(new.file, new.text.encode())
        except OSError as error:
            raise click.UsageError(f"写不了 {new.file}：{reason(error)}") from error
        say(new.file)
    if (office / f"{year - 1}.yaml").exists():
        hint = f"nianbao rollover {year} {office}"
        say(f"已有 {year - 1} 年度的报告；删去新文件改用 {hint} 可以照着上年写", err=True)
    say(f"从上到下填好 {files[-1].file}，再运行 nianbao check {office} 核对", err=True)
    return 0
