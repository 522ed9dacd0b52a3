"""What keeps the shape of the program: who may import whom, and no label in code."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.values import keys

PACKAGE = Path(__file__).resolve().parent.parent / "generator"

# A wing imports only the wings on the lines above its own. The jobs
# come behind the report's own wings, in the order in which they may use each other.
WINGS = [
    "values",
    "system",
    "reading",
    "form",
    "report",
    "judging",
    "findings setting",
    "building drafting compare workbook",
    "old_report ledger",
    "verifying",
    "county",
    "serving",
    "commands",
]
FLAT = {"__init__", "__main__"}


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


def wing_of(name: str) -> str:
    return name.split(".")[0]


def floor_of(wing: str) -> int:
    for number, floor in enumerate(WINGS):
        if wing in floor.split():
            return number
    raise AssertionError(f"{wing} is none of the wings: say where it stands in the way of the data")


def test_data_flows_one_way() -> None:
    wrong = []
    for name, file in modules().items():
        if name in FLAT:
            continue
        wing = wing_of(name)
        wrong += [
            f"{name} imports {used}"
            for used in imported(file)
            if used not in FLAT
            and wing_of(used) != wing
            and floor_of(wing_of(used)) >= floor_of(wing)
        ]
    assert wrong == []


def test_no_modules_stand_flat_beside_the_wings() -> None:
    assert {name for name in modules() if "." not in name} == FLAT


def test_modules_of_a_wing_stand_in_no_circle() -> None:
    """Each imports the others' results, never their beginnings: an order of reading exists."""
    uses = {name: imported(file) & set(modules()) - {name} for name, file in modules().items()}
    uses = {name: {u for u in used if not u.endswith("__init__")} for name, used in uses.items()}
    while free := {name for name, used in uses.items() if not used & set(uses)}:
        uses = {name: used for name, used in uses.items() if name not in free}
    assert uses == {}


def test_a_package_says_what_it_is_and_holds_no_code() -> None:
    for name, file in modules().items():
        if name.endswith(".__init__"):
            (only,) = ast.parse(file.read_text("utf-8")).body
            assert isinstance(only, ast.Expr) and isinstance(only.value, ast.Constant), name


def statutory_words() -> set[str]:
    """Every label that a form prints and every step of a figure's path."""
    words: set[str] = set()
    forms = Forms()
    for form in forms.first_years:
        form = forms.load(form)
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


def test_how_much_a_finding_weighs_is_said_by_the_catalogue_alone() -> None:
    """A level is read and compared in code, and never given to a finding there."""
    given = [
        f"{name}: {ast.unparse(node)}"
        for name, file in modules().items()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Diagnostic", "replace")
        for argument in (*node.args, *(keyword.value for keyword in node.keywords))
        if ast.unparse(argument).startswith("Severity.")
    ]
    assert given == []
