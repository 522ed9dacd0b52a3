"""Documents from reports: only those out of date, in parallel, each whole or not at all.

A finished document waits in the build's own folder until the state knows what it is; then it is
moved to its place, and the state is told. Killed at any moment, a build leaves no torn file, and
the next one knows every file of ours.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from generator.building.inputs import (
    Seen,
    Sets,
    content_digest,
    contents_of,
    of_output,
    settle,
)
from generator.building.jobs import Made, Result, Workshop, work
from generator.building.plan import (
    Order,
    Orphan,
    Plan,
    Planner,
    Standing,
    document_name,
    made_from,
    standing,
    target_of,
)
from generator.building.state import Record, State, Written
from generator.building.stored_figures import stored as stored_figures
from generator.building.stored_findings import recalled, stored
from generator.building.workplace import FOLDER, workplace
from generator.form.form import Forms
from generator.judging.acceptance import today
from generator.reading.workspace import ReportFile
from generator.system.files import HOPELESS, move, reason
from generator.system.parallel import chunks, in_order
from generator.values.diagnostics import Diagnostic
from generator.values.document import Style

Item = TypeVar("Item")


@dataclass(slots=True)
class Built:
    """What became of one report in a build.

    ``withheld`` is a report whose errors keep it from being written, ``kept`` are documents that
    somebody has changed, ``aside`` unknown files that made room, ``faults`` say why something
    could not be written.
    """

    plan: Plan
    findings: tuple[Diagnostic, ...]
    withheld: bool
    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    aside: list[Path] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    hopeless: bool = False

    @property
    def failed(self) -> bool:
        """Whether something that was asked for was not done."""
        return self.withheld or bool(self.faults or self.kept)


class Build:
    """One build into one output folder; use it in a ``with`` statement."""

    def __init__(self, forms: Path, output: Path, order: Order) -> None:
        """Build with the forms under this folder.

        Raises, when it is entered:
            OSError: the output folder cannot be made or written to.
            StateError: nor its state.
        """
        self.output = output
        self.order = order
        self.contents = contents_of(forms)  # before the forms are read, or a change goes unseen
        self.forms = Forms(forms)
        self._materials = _digests(order, self.forms)
        self._open = contextlib.ExitStack()
        self._written = 0
        """When the last document was put in its place, in ns; 0 while there is none."""

    def __enter__(self) -> Build:
        """Open the state and make room for unfinished work."""
        with self._open:
            self._folder = self._open.enter_context(workplace(self.output))
            self.state = State(self.output, write=True)
            self._open.callback(self.state.close)
            self._open = self._open.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Clear away what is unfinished."""
        self._open.close()
        if self._written:
            settle(self._written)

    def plan(self, reports: Iterable[ReportFile]) -> list[Plan]:
        """Return what is to be done for each report."""
        sets = Sets(self.forms, self.contents)
        planner = Planner(self.state, sets, self.output, self.order, self._materials)
        plans = [planner.plan(at) for at in reports]
        if planner.refreshed:
            self.state.refresh(planner.refreshed)
        return plans

    def run(
        self,
        plans: Sequence[Plan],
        workers: int = 1,
        *,
        keep_going: bool = True,
        stop: Callable[[], bool] = lambda: False,
    ) -> Iterator[Built]:
        """Carry out plans and yield what became of each, in their order.

        Without ``keep_going`` the first report that is not built is the last one. A full disk ends
        the build in any case, and so does ``stop`` when it says so after a chunk of work.
        """
        if not keep_going:
            plans = _up_to(plans, lambda plan: not plan.stale and self._known(plan).failed)
        stale = [plan for plan in plans if plan.stale]
        outcomes = self._outcomes(stale, workers, keep_going, stop)
        for plan in plans:
            if not plan.stale:
                yield self._known(plan)
            elif (outcome := next(outcomes, None)) is None:
                return
            else:
                yield outcome

    def prune(self, gone: Iterable[Orphan]) -> Iterator[tuple[Path, str]]:
        """Remove the documents of deleted reports; yield each with why it could not be, if so."""
        for orphan in gone:
            left = bool(orphan.kept)
            for target in orphan.documents:
                fault = ""
                try:
                    target.unlink(missing_ok=True)
                except OSError as error:
                    fault, left = reason(error), True
                yield target, fault
            if not left:
                with self.state.transaction():
                    self.state.remove(orphan.name)
                _drop_empty((self.output / orphan.name).parent, self.output)

    def keep_index(self, bare: Iterable[Path] = ()) -> str:
        """Keep the page that lists all pages; return why it was not, empty as a rule.

        ``bare`` are the folders of offices that have no report at all.

        Raises:
            OSError: it cannot be written.
        """
        if "html" not in self.order.formats:
            return ""
        from generator.building.index import keep_index

        return keep_index(self.output, self.state, self.order.formats, bare)

    def _known(self, plan: Plan) -> Built:
        """Repeat what was found when the report was examined last."""
        record = plan.record
        assert record is not None
        findings = recalled(record.findings, plan.at.folder)
        kept = [target_of(plan.at, self.output, name) for name in plan.kept]
        return Built(plan, findings, record.has_errors and not self.order.draft, kept=kept)

    def _outcomes(
        self, plans: Sequence[Plan], workers: int, keep_going: bool, stop: Callable[[], bool]
    ) -> Iterator[Built]:
        if stop():
            return
        workshop = self._workshop()
        results = in_order(partial(work, workshop), chunks(plans, workers), workers)
        with contextlib.closing(results):
            for chunk in results:
                done = chunk if keep_going else _up_to(chunk, lambda result: result.failed)
                outcomes = self._publish(done)
                yield from outcomes
                if stop() or any(o.hopeless or (o.failed and not keep_going) for o in outcomes):
                    return

    def _workshop(self) -> Workshop:
        order = self.order
        return Workshop(self.forms, self.contents, self._folder, order.draft, order.materials)

    def _publish(self, results: Sequence[Result]) -> list[Built]:
        """Put finished documents in their place, and tell the state before and after."""
        with self.state.transaction():
            if not self._written:
                for content in self.contents.values():
                    self.state.keep_set(content_digest(content), content)
            for result in results:
                for made in result.made:
                    file = document_name(result.plan.name, made.format_name)
                    self.state.expect(file, made.digest)
        with self.state.transaction():
            outcomes = [self._publish_one(result) for result in results]
        self._written = time.time_ns()
        return outcomes

    def _publish_one(self, result: Result) -> Built:
        plan = result.plan
        findings = (*result.findings, *result.setting)
        outcome = Built(plan, findings, result.withheld, hopeless=result.hopeless)
        if result.fault:
            outcome.faults.append(f"写不了 {self.output / plan.name}：{result.fault}")
        outcome.kept += [target_of(plan.at, self.output, name) for name in plan.kept]
        earlier = self.state.record(plan.name)
        documents = earlier.documents if earlier else {}
        changed = [] if self.order.force else self._changed_meanwhile(result, documents)
        outcome.kept += changed
        for made in () if changed else result.made:
            target = target_of(plan.at, self.output, made.format_name)
            try:
                found = self._put(plan, made, target, documents, outcome)
                materials = self._materials.get(made.format_name, "")
                of = made_from(result.inputs, draft=self.order.draft, materials=materials)
                documents[made.format_name] = Written(of, found)
            except OSError as error:
                outcome.faults.append(f"写不了 {target}：{reason(error)}")
                outcome.hopeless |= error.errno in HOPELESS
        record = Record(
            os.path.abspath(plan.at.file),  # noqa: PTH100 - links are to stay links
            result.inputs,
            stored(result.findings, plan.at.folder),
            result.has_errors,
            documents,
            f"{today()}",
            result.last_days,
        )
        self.state.write(plan.name, record)
        figures = stored_figures(result.figures)
        self.state.keep_figures(plan.name, result.inputs.digest, figures)
        return outcome

    def _changed_meanwhile(self, result: Result, documents: Mapping[str, Written]) -> list[Path]:
        """Return the documents that somebody has changed since the build was planned."""
        name = result.plan.name
        found = []
        for made in result.made:
            target = target_of(result.plan.at, self.output, made.format_name)
            expected = self.state.expected(document_name(name, made.format_name))
            known = documents.get(made.format_name)
            if known and standing(str(target), known, expected)[0] is Standing.BY_HAND:
                found.append(target)
        return found

    def _put(
        self,
        plan: Plan,
        made: Made,
        target: Path,
        documents: Mapping[str, Written],
        outcome: Built,
    ) -> Seen:
        """Put a document in its place and return it as seen there."""
        file = document_name(plan.name, made.format_name)
        if not self.order.force:
            expected = self.state.expected(file)
            stands, seen = standing(str(target), documents.get(made.format_name), expected)
            if stands is Standing.UNKNOWN and seen.digest != made.digest:
                outcome.aside.append(self._set_aside(target, seen.digest))
        move(made.file, target)
        self.state.fulfil(file)
        outcome.written.append(target)
        return of_output(target.stat(), made.digest)

    def _set_aside(self, target: Path, digest: str) -> Path:
        """Make room where a file lies that the state does not know: it may be somebody's work."""
        place = self.output / FOLDER / "replaced" / target.relative_to(self.output)
        place = place.with_name(f"{place.stem}-{digest[:8]}{place.suffix}")
        move(str(target), place)
        return place


def preview(
    forms: Path, output: Path, order: Order, reports: Iterable[ReportFile]
) -> tuple[list[Plan], State]:
    """Return what a build would do, and the state that says so; nothing is written."""
    state = State(output, write=False)
    with contextlib.closing(state):  # its records stay
        contents = contents_of(forms)
        known = Forms(forms)
        planner = Planner(state, Sets(known, contents), output, order, _digests(order, known))
        return [planner.plan(at) for at in reports], state


def _digests(order: Order, forms: Forms) -> Mapping[str, str]:
    """Return, by format, a digest of what documents are made with besides their reports."""

    def styles() -> Iterator[Style]:  # the forms are read where they matter
        for form in forms.first_years:
            yield forms.load(form).style

    return order.materials.digests(order.formats, styles())


def _up_to(items: Sequence[Item], test: Callable[[Item], bool]) -> Sequence[Item]:
    """Return the items up to the first that passes the test, that one included."""
    for number, item in enumerate(items, start=1):
        if test(item):
            return items[:number]
    return items


def _drop_empty(folder: Path, top: Path) -> None:
    """Remove a folder that has become empty, and those around it, but never ``top``."""
    with contextlib.suppress(OSError):
        while folder != top:
            folder.rmdir()
            folder = folder.parent
