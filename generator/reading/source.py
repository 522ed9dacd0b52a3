"""One way to read any YAML of ours: bytes → plain data, with the place of every key and value.

The text is read as libyaml events, in one loop without recursion, so that a hostile file can
neither exhaust the stack nor multiply itself. Scalars keep what was typed: only plain integers and
decimals become numbers; ``1_200``, ``0x1F``, ``1e3`` or a date stay text, so that a message can
quote them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from generator.reading import disk
from generator.reading.disk import LARGEST_FILE as LARGEST_FILE
from generator.reading.syntax import MEND_YAML, slips_of, syntax_faults
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Position, Refusal

try:
    from ruamel.yaml.cyaml import CSafeLoader as Loader
except ImportError:  # no wheel of libyaml for this machine
    from ruamel.yaml.loader import SafeLoader as Loader  # type: ignore[assignment]

DEEPEST_NESTING = 40
MOST_VALUES = 5_000
"""Keys and values. A report with every total typed has about 300."""
LONGEST_TEXT = 100_000
"""Characters in one value. The longest published reports have about 30,000 in all."""
MOST_DIGITS = 18
_BLOCKS = ("|", ">")

_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]*)\Z")
# A zero with a sign is neither: nobody can mean it, and it would be printed as it stands.
_DECIMAL = re.compile(r"(?!-0*\.0*\Z)-?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
# XML 1.0 §2.2: what a DOCX cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OTHER_ENCODINGS = {"gb18030": "GB18030（GBK、GB2312）", "utf-16": "UTF-16"}


class Unreadable(Refusal):
    """A file that yields no data at all; ``findings`` say why."""


class _Span(NamedTuple):
    """Where a scalar or a collection stands; ``style`` as YAML names it (``|``, ``'``, ``"``)."""

    line: int
    column: int
    length: int
    style: str


@dataclass
class Source:
    """A YAML file that was read: its data, its text, and where each key and value stands."""

    file: Path
    text: str
    data: Any = None
    values: dict[KeyPath, tuple[int, int, int, str]] = field(default_factory=dict)
    keys: dict[KeyPath, tuple[int, int, int, str]] = field(default_factory=dict)
    """Spans, unnamed until one is asked for: there are hundreds in a file and few findings."""
    findings: list[Diagnostic] = field(default_factory=list)
    """Faults that leave the rest of the file readable, such as a duplicate key."""

    def locate(self, place: Place) -> Position:
        """Return the position of ``place``, or of the nearest thing around it that exists."""
        path = place.path
        found = self.keys.get(path) if place.on_key else self.values.get(path)
        while found is None and path:
            path = path[:-1]
            found = self.keys.get(path) or self.values.get(path)
        if found is None:
            return Position()
        span = _Span(*found)
        if place.offset is None or path != place.path:
            return Position(span.line + 1, span.column + 1, span.length)
        return self._inside(span, path, place.offset, place.length)

    def may_say(self, *words: str) -> bool:
        """Whether one of the words may stand in a value; no is certain, yes has to be looked at.

        A word can be escaped in quotation marks (``\\u5f85``).
        """
        return "\\" in self.text or any(word in self.text for word in words)

    def at(self, path: KeyPath) -> Place:
        """Return the place of the value at ``path``, with its line."""
        place = Place(self.file, path)
        return replace(place, position=self.locate(place))

    def _inside(self, span: _Span, path: KeyPath, offset: int, length: int) -> Position:
        """Return the position of character ``offset`` of a text value.

        In a literal block every line of the value is a line of the file, less its indentation.
        Elsewhere the value is searched for in the lines of the file.
        """
        before = str(self.value_at(path))[:offset]
        if span.style == "|":
            line = span.line + 1 + before.count("\n")
            in_line = offset - (before.rfind("\n") + 1)
            return Position(line + 1, self._indentation(span.line + 1) + in_line + 1, length)
        if "\n" not in before and span.style != ">":
            return Position(span.line + 1, span.column + len(span.style) + offset + 1, length)
        return Position(span.line + 1, span.column + 1, 1)

    def value_at(self, path: KeyPath) -> Any:
        """Return what stands at a path, ``None`` where there is nothing."""
        if path not in self.values:
            return None
        value = self.data
        for step in path:
            value = value[step]
        return value

    def _indentation(self, first: int) -> int:
        """Return the indentation of the block whose first line has the index ``first``."""
        for line in self.lines[first:]:
            if line.strip():
                return len(line) - len(line.lstrip(" "))
        return 0

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines."""
        return lines_of(self.text)

    def walk(self) -> Iterator[tuple[KeyPath, Any]]:
        """Yield every path with its value, in the order of the file."""
        for path in self.values:
            value = self.data
            for step in path:
                value = value[step]
            yield path, value


def read(file: Path) -> Source:
    """Read a YAML file.

    Raises:
        Unreadable: the file cannot be opened, decoded or parsed, or is made to do harm.
    """
    try:
        content = disk.content_of(file)
    except disk.NotRegular as error:
        hint = "报告和 office.yaml 都应当是普通的文本文件"
        raise Unreadable(_fault(file, "F-1", "这不是一个普通文件", hint)) from error
    except disk.TooLarge as error:
        raise Unreadable(_too_large(file)) from error
    except OSError as error:
        message = f"读不了这个文件：{disk.reason(error)}"
        raise Unreadable(_fault(file, "F-1", message, "请检查路径和读取权限")) from error
    return parse(content, file)


def parse(content: bytes, file: Path) -> Source:
    """Read YAML from bytes; ``file`` is named in findings. Raises as :func:`read` does."""
    if len(content) > LARGEST_FILE:
        raise Unreadable(_too_large(file))
    source = Source(file, decode(content, file))
    if found := _FORBIDDEN.search(source.text):
        raise Unreadable(_forbidden(file, source.text, found))
    loader = Loader(source.text)
    try:
        _Builder(source, loader).build()
    except ReaderError as error:
        raise Unreadable(_fault(file, "F-3", "文件里有 YAML 不允许的字符", MEND_YAML)) from error
    except MarkedYAMLError as error:
        raise Unreadable(*syntax_faults(file, source.lines, error)) from error
    except Unreadable as error:
        line = error.findings[0].position.line
        named = slips_of(file, source.lines)
        if not any(slip.position.line == line for slip in named):
            raise
        raise Unreadable(*named) from error
    except YAMLError as error:
        raise Unreadable(_fault(file, "F-3", "不是有效的 YAML", MEND_YAML)) from error
    finally:
        if hasattr(loader, "dispose"):
            loader.dispose()
        # It refers to itself; libyaml's buffers would wait for the garbage collector in hundreds.
        loader.__dict__.clear()
    return source


def lines_of(text: str) -> list[str]:
    """Split a text into lines as libyaml counts them: U+0085, U+2028 and U+2029 end one too."""
    return _LINE_BREAK.split(text)


_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def decode(content: bytes, file: Path) -> str:
    """Decode UTF-8 with or without a BOM, and make every line end in a line feed.

    Raises:
        Unreadable: another encoding; the finding names it and tells how to convert.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030"
        try:
            content.decode(name)
            what = f"文件的编码是 {_OTHER_ENCODINGS[name]}，不是 UTF-8"
        except UnicodeDecodeError:
            what = "文件的编码不是 UTF-8"
        line = content[: error.start].count(b"\n") + 1
        hint = (
            "用记事本打开，「另存为」时编码选 UTF-8；或在 VS Code 右下角点编码，选「通过编码保存」"
        )
        raise Unreadable(_fault(file, "F-2", what, hint, Position(line))) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


_WRONG_FILE = "请检查是否放错了文件，或误贴了图片、附件"


def _fault(
    file: Path,
    code: str,
    message: str,
    hint: str,
    position: Position | None = None,
    path: KeyPath = (),
) -> Diagnostic:
    place = Place(file, path, position=position)
    return Diagnostic.coded(code, place, message, hint)


def _too_large(file: Path) -> Diagnostic:
    limit = f"{LARGEST_FILE // 1_000_000} MB"
    return _fault(file, "F-4", f"文件超过 {limit}，不像是一份年度报告", _WRONG_FILE)


def _forbidden(file: Path, text: str, found: re.Match[str]) -> Diagnostic:
    before = lines_of(text[: found.start()])
    return _fault(
        file,
        "F-5",
        f"有看不见的控制字符 U+{ord(found.group()):04X}，Word 文档里不能有它",
        "删去光标处的这个字符；它多半是从别处粘贴时带进来的",
        Position(len(before), len(before[-1]) + 1),
    )


class _Builder:
    """Builds data and positions from the parser's events, with a stack of its own."""

    def __init__(self, source: Source, loader: Any) -> None:
        self.source = source
        self.loader = loader
        self.values = 0

    def build(self) -> None:
        documents = 0
        while self.loader.check_event():
            event = self.loader.get_event()
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, "一个文件里只能有一份内容，这里又用 --- 开始了第二份")
            elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent):
                self.source.data = self.value(event, ())
            elif isinstance(event, AliasEvent):
                self.alias(event)

    def value(self, event: Any, path: KeyPath) -> Any:
        """Return the value that starts with ``event``; recursion is bounded by its depth."""
        if event.anchor:  # an alias has one, too
            self.alias(event)
        if event.ctag and not self.is_implicit(event):
            self.refuse(event, f"不支持 YAML 标签 {event.tag}", "删去这个以 ! 开头的标签")
        if len(path) > DEEPEST_NESTING:
            self.refuse(event, f"嵌套超过 {DEEPEST_NESTING} 层", "检查括号和缩进")
        start = event.start_mark
        line, column = start.line, start.column
        kind = type(event)
        if kind is ScalarEvent:
            self.count(event, len(event.value))
            end, style = event.end_mark, event.style or ""
            on_one_line = line == end.line and style not in _BLOCKS
            length = (end.column - column if on_one_line else 1) or 1
            self.source.values[path] = line, column, length, style
            return self.scalar(event, path)
        self.count(event)
        self.source.values[path] = line, column, 1, ""
        return self.mapping(path) if kind is MappingStartEvent else self.list(path)

    def count(self, event: Any, characters: int = 0) -> None:
        """Refuse what is too much for any report before it costs time and memory."""
        self.values += 1
        if self.values > MOST_VALUES:
            self.refuse(event, f"内容超过 {MOST_VALUES} 项，不像是一份年度报告", _WRONG_FILE)
        if characters > LONGEST_TEXT:
            self.refuse(event, f"一处文字超过 {LONGEST_TEXT // 10_000} 万字", _WRONG_FILE)

    def is_implicit(self, event: Any) -> bool:
        return bool(event.implicit[0] if isinstance(event.implicit, tuple) else event.implicit)

    def list(self, path: KeyPath) -> list[Any]:
        items: list[Any] = []
        while type(event := self.loader.get_event()) is not SequenceEndEvent:
            items.append(self.value(event, (*path, len(items))))
        return items

    def mapping(self, path: KeyPath) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while type(event := self.loader.get_event()) is not MappingEndEvent:
            if type(event) is not ScalarEvent:
                if isinstance(event, AliasEvent):
                    self.alias(event)
                self.refuse(event, "键必须是一个词", "把这里写成「键: 值」")
            key, mark = event.value, event.start_mark
            self.count(event, len(key))
            inner = (*path, key)
            span = mark.line, mark.column, len(key) or 1, event.style or ""
            if key in entries:
                self.duplicate(inner, span)
                self.skip()
                continue
            self.source.keys[inner] = span
            entries[key] = None
            entries[key] = self.value(self.loader.get_event(), inner)
        return entries

    def skip(self) -> None:
        """Read the value of a duplicate key and forget it, keeping what the first one said."""
        source, self.source = self.source, Source(self.source.file, self.source.text)
        self.value(self.loader.get_event(), ())
        self.source = source

    def scalar(self, event: ScalarEvent, path: KeyPath) -> Any:
        text: str = event.value
        if event.style:
            if event.style == '"' and (found := _FORBIDDEN.search(text)):
                mark = event.start_mark
                fault = _forbidden(self.source.file, text, found)
                position = Position(mark.line + 1, mark.column + 1)
                raise Unreadable(
                    _fault(fault.place.file, "F-5", fault.message, fault.hint, position)
                )
            return text
        if text.startswith("｜"):
            mark = event.start_mark
            position = Position(mark.line + 1, mark.column + 1)
            message, hint = "「｜」是全角的，会被印出来", "改成半角「|」，文字另起一行"
            fault = _fault(self.source.file, "F-3", message, hint, position, path)
            self.source.findings.append(fault)
        return _plain(text) if len(text) <= MOST_DIGITS else text

    def duplicate(self, path: KeyPath, found: tuple[int, int, int, str]) -> None:
        first, span = _Span(*self.source.keys[path]), _Span(*found)
        self.source.findings.append(
            _fault(
                self.source.file,
                "F-6",
                f"「{path[-1]}」写了两次，第一次在第 {first.line + 1} 行",
                "两处只留一处；哪个数是对的，请核对后再删",
                Position(span.line + 1, span.column + 1, span.length),
                path,
            )
        )

    def alias(self, event: Any) -> None:
        self.refuse(
            event,
            "不支持 YAML 的锚点和别名（& 与 *）",
            "把内容直接写在这里；文字里的 & 或 * 要加引号",
        )

    def refuse(self, event: Any, message: str, hint: str = MEND_YAML) -> None:
        mark = event.start_mark
        position = Position(mark.line + 1, mark.column + 1)
        raise Unreadable(_fault(self.source.file, "F-4", message, hint, position))


@lru_cache(maxsize=4096)
def _plain(text: str) -> Any:
    """Return what a short unquoted scalar stands for; the same few figures are in every report."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text)
    return Decimal(text) if _DECIMAL.match(text) else text
