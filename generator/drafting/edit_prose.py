"""Words changed in the text of a report: paragraphs, headings, acceptance, title and foot.

Pure, like ``edits``. A paragraph that stays is not touched, whatever stands around it; a text that
had one line and now has several becomes a block, as the program writes one itself.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from generator.drafting.edits import HERE, CannotEdit, data_of, put_key, top_keys
from generator.form.form import Form
from generator.reading.yaml_edit import Entry, YamlText
from generator.reading.yaml_write import literal, quoted, scalar, single_quoted
from generator.values import keys
from generator.values.diagnostics import KeyPath

DEEPEST = 3
"""Levels of headings below a part's own (contract §2)."""
_BLOCKS = ("|", ">")
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+")
"""What a document cannot hold, hides what it says, or would end a paragraph."""


def set_paragraphs(text: str, form: Form, path: KeyPath, paragraphs: Iterable[str]) -> str:
    """Let the text at ``path`` consist of these paragraphs; none is one still to be written."""
    wanted = [clean for each in paragraphs if (clean := cleaned(each))]
    yaml = YamlText(text)
    data = data_of(text)
    if path not in yaml.entries:
        if not wanted:
            return text
        _add(yaml, form, path, wanted)
    elif isinstance(_at(data, path), dict | list):
        raise CannotEdit("这里分了小标题，请在小标题下面写")
    elif not wanted:
        _empty(yaml, path)
    else:
        _rewrite(yaml, path, str(_at(data, path) or ""), wanted)
    return _verified(text, yaml.result(), form, path[:1])


def set_line(text: str, form: Form, path: KeyPath, words: str) -> str:
    """Let a short text, a heading, a name or a date, be these words; no words take it out."""
    line = cleaned(words)
    yaml = YamlText(text)
    if path in yaml.entries:
        if line:
            entry = yaml.entries[path]
            yaml.replace(path, _one_line(entry, line) or scalar(line))
        elif path[-1] == keys.HEADING and len(path) > 1:
            raise CannotEdit("标题不能空着；不要这个小标题的，用「删去」")
        else:
            _take_out(yaml, path)
    elif line:
        if path[:-1] not in yaml.entries:
            order = top_keys(form)
            put_key(yaml, (), str(path[0]), f"{{{path[1]}: {scalar(line)}}}", order)
        else:
            order = top_keys(form) if len(path) == 1 else _FOOT
            put_key(yaml, path[:-1], str(path[-1]), scalar(line), order)
    return _verified(text, yaml.result(), form, path[:1])


def add_item(text: str, form: Form, path: KeyPath, index: int, heading: str) -> str:
    """Put a heading with an empty text into the text at ``path``, as its item ``index``."""
    title = scalar(cleaned(heading) or keys.UNFILLED)
    yaml = YamlText(text)
    items = (*path, keys.ITEMS)
    if path.count(keys.ITEMS) >= DEEPEST:
        raise CannotEdit("小标题最多三级，这里已经是第三级")
    if path not in yaml.entries:
        raise CannotEdit("这一部分在文件里还没有，先写一段文字")
    if yaml.entries[path].is_flow or yaml.entries[path].in_flow:
        raise CannotEdit("这一部分在文件里写在了花括号里，请在文件里加小标题")
    if items in yaml.entries:
        _insert_item(yaml, items, index, title)
    else:
        _first_item(yaml, path, data_of(text), title)
    return _verified(text, yaml.result(), form, path[:1])


def remove_item(text: str, form: Form, path: KeyPath) -> str:
    """Take out a heading with all that stands below it; ``path`` ends in the item's index."""
    yaml = YamlText(text)
    items = path[:-1]
    siblings = _siblings(yaml, path)
    start, end = _lines(yaml, path)
    if len(siblings) > 1:
        yaml.splice(start, min(end + 1, len(text)), "")
    elif items[-1] == keys.ITEMS and len(yaml.children(items[:-1])) == 1:
        yaml.replace(items[:-1], keys.UNFILLED)
    else:
        yaml.remove(items)
    return _verified(text, yaml.result(), form, path[:1])


def move_item(text: str, form: Form, path: KeyPath, by: int) -> str:
    """Let a heading and its neighbour above or below change places, comments within included."""
    yaml = YamlText(text)
    siblings = _siblings(yaml, path)
    here = siblings.index(path)
    there = here + (1 if by > 0 else -1)
    if not 0 <= there < len(siblings):
        return text
    (a, b), (c, d) = (_lines(yaml, siblings[i]) for i in sorted((here, there)))
    yaml.splice(a, d, text[c:d] + text[b:c] + text[a:b])
    return _verified(text, yaml.result(), form, path[:1])


def accept(text: str, form: Form, entry: Mapping[str, str]) -> str:
    """Write down that a finding is accepted: its rule, place, reason, by whom, when, until when."""
    said = {key: value for key in entry if (value := cleaned(entry[key]))}
    if keys.ACCEPTED_REASON not in said:
        raise CannotEdit("要写理由：为什么不用改")
    item = ", ".join(f"{key}: {scalar(value)}" for key, value in said.items())
    line = f"- {{{item}}}"
    yaml = YamlText(text)
    path: KeyPath = (keys.ACCEPTED,)
    held = yaml.entries.get(path)
    if held is None:
        end = len(text.rstrip("\n"))
        yaml.splice(end, end, f"\n{keys.ACCEPTED}:\n{line}")
    elif held.kind != "sequence" or not yaml.children(path):
        yaml.splice(yaml.colon(held) + 1, held.end, f"\n{line}")
    elif held.is_flow:
        last = yaml.entries[yaml.children(path)[-1]].end
        yaml.splice(last, last, f", {line[2:]}")
    else:
        first = yaml.entries[yaml.children(path)[0]].start
        margin = " " * yaml.column(text.rfind("-", 0, first))
        end = yaml.line_end(held.end)
        yaml.splice(end, end, f"\n{margin}{line}")
    return _verified(text, yaml.result(), form, path)


def accept_no_more(text: str, form: Form, index: int) -> str:
    """Take out an accepted finding."""
    yaml = YamlText(text)
    path: KeyPath = (keys.ACCEPTED, index)
    if len(_siblings(yaml, path)) == 1:
        yaml.remove(path[:1])
    elif yaml.entries[path].in_flow and yaml.entries[path[:1]].is_flow:
        raise CannotEdit("这一项写在方括号里，请在文件里删去")
    else:
        start, end = _lines(yaml, path)
        yaml.splice(start, min(end + 1, len(text)), "")
    return _verified(text, yaml.result(), form, path[:1])


def replace_line(text: str, number: int, line: str) -> str:
    """Write a line of the file anew, for one that is no YAML yet; ``number`` counts from 1."""
    lines = text.split("\n")
    if not 1 <= number <= len(lines):
        raise CannotEdit("没有这一行")
    lines[number - 1] = _NOT_TEXT.sub("", line.replace("\t", "  "))
    return "\n".join(lines)


_FOOT = (keys.SIGN_OFF_OFFICE, keys.SIGN_OFF_DATE)


def cleaned(words: str) -> str:
    """Return one line of text without what does not belong into it."""
    return _NOT_TEXT.sub(" ", words).strip(" \u3000\u200b")


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _add(yaml: YamlText, form: Form, path: KeyPath, wanted: Sequence[str]) -> None:
    """Write a text that is not there yet: a part of the report, or the words before the items."""
    around = path[:-1]
    if around and (around not in yaml.entries or yaml.entries[around].kind != "mapping"):
        raise CannotEdit("这一处在文件里还没有")
    margin = 2
    if around:
        first = yaml.entries[yaml.children(around)[0]].key
        assert first is not None
        margin = yaml.column(first[0]) + 2
    body = "".join(f"\n{' ' * margin}{line}" for line in wanted)
    order = (keys.SUMMARY, keys.ITEMS) if around else top_keys(form)
    put_key(yaml, around, str(path[-1]), "|" + body, order)


def _empty(yaml: YamlText, path: KeyPath) -> None:
    """Take a text out where it may be missing, and mark it as still to be written elsewhere."""
    has_others = path[-1] == keys.SUMMARY and len(yaml.children(path[:-1])) > 1
    if has_others or path in ((keys.LEAD,), (keys.TITLE,)):
        yaml.remove(path)
    else:
        yaml.replace(path, keys.UNFILLED)


def _rewrite(yaml: YamlText, path: KeyPath, old: str, wanted: Sequence[str]) -> None:
    entry = yaml.entries[path]
    if entry.style not in _BLOCKS and len(wanted) == 1 and (line := _one_line(entry, wanted[0])):
        yaml.replace(path, line)
        return
    if entry.in_flow or entry.key is None:
        yaml.replace(path, quoted("\n".join(wanted)))
        return
    head, margin = "|", " " * (yaml.column(entry.key[0]) + 2)
    if entry.style == "|":
        head_end = yaml.line_end(entry.start)
        body = yaml.text[head_end + 1 : entry.end].split("\n")
        margin = next((_margin(line) for line in body if line.strip()), margin)
        head = re.sub(r"\d", "", yaml.text[entry.start : head_end])
        block = literal(_kept(body, margin, wanted), "")
    else:
        block = literal(wanted, margin)
    yaml.splice(yaml.colon(entry) + 1, entry.end, f" {head}{block}")


def _kept(body: Sequence[str], margin: str, wanted: Sequence[str]) -> list[str]:
    """Return a block's lines: those of paragraphs that stay as they were, blank ones before them.

    ``body`` are its old lines as written.
    """
    groups: list[list[str]] = [[]]
    for line in body:
        groups[-1].append(line)
        if line.strip():
            groups.append([])
    groups = [group for group in groups if group and group[-1].strip()]
    old = [cleaned(group[-1]) for group in groups]
    written = [[margin + line] for line in wanted]
    matcher = difflib.SequenceMatcher(None, old, wanted, autojunk=False)
    for block in matcher.get_matching_blocks():
        for i in range(block.size):
            written[block.b + i] = groups[block.a + i]
    return [line for group in written for line in group]


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


def _one_line(entry: Entry, line: str) -> str:
    """Write a text on one line in the style that it had; empty where it had none that does."""
    if entry.style == '"':
        return quoted(line)
    if entry.style == "'":
        return single_quoted(line)
    return scalar(line) if entry.style == "" and len(line) < _SHORT else ""


_SHORT = 60
"""Characters of a text that is written behind its key; longer ones get lines of their own."""


def _take_out(yaml: YamlText, path: KeyPath) -> None:
    """Take out an entry, and what is around it once it is empty."""
    if len(path) > 1 and len(yaml.children(path[:-1])) == 1:
        path = path[:-1]
    yaml.remove(path)


def _siblings(yaml: YamlText, path: KeyPath) -> list[KeyPath]:
    if path not in yaml.entries or not isinstance(path[-1], int):
        raise CannotEdit("这一处在文件里已经没有了")
    return yaml.children(path[:-1])


def _lines(yaml: YamlText, path: KeyPath) -> tuple[int, int]:
    """Return where the lines of an item begin and end, its dash included."""
    entry = yaml.entries[path]
    if yaml.entries[path[:-1]].is_flow:
        raise CannotEdit("这几个小标题在文件里写在了方括号里，请在文件里改")
    return yaml.line_start(yaml.text.rfind("-", 0, entry.start)), yaml.line_end(entry.end)


def _insert_item(yaml: YamlText, items: KeyPath, index: int, title: str) -> None:
    siblings = yaml.children(items)
    first = yaml.entries[siblings[0]]
    start, _ = _lines(yaml, siblings[0])
    dash = yaml.text.rfind("-", 0, first.start) - start
    inner = yaml.column(first.start) if yaml.text.find("\n", start, first.start) < 0 else dash + 2
    index = min(max(index, 0), len(siblings))
    if index:
        at = _lines(yaml, siblings[index - 1])[1]
    else:
        at = yaml.line_end(yaml.colon(yaml.entries[items]))
    yaml.splice(at, at, _new_item(title, dash, inner))


def _new_item(title: str, dash: int, inner: int) -> str:
    head = f"\n{' ' * dash}-{' ' * (inner - dash - 1)}{keys.HEADING}: {title}"
    return f"{head}\n{' ' * inner}{keys.BODY}: {keys.UNFILLED}"


def _first_item(yaml: YamlText, path: KeyPath, data: Any, title: str) -> None:
    """Let a text that has no headings have one, its own words before it."""
    entry = yaml.entries[path]
    value = _at(data, path)
    assert entry.key is not None
    margin = yaml.column(entry.key[0]) + 2
    if isinstance(value, dict):
        margin -= 2
        last = yaml.entries[yaml.children(path)[-1]]
        if last.key:
            margin = yaml.column(last.key[0])
        end = yaml.line_end(last.end)
        head = ""
    else:
        words = [clean for line in str(value or "").split("\n") if (clean := cleaned(line))]
        words = [] if words == [keys.UNFILLED] else words
        block = literal(words, " " * (margin + 2))
        head = f"\n{' ' * margin}{keys.SUMMARY}: |{block}" if words else ""
        yaml.splice(yaml.colon(entry) + 1, entry.end, "")
        end = yaml.line_end(entry.end)
    new = _new_item(title, margin + 2, margin + 4)
    yaml.splice(end, end, f"{head}\n{' ' * margin}{keys.ITEMS}:{new}")


def _verified(before: str, after: str, form: Form, part: KeyPath) -> str:
    """Return the new text, once nothing outside of ``part`` has become another.

    Raises:
        CannotEdit: something has, or the new text is not what the form allows.
    """
    if after == before:
        return after
    old, new = data_of(before), data_of(after)
    known = {finding.message for finding in form.shape.findings(old, HERE)}
    wrong = [f for f in form.shape.findings(new, HERE) if f.message not in known]
    if wrong:
        raise CannotEdit(f"{wrong[0].message}；{wrong[0].hint}")
    if {k: v for k, v in old.items() if k != part[0]} != {
        k: v for k, v in new.items() if k != part[0]
    }:
        raise CannotEdit("这里的写法页面改不了，请在文件里改")
    return after
