"""What keeps the shape of the program: who may import whom, and no label in code."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from generator.form.edition import Editions
from generator.values import keys

PACKAGE = Path(__file__).resolve().parent.parent / "generator"

# A module imports only what stands on a line above its own. Packages that stand here as a whole may
# have modules that know each other.
LAYERS = [
    "keys width diagnostics document git files interruption parallel progress",
    "filters building.workplace prose.numerals prose.similarity",
    "source shape building.stored_findings",
    "tables yaml_edit",
    "rules prose.rules",
    "edition workspace",
    "figures questions building.inputs building.shard",
    "report rollover.succession building.state",
    "rollover.figures new_report",
    "equations",
    "mending",
    "narrative",
    "checks compose acceptance findings.catalogue findings.machine prose.passages",
    "prose.numbers",
    "prose.figures prose.changes prose.sums prose.years prose.fitness prose.wording prose.kept",
    "prose.checks",
    "examine docx_skeleton prose.across_offices",
    "checking",
    "write_docx write_text findings.printing building.plan",
    "findings.explanations building.jobs",
    "compare.reports rollover.prose compare.chart compare.sources",
    "building.run rollover.next_year compare.output",
    "rollover.offices old_report",
    "cli",
    "commands",
]


@cache
def modules() -> dict[str, Path]:
    """Return our modules by their names within the package."""
    return {
        ".".join(p.relative_to(PACKAGE).with_suffix("").parts): p for p in PACKAGE.rglob("*.py")
    }


def imported(file: Path) -> set[str]:
    """Return the modules of ours that a file imports, by their names within the package."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            inner = [f"{node.module}.{name.name}" for name in node.names]
            found |= {name if known(name) else str(node.module) for name in inner}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name.removeprefix("generator.") for name in found if known(name)}


def known(name: str) -> bool:
    return name.removeprefix("generator.") in modules() and name.startswith("generator.")


def unit_of(name: str) -> str:
    """Return the module, or the package that stands among the layers as a whole."""
    units = {unit for layer in LAYERS for unit in layer.split()}
    return name if name in units else name.split(".")[0]


def layer_of(unit: str) -> int:
    for number, layer in enumerate(LAYERS):
        if unit in layer.split():
            return number
    raise AssertionError(f"{unit} stands in no layer: say where it belongs")


def test_data_flows_one_way() -> None:
    wrong = []
    for name, file in modules().items():
        if name.endswith(("__init__", "__main__")):
            continue
        unit = unit_of(name)
        wrong += [
            f"{name} imports {used}"
            for used in imported(file)
            if unit_of(used) != unit and layer_of(unit_of(used)) >= layer_of(unit)
        ]
    # Commands are imported by name when they are called, and know the command line they belong to.
    assert wrong == []


def test_a_package_says_what_it_is_and_holds_no_code() -> None:
    for name, file in modules().items():
        if name.endswith(".__init__"):
            (only,) = ast.parse(file.read_text("utf-8")).body
            assert isinstance(only, ast.Expr) and isinstance(only.value, ast.Constant), name


def statutory_words() -> set[str]:
    """Every label that a form prints and every step of a figure's path."""
    words: set[str] = set()
    editions = Editions()
    for edition in editions.first_years:
        form = editions.load(edition)
        words |= {section.heading for section in form.sections}
        for table in form.tables.values():
            words |= {cell.text for cell in table.grid.cells if cell.text}
            words |= {step for path in table.grid.figures for step in path}
    return words


# Words of everyday Chinese that messages need and a form happens to print as well.
EVERYDAY = {"其他", "总计"}


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_label_of_a_form_stands_in_code(name: str) -> None:
    text = modules()[name].read_text("utf-8")
    strings = [
        node.value.replace(keys.MAKES_RULES, "")  # a key of office.yaml
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    found = {word for word in statutory_words() - EVERYDAY for string in strings if word in string}
    assert found == set()
    exact = {word for word in EVERYDAY for string in strings if string == word}
    assert exact == set(), "a label used as a key"
    assert not re.search(r"表[二三四]\.", " ".join(strings)), "a figure's path"


def test_modules_are_short() -> None:
    long = {
        name for name, file in modules().items() if len(file.read_text("utf-8").split("\n")) > 450
    }
    assert long == set()
