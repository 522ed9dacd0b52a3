"""Fixtures that all tests share: the real forms, the examples, the published reports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from generator.commands.cli import run
from generator.form.form import Forms
from support import EXAMPLES, ROOT, Outcome, copy_of_examples, formats_here

# A submission is judged by what it changes, not by luck: new examples are for people's machines.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


# A job in the background does not hear Ctrl-C, and nor would the programs that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A day in the last year of the examples: no last day is near, whenever the tests run.
os.environ.setdefault("NIANBAO_TODAY", "2024-12-15")


@pytest.fixture(scope="session")
def forms() -> Forms:
    """The forms that come with the program."""
    return Forms()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the examples that a test may change."""
    return copy_of_examples(tmp_path / "reports")


@pytest.fixture
def nianbao(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run the command line as a user would, within this process."""

    def call(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return call


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be written anew, to be read in the difference before they are committed."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist of the project, and a wheel built from it alone, as ``python -m build`` does."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "build", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """The wheel alone."""
    return next(built.glob("nianbao-*.whl"))


@pytest.fixture(scope="session")
def in_all_formats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All examples, in every format that can be written here."""
    out = tmp_path_factory.mktemp("examples")
    assert run(["build", str(EXAMPLES), "-o", str(out), "--to", ",".join(formats_here())]) == 0
    return out
