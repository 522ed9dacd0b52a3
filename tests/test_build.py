"""What is built again and what is not, and the words in which the reason is given."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import ROOT, Outcome, copy_of_examples

Call = Callable[..., Outcome]
YANSHI = {f"yanshi/{year}.{end}" for year in (2023, 2024) for end in ("docx", "txt")}


class Place:
    """A workspace of the examples, an output folder, and the builds from one into the other."""

    def __init__(self, folder: Path, nianbao: Call) -> None:
        self.reports = copy_of_examples(folder / "reports")
        self.out = folder / "build"
        self.nianbao = nianbao
        self.arguments: list[str | Path] = []

    def build(self, *options: str | Path) -> Outcome:
        call = (*self.arguments, "build", self.reports, "-o", self.out, "-j1", *options)
        return self.nianbao(*call)

    def written(self, *options: str | Path) -> set[str]:
        """Build, and return the documents that were written, relative to the output folder."""
        outcome = self.build(*options)
        assert outcome.code == 0, outcome.err
        return {str(Path(line).relative_to(self.out)) for line in outcome.out.split("\n") if line}

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.reports / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def place(tmp_path: Path, nianbao: Call) -> Place:
    """A workspace that has been built once."""
    made = Place(tmp_path, nianbao)
    assert len(made.written()) == 22
    return made


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """A copy of the forms that a test may change."""
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / "forms" / name)
    return tmp_path / "forms"


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    files = (file for file in folder.rglob("*") if file.is_file() and ".nianbao" not in str(file))
    return {str(file): (file.stat().st_mtime_ns, file.stat().st_ino) for file in files}


def test_nothing_changed_nothing_done(place: Place) -> None:
    before = stamps(place.out)
    outcome = place.build("--why")
    assert (outcome.code, outcome.out) == (0, "")
    assert "写了 0 个文件，11 份已是最新" in outcome.err
    assert stamps(place.out) == before


def test_a_touched_file_has_not_changed(place: Place) -> None:
    for file in place.reports.rglob("*.yaml"):
        os.utime(file, (1, 1))
    assert place.written() == set()
    assert place.written() == set()


def test_an_edit_rebuilds_its_report(place: Place) -> None:
    place.edit("songzhuang/2024.yaml", "行政处罚: 5", "行政处罚: 6")
    outcome = place.build("--why")
    file = place.reports / "songzhuang/2024.yaml"
    assert outcome.out.split("\n")[:-1] == [
        f"{place.out}/songzhuang/2024.{end}  改动：{file}" for end in ("docx", "txt")
    ]
    assert "6件" in (place.out / "songzhuang/2024.txt").read_text("utf-8")
    assert place.written() == set()


def test_last_years_report_is_an_input(place: Place) -> None:
    place.edit("yanshi/2023.yaml", "行政许可: ", "行政许可: 1")
    outcome = place.build("--why")
    assert {
        str(Path(line.split()[0]).relative_to(place.out))
        for line in outcome.out.strip().split("\n")
    } == YANSHI
    assert outcome.out.count(f"改动：{place.reports}/yanshi/2023.yaml") == 4


def test_last_years_report_may_appear_and_go(place: Place) -> None:
    earlier = place.reports / "yanshi/2023.yaml"
    text = earlier.read_text("utf-8")
    earlier.unlink()
    outcome = place.build("--why")
    assert outcome.code == 1 and "P-2" in outcome.err, "prose of 2024 quotes 2023"
    earlier.write_text(text, "utf-8")
    outcome = place.build("--why", "--draft")
    assert f"新增：{earlier}" in outcome.out


def test_the_office_is_an_input(place: Place) -> None:
    place.edit("yanshi/office.yaml", "简称: 演示县", "简称: 演示")
    assert place.written() == YANSHI


@pytest.mark.parametrize(
    ("file", "years", "reason"),
    [
        ("templates/2021/checks.yaml", {2023, 2024}, "表式 2021：checks.yaml"),
        ("templates/style.yaml", {2020, 2023, 2024}, "共用表式：style.yaml"),
        ("templates/2021/tables/表三.yaml", {2023, 2024}, "表式 2021：tables/表三.yaml"),
        ("schemas/2021.schema.json", {2023, 2024}, "表式 2021：2021.schema.json"),
        ("templates/2019/checks.yaml", {2020}, "表式 2019：checks.yaml"),
        ("schemas/2019.schema.json", {2020}, "表式 2019：2019.schema.json"),
        ("schemas/office.schema.json", {2020, 2023, 2024}, "共用表式：office.schema.json"),
    ],
)
def test_a_form_rebuilds_what_is_made_under_it(
    place: Place, forms: Path, file: str, years: set[int], reason: str
) -> None:
    place.arguments = ["--forms", forms]
    assert place.written() == set(), "the same forms elsewhere"
    with (forms / file).open("a", encoding="utf-8") as form:
        form.write("\n")
    outcome = place.build("--why")
    lines = outcome.out.strip().split("\n")
    documents = {file for file in place.out.rglob("20*") if int(file.stem) in years}
    assert {line.split()[0] for line in lines} == {str(file) for file in documents}
    assert all(line.endswith(reason) for line in lines)


def test_the_form_of_last_year_is_an_input(tmp_path: Path, nianbao: Call, forms: Path) -> None:
    place = Place(tmp_path, nianbao)
    place.arguments = ["--forms", forms]
    office = place.reports / "baiyuan"
    text = (
        (place.reports / "baihe/2023.yaml").read_text("utf-8").replace("年度: 2023", "年度: 2021")
    )
    (office / "2021.yaml").write_text(text, "utf-8")
    place.reports = office
    assert place.build().code == 0
    with (forms / "templates/2019/chart.yaml").open("a", encoding="utf-8") as form:
        form.write("\n")
    assert {Path(file).stem for file in place.written()} == {"2020", "2021"}


def test_a_form_that_comes_into_force_is_noticed(place: Place, forms: Path) -> None:
    place.arguments = ["--forms", forms]
    shutil.copytree(forms / "templates/2021", forms / "templates/2024")
    head = forms / "templates/2024/edition.yaml"
    text = head.read_text("utf-8").replace("edition: 2021", "edition: 2024")
    head.write_text(text.replace("first_year: 2021", "first_year: 2024"), "utf-8")
    shutil.copy(forms / "schemas/2021.schema.json", forms / "schemas/2024.schema.json")
    outcome = place.build("-n", "--why")
    lines = outcome.out.strip().split("\n")
    assert {Path(line.split()[0]).stem for line in lines} == {"2024"}
    assert all("改用表式 2024" in line for line in lines)


def test_the_program_is_an_input(place: Place, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "generator", tmp_path / "program/generator")
    for name in ("templates", "schemas"):
        (tmp_path / "program" / name).symlink_to(ROOT / name)
    call = [sys.executable, "-m", "generator", "build", str(place.reports), "-o", str(place.out)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "program")}

    def build() -> str:
        options = {"cwd": tmp_path, "env": environment, "text": True}
        return subprocess.run(
            [*call, "--why"], check=True, stdout=subprocess.PIPE, **options
        ).stdout

    assert build() == ""
    with (tmp_path / "program/generator/compose.py").open("a") as module:
        module.write("\n# changed\n")
    lines = build().strip().split("\n")
    assert len(lines) == 22 and all("程序：compose.py" in line for line in lines)


def test_a_dry_run_writes_nothing(tmp_path: Path, nianbao: Call) -> None:
    place = Place(tmp_path, nianbao)
    assert len(place.written("-n")) == 22
    assert not place.out.exists()
    place.written()
    place.edit("songzhuang/2024.yaml", "行政处罚: 5", "行政处罚: 6")
    before = stamps(place.out)
    assert place.written("-n") == {"songzhuang/2024.docx", "songzhuang/2024.txt"}
    assert stamps(place.out) == before
    assert len(place.written()) == 2


def test_force_builds_everything(place: Place) -> None:
    before = {file: Path(file).read_bytes() for file in stamps(place.out)}
    outcome = place.build("-B", "--why")
    assert outcome.out.count("要求全部重新生成") == 22
    assert {file: Path(file).read_bytes() for file in stamps(place.out)} == before


def test_formats_are_kept_apart(tmp_path: Path, nianbao: Call) -> None:
    place = Place(tmp_path, nianbao)
    assert len(place.written("--to", "docx")) == 11
    assert {Path(file).suffix for file in place.written()} == {".txt"}
    place.edit("songzhuang/2024.yaml", "行政处罚: 5", "行政处罚: 6")
    assert place.written("--to", "txt") == {"songzhuang/2024.txt"}
    assert place.written() == {"songzhuang/2024.docx"}
    assert place.nianbao("build", place.reports, "--to", "docx,odt").code == 2


def test_a_missing_document_is_made_again(place: Place) -> None:
    (place.out / "baihe/2023.docx").unlink()
    (place.out / "baihe/2023.txt").write_bytes(b"")  # what a power cut leaves
    outcome = place.build("--why")
    assert outcome.out.count("没有输出文件") == 2 * 2, "both reasons stand beside both documents"
    assert place.written() == set()


def test_a_draft_is_replaced_by_the_real_thing(place: Place) -> None:
    file = place.reports / "songzhuang/2024.yaml"
    assert len(place.written(file, "--draft")) == 2 * 11
    assert "草稿" in (place.out / "songzhuang/2024.txt").read_text("utf-8")
    outcome = place.build("--why")
    assert outcome.out.count("选项：上一次是草稿") == 22
    assert "草稿" not in (place.out / "songzhuang/2024.txt").read_text("utf-8")


def test_findings_are_shown_again(place: Place) -> None:
    first, second = place.build("-B").err, place.build().err
    assert "T4-4" in first

    def findings(said: str) -> list[str]:
        """Leave out the summary, and how far it was, which a slow machine tells."""
        lines = said.rpartition("\n写了")[0].splitlines()
        return [line for line in lines if not line.startswith("已处理")]

    assert findings(first) == findings(second)


def test_a_report_with_errors_leaves_the_earlier_document(place: Place) -> None:
    document = place.out / "songzhuang/2024.docx"
    before = document.read_bytes()
    place.edit("songzhuang/2024.yaml", "行政处罚: 5", "行政处罚: 五")
    place.edit("baihe/2023.yaml", "行政处罚: ", "行政处罚: 1")
    first = place.build()
    assert first.code == 1 and "T2-1" in first.err and "1 份有错误，没有写" in first.err
    assert document.read_bytes() == before
    assert set(first.out.split()) == {f"{place.out}/baihe/2023.{end}" for end in ("docx", "txt")}
    second = place.build()
    assert (second.code, second.out) == (1, "")
    assert "T2-1" in second.err, "an error is shown again as well"
    place.edit("songzhuang/2024.yaml", "行政处罚: 五", "行政处罚: 5")
    assert place.written() == set(), "the earlier document is the right one again"


def test_no_keep_going_stops_at_the_first(tmp_path: Path, nianbao: Call) -> None:
    place = Place(tmp_path, nianbao)
    place.edit("baishishan/2024.yaml", "年度: 2024", "年度: 2042")
    for jobs in ("-j1", "-j3"):
        shutil.rmtree(place.out, ignore_errors=True)
        for _ in range(2):  # found anew, then remembered
            outcome = place.build("--no-keep-going", jobs)
            assert outcome.code == 1
            assert {file.name for file in place.out.iterdir()} == {".nianbao", "baihe"}
            assert "9 份没有处理" in outcome.err
    assert place.build().code == 1
    assert len(list(place.out.rglob("20*.docx"))) == 10


def test_a_document_changed_by_hand_is_kept(place: Place) -> None:
    document = place.out / "songzhuang/2024.txt"
    document.write_text("改过的", "utf-8")
    place.edit("songzhuang/2024.yaml", "行政处罚: 5", "行政处罚: 6")
    for _ in range(2):
        outcome = place.build("--why")
        assert outcome.code == 1
        assert f"{document}: 输出文件被手工修改" in outcome.err
        assert document.read_text("utf-8") == "改过的"
        assert outcome.out == "", "the other format is not replaced either"
    assert "输出文件被手工修改" in place.build("-n", "--why").err
    assert place.build("-B").code == 0
    assert document.read_text("utf-8") != "改过的"


@pytest.mark.parametrize("options", [(), ("--to", "txt"), ("--to", "docx"), ("--draft",)])
@pytest.mark.parametrize("changed", ["docx", "txt"])
def test_where_one_format_was_changed_by_hand_none_is_replaced(
    changed: str, options: tuple[str, ...], place: Place
) -> None:
    documents = [place.out / f"songzhuang/2024.{name}" for name in ("docx", "txt")]
    document = place.out / f"songzhuang/2024.{changed}"
    document.write_bytes(document.read_bytes() + b"by hand")
    before = [file.read_bytes() for file in documents]
    place.edit("songzhuang/2024.yaml", "行政处罚: 5", "行政处罚: 6")
    for _ in range(2):
        outcome = place.build(*options)
        assert f"{document}: 输出文件被手工修改" in outcome.err
        assert [file.read_bytes() for file in documents] == before
        assert outcome.code == 1 and "songzhuang" not in outcome.out
    assert place.build("-B").code == 0
    assert all(file.read_bytes() != old for file, old in zip(documents, before, strict=True))


def test_git_does_not_see_the_state(place: Place) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(place.out.parent), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    git("init", "-q")
    git("add", "-A")
    added = git("ls-files")
    assert "songzhuang/2024.docx" in added and ".nianbao" not in added


def test_a_change_by_hand_just_after_the_build_is_seen(place: Place) -> None:
    document = place.out / "songzhuang/2024.txt"
    content = document.read_bytes()
    place.edit("songzhuang/2024.yaml", "行政处罚: 5", "行政处罚: 6")
    place.build()
    with document.open("r+b") as same:  # same inode, same size, at once
        same.write(content[:1].swapcase())
        same.seek(-2, 2)
        same.write(b"..")
    assert place.build().code == 1


def test_a_deleted_document_ends_the_keeping(place: Place) -> None:
    document = place.out / "songzhuang/2024.txt"
    document.write_text("改过的", "utf-8")
    assert place.build().code == 1
    document.unlink()
    assert place.written() == {"songzhuang/2024.txt"}


def test_an_unknown_file_makes_room(tmp_path: Path, nianbao: Call) -> None:
    place = Place(tmp_path, nianbao)
    mine = place.out / "songzhuang/2024.docx"
    mine.parent.mkdir(parents=True)
    mine.write_text("我的文件", "utf-8")
    outcome = place.build()
    assert outcome.code == 0 and "不认识的旧文件移到了" in outcome.err
    assert mine.read_bytes()[:2] == b"PK"
    (aside,) = (place.out / ".nianbao/replaced/songzhuang").iterdir()
    assert aside.read_text("utf-8") == "我的文件"


def test_prune_removes_what_is_left_of_deleted_reports(place: Place) -> None:
    (place.reports / "yanshi/liuhe/2023.yaml").unlink()
    shutil.rmtree(place.reports / "songzhuang")
    (place.out / "yanshi/liuhe/2023.txt").write_text("改过的", "utf-8")
    gone = [place.out / f"songzhuang/2024.{end}" for end in ("docx", "txt")]
    for options in ([], ["-n", "--prune"]):
        outcome = place.build(*options)
        assert all(f"{file}: 报告已经删去" in outcome.err for file in gone)
        assert all(file.exists() for file in gone)
    outcome = place.build("--prune")
    assert not (place.out / "songzhuang").exists()
    assert not (place.out / "yanshi/liuhe/2023.docx").exists()
    assert (place.out / "yanshi/liuhe/2023.txt").read_text("utf-8") == "改过的"
    assert "被手工修改过，不删" in outcome.err
    assert "songzhuang" not in place.build().err


def test_prune_looks_only_where_it_is_told_to(place: Place) -> None:
    shutil.rmtree(place.reports / "songzhuang")
    place.nianbao("build", place.reports / "yanshi", "-o", place.out, "--prune")
    assert (place.out / "songzhuang/2024.docx").exists()


def test_prune_when_nothing_is_left(place: Place) -> None:
    shutil.rmtree(place.reports)
    place.reports.mkdir()
    assert place.build().code == 2
    assert place.build("--prune").code == 0
    assert not list(place.out.rglob("*.docx"))


def test_an_office_gives_the_same_place_as_its_workspace(place: Place) -> None:
    outcome = place.nianbao("build", place.reports / "yanshi/liuhe", "-o", place.out)
    assert (outcome.code, outcome.out) == (0, "")


def test_two_reports_for_one_place_are_refused(place: Place) -> None:
    other = shutil.copytree(place.reports, place.reports.parent / "other")
    outcome = place.nianbao("build", place.reports, other, "-o", place.out)
    assert outcome.code == 2 and "要写到同一个地方" in outcome.err


def test_a_workspace_may_be_moved(place: Place) -> None:
    moved = place.reports.rename(place.reports.parent / "moved")
    place.reports = moved
    outcome = place.build()
    assert (outcome.code, outcome.out) == (0, "")
    assert f"{moved}/yanshi/2024.yaml:94" in outcome.err, "findings point to where the file is now"


def test_an_accepted_finding_expires(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = "{规则: T4-3, 位置: 政府信息公开行政复议、行政诉讼情况, 理由: 已核, 有效至: 2025-06-30}"
    place.edit("yanshi/2024.yaml", "接受:", f"接受:\n  - {entry}")
    monkeypatch.setenv("NIANBAO_TODAY", "2025-06-30")
    assert "A-2" not in place.build().err
    assert place.written() == set()
    monkeypatch.setenv("NIANBAO_TODAY", "2025-07-01")
    for _ in range(2):
        outcome = place.build()
        assert "A-2" in outcome.err
        assert outcome.out == "", "the document is as it was"
    monkeypatch.setenv("NIANBAO_TODAY", "2025-06-30")
    assert "A-2" not in place.build().err


def test_shards_share_out_the_work(tmp_path: Path, nianbao: Call) -> None:
    place = Place(tmp_path, nianbao)
    parts = [place.written("--shard", f"{part}/3") for part in (1, 2, 3)]
    assert sum(map(len, parts)) == len(set().union(*parts)) == 22
    assert place.written() == set()
    shutil.rmtree(place.reports / "baihe")
    assert [place.written("--shard", f"{part}/3") for part in (1, 2, 3)] == [set()] * 3
    for wrong in ("0/3", "4/3", "1", "a/b", "1/0"):
        assert place.build("--shard", wrong).code == 2
