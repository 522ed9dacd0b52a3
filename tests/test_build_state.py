"""The memory of a build: what it is asked, how it may be damaged, what it keeps."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import repeat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.building.inputs import (
    LIBRARIES,
    FileCache,
    Inputs,
    Seen,
    changes,
    content_digest,
    is_settled,
)
from generator.building.inputs import Sets as SharedInputs
from generator.building.shard import Shard
from generator.building.state import Record, State, StateError, Written
from generator.building.stored_findings import recalled, stored
from generator.reading.workspace import place_of
from generator.values.diagnostics import Diagnostic, Place, Position, Related, Severity
from support import EXAMPLES, Outcome, copy_of_examples

Call = Callable[..., Outcome]


def damage_all(file: Path) -> None:
    file.write_bytes(b"\0garbage" * 500)


def damage_end(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def damage_text(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content.replace(b"songzhuang/2024.yaml", b"songzhuang/2042.yaml"))


def damage_everything(file: Path) -> None:
    file.write_bytes(b"")


def damage_tables(file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("DROP TABLE expected")
    database.commit()
    database.close()


def damage_names(file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("DELETE FROM reports")
    database.execute("INSERT INTO reports VALUES ('a/2024', 7, 0)")
    database.commit()
    database.close()


def of_another_version(file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("PRAGMA user_version = 99")
    database.commit()
    database.close()


@pytest.mark.parametrize(
    "damage",
    [
        damage_all,
        damage_end,
        damage_text,
        damage_everything,
        damage_tables,
        damage_names,
        of_another_version,
        Path.unlink,
        lambda file: shutil.rmtree(file.parent),
    ],
)
def test_what_is_damaged_is_made_anew(
    tmp_path: Path, nianbao: Call, damage: Callable[[Path], None]
) -> None:
    reports = copy_of_examples(tmp_path / "reports")
    out = tmp_path / "out"
    nianbao("build", reports, "-o", out)
    state = out / ".nianbao/state.sqlite"
    damage(state)
    edited = reports / "songzhuang/2024.yaml"
    edited.write_text(edited.read_text("utf-8").replace("行政处罚: 5", "行政处罚: 6"), "utf-8")
    lost_silently = not state.exists()
    dry = nianbao("build", reports, "-o", out, "-n")
    assert dry.code == 0 and len(dry.out.split()) == 22
    outcome = nianbao("build", reports, "-o", out)
    assert outcome.code == 0, outcome.err
    assert lost_silently or "全部重新生成" in outcome.err
    assert len(outcome.out.split()) == 22
    assert outcome.err.count("不认识的旧文件移到了") == 2, "the edited one's, nobody else's"
    assert "6件" in (out / "songzhuang/2024.txt").read_text("utf-8")
    assert nianbao("build", reports, "-o", out).out == ""


def test_an_undamaged_state_is_not_complained_about(tmp_path: Path, nianbao: Call) -> None:
    for _ in range(2):
        assert "状态" not in nianbao("build", EXAMPLES, "-o", tmp_path / "out").err


def test_what_is_not_committed_is_not_there(tmp_path: Path) -> None:
    record = Record("a.yaml", Inputs({}, {}))
    (tmp_path / ".nianbao").mkdir()
    state = State(tmp_path, write=True)
    with state.transaction():
        state.write("a/2024", record)
    with pytest.raises(ZeroDivisionError), state.transaction():
        state.write("b/2024", record)
        raise ZeroDivisionError
    state.close()
    again = State(tmp_path, write=True)
    assert again.names() == ["a/2024"] and again.record("b/2024") is None
    assert again.record("a/2024") == record
    again.close()


def test_names_that_are_not_utf_8(tmp_path: Path, nianbao: Call) -> None:
    """As an archive from an older system leaves them."""
    reports, out = tmp_path / "reports", tmp_path / "out"
    office = reports / os.fsdecode(b"\xcb\xce\xd7\xaf")
    shutil.copytree(EXAMPLES / "songzhuang", office)
    assert nianbao("build", reports, "-o", out).code == 0
    assert nianbao("build", reports, "-o", out).out == ""
    assert len(list(out.rglob("2024.*"))) == 2
    shutil.rmtree(office)
    assert nianbao("build", reports, "-o", out, "--prune").code == 0
    assert list(out.rglob("2024.*")) == []


def test_many_builds_begin_at_once(tmp_path: Path) -> None:
    """As with ``make -j8`` in a fresh clone: none may take another's new file for a broken one."""
    together = threading.Barrier(8)

    def begin(output: Path, number: int) -> str:
        together.wait()
        state = State(output, write=True)
        with state.transaction():
            state.write(f"{number}/2024", Record(f"{number}.yaml", Inputs({}, {})))
        state.close()
        return state.lost

    with ThreadPoolExecutor(8) as builds:
        for attempt in range(20):
            output = tmp_path / str(attempt)
            (output / ".nianbao").mkdir(parents=True)
            assert set(builds.map(begin, repeat(output), range(8))) == {""}
            with closing(State(output, write=False)) as state:
                assert len(state.names()) == 8


def test_a_refreshed_record_gives_way_to_another_builds(tmp_path: Path) -> None:
    (tmp_path / ".nianbao").mkdir()
    first = State(tmp_path, write=True)
    with first.transaction():
        first.write("a/2024", Record("first", Inputs({}, {})))
    second = State(tmp_path, write=True)
    with first.transaction():
        first.write("a/2024", Record("newer", Inputs({}, {})))
    second.refresh({"a/2024": Record("refreshed", Inputs({}, {}))})
    assert second.record("a/2024") == Record("newer", Inputs({}, {}))
    second.refresh({"a/2024": Record("refreshed", Inputs({}, {}))})
    with first.transaction():
        assert first.record("a/2024") == Record("refreshed", Inputs({}, {}))
    first.close()
    second.close()


def test_a_state_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / ".nianbao/state.sqlite").mkdir(parents=True)
    with pytest.raises(StateError, match="写不了状态文件"):
        State(tmp_path, write=True)


TEXT = st.text(max_size=8)
NUMBER = st.integers(0, 10**18)
SEEN = st.builds(Seen, TEXT, NUMBER, NUMBER, NUMBER)


@given(
    st.builds(
        Record,
        TEXT,
        st.builds(
            Inputs, st.dictionaries(TEXT, SEEN, max_size=3), st.dictionaries(TEXT, TEXT, max_size=3)
        ),
        st.lists(TEXT, max_size=2),
        st.booleans(),
        st.dictionaries(TEXT, st.builds(Written, TEXT, SEEN), max_size=2),
        TEXT,
        st.lists(TEXT, max_size=2),
    )
)
@settings(deadline=None)
def test_a_record_comes_back_as_it_was(record: Record) -> None:
    assert Record.from_json(record.to_json()) == record


POSITION = st.none() | st.builds(Position, NUMBER, NUMBER, NUMBER)
PLACE = st.builds(
    Place,
    file=st.sampled_from([Path("reports/a/2024.yaml"), Path("/forms/checks.yaml")]),
    path=st.lists(TEXT | st.integers(0, 9), max_size=3).map(tuple),
    offset=st.none() | NUMBER,
    position=POSITION,
)
FINDING = st.builds(
    Diagnostic,
    code=TEXT,
    severity=st.sampled_from(Severity),
    place=PLACE,
    message=TEXT,
    related=st.lists(st.builds(Related, PLACE, TEXT, TEXT), max_size=2).map(tuple),
)


@given(st.lists(FINDING, max_size=3).map(tuple))
@settings(deadline=None)
def test_findings_come_back_as_they_were(findings: tuple[Diagnostic, ...]) -> None:
    folder = Path("reports/a")
    assert recalled(stored(findings, folder), folder) == findings


def test_every_field_of_a_finding_is_kept() -> None:
    """A field that is added one day must not be lost on the way."""
    place = Place(Path("a/2024.yaml"), ("x", 1), True, 3, 4, Position(5, 6, 7))
    values = {field.name: "text" for field in dataclasses.fields(Diagnostic) if field.type == "str"}
    finding = dataclasses.replace(
        Diagnostic("X", Severity.INFO, place, "m", related=(Related(place, "l", "v"),)), **values
    )
    for field in dataclasses.fields(Diagnostic):
        if field.type == "tuple[str, ...]":
            finding = dataclasses.replace(finding, **{field.name: ("one", "two")})
    (again,) = recalled(stored([finding], Path("a")), Path("b"))
    moved = dataclasses.replace(place, file=Path("b/2024.yaml"))
    assert again == dataclasses.replace(finding, place=moved, related=(Related(moved, "l", "v"),))


@pytest.mark.parametrize(
    ("age", "settled"), [(0, False), (0.005, False), (0.5, True), (-5, False), (3600, True)]
)
def test_a_young_file_is_not_trusted(tmp_path: Path, age: float, settled: bool) -> None:
    """Git's racy files: written once more within the same tick, with the same size."""
    file = tmp_path / "2024.yaml"
    file.write_text("one")
    now = time.time_ns()
    modified = now - round(age * 1e9)
    modified += modified % 1_000_000_000 == 0
    os.utime(file, ns=(modified, modified))
    before = FileCache().seen(place_of(tmp_path, 2024), file.name)
    file.write_text("two")
    os.utime(file, ns=(modified, modified))
    after = FileCache().seen(place_of(tmp_path, 2024), file.name, before)
    assert (after == before) is settled, "only a cheat can change an old file without its time"


def test_a_disk_that_counts_in_seconds_needs_more_time() -> None:
    second = 1_000_000_000
    now = 1_700_000_000 * second + 500_000_000
    assert not is_settled(now - now % second, now)
    assert not is_settled(now - now % second - second, now)
    assert is_settled(now - now % second - 3 * second, now)
    assert is_settled(now - 100_000_000, now)


def test_a_file_that_was_not_touched_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "2024.yaml"
    file.write_text("one")
    os.utime(file, (1_700_000_000.5, 1_700_000_000.5))
    before = FileCache().seen(place_of(tmp_path, 2024), file.name)
    pretended = before._replace(digest="remembered")
    assert FileCache().seen(place_of(tmp_path, 2024), file.name, pretended) == pretended
    os.utime(file, (1_700_000_001.5, 1_700_000_001.5))
    assert FileCache().seen(place_of(tmp_path, 2024), file.name, pretended).digest == before.digest


def test_another_library_is_named_with_both_versions(tmp_path: Path) -> None:
    old, new = {"lxml": "5.1", "zlib": "1.2"}, {"lxml": "6.0", "zlib": "1.2"}
    sets = SharedInputs(None, {LIBRARIES: new})  # type: ignore[arg-type]
    before = Inputs({}, {LIBRARIES: content_digest(old)})
    now = Inputs({}, {LIBRARIES: content_digest(new)})
    kept = {content_digest(old): old}
    assert list(changes(before, now, tmp_path, kept.__getitem__, sets)) == ["库：lxml 5.1 → 6.0"]


@given(st.lists(st.text(min_size=1), unique=True), st.integers(1, 9))
@settings(deadline=None)
def test_every_office_has_one_machine(names: list[str], parts: int) -> None:
    shards = [Shard(part, parts) for part in range(1, parts + 1)]
    for name in names:
        assert sum(shard.has(Path(name)) for shard in shards) == 1
