"""Everything that is found in one report, in one place: its shape, its figures, its prose."""

from __future__ import annotations

from dataclasses import dataclass

from generator.judging.acceptance import accept
from generator.judging.checks import Skipped, check_figures
from generator.judging.faults import fault
from generator.judging.prose.checks import check_prose
from generator.judging.roll_up import check_roll_up, lacking
from generator.judging.sign_off import check_sign_off
from generator.judging.standing import standing
from generator.reading.workspace import ReportFile
from generator.report.narrative import Prose, narrate
from generator.report.report import Reader, Report, counted
from generator.values.diagnostics import Diagnostic, KeyPath, ordered


@dataclass(frozen=True, slots=True)
class Examined:
    """A report with everything found in it, in the order of its file, and its rendered prose.

    ``skipped`` are the checks that could not be made, each with the reason.
    """

    at: ReportFile
    findings: tuple[Diagnostic, ...]
    report: Report | None = None
    prose: dict[KeyPath, Prose] | None = None
    skipped: tuple[Skipped, ...] = ()
    lacking: tuple[str, ...] = ()
    """Names of the members that a draft of a roll-up lacks."""

    @property
    def blocked(self) -> bool:
        """Whether errors keep the report from being written."""
        return any(finding.blocks for finding in self.findings)


def examine(at: ReportFile, reader: Reader) -> Examined:
    """Read a report and return everything that is wrong with it, every place with its line.

    What nobody foresaw is a finding too: no exception comes from here.
    """
    try:
        return _examine(at, reader)
    except Exception as error:  # noqa: BLE001 - one report's fault is not to end the others' turn
        return Examined(at, tuple(ordered(fault(error, at.file, reader.forms))))


def _examine(at: ReportFile, reader: Reader) -> Examined:
    report = reader.report(at)
    prose, slips = narrate(report)
    figures, skipped = check_figures(report)
    standings = _standings_of_members(report, reader)
    form = report.form
    found = accept(
        report,
        [
            *report.findings,
            *slips,
            *figures,
            *check_prose(report.as_far_as_certain(), prose),
            *check_sign_off(report),
            *check_roll_up(report, standings),
        ],
        form.is_acceptable,
        lambda rule: not form.compares_offices(rule),
    )
    findings = [finding.at(report.locate) for finding in reader.forms.completed(found, form)]
    lacks = tuple(lacking(report, standings))
    return Examined(at, tuple(ordered(findings)), report, prose, tuple(skipped), lacks)


def _standings_of_members(report: Report, reader: Reader) -> dict[str, str]:
    """Say what keeps the report of each member of a roll-up from being published, by its folder."""
    return {
        member.folder_in(report): standing(examine(member.at, reader).findings)
        for member in counted(report.members)
    }
