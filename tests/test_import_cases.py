"""Every difficult old report gives the expected office file, and the user is told the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.reading.source import read
from import_cases import CASES, FOLDER, options_of, place_input
from support import Outcome


@pytest.mark.parametrize("case", CASES)
def test_case(
    case: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    nianbao: Callable[..., Outcome],
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(tmp_path)
    file = place_input(case, tmp_path)
    outcome = nianbao("import", file.name, "-o", "office", *options_of(case))
    reports = list(tmp_path.glob("office/[12]*.yaml"))
    told = f"{outcome.code}\n{outcome.out}{outcome.err}"
    written = "".join(report.read_text("utf-8") for report in reports)
    expected = FOLDER / case / "expected.yaml"
    if request.config.getoption("--update-golden"):
        (FOLDER / case / "expected.txt").write_text(told, "utf-8")
        expected.unlink(missing_ok=True)
        if written:
            expected.write_text(written, "utf-8")
    assert told == (FOLDER / case / "expected.txt").read_text("utf-8")
    assert bool(reports) == expected.exists()
    assert written == (expected.read_text("utf-8") if expected.exists() else "")


@pytest.mark.parametrize("case", CASES)
def test_what_is_written_has_the_shape_of_an_office_file(case: str, forms: Forms) -> None:
    expected = FOLDER / case / "expected.yaml"
    if not expected.exists():
        assert (FOLDER / case / "expected.txt").read_text("utf-8").startswith("1\n")
        return
    source = read(expected)
    shape = forms.load(source.data["格式"]).shape
    assert [finding.message for finding in shape.findings(source.data, source.file)] == []
