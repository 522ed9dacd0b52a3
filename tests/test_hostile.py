"""Others' YAML is not trusted: what is made to do harm is refused quickly, plainly and cheaply.

Small cases are files under ``data/hostile``; large ones are made here. Each runs in a process of
its own, so that its time and memory can be measured and limited.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.reading.source import LARGEST_FILE
from support import ROOT, as_anybody

FILES = sorted((ROOT / "tests" / "data" / "hostile").glob("*.yaml"))
OFFICE = "名称: 某县某镇人民政府\n类型: 乡镇人民政府\n"
SECONDS, MEGABYTES = 2.0, 300
GOOD = (ROOT / "tests/data/bad/good_report_for_comparison/town/2024.yaml").read_text("utf-8")
PROSE = "解读不够通俗，下一年增加图解。"


def with_prose(text: str) -> str:
    assert PROSE in GOOD
    return GOOD.replace(PROSE, text)


def nested_mappings(depth: int) -> Iterator[str]:
    for level in range(depth):
        yield f"{' ' * level}a:\n"


LARGE: dict[str, Callable[[], str]] = {
    "nesting_in_brackets": lambda: "格式: " + "[" * 10_000,
    "nesting_in_braces": lambda: "格式: " + "{a: " * 10_000,
    "nesting_by_indentation": lambda: "".join(nested_mappings(1_900)),
    "nesting_of_dashes": lambda: "- " * 50_000,
    "list_of_many": lambda: "格式: [" + "1," * 400_000 + "]",
    "many_keys": lambda: "".join(f"键{n}: 1\n" for n in range(100_000)),
    "many_keys_within_the_limit": lambda: GOOD + "".join(f"键{n}: 1\n" for n in range(2_000)),
    "the_same_key_again_and_again": lambda: "格式: 2021\n" * 100_000,
    "the_same_key_within_the_limit": lambda: GOOD + "年度: 2024\n" * 2_000,
    "text_of_megabytes": lambda: with_prose("字" * 600_000),
    "text_of_megabytes_on_many_lines": lambda: with_prose("|\n" + "  一行文字\n" * 100_000),
    "key_of_megabytes": lambda: "键" * 600_000 + ": 1\n",
    "number_of_a_megabyte": lambda: GOOD.replace("处罚: 5", "处罚: " + "9" * 1_000_000),
    "run_of_braces": lambda: with_prose('"' + "{" * 99_000 + '"'),
    "many_expressions": lambda: with_prose('"' + "{{ 年度 }}" * 9_000 + '"'),
    "many_wrong_expressions": lambda: with_prose('"' + "{{ x }}" * 1_900 + '"'),
    "long_expression": lambda: with_prose('"{{ ' + "1 + " * 20_000 + '1 }}"'),
    "file_above_the_limit": lambda: GOOD + "# 注释\n" * (LARGEST_FILE // 9),
    "comment_within_the_limit": lambda: "x" + GOOD + "# 注释\n" * (LARGEST_FILE // 12),
    "quote_that_is_not_closed": lambda: GOOD + '其他: "' + "字\n" * 200_000,
    "anchors_without_end": lambda: "".join(f"a{n}: &x{n} 1\n" for n in range(50_000)),
}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "reports" / "town"
    folder.mkdir(parents=True)
    (folder / "office.yaml").write_text(OFFICE, "utf-8")
    return folder


def limits() -> None:
    """Applied in the child: no case may take the machine down before it is measured."""
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    signal.alarm(60)  # outlives exec: a case that waits for ever is ended too


# A process starts with the peak of the one it was forked from: a small one stands in between. The
# processor's time is counted, not the clock, which other tests share.
MEASURE = """
import os, signal, sys
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    file.write(f"{status} {used.ru_utime + used.ru_stime} {used.ru_maxrss}")
"""


def refuse(path: Path, *, code: int = 1, command: tuple[str, ...] = ("check",)) -> str:
    """Run ``nianbao check`` on a path, or another command, and return what it says in time."""
    out, err, used = (path.parent / name for name in (".out", ".err", ".used"))
    child = os.fork()
    if child == 0:
        try:
            limits()
            os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
            os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            called = [sys.executable, "-m", "generator", *command, str(path)]
            os.execv(sys.executable, [sys.executable, "-ISc", MEASURE, str(used), *called])
        finally:
            os._exit(99)
    os.waitpid(child, 0)
    status, seconds, kilobytes = map(float, used.read_text().split())
    said = out.read_text("utf-8") + err.read_text("utf-8")
    assert os.waitstatus_to_exitcode(int(status)) == code, said[-2000:]
    assert "Traceback" not in said and "程序出错" not in said, said[-2000:]
    assert seconds < SECONDS, f"took {seconds:.2f} s"
    assert kilobytes < MEGABYTES * 1024, f"took {kilobytes / 1024:.0f} MB"
    assert ("错误" in said) == (code == 1)
    return said


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_small_file(file: Path, office: Path) -> None:
    (office / "2024.yaml").write_bytes(file.read_bytes())
    said = refuse(office)
    assert max(map(len, said.split("\n"))) < 1_000, "quotes too much of the file"
    assert not (Path.cwd() / "hostile").exists()


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file(name: str, office: Path) -> None:
    (office / "2024.yaml").write_text(LARGE[name](), "utf-8")
    said = refuse(office)
    assert max(map(len, said.split("\n"))) < 30_000


def test_a_file_of_100_megabytes(office: Path) -> None:
    with (office / "2024.yaml").open("wb") as file:
        file.truncate(100_000_000)
    assert "F-4" in refuse(office)


def test_a_hostile_office_file(office: Path) -> None:
    (office / "2024.yaml").write_text(GOOD, "utf-8")
    (office / "office.yaml").write_text("名称: " + "[" * 10_000, "utf-8")
    assert "F-4" in refuse(office)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A folder outside the workspace."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "2024.yaml").write_text("秘密: 不可外传\n", "utf-8")
    (folder / "office.yaml").write_text("秘密: 不可外传\n", "utf-8")
    return folder


@pytest.mark.parametrize("name", ["2024.yaml", "office.yaml"])
def test_a_file_that_is_a_link_out_of_the_workspace(name: str, office: Path, secret: Path) -> None:
    (office / "2024.yaml").write_text(GOOD, "utf-8")
    (office / name).unlink()
    (office / name).symlink_to(secret / name)
    said = refuse(office.parent)
    assert f"{name}:1:1: 错误 F-11" in said


def test_last_year_that_is_a_link_out_of_the_workspace(office: Path, secret: Path) -> None:
    (office / "2025.yaml").write_text(GOOD.replace("2024", "2025"), "utf-8")
    (office / "2024.yaml").symlink_to(secret / "2024.yaml")
    assert "2024.yaml:1:1: 错误 F-11" in refuse(office.parent)


def test_a_folder_that_is_a_link_out_of_the_workspace(office: Path, secret: Path) -> None:
    (office / "2024.yaml").write_text(GOOD, "utf-8")
    (office.parent / "elsewhere").symlink_to(secret)
    said = refuse(office.parent)
    assert "elsewhere/2024.yaml:1:1: 错误 F-11" in said


def endless_device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def sparse_file(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(8 << 30)


def link_to_a_sparse_file(file: Path) -> None:
    sparse_file(file.parent.parent / "large")
    file.symlink_to(file.parent.parent / "large")


def loop(file: Path) -> None:
    file.symlink_to(file)


def loop_of_two(file: Path) -> None:
    file.with_name("other").symlink_to(file)
    file.symlink_to(file.with_name("other"))


def no_permission(file: Path) -> None:
    file.write_text(GOOD, "utf-8")
    file.chmod(0)


TRAPS: dict[Callable[[Path], None], str] = {
    endless_device: "F-11",
    sparse_file: "F-4",
    link_to_a_sparse_file: "F-4",
    loop: "F-1 读不了这个文件：这个链接指向它自己",
    loop_of_two: "F-1 读不了这个文件：这个链接指向它自己",
    os.mkfifo: "F-1 这不是一个普通文件",
    Path.mkdir: "F-1 这不是一个普通文件",
}


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("name", ["2024.yaml", "office.yaml", "2023.yaml"])
@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__)
def test_what_is_no_harmless_file_is_not_read_and_others_go_on(
    trap: Callable[[Path], None], name: str, command: str, office: Path, tmp_path: Path
) -> None:
    (office / "2024.yaml").write_text(GOOD, "utf-8")
    (office / name).unlink(missing_ok=True)
    trap(office / name)
    other = Path(shutil.copytree(ROOT / "examples" / "songzhuang", office.parent / "other"))
    to_build = ("build", "--to", "txt", "-o", str(tmp_path / "out"))
    said = refuse(office.parent, command=to_build if command == "build" else (command,))
    assert f"town/{name}:1:1: 错误 {TRAPS[trap]}" in said
    assert "写" not in said.partition("F-1 ")[2].partition("\n")[0]
    assert other.is_dir() and (command == "check") != (tmp_path / "out/other/2024.txt").is_file()


@pytest.mark.parametrize("style", ["json", "github", "sarif", "junit"])
def test_a_link_that_leads_to_itself_is_told_to_programs_too(style: str, office: Path) -> None:
    loop(office / "2024.yaml")
    assert "F-1" in refuse(office.parent, command=("check", "--format", style))


@pytest.mark.parametrize("command", ["check", "build", "rollover"])
@pytest.mark.parametrize("mode", [0, 0o444], ids=["shut", "to list only"])
def test_a_folder_without_permission_stops_nobody_else(
    mode: int, command: str, office: Path, tmp_path: Path
) -> None:
    (office / "2024.yaml").write_text(GOOD, "utf-8")
    shutil.copytree(ROOT / "examples" / "songzhuang", office.parent / "other")
    out = tmp_path / "out"
    options = {"build": ("-o", out, "--to", "txt"), "rollover": ("2025",)}.get(command, ())
    office.chmod(mode)
    try:
        outcome = as_anybody(command, *options, office.parent)
    finally:
        office.chmod(0o755)
    assert outcome.code == 1, outcome.err
    said = outcome.out + outcome.err
    assert "没有读取权限" in said and "Permission" not in said and "没有写入权限" not in said
    assert command != "build" or (out / "other" / "2024.txt").is_file()
    assert command != "rollover" or (office.parent / "other" / "2025.yaml").is_file()


@pytest.fixture
def oddly_named(tmp_path: Path) -> Path:
    """A workspace with an office whose folder has a name that is not UTF-8."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/reports/\xff\xfetown"))
    try:
        folder.mkdir(parents=True)
    except OSError:
        pytest.skip("this disk takes names in UTF-8 only")
    (folder / "office.yaml").write_text(OFFICE, "utf-8")
    (folder / "2024.yaml").write_text(GOOD + "未知: 1\n", "utf-8")
    shutil.copytree(ROOT / "examples" / "songzhuang", tmp_path / "reports" / "送庄镇")
    return tmp_path / "reports"


ASCII = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
COMMANDS = [
    *[("check", "--format", style) for style in ("text", "json", "github", "sarif")],
    ("build", "-o", "out"),
    ("build", "-o", "out", "--draft", "-j", "2"),
    ("build", "-o", "out", "-n", "--why"),
    ("rollover", "2025"),
    ("rollover", "2025", "-n"),
]


@pytest.mark.parametrize("environment", [None, ASCII], ids=["UTF-8", "ASCII"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_folder_whose_name_is_not_utf8(
    command: tuple[str, ...], environment: dict[str, str] | None, oddly_named: Path, tmp_path: Path
) -> None:
    call = [sys.executable, "-m", "generator", *command, str(oddly_named)]
    path = {**(environment or os.environ), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(call, capture_output=True, cwd=tmp_path, env=path, check=False)
    said = (done.stdout + done.stderr).decode("utf-8")
    assert done.returncode in (0, 1), said
    assert "Traceback" not in said and "程序出错" not in said
    if command[:3] == ("build", "-o", "out") and "-n" not in command:
        assert (tmp_path / "out" / "送庄镇" / "2024.docx").is_file()


def test_links_within_the_workspace_are_read(office: Path) -> None:
    (office.parent / "kept.txt").write_text(with_prose("见{{ 无此名 }}"), "utf-8")
    (office / "2024.yaml").symlink_to(office.parent / "kept.txt")
    assert "P-2" in refuse(office.parent)


@pytest.mark.parametrize(
    "unit",
    ["字", "收到申请12件。", "一二三四五六七八九十", "，，", "“《（", "2023年 ", "13800138000"],
)
def test_a_long_text_is_read_in_time(unit: str, office: Path) -> None:
    """Just below the limit nothing is refused, and no rule on prose may take long over it."""
    text = unit * (99_000 // len(unit))
    (office / "2024.yaml").write_text(with_prose(f'"{text}"'), "utf-8")
    refuse(office, code=0)
