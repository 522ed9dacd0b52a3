"""The slips of hand that make a file no YAML: each named at its own line, all of them at once.

The parser stops at the first thing that it cannot explain, often lines below the slip. People type
the same few mistakes: a space too many, full-width punctuation, a text moved to the left. So the
lines are looked at once more, from top to bottom, as a person would proof-read them. This is done
only where a file could not be read, or what was read has the wrong shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST = 50
"""Slips that are named. Where there are more, the file is something else altogether."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip: ``line`` and ``column`` count from 1, ``column`` and ``length`` in characters."""

    line: int
    column: int
    length: int
    message: str
    hint: str


_MARGIN = re.compile(r"[ \t\u3000\u00a0]*")
_DASHES = re.compile(r"(?:- +)*")
_WRONG_DASH = re.compile(r"(?:-(?=[^\s\-\d.])|[－–—•·●] *)(?=[\u4e00-\u9fff]+ *[:：])")
"""What stands where an entry of a list begins: a dash without a space, a sign that is no dash."""
_KEY = re.compile(
    r"""(?P<key>"[^"]*"|'[^']*'|[^\s:："'\[\]{}｛［#|>&*!%@`，,-][^:：]*?)\s*(?P<colon>[:：])"""
)
_COLON_WITHOUT_SPACE = re.compile(r"[\u4e00-\u9fff、]+:[^\s:]")
_ENTRY_WITHOUT_SPACE = re.compile(r"[{,，｛]\s*[\u4e00-\u9fff、]+(:)[^\s,，}｝]")
_COLON_MISSING = re.compile(r"([\u4e00-\u9fff、]+)\s+(?:[\d.]+|待填|无|\{.*\})\s*(?:#.*)?\Z")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_SENTENCE = re.compile(r"[。；！？]")
_CONFLICT = re.compile(r"<{7}(?: .*)?|={7}|\|{7}(?: .*)?|>{7}(?: .*)?")
"""What git leaves around two versions of the same lines."""
_WIDE_BLANK = re.compile("[\u3000\u00a0]")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?\Z")
_FULL_WIDTH = {"｛": "{", "｝": "}", "［": "[", "］": "]", "，": ", ", "：": ": "}
_BLOCK_AND_TEXT = re.compile(r"[|>][-+0-9]*\s*[^\s#]")
_BEHIND_QUOTES = re.compile(r"""(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")\s*([^\s#,}\]:].*)""")
_SIGN = re.compile(r"[@`%]|[*&!](?=[^\x00-\x7f])|\*\*")
"""What means something to YAML at the beginning of a value; an anchor that is one is refused."""
_MERGE = (
    "这是 git 合并留下的标记：两个人改了同一处",
    "上下两份里留下要用的一份，删去另一份和三行标记",
)
_PAIRS = {"{": "}", "[": "]", "｛": "｝", "［": "］"}
_LONGEST_LINE = 2_000
"""Characters of a line that are looked at: a slip that keeps a file from being read comes early."""
_LONGEST_KEY = 40
"""Characters. The longest key of a form has 20; a sentence with a colon is longer or has a stop."""


def slips(lines: Sequence[str]) -> list[Slip]:
    """Return the slips in the lines of a file, from top to bottom, the first :data:`MOST`."""
    found: list[Slip] = []
    for slip in _Lines().read(lines):
        found.append(slip)
        if len(found) == MOST:
            break
    return found


class _Lines:
    """Reads line by line, knowing which levels are open and whether a text is going on."""

    def __init__(self) -> None:
        self.levels = [0]
        """The indentation of every level that is open."""
        self.may_deepen = False
        """Whether the line before opened a level."""
        self.text: tuple[int, int | None] | None = None
        """The block of text that is going on: the indentation of its key, and its own if known."""
        self.until = ""
        """What ends the brackets or quotes that go on over lines."""

    def read(self, lines: Sequence[str]) -> Iterator[Slip]:
        """Yield the slips of all lines."""
        for number, line in enumerate(lines, start=1):
            margin = _MARGIN.match(line)
            assert margin is not None
            content = line[margin.end() : margin.end() + _LONGEST_LINE].rstrip()
            if not margin[0] and _CONFLICT.fullmatch(content):
                yield Slip(number, 1, 7, *_MERGE)
                continue
            if not content or content.startswith("#") or content in ("---", "..."):
                continue
            if self.until:
                self.until = "" if self.until in content else self.until
                continue
            if self.text and self._is_text(margin[0], content):
                yield from self._text(number, margin[0])
                continue
            self.text = None
            yield from self._line(number, margin[0], content)

    # Within a block of text

    def _is_text(self, margin: str, content: str) -> bool:
        assert self.text is not None
        outside, _ = self.text
        return len(margin) > outside or not _is_structure(content)

    def _text(self, number: int, margin: str) -> Iterator[Slip]:
        assert self.text is not None
        outside, inside = self.text
        if inside is None and len(margin) > outside and not margin.strip(" "):
            self.text = outside, len(margin)
            return
        wanted = outside + 2 if inside is None else inside
        blank = next((i for i, c in enumerate(margin[:wanted]) if c != " "), None)
        if blank is not None:
            yield _wrong_blank(number, margin, blank)
        elif len(margin) < wanted:
            message = f"这一行文字缩进不够：上面的文字前面空 {wanted} 格，这里空 {len(margin)} 格"
            yield Slip(number, 1, max(1, len(margin)), message, _moved_to(wanted))

    # Keys and lists

    def _line(self, number: int, margin: str, content: str) -> Iterator[Slip]:
        blank = next((i for i, character in enumerate(margin) if character != " "), None)
        if blank is not None:
            yield _wrong_blank(number, margin, blank)
        typed = len(content)
        if wrong := _WRONG_DASH.match(content):
            yield _wrong_dash(number, len(margin), wrong[0])
            content = f"- {content[wrong.end() :]}"
        dashes = _DASHES.match(content)
        assert dashes is not None
        at = len(margin) + dashes.end() + typed - len(content)
        rest = content[dashes.end() :]
        found = _KEY.match(rest)
        is_key = found is not None and len(found["key"]) <= _LONGEST_KEY
        if blank is None and (dashes[0] or is_key):
            yield from self._indentation(number, len(margin), is_list=bool(dashes[0]))
        if dashes[0]:
            self._open(len(margin))
            self._open(len(margin) + dashes.end())
        if found is None or not is_key:
            self.may_deepen = not is_key and content == "-"
            if bare := _COLON_MISSING.match(rest):
                end = at + bare.end(1) + 1
                yield Slip(number, end, 1, "键后面少了冒号", f"写成「{bare[1]}: …」，冒号用半角")
                return
            yield from self._value(number, at, rest)
            return
        yield from self._key(number, at, found, rest)

    def _key(self, number: int, at: int, found: re.Match[str], rest: str) -> Iterator[Slip]:
        colon = at + found.start("colon") + 1
        value = rest[found.end() :]
        self.may_deepen = not _COMMENT.sub("", value).strip()
        if found["colon"] == "：":
            yield Slip(number, colon, 1, "键后面是全角冒号「：」", "改成半角冒号加一个空格「: 」")
        elif _COLON_WITHOUT_SPACE.match(rest):
            yield Slip(number, colon, 1, "冒号后面没有空格", "在冒号后空一格，如「年度: 2024」")
        elif blank := _WIDE_BLANK.match(value):
            name = _BLANKS[blank[0]]
            yield Slip(number, colon + 1, 1, f"冒号后面是{name}", "改成一个半角空格")
            return
        start = at + found.end() + len(value) - len(value.lstrip())
        value = value.strip()
        if _BLOCK.match(value):
            self.text = self.levels[-1], None
        else:
            yield from self._value(number, start, value)

    def _indentation(self, number: int, margin: int, *, is_list: bool) -> Iterator[Slip]:
        """Compare a line's indentation with the levels that are open, and open or close some."""
        deepest = self.levels[-1]
        if margin > deepest:
            if self.may_deepen or is_list:
                self.levels.append(margin)
            else:
                message = f"多缩进了 {margin - deepest} 格，上面的一行没有下一层"
                hint = f"与上面的一行对齐：{_moved_to(deepest)}"
                yield Slip(number, 1, margin, message, hint)
            return
        before = list(self.levels)
        while self.levels[-1] > margin:
            self.levels.pop()
        if self.levels[-1] == margin:
            return
        # Of two levels as near as each other, the deeper one: a space is lost more often.
        wanted = min(before, key=lambda level: (abs(level - margin), -level))
        word = "少" if wanted > margin else "多"
        message = f"{word}缩进了 {abs(wanted - margin)} 格，与上面各层都对不齐"
        self.levels = [level for level in before if level <= wanted]
        yield Slip(number, 1, max(1, margin), message, _moved_to(wanted))

    def _open(self, margin: int) -> None:
        if margin > self.levels[-1]:
            self.levels.append(margin)

    # Values

    def _value(self, number: int, at: int, value: str) -> Iterator[Slip]:
        """Look at what stands behind a key, ``at`` being the index where it begins."""
        if value.startswith("{{"):
            hint = "整句加上单引号：'{{ … }}…'；或另起一行，写在「|」后面"
            yield Slip(number, at + 1, 2, "以「{{」开头的文字要加引号", hint)
        elif value[:1] in _PAIRS:
            yield from self._brackets(number, at, value)
        elif value[:1] in ("'", '"'):
            if value.count(value[0]) % 2:
                self.until = value[0]
            elif behind := _BEHIND_QUOTES.match(value):
                message = f"引号后面还有字：「{behind[1][:10]}」"
                hint = "把整句写在引号里；句中要用引号的，用全角的“”"
                yield Slip(number, at + behind.start(1) + 1, 1, message, hint)
        elif _BLOCK_AND_TEXT.match(value):
            hint = "文字从下一行写起，每行前面多空两格"
            yield Slip(number, at + 1, 1, f"「{value[0]}」后面的同一行不能写字", hint)
        elif value == "-" or value.startswith("- "):
            hint = "没有就写 0；是一句话的，整句加上单引号；是列表的，另起一行"
            yield Slip(number, at + 1, 1, "冒号后面的同一行不能以「-」开头", hint)
        elif _SIGN.match(value):
            hint = "整句加上单引号"
            yield Slip(number, at + 1, 1, f"以「{value[0]}」开头的文字要加引号", hint)
        elif (found := re.search(r":(?=\s|\Z)", _COMMENT.sub("", value))) is not None:
            hint = "文字里的冒号改成全角「：」，或整句加上单引号"
            message = "文字里有半角冒号加空格，会被当成又一个键"
            yield Slip(number, at + found.start() + 1, 1, message, hint)

    def _brackets(self, number: int, at: int, value: str) -> Iterator[Slip]:
        """Look for full-width punctuation within braces, and for entries without a space."""
        closing = _PAIRS[value[0]]
        wrong = [(i, c) for i, c in enumerate(_unquoted(value)) if c in _FULL_WIDTH]
        for index, character in wrong:
            right = _FULL_WIDTH[character]
            name = {"：": "括号里的冒号", "，": "括号里的逗号"}.get(character, "括号")
            message, hint = f"{name}「{character}」是全角的", f"改成半角「{right}」"
            yield Slip(number, at + index + 1, 1, message, hint)
        for found in _ENTRY_WITHOUT_SPACE.finditer(_unquoted(value)):
            hint = "在冒号后空一格，如「{键: 1}」"
            yield Slip(number, at + found.start(1) + 1, 1, "冒号后面没有空格", hint)
        if wrong or closing in value:
            if not wrong and (behind := _behind(_unquoted(value), value[0], closing)):
                message = f"括号后面多了「{value[behind : behind + 10]}」"
                yield Slip(
                    number, at + behind + 1, 1, message, "删去，或者写成注释：空一格，再写 #"
                )
            return
        if value.endswith((",", value[0])):
            self.until = closing
        else:
            name = "花括号" if closing == "}" else "方括号"
            yield Slip(number, at + 1, 1, f"{name}没有配对", f"补上另一半{name}")


def _behind(value: str, opening: str, closing: str) -> int:
    """Return where something stands behind the brackets that a value begins with, else 0."""
    depth = 0
    for index, character in enumerate(value):
        depth += (character == opening) - (character == closing)
        if depth == 0:
            rest = value[index + 1 :]
            return index + 1 + len(rest) - len(rest.lstrip()) if rest.strip() else 0
    return 0


def _is_structure(content: str) -> bool:
    """Whether a line that could be text is a key or an entry of a list after all."""
    content = _WRONG_DASH.sub("", content, count=1).removeprefix("- ")
    found = _KEY.match(content)
    if found is None or len(found["key"]) > _LONGEST_KEY:
        return False
    rest = content[found.end() :]
    return found["colon"] == ":" or not (_SENTENCE.search(content) or rest.strip())


def _moved_to(indentation: int) -> str:
    return f"前面空 {indentation} 个空格" if indentation else "顶格写，前面不空格"


_BLANKS = {"\t": "制表符（Tab）", "\u3000": "全角空格", "\u00a0": "不间断空格（U+00A0）"}


def _wrong_blank(number: int, margin: str, index: int) -> Slip:
    return Slip(number, index + 1, 1, f"缩进里有{_BLANKS[margin[index]]}", "改用空格，每层两个")


def _wrong_dash(number: int, margin: int, dash: str) -> Slip:
    if dash == "-":
        return Slip(number, margin + 1, 1, "「-」后面没有空格", "在「-」后空一格，如「- 标题: …」")
    sign = dash.strip()
    message, hint = f"列表的一项以「{sign}」开头，它不是半角的「-」", "改成半角减号加一个空格「- 」"
    return Slip(number, margin + 1, 1, message, hint)


def _unquoted(value: str) -> str:
    """Blank out what stands in quotes or in a comment, every place staying where it is."""
    return re.sub(r"""'[^']*'|"[^"]*"|\s#.*""", lambda found: " " * len(found[0]), value)
