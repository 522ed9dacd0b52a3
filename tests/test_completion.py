"""``nianbao completion``: the scripts work in their shells, as far as those are here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.commands.cli import COMMANDS
from support import ROOT, Outcome

Call = Callable[..., Outcome]
SHELLS = ("bash", "zsh", "fish", "powershell")


def asked(shell: str, typed: str, word: int) -> str:
    """Ask as the script of a shell does, and return what is offered."""
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(word)}
    if shell == "fish":
        words["COMP_CWORD"] = typed.split(" ")[word] if len(typed.split(" ")) > word else ""
    done = subprocess.run(
        [sys.executable, "-m", "generator"],
        env={**os.environ, **words, "_NIANBAO_COMPLETE": f"{shell}_complete"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_asks_for_its_shell(shell: str, nianbao: Call) -> None:
    outcome = nianbao("completion", shell)
    assert outcome.code == 0 and outcome.out.isascii()
    assert f"{shell}_complete" in outcome.out and "_NIANBAO_COMPLETE" in outcome.out


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_options_and_codes_are_offered(shell: str) -> None:
    assert "check" in asked(shell, "nianbao ch", 1)
    every = asked(shell, "nianbao ", 1)
    assert all(name in every for name in COMMANDS)
    assert "--strict" in asked(shell, "nianbao check --s", 2)
    assert "T3-1" in asked(shell, "nianbao explain t3", 2)
    assert "powershell" in asked(shell, "nianbao completion p", 2)
    assert "serve" not in asked(shell, "nianbao ch", 1)


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_bash_takes_it(tmp_path: Path, nianbao: Call) -> None:
    (tmp_path / "nianbao").write_text(f'#!/bin/sh\nexec {sys.executable} -m generator "$@"\n')
    (tmp_path / "nianbao").chmod(0o755)
    script = nianbao("completion", "bash").out
    ask = 'COMP_WORDS=(nianbao sum); COMP_CWORD=1; _nianbao_completion nianbao; echo "$COMPREPLY"'
    done = subprocess.run(
        ["bash", "-c", f"{script}\n{ask}"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("summary\n", "")


def test_another_shell_is_refused(nianbao: Call) -> None:
    outcome = nianbao("completion", "csh")
    assert outcome.code == 2 and "bash、zsh、fish、powershell" in outcome.err
