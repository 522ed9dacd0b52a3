"""``nianbao explain``: what a finding means and how to repair it; what makes up a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from generator.commands.cli import FAULT, FINDINGS, OK
from generator.commands.common import command as make_command
from generator.commands.common import forms_of, paths_argument, reports_under
from generator.commands.output import say_faults, say_findings, say_lines

if TYPE_CHECKING:
    from generator.form.form import Forms
    from generator.reading.workspace import ReportFile
    from generator.report.report import Report
    from generator.values.diagnostics import Diagnostic

    Told = tuple[Iterable[str], Iterable[Diagnostic]]
    """What is told of a report, and what was found in it."""

EPILOG = """\
示例：
  nianbao explain                          列出全部编号
  nianbao explain T3-1                     一条规则的含义、依据、常见原因和改法
  nianbao explain T3-1 reports/songzhuang  代入一个机关各年报告的数
  nianbao explain 表.行.栏                  一个数在表上的位置和填报说明
  nianbao explain 表.行.栏 2024.yaml        它在一份报告里由哪些数得来、与哪些数勾稽
  nianbao explain 表.行.栏 2024.yaml --ledger 台账.csv   还有台账里的哪几件
"""


def _codes(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Offer the codes that begin so, each with what it means."""
    from generator.form.catalogue import catalogue

    entries = catalogue(forms_of(context)).entries
    known = [(code, each[0].title) for code, each in entries.items()]
    return [CompletionItem(c, help=text) for c, text in known if c.startswith(begun.upper())]


@make_command("explain", EPILOG)
@click.argument("subject", metavar="[编号|数]", required=False, shell_complete=_codes)
@paths_argument
@click.option(
    "--ledger",
    metavar="台账",
    type=click.Path(path_type=Path),
    help="登记台账：列出一个数是哪几件申请",
)
@click.option("--markdown", is_flag=True, help="输出全部编号的说明（Markdown），供文档使用")
@click.pass_context
def command(
    context: click.Context,
    subject: str | None,
    paths: tuple[Path, ...],
    ledger: Path | None,
    markdown: bool,
) -> int:
    """说明一条检查结果的含义、依据和改法，或表中一个数的来历；给出路径时代入报告的数。"""
    from generator.findings import explanations
    from generator.form.catalogue import catalogue, means, unknown

    forms = forms_of(context)
    known = catalogue(forms)
    if markdown:
        click.echo(explanations.markdown(known), nl=False)
        return OK
    if subject is None:
        say_lines(explanations.overview(known))
        return OK
    code = subject.upper()
    if code not in known.entries:
        if family := [entries[0] for each, entries in known.entries.items() if means(code, each)]:
            say_lines(explanations.family(family))
        elif code.isascii():
            raise click.UsageError(unknown(code, known))
        else:
            return _figure(subject, paths, forms, ledger)
        return OK
    say_lines(explanations.explanation(known.entries[code]))
    return _in_reports(code, paths, forms) if paths else OK


def _in_reports(code: str, paths: Sequence[Path], forms: Forms) -> int:
    from generator.findings.in_report import in_report
    from generator.judging.examine import examine
    from generator.report.report import Reader

    reader = Reader(forms)

    def tell(at: ReportFile) -> Told:
        examined = examine(at, reader)
        return ("", *in_report(code, examined)), examined.findings

    return _each(paths, forms, tell)


def _cases(name: str, report: Report, ledger: Path) -> Iterable[str]:
    """Return what the ledger says of a figure: the cases behind it."""
    from generator.commands.tally_command import tally_of, words_of
    from generator.judging.acceptance import today
    from generator.ledger.output import of_figure

    tally = tally_of(ledger, report, words_of(report), today())
    return of_figure(tally, report.form.names.number(name))


def _figure(name: str, paths: Sequence[Path], forms: Forms, ledger: Path | None) -> int:
    from generator.findings.figure_explanations import explained, in_report
    from generator.form.names import UnknownName
    from generator.report.report import Reader

    every = [forms.load(form) for form in forms.first_years]
    reader = Reader(forms)
    try:
        if not paths:
            say_lines(explained(name, every))

        def tell(at: ReportFile) -> Told:
            report = reader.report(at)
            cases = _cases(name, report, ledger) if ledger else ()
            return (*in_report(name, report), *cases), ()

        return _each(paths, forms, tell)
    except UnknownName as error:
        raise click.UsageError(str(error)) from error


def _each(paths: Sequence[Path], forms: Forms, tell: Callable[[ReportFile], Told]) -> int:
    """Print what is told of each report; one that cannot be read or told of stops no other."""
    from generator.form.names import UnknownName
    from generator.judging.faults import fault, has_fault

    code = OK
    for at in reports_under(paths) if paths else ():
        try:
            lines, findings = tell(at)
            say_lines(list(lines))
            say_faults(findings)
        except UnknownName:
            raise
        except Exception as error:  # noqa: BLE001 - one report's fault is not to end the others'
            findings = fault(error, at.file, forms)
            say_findings(findings)
            code = max(code, FINDINGS)
        code = FAULT if has_fault(findings) else code
    return code
