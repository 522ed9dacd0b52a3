"""``nianbao build``: documents from reports, only those out of date."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.cli import INTERRUPTED
from generator.commands.common import command as make_command
from generator.commands.common import forms_of, paths_argument, survey_of
from generator.commands.options import jobs_option, output_options, shard_option
from generator.commands.output import say
from generator.values.printable import printable

if TYPE_CHECKING:
    from generator.building.plan import Orphan, Plan
    from generator.building.run import Built
    from generator.building.shard import Shard
    from generator.building.state import State
    from generator.findings.printing import Listing
    from generator.form.form import Forms
    from generator.reading.workspace import ReportFile
    from generator.values.diagnostics import Diagnostic

EPILOG = """\
示例：
  nianbao build reports                    生成全部文档，放进 build/；没有改动的不重新生成
  nianbao build reports/songzhuang -o 输出   只生成一个机关的，放进「输出」
  nianbao build reports --to docx          只要 DOCX
  nianbao build reports --to html          网页；fragment 是贴进网站编辑器的那一种
  nianbao build reports -n --why           只看会生成哪些、为什么，不写任何文件
  nianbao build reports --prune            报告已经删去的，文档也删去
  nianbao build reports --shard 2/8        八台机器里的第二台，只做自己的那一份
  nianbao build reports --draft            有错也先出一份草稿看看
"""


@make_command("build", EPILOG)
@paths_argument
@output_options
@jobs_option
@click.option("-B", "--force", is_flag=True, help="全部重新生成，包括手工改过的文档")
@click.option("-n", "--dry-run", is_flag=True, help="只列出会生成的，不写任何文件")
@click.option(
    "-k/-S",
    "--keep-going/--no-keep-going",
    default=True,
    help="一份报告不行，其他的照常（默认）；-S 遇到第一份就停",
)
@click.option("--why", is_flag=True, help="说明每份文档为什么要重新生成")
@click.option("--draft", is_flag=True, help="有错也生成，每页标明「草稿」")
@click.option("--prune", is_flag=True, help="报告已经删去的，把它的文档也删去；改过的文档不删")
@shard_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    output: Path,
    formats: tuple[str, ...],
    fonts: Path | None,
    crlf: bool,
    jobs: int | None,
    force: bool,
    dry_run: bool,
    keep_going: bool,
    why: bool,
    draft: bool,
    prune: bool,
    shard: Shard,
) -> int:
    """生成文档，只生成有改动的。有错误的报告不写，其他的照常；已有的好文件不动。"""
    from generator.building.plan import Order, orphans, scope_of
    from generator.building.run import Build, preview
    from generator.building.state import StateError
    from generator.commands.interruption import wish_to_stop
    from generator.findings.printing import Listing
    from generator.setting.materials import Materials
    from generator.system.files import reason
    from generator.system.parallel import processors

    order = Order(formats, draft=draft, force=force, materials=Materials(fonts, crlf))
    roots = paths or (Path(),)
    found = survey_of(roots, may_be_empty=prune or shard.parts > 1)
    reports = shard.of(found.reports)
    names = _names(reports)
    all_forms = forms_of(context)
    forms = all_forms.root

    def gone(state: State) -> list[Orphan]:
        left = orphans(state, output, scope_of(roots), names)
        return [orphan for orphan in left if shard.has(Path(orphan.name).parent)]

    if dry_run:
        plans, state = preview(forms, output, order, reports)
        _say_lost(state)
        _list_plans(plans, output, why=why)
        _list_orphans(gone(state), prune=prune)
        return 0
    with Listing(sys.stderr) as listing:
        talk = _Talk(len(reports), listing, all_forms, why=why)
        talk.tell(list(all_forms.completed(found.strays)))
        try:
            with Build(forms, output, order) as run, wish_to_stop() as stop:
                _say_lost(run.state)
                plans = run.plan(reports)
                workers = jobs or processors()
                talk.listen(run.run(plans, workers, keep_going=keep_going, stop=stop))
                if prune and not stop():
                    talk.pruned(run.prune(gone(run.state)))
                _list_orphans(gone(run.state), prune=False)
                if left := run.keep_index(found.bare):
                    talk.notes.append(left)
                talk.is_interrupted = stop()
        except (StateError, ChildProcessError) as error:
            talk.failed(str(error))
        except OSError as error:
            talk.failed(f"写不了 {error.filename or output}：{reason(error)}")
        talk.summary()
        return talk.code()


def _names(reports: Iterable[ReportFile]) -> dict[str, Path]:
    """Return the reports' names; two that would be written to the same place end the call."""
    from generator.building.plan import name_of

    names: dict[str, Path] = {}
    for at in reports:
        if (other := names.setdefault(name_of(at), at.file)) is not at.file:
            raise click.UsageError(f"{other} 和 {at.file} 要写到同一个地方，请分开生成")
    return names


def _say_lost(state: State) -> None:
    if state.lost:
        say(f"状态文件不能用（{state.lost}），全部重新生成", err=True)


def _list_plans(plans: Iterable[Plan], output: Path, *, why: bool) -> None:
    from generator.building.plan import target_of

    count = kept = 0
    for plan in plans:
        reasons = f"  {'；'.join(plan.reasons)}" if why else ""
        for name in plan.formats:
            count += 1
            say(f"{target_of(plan.at, output, name)}{reasons}")
        for name in plan.kept:
            kept += 1
            say(_kept_line(target_of(plan.at, output, name)), err=True)
    left = f"，{kept} 个手工改过的不动" if kept else ""
    say(f"会生成 {count} 个文件{left}（-n：没有写任何文件）", err=True)


def _kept_line(target: Path) -> str:
    what = f"{target}: 输出文件被手工修改，保留不动，其他格式也不重写"
    return f"{what}；确定不要手工改动的，用 -B 重新生成"


def _list_orphans(gone: Iterable[Orphan], *, prune: bool) -> None:
    for orphan in gone:
        for target in orphan.documents:
            advice = "会删去" if prune else "可用 --prune 删去"
            say(f"{target}: 报告已经删去，{advice}", err=True)
        for target in orphan.kept:
            say(f"{target}: 报告已经删去，文档被手工修改过，不删", err=True)


_FEW = 3
"""Places to be filled in that are listed one by one."""


class _Talk:
    """Says what a build has done: documents to standard output, everything else to the other."""

    def __init__(self, reports: int, listing: Listing, forms: Forms, *, why: bool) -> None:
        from generator.findings.printing import Tally

        self.forms = forms
        self.reports = reports
        self.why = why
        self.listing = listing
        self.tally = Tally()
        self.told: set[Diagnostic] = set()
        self.lines: list[str] = []
        self.notes: list[str] = []
        self.done = self.written = self.current = self.withheld = 0
        self.is_failed = self.is_interrupted = False

    def listen(self, outcomes: Iterable[Built]) -> None:
        """Take in what became of each report, showing how far the build is."""
        from generator.commands.progress import Progress

        try:
            with Progress(self.reports) as progress:
                for outcome in outcomes:
                    self.take(outcome)
                    progress.advance(len(outcome.findings))
        finally:
            if self.lines:
                click.echo("\n".join(map(printable, self.lines)))

    def tell(self, findings: Sequence[Diagnostic]) -> None:
        """List findings, and count them; of many blanks it is told where they are, not each."""
        from generator.findings.brief import UNFILLED, part_names, unfilled

        for finding in findings:
            self.tally.add(finding)
        blanks = [finding for finding in findings if finding.code == UNFILLED]
        if len(blanks) <= _FEW:
            self.listing.add(findings)
            return
        self.listing.add([finding for finding in findings if finding.code != UNFILLED])
        file = blanks[0].place.file
        told = unfilled(blanks, part_names(self.forms))
        self.listing.add_line(f"{file}: {told}（nianbao check {file} 逐处列出）")

    def take(self, outcome: Built) -> None:
        """Take in what became of one report."""
        from generator.values.diagnostics import ordered

        plan = outcome.plan
        self.tell(ordered(set(outcome.findings) - self.told))
        self.told = set(outcome.findings)  # what is wrong with an office is so in every year
        self.done += 1
        self.written += len(outcome.written)
        self.withheld += outcome.withheld
        self.current += not (plan.stale or outcome.failed)
        self.is_failed |= outcome.failed
        reasons = f"  {'；'.join(plan.reasons)}" if self.why else ""
        self.lines += [f"{target}{reasons}" for target in outcome.written]
        self.notes += [_kept_line(target) for target in outcome.kept]
        self.notes += [f"不认识的旧文件移到了 {place}" for place in outcome.aside]
        self.notes += outcome.faults

    def pruned(self, removed: Iterable[tuple[Path, str]]) -> None:
        """Say which documents of deleted reports were removed."""
        for target, fault in removed:
            if fault:
                self.failed(f"删不了 {target}：{fault}")
            else:
                say(f"{target}: 报告已经删去，文档已删去", err=True)

    def failed(self, message: str) -> None:
        """Note that something could not be done."""
        self.is_failed = True
        self.notes.append(message)

    def summary(self) -> None:
        """Print the findings, what is to be noted, and one line that sums up."""
        self.listing.show()
        click.echo(self.tally.summary(self.done), err=True)
        for note in self.notes:
            say(note, err=True)
        parts = [f"写了 {self.written} 个文件"]
        if self.current:
            parts.append(f"{self.current} 份已是最新")
        if self.withheld:
            parts.append(f"{self.withheld} 份有错误，没有写")
        if self.done < self.reports:
            parts.append(f"{self.reports - self.done} 份没有处理")
        click.echo("，".join(parts), err=True)
        if self.is_interrupted:
            say("已中断：生成的文档都是完整的，再运行一次会接着做", err=True)

    def code(self) -> int:
        """Return the exit code."""
        if self.is_interrupted:
            return INTERRUPTED
        return max(int(self.is_failed), self.tally.exit_code())
