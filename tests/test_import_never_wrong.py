"""Whatever a site does to the form's tables: a figure is read right or asked, never wrong.

``NIANBAO_FUZZ=60 pytest tests/test_import_never_wrong.py`` tries each fault in each rendering with
60 sets of figures.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from generator.form.form import Form, Forms
from generator.old_report.imported import Wishes
from generator.old_report.importing import import_report
from generator.reading.source import parse
from generator.report.figures import expand
from generator.values.grid import FigurePath, Grid, Number
from published_tables import (
    FAULTS,
    RENDERINGS,
    Says,
    cell_doubled,
    cell_missing,
    report,
    some_blank,
    zeros_blank,
)
from test_import_round_trip import any_figures, computed, needs_soffice

SEEDS = range(int(os.environ.get("NIANBAO_FUZZ", "1")))
BETWEEN = {"html": "</td><td>", "html_repeated": "</td><td>", "pipes": " | ", "markdown": " | "}
BETWEEN |= {"tabs": "\t", "spaces": " ", "cell_a_line": "\n", "layout": "  "}
OF_CELLS = ["cell_missing", "cell_doubled", "zeros_blank", "some_blank"]


def figures_of(form: Form, seed: int) -> dict[FigurePath, Number]:
    """Return figures of every size for even seeds, no zero and few equal ones for odd ones."""
    if seed % 2 == 0:
        return any_figures(form, seed)
    random = Random(seed)
    every = (path for table in form.tables.values() for path in table.grid.figures)
    return computed(form, {path: random.randint(1, 97) for path in every})


def says_of(fault: str, name: str, figures: Mapping[FigurePath, Number], random: Random) -> Says:
    if fault == "cell_doubled":
        return cell_doubled(BETWEEN[name])(figures, random)
    faults = {"cell_missing": cell_missing, "zeros_blank": zeros_blank, "some_blank": some_blank}
    if fault in faults:
        return faults[fault](figures, random)
    return lambda path: str(figures[path])


@pytest.mark.parametrize("fault", ["none", *FAULTS, *OF_CELLS])
@pytest.mark.parametrize("name", RENDERINGS)
def test_a_figure_is_right_or_asked(name: str, fault: str, tmp_path: Path, forms: Forms) -> None:
    rendering, paragraph, suffix = RENDERINGS[name]
    for seed in SEEDS:
        for form_id, year in ((2019, 2020), (2021, 2023)):
            form, random = forms.load(form_id), Random(seed)
            figures = figures_of(form, 2 * seed + (form_id == 2021))
            says = says_of(fault, name, figures, random)
            chosen = random.choice([table.grid for table in form.tables.values()])
            changed = FAULTS[fault](chosen, random) if fault in FAULTS else chosen

            def table(
                grid: Grid, chosen: Grid = chosen, changed: Grid = changed, says: Says = says
            ) -> str:
                return rendering(changed if grid is chosen else grid, says)

            file = tmp_path / f"old{suffix}"
            file.write_text(report(form, year, table, paragraph), "utf-8")
            imported = import_report(file, forms, Wishes())
            assert imported.form is form
            made = expand(form, parse(imported.text.encode(), file).data).values
            wrong = {path: value for path, value in made.items() if value != figures[path]}
            assert wrong == {}, f"seed {seed}, form {form_id}: {file.read_text('utf-8')}"
            if fault == "none" or (fault == "columns_exchanged" and name != "cell_a_line"):
                assert len(made) == len(figures), imported.notes


@needs_soffice
@pytest.mark.parametrize("form_id", [2019, 2021])
def test_a_figure_of_a_pdf_is_right_or_asked(form_id: int, tmp_path: Path, forms: Forms) -> None:
    """Of tables that a program drew around the same faults, cut wherever a page ends."""
    pytest.importorskip("pypdfium2")
    form, year = forms.load(form_id), 2020 if form_id == 2019 else 2023
    rendering, paragraph, _ = RENDERINGS["html"]
    truth: dict[Path, dict[FigurePath, Number]] = {}
    for number, fault in enumerate(["none", *FAULTS, *OF_CELLS] * len(SEEDS)):
        random, figures = Random(number), figures_of(form, number)
        says = says_of(fault, "html", figures, random)
        chosen = random.choice([table.grid for table in form.tables.values()])
        changed = FAULTS[fault](chosen, random) if fault in FAULTS else chosen

        def table(
            grid: Grid, chosen: Grid = chosen, changed: Grid = changed, says: Says = says
        ) -> str:
            drawn = rendering(changed if grid is chosen else grid, says)
            return drawn.replace("<table", '<table border="1" cellspacing="0"')

        page = tmp_path / f"{number}_{fault}.html"
        page.write_text(f'<meta charset="utf-8">{report(form, year, table, paragraph)}', "utf-8")
        truth[page] = figures
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "pdf:writer_web_pdf_Export", "--outdir", str(tmp_path)]
    subprocess.run([*command, *map(str, truth)], check=True, capture_output=True, timeout=300)
    for page, figures in truth.items():
        imported = import_report(page.with_suffix(".pdf"), forms, Wishes(year=year))
        made = expand(form, parse(imported.text.encode(), page).data).values
        wrong = {path: value for path, value in made.items() if value != figures[path]}
        assert (imported.form, wrong) == (form, {}), page.name
        if page.stem.endswith(("_none", "_columns_exchanged")):
            assert len(made) == len(figures), imported.notes
