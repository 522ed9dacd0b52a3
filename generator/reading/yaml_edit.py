"""Edits the text of an office file in place: what is not named stays as the clerk wrote it.

The text is composed to nodes once; edits are collected as ranges of characters and applied
together. Loading and dumping again (ruamel.yaml's round trip) keeps the files that are indented as
the examples are, but rewrites the indentation, the line ends and the aligned comments of others;
here a file that nobody edits comes out as it went in, whatever its style.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from generator.reading.source import Loader  # type: ignore[attr-defined]
from generator.reading.yaml_write import block, flow, literal, quoted, single_quoted
from generator.values.diagnostics import KeyPath
from generator.values.width import columns

Edit = tuple[int, int, str]
"""Characters from, to, and what stands there instead."""

_TAIL = re.compile(r"([ \t]*)(#.*)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value, and the key before it if it has one, as offsets into the text."""

    start: int
    end: int
    key: tuple[int, int] | None
    kind: Literal["scalar", "mapping", "sequence"]
    style: str
    """As YAML names a scalar's style: ``|``, ``>``, ``'``, ``"`` or nothing."""
    is_flow: bool
    """A collection in brackets."""
    in_flow: bool
    """Stands within brackets."""


class YamlText:
    """A YAML text that has been read without complaint (``source.read``), open to edits."""

    def __init__(self, text: str) -> None:
        """Find every entry of ``text``; its lines end in line feeds."""
        self.text = text
        self.entries: dict[KeyPath, Entry] = {}
        self._edits: list[Edit] = []
        self._removed: list[KeyPath] = []
        self._notes: dict[int, tuple[int, str]] = {}
        loader = Loader(text)
        try:
            self._enter(loader.get_single_node(), (), None, in_flow=False)
        finally:
            if hasattr(loader, "dispose"):
                loader.dispose()

    def _enter(
        self, node: Any, path: KeyPath, key: tuple[int, int] | None, *, in_flow: bool
    ) -> int:
        """Note ``node`` and everything below it; return the offset at which it really ends.

        libyaml lets a block end where the next one starts, comments and blank lines included.
        """
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        is_scalar = node.id == "scalar"
        is_flow = not is_scalar and bool(node.flow_style)
        inner = in_flow or is_flow
        style = (node.style or "") if is_scalar else ""
        self.entries[path] = Entry(start, end, key, node.id, style, is_flow, in_flow)
        last = start
        if node.id == "mapping":
            for name, value in node.value:
                span = (name.start_mark.index, name.end_mark.index)
                last = self._enter(value, (*path, name.value), span, in_flow=inner)
        elif node.id == "sequence":
            for index, value in enumerate(node.value):
                last = self._enter(value, (*path, index), None, in_flow=inner)
        else:
            last = start + len(self.text[start:end].rstrip())
        if is_flow:
            last = end
        self.entries[path] = Entry(start, last, key, node.id, style, is_flow, in_flow)
        return last

    def children(self, path: KeyPath) -> list[KeyPath]:
        """Return the paths of the entries right below ``path``, in the order of the file."""
        return [p for p in self.entries if len(p) == len(path) + 1 and p[: len(path)] == path]

    def replace(self, path: KeyPath, value: str) -> None:
        """Write ``value``, YAML on one line, in place of the value at ``path``."""
        entry = self.entries[path]
        if entry.key and entry.style in ("|", ">"):
            self._edits.append((self.colon(entry), entry.end, f": {value}"))
        elif entry.key and _is_block(entry):
            colon = self.colon(entry)
            self._edits.append((colon, colon + 1, f": {value}"))
            self._edits.append((self.line_end(colon), self.line_end(entry.end), ""))
        else:
            self._edits.append((entry.start, entry.end, value))

    def unfold(self, path: KeyPath, rows: Mapping[str, Any]) -> None:
        """Write ``rows``, nested mappings of YAML values, in place of the value at ``path``."""
        entry = self.entries[path]
        if entry.in_flow or entry.key is None:
            self._edits.append((entry.start, entry.end, flow(rows)))
            return
        indent = self.column(entry.key[0]) + 2
        lines = literal(block(rows, indent), "")
        self._edits.append((self.colon(entry) + 1, entry.end, ""))
        self._edits.append((self.line_end(entry.end), self.line_end(entry.end), lines))

    def splice(self, start: int, end: int, new: str) -> None:
        """Write ``new`` in place of a range of the text."""
        self._edits.append((start, end, new))

    def rename(self, path: KeyPath, key: str) -> None:
        """Give the entry at ``path`` another key."""
        entry = self.entries[path]
        assert entry.key is not None
        self._edits.append((*entry.key, key))

    def remove(self, path: KeyPath) -> None:
        """Take out the entry at ``path``, in block style with its lines."""
        self._removed.append(path)

    def insert(self, mapping: KeyPath, after: KeyPath | None, key: str, value: str) -> None:
        """Add ``key: value`` to a mapping, behind its entry ``after`` or before all others."""
        in_flow = self.entries[mapping].is_flow or self.entries[mapping].in_flow
        if after is None:
            first = self.entries[self.children(mapping)[0]].key
            assert first is not None
            if in_flow:
                self._edits.append((first[0], first[0], f"{key}: {value}, "))
                return
            indent = self.column(first[0])
            at = first[0] - indent
            self._edits.append((at, at, f"{' ' * indent}{key}: {value}\n"))
            return
        entry = self.entries[after]
        assert entry.key is not None
        if in_flow:
            self._edits.append((entry.end, entry.end, f", {key}: {value}"))
        else:
            at = self.line_end(entry.end)
            margin = " " * self.column(entry.key[0])
            self._edits.append((at, at, f"\n{margin}{key}: {value}"))

    def comment(self, path: KeyPath) -> str:
        """Return the comment at the end of the line on which a value ends, without its ``#``."""
        return self._tail(self._note_place(path))[1].lstrip("#").strip()

    def note(self, path: KeyPath, comment: str) -> None:
        """Let ``comment`` be the comment on that line; an empty one takes it away."""
        at = self._note_place(path)
        self._notes[self.line_end(at)] = (at, comment)

    def _note_place(self, path: KeyPath) -> int:
        """Comments stand behind a block's key, a value, or the brackets around it."""
        while self.entries[path].in_flow:
            path = path[:-1]
        entry = self.entries[path]
        return self.colon(entry) + 1 if entry.key and _is_block(entry) else entry.end

    def colon(self, entry: Entry) -> int:
        """Return where the colon behind an entry's key stands."""
        assert entry.key is not None
        return self.text.index(":", entry.key[1])

    def _tail(self, at: int) -> tuple[str, str]:
        found = _TAIL.fullmatch(self.text, at, self.line_end(at))
        return (found[1], found[2] or "") if found else ("", "")

    def rewrite(self, path: KeyPath, value: str, edits: Iterable[Edit]) -> None:
        """Edit a text by offsets into its ``value``; each edit starts and ends at a word.

        A value that cannot be followed character by character in the file, because it holds
        escapes, is written anew in double quotes.
        """
        edits = list(edits)
        if not edits:
            return
        entry = self.entries[path]
        places = self._follow(entry, value)
        if places is None:
            self._edits.append((entry.start, entry.end, quoted(applied(value, edits))))
            return
        inner = [(places[start], places[end - 1] + 1, new) for start, end, new in edits]
        if entry.style:
            self._edits += inner
            return
        raw = applied(
            self.text[entry.start : entry.end],
            [(start - entry.start, end - entry.start, new) for start, end, new in inner],
        )
        if entry.in_flow or raw.startswith("{"):
            raw = single_quoted(raw)
        self._edits.append((entry.start, entry.end, raw))

    def _follow(self, entry: Entry, value: str) -> list[int] | None:
        """Return the offset in the file of every character of a text value.

        Blank characters are not followed: folding and indentation change them.
        """
        start, end = entry.start, entry.end
        if entry.style in ("|", ">"):
            start = self.line_end(start)
        elif entry.style:
            start, end = start + 1, end - 1
        written = [i for i in range(start, end) if not self.text[i].isspace()]
        if entry.style == "'":  # a quotation mark is written twice and read once
            doubled = set(_starts_of(self.text, "''", start, end))
            written = [i for i in written if i not in doubled]
        if [self.text[i] for i in written] != [c for c in value if not c.isspace()]:
            return None
        following = iter(written)
        return [-1 if c.isspace() else next(following) for c in value]

    def result(self) -> str:
        """Return the text with all edits applied."""
        edits = [*self._edits, *self._removals()]
        notes = [self._annotated(end, edits) for end in self._notes]
        return applied(self.text, [*notes, *edits])

    def _annotated(self, line_end: int, edits: list[Edit]) -> Edit:
        """Return the edit that writes a comment, kept in its column where there is room."""
        at, comment = self._notes[line_end]
        gap, old = self._tail(at)
        if not comment:
            return at, line_end, ""
        line_start = self.line_start(at)
        growth = sum(
            columns(new.partition("\n")[0]) - columns(self.text[start:end])
            for start, end, new in edits
            if line_start <= start and end <= at
        )
        room = max(2, columns(gap) - growth) if old else 2
        return at, line_end, f"{' ' * room}# {comment}"

    def _removals(self) -> Iterable[Edit]:
        for path in self._removed:
            entry = self.entries[path]
            assert entry.key is not None
            siblings = self.children(path[:-1])
            index = siblings.index(path)
            before = [p for p in siblings[:index] if p not in self._removed]
            if not self.entries[path[:-1]].is_flow:
                start = self.line_start(entry.key[0])
                yield start, min(self.line_end(entry.end) + 1, len(self.text)), ""
            elif before:
                yield self.entries[siblings[index - 1]].end, entry.end, ""
            else:
                following = self.entries[siblings[index + 1]].key
                assert following is not None
                yield entry.key[0], following[0], ""

    def line_start(self, at: int) -> int:
        """Return where the line begins that ``at`` is on."""
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Return where the line ends that ``at`` is on."""
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found

    def column(self, at: int) -> int:
        """Return how far ``at`` is from the beginning of its line."""
        return at - self.line_start(at)


def _is_block(entry: Entry) -> bool:
    """Whether this is a collection on lines of its own."""
    return entry.kind != "scalar" and not entry.is_flow


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with ``edits`` applied; of several at one place the first comes first."""
    pieces: list[str] = []
    position = 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        assert start >= position, f"edits overlap at {text[start - 60 : end + 30]!r}"
        pieces += (text[position:start], new)
        position = end
    return "".join((*pieces, text[position:]))


def _starts_of(text: str, part: str, start: int, end: int) -> Iterator[int]:
    """Yield where ``part`` stands in a stretch of ``text``, one behind the other."""
    while (start := text.find(part, start, end)) >= 0:
        yield start
        start += len(part)
