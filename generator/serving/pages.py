"""Pages out of templates: every one of them whole, from one version of a report's file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator.form.form import Forms, Section
from generator.judging.acceptance import today
from generator.judging.faults import has_fault
from generator.serving import making
from generator.serving.answers import Told
from generator.serving.desk import Desk, Sheet
from generator.serving.fields import sheet_of, told
from generator.serving.findings import HEAD, Listed, listed
from generator.serving.marked import marked_page
from generator.serving.overview import Overview, overview
from generator.serving.prose import Writer
from generator.serving.workspace import Office, Unknown, Workspace
from generator.setting.compose import compose
from generator.system.extras import install_line
from generator.values import keys
from generator.values.diagnostics import KeyPath
from generator.values.grid import FigurePath
from generator.values.numerals import numbered

FOLDER = Path(__file__).parent / "page"
_BESIDE = 40
"""Offices that are listed beside a report; all of them are in the overview."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is rendered for: its scripts' ``nonce``, and how much had been told before."""

    nonce: str
    heard: int


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a report in its list of pages, with what is left to do there."""

    number: int
    heading: str
    blanks: int
    findings: int


class Pages:
    """Renders everything that a browser is shown."""

    def __init__(self, workspace: Workspace, desk: Desk, forms: Forms) -> None:
        """Show what ``workspace`` and ``desk`` know."""
        self.workspace = workspace
        self.desk = desk
        self.forms = forms
        self.environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters["json"] = _json
        self.environment.globals["keys"] = keys

    @cached_property
    def published_style(self) -> str:
        """How places and findings are shown on the published page."""
        return (FOLDER / "published.css").read_text("utf-8")

    def offices(self, visit: Visit, query: Mapping[str, str]) -> str:
        """Return the list of offices as a query narrows it."""
        year, page = query.get("year", ""), query.get("page", "1")
        shown = overview(
            self.workspace,
            int(year) if year.isdecimal() and len(year) == 4 else None,
            query.get("q", "")[:100],
            query.get("state", ""),
            int(page) if page.isdecimal() and len(page) < 6 else 1,
        )
        return self._render("overview.html", visit, shown=shown, links=_links(shown))

    def new(self, visit: Visit) -> str:
        """Return the page on which an office is begun."""
        places = [(o.id, self.workspace.name_of(o)) for o in self.workspace.offices.values()]
        year = (self.workspace.years or [today().year - 1])[0]
        kinds = self.forms.offices.kinds
        return self._render("new.html", visit, places=places[:500], kinds=kinds, year=year)

    def told(self, visit: Visit, told: Told) -> str:
        """Return the page that says what is not done, and why."""
        return self._render("told.html", visit, told=told)

    def report(self, visit: Visit, office: Office, year: int, page: str, sheet: Sheet) -> str:
        """Return a page of a report: as published, a part to fill in, or what cannot be read."""
        found = listed(sheet.examined, self.desk.touched.get(sheet.at.file))
        common = self._common(office, year, page, sheet, found)
        report = sheet.examined.report
        if report is None or sheet.examined.prose is None:
            lines = sheet.text.split("\n")
            marked = {f.position.line: f for f in sheet.examined.findings}
            common["number"] = None
            faulty = has_fault(sheet.examined.findings)
            shown = {"lines": lines, "marked": marked, "faulty": faulty}
            return self._render("broken.html", visit, **common, **shown)
        if page == "view":
            return self._render("report.html", visit, **common)
        sections = report.form.sections
        number = int(page)
        if number == HEAD:
            return self._render("head.html", visit, **common, **self._head(sheet))
        if number > len(sections):
            raise Unknown
        section = sections[number - 1]
        common["section"] = section
        common["note"] = _note(sheet, section)
        if section.table:
            table = sheet_of(report, report.form.tables[section.table], found, common["note"])
            return self._render("table.html", visit, **common, table=table)
        writer = Writer(sheet.examined)
        body, length = writer.part(section), writer.length(section)
        return self._render("prose.html", visit, **common, body=body, length=length)

    def first_blank(self, sheet: Sheet) -> int | None:
        """Return the first part with something to be filled in."""
        return _next_blank(listed(sheet.examined), "view")

    def published(self, nonce: str, sheet: Sheet) -> bytes:
        """Return the report as published, its places named."""
        report, prose = sheet.examined.report, sheet.examined.prose
        if report is None or prose is None:  # the page around it is about to say so
            return b""
        found = listed(sheet.examined)
        figures = {path: shown.level for shown in reversed(found.open) for path in shown.figures}
        texts = _marked_texts(sheet)

        def state(path: KeyPath, paragraph: int) -> str:
            as_figure = tuple(map(str, path))
            if as_figure in figures:
                return figures[as_figure]
            if as_figure in report.figures.unfilled:
                return "blank"
            return texts.get((path, paragraph), "")

        return marked_page(compose(report, prose), state, nonce, self.published_style)

    def figure(self, sheet: Sheet, path: FigurePath) -> str:
        """Return what there is to know of a figure."""
        report = sheet.examined.report
        if report is None or path not in report.form.figures:
            raise Unknown
        found = [s for s in listed(sheet.examined).open if path in s.figures or s.path == path]
        page = _part_of_figure(sheet, path)
        return self.environment.get_template("figure.html").render(
            told=told(report, path), findings=found, path=path, page=page
        )

    def picker(self, sheet: Sheet) -> str:
        """Return the tables of a report with a button at every figure."""
        report = sheet.examined.report
        if report is None:
            raise Unknown
        found = Listed((), (), 0, 0, 0, {}, {})
        tables = [sheet_of(report, table, found, "") for table in report.form.tables.values()]
        names = report.form.names
        has_last = report.previous is not None
        return self.environment.get_template("picker.html").render(
            tables=tables, name_of=names.name_of, has_last=has_last
        )

    def _common(
        self, office: Office, year: int, page: str, sheet: Sheet, found: Listed
    ) -> dict[str, Any]:
        report = sheet.examined.report
        root = f"/r/{office.id}/{year}"
        back, again = self.desk.steps(sheet.at, sheet.version)
        return {
            "office": office,
            "name": report.office.name if report else self.workspace.name_of(office),
            "year": year,
            "page": page,
            "root": root,
            "version": sheet.version,
            "found": found,
            "tabs": _tabs(sheet, found),
            "number": int(page) if page.isdecimal() else None,
            "can_undo": back,
            "can_redo": again,
            "beside": self._beside(office, year),
            "has_pdf": making.has_pdf(),
            "install_pdf": install_line("pdf"),
            "today": today().isoformat(),
            "blocked": sheet.examined.blocked,
            "file": f"{sheet.at.office_path.as_posix()}/{sheet.at.file.name}",
            "editor": _editor(sheet.at.file),
            "next_blank": _next_blank(found, page),
            "later_blank": _next_blank(found, str(int(page) + 1) if page.isdecimal() else "0"),
        }

    def _head(self, sheet: Sheet) -> dict[str, Any]:
        report = sheet.examined.report
        assert report is not None
        writer = Writer(sheet.examined)
        signed = report.data.get(keys.SIGN_OFF)
        accepted = report.data.get(keys.ACCEPTED)
        return {
            "title": str(report.data.get(keys.TITLE) or ""),
            "lead": writer.text((keys.LEAD,), report.data.get(keys.LEAD), keys.LEAD),
            "signed": signed if isinstance(signed, dict) else {},
            "accepted": accepted if isinstance(accepted, list) else [],
        }

    def _beside(self, office: Office, year: int) -> list[tuple[str, str, int, str, bool]]:
        """Return the offices around this one: id, name, the year to show, state."""
        offices = list(self.workspace.offices.values())
        here = offices.index(office)
        start = max(0, min(here - _BESIDE // 2, len(offices) - _BESIDE))
        found = []
        for each in offices[start : start + _BESIDE]:
            if not each.years:
                continue
            shown = year if year in each.years else each.years[0]
            entry = self.workspace.known(each, shown)
            name = self.workspace.name_of(each)
            found.append((each.id, name, shown, str(entry.state) if entry else "", each is office))
        return found

    def _render(self, template: str, visit: Visit, **values: Any) -> str:
        return self.environment.get_template(template).render(
            nonce=visit.nonce, heard=visit.heard, **values
        )


def _tabs(sheet: Sheet, found: Listed) -> list[Tab]:
    report = sheet.examined.report
    if report is None:
        return []
    form = report.form
    heads = [(HEAD, f"{keys.TITLE}、{keys.LEAD}、{keys.SIGN_OFF}")]
    heads += [
        (n, numbered(form.numbering[0], n) + section.heading)
        for n, section in enumerate(form.sections, start=1)
    ]
    return [
        Tab(n, heading, found.blanks_by_part.get(n, 0), found.open_by_part.get(n, 0))
        for n, heading in heads
    ]


def _note(sheet: Sheet, section: Section) -> str:
    report = sheet.examined.report
    assert report is not None
    return section.note or report.form.shape.explained((section.key,))[1]


def _marked_texts(sheet: Sheet) -> dict[tuple[KeyPath, int], str]:
    """Return the paragraphs that something is found in, the gravest last."""
    found: dict[tuple[KeyPath, int], str] = {}
    report = sheet.examined.report
    for finding in reversed(sheet.examined.findings):
        place = finding.place
        if finding.accepted or report is None or place.file != sheet.at.file:
            continue
        name = "blank" if finding.is_blank else str(finding.severity)
        value = report.source.value_at(place.path)
        before = value[: place.offset or 0] if isinstance(value, str) else ""
        paragraph = sum(bool(line.strip()) for line in before.split("\n")[:-1])
        found[place.path, paragraph] = name
    return found


def _part_of_figure(sheet: Sheet, path: FigurePath) -> int:
    report = sheet.examined.report
    keys_of = [section.key for section in report.form.sections] if report else []
    return keys_of.index(path[0]) + 1 if path[0] in keys_of else HEAD


def _next_blank(found: Listed, page: str) -> int | None:
    """Return the part with the next place to be filled in, this one's own first."""
    here = int(page) if page.isdecimal() else HEAD
    parts = sorted(number for number, count in found.blanks_by_part.items() if count)
    return next((n for n in parts if n >= here), parts[0] if parts else None)


def _editor(file: Path) -> str:
    """Return the address by which an editor opens a file; the line is put behind it."""
    path = file.resolve().as_posix()
    return f"vscode://file/{quote(path.lstrip('/'))}"


def _links(shown: Overview) -> dict[str, str]:
    """Return the query that keeps what is chosen, less one thing each."""
    chosen = {"year": str(shown.year or ""), "q": shown.query, "state": shown.state}
    return {
        name: "&".join(f"{k}={quote(v)}" for k, v in chosen.items() if v and k != name)
        for name in (*chosen, "page")
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
