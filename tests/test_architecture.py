"""What keeps the shape of the program: who may import whom, and no label in code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from generator import keys
from generator.edition import Editions

PACKAGE = Path(__file__).resolve().parent.parent / "generator"

# A module imports only what stands on a line above its own.
LAYERS = [
    "keys width diagnostics document git filters files interruption parallel progress workplace "
    "numerals similarity",
    "source shape stored_findings",
    "tables yaml_edit",
    "rules prose_rules",
    "edition workspace",
    "figures questions inputs shard",
    "report succession build_state",
    "rollover_figures new_report",
    "equations",
    "mending",
    "narrative",
    "checks compose acceptance catalogue machine_findings passages",
    "prose_numbers",
    "prose_figures prose_changes prose_sums prose_years prose_fitness prose_wording prose_kept",
    "prose_checks",
    "examine docx_skeleton",
    "office_comparison",
    "write_docx write_text report_findings build_plan",
    "explanations build_jobs",
    "compare rollover_prose chart compare_sources",
    "build rollover compare_output",
    "rollover_offices old_report",
    "cli",
    "commands",
]


def modules() -> dict[str, Path]:
    return {
        ".".join(p.relative_to(PACKAGE).with_suffix("").parts): p for p in PACKAGE.rglob("*.py")
    }


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("generator."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {n.name.split(".")[1] for n in node.names if n.name.startswith("generator.")}
    return found


def layer_of(name: str) -> int:
    for number, layer in enumerate(LAYERS):
        if name in layer.split():
            return number
    raise AssertionError(f"{name} stands in no layer: say where it belongs")


def test_data_flows_one_way() -> None:
    wrong = []
    for name, file in modules().items():
        top = name.split(".")[0]
        if top in ("__init__", "__main__"):
            continue
        for used in imported(file):
            if used != top and layer_of(used) >= layer_of(top):
                wrong.append(f"{name} imports {used}")
    # Commands are imported by name when they are called, and know the command line they belong to.
    assert wrong == []


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
