"""What the builds into one output folder have written, and from what: a small SQLite file.

It lies in ``<output>/.nianbao``. SQLite gives what is needed and would be hard to get right by
hand: a commit is whole or not at all, also for two builds at once, and one edited report among ten
thousand costs one row. The file can be deleted at any time; then everything is built once more.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import NamedTuple

from generator.building.inputs import Inputs, Seen
from generator.building.workplace import FOLDER
from generator.system.locks import held

_VERSION = 3
_PATIENCE = 120.0
"""Seconds to wait for another build's commit, each of which takes milliseconds."""

_TABLES = """
CREATE TABLE IF NOT EXISTS reports (name BLOB PRIMARY KEY, record TEXT, crc INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS expected (file BLOB, digest TEXT, PRIMARY KEY (file, digest))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS figures (name BLOB PRIMARY KEY, inputs TEXT, content TEXT, crc INTEGER);
CREATE TABLE IF NOT EXISTS sets (digest TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID;
"""


class StateError(Exception):
    """The state cannot be written; the message is for users."""


class _Lost(Exception):
    """The state's file is damaged or of another version."""


class Written(NamedTuple):
    """A document as it was written: the digest of what it was made from, and the file."""

    made_from: str
    file: Seen


@dataclass
class Record:
    """What is known of one report: its file, what it was examined with, what was found and made."""

    source: str
    inputs: Inputs
    findings: str = "[]"
    """As text: they are many, and few of them are shown."""
    has_errors: bool = False
    documents: dict[str, Written] = field(default_factory=dict)
    day: str = ""
    """When it was examined; what is found may be other when one of the ``last_days`` has passed."""
    last_days: list[str] = field(default_factory=list)

    @property
    def outlived(self) -> bool:
        """Whether one of the ``last_days`` has passed since."""
        if not self.last_days:
            return False
        from generator.judging.acceptance import today

        then, now = ([day < when for day in self.last_days] for when in (self.day, f"{today()}"))
        return then != now

    def to_json(self) -> str:
        """Return the record as it is stored."""
        parts = [getattr(self, part.name) for part in fields(self)]
        return _text(json.dumps(parts, ensure_ascii=False, separators=(",", ":")))

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Read a stored record."""
        source, (files, sets), findings, has_errors, documents, *rest = json.loads(text)
        return cls(
            source,
            Inputs({name: Seen(*seen) for name, seen in files.items()}, sets),
            findings,
            has_errors,
            {name: Written(made, Seen(*file)) for name, (made, file) in documents.items()},
            *rest,
        )


class State:
    """The records of one output folder. Reading happens once, writing within transactions."""

    def __init__(self, output: Path, *, write: bool) -> None:
        """Open the state of an output folder; for reading only, a missing one is empty.

        Raises:
            StateError: it cannot be opened for writing.
        """
        self.file = output / FOLDER / "state.sqlite"
        self.lost = ""
        """Why the records of earlier builds are gone, empty as a rule."""
        self._rows: dict[str, str] = {}
        self._expected: dict[str, set[str]] = {}
        self._database: sqlite3.Connection | None = None
        self._version = 0
        """SQLite's number for what was read: it changes when another build commits."""
        if write:
            # Or another build would find a file that is still empty, and throw it away.
            with held(self.file.with_name("opening")):
                self._open_or_begin_anew(write=True)
        elif self.file.is_file():
            self._open_or_begin_anew(write=False)

    def _open_or_begin_anew(self, *, write: bool) -> None:
        try:
            self._open(write=write)
        except _Lost as error:
            self.lost = str(error)
            self._rows, self._expected = {}, {}
            self.close()
            if write:
                for file in self.file.parent.glob(f"{self.file.name}*"):
                    file.unlink(missing_ok=True)
                self._open(write=True)

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _open(self, *, write: bool) -> None:
        try:
            if self.file.is_file() and not self.file.stat().st_size:
                raise _Lost("它是空的")  # SQLite would take it for a new one
            self._database = _connect(self.file)
            # A killed process loses nothing that way; after a power cut the file may be lost.
            self._database.execute("PRAGMA synchronous = OFF")
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise _Lost("它是另一个版本的程序写的")
            if version == 0 and write:
                self._database.executescript(
                    f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;"
                )
            if version == _VERSION or write:
                self._load(self._database)
        except sqlite3.DatabaseError as error:
            if _is_damage(error):
                raise _Lost("它损坏了") from error
            self.close()
            raise StateError(_words(error, self.file)) from error

    def _load(self, database: sqlite3.Connection) -> None:
        self._version = _version_of(database)
        for name, record, crc in database.execute("SELECT name, record, crc FROM reports"):
            if not (isinstance(name, bytes) and isinstance(record, str)):
                raise _Lost("它损坏了")
            if _checksum(name, record) != crc:
                raise _Lost("它损坏了")
            self._rows[os.fsdecode(name)] = record
        for file, digest in database.execute("SELECT file, digest FROM expected"):
            if not isinstance(file, bytes):
                raise _Lost("它损坏了")
            self._expected.setdefault(os.fsdecode(file), set()).add(digest)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep other builds out until all that is written within is committed.

        What they have written before is known from then on.

        Raises:
            StateError: it could not be committed; then nothing of it is.
        """
        database = self._writable
        try:
            database.execute("BEGIN IMMEDIATE")
            try:
                if self._version != _version_of(database):
                    self._rows, self._expected = {}, {}
                    self._load(database)
                yield
                database.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    database.execute("ROLLBACK")
                raise
        except sqlite3.DatabaseError as error:
            raise StateError(_words(error, self.file)) from error
        except _Lost as error:
            raise StateError(f"状态文件 {self.file} 不能用（{error}），请再运行一次") from error

    @property
    def _writable(self) -> sqlite3.Connection:
        assert self._database is not None, "the state was opened for reading, or is closed"
        return self._database

    def names(self) -> list[str]:
        """Return the names of all reports that have a record."""
        return list(self._rows)

    def record(self, name: str) -> Record | None:
        """Return the record of a report as it was when the last transaction began."""
        row = self._rows.get(name)
        return Record.from_json(row) if row else None

    def write(self, name: str, record: Record) -> None:
        """Store a record, within a transaction."""
        row = record.to_json()
        key = os.fsencode(name)
        self._writable.execute(
            "INSERT OR REPLACE INTO reports VALUES (?, ?, ?)", (key, row, _checksum(key, row))
        )
        self._rows[name] = row

    def refresh(self, records: Mapping[str, Record]) -> None:
        """Store records with new times, unless another build has changed something meanwhile."""
        version = self._version
        with self.transaction():
            if self._version == version:
                for name, record in records.items():
                    self.write(name, record)

    def remove(self, name: str) -> None:
        """Forget a report, within a transaction."""
        for table in ("reports", "figures"):
            self._writable.execute(f"DELETE FROM {table} WHERE name = ?", (os.fsencode(name),))
        self._rows.pop(name, None)

    def keep_figures(self, name: str, inputs: str, content: str) -> None:
        """Store the figures of a report, within a transaction, with the digest of its inputs."""
        key = os.fsencode(name)
        self._writable.execute(
            "INSERT OR REPLACE INTO figures VALUES (?, ?, ?, ?)",
            (key, inputs, content, _checksum(key, inputs + content)),
        )

    def figures(self, name: str, inputs: str) -> str:
        """Return the figures of a report with these inputs; empty where they are not known.

        They are read one by one: a build asks for none of them.
        """
        if self._database is None:
            return ""
        key = os.fsencode(name)
        try:
            row = self._database.execute(
                "SELECT content, crc FROM figures WHERE name = ? AND inputs = ?", (key, inputs)
            ).fetchone()
        except sqlite3.DatabaseError:
            return ""
        content, crc = row or ("", None)
        return content if crc == _checksum(key, f"{inputs}{content}") else ""

    def expect(self, file: str, digest: str) -> None:
        """Note what a document is about to become: if we are killed, it is still known as ours."""
        self._writable.execute(
            "INSERT OR IGNORE INTO expected VALUES (?, ?)", (os.fsencode(file), digest)
        )
        self._expected.setdefault(file, set()).add(digest)

    def expected(self, file: str) -> set[str]:
        """Return the digests that a document may have after a build that was killed."""
        return self._expected.get(file, set())

    def fulfil(self, file: str) -> None:
        """Forget what was expected of a document, whose record tells it from now on."""
        self._writable.execute("DELETE FROM expected WHERE file = ?", (os.fsencode(file),))
        self._expected.pop(file, None)

    def keep_set(self, digest: str, content: Mapping[str, str]) -> None:
        """Store what a set consists of, so that a later build can say what has changed in it."""
        self._writable.execute(
            "INSERT OR IGNORE INTO sets VALUES (?, ?)", (digest, json.dumps(content))
        )

    def set_content(self, digest: str) -> dict[str, str]:
        """Return what a set consisted of; empty where that is not known."""
        if self._database is None:
            return {}
        row = self._database.execute(
            "SELECT content FROM sets WHERE digest = ?", (digest,)
        ).fetchone()
        return dict(json.loads(row[0])) if row else {}


def _connect(file: Path) -> sqlite3.Connection:
    if not os.access(file.parent, os.W_OK):
        database = sqlite3.connect(f"{file.absolute().as_uri()}?immutable=1", uri=True)
    else:
        database = sqlite3.connect(file, timeout=_PATIENCE)
    database.isolation_level = None
    return database


def _version_of(database: sqlite3.Connection) -> int:
    (version,) = database.execute("PRAGMA data_version").fetchone()
    return int(version)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return error.sqlite_errorcode in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) or (
        "no such" in str(error)
    )


_WORDS = {
    "SQLITE_FULL": "磁盘满了，请腾出空间后再试",
    "SQLITE_IOERR": "写不进磁盘，请检查空间和权限后再试",
    "SQLITE_READONLY": "这个位置是只读的，请换一个文件夹",
    "SQLITE_CANTOPEN": "打不开，请检查文件夹的权限",
    "SQLITE_CORRUPT": "它损坏了，请删去它再试",
    "SQLITE_NOTADB": "它损坏了，请删去它再试",
    "SQLITE_BUSY": "另一个生成任务一直占用着它，等它结束后再试",
}


def _words(error: sqlite3.DatabaseError, file: Path) -> str:
    name = getattr(error, "sqlite_errorname", "")
    words = next((text for start, text in _WORDS.items() if name.startswith(start)), str(error))
    return f"写不了状态文件 {file}：{words}"


def _text(json: str) -> str:
    """Return JSON that SQLite can store, also where a file's name in it is not UTF-8."""
    return json.encode("utf-8", "backslashreplace").decode()


def _checksum(name: bytes, row: str) -> int:
    return zlib.crc32(name + b"\n" + row.encode())
