"""What holds for every format alike: the same words in all of them, and one state for all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.setting.writers import WRITERS, ending_of
from reading import Block, docx_blocks, html_blocks, text_blocks
from support import EXAMPLES, NAMES, Outcome, formats_here

HERE = formats_here()
ALL = ",".join(HERE)


def pdf_blocks(file: Path) -> list[Block]:
    from reading_pdf import pdf_blocks

    return pdf_blocks(file)


READERS: dict[str, Callable[[Path], list[Block]]] = {
    "docx": docx_blocks,
    "txt": lambda file: text_blocks(file.read_text(encoding="utf-8")),
    "html": html_blocks,
    "fragment": html_blocks,
    "pdf": pdf_blocks,
}
Call = Callable[..., Outcome]
without = pytest.mark.skip(reason="PDF needs nianbao[pdf] and fonts (make system-packages)")
each_format = pytest.mark.parametrize(
    "format_name",
    [pytest.param(name, marks=() if name in HERE else without) for name in WRITERS],
)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """One office's report that a test may change."""
    return Path(shutil.copytree(EXAMPLES / "songzhuang", tmp_path / "reports" / "songzhuang"))


@pytest.mark.parametrize("name", NAMES)
def test_all_formats_say_the_same(in_all_formats: Path, name: str) -> None:
    """Paragraph by paragraph and cell by cell."""
    blocks = {
        key: read(in_all_formats / f"{name}.{ending_of(key)}")
        for key in HERE
        for read in [READERS[key]]
    }
    for key, read in blocks.items():
        assert read == blocks["docx"], key


@each_format
def test_a_second_build_gives_the_same_bytes(
    in_all_formats: Path, tmp_path: Path, nianbao: Call, format_name: str
) -> None:
    """In another order, in two processes, each format alone."""
    nianbao("build", EXAMPLES, "-o", tmp_path, "--to", format_name, "-j", 2)
    for name in NAMES:
        file = f"{name}.{ending_of(format_name)}"
        assert (tmp_path / file).read_bytes() == (in_all_formats / file).read_bytes()


def test_shards_share_out_every_format(in_all_formats: Path, tmp_path: Path, nianbao: Call) -> None:
    """Two machines together make what one makes, each report on one of them."""
    outs = [tmp_path / "1", tmp_path / "2"]
    for number, out in enumerate(outs, start=1):
        nianbao("build", EXAMPLES, "-o", out, "--to", ALL, "--shard", f"{number}/2")
    files = [{str(f.relative_to(out)) for f in out.rglob("20*")} for out in outs]
    assert files[0] and files[1] and not files[0] & files[1]
    assert files[0] | files[1] == {
        str(file.relative_to(in_all_formats)) for file in in_all_formats.rglob("20*")
    }
    for out, names in zip(outs, files, strict=True):
        for name in names:
            assert (out / name).read_bytes() == (in_all_formats / name).read_bytes()


@each_format
def test_only_what_is_out_of_date_is_built_and_why_is_said(
    office: Path, tmp_path: Path, nianbao: Call, format_name: str
) -> None:
    arguments = ("build", office, "-o", tmp_path / "out", "--to", format_name, "--why")
    target = tmp_path / "out" / "songzhuang" / f"2024.{ending_of(format_name)}"
    assert nianbao(*arguments).out == f"{target}  还没有生成过\n"
    assert nianbao(*arguments).out == ""
    report = office / "2024.yaml"
    report.write_text(report.read_text("utf-8") + "\n", "utf-8")
    assert nianbao(*arguments).out == f"{target}  改动：{report}\n"
    target.unlink()
    assert nianbao(*arguments).out == f"{target}  没有输出文件 {target}\n"


@each_format
def test_what_was_changed_by_hand_is_kept_and_what_is_left_over_is_pruned(
    office: Path, tmp_path: Path, nianbao: Call, format_name: str
) -> None:
    arguments = ("build", office.parent, "-o", tmp_path / "out", "--to", format_name)
    target = tmp_path / "out" / "songzhuang" / f"2024.{ending_of(format_name)}"
    nianbao(*arguments)
    ours = target.read_bytes()
    target.write_bytes(ours + b" ")
    kept = nianbao(*arguments)
    assert kept.code == 1 and "手工修改" in kept.err
    assert target.read_bytes() == ours + b" "
    assert nianbao(*arguments, "-B").code == 0
    assert target.read_bytes() == ours
    (office / "2024.yaml").unlink()
    nianbao(*arguments, "--prune")
    assert not target.exists()


def test_text_for_windows_is_an_option_and_a_reason_to_build(
    office: Path, tmp_path: Path, nianbao: Call
) -> None:
    arguments = ("build", office, "-o", tmp_path / "out", "--to", "docx,txt", "--why")
    target = tmp_path / "out" / "songzhuang" / "2024.txt"
    nianbao(*arguments)
    plain = target.read_bytes()
    assert nianbao(*arguments, "--crlf").out == f"{target}  字体或换行的选项有改动\n"
    assert target.read_bytes() == b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    assert nianbao(*arguments, "--crlf").out == ""
    nianbao(*arguments)
    assert target.read_bytes() == plain
