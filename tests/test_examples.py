"""Golden files: what each example becomes, word for word. A new example needs no new test.

``pytest tests/test_examples.py --update-golden`` writes the files anew; read the difference.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from support import EXAMPLES, ROOT

GOLDEN = ROOT / "tests" / "golden"
NAMES = sorted(
    str(file.relative_to(EXAMPLES).with_suffix("")) for file in EXAMPLES.rglob("[12]*.yaml")
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build all examples twice."""
    from generator.commands.cli import run

    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    for out in (first, second):
        assert run(["build", str(EXAMPLES), "-o", str(out)]) == 0
    return first, second


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_the_golden_one(
    built: tuple[Path, Path], name: str, request: pytest.FixtureRequest
) -> None:
    golden = GOLDEN / f"{name}.txt"
    text = (built[0] / f"{name}.txt").read_text("utf-8")
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, "utf-8")
    expected = golden.read_text("utf-8") if golden.exists() else ""
    changes = difflib.unified_diff(
        expected.splitlines(),
        text.splitlines(),
        str(golden.relative_to(ROOT)),
        "built",
        lineterm="",
    )
    assert expected == text, "\n".join(changes)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_a_second_build_gives_the_same_bytes(
    built: tuple[Path, Path], name: str, kind: str
) -> None:
    first, second = (folder / f"{name}.{kind}" for folder in built)
    assert first.read_bytes() == second.read_bytes()


def test_no_golden_file_is_left_over() -> None:
    left = {str(file.relative_to(GOLDEN).with_suffix("")) for file in GOLDEN.rglob("*.txt")}
    assert left == set(NAMES)
